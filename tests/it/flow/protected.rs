//! What protects a pool and its users: by name, by the pool's own setting, by a list of users, and by a policy that
//! nobody at the keyboard lifts.

use cognitui::app::session::View;
use cognitui::domain::guard::{Because, NamePattern, ProtectedUser, Unlisted};
use cognitui::domain::{PoolId, Raw, Username};
use cognitui::emulator::{Fault, Seed};

use super::demo::{CUSTOMERS, SHOP};
use super::scene::{open_form, setup};
use super::stage::{Setup, Stage, rules};

const GROUPS: &str = "AdminListGroupsForUser";

/// The shop, whose name is `shop-prod`.
fn by_name() -> Setup {
    setup(SHOP, "jane.doe")
        .change(|settings| settings.guards.protected_names = vec![NamePattern::new("*PROD*").unwrap()])
}

#[test]
fn a_name_protects_a_pool_on_every_frame() {
    let mut stage = by_name().start();
    for keys in ["", "e", "<ctrl-s>", "?", "<esc>", "<tab>"] {
        stage.keys(keys);
        assert!(stage.header().contains("PROTECTED write"), "{}", stage.header());
    }
    let mut stage = by_name().start();
    stage.keys("e").set("nickname", "JJ").keys("<ctrl-s>");
    stage.keys("SUP-1<enter>");
    stage.shows("PROTECTED: type its name, shop-prod");
    stage.keys("<tab><tab><enter>");
    stage.answers("this pool is protected");
    stage.sent_nothing();
    stage.keys("shop-prod<enter><tab><enter>");
    stage.ended("applied", &[]);
}

#[test]
fn a_name_that_no_pattern_has_protects_nothing() {
    let mut stage = by_name()
        .change(|settings| settings.guards.protected_names = vec![NamePattern::new("live-*").unwrap()])
        .start();
    assert!(!stage.header().contains("PROTECTED"), "{}", stage.header());
    stage.keys("e").set("nickname", "JJ").send();
    stage.ended("applied", &[]);
}

#[test]
fn before_the_name_is_known_it_counts_as_protected_and_nothing_is_sent() {
    let mut stage = by_name()
        .service(|service| service.inject(Fault::denied("DescribeUserPool").always()))
        .start();
    assert!(stage.header().contains("PROTECTED"), "{}", stage.header());
    stage.keys(":disable<enter>SUP-1<enter>");
    stage.keys("jane.doe<enter><tab><tab><tab><enter>");
    stage.keys("<tab><enter><tab><enter><tab><enter>");
    assert!(stage.calls("AdminDisableUser").is_empty());
}

#[test]
fn the_config_s_own_name_does_not_hide_the_service_s() {
    let mut stage = by_name()
        .change(|settings| {
            settings.favourites[0].name = Some(Raw::from("playground"));
            rules(settings).name = Some(Raw::from("playground"));
        })
        .start();
    stage.keys("jk");
    assert!(stage.header().contains("PROTECTED write"), "{}", stage.header());
}

/// The shop is listed, customers is not.
fn unlisted(rule: Unlisted, by: Because) -> Setup {
    let mut setup = Setup::new(Seed::demo(), &[SHOP]).change(|settings| {
        settings.guards.unlisted = rule;
        settings.guards.unlisted_by = by;
        settings.guards.policy = by == Because::Policy;
    });
    setup.settings.pool = Some(PoolId::new(CUSTOMERS));
    setup
}

#[test]
fn an_unlisted_pool_can_be_kept_for_reading() {
    for (by, words) in [
        (
            Because::Policy,
            "the policy of this machine opens such a pool for reading only",
        ),
        (Because::Setting, "(unlisted-pools)"),
    ] {
        let mut stage = unlisted(Unlisted::ReadOnly, by).start();
        assert!(stage.header().contains("read only"), "{}", stage.header());
        assert_eq!(
            stage.header().contains("policy"),
            by == Because::Policy,
            "{}",
            stage.header()
        );
        stage.keys("W");
        stage.answers(words);
        assert!(stage.app().overlay.is_none());
        stage.keys(":write-mode<enter>");
        assert!(!stage.session().may_write());
    }
}

