//! Names of users and who may take away what.

use super::*;

const USERS: &str = "root:x:0:0:root:/root:/bin/bash\nana.k:x:1001:1001::/home/ana:/bin/sh\nbad name:x:1002:1::/:/bin/sh\n\
                     uid-7:x:1003:1::/:/bin/sh\n+nis\n";

#[test]
fn a_user_has_the_name_of_the_list_or_a_number() {
    assert_eq!(user_name(USERS, 0).as_deref(), Some("root"));
    assert_eq!(user_name(USERS, 1001).as_deref(), Some("ana.k"));
    for none in [7, 1002, 1003] {
        assert_eq!(user_name(USERS, none), None, "{none}");
    }
    for name in ["", "..", ".x", "-x", "a/b", "a b", "ü"] {
        assert!(!is_plain(name), "{name}");
    }
    assert_eq!(user_number("uid-1002"), Some(1002));
    assert_eq!(user_number("uid-x"), None);
    assert!(is_user_name(&os_user()));
    for name in ["ana.k", "uid-0", "uid-1002"] {
        assert!(is_user_name(name), "{name}");
    }
    for name in ["uid-", "uid-x", "uid-+1", "uid-01", "ana\nben", "\u{1b}[2J", "a b"] {
        assert!(!is_user_name(name), "{name}");
    }
}

#[test]
fn a_folder_that_a_group_writes_needs_the_sticky_bit() {
    for (mode, fine) in [
        (0o755, true),
        (0o750, true),
        (0o770, false),
        (0o2770, false),
        (0o3770, true),
        (0o777, false),
        (0o1777, true),
    ] {
        assert_eq!(check_shared(Mode::from_raw_mode(mode)).is_ok(), fine, "{mode:o}");
    }
}
