//! Users that are computed from their number instead of stored, so that a pool of a million people starts at once
//! and a page of it costs a page.
//!
//! Every order ListUsers can ask for has a closed form: rank -> sort key and rank -> number, both increasing
//! together, so that a filter or a page token finds its place by binary search. Names are a mixed-radix number over
//! two sorted word lists; sub and phone number spread a permuted number evenly over their range.
//!
//! The two patterns of subs: random UUIDs, and the skewed ones of newer pools where the characters 2, 4, 6 and 8 are
//! fixed for a region (seen in published examples such as a458d4e8-b0b1-7052-..; an inference from few samples).

use jiff::Timestamp;

use super::demo::words::{FIRST, LAST};
use super::user::User;

/// The largest crowd; phone numbers have seven free digits.
const MOST: u64 = 10_000_000;

/// How the subs of a pool look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubPattern {
    /// Random UUIDs.
    Uuid4,
    /// `h4h8h4h8-hhhh-70hh-...`: every second of the first eight characters is fixed.
    Regional,
}

/// Statuses in sort order with their share of a hundred.
const STATUSES: [(&str, u64); 5] = [
    ("CONFIRMED", 90),
    ("EXTERNAL_PROVIDER", 1),
    ("FORCE_CHANGE_PASSWORD", 4),
    ("RESET_REQUIRED", 2),
    ("UNCONFIRMED", 3),
];

/// The groups of a crowd, with what they are for: one user of so many is in each.
pub(crate) const GROUPS: [(&str, &str, u64); 4] = [
    ("admins", "People who run the shop", 2_000),
    ("beta-testers", "People who see what is new first", 150),
    ("newsletter", "People who get the newsletter", 4),
    ("wholesale", "People who buy for others", 40),
];

/// The orders in which a crowd can be walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Number,
    Username,
    Email,
    Name,
    GivenName,
    FamilyName,
    Phone,
    Sub,
    Status,
    Enabled,
}

/// `n` computed users.
#[derive(Debug, Clone)]
pub(crate) struct Crowd {
    n: u64,
    salt: u64,
    pattern: SubPattern,
    by_sub: Shuffle,
    by_phone: Shuffle,
    /// Its users are in groups.
    grouped: bool,
}

impl Crowd {
    /// A crowd of `n` users, ten million at most.
    pub(crate) fn new(n: u64, salt: u64, pattern: SubPattern) -> Self {
        let n = n.min(MOST);
        Self {
            n,
            salt,
            pattern,
            by_sub: Shuffle::new(n, mix(salt, 1)),
            by_phone: Shuffle::new(n, mix(salt, 2)),
            grouped: false,
        }
    }

    /// Its users are in [`GROUPS`].
    pub(crate) fn group(&mut self) {
        self.grouped = true;
    }

    /// Whether the user with this number is in a group, as long as nobody changed that.
    pub(crate) fn is_in(&self, group: &str, number: u64) -> bool {
        let mut groups = (0_u64..).zip(GROUPS).filter(|_| self.grouped && number < self.n);
        groups.any(|(at, (name, _, share))| {
            name == group && mix(self.salt ^ 0x4752_4f55 ^ (at << 40), number).is_multiple_of(share)
        })
    }

    pub(crate) fn len(&self) -> u64 {
        self.n
    }

