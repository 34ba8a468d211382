//! The users of one pool: computed ones, stored ones and changed ones under stable positions, so that a page token
//! can name a place in the list that a deletion does not move.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::crowd::{Bound, Crowd, Order, SubPattern, sub_of};
use super::filter::{Filter, fold};
use super::user::User;

/// Whether two spellings in different case are one name (UsernameConfiguration.CaseSensitive).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Sensitive,
    Insensitive,
}

impl Case {
    pub(crate) fn same(self, one: &str, other: &str) -> bool {
        match self {
            Case::Sensitive => one == other,
            Case::Insensitive => fold(one) == fold(other),
        }
    }
}

/// Where a list stands: the folded value it is sorted by, and the user's position.
pub(crate) type Place = (String, u64);

/// The users of one pool. A clone is a snapshot and shares the users.
#[derive(Clone)]
pub(crate) struct Directory {
    crowd: Crowd,
    /// New users, and changed users of the crowd under their own number.
    stored: BTreeMap<u64, Arc<User>>,
    removed: BTreeSet<u64>,
    next: u64,
    salt: u64,
    pattern: SubPattern,
    /// Positions of stored users by folded username, sub, e-mail, phone number and preferred_username.
    index: HashMap<(&'static str, String), BTreeSet<u64>>,
}

const INDEXED: [&str; 4] = ["sub", "email", "phone_number", "preferred_username"];

impl Directory {
    pub(crate) fn new(crowd: u64, salt: u64, pattern: SubPattern) -> Self {
        let crowd = Crowd::new(crowd, salt, pattern);
        let next = crowd.len();
        Self {
            crowd,
            stored: BTreeMap::new(),
            removed: BTreeSet::new(),
            next,
            salt,
            pattern,
            index: HashMap::new(),
        }
    }

    /// How many users there are.
    pub(crate) fn len(&self) -> u64 {
        let added = self.stored.range(self.crowd.len()..).count() as u64;
        self.crowd.len() + added - self.removed.len() as u64
    }

    pub(crate) fn get(&self, at: u64) -> Option<Arc<User>> {
        if let Some(user) = self.stored.get(&at) {
            return Some(Arc::clone(user));
        }
        if self.removed.contains(&at) {
            return None;
        }
        self.crowd.user(at).map(Arc::new)
    }

    /// The members of a group from a position on, in order.
    pub(crate) fn members<'a>(&'a self, group: &'a str, from: u64) -> impl Iterator<Item = (u64, Arc<User>)> + 'a {
        let computed = (from..self.crowd.len()).filter(move |at| self.crowd.is_in(group, *at) && self.is_computed(*at));
        let mut computed = computed.peekable();
        let stored = self.stored.range(from..);
        let mut stored = stored.filter(move |(_, user)| user.groups.contains(group)).peekable();
        std::iter::from_fn(move || {
            let first = match (computed.peek(), stored.peek()) {
                (Some(computed), Some((stored, _))) => computed < stored,
                (computed, _) => computed.is_some(),
            };
            match first {
                true => computed.next().and_then(|at| Some((at, self.get(at)?))),
                false => stored.next().map(|(at, user)| (*at, Arc::clone(user))),
            }
        })
    }

    /// The crowd is in groups.
    pub(crate) fn group_crowd(&mut self) {
        self.crowd.group();
    }

    /// Adds a user at the end, with a new sub when it has none.
    pub(crate) fn add(&mut self, mut user: User) -> u64 {
        let at = self.next;
        self.next += 1;
        if user.sub().is_empty() {
            user.attributes
                .insert("sub".into(), sub_of(self.pattern, self.salt, at));
        }
        self.put(at, user);
        at
    }

    /// The sub that the next added user will get; a user of a pool that signs in by e-mail has it as username.
    pub(crate) fn next_sub(&self) -> String {
        sub_of(self.pattern, self.salt, self.next)
    }

    pub(crate) fn put(&mut self, at: u64, user: User) {
        self.unindex(at);
        for key in keys(&user) {
            self.index.entry(key).or_default().insert(at);
        }
        self.stored.insert(at, Arc::new(user));
    }

    pub(crate) fn remove(&mut self, at: u64) {
        self.unindex(at);
        self.stored.remove(&at);
        if at < self.crowd.len() {
            self.removed.insert(at);
        }
    }

    fn unindex(&mut self, at: u64) {
        let Some(old) = self.stored.get(&at) else {
            return;
        };
        for key in keys(old) {
            if let Some(places) = self.index.get_mut(&key) {
                places.remove(&at);
                if places.is_empty() {
                    self.index.remove(&key);
                }
            }
        }
    }

    pub(crate) fn by_username(&self, name: &str, case: Case) -> Option<u64> {
        let folded = fold(name);
        self.places("username", Order::Username, &folded)
            .into_iter()
            .find(|&at| self.get(at).is_some_and(|user| case.same(&user.username, name)))
    }

