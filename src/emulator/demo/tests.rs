//! The demo holds what it promises, and nothing that breaks the rules by accident.

use std::collections::BTreeSet;

use super::super::constraint::Pattern;
use super::super::format;
use super::words::{FIRST, LAST};
use super::*;

#[test]
fn word_lists_are_sorted_and_without_twins() {
    assert!(FIRST.is_sorted_by(|one, other| one < other));
    assert!(LAST.is_sorted_by(|one, other| one < other));
}

#[test]
fn pool_ids_have_nine_characters_and_names_are_legal() {
    let mut ids = BTreeSet::new();
    for pool in pools().into_iter().map(PoolSeed::plant) {
        let (region, code) = pool.id.split_once('_').unwrap();
        assert_eq!((region, code.len()), ("us-east-1", 9), "{}", pool.id);
        assert!(Pattern::PoolId.matches(&pool.id));
        assert!(
            Pattern::PoolName.matches(&pool.settings.name),
            "{:?}",
            pool.settings.name
        );
        assert!(ids.insert(pool.id));
    }
}

#[test]
fn every_pool_but_the_empty_one_has_a_hundred_ordinary_people() {
    for pool in pools().into_iter().map(PoolSeed::plant) {
        let users = pool.users.page(None, None, usize::MAX - 1).0;
        let names: BTreeSet<&str> = users.iter().map(|user| user.username.as_str()).collect();
        let subs: BTreeSet<&str> = users.iter().map(|user| user.sub()).collect();
        assert_eq!(names.len(), users.len(), "usernames of {} are unique", pool.id);
        assert_eq!(subs.len(), users.len(), "subs of {} are unique", pool.id);
        let ordinary = users
            .iter()
            .filter(|u| {
                u.enabled && u.status == "CONFIRMED" && u.is_verified("email") && !u.username.contains("hostile")
            })
            .count();
        assert!(pool.users.len() == 0 || ordinary >= 100, "{}: {ordinary}", pool.id);
    }
}

#[test]
fn seeded_values_keep_the_rules_except_where_they_are_meant_to_break_them() {
    for pool in pools().into_iter().map(PoolSeed::plant) {
        for user in pool.users.page(None, None, usize::MAX - 1).0 {
            for (name, value) in &user.attributes {
                let attribute = pool
                    .settings
                    .attribute(name)
                    .unwrap_or_else(|| panic!("{name} in {}", pool.id));
                assert!(value.chars().count() <= 2048);
                attribute
                    .judge(value)
                    .unwrap_or_else(|wrong| panic!("{name} of {}: {wrong:?}", user.username));
            }
            if let Some(email) = user.attribute("email") {
                assert!(format::is_email(email), "{email}");
            }
        }
    }
}

#[test]
fn a_verified_alias_has_one_owner() {
    for pool in pools().into_iter().map(PoolSeed::plant) {
        for contact in ["email", "phone_number"] {
            if !pool.settings.alias_attributes.iter().any(|alias| alias == contact) {
                continue;
            }
            let mut owners = BTreeSet::new();
            for user in pool
                .users
                .page(None, None, usize::MAX - 1)
                .0
                .iter()
                .filter(|u| u.is_verified(contact))
            {
                let value = user.attribute(contact).unwrap_or_default().to_owned();
                assert!(owners.insert(value.clone()), "{value} in {}", pool.id);
            }
        }
    }
}

#[test]
fn the_documented_user_is_there() {
    let pool = customers().plant();
    let jane = pool.users.get(pool.find("jane.doe").unwrap()).unwrap();
    assert_eq!(jane.sub(), "5f1c9a02-7d3e-4b1f-9c55-0a1b2c3d4e5f");
    assert_eq!(pool.find("jane@example.com"), pool.find("jane.doe"));
    assert_eq!(jane.attribute("custom:hireId"), Some("7781"));
    let statuses: BTreeSet<String> = pool
        .users
        .page(None, None, 10_000)
        .0
        .iter()
        .map(|user| user.status.clone())
        .collect();
    assert_eq!(statuses.len(), 8);
}

#[test]
fn the_odd_pool_has_regional_subs() {
    let pool = odd().plant();
    for user in pool.users.page(None, None, 10_000).0 {
        let fixed: String = [1, 3, 5, 7]
            .iter()
            .filter_map(|&at| user.sub().chars().nth(at))
            .collect();
        assert_eq!(fixed, "4848");
    }
}
