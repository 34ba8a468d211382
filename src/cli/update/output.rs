//! The result as data on standard output: the service's own member as the service shapes it, and everything of this
//! program in one object beside it.

use serde::Serialize;

use crate::cli::json::printable;
use crate::domain::consequence::{Consequence, Weight};
use crate::domain::{ChangeSet, Fault, Operation, Outcome, PoolId, Raw, Sentence, User};
use crate::job::Submitted;
use crate::view::text::{Charset, Shown, sentence, shown};

/// Everything that the result is told from.
pub(super) struct Told<'a> {
    pub pool: &'a PoolId,
    /// As read before.
    pub user: &'a User,
    pub what: What<'a>,
}

/// How far it came.
pub(super) enum What<'a> {
    /// Everything was as asked for already.
    Nothing,
    /// `--dry-run`.
    Dry {
        operation: &'a Operation,
        consequences: &'a [Consequence],
        /// What a run that sends would be refused for.
        missing: &'a [Sentence],
    },
    Sent {
        operation: &'a Operation,
        consequences: &'a [Consequence],
        submitted: &'a Submitted,
    },
}

#[derive(Serialize)]
struct Document<'a> {
    /// Only where the service reported: an empty list says that it reported no message.
    #[serde(rename = "CodeDeliveryDetailsList", skip_serializing_if = "Option::is_none")]
    deliveries: Option<Vec<Delivery<'a>>>,
    cognitui: Ours<'a>,
}

/// CodeDeliveryDetailsType, in the order of the API reference.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Delivery<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    destination: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_medium: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribute_name: Option<&'a str>,
}

/// What this program has to say. Nothing that is absent is guessed: `null` is "not set" or "there is none".
#[derive(Serialize)]
struct Ours<'a> {
    outcome: &'static str,
    operation: Option<&'static str>,
    user_pool_id: &'a str,
    username: &'a str,
    sub: Option<&'a str>,
    attributes: Vec<Attribute<'a>>,
    consequences: Vec<Expected>,
    request_id: Option<&'a str>,
    journal_id: Option<&'a str>,
    error: Option<Error<'a>>,
    /// What someone else changed between the reading and the sending, where that stopped it.
    changed_meanwhile: Vec<Changed<'a>>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Attribute<'a> {
    name: &'a str,
    before: Option<&'a str>,
    /// `null`: to be deleted.
    asked: Option<&'a str>,
    /// Absent: it was not read after the write.
    #[serde(skip_serializing_if = "Option::is_none")]
    now: Option<Option<&'a str>>,
}

#[derive(Serialize)]
struct Expected {
    topic: &'static str,
    warning: bool,
    text: String,
}

#[derive(Serialize)]
struct Error<'a> {
    operation: &'static str,
    code: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct Changed<'a> {
    name: &'a str,
    before: Option<&'a str>,
    now: Option<&'a str>,
}

