//! What is said on standard error: the difference, the consequences and the outcome, in the console's own words where
//! it has them, and without its keys.

use crate::app::core::headline;
use crate::app::writes::{applied_line, not_sent_line, waiting_line};
use crate::domain::consequence::{self, Changes, Consequence, Delivery, Known, Weight};
use crate::domain::fault::Access;
use crate::domain::sentence::Part;
use crate::domain::{
    AttributeName, AttributeValue, Change, ChangeSet, CodeDelivery, Contact, Fault, FaultKind, Operation, Outcome,
    Pool, Raw, Route, Sentence,
};
use crate::job::{Step, Submitted};
use crate::say;

use crate::cli::conversation::News;

/// Said of a write whose end nobody knows.
pub(super) const READ_BACK: &str = "next: the same command with --dry-run reads what is there now and sends nothing; sending again may send a second message";

/// `  email: jane@example.com -> jane.new@example.com`, a line for each change.
pub(super) fn difference(changes: &ChangeSet) -> Vec<Sentence> {
    changes.changes().iter().map(changed).collect()
}

fn changed(change: &Change) -> Sentence {
    let line = say!("  ", raw change.name.raw(), ": ");
    let line = match &change.before {
        Some(before) => line.quote(before.raw()),
        None => line.words("not set"),
    };
    let line = line.words(" -> ");
    let line = match change.edit.value() {
        Some(value) => line.quote(value.raw()),
        None => line.words("deleted"),
    };
    if change.is_same_value() {
        line.words(" (sent all the same)")
    } else {
        line
    }
}

/// `  email  a code goes by e-mail to ..`, warnings with a mark in front.
pub(super) fn consequence(consequence: &Consequence) -> Sentence {
    let mark = match consequence.weight {
        Weight::Note => "  ",
        Weight::Warn => "! ",
    };
    Sentence::from(mark)
        .words(format!("{:<8} ", consequence.topic))
        .join(consequence.lines.clone())
}

pub(super) fn news(news: &News) -> Sentence {
    match news {
        News::Step(Step::Throttled { attempt, of, wait }) => format!(
            "refused for rate, {attempt} of {of}: sent again in {} s",
            wait.as_secs()
        )
        .into(),
        News::Stopping => {
            "stopping: nothing more goes out, and what has gone out is waited for; a second signal does not wait".into()
        }
    }
}

/// What is known of a fault, without the keys that the console would offer.
pub(in crate::cli) fn fault(fault: &Fault, access: Access, profile: Option<&str>) -> Vec<Sentence> {
    let mut lines = vec![headline(fault), fault.meaning()];
    if access == Access::Write {
        lines.push(fault.what_changed(access));
    }
    lines.extend(without_keys(&fault.next_step_with(profile)).map(|next| Sentence::from("next: ").join(next)));
    if let Some(id) = &fault.request_id {
        lines.push(say!("request id ", raw id));
    }
    lines
}

/// A next step that names no key. `None`: pressing keys is all it says.
fn without_keys(next: &Sentence) -> Option<Sentence> {
    let mut parts = next.parts().to_vec();
    if let Some(Part::Words(last)) = parts.last_mut() {
        let ends = ["; then r", ", then r", ", then r reads what is there now"];
        if let Some(cut) = ends.into_iter().find_map(|end| last.strip_suffix(end)) {
            *last = cut.to_owned().into();
        }
    }
    let keys = |words: &str| {
        words
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word.len() == 1 && word != "a")
    };
    let names_keys = parts
        .iter()
        .any(|part| matches!(part, Part::Words(words) if keys(words)));
    (!names_keys).then(|| {
        parts.into_iter().fold(Sentence::new(), |sentence, part| match part {
            Part::Words(words) => sentence.words(words),
            Part::Quoted(raw) => sentence.quote(&raw),
            Part::Named(raw) => sentence.name(&raw),
        })
    })
}

/// The outcome and what belongs to it.
pub(super) fn outcome(
    operation: &Operation,
    submitted: &Submitted,
    pool: &Known<&Pool>,
    profile: Option<&str>,
) -> Vec<Sentence> {
    let word = |line: Sentence| say!(own submitted.outcome.word(), ": ").join(line);
    let mut lines = match &submitted.outcome {
        Outcome::Applied => vec![word(applied_line(operation))],
        Outcome::Waiting => vec![word(waiting_line(operation, submitted))],
        Outcome::NotSent(_) => vec![word(not_sent_line(submitted))],
        Outcome::Differs(drifts) => {
            let names = names(drifts.iter().map(|drift| &drift.name));
            vec![word(say!("sent, and another value is there now: ").join(names))]
        }
        Outcome::Refused(why) => {
            let mut lines = fault(why, Access::Write, profile);
            if let Some(first) = lines.first_mut() {
                *first = word(std::mem::take(first));
            }
            lines
        }
        Outcome::Unknown(why) => unknown(why, submitted, profile, &word),
    };
    match &submitted.outcome {
        Outcome::Applied | Outcome::Waiting | Outcome::Differs(_) => match &submitted.late {
            Some(late) => {
                lines.push(say!("the service answered ").join(headline(late)));
                lines.push(late.meaning());
                lines.push("whether a message went out is not known".into());
            }
            None => lines.extend(messages(operation, submitted, pool)),
        },
        Outcome::Refused(_) | Outcome::NotSent(_) | Outcome::Unknown(_) => {}
    }
    lines.extend(after(submitted, profile));
    lines
}

