//! What became of a listing: the line at its end, what is missing and why, and the exit code.

use super::{FAILED, INCOMPLETE, Listing, Printer};
use crate::cli::args::Printed;
use crate::cli::progress::Counts;
use crate::cli::update::words;
use crate::domain::export::{LARGEST_IMPORT, MOST_IMPORTED, made_without};
use crate::domain::fault::Access;
use crate::domain::sentence::grouped;
use crate::domain::{Fault, Sentence};

/// What --limit left out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// So many who match, all of whom are known.
    Some(u64),
    /// Somebody at least.
    AtLeastOne,
    /// Nobody knows: what was not read may hold more.
    Perhaps,
}

impl Cut {
    fn words(self) -> String {
        let more = match self {
            Self::Some(1) => "1 more matches".to_owned(),
            Self::Some(more) => format!("{} more match", grouped(more)),
            Self::AtLeastOne => "there are more".to_owned(),
            Self::Perhaps => "so there may be more".to_owned(),
        };
        format!("; stopped at --limit, {more}")
    }
}

/// What became of a listing.
#[derive(Default)]
pub(super) struct Told {
    pub(super) printed: u64,
    /// Where --limit ended it.
    pub(super) cut: Option<Cut>,
    pub(super) failed: Option<Fault>,
    /// Users whose groups are needed and not told.
    pub(super) without_groups: u64,
}

impl Listing<'_> {
    /// What --limit left out, where it ended the listing. `left`: wanted, at hand and not printed.
    pub(super) fn cut(&self, left: u64) -> Option<Cut> {
        // A layout may leave some of them out.
        let prints_all = self.asked.output != Some(Printed::Import);
        match left {
            0 if self.source.is_at_end() => None,
            0 => Some(Cut::Perhaps),
            _ if !prints_all => Some(Cut::Perhaps),
            _ if self.sorted.is_some() => Some(Cut::Some(left)),
            _ => Some(Cut::AtLeastOne),
        }
    }

    /// Whether what is read from tells everything that was asked of it, of everybody.
    pub(super) fn tells_all(&self, told: &Told) -> bool {
        self.source.is_whole() && told.without_groups == 0 && self.untold.is_empty()
    }

    pub(super) fn counts(&self, printed: Option<u64>) -> Counts {
        Counts {
            read: self.source.users(),
            printed,
            calls: self.source.calls(),
        }
    }

    /// What became of it, on standard error, and the exit code.
    pub(super) fn told(&self, told: &Told) -> u8 {
        let mut code = 0;
        if let Some(fault) = &told.failed {
            self.voice.say_all(&words::fault(fault, Access::Read, None));
            code = if self.source.users() == 0 { FAILED } else { INCOMPLETE };
        }
        let line = Sentence::from(self.counts(Some(told.printed)).words());
        self.voice.say(&match (&told.failed, told.cut, self.source.part()) {
            (Some(_), ..) => line.words("; INCOMPLETE: it could not be read to its end"),
            (None, Some(cut), _) => line.words(cut.words()),
            (None, None, _) if !self.source.is_whole() => line.words(self.source.lack()),
            (None, None, _) if !self.tells_all(told) => line.words("; INCOMPLETE"),
            // All of the export is not all of the pool.
            (None, None, Some(part)) => line
                .words("; all of the export, which is NOT ALL of its pool: ")
                .join(part),
            (None, None, None) => line.words("; complete"),
        });
        let early = told.cut.is_some() && self.sorted.is_none();
        for damage in self.source.damage(early) {
            self.voice.say(&damage.whole());
            code = code.max(INCOMPLETE);
        }
        match self.sorted.as_ref().map_or(0, super::Sorted::repeated) {
            0 => {}
            1 => self
                .voice
                .say(&"1 user came twice and is printed once, as read first".into()),
            count => {
                let count = grouped(count);
                let said = format!("{count} times a user came again, and is printed once, as read first");
                self.voice.say(&said.into());
            }
        }
        if told.without_groups > 0 {
            let without = grouped(told.without_groups);
            self.voice
                .say(&format!("INCOMPLETE: the file does not tell the groups of {without} users").into());
            code = code.max(INCOMPLETE);
        }
        if !self.untold.is_empty() {
            self.voice
                .say(&Sentence::from("INCOMPLETE: ").join(made_without(&self.untold)));
            code = code.max(INCOMPLETE);
        }
        if told.failed.is_none() && told.cut.is_none() && !self.source.is_whole() {
            code = INCOMPLETE;
        }
        if told.failed.is_none()
            && let Some(why) = self.source.no_export()
        {
            self.voice.say(&why.into());
            return FAILED;
        }
        if let Printer::Export(writer) = &self.printer {
            for (why, count) in writer.left_out() {
                self.voice
                    .say(&format!("left out: {} {}", grouped(count), why.words()).into());
                code = code.max(INCOMPLETE);
            }
            let is_import = self.asked.output == Some(Printed::Import);
            if is_import && (writer.written() > MOST_IMPORTED || writer.bytes() > LARGEST_IMPORT) {
                self.voice
                    .say(&"one import takes 500,000 users and 100 MB at most: split this before it is uploaded".into());
            }
        }
        code
    }
}
