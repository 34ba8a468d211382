//! How often each value of a column occurs.
//!
//! Every count is exact, however many different values there are: looking takes eight bytes a user, and of what is found
//! only the most frequent values are kept.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::column::Column;
use super::raw::Raw;
use super::roster::{Row, RowId, Rows};
use super::same::Same;
use super::search::RowList;

/// How many different values are kept: nobody reads on behind the thousandth.
pub const MOST: usize = 1_000;

/// One value and how many users have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    pub value: Raw,
    pub users: usize,
}

/// The values of a column, the most frequent first.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakdown {
    pub of: Column,
    /// At most [`MOST`]; where two are as frequent, the one that arrived first is first.
    pub values: Vec<Counted>,
    /// How many different values there are, those beyond [`MOST`] included.
    pub different: usize,
    pub not_set: usize,
    pub looked_at: usize,
}

/// Counts the values of a column. `among`: of these users alone, and `None` of all. `None`: `stopped` said so.
pub fn breakdown(rows: &Rows, of: &Column, among: Option<&RowList>, stopped: &dyn Fn() -> bool) -> Option<Breakdown> {
    let mut same = Same::new();
    let mut not_set = 0_usize;
    let mut looked_at = 0_usize;
    let mut look = |id, row| {
        looked_at += 1;
        match text(of, row) {
            Some(value) => same.put(id, &value),
            None => not_set += 1,
        }
    };
    match among {
        None => super::same::each(rows, stopped, look)?,
        Some(some) => {
            for (at, id) in some.iter().enumerate() {
                if at % 1_024 == 0 && stopped() {
                    return None;
                }
                if let Some(row) = rows.get(id) {
                    look(id, row);
                }
            }
        }
    }
    let mut different = 0_usize;
    let mut most: BinaryHeap<Reverse<(usize, Reverse<RowId>)>> = BinaryHeap::new();
    same.sets(
        |id| text(of, rows.get(id)?),
        stopped,
        |set| {
            different += 1;
            if let Some(first) = set.first() {
                most.push(Reverse((set.len(), Reverse(*first))));
                if most.len() > MOST {
                    most.pop();
                }
            }
        },
    )?;
    let values = most
        .into_sorted_vec()
        .into_iter()
        .filter_map(|Reverse((users, Reverse(first)))| {
            let value = text(of, rows.get(first)?)?;
            Some(Counted {
                value: Raw::from(value.into_owned()),
                users,
            })
        })
        .collect();
    Some(Breakdown {
        of: of.clone(),
        values,
        different,
        not_set,
        looked_at,
    })
}

/// The value as it is counted: moments by their day, because nearly every one of them is different.
fn text<'a>(of: &Column, row: Row<'a>) -> Option<Cow<'a, str>> {
    let day = |at: jiff::Timestamp| Cow::Owned(at.strftime("%Y-%m-%d").to_string());
    match of {
        Column::Created => row.created().map(day),
        Column::Changed => row.changed().map(day),
        other => other.value(row),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::domain::user::Source;
    use crate::domain::{AttributeName, AttributeValue, Roster, Segment, User, UserStatus, Username};
    use jiff::Timestamp;
    use proptest::prelude::*;

    fn rows(values: &[Option<String>]) -> Rows {
        let users: Vec<User> = values
            .iter()
            .enumerate()
            .map(|(at, value)| User {
                username: Username::new(at.to_string()),
                attributes: value
                    .iter()
                    .map(|value| (AttributeName::new("custom:tier"), AttributeValue::new(value.as_str())))
                    .collect(),
                status: UserStatus::Confirmed,
                enabled: at % 3 > 0,
                created: Timestamp::from_second(1_700_000_000 + i64::try_from(at).unwrap()).ok(),
                changed: None,
                source: Source::List,
                read_at: Timestamp::UNIX_EPOCH,
            })
            .collect();
        let mut roster = Roster::default();
        roster.add(&Arc::new(Segment::pack(&users)));
        roster.rows().clone()
    }

    fn tier() -> Column {
        Column::parse("custom:tier")
    }

    fn counts(breakdown: &Breakdown) -> Vec<(&str, usize)> {
        let each = breakdown.values.iter();
        each.map(|counted| (counted.value.as_str(), counted.users)).collect()
    }

    #[test]
    fn the_most_frequent_is_first_and_what_is_not_set_is_counted() {
        let some = ["gold", "silver", "", "silver", "bronze", ""].map(|value| match value {
            "" => None,
            value => Some(value.to_owned()),
        });
        let rows = rows(&some);
        let found = breakdown(&rows, &tier(), None, &|| false).unwrap();
        assert_eq!(counts(&found), [("silver", 2), ("gold", 1), ("bronze", 1)]);
        assert_eq!((found.different, found.not_set, found.looked_at), (3, 2, 6));
        let some = breakdown(
            &rows,
            &tier(),
            Some(&RowList::Ordered([0, 1, 2].map(RowId).to_vec())),
            &|| false,
        )
        .unwrap();
        assert_eq!(counts(&some), [("gold", 1), ("silver", 1)]);
        assert_eq!((some.not_set, some.looked_at), (1, 3));
        assert_eq!(breakdown(&rows, &tier(), None, &|| true), None);
    }

    #[test]
    fn facts_are_counted_too_and_moments_by_their_day() {
        let rows = rows(&[None, None, None, None]);
        let enabled = breakdown(&rows, &Column::Enabled, None, &|| false).unwrap();
        assert_eq!(counts(&enabled), [("false", 2), ("true", 2)]);
        let created = breakdown(&rows, &Column::Created, None, &|| false).unwrap();
        assert_eq!(counts(&created), [("2023-11-14", 4)]);
        let changed = breakdown(&rows, &Column::Changed, None, &|| false).unwrap();
        assert_eq!((changed.different, changed.not_set), (0, 4));
    }

    #[test]
    fn of_very_many_values_the_most_frequent_are_kept_and_all_are_counted() {
        let mut values: Vec<Option<String>> = (0..3_000).map(|at| Some(format!("v{at}"))).collect();
        values.extend([Some("v2999".to_owned()), Some("v2999".to_owned())]);
        let found = breakdown(&rows(&values), &tier(), None, &|| false).unwrap();
        assert_eq!((found.values.len(), found.different), (MOST, 3_000));
        assert_eq!(counts(&found)[..2], [("v2999", 3), ("v0", 1)]);
    }

    proptest! {
        #[test]
        fn counts_are_those_of_counting(values in prop::collection::vec(prop::option::of("[a-c]{1,2}"), 0..60)) {
            let mut expected: BTreeMap<&str, usize> = BTreeMap::new();
            for value in values.iter().flatten() {
                *expected.entry(value).or_default() += 1;
            }
            let rows = rows(&values);
            let found = breakdown(&rows, &tier(), None, &|| false).unwrap();
            prop_assert_eq!(found.different, expected.len());
            prop_assert!(found.values.is_sorted_by(|one, other| one.users >= other.users));
            let counted: BTreeMap<&str, usize> = counts(&found).into_iter().collect();
            prop_assert_eq!(counted, expected);
        }
    }
}
