//! Text that is safe to draw, measured in the terminal's columns, in pieces that a theme can style.

use std::fmt;
use std::ops::Range;

use ratatui::buffer::CellWidth as _;
use unicode_segmentation::UnicodeSegmentation as _;

use super::escape::{Item, token};
use crate::domain::sentence::grouped;

/// Characters that one cell may hold. Real clusters stay below it; a chain of conjuncts or of jamo can go on for ever.
const CHARS_IN_A_CELL: usize = 16;

/// Text that may be drawn; the only thing widgets take. Made by [`shown`](super::shown) from text of others, and by
/// [`Shown::fixed`] and its neighbours from the program's own words.
///
/// It is a row of atoms, which are never cut: a grapheme cluster or a whole token. Debug prints lengths only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Shown {
    pub(super) text: String,
    pub(super) atoms: Vec<Atom>,
}

/// What a piece of text is, so that a theme can draw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The program's own words.
    Words,
    /// Text of others, as they wrote it.
    Value,
    /// Stands for characters that cannot be shown.
    Token,
    /// Says that something was left out here.
    Cut,
}

/// What is drawn undivided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Atom {
    /// Where it ends in the text.
    pub end: usize,
    pub columns: usize,
    pub kind: Kind,
    pub lit: bool,
    /// Begins a part that was put behind another: the two are drawn apart, so that they cannot grow together.
    pub seam: bool,
    /// Bytes of the value it stands for; none after parts were put together.
    pub raw: Option<Range<usize>>,
}

/// A run of text of one kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    pub text: &'a str,
    pub kind: Kind,
    /// Inside a range given to [`Shown::lit`]: a match, or what differs.
    pub lit: bool,
}

impl Piece<'_> {
    pub fn is_token(&self) -> bool {
        self.kind == Kind::Token
    }
}

impl fmt::Debug for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Piece({:?}, {} bytes)", self.kind, self.text.len())
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shown({} columns)", self.width())
    }
}

impl Shown {
    /// The program's own words.
    pub fn fixed(words: &'static str) -> Self {
        Self::words(words)
    }

    /// The program's own words, put together at run time: a time, a sum, a duration. They are ASCII on every terminal;
    /// what is not becomes a token even here. Text of others goes through [`shown`](super::shown).
    pub fn words(words: impl AsRef<str>) -> Self {
        let words = words.as_ref();
        let mut made = Self {
            text: String::with_capacity(words.len()),
            atoms: Vec::with_capacity(words.len()),
        };
        for c in words.chars() {
            if matches!(c, ' '..='~') {
                made.push(c.encode_utf8(&mut [0; 4]), 1, Kind::Words, None);
            } else {
                let token = token(c);
                made.push(&token, token.len(), Kind::Token, None);
            }
        }
        made
    }

    /// A number as it is.
    pub fn number(number: impl Into<i128>) -> Self {
        Self::words(number.into().to_string())
    }

    /// A count, its thousands apart: `12,480`.
    pub fn count(count: usize) -> Self {
        Self::words(grouped(count as u64))
    }

    /// Spaces.
    pub fn blank(columns: usize) -> Self {
        Self::words(" ".repeat(columns))
    }

    /// This and then the other. Places in the value are known no more: ask for columns before.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.append(other);
        self
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Columns on the screen.
    pub fn width(&self) -> usize {
        self.atoms.iter().map(|atom| atom.columns).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.atoms.is_empty()
    }

    /// Runs of one kind, in order; together they are the whole text.
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let mut start = 0;
        let mut atoms = self.atoms.iter().peekable();
        while let Some(atom) = atoms.next() {
            let ends = atoms
                .peek()
                .is_none_or(|next| next.seam || (next.kind, next.lit) != (atom.kind, atom.lit));
            if ends {
                pieces.push(Piece {
                    text: self.text.get(start..atom.end).unwrap_or_default(),
                    kind: atom.kind,
                    lit: atom.lit,
                });
                start = atom.end;
            }
        }
        pieces
    }

    pub(super) fn push(&mut self, text: &str, columns: usize, kind: Kind, raw: Option<Range<usize>>) {
        self.text.push_str(text);
        self.atoms.push(Atom {
            end: self.text.len(),
            columns,
            kind,
            lit: false,
            seam: false,
            raw,
        });
    }

    /// The atoms `from..to`, with the text that is theirs.
    pub(super) fn slice(&self, from: usize, to: usize) -> Self {
        let start = self.start_of(from);
        let end = self.start_of(to.max(from));
        Self {
            text: self.text.get(start..end).unwrap_or_default().to_owned(),
            atoms: self
                .atoms
                .iter()
                .take(to)
                .skip(from)
                .map(|atom| Atom {
                    end: atom.end - start,
                    ..atom.clone()
                })
                .collect(),
        }
    }

    fn start_of(&self, atom: usize) -> usize {
        match atom.checked_sub(1) {
            None => 0,
            Some(before) => self.atoms.get(before).map_or(self.text.len(), |atom| atom.end),
        }
    }

    pub(super) fn append(&mut self, other: Self) {
        if other.is_empty() {
            return;
        }
        if self.is_empty() {
            *self = other;
            return;
        }
        let behind = self.text.len();
        for atom in &mut self.atoms {
            atom.raw = None;
        }
        self.text.push_str(&other.text);
        for (at, mut atom) in other.atoms.into_iter().enumerate() {
            atom.end += behind;
            atom.seam |= at == 0;
            atom.raw = None;
            self.atoms.push(atom);
        }
    }
}