fn unknown(
    why: &Fault,
    submitted: &Submitted,
    profile: Option<&str>,
    word: &dyn Fn(Sentence) -> Sentence,
) -> Vec<Sentence> {
    let accepted = submitted.unread.as_ref() == Some(why);
    let mut lines = if accepted {
        vec![word("the service accepted it, but it could not be read back".into())]
    } else {
        vec![word("no answer that settles it; it may have been applied".into())]
    };
    lines.extend(fault(why, Access::Read, profile).into_iter().filter(|line| {
        // The console's next step is to read; here that is a command of its own.
        accepted || !line.plain().starts_with("next: ")
    }));
    lines.push(READ_BACK.into());
    lines
}

fn in_words(value: Option<&AttributeValue>) -> Raw {
    value.map_or_else(|| Raw::from("not set"), |value| value.raw().clone())
}

/// Messages: as reported on the user's own route, as expected on the administrator's.
fn messages(operation: &Operation, submitted: &Submitted, pool: &Known<&Pool>) -> Vec<Sentence> {
    if operation.route() == Route::Own {
        return submitted.reported.iter().map(CodeDelivery::sentence).collect();
    }
    let Some(changes) = operation.changes() else {
        return Vec::new();
    };
    Contact::ALL
        .into_iter()
        .filter(|contact| changes.get(&contact.attribute()).is_some())
        .map(
            |contact| match consequence::expected_delivery(pool, Changes::Set(changes), contact) {
                expected @ Delivery::Expected { .. } => expected.sentence(),
                Delivery::None => say!("message for ", own contact.name(), ": none"),
                Delivery::NotKnown => say!("message for ", own contact.name(), ": not known"),
            },
        )
        .collect()
}

/// What is said behind every outcome.
fn after(submitted: &Submitted, profile: Option<&str>) -> Vec<Sentence> {
    let mut lines = Vec::new();
    for drift in &submitted.moved.touched {
        let (read, now) = (in_words(drift.expected.as_ref()), in_words(drift.now.as_ref()));
        lines.push(say!("  ", raw drift.name.raw(), ": read as ", raw &read, ", is ", raw &now));
    }
    if !submitted.moved.also.is_empty() {
        let also = names(submitted.moved.also.iter().map(|drift| &drift.name));
        lines.push(say!("also changed by someone else: ").join(also));
    }
    if let Some(why) = submitted.unread.as_ref().filter(|why| !is_of(&submitted.outcome, why)) {
        match submitted.outcome {
            Outcome::NotSent(_) => {
                lines.push("could not be read again before sending".into());
                lines.extend(fault(why, Access::Read, profile));
            }
            _ => lines.push(say!("not read back: ").join(headline(why))),
        }
    }
    if submitted.stopped {
        lines.push("stopped before it went out".into());
    }
    lines.extend(submitted.notices.iter().cloned());
    lines
}

fn is_of(outcome: &Outcome, fault: &Fault) -> bool {
    matches!(outcome, Outcome::Refused(own) | Outcome::Unknown(own) if own == fault)
}

fn names<'a>(names: impl Iterator<Item = &'a AttributeName>) -> Sentence {
    let mut sentence = Sentence::new();
    for name in names {
        if !sentence.is_empty() {
            sentence = sentence.words(", ");
        }
        sentence = sentence.quote(name.raw());
    }
    sentence
}

/// Whether a reading that failed says that something here has to be set right, rather than at the service.
pub(in crate::cli) fn is_of_this_machine(fault: &Fault) -> bool {
    matches!(
        fault.kind,
        FaultKind::NoCredentials | FaultKind::SsoExpired | FaultKind::Local
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::{codes, words_for};

    #[test]
    fn no_next_step_tells_a_script_to_press_a_key() {
        let mut kept = 0;
        for code in codes() {
            let next = Sentence::from(words_for(code).unwrap().next);
            let Some(said) = without_keys(&next) else {
                continue;
            };
            kept += 1;
            let said = said.plain();
            assert!(!said.is_empty(), "{code}");
            assert!(
                !said
                    .split_whitespace()
                    .any(|word| matches!(word.trim_end_matches([',', ';']), "r" | "u" | "v" | "x")),
                "{code}: {said}"
            );
        }
        assert!(kept > 20, "most codes have a step that is no key: {kept}");
        let plain = |text: &'static str| without_keys(&text.into()).map(|said| said.plain());
        assert_eq!(plain("wait a moment, then r").as_deref(), Some("wait a moment"));
        assert_eq!(
            plain("wait a moment, then r reads what is there now").as_deref(),
            Some("wait a moment")
        );
        assert_eq!(plain("r reads what is there now"), None);
        assert_eq!(
            plain("check the endpoint; then r").as_deref(),
            Some("check the endpoint")
        );
        assert_eq!(plain("sign in as a user").as_deref(), Some("sign in as a user"));
    }

    #[test]
    fn a_profile_stays_quoted_in_the_step_that_renews_it() {
        let gone = Fault::transport("GetUser", FaultKind::SsoExpired, "gone");
        let lines = fault(&gone, Access::Read, Some("support"));
        let text: Vec<String> = lines.iter().map(Sentence::plain).collect();
        assert!(
            text.contains(&"next: aws sso login --profile support in another terminal".to_owned()),
            "{text:?}"
        );
    }
}
