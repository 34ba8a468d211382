//! Which invisible characters are part of an emoji. A joiner in a sequence that Unicode does not list draws nothing: the
//! pictures stand side by side as if it were not there. So the listed kinds are known here, and only in them it may stay.
//!
//! The shapes are those of emoji-zwj-sequences.txt (Unicode 16): people with a trade, a sex, hair or an aid, couples,
//! families, and a short list of single ones.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::joiner::ZWJ;

/// Variation selector 16: draw the character before it as an emoji.
pub(super) const EMOJI_PRESENTATION: char = '\u{fe0f}';
pub(super) const LIGHTEST: char = '\u{1f3fb}';
pub(super) const DARKEST: char = '\u{1f3ff}';
const KEYCAP: char = '\u{20e3}';
const HEART: char = '\u{2764}';
const KISS: char = '\u{1f48b}';
const MAN: char = '\u{1f468}';
const WOMAN: char = '\u{1f469}';
const ADULT: char = '\u{1f9d1}';
const CHILD: char = '\u{1f9d2}';

/// Whole sequences that follow no pattern.
const SINGLE: [&str; 17] = [
    "\u{2764}\u{fe0f}\u{200d}\u{1f525}",
    "\u{2764}\u{fe0f}\u{200d}\u{1fa79}",
    "\u{26d3}\u{fe0f}\u{200d}\u{1f4a5}",
    "\u{1f344}\u{200d}\u{1f7eb}",
    "\u{1f34b}\u{200d}\u{1f7e9}",
    "\u{1f3f3}\u{fe0f}\u{200d}\u{1f308}",
    "\u{1f3f3}\u{fe0f}\u{200d}\u{26a7}\u{fe0f}",
    "\u{1f3f4}\u{200d}\u{2620}\u{fe0f}",
    "\u{1f408}\u{200d}\u{2b1b}",
    "\u{1f415}\u{200d}\u{1f9ba}",
    "\u{1f426}\u{200d}\u{2b1b}",
    "\u{1f426}\u{200d}\u{1f525}",
    "\u{1f43b}\u{200d}\u{2744}\u{fe0f}",
    "\u{1f441}\u{fe0f}\u{200d}\u{1f5e8}\u{fe0f}",
    "\u{1f62e}\u{200d}\u{1f4a8}",
    "\u{1f635}\u{200d}\u{1f4ab}",
    "\u{1f636}\u{200d}\u{1f32b}\u{fe0f}",
];

/// What a person may be joined with: trades, hair, aids.
const TRADES: [&str; 24] = [
    "\u{2695}\u{fe0f}",
    "\u{2696}\u{fe0f}",
    "\u{2708}\u{fe0f}",
    "\u{1f33e}",
    "\u{1f373}",
    "\u{1f37c}",
    "\u{1f393}",
    "\u{1f3a4}",
    "\u{1f3a8}",
    "\u{1f3eb}",
    "\u{1f3ed}",
    "\u{1f4bb}",
    "\u{1f4bc}",
    "\u{1f527}",
    "\u{1f52c}",
    "\u{1f680}",
    "\u{1f692}",
    "\u{1f9af}",
    "\u{1f9b0}",
    "\u{1f9b1}",
    "\u{1f9b2}",
    "\u{1f9b3}",
    "\u{1f9bc}",
    "\u{1f9bd}",
];

/// How many characters an emoji sequence with joiners takes at the start of `chars`, if one is there.
pub(super) fn joined(chars: &[(usize, char)]) -> Option<usize> {
    // Every sequence has its first joiner behind one emoji and at most one tone or selector.
    let joiner_ahead = chars.iter().take(3).skip(1).any(|&(_, c)| c == ZWJ);
    if !joiner_ahead {
        return None;
    }
    let ahead: Vec<char> = chars.iter().take(16).map(|&(_, c)| c).collect();
    let count = [
        single(&ahead),
        couple(&ahead),
        family(&ahead),
        person(&ahead),
    ]
    .into_iter()
    .flatten()
    .max()?;
    // A joiner right behind would join one thing more, in a sequence that is not listed.
    (ahead.get(count) != Some(&ZWJ)).then_some(count)
}

/// Whether the emoji selector changes what is drawn: on a keycap, and on a character that is text by itself.
pub(super) fn presentation_may_stand(base: Option<char>, after: Option<char>) -> bool {
    match base {
        Some('0'..='9' | '#' | '*') => after == Some(KEYCAP),
        Some(base) => {
            base.width() == Some(1)
                && String::from_iter([base, EMOJI_PRESENTATION]).width() == 2
                && after != Some(KEYCAP)
        }
        None => false,
    }
}

/// Whether a skin tone colours the character before it instead of standing beside it.
pub(super) fn takes_tone(base: char, tone: char) -> bool {
    base.width().is_some_and(|width| width > 0) && String::from_iter([base, tone]).width() == 2
}

/// A place in a sequence that is being read.
#[derive(Clone, Copy)]
struct Reading<'a> {
    chars: &'a [char],
    at: usize,
}