impl From<&'static str> for Shown {
    fn from(words: &'static str) -> Self {
        Self::fixed(words)
    }
}

impl FromIterator<Shown> for Shown {
    fn from_iter<T: IntoIterator<Item = Shown>>(parts: T) -> Self {
        let mut whole = Self::default();
        for part in parts {
            whole.append(part);
        }
        whole
    }
}

/// Text that stands as itself, a column for each byte: most of what there is.
pub(super) fn plain(value: &str) -> Shown {
    let atom = |at: usize| Atom {
        end: at + 1,
        columns: 1,
        kind: Kind::Value,
        lit: false,
        seam: false,
        raw: Some(at..at + 1),
    };
    Shown {
        text: value.to_owned(),
        atoms: (0..value.len()).map(atom).collect(),
    }
}

/// Puts escaped text into atoms. Some characters are seen to be unfit only now, by the cluster they end up in.
pub(super) fn from_items(value: &str, items: Vec<(Range<usize>, Item)>) -> Shown {
    let mut made = Shown {
        text: String::with_capacity(value.len()),
        atoms: Vec::with_capacity(items.len()),
    };
    let mut run: Option<Range<usize>> = None;
    for (range, item) in items {
        match item {
            Item::Plain(_) => {
                let start = run.map_or(range.start, |run| run.start);
                run = Some(start..range.end);
            }
            Item::Token(token) => {
                if let Some(run) = run.take() {
                    push_run(&mut made, value, run);
                }
                made.push(&token, token.len(), Kind::Token, Some(range));
            }
        }
    }
    if let Some(run) = run {
        push_run(&mut made, value, run);
    }
    made
}

fn push_run(made: &mut Shown, value: &str, run: Range<usize>) {
    let text = value.get(run.clone()).unwrap_or_default();
    for (at, cluster) in text.grapheme_indices(true) {
        push_cluster(made, cluster, run.start + at, at == 0);
    }
}

fn push_cluster(made: &mut Shown, cluster: &str, start: usize, first: bool) {
    let drawn = drawn_part(cluster, first);
    if drawn > 0 {
        let text = cluster.get(..drawn).unwrap_or_default();
        let columns = usize::from(text.cell_width());
        made.push(text, columns, Kind::Value, Some(start..start + drawn));
    }
    for (at, c) in cluster.char_indices().filter(|&(at, _)| at >= drawn) {
        let token = token(c);
        let raw = start + at..start + at + c.len_utf8();
        made.push(&token, token.len(), Kind::Token, Some(raw));
    }
}

/// How many bytes of the cluster can be drawn as one atom.
fn drawn_part(cluster: &str, first: bool) -> usize {
    let is_alone = cluster.chars().count() == 1;
    let lone_flag_letter = is_alone && cluster.starts_with(|c| matches!(c, '\u{1f1e6}'..='\u{1f1ff}'));
    if lone_flag_letter || cluster.cell_width() == 0 || (first && clings(cluster)) {
        return 0;
    }
    let mut end = cluster
        .char_indices()
        .nth(CHARS_IN_A_CELL)
        .map_or(cluster.len(), |(at, _)| at);
    // A cut must not leave an invisible joiner at the end.
    while let Some(kept) = cluster.get(..end)
        && end < cluster.len()
        && let Some(last) = kept.chars().next_back()
        && crate::domain::glyph::draws_nothing(last)
    {
        end -= last.len_utf8();
    }
    end
}

/// Whether the cluster would grow together with what stands before it. Only at the start of a run: there it is a token,
/// the quote of a sentence or the edge of a field.
fn clings(cluster: &str) -> bool {
    !cluster.starts_with(|c: char| c.is_ascii()) && format!("}}{cluster}").graphemes(true).count() == 1
}
