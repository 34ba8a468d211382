//! How values are written: times in one zone, counts with their thousands apart, remote text made safe.

use std::ops::Range;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::app::App;
use crate::app::action::{Action, Scope};
use crate::app::field::Field;
use crate::app::keymap::{Chord, Key};
use crate::app::screen::edit::plural;
use crate::domain::sentence::Part;
use crate::domain::{AttributeValue, Raw, Sentence};
use crate::view::text::{self, Charset, Shown};

/// What every screen writes with.
#[derive(Clone, Copy, Debug)]
pub struct Pen<'a> {
    pub charset: Charset,
    pub zone: &'a TimeZone,
    /// People's data are drawn as dots. Everything from outside counts as such unless it is written with
    /// [`Pen::name`], so that what is forgotten is hidden and not shown.
    pub masked: bool,
}

/// What stands for any value while people's data are masked: as many as always, so that nothing tells its length.
const MASKED: &str = "*****";

impl Pen<'_> {
    /// Text from outside, which may be somebody's.
    pub fn raw(&self, raw: &Raw) -> Shown {
        match self.masked && !raw.is_empty() {
            true => Shown::fixed(MASKED),
            false => text::shown(raw, self.charset),
        }
    }

    /// Text from outside that is held as a plain string.
    pub fn text(&self, text: &str) -> Shown {
        self.raw(&Raw::from(text))
    }

    /// Text from outside that names a thing and nobody: an attribute, a pool, an error code, a file. Never masked.
    pub fn name(&self, name: &Raw) -> Shown {
        text::shown(name, self.charset)
    }

    /// The same, held as a plain string.
    pub fn name_text(&self, name: &str) -> Shown {
        self.name(&Raw::from(name))
    }

    /// A field that is typed into, as much of it as there are columns for, and the column of its cursor.
    pub fn typed(&self, field: &Field, columns: usize) -> (Shown, usize) {
        if !self.masked {
            return self.typed_name(field, columns);
        }
        let count = |text: &str| text.chars().count();
        let dots = Raw::from("*".repeat(count(field.text())));
        let before = field.text().get(..field.cursor()).map_or(0, count);
        text::typed(&dots, self.charset).window(columns, before)
    }

    /// A field for a name that is nobody's: an action's, an attribute's, a pool's.
    pub fn typed_name(&self, field: &Field, columns: usize) -> (Shown, usize) {
        text::typed(&field.raw(), self.charset).window(columns, field.cursor())
    }

    /// What is not obvious about a value. Nothing while it is masked: it tells of the value.
    pub fn facts(&self, raw: &Raw) -> Shown {
        match self.masked {
            true => Shown::default(),
            false => text::facts(raw).line(self.charset),
        }
    }

    pub fn value(&self, value: Option<&AttributeValue>) -> Shown {
        value.map(|value| self.raw(value.raw())).unwrap_or_default()
    }

    pub fn say(&self, sentence: &Sentence) -> Shown {
        sentence
            .parts()
            .iter()
            .map(|part| match part {
                Part::Words(words) => Shown::words(words),
                Part::Quoted(raw) => self.raw(raw),
                Part::Named(raw) => self.name(raw),
            })
            .collect()
    }

    /// What the program says about a value. Its own words may tell of the value too, as `month 13 does not exist` does.
    pub fn about(&self, said: &Sentence) -> Shown {
        match self.masked {
            true => Shown::fixed(MASKED),
            false => self.say(said),
        }
    }

    /// `10:41:07`
    pub fn time(&self, at: Timestamp) -> Shown {
        self.written(at, "%H:%M:%S")
    }

    /// `10:41`
    pub fn minute(&self, at: Timestamp) -> Shown {
        self.written(at, "%H:%M")
    }

    /// `2026-11-18 09:12`
    pub fn date(&self, at: Timestamp) -> Shown {
        self.written(at, "%Y-%m-%d %H:%M")
    }

    /// `2026-11-18`
    pub fn day(&self, at: Timestamp) -> Shown {
        self.written(at, "%Y-%m-%d")
    }

    /// `2026-11-18 09:12:07`
    pub fn date_and_time(&self, at: Timestamp) -> Shown {
        self.written(at, "%Y-%m-%d %H:%M:%S")
    }

    fn written(&self, at: Timestamp, format: &str) -> Shown {
        Shown::words(at.to_zoned(self.zone.clone()).strftime(format).to_string())
    }

    /// The name of the zone all times are in.
    pub fn zone_name(&self) -> Shown {
        match (self.zone.iana_name(), self.zone.to_fixed_offset()) {
            (Some(name), _) => Shown::words(name),
            (None, Ok(offset)) => Shown::words(format!("UTC{offset}")),
            (None, Err(_)) => Shown::fixed("local time"),
        }
    }

    /// The first chord of an action where the operator is, as it stands in hints and sentences.
    pub fn key(&self, app: &App, scopes: &[Scope], action: Action) -> Option<Shown> {
        let keymap = &app.core.settings.keymap;
        let chord = scopes.iter().find_map(|scope| keymap.chords(*scope, action).first())?;
        Some(self.chord(*chord))
    }

    /// A chord as people read it: `Enter`, `ctrl-s`, `x`. Names begin with a capital, so that none looks like text.
    pub fn chord(&self, chord: Chord) -> Shown {
        let written = chord.to_string();
        let named = !matches!(chord.key, Key::Char(_)) || chord.key == Key::Char(' ');
        if !named {
            // It may come from the user's own key file, so it is text from outside.
            return self.name_text(&written);
        }
        let name = Chord {
            ctrl: false,
            alt: false,
            ..chord
        }
        .to_string();
        let held = written.strip_suffix(&name).unwrap_or_default();
        Shown::words(match name.as_str() {
            "page-up" => format!("{held}PgUp"),
            "page-down" => format!("{held}PgDn"),
            "backtab" => format!("{held}shift-Tab"),
            other => format!("{held}{}", capital(other)),
        })
    }

    /// A long value scrolled to the left, in a cell of so many columns. What is left out on either side is marked.
    pub fn scrolled(&self, raw: &Raw, scrolled: usize, columns: usize) -> Shown {
        self.scrolled_lit(raw, scrolled, columns, &[])
    }

    /// The same with parts of the value lit: what a line matched. A masked value has no parts.
    pub fn scrolled_lit(&self, raw: &Raw, scrolled: usize, columns: usize, lit: &[Range<usize>]) -> Shown {
        let whole = match self.masked {
            true => self.raw(raw),
            false => self.raw(raw).lit(lit),
        };
        if self.masked || scrolled == 0 || whole.width() <= columns {
            return whole.fit(columns);
        }
        // The window shows what is before a place in the value, so the place is looked for that stands at its end.
        let end = whole.width();
        let goal = scrolled.saturating_add(columns).min(end.saturating_add(1));
        let offset = offset_at(raw.as_str(), &whole, goal);
        whole.window(columns, offset).0.fit(columns)
    }
}

/// The first byte that is drawn at or behind a column. Columns only grow with the byte, so halving finds it.
fn offset_at(value: &str, whole: &Shown, column: usize) -> usize {
    let starts: Vec<usize> = value.char_indices().map(|(at, _)| at).collect();
    let first = starts.partition_point(|at| whole.column_of(*at) < column);
    starts.get(first).copied().unwrap_or(value.len())
}

/// `1 problem`, `2 problems`
pub fn counted(count: usize, noun: &'static str) -> Shown {
    Shown::count(count).join(Shown::words(format!(" {}", plural(count, noun))))
}

fn capital(name: &str) -> String {
    let mut chars = name.chars();
    chars
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(chars)
        .collect()
}
