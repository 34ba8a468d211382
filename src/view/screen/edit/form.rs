//! The rows of the form, with the open field in place and what there is to say about it below.

use std::ops::Range;

use crate::app::App;
use crate::app::action::{Action, Scope};
use crate::app::screen::edit::{EditScreen, OpenField};
use crate::app::session::Session;
use crate::domain::consequence::{Known, vouch_words};
use crate::domain::draft::Vouch;
use crate::domain::schema::{DataType, Problem};
use crate::domain::{AttributeName, AttributeValue, Conflict, Contact, Draft, Edit, Schema};
use crate::view::screen::user;
use crate::view::screen::users::remark;
use crate::view::text::Shown;
use crate::view::theme::Role;
use crate::view::widget::columns::{Column, share};
use crate::view::widget::pen::Pen;
use crate::view::widget::row::Row;

const COLUMNS: [Column; 3] = [
    // Attribute, now, pending.
    Column {
        least: 14,
        usual: 18,
        most: 24,
    },
    Column {
        least: 16,
        usual: 25,
        most: 60,
    },
    Column {
        least: 22,
        usual: 32,
        most: 80,
    },
];
/// Where what is said about a row begins.
const SAID: usize = 5;

/// The form in rows.
pub struct Form {
    /// What stands above and never scrolls.
    pub head: Vec<Row>,
    pub rows: Vec<Row>,
    /// The rows of the cursor, with what is said about it.
    pub focus: Range<usize>,
    /// What stands below and never scrolls.
    pub below: Vec<Row>,
}

/// What every row is drawn from.
struct Drawing<'a> {
    pen: &'a Pen<'a>,
    app: &'a App,
    session: &'a Session,
    edit: &'a EditScreen,
    draft: &'a Draft,
    problems: &'a [(AttributeName, Problem)],
    width: usize,
    widths: [usize; 3],
}

impl Form {
    pub fn new(
        pen: &Pen<'_>,
        app: &App,
        session: &Session,
        edit: &EditScreen,
        draft: &Draft,
        problems: &[(AttributeName, Problem)],
        width: usize,
    ) -> Self {
        let widths = share(width.saturating_sub(5), &COLUMNS);
        let drawing = Drawing {
            pen,
            app,
            session,
            edit,
            draft,
            problems,
            width,
            widths,
        };
        let [name, now, _] = widths;
        let mut head = drawing.lock();
        head.push(
            Row::new()
                .gap(3)
                .put(Role::Columns, Shown::fixed("ATTRIBUTE").pad(name + 1))
                .put(Role::Columns, Shown::fixed("NOW").pad(now + 1))
                .put(Role::Columns, "PENDING"),
        );
        let listed = session.form_rows(edit);
        let mut rows = Vec::new();
        let mut focus = 0..0;
        for name in &listed.names {
            let start = rows.len();
            rows.extend(drawing.rows_of(name));
            if *name == edit.cursor {
                focus = start..rows.len();
            }
        }
        rows.extend(user::folded(pen, app, Scope::Edit, &listed));
        Self {
            head,
            rows,
            focus,
            below: drawing.remark(),
        }
    }

    pub fn len(&self) -> usize {
        self.head.len() + self.rows.len() + self.below.len()
    }
}

