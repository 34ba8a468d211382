//! Which key was meant by one that there is not.

use super::table::{Entry, KEYS, REPEATED, Section};
use crate::domain::nearest::nearest;

/// What one kind of file can hold.
pub(super) struct Known {
    pub sections: &'static [&'static Section],
    /// Whether it can have pools, views and keys as well.
    pub lists: bool,
    pub entry: fn(&Entry) -> bool,
    /// What to do where nothing is near.
    pub otherwise: &'static str,
}

impl Known {
    /// "; did you mean ..?", or what to do instead.
    pub fn meant(&self, section: &Section, key: &str) -> String {
        if let Some(key) = nearest(key, self.keys(section)) {
            return format!("; did you mean \"{key}\"?");
        }
        // The very key elsewhere, before a heading that is only like it.
        if let Some(found) = self.elsewhere(|keys| keys.into_iter().find(|known| *known == key)) {
            return found;
        }
        if section.name.is_empty() {
            match nearest(key, self.headings()) {
                Some(heading) if self.repeated().any(|section| section.name == heading) => {
                    return format!("; did you mean [[{heading}]]?");
                }
                Some(heading) => return format!("; did you mean [{heading}]?"),
                None => {}
            }
        }
        self.elsewhere(|keys| nearest(key, keys))
            .unwrap_or_else(|| self.otherwise.to_owned())
    }

    fn elsewhere(&self, find: impl Fn(Vec<&'static str>) -> Option<&'static str>) -> Option<String> {
        self.sections
            .iter()
            .copied()
            .chain(self.repeated())
            .find_map(|section| {
                let key = find(self.keys(section))?;
                Some(match section.brackets() {
                    heading if heading.is_empty() => format!("; did you mean \"{key}\", before the first section?"),
                    heading => format!("; did you mean \"{key}\" in {heading}?"),
                })
            })
    }

    fn keys(&self, section: &Section) -> Vec<&'static str> {
        let known = section.entries.iter().filter(|entry| (self.entry)(entry));
        known.map(|entry| entry.key).collect()
    }

    fn headings(&self) -> impl Iterator<Item = &'static str> {
        let keys = self.lists.then_some(KEYS);
        let repeated = self.repeated().map(|section| section.name);
        self.sections
            .iter()
            .filter(|section| !self.keys(section).is_empty())
            .map(|section| section.name)
            .filter(|name| !name.is_empty())
            .chain(keys)
            .chain(repeated)
    }

    /// The sections of which there may be many.
    fn repeated(&self) -> impl Iterator<Item = &'static Section> {
        let all: &'static [&'static Section] = if self.lists { REPEATED } else { &[] };
        all.iter().copied()
    }
}
