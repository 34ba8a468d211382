//! What a change, a cut and a redaction do to the chain.

use super::*;

/// Takes every value and salt out of a line, as redacting does.
fn redacted(line: &str) -> String {
    fn take_out(value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(take_out),
            Value::Object(members) => {
                if members.contains_key("digest") {
                    members.retain(|name, _| name == "digest");
                }
                members.values_mut().for_each(take_out);
            }
            _ => {}
        }
    }
    let mut value: Value = serde_json::from_str(line).unwrap();
    take_out(&mut value);
    chain::canonical(&value)
}

#[test]
fn taking_values_out_leaves_the_chain_valid_and_open_for_more() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    let before = scratch.text();
    assert!(before.contains("jane"));
    let after: String = before.lines().map(|line| redacted(line) + "\n").collect();
    assert!(
        !after.contains("jane") && !after.contains("Jane") && !after.contains("5f1c-9a02"),
        "{after}"
    );
    assert!(!after.contains("salt"));
    std::fs::write(scratch.file(), after).unwrap();
    assert_eq!(scratch.verify(), Ok(3));

    whole_write(&journal, pool());
    assert_eq!(scratch.verify(), Ok(6));
}

#[test]
fn a_change_of_any_byte_of_a_line_shows() {
    let scratch = Scratch::new();
    whole_write(&scratch.journal(), pool());
    let text = scratch.text();
    let line = text.lines().next().unwrap();
    let hash = chain::check(line).unwrap();
    for index in 0..line.len() {
        let mut bytes = line.as_bytes().to_vec();
        bytes[index] ^= 1;
        let changed = String::from_utf8(bytes).unwrap();
        assert!(chain::check(&changed).is_err(), "byte {index} of {line}");
    }
    // A member that is taken out or doubled is a change as well, even where a JSON reader would not notice.
    let (_, rest) = line.split_once(',').unwrap();
    assert!(chain::check(&format!("{{{rest}")).is_err());
    assert!(chain::check(&line.replacen("\"v\":1", "\"v\":1,\"v\":1", 1)).is_err());
    assert!(chain::check(&line.replacen(':', ": ", 1)).is_err());
    assert_eq!(chain::check(line), Ok(hash));
}

#[test]
fn a_value_without_its_salt_proves_nothing_and_is_refused() {
    let scratch = Scratch::new();
    whole_write(&scratch.journal(), pool());
    let text = scratch.text();
    let mut line: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    line["intent"]["user"]["username"]
        .as_object_mut()
        .unwrap()
        .remove("salt");
    assert!(chain::check(&chain::canonical(&line)).is_err());
}

#[test]
fn lines_taken_away_or_swapped_show() {
    let scratch = Scratch::new();
    let journal = scratch.journal();
    whole_write(&journal, pool());
    whole_write(&journal, pool());
    let text = scratch.text();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let name = "us-east-1_aB3dE5fGh-2026-11.jsonl";
    for (order, bad) in [
        (vec![1, 2, 3, 4, 5], 1),
        (vec![0, 1, 3, 4, 5], 3),
        (vec![0, 2, 1, 3, 4, 5], 2),
    ] {
        let changed: String = order.into_iter().map(|index: usize| lines[index]).collect();
        std::fs::write(scratch.file(), changed).unwrap();
        assert_eq!(scratch.verify(), Err(format!("{name}:{bad}")));
    }
}

#[test]
fn the_canonical_form_is_printable_ascii_and_reads_back() {
    use proptest::prelude::*;
    proptest!(|(text in any::<String>())| {
        let value = Value::String(text);
        let form = chain::canonical(&value);
        prop_assert!(form.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        prop_assert_eq!(serde_json::from_str::<Value>(&form).unwrap(), value);
    });
}
