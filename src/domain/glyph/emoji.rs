//! Which invisible characters are part of an emoji. A joiner in a sequence that Unicode does not list draws nothing: the
//! pictures stand side by side as if it were not there. So the listed kinds are known here, and only in them it may stay.
//!
//! The shapes are those of emoji-zwj-sequences.txt (Unicode 17): people with a trade, a sex, hair or an aid, couples,
//! families, and a short list of single ones.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::joiner::ZWJ;

/// Variation selector 16: draw the character before it as an emoji.
pub const EMOJI_PRESENTATION: char = '\u{fe0f}';
pub const LIGHTEST: char = '\u{1f3fb}';
pub const DARKEST: char = '\u{1f3ff}';
const KEYCAP: char = '\u{20e3}';
const MAN: char = '\u{1f468}';
const WOMAN: char = '\u{1f469}';
const ADULT: char = '\u{1f9d1}';
const CHILD: char = '\u{1f9d2}';
const BOY: char = '\u{1f466}';
const GIRL: char = '\u{1f467}';
const FACING_RIGHT: &str = "\u{200d}\u{27a1}\u{fe0f}";

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

/// What a person may be joined with: trades and hair. Aids are read where they are.
const TRADES: [&str; 21] = [
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
    "\u{1f9b0}",
    "\u{1f9b1}",
    "\u{1f9b2}",
    "\u{1f9b3}",
];

/// How many characters an emoji sequence with joiners takes at the start of `chars`, if one is there.
pub fn joined(chars: &[(usize, char)]) -> Option<usize> {
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
        trade(&ahead),
        doing(&ahead),
    ]
    .into_iter()
    .flatten()
    .max()?;
    // A joiner right behind would join one thing more, in a sequence that is not listed.
    (ahead.get(count) != Some(&ZWJ)).then_some(count)
}

/// Whether the emoji selector changes what is drawn: on a keycap, and on a character that is text by itself.
pub fn presentation_may_stand(base: Option<char>, after: Option<char>) -> bool {
    match base {
        Some('0'..='9' | '#' | '*') => after == Some(KEYCAP),
        _ if after == Some(KEYCAP) => false,
        // Wide as text and as emoji, but with two pictures.
        Some('\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f202}' | '\u{1f237}') => true,
        Some(base) => base.width() == Some(1) && String::from_iter([base, EMOJI_PRESENTATION]).width() == 2,
        None => false,
    }
}

/// Whether a skin tone colours the character before it instead of standing beside it.
pub fn takes_tone(base: char, tone: char) -> bool {
    // The family in one character can be written with a tone, but no sequence with it is listed.
    base != '\u{1f46a}' && base.width().is_some_and(|width| width > 0) && String::from_iter([base, tone]).width() == 2
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

    /// A skin tone, if the character before it takes one.
    fn tone(self) -> (Self, Option<char>) {
        let base = self.at.checked_sub(1).and_then(|at| self.chars.get(at));
        let tone = self.chars.get(self.at);
        match (base, tone) {
            (Some(&base), Some(&tone)) if is_tone(tone) && takes_tone(base, tone) => {
                let at = self.at + 1;
                (Self { at, ..self }, Some(tone))
            }
            _ => (self, None),
        }
    }

    fn person(self) -> Option<(Self, Someone)> {
        let &who = self.chars.get(self.at)?;
        let (end, tone) = self.one(is_person)?.tone();
        Some((end, Someone { who, tone }))
    }
}

/// A grown-up in a couple.
#[derive(Clone, Copy)]
struct Someone {
    who: char,
    tone: Option<char>,
}

fn read(chars: &[char]) -> Reading<'_> {
    Reading { chars, at: 0 }
}

fn is_tone(c: char) -> bool {
    (LIGHTEST..=DARKEST).contains(&c)
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
    let first = read(chars).text("\u{1faf1}")?;
    let (left, tone) = first.tone();
    let (end, other) = left.text("\u{200d}\u{1faf2}")?.tone();
    (tone.is_some() && other.is_some() && tone != other).then_some(end)
}