#[test]
fn an_unlisted_pool_can_be_kept_closed() {
    let stage = unlisted(Unlisted::Refuse, Because::Policy).start();
    assert!(stage.app().session.is_none());
    stage.answers("does not open: it is not in the config, and the policy of this machine keeps such pools closed");
    assert!(stage.calls("ListUsers").is_empty() && stage.calls("DescribeUserPool").is_empty());
    // The list of pools leads there no more than an id does.
    let mut stage = unlisted(Unlisted::Refuse, Because::Setting)
        .change(|settings| settings.pool = None)
        .start();
    for _ in 0..6 {
        stage.keys("<enter>");
        if let Some(session) = &stage.app().session {
            assert_eq!(session.id().as_str(), SHOP);
            stage.keys("p");
        }
        stage.keys("j");
    }
}

#[test]
fn a_pool_of_the_config_that_does_not_count_as_listed_stays_closed() {
    let stage = Setup::new(Seed::demo(), &[SHOP, CUSTOMERS])
        .change(|settings| {
            settings.guards.unlisted = Unlisted::Refuse;
            settings.guards.unlisted_by = Because::Policy;
            settings.guards.only = Some([PoolId::new(SHOP)].into());
            settings.pool = Some(PoolId::new(CUSTOMERS));
        })
        .start();
    assert!(stage.app().session.is_none());
    stage
        .answers("the config lists it, but it does not count as listed (listed-pools), and the policy of this machine");
    assert!(stage.calls("ListUsers").is_empty() && stage.calls("DescribeUserPool").is_empty());
}

#[test]
fn the_policy_s_read_only_cannot_be_lifted_and_the_key_says_whose_it_is() {
    let mut stage = setup(CUSTOMERS, "jane.doe")
        .change(|settings| {
            settings.guards.read_only = Some(Because::Policy);
            settings.guards.policy = true;
        })
        .start();
    assert!(
        stage.header().trim_end().ends_with("read only policy"),
        "{}",
        stage.header()
    );
    stage.keys("W");
    stage.answers("the policy of this machine allows reading only");
    stage.keys("e");
    assert_ne!(stage.view(), View::Edit);
}

#[test]
fn the_word_policy_stands_beside_the_mode() {
    let stage = setup(CUSTOMERS, "jane.doe")
        .change(|settings| settings.guards.policy = true)
        .start();
    assert!(
        stage.header().trim_end().ends_with("write policy"),
        "{}",
        stage.header()
    );
    let stage = Setup::new(Seed::demo(), &[CUSTOMERS])
        .change(|settings| {
            settings.guards.policy = true;
            settings.pool = None;
        })
        .start();
    assert!(stage.header().trim_end().ends_with("policy"), "{}", stage.header());
}

fn protected(user: ProtectedUser) -> Setup {
    setup(CUSTOMERS, "jane.doe").change(|settings| settings.guards.protected_users = vec![user])
}

/// Tries what edits, on a form that is open, and every step.
#[track_caller]
fn nothing_can_be_changed(stage: &mut Stage) {
    for keys in ["<enter>", "x", "v", "<ctrl-s>"] {
        stage.keys(keys);
        stage.answers("the form is locked");
        assert_eq!(stage.view(), View::Edit, "{keys}");
    }
    stage.paste("x");
    stage.answers("the form is locked");
    stage.shows("the form is locked");
    assert!(stage.pending().is_empty());
    stage.keys("<esc>");
    for deed in ["disable", "reset-password"] {
        stage.keys(&format!(":{deed}<enter>"));
        assert_eq!(stage.view(), View::Deed);
        stage.keys("<tab><enter>");
        assert_eq!(
            stage.view(),
            View::User,
            "Cancel is the only button: {}",
            stage.screen()
        );
    }
    stage.sent_nothing();
    assert!(stage.calls("AdminDisableUser").is_empty() && stage.calls("AdminResetUserPassword").is_empty());
}