    /// Users whose attribute has this value.
    pub(crate) fn having(&self, attribute: &'static str, value: &str, case: Case) -> Vec<u64> {
        let order = match attribute {
            "sub" => Some(Order::Sub),
            "email" => Some(Order::Email),
            "phone_number" => Some(Order::Phone),
            _ => None,
        };
        let folded = fold(value);
        let places = match order {
            Some(order) => self.places(attribute, order, &folded),
            None => self.indexed(attribute, &folded),
        };
        places
            .into_iter()
            .filter(|&at| {
                self.get(at)
                    .is_some_and(|user| user.attribute(attribute).is_some_and(|found| case.same(found, value)))
            })
            .collect()
    }

    fn indexed(&self, attribute: &'static str, folded: &str) -> Vec<u64> {
        let key = (attribute, folded.to_owned());
        self.index
            .get(&key)
            .map(|places| places.iter().copied().collect())
            .unwrap_or_default()
    }

    fn places(&self, attribute: &'static str, order: Order, folded: &str) -> Vec<u64> {
        let mut places = self.indexed(attribute, folded);
        places.extend(
            self.crowd
                .having(order, folded)
                .into_iter()
                .filter(|at| self.is_computed(*at)),
        );
        places
    }

    /// Whether the crowd's own user stands at this position.
    fn is_computed(&self, at: u64) -> bool {
        at < self.crowd.len() && !self.stored.contains_key(&at) && !self.removed.contains(&at)
    }

    /// The next `limit` users after a place, in the filter's order, and the place to go on from when there is more.
    ///
    /// Filtered lists are sorted by the filtered attribute, ascending (Cognito developer guide, "Searching for
    /// users"). The order of an unfiltered list is undocumented; here it is the position.
    pub(crate) fn page(
        &self,
        filter: Option<&Filter>,
        after: Option<&Place>,
        limit: usize,
    ) -> (Vec<Arc<User>>, Option<Place>) {
        let mut stored = self.stored_after(filter, after, limit + 1).into_iter().peekable();
        let mut computed = self.computed_after(filter, after).peekable();
        let mut users = Vec::new();
        let mut last = after.cloned();
        loop {
            let from_stored = match (stored.peek(), computed.peek()) {
                (None, None) => return (users, None),
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (Some(one), Some(other)) => one < other,
            };
            if users.len() == limit {
                // There is more. A page of size nought goes on from where it started.
                return (users, Some(last.unwrap_or_else(Self::start)));
            }
            let next = if from_stored { stored.next() } else { computed.next() };
            if let Some(place) = next {
                users.extend(self.get(place.1));
                last = Some(place);
            }
        }
    }

    /// A place before every user; positions start at 0, so it needs its own mark.
    fn start() -> Place {
        (String::new(), u64::MAX)
    }

    fn stored_after(&self, filter: Option<&Filter>, after: Option<&Place>, most: usize) -> Vec<Place> {
        let after = after.filter(|place| **place != Self::start());
        match filter {
            None => {
                let from = after.map_or(0, |(_, at)| at + 1);
                self.stored
                    .range(from..)
                    .take(most)
                    .map(|(&at, _)| (String::new(), at))
                    .collect()
            }
            Some(filter) => {
                let mut found: Vec<Place> = self
                    .stored
                    .iter()
                    .filter_map(|(&at, user)| filter.key(user).map(|key| (key, at)))
                    .filter(|place| after.is_none_or(|after| place > after))
                    .collect();
                found.sort_unstable();
                found
            }
        }
    }

    fn computed_after<'a>(
        &'a self,
        filter: Option<&'a Filter>,
        after: Option<&Place>,
    ) -> Box<dyn Iterator<Item = Place> + 'a> {
        let order = match filter {
            None => Some(Order::Number),
            Some(filter) => filter.order(),
        };
        let Some(order) = order else {
            return Box::new(std::iter::empty());
        };
        let mut from = 0;
        if let Some(filter) = filter {
            from = self.crowd.seek(order, (filter.wanted(), 0), Bound::AtOrAfter);
        }
        if let Some((key, at)) = after.filter(|place| **place != Self::start()) {
            from = from.max(self.crowd.seek(order, (key, *at), Bound::After));
        }
        let places = (from..self.crowd.ranks(order))
            .map(move |rank| (rank, self.crowd.key(order, rank)))
            .take_while(move |(_, key)| filter.is_none_or(|filter| filter.takes(key)))
            .filter_map(move |(rank, key)| self.crowd.at(order, rank).map(|at| (key, at)))
            .filter(|(_, at)| self.is_computed(*at));
        Box::new(places)
    }
}

fn keys(user: &User) -> Vec<(&'static str, String)> {
    let mut keys = vec![("username", fold(&user.username))];
    for name in INDEXED {
        keys.extend(user.attribute(name).map(|value| (name, fold(value))));
    }
    keys
}