impl<'a> Told<'a> {
    fn word(&self) -> &'static str {
        match &self.what {
            What::Nothing => "nothing to do",
            What::Dry { .. } => "dry run",
            What::Sent { submitted, .. } => submitted.outcome.word(),
        }
    }

    fn operation(&self) -> Option<&'a Operation> {
        match &self.what {
            What::Nothing => None,
            What::Dry { operation, .. } | What::Sent { operation, .. } => Some(operation),
        }
    }

    fn submitted(&self) -> Option<&'a Submitted> {
        match &self.what {
            What::Sent { submitted, .. } => Some(submitted),
            What::Nothing | What::Dry { .. } => None,
        }
    }

    fn consequences(&self) -> &'a [Consequence] {
        match &self.what {
            What::Nothing => &[],
            What::Dry { consequences, .. } | What::Sent { consequences, .. } => consequences,
        }
    }

    /// The service answers UpdateUserAttributes with this member and nothing else does.
    fn deliveries(&self) -> Option<Vec<Delivery<'a>>> {
        let submitted = self.submitted()?;
        let answered = submitted.late.is_none()
            && matches!(
                submitted.outcome,
                Outcome::Applied | Outcome::Waiting | Outcome::Differs(_)
            );
        let reports = matches!(self.operation(), Some(Operation::OwnUpdate(_)));
        let told = !submitted.reported.is_empty();
        ((reports && answered) || told).then(|| {
            submitted
                .reported
                .iter()
                .map(|delivery| Delivery {
                    destination: delivery.destination.as_ref().map(Raw::as_str),
                    delivery_medium: delivery.medium.as_ref().map(Raw::as_str),
                    attribute_name: delivery.attribute.as_ref().map(Raw::as_str),
                })
                .collect()
        })
    }

    fn attributes(&self) -> Vec<Attribute<'a>> {
        let changes = self.operation().and_then(Operation::changes);
        let now = self.submitted().and_then(|submitted| submitted.now.as_deref());
        changes
            .map(ChangeSet::changes)
            .unwrap_or_default()
            .iter()
            .map(|change| Attribute {
                name: change.name.as_str(),
                before: change.before.as_ref().map(|value| value.as_str()),
                asked: change.edit.value().map(|value| value.as_str()),
                now: now.map(|user| user.get(&change.name).map(|value| value.as_str())),
            })
            .collect()
    }

    fn error(&self) -> Option<&'a Fault> {
        let submitted = self.submitted()?;
        match &submitted.outcome {
            Outcome::Refused(fault) | Outcome::Unknown(fault) => Some(fault),
            _ => submitted.late.as_ref().or(submitted.unread.as_ref()),
        }
    }

    fn document(&self) -> Document<'a> {
        let submitted = self.submitted();
        Document {
            deliveries: self.deliveries(),
            cognitui: Ours {
                outcome: self.word(),
                operation: self.operation().map(Operation::name),
                user_pool_id: self.pool.as_str(),
                username: self.user.username.as_str(),
                sub: self.user.sub(),
                attributes: self.attributes(),
                consequences: self
                    .consequences()
                    .iter()
                    .map(|consequence| Expected {
                        topic: consequence.topic,
                        warning: consequence.weight == Weight::Warn,
                        text: consequence.lines.plain(),
                    })
                    .collect(),
                request_id: submitted
                    .and_then(|submitted| submitted.request_id.as_ref())
                    .map(Raw::as_str),
                journal_id: submitted
                    .and_then(|submitted| submitted.journal_id.as_ref())
                    .map(Raw::as_str),
                error: self.error().map(|fault| Error {
                    operation: fault.operation,
                    code: fault.code.as_str(),
                    message: fault.message.as_str(),
                }),
                changed_meanwhile: submitted.map(changed_meanwhile).unwrap_or_default(),
                notes: self.notes().iter().map(Sentence::plain).collect(),
            },
        }
    }

    /// What else is to be said: of the journal and the reading back, or of what a dry run would have needed.
    fn notes(&self) -> &[Sentence] {
        match &self.what {
            What::Nothing => &[],
            What::Dry { missing, .. } => missing,
            What::Sent { submitted, .. } => &submitted.notices,
        }
    }

    /// One JSON document with a final newline. Values are exact: what no terminal should be sent stands as `\u` escapes.
    pub(super) fn json(&self) -> Result<String, serde_json::Error> {
        Ok(format!(
            "{}\n",
            printable(&serde_json::to_string_pretty(&self.document())?)
        ))
    }

    /// Lines of a label and a text, everything from outside shown safely.
    pub(super) fn table(&self, charset: Charset) -> String {
        let document = self.document();
        let ours = &document.cognitui;
        let quote = |text: &str| shown(&Raw::from(text), charset);
        let value = |text: Option<&str>, absent: &'static str| text.map_or_else(|| Shown::fixed(absent), quote);
        let mut rows: Vec<(Shown, Shown)> = vec![(Shown::fixed("outcome"), Shown::fixed(ours.outcome))];
        if let Some(operation) = ours.operation {
            rows.push((Shown::fixed("operation"), Shown::fixed(operation)));
        }
        rows.push((Shown::fixed("user pool"), quote(ours.user_pool_id)));
        rows.push((Shown::fixed("username"), quote(ours.username)));
        rows.push((Shown::fixed("sub"), value(ours.sub, "not told")));
        for attribute in &ours.attributes {
            let text = value(attribute.before, "not set")
                .join(Shown::fixed(" -> "))
                .join(value(attribute.asked, "deleted"));
            let text = match attribute.now {
                Some(now) => text.join(Shown::fixed("; now ")).join(value(now, "not set")),
                None => text,
            };
            rows.push((quote(attribute.name), text));
        }
        for delivery in document.deliveries.iter().flatten() {
            let text = value(delivery.delivery_medium, "by a way not told")
                .join(Shown::fixed(" to "))
                .join(value(delivery.destination, "a destination not told"))
                .join(Shown::fixed(" for "))
                .join(value(delivery.attribute_name, "an attribute not told"));
            rows.push((Shown::fixed("reported"), text));
        }
        for consequence in self.consequences() {
            rows.push((Shown::fixed(consequence.topic), sentence(&consequence.lines, charset)));
        }
        for change in &ours.changed_meanwhile {
            let text = value(change.before, "not set")
                .join(Shown::fixed(" -> "))
                .join(value(change.now, "not set"));
            rows.push((quote(change.name).join(Shown::fixed(", by someone else")), text));
        }
        if let Some(error) = &ours.error {
            let text = quote(error.code).join(Shown::fixed(": ")).join(quote(error.message));
            rows.push((Shown::fixed("error"), text));
        }
        for (label, id) in [("request id", ours.request_id), ("journal id", ours.journal_id)] {
            if let Some(id) = id {
                rows.push((Shown::fixed(label), quote(id)));
            }
        }
        aligned(&rows)
    }
}

fn changed_meanwhile(submitted: &Submitted) -> Vec<Changed<'_>> {
    if !submitted.moved.stops() {
        return Vec::new();
    }
    let touched = submitted.moved.touched.iter().map(|drift| Changed {
        name: drift.name.as_str(),
        before: drift.expected.as_ref().map(|value| value.as_str()),
        now: drift.now.as_ref().map(|value| value.as_str()),
    });
    let facts = submitted.moved.facts.iter().map(|fact| Changed {
        name: fact.what,
        before: Some(fact.before.as_str()),
        now: Some(fact.now.as_str()),
    });
    touched.chain(facts).collect()
}

fn aligned(rows: &[(Shown, Shown)]) -> String {
    let widest = rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0);
    let mut text = String::new();
    for (label, value) in rows {
        text.push_str(label.as_str());
        text.push_str(&" ".repeat(widest - label.width() + 2));
        text.push_str(value.as_str());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests;