    /// The user with this number, as it is before anybody changed it.
    pub(crate) fn user(&self, number: u64) -> Option<User> {
        if number >= self.n {
            return None;
        }
        let (first, last, _) = split(number);
        let (first, last) = (capital(word(&FIRST, first)), capital(word(&LAST, last)));
        let hash = mix(self.salt, number);
        let mut user = User::new(&username(number))
            .status(self.status(number))
            .with("sub", &self.sub(number))
            .with("name", &format!("{first} {last}"))
            .with("given_name", &first)
            .with("family_name", &last)
            .with("custom:tier", pick(&["bronze", "silver", "gold"], hash >> 8));
        user.enabled = self.is_enabled(number);
        user.groups = GROUPS
            .iter()
            .map(|(name, ..)| *name)
            .filter(|name| self.is_in(name, number))
            .map(str::to_owned)
            .collect();
        // Spread over 2019-2025; the last change follows within two hundred days.
        let born = 1_546_300_800 + i64::try_from(hash % 220_752_000).unwrap_or_default();
        let changed = born + i64::try_from((hash >> 20) % 17_280_000).unwrap_or_default();
        user.created = Timestamp::from_second(born).unwrap_or(user.created);
        user.modified = Timestamp::from_second(changed).unwrap_or(user.modified);
        if self.has_email(number) {
            let verified = user.status != "UNCONFIRMED" && !(hash >> 16).is_multiple_of(10);
            user = user
                .with("email", &email(number))
                .with("email_verified", &verified.to_string());
        }
        if self.has_phone(number) {
            let verified = (hash >> 24).is_multiple_of(2);
            user = user
                .with("phone_number", &self.phone(number))
                .with("phone_number_verified", &verified.to_string());
        }
        Some(user)
    }

    /// How many ranks an order has; some of them are holes.
    pub(crate) fn ranks(&self, order: Order) -> u64 {
        match order {
            Order::Number | Order::Phone | Order::Sub => self.n,
            Order::Username | Order::Email | Order::Name | Order::GivenName | Order::FamilyName => {
                let (first, last, copies) = self.radix();
                first * last * copies
            }
            Order::Status => self.n * STATUSES.len() as u64,
            Order::Enabled => self.n * 2,
        }
    }

    /// The folded sort key of a rank; never falls as the rank rises.
    pub(crate) fn key(&self, order: Order, rank: u64) -> String {
        let number = self.number(order, rank);
        let (first, last, _) = split(number);
        match order {
            Order::Number => String::new(),
            Order::Username => username(number),
            Order::Email => email(number),
            Order::Name => format!("{} {}", word(&FIRST, first), word(&LAST, last)),
            Order::GivenName => word(&FIRST, first).to_owned(),
            Order::FamilyName => word(&LAST, last).to_owned(),
            Order::Phone => self.phone(number),
            Order::Sub => self.sub(number),
            Order::Status => self.part(order, rank).to_lowercase(),
            Order::Enabled => self.part(order, rank).to_owned(),
        }
    }

    /// The number of the user at a rank, whether or not that user exists.
    pub(crate) fn number(&self, order: Order, rank: u64) -> u64 {
        let (firsts, lasts, copies) = self.radix();
        let join = |first: u64, last: u64, copy: u64| first + FIRST.len() as u64 * (last + LAST.len() as u64 * copy);
        match order {
            Order::Number => rank,
            Order::Username | Order::Email | Order::Name => {
                let (pair, copy) = (rank / copies, rank % copies);
                join(pair / lasts, pair % lasts, copy)
            }
            Order::GivenName => {
                let (first, rest) = (rank / (lasts * copies), rank % (lasts * copies));
                join(first, rest % lasts, rest / lasts)
            }
            Order::FamilyName => {
                let (last, rest) = (rank / (firsts * copies), rank % (firsts * copies));
                join(rest % firsts, last, rest / firsts)
            }
            Order::Phone => self.by_phone.back(rank),
            Order::Sub => self.by_sub.back(rank),
            Order::Status | Order::Enabled => rank % self.n.max(1),
        }
    }

    /// The user at a rank, if one with the ordered attribute is there.
    pub(crate) fn at(&self, order: Order, rank: u64) -> Option<u64> {
        let number = self.number(order, rank);
        let there = number < self.n
            && match order {
                Order::Email => self.has_email(number),
                Order::Phone => self.has_phone(number),
                Order::Status => self.status(number) == self.part(order, rank),
                Order::Enabled => (self.part(order, rank) == "Enabled") == self.is_enabled(number),
                _ => true,
            };
        there.then_some(number)
    }

