//! What a person reads about a fault: the status pane and the entry opened on its own, drawn as on a terminal.

use cognitui::app::core::{describe, headline};
use cognitui::app::overlay::Overlay;
use cognitui::app::status::{Entry, Status, Word};
use cognitui::app::{App, Pane};
use cognitui::domain::fault::Access;
use cognitui::domain::{Fault, Raw, Sentence};
use cognitui::emulator::Seed;
use cognitui::view::View;
use cognitui::view::text::{self, Charset};
use cognitui::view::theme::{Theme, ThemeName};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::program::START;
use crate::flow::stage::Setup;

/// Wide enough that nothing of these entries is cut, and lines break at few places.
const SIZE: (u16, u16) = (140, 22);

/// How much of a request id the pane shows.
const SHORT_ID: usize = 6;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The status pane.
    Pane,
    /// And the entry opened on its own.
    Both,
}

/// A screen without a pool on it.
pub struct Screen {
    view: View,
    app: App,
    buffer: Buffer,
}

impl Screen {
    pub fn new() -> Self {
        let mut app = App::new(Setup::new(Seed::empty(), &[]).settings);
        app.pane = Pane::Status;
        app.tall_pane = true;
        Self {
            view: View::new(Theme::load(ThemeName::Default).unwrap(), Charset::Utf8),
            app,
            buffer: Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1)),
        }
    }

    /// What is not to be read about a fault of this call: its code, its message as shown, the request id, what may have
    /// been done and what to do next.
    pub fn lacks(&mut self, fault: &Fault, access: Access, how: How) -> Vec<String> {
        let word = match access {
            Access::Read => Word::Failed,
            Access::Write if fault.kind.may_have_been_applied() => Word::Unknown,
            Access::Write => Word::Refused,
        };
        let mut entry = self.entry(word, headline(fault));
        describe(&mut entry, fault, None, access);
        let doubt = access == Access::Write || fault.doubt().is_some();
        let mut wanted = vec![
            ("code", shown(&fault.code)),
            ("message", shown(&fault.message)),
            ("meaning", said(&fault.meaning())),
            ("next step", said(&fault.next_step())),
        ];
        if doubt {
            wanted.push(("what was changed", said(&fault.what_changed(access))));
        }
        self.misses(entry, fault.request_id.as_ref(), &wanted, how)
    }

    /// The same about a write whose answer was lost and that is seen to be applied.
    pub fn lacks_notices(&mut self, notices: &[Sentence], request_id: Option<&Raw>) -> Vec<String> {
        let mut entry = self.entry(Word::Applied, "read back and true".into());
        entry.more.extend(notices.iter().cloned());
        entry.request_id = request_id.cloned();
        let wanted: Vec<_> = notices.iter().map(|notice| ("notice", said(notice))).collect();
        self.misses(entry, request_id, &wanted, How::Both)
    }

    fn entry(&self, word: Word, line: Sentence) -> Entry {
        Entry::new(START.parse().unwrap(), word, Raw::from("ann"), line)
    }

    fn misses(&mut self, entry: Entry, id: Option<&Raw>, wanted: &[(&str, String)], how: How) -> Vec<String> {
        let short = id.map(|id| format!("req {}..", id.as_str().chars().take(SHORT_ID).collect::<String>()));
        self.app.core.status = Status::default();
        self.app.core.status.push(entry.clone());
        self.app.overlay = None;
        let pane = self.text();
        let full = (how == How::Both).then(|| {
            self.app.overlay = Some(Overlay::Entry {
                entry: Box::new(entry),
                scroll: 0,
            });
            self.text()
        });
        let mut missed = Vec::new();
        // The request id stands at the end of a line of the pane.
        let without_id = match &short {
            Some(short) => pane.replacen(&format!(" {short}"), "", 1),
            None => pane.clone(),
        };
        for (what, text) in wanted {
            let text = collapsed(text);
            let in_full = full.as_ref().map(|full| ("the entry in full", full));
            for (place, drawn) in [("the pane", &without_id)].into_iter().chain(in_full) {
                if !drawn.contains(&text) {
                    missed.push(format!("{place} lacks the {what} {text:?}: {drawn}"));
                }
            }
        }
        match (id, short) {
            (Some(id), Some(short)) => {
                if !pane.contains(&short) || full.as_ref().is_some_and(|full| !full.contains(id.as_str())) {
                    missed.push(format!("the request id {} is not shown: {pane} {full:?}", id.as_str()));
                }
            }
            _ => {
                if pane.contains(" req ") || full.is_some_and(|full| full.contains("request id")) {
                    missed.push("a request id is shown that nobody sent".to_owned());
                }
            }
        }
        missed
    }

    /// Everything that is drawn, with one blank for each run of them.
    fn text(&mut self) -> String {
        self.view.draw(&self.app, &mut self.buffer);
        let cells = self.buffer.content();
        let rows = cells.chunks(usize::from(SIZE.0));
        let rows: Vec<String> = rows
            .map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>())
            .collect();
        collapsed(&rows.join("\n"))
    }
}

fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shown(raw: &Raw) -> String {
    text::shown(raw, Charset::Utf8).as_str().to_owned()
}

fn said(sentence: &Sentence) -> String {
    text::sentence(sentence, Charset::Utf8).as_str().to_owned()
}