impl Drawing<'_> {
    /// Why nothing can be edited, if so.
    fn lock(&self) -> Vec<Row> {
        if let Some(why) = self.session.user_lock(self.draft.base(), &self.app.core) {
            let said = self.pen.say(&crate::say!("the form is locked: ").join(why));
            let lines = said.wrap(self.width.saturating_sub(4)).into_iter();
            return lines.map(|line| Row::new().gap(3).put(Role::Problem, line)).collect();
        }
        let Some(fault) = self.session.form_lock(self.edit) else {
            return Vec::new();
        };
        let said = crate::say!("the form is locked: ").join(fault.meaning());
        let retry = self
            .pen
            .key(self.app, &[Scope::Everywhere], Action::Retry)
            .unwrap_or_default();
        let text = self
            .pen
            .say(&said)
            .join(".  ".into())
            .join(retry)
            .join(" tries again".into());
        let lines = text.wrap(self.width.saturating_sub(4));
        lines
            .into_iter()
            .map(|line| Row::new().gap(3).put(Role::Problem, line))
            .collect()
    }

    /// What the selected value holds that the eye could miss.
    fn remark(&self) -> Vec<Row> {
        let open = self.edit.field.as_ref().map(|open| open.field.raw());
        let raw = open.or_else(|| self.draft.pending(&self.edit.cursor).map(|value| value.raw().clone()));
        let remark = raw.and_then(|raw| remark(self.pen, &raw));
        let lines = remark
            .map(|text| text.wrap(self.width.saturating_sub(4)))
            .unwrap_or_default();
        lines
            .into_iter()
            .take(2)
            .map(|line| Row::new().gap(3).put(Role::Muted, line))
            .collect()
    }

    fn problem(&self, name: &AttributeName) -> Option<&Problem> {
        self.problems
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, problem)| problem)
    }

    /// Somebody changed it since the pending edit was decided, in an earlier run or from the journal.
    fn conflict(&self, name: &AttributeName) -> Option<Conflict> {
        self.draft
            .conflicts()
            .into_iter()
            .find(|conflict| conflict.name == *name)
    }

    /// `it was JD when this was decided, and is Janey now: the review asks which counts`
    fn about_conflict(&self, conflict: &Conflict) -> Shown {
        let then = match &conflict.then {
            Some(value) => self.pen.raw(value.raw()),
            None => Shown::fixed("not set"),
        };
        Shown::fixed("it was ")
            .join(then)
            .join(" when this was decided, and is another now: the review asks which counts".into())
    }

    fn rows_of(&self, name: &AttributeName) -> Vec<Row> {
        let open = self.edit.field.as_ref().filter(|open| open.name == *name);
        let picked = *name == self.edit.cursor;
        let problem = self.problem(name);
        let (mark, role) = self.mark(name, problem);
        let [name_width, now_width, pending_width] = self.widths;
        let label = match name.verifies() {
            Some(_) => Shown::fixed("  verified"),
            None => self.pen.name(name.raw()),
        };
        let mut row = Row::new()
            .put(Role::Text, if picked { ">" } else { " " })
            .put(role, mark)
            .gap(1)
            .cell(Role::Text, label, name_width)
            .gap(1)
            .join(self.now(name, now_width))
            .gap(1);
        let mut more = Vec::new();
        let mut said = Vec::new();
        match open {
            Some(open) => {
                let (window, column) = self.pen.typed(&open.field, pending_width);
                let at = row.width();
                row = row
                    .put(Role::InputFocused, window.pad(pending_width))
                    .cursor(at + column);
                said = self.about_field(open);
            }
            None => {
                let at = row.width();
                let (role, text) = self.pending(name, pending_width);
                let mut lines = text.wrap(pending_width).into_iter();
                row = row.put(role, lines.next().unwrap_or_default());
                more.extend(lines.map(|line| Row::new().gap(at).put(role, line)));
                if picked {
                    row = row.ground(Role::Selected).cursor(0);
                }
                if let Some(conflict) = self.conflict(name) {
                    said.push((Role::Problem, self.about_conflict(&conflict)));
                }
                if let Some(problem) = problem {
                    said.push((Role::Problem, self.about_problem(name, problem)));
                } else if let Some(Edit::Set(value)) = self.draft.edit(name)
                    && picked
                {
                    said.extend(self.hints(name, value).into_iter().map(|hint| (Role::Text, hint)));
                }
            }
        }
        let room = self.width.saturating_sub(SAID).saturating_sub(1);
        let said = said.into_iter().flat_map(|(role, text)| {
            text.wrap(room)
                .into_iter()
                .map(move |line| Row::new().gap(SAID).put(role, line))
        });
        std::iter::once(row).chain(more).chain(said).collect()
    }

    fn mark(&self, name: &AttributeName, problem: Option<&Problem>) -> (&'static str, Role) {
        if problem.is_some() || self.conflict(name).is_some() {
            return ("!", Role::Problem);
        }
        match self.draft.edit(name) {
            None => (" ", Role::Text),
            Some(Edit::Delete) => ("-", Role::Delete),
            Some(Edit::Set(value)) if self.draft.base().get(name) == Some(value) => ("=", Role::Same),
            Some(Edit::Set(_)) => ("~", Role::Changed),
        }
    }

    fn now(&self, name: &AttributeName, columns: usize) -> Row {
        let user = self.draft.base();
        if let Some(contact) = name.verifies() {
            let (flag, role) = crate::view::screen::users::verified(user, contact);
            return Row::new().cell(role, flag, columns);
        }
        match user.get(name) {
            Some(value) => Row::new().cell(
                Role::Text,
                self.pen.scrolled(value.raw(), self.edit.scrolled, columns),
                columns,
            ),
            None => Row::new().cell(Role::Muted, Shown::fixed("not set"), columns),
        }
    }

    /// What is pending, or in words why nothing can be. Values are cut to the column, words may take more lines.
    fn pending(&self, name: &AttributeName, columns: usize) -> (Role, Shown) {
        if let Some(contact) = name.verifies() {
            return self.vouch(contact);
        }
        match self.draft.edit(name) {
            Some(Edit::Delete) => (Role::Delete, Shown::fixed("(delete)")),
            Some(Edit::Set(value)) => (
                Role::Changed,
                self.pen.scrolled(value.raw(), self.edit.scrolled, columns),
            ),
            None => self.why_not(name),
        }
    }

    /// Where nothing is pending: whether it can be edited, and whether it has to be.
    fn why_not(&self, name: &AttributeName) -> (Role, Shown) {
        if let Some(said) = user::waits(self.pen, self.session, self.draft.base(), name) {
            return (Role::Waiting, said);
        }
        let Some(rules) = self.session.rules(self.edit.route) else {
            return (Role::Text, Shown::default());
        };
        match rules.lock(name) {
            Some(lock) => (Role::Locked, Shown::fixed("locked: ").join(lock.reason().into())),
            None if rules.schema.is_required(name) && self.draft.base().get(name).is_none() => {
                (Role::Text, Shown::fixed("required"))
            }
            None => (Role::Text, Shown::default()),
        }
    }

    /// Who vouches for a contact, in words: the pending value of its flag.
    fn vouch(&self, contact: Contact) -> (Role, Shown) {
        let chosen = self.draft.vouch(contact);
        let role = match (self.draft.changes_contact(contact), chosen) {
            (false, None | Some(Vouch::Pool)) => return (Role::Text, Shown::default()),
            (true, None) => Role::Problem,
            (_, Some(_)) => Role::Changed,
        };
        let pool = match self.session.pool.ready() {
            Some(pool) => Known::Known(pool.as_ref()),
            None => Known::Asking,
        };
        (
            role,
            self.pen.say(&vouch_words(&pool, contact, chosen, self.edit.route)),
        )
    }

    /// `month 13 does not exist: birthdate is YYYY-MM-DD. u puts 1990-01-02 back`
    fn about_problem(&self, name: &AttributeName, problem: &Problem) -> Shown {
        let said = self.pen.about(&problem.sentence());
        let edited = self.draft.edit(name).is_some();
        let Some(key) = self
            .pen
            .key(self.app, &[Scope::Edit], Action::PutBack)
            .filter(|_| edited)
        else {
            return said;
        };
        let said = said.join(". ".into()).join(key);
        match self.draft.base().get(name) {
            Some(value) if name.verifies().is_none() => said
                .join(" puts ".into())
                .join(self.pen.raw(value.raw()).fit(40))
                .join(" back".into()),
            _ => said.join(" takes the edit back".into()),
        }
    }

    /// What is wrong with what is typed, what was probably meant, what looks odd; else what may stand here.
    fn about_field(&self, open: &OpenField) -> Vec<(Role, Shown)> {
        let Some(schema) = self.session.rules(self.edit.route).map(|rules| rules.schema) else {
            return Vec::new();
        };
        let typed = open.field.text();
        if open.field.is_empty() {
            return vec![self.about_empty(open, schema)];
        }
        let mut said = Vec::new();
        let (cleaned, note) = schema.clean(&open.name, typed);
        let value = AttributeValue::new(cleaned);
        if let Some(suggestion) = schema.suggest(&open.name, value.as_str()) {
            said.push((Role::Text, self.pen.about(&suggestion.sentence())));
        } else if let Err(problem) = schema.check(&open.name, &Edit::Set(value.clone())) {
            said.push((Role::Problem, self.pen.about(&problem.sentence())));
        }
        if let Some(note) = note {
            said.push((Role::Text, self.pen.about(&note)));
        }
        said.extend(
            self.hints(&open.name, &value)
                .into_iter()
                .map(|hint| (Role::Text, hint)),
        );
        if said.is_empty() {
            said.extend(kind(schema, &open.name).map(|kind| (Role::Muted, kind)));
        }
        said
    }

    /// What looks odd about a value although the service takes it.
    fn hints(&self, name: &AttributeName, value: &AttributeValue) -> Vec<Shown> {
        let of_schema = self
            .session
            .rules(self.edit.route)
            .and_then(|rules| rules.schema.hint(name, value.as_str()));
        let is_email = name.contact() == Some(Contact::Email);
        let of_domain = if is_email {
            self.session.domain_hint(value.as_str())
        } else {
            None
        };
        of_schema
            .iter()
            .chain(&of_domain)
            .map(|hint| self.pen.about(hint))
            .collect()
    }

    fn about_empty(&self, open: &OpenField, schema: &Schema) -> (Role, Shown) {
        let key = |scope, action| self.pen.key(self.app, &[scope], action).unwrap_or_default();
        if self.draft.pending(&open.name).is_none() {
            return (Role::Muted, kind(schema, &open.name).unwrap_or_default());
        }
        let role = if open.asked_empty { Role::Problem } else { Role::Text };
        let said = Shown::fixed("empty is no value: ")
            .join(key(Scope::Field, Action::GiveBack))
            .join(" gives the value back; then ".into())
            .join(key(Scope::Edit, Action::Delete))
            .join(" deletes the attribute".into());
        (role, said)
    }
}