#[test]
fn a_protected_user_opens_locked_by_name_sub_and_group() {
    let sub = Setup::new(Seed::demo(), &[CUSTOMERS])
        .start()
        .emulator
        .user(CUSTOMERS, "jane.doe")
        .unwrap()
        .attribute("sub")
        .unwrap()
        .to_owned();
    let group = {
        let mut stage = setup(CUSTOMERS, "jane.doe").start();
        stage.keys("d");
        let groups = stage.session().user.as_ref().unwrap().groups.ready().unwrap().clone();
        groups.first().expect("jane is in a group").clone()
    };
    for user in [
        ProtectedUser::Username(Username::new("jane.doe")),
        ProtectedUser::Sub(sub),
        ProtectedUser::Group(group),
    ] {
        let by_group = matches!(user, ProtectedUser::Group(_));
        let mut stage = open_form(protected(user));
        stage.shows("this user is protected, and not changed from here (protected-users)");
        assert_eq!(
            stage.count(GROUPS) > 0,
            by_group,
            "asked only where a rule names a group"
        );
        nothing_can_be_changed(&mut stage);
    }
}

#[test]
fn nothing_is_sent_before_the_groups_are_known() {
    let rule = || ProtectedUser::Group(Raw::from("auditors"));
    let mut stage = protected(rule()).start();
    stage.keys_before_answers("e<enter>");
    stage.answers("the user's groups are still being read");
    stage.settle();
    stage.set("nickname", "JJ").send();
    stage.ended("applied", &[]);

    let denied = Fault::denied(GROUPS).always();
    let mut stage = open_form(protected(rule()).service(move |service| service.inject(denied)));
    stage.keys("<enter>");
    stage.answers("the user's groups are not known");
    stage.emulator.heal();
    stage.keys("r<enter>");
    assert!(
        stage.session().edit.as_ref().unwrap().field.is_some(),
        "{}",
        stage.screen()
    );
}

#[test]
fn somebody_who_became_protected_since_the_review_is_left_alone() {
    let mut stage = open_form(protected(ProtectedUser::Group(Raw::from("auditors"))));
    stage.set("nickname", "JJ").keys("<ctrl-s><tab>");
    stage.emulator.change_user(CUSTOMERS, "jane.doe", |user| {
        user.groups.insert("auditors".to_owned());
    });
    stage.keys("<enter>");
    stage.sent_nothing();
    stage.ended("NOT SENT", &["UserProtected"]);
}

#[test]
fn in_a_protected_pool_no_single_key_does_anything_dangerous() {
    let mut stage = by_name().start();
    stage.keys("a");
    for key in ["<enter>", "j<enter>"] {
        stage.keys(key);
        stage.keys("<esc>a");
    }
    stage.keys("<esc>");
    // Once armed, who is shut out is typed all the same, each time.
    for round in 0..2 {
        let armed = if round == 0 { "shop-prod<enter>" } else { "" };
        stage.keys(&format!(":disable<enter>SUP-1<enter>{armed}"));
        stage.keys("<tab><tab><enter>");
        stage.answers("type the username first");
        stage.keys("<esc>");
    }
    assert!(stage.calls("AdminDisableUser").is_empty());
    assert!(stage.journal().is_empty());
}

#[test]
fn one_key_drops_the_writer_and_the_name_builds_another() {
    let mut stage = setup(SHOP, "jane.doe").start();
    stage.keys("W");
    assert!(!stage.session().may_write());
    stage.keys("W<enter>");
    assert!(!stage.session().may_write());
    stage.keys("shop-prod<enter>");
    assert!(stage.session().may_write());
    stage.keys("e").set("nickname", "JJ").send();
    stage.ended("applied", &[]);
}