    /// The first rank whose (key, number) is not below the given one, or not at or below it when `past` is set.
    pub(crate) fn seek(&self, order: Order, place: (&str, u64), bound: Bound) -> u64 {
        let (mut low, mut high) = (0, self.ranks(order));
        while low < high {
            let middle = low + (high - low) / 2;
            let (key, number) = (self.key(order, middle), self.number(order, middle));
            let before = match bound {
                Bound::AtOrAfter => (key.as_str(), number) < place,
                Bound::After => (key.as_str(), number) <= place,
            };
            if before {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The users whose ordered attribute has exactly this folded value.
    pub(crate) fn having(&self, order: Order, value: &str) -> Vec<u64> {
        let start = self.seek(order, (value, 0), Bound::AtOrAfter);
        (start..self.ranks(order))
            .take_while(|&rank| self.key(order, rank) == value)
            .filter_map(|rank| self.at(order, rank))
            .collect()
    }

    /// The part of a status order a rank lies in: the whole crowd is walked once for each value.
    fn part(&self, order: Order, rank: u64) -> &'static str {
        let part = usize::try_from(rank / self.n.max(1)).unwrap_or_default();
        match order {
            Order::Enabled => pick(&["Disabled", "Enabled"], part as u64),
            _ => STATUSES.get(part).map_or("", |(name, _)| name),
        }
    }

    /// How many first names, last names and copies of each pair are needed for `n` users.
    fn radix(&self) -> (u64, u64, u64) {
        let (firsts, lasts) = (FIRST.len() as u64, LAST.len() as u64);
        let copies = self.n.div_ceil(firsts * lasts);
        if copies > 1 {
            (firsts, lasts, copies)
        } else {
            (firsts, self.n.div_ceil(firsts).max(1), 1)
        }
    }

    fn status(&self, number: u64) -> &'static str {
        let mut left = mix(self.salt ^ 0x5747_5553, number) % 100;
        for (name, share) in STATUSES {
            if left < share {
                return name;
            }
            left -= share;
        }
        "CONFIRMED"
    }

    fn is_enabled(&self, number: u64) -> bool {
        !mix(self.salt ^ 0x004f_4646, number).is_multiple_of(50)
    }

    fn has_email(&self, number: u64) -> bool {
        !mix(self.salt ^ 0x4d41_494c, number).is_multiple_of(40)
    }

    fn has_phone(&self, number: u64) -> bool {
        !mix(self.salt ^ 0x5048_4f4e, number).is_multiple_of(3)
    }

    fn phone(&self, number: u64) -> String {
        let rank = self.by_phone.forth(number);
        format!(
            "+1555{:07}",
            spread(rank, self.n, 10_000_000, mix(self.salt ^ 3, number))
        )
    }

    fn sub(&self, number: u64) -> String {
        let rank = self.by_sub.forth(number);
        let bits = if self.pattern == SubPattern::Uuid4 { 60 } else { 40 };
        let lead = spread(rank, self.n, 1 << bits, mix(self.salt ^ 4, number));
        sub_text(self.pattern, lead, mix(self.salt ^ 5, number))
    }
}

/// Where a search starts relative to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    AtOrAfter,
    After,
}

/// A sub of a stored user, drawn from a number that is not used twice.
pub(crate) fn sub_of(pattern: SubPattern, salt: u64, number: u64) -> String {
    sub_text(pattern, mix(salt ^ 6, number), mix(salt ^ 7, number))
}

/// Lays the bits of `lead` over the free characters in front and those of `tail` over the rest, so that subs sort
/// as their leads do.
fn sub_text(pattern: SubPattern, lead: u64, tail: u64) -> String {
    let bits = if pattern == SubPattern::Uuid4 { 60_u32 } else { 40 };
    let mut lead = lead << (64 - bits);
    let mut take = || {
        let digit = lead >> 60;
        lead <<= 4;
        digit
    };
    let mut digits = String::with_capacity(36);
    for place in 0..16 {
        let digit = match (pattern, place) {
            (SubPattern::Uuid4, 12) => 4,
            (SubPattern::Regional, 1 | 5) => 4,
            (SubPattern::Regional, 3 | 7) => 8,
            (SubPattern::Regional, 12) => 7,
            (SubPattern::Regional, 13) => 0,
            _ => take(),
        };
        push_digit(&mut digits, digit);
    }
    // The variant of RFC 9562 is one of 8, 9, a, b.
    push_digit(&mut digits, 8 + (tail & 3));
    for place in 0..15 {
        push_digit(&mut digits, (tail >> (4 * place + 2)) & 15);
    }
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    )
}