impl Reading<'_> {
    fn one(mut self, wanted: impl Fn(char) -> bool) -> Option<Self> {
        let &c = self.chars.get(self.at)?;
        self.at += 1;
        wanted(c).then_some(self)
    }

    fn text(self, wanted: &str) -> Option<Self> {
        wanted
            .chars()
            .try_fold(self, |reading, c| reading.one(|found| found == c))
    }

    fn also(self, wanted: impl Fn(char) -> bool) -> Option<Self> {
        self.one(|c| c == ZWJ)?.one(wanted)
    }

    fn tone(self) -> Self {
        self.one(|c| (LIGHTEST..=DARKEST).contains(&c))
            .unwrap_or(self)
    }

    fn person(self) -> Option<Self> {
        Some(self.one(is_person)?.tone())
    }
}

fn read(chars: &[char]) -> Reading<'_> {
    Reading { chars, at: 0 }
}

fn is_person(c: char) -> bool {
    matches!(c, MAN | WOMAN | ADULT)
}

fn single(chars: &[char]) -> Option<usize> {
    SINGLE
        .iter()
        .find_map(|sequence| read(chars).text(sequence))
        .or_else(|| head_shaking(chars))
        .or_else(|| handshake(chars))
        .map(|end| end.at)
}

/// A face that shakes or nods.
fn head_shaking(chars: &[char]) -> Option<Reading<'_>> {
    read(chars)
        .text("\u{1f642}\u{200d}")?
        .one(|c| matches!(c, '\u{2194}' | '\u{2195}'))?
        .text("\u{fe0f}")
}

/// Two hands of two tones.
fn handshake(chars: &[char]) -> Option<Reading<'_>> {
    let toned = |c| (LIGHTEST..=DARKEST).contains(&c);
    read(chars)
        .text("\u{1faf1}")?
        .one(toned)?
        .text("\u{200d}\u{1faf2}")?
        .one(toned)
}

/// Two people with a heart, a kiss or holding hands.
fn couple(chars: &[char]) -> Option<usize> {
    let first = read(chars).person()?.text("\u{200d}")?;
    let hands = first.text("\u{1f91d}\u{200d}").and_then(Reading::person);
    let heart = first
        .one(|c| c == HEART)
        .and_then(|reading| reading.text("\u{fe0f}\u{200d}"));
    let kiss = heart
        .and_then(|reading| reading.one(|c| c == KISS))
        .and_then(|reading| reading.text("\u{200d}"))
        .and_then(Reading::person);
    let love = heart.and_then(Reading::person);
    hands.or(kiss).or(love).map(|end| end.at)
}

type Wanted = fn(char) -> bool;

/// One or two parents and one or two children; of grown-ups and children without a sex as well.
fn family(chars: &[char]) -> Option<usize> {
    let (parent, child): (Wanted, Wanted) = match chars.first()? {
        &ADULT => (|c| c == ADULT, |c| c == CHILD),
        _ => (
            |c| matches!(c, MAN | WOMAN),
            |c| matches!(c, '\u{1f466}' | '\u{1f467}'),
        ),
    };
    let one = read(chars).one(parent)?;
    let parents = one.also(parent).unwrap_or(one);
    let first = parents.also(child)?;
    Some(first.also(child).unwrap_or(first).at)
}

/// A person with a trade, or someone doing something, as a woman or a man, perhaps facing right.
fn person(chars: &[char]) -> Option<usize> {
    let trade = read(chars).person().and_then(|reading| {
        let reading = reading.text("\u{200d}")?;
        let christmas = (chars.first() == Some(&ADULT))
            .then(|| reading.text("\u{1f384}"))
            .flatten();
        TRADES
            .iter()
            .find_map(|trade| reading.text(trade))
            .or(christmas)
    });
    let sex = read(chars).one(has_sexes).and_then(|reading| {
        let toned = reading.tone();
        let drawn = if toned.at == reading.at {
            reading.text("\u{fe0f}").unwrap_or(reading)
        } else {
            toned
        };
        drawn
            .text("\u{200d}")?
            .one(|c| matches!(c, '\u{2640}' | '\u{2642}'))?
            .text("\u{fe0f}")
    });
    let end = trade.or(sex)?;
    let right = end.text("\u{200d}\u{27a1}\u{fe0f}");
    Some(right.unwrap_or(end).at)
}

/// Emoji of people that exist as a woman and as a man.
fn has_sexes(c: char) -> bool {
    matches!(
        c,
        '\u{26f9}' | '\u{1f3c3}' | '\u{1f3c4}' | '\u{1f3ca}'..='\u{1f3cc}' | '\u{1f46e}' | '\u{1f46f}'
            | '\u{1f470}' | '\u{1f471}' | '\u{1f473}' | '\u{1f477}' | '\u{1f481}' | '\u{1f482}'
            | '\u{1f486}' | '\u{1f487}' | '\u{1f575}' | '\u{1f645}'..='\u{1f647}' | '\u{1f64b}'
            | '\u{1f64d}' | '\u{1f64e}' | '\u{1f6a3}' | '\u{1f6b4}'..='\u{1f6b6}' | '\u{1f926}'
            | '\u{1f935}' | '\u{1f937}'..='\u{1f939}' | '\u{1f93c}'..='\u{1f93e}' | '\u{1f9b8}'
            | '\u{1f9b9}' | '\u{1f9cd}'..='\u{1f9cf}' | '\u{1f9d4}' | '\u{1f9d6}'..='\u{1f9df}'
    )
}
