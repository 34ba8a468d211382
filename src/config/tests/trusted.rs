//! Which file counts as the machine's policy, and that a file which does not is never passed over.

use std::os::unix::fs::symlink;

use super::*;

/// A policy that would allow everything, so that passing over it would be noticed.
const TEXT: &str = "read-only = true\n";

fn me() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// What a start says whose policy is the file at `path`, with the folder's path taken out.
fn refusal(folder: &Folder, path: &Path, owners: Vec<u32>) -> String {
    let errors = load(&Sources {
        flags: Flags::default(),
        env: &|_| None,
        folder: None,
        policy: PolicyFile::for_test(path.to_path_buf(), owners),
    });
    let text = errors.unwrap_err().to_string();
    text.replace(&folder.0.display().to_string(), "POLICY")
}

const UNRELIABLE: &str = "the policy of this machine cannot be relied on, so nothing is started";

#[test]
fn a_good_file_is_read_and_a_missing_one_is_no_policy() {
    let folder = Folder::new();
    let config = Start::default().load(&folder).unwrap();
    assert_eq!((config.policy, config.general.read_only.value), (None, false));
    let path = folder.write_policy(TEXT);
    let config = Start::default().load(&folder).unwrap();
    assert_eq!((config.policy, config.general.read_only.value), (Some(path), true));
    // Neither is a folder that is not there.
    let nowhere = PolicyFile::for_test(folder.path("nowhere/policy.toml"), vec![me()]);
    assert_eq!(nowhere.read(), Ok(None));
}

#[test]
fn nobody_else_may_be_able_to_write_it() {
    for (bits, loose) in [
        (0o644, false),
        (0o444, false),
        (0o640, false),
        (0o600, false),
        (0o664, true),
        (0o646, true),
        (0o620, true),
        (0o602, true),
        (0o666, true),
    ] {
        let folder = Folder::new();
        let path = folder.write_policy(TEXT);
        mode(&path, bits);
        if loose {
            assert_eq!(
                refusal(&folder, &path, vec![me()]),
                format!(
                    "POLICY/policy.toml: {UNRELIABLE}: others can write to it (mode {bits:04o}); as root: chmod go-w 'POLICY/policy.toml'"
                )
            );
        } else {
            assert!(
                Start::default().load(&folder).unwrap().general.read_only.value,
                "{bits:o}"
            );
        }
    }
}

#[test]
fn nor_its_folder() {
    for bits in [0o775, 0o757, 0o777, 0o1777] {
        let folder = Folder::new();
        let path = folder.write_policy(TEXT);
        mode(&folder.0, bits);
        assert_eq!(
            refusal(&folder, &path, vec![me()]),
            format!("POLICY: {UNRELIABLE}: others can write to it (mode {bits:04o}); as root: chmod go-w 'POLICY'")
        );
    }
}

#[test]
fn it_belongs_to_root() {
    let folder = Folder::new();
    let path = folder.write_policy(TEXT);
    let other = me() + 1;
    assert_eq!(
        refusal(&folder, &path, vec![other]),
        format!(
            "POLICY: {UNRELIABLE}: it belongs to the user with the number {}, not to root; as root: chown root 'POLICY'",
            me()
        )
    );
    // The file alone, which takes the right to give it away.
    if std::os::unix::fs::chown(&path, Some(other), None).is_err() {
        println!("not run: only root can give a file to somebody else");
        return;
    }
    let said = refusal(&folder, &path, vec![me()]);
    let expected =
        format!("POLICY/policy.toml: {UNRELIABLE}: it belongs to the user with the number {other}, not to root");
    assert!(said.starts_with(&expected), "{said}");
}

#[test]
fn a_link_leads_nowhere() {
    let folder = Folder::new();
    let real = folder.write_policy(TEXT);
    for target in [real.as_path(), Path::new("/nowhere/at/all")] {
        let link = folder.path("link.toml");
        symlink(target, &link).unwrap();
        let expected = format!("POLICY/link.toml: {UNRELIABLE}: it is a symbolic link; put the file itself there");
        assert_eq!(refusal(&folder, &link, vec![me()]), expected);
        fs::remove_file(link).unwrap();
    }
    let outer = Folder::new();
    symlink(&folder.0, outer.path("etc")).unwrap();
    let expected = format!("POLICY/etc: {UNRELIABLE}: it is a symbolic link; put the file itself there");
    assert_eq!(refusal(&outer, &outer.path("etc/policy.toml"), vec![me()]), expected);
}

#[test]
fn what_is_no_file_or_no_text_is_said() {
    let folder = Folder::new();
    mode(&folder.0, 0o755);
    let path = folder.path("policy.toml");
    let said = |path: &Path| refusal(&folder, path, vec![me()]);

    fs::create_dir(&path).unwrap();
    assert_eq!(
        said(&path),
        format!("POLICY/policy.toml: {UNRELIABLE}: it is not an ordinary file")
    );
    fs::remove_dir(&path).unwrap();

    folder.write_policy("");
    fs::write(&path, b"a = \"\xff\"\n").unwrap();
    assert_eq!(
        said(&path),
        format!("POLICY/policy.toml: {UNRELIABLE}: it is not UTF-8 text")
    );
    fs::write(&path, "#".repeat(1024 * 1024 + 1)).unwrap();
    assert_eq!(
        said(&path),
        format!("POLICY/policy.toml: {UNRELIABLE}: it is larger than 1 MiB")
    );

    let below = path.join("policy.toml");
    assert_eq!(
        said(&below),
        format!("POLICY/policy.toml: {UNRELIABLE}: it is not a folder")
    );
}

#[test]
fn a_file_that_may_not_be_read_is_no_missing_one() {
    if me() == 0 {
        println!("not run: root may read everything");
        return;
    }
    let folder = Folder::new();
    let path = folder.write_policy(TEXT);
    mode(&path, 0o000);
    assert!(refusal(&folder, &path, vec![me()]).contains("it cannot be read: Permission denied"));
    mode(&path, 0o644);
    mode(&folder.0, 0o600);
    assert!(refusal(&folder, &path, vec![me()]).contains("it cannot be read: Permission denied"));
    mode(&folder.0, 0o700);
}

#[test]
fn the_place_is_fixed_and_only_a_program_for_tests_looks_elsewhere() {
    let asked = |name: &str| (name == "COGNITUI_TEST_POLICY").then(|| OsString::from("/elsewhere/policy.toml"));
    let found = PolicyFile::of_this_machine(&asked);
    let fixed = PolicyFile::of_this_machine(&|_| None);
    assert_eq!(found != fixed, cfg!(debug_assertions));
    let expected = option_env!("COGNITUI_POLICY_FILE").unwrap_or("/etc/cognitui/policy.toml");
    assert_eq!(fixed.path(), Path::new(expected));
}