fn push_digit(text: &mut String, digit: u64) {
    text.extend(u32::try_from(digit).ok().and_then(|digit| char::from_digit(digit, 16)));
}

fn split(number: u64) -> (u64, u64, u64) {
    let (firsts, lasts) = (FIRST.len() as u64, LAST.len() as u64);
    (number % firsts, number / firsts % lasts, number / (firsts * lasts))
}

fn username(number: u64) -> String {
    let (first, last, copy) = split(number);
    format!("{}.{}{copy:03}", word(&FIRST, first), word(&LAST, last))
}

fn email(number: u64) -> String {
    format!(
        "{}@{}",
        username(number),
        pick(&["example.com", "example.net", "example.org"], number)
    )
}

fn word(words: &'static [&'static str], at: u64) -> &'static str {
    usize::try_from(at)
        .ok()
        .and_then(|at| words.get(at))
        .copied()
        .unwrap_or("zz")
}

fn pick(words: &[&'static str], at: u64) -> &'static str {
    let at = usize::try_from(at % words.len().max(1) as u64).unwrap_or_default();
    words.get(at).copied().unwrap_or_default()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect()
}

/// Puts rank `r` of `n` into its own slice of `0..range`, at a place the noise chooses.
fn spread(rank: u64, n: u64, range: u64, noise: u64) -> u64 {
    let edge =
        |rank: u64| u64::try_from(u128::from(rank) * u128::from(range) / u128::from(n.max(1))).unwrap_or_default();
    let (low, high) = (edge(rank), edge(rank + 1));
    low + noise % (high - low).max(1)
}

/// A hash of two numbers (the finishing steps of SplitMix64, by Steele, Lea and Flood).
pub(crate) fn mix(salt: u64, number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt.rotate_left(29);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A permutation of `0..n` with a closed inverse: multiply and add, modulo n.
#[derive(Debug, Clone)]
struct Shuffle {
    n: u64,
    factor: u64,
    inverse: u64,
    offset: u64,
}

impl Shuffle {
    fn new(n: u64, salt: u64) -> Self {
        if n < 2 {
            return Self {
                n: n.max(1),
                factor: 1,
                inverse: 1,
                offset: 0,
            };
        }
        // About the golden ratio of n: neighbours land far apart.
        let mut factor = (n * 618 / 1000).max(1);
        let inverse = loop {
            match inverse(factor, n) {
                Some(inverse) => break inverse,
                None => factor += 1,
            }
        };
        Self {
            n,
            factor,
            inverse,
            offset: salt % n,
        }
    }

    fn forth(&self, number: u64) -> u64 {
        self.times(number % self.n, self.factor, self.offset)
    }

    fn back(&self, rank: u64) -> u64 {
        self.times((rank % self.n + self.n - self.offset) % self.n, self.inverse, 0)
    }

    fn times(&self, value: u64, factor: u64, add: u64) -> u64 {
        let product = u128::from(value) * u128::from(factor) + u128::from(add);
        u64::try_from(product % u128::from(self.n)).unwrap_or_default()
    }
}

/// The number that multiplied with `a` leaves 1 modulo `n` (extended Euclid); none when they share a factor.
fn inverse(a: u64, n: u64) -> Option<u64> {
    let (mut old, mut new) = (i128::from(a), i128::from(n));
    let (mut x, mut next) = (1_i128, 0_i128);
    while new != 0 {
        let times = old / new;
        (old, new) = (new, old - times * new);
        (x, next) = (next, x - times * next);
    }
    (old == 1)
        .then(|| u64::try_from(x.rem_euclid(i128::from(n))).ok())
        .flatten()
}

#[cfg(test)]
#[path = "crowd_tests.rs"]
mod tests;
