//! A line on its way: what of it can be read already, and what its last word may yet become, so that the list stays calm
//! while a comparison is typed.

use super::known::{Known, Subject};
use super::parse::{compared, spaces, term, word_end};
use super::{Mistake, Query, Term, Test, When};

/// A line as far as it can be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// Every term that can be read; in the place of one that cannot what it said before, if it compared the same.
    pub query: Query,
    /// The first that cannot.
    pub mistake: Option<Mistake>,
    /// One that cannot is what it said before.
    pub has_kept: bool,
}

/// What the word at the cursor may yet become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfinished {
    /// `crea`, the beginning of what compares something.
    Name { name: String, negated: bool },
    /// `tier=go`, the beginning of a value.
    Value,
}

impl Query {
    /// Reads a line that is being typed. `before`: what it said until then.
    pub fn typed(line: &str, known: &Known, before: &Self) -> Typed {
        let mut typed = Typed {
            query: Self::default(),
            mistake: None,
            has_kept: false,
        };
        let mut at = spaces(line, 0);
        while at < line.len() {
            let end = match term(line, at, known) {
                Ok((term, end)) => {
                    typed.query.terms.push(term);
                    end
                }
                Err(mistake) => {
                    let end = word_end(line, at.max(mistake.at.end));
                    let same = |then: &&Term| then.span.start == at && compares_the_same(line, at, known, then);
                    let kept = before.terms.iter().find(same);
                    typed.has_kept |= kept.is_some();
                    typed.query.terms.extend(kept.cloned());
                    typed.mistake.get_or_insert(mistake);
                    end
                }
            };
            at = spaces(line, end);
        }
        typed
    }

    /// What the word that the cursor is in may become, where it may become something else than it is.
    pub fn unfinished(&self, line: &str, cursor: usize, known: &Known) -> Option<Unfinished> {
        let term = self.terms.iter().find(|term| is_at(term, cursor))?;
        let goes_on = match &term.test {
            Test::Text(word) => {
                let word = word.typed().as_str();
                let begins = |name: &&str| {
                    let start = name.get(..word.len());
                    start.is_some_and(|start| start.eq_ignore_ascii_case(word))
                };
                let is_quoted = line.get(term.span.clone())?.ends_with('"');
                // The shortest is the nearest.
                let name = known.spelled().filter(begins).min_by_key(|name| name.len());
                return name.filter(|_| !is_quoted).map(|name| Unfinished::Name {
                    name: name.to_owned(),
                    negated: term.negated,
                });
            }
            // The end of a closed quote is the end of the value.
            Test::Exact(..) => !line.get(term.span.clone())?.ends_with('"'),
            Test::Matches(..) => true,
            // `2026-1` is on its way to `2026-11-18`.
            Test::Time {
                when: When::Period { written, .. },
                ..
            } => written.len() < "2026-01-31".len(),
            _ => false,
        };
        (goes_on && !term.negated).then_some(Unfinished::Value)
    }

    /// The line without the word that the cursor is in.
    pub fn without(&self, cursor: usize) -> Self {
        let others = self.terms.iter().filter(|term| !is_at(term, cursor));
        Self {
            terms: others.cloned().collect(),
        }
    }
}

fn is_at(term: &Term, cursor: usize) -> bool {
    term.span.start < cursor && cursor <= term.span.end
}

/// Whether what stands there compares what an earlier term compared, in the same sense.
fn compares_the_same(line: &str, at: usize, known: &Known, then: &Term) -> bool {
    let text = line.get(at..).unwrap_or_default();
    let behind = text.strip_prefix('-');
    if behind.is_some() != then.negated {
        return false;
    }
    match compared(behind.unwrap_or(text), known) {
        Some((Subject::Column(column), ..)) => then.test.column() == Some(column),
        Some((Subject::Verified, ..)) => matches!(then.test, Test::Verified(_)),
        _ => false,
    }
}