/// What the schema lets stand in an attribute.
fn kind(schema: &Schema, name: &AttributeName) -> Option<Shown> {
    let between = |noun: &str, min: Option<String>, max: Option<String>| match (min, max) {
        (Some(min), Some(max)) => format!("{noun} from {min} to {max}"),
        (Some(min), None) => format!("{noun} from {min}"),
        (None, Some(max)) => format!("{noun} up to {max}"),
        (None, None) => noun.to_owned(),
    };
    let words = match (name.as_str(), &schema.get(name)?.data_type) {
        ("email", _) => "an e-mail address".to_owned(),
        ("phone_number", _) => "a phone number with + and country code, digits only".to_owned(),
        ("birthdate", _) => "a date, YYYY-MM-DD".to_owned(),
        (_, DataType::String { min, max }) => match (min, max) {
            (None, None) => "text".to_owned(),
            (None, Some(max)) => format!("text, up to {max} characters"),
            (Some(min), None) => format!("text, from {min} characters"),
            (Some(min), Some(max)) => format!("text, {min} to {max} characters"),
        },
        (_, DataType::Number { min, max }) => {
            let text = |limit: &Option<i64>| limit.map(|limit| limit.to_string());
            between("a number", text(min), text(max))
        }
        (_, DataType::Boolean) => "true or false".to_owned(),
        (_, DataType::DateTime) => "a date, 2026-11-20 or 2026-11-20T10:41:00Z".to_owned(),
        (_, DataType::Unknown(_)) => return None,
    };
    Some(Shown::words(words))
}