/// Two people with a heart, a kiss or holding hands.
fn couple(chars: &[char]) -> Option<usize> {
    let (reading, one) = read(chars).person()?;
    let reading = reading.text("\u{200d}")?;
    let heart = reading.text("\u{2764}\u{fe0f}\u{200d}");
    let (end, other) = if let Some(hands) = reading.text("\u{1f91d}\u{200d}") {
        hands.person().filter(|&(_, other)| hold_hands(one, other))?
    } else {
        let heart = heart?;
        let behind = heart.text("\u{1f48b}\u{200d}").unwrap_or(heart);
        behind.person().filter(|&(_, other)| love(one, other))?
    };
    (one.tone.is_some() == other.tone.is_some()).then_some(end.at)
}

/// Grown-ups without a sex hold hands in every tone; the others are single characters unless their tones differ.
fn hold_hands(one: Someone, other: Someone) -> bool {
    match (one.who, other.who) {
        (ADULT, ADULT) => true,
        (WOMAN, MAN | WOMAN) | (MAN, MAN) => one.tone != other.tone,
        _ => false,
    }
}

fn love(one: Someone, other: Someone) -> bool {
    match (one.who, other.who) {
        (ADULT, ADULT) => one.tone != other.tone,
        (WOMAN, MAN | WOMAN) | (MAN, MAN) => true,
        _ => false,
    }
}

/// One or two parents and one or two children, in the one order that is listed.
fn family(chars: &[char]) -> Option<usize> {
    let first = read(chars).one(is_person)?;
    let parents = match *chars.first()? {
        MAN => first.also(|c| matches!(c, MAN | WOMAN)),
        parent => first.also(|c| c == parent),
    };
    let parents = parents.unwrap_or(first);
    let end = match *chars.first()? {
        ADULT => {
            let one = parents.also(|c| c == CHILD)?;
            one.also(|c| c == CHILD).unwrap_or(one)
        }
        _ => match parents.also(|c| c == GIRL) {
            Some(one) => one.also(|c| matches!(c, GIRL | BOY)).unwrap_or(one),
            None => {
                let one = parents.also(|c| c == BOY)?;
                one.also(|c| c == BOY).unwrap_or(one)
            }
        },
    };
    Some(end.at)
}

/// A person with a trade, hair or an aid.
fn trade(chars: &[char]) -> Option<usize> {
    let (reading, someone) = read(chars).person()?;
    let reading = reading.text("\u{200d}")?;
    let aid = reading.one(|c| matches!(c, '\u{1f9af}' | '\u{1f9bc}' | '\u{1f9bd}'));
    let end = aid
        .map(|aid| aid.text(FACING_RIGHT).unwrap_or(aid))
        .or_else(|| TRADES.iter().find_map(|trade| reading.text(trade)))
        .or_else(|| {
            let listed_once = reading.one(|c| matches!(c, '\u{1f384}' | '\u{1fa70}'));
            listed_once.filter(|_| someone.who == ADULT)
        })?;
    Some(end.at)
}

/// Someone doing something, as a woman or a man, and where Unicode has that, facing right.
fn doing(chars: &[char]) -> Option<usize> {
    let &who = chars.first()?;
    let (toned, tone) = read(chars).one(has_sexes)?.tone();
    // The selector is listed exactly where the character is text without it.
    let drawn = if tone.is_none() && presentation_may_stand(Some(who), None) {
        toned.text("\u{fe0f}")?
    } else {
        toned
    };
    let sex = drawn
        .also(|c| matches!(c, '\u{2640}' | '\u{2642}'))
        .and_then(|reading| reading.text("\u{fe0f}"));
    let turns = matches!(who, '\u{1f3c3}' | '\u{1f6b6}' | '\u{1f9ce}');
    let right = sex.unwrap_or(drawn).text(FACING_RIGHT).filter(|_| turns);
    Some(right.or(sex)?.at)
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
