//! A report on standard output: counts first, then the users.

use std::io;

use serde_json::{Value, json};

use super::Looked;
use crate::cli::args::Form;
use crate::cli::json::printable;
use crate::domain::export::csv::{record, sheet};
use crate::domain::lint::{Findings, Found, Report};
use crate::domain::sentence::grouped;
use crate::domain::{Raw, Sentence};
use crate::view::text::{self, Charset, shown};

/// No column of a table is wider than this, but for the last.
const WIDEST: usize = 40;

pub(super) fn print(looked: &Looked, form: Form, charset: Charset) -> io::Result<String> {
    Ok(match form {
        Form::Table => table(looked, charset),
        Form::Json => printable(&format!("{:#}\n", document(looked))),
        Form::Jsonl => {
            let each = entries(&looked.report).map(|entry| printable(&format!("{}\n", entry.value())));
            each.collect()
        }
        Form::Csv => csv(&looked.report),
    })
}

/// One user who was found by one check.
struct Entry<'a> {
    report: &'a Report,
    findings: &'a Findings,
    found: Found,
    /// From 1, where users belong together.
    group: Option<usize>,
}

fn entries(report: &Report) -> impl Iterator<Item = Entry<'_>> {
    report.findings.iter().flat_map(move |findings| of(report, findings))
}

fn of<'a>(report: &'a Report, findings: &'a Findings) -> impl Iterator<Item = Entry<'a>> {
    findings.found.iter().enumerate().map(move |(at, found)| Entry {
        report,
        findings,
        found: *found,
        group: findings.group(at).map(|(number, _)| number + 1),
    })
}

impl Entry<'_> {
    fn text(&self, name: &str) -> Option<String> {
        let row = self.report.ground.rows.get(self.found.row)?;
        match name {
            "username" => Some(row.username().into_owned()),
            "status" => Some(row.status().raw().into_string()),
            "enabled" => Some(row.is_enabled().to_string()),
            "created" => row.created().map(|at| at.to_string()),
            "changed" => row.changed().map(|at| at.to_string()),
            other => row.get(other).map(|value| value.into_owned()),
        }
    }

    fn attribute(&self) -> &str {
        self.report.column(self.found).name()
    }

    fn value_of(&self) -> Option<String> {
        self.report.value(self.found).map(Raw::into_string)
    }

    fn about(&self) -> Sentence {
        self.report.about(self.findings.check, self.found)
    }

    fn value(&self) -> Value {
        json!({
            "check": self.findings.check.id(),
            "group": self.group,
            "username": self.text("username"),
            "sub": self.text("sub"),
            "status": self.text("status"),
            "enabled": self.report.ground.rows.get(self.found.row).map(|row| row.is_enabled()),
            "created": self.text("created"),
            "changed": self.text("changed"),
            "attribute": self.attribute(),
            "value": self.value_of(),
            "detail": self.about().plain(),
        })
    }
}

fn document(looked: &Looked) -> Value {
    let report = &looked.report;
    json!({
        "user_pool_id": looked.pool.as_str(),
        "time": report.ground.now.to_string(),
        "looked_at": report.looked_at(),
        "estimated_users": looked.estimated,
        "complete": looked.is_complete(),
        "not_made": report.left_out().map(|(check, _)| check.id()).collect::<Vec<_>>(),
        "not_exported": report.unseen().iter().map(|name| name.as_str()).collect::<Vec<_>>(),
        "checks": report.findings.iter().map(|findings| json!({
            "check": findings.check.id(),
            "name": findings.check.name(),
            "why": findings.check.why(),
            "users": findings.users,
            "groups": findings.groups(),
            "findings": of(report, findings).map(|entry| entry.value()).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

/// RFC 4180, one line for each finding; a cell that a spreadsheet would run is text.
fn csv(report: &Report) -> String {
    const COLUMNS: [&str; 11] = [
        "check",
        "group",
        "username",
        "sub",
        "status",
        "enabled",
        "created",
        "changed",
        "attribute",
        "value",
        "detail",
    ];
    let mut out = String::new();
    record(COLUMNS.map(Some), &mut out);
    for entry in entries(report) {
        let cells = COLUMNS.map(|column| {
            let text = match column {
                "check" => entry.findings.check.id().to_owned(),
                "group" => entry.group.map_or_else(String::new, |group| group.to_string()),
                "attribute" => entry.attribute().to_owned(),
                "value" => entry.value_of().unwrap_or_default(),
                "detail" => entry.about().plain(),
                fact => entry.text(fact).unwrap_or_default(),
            };
            Some(sheet(&text).into_owned()).filter(|cell| !cell.is_empty())
        });
        record(cells, &mut out);
    }
    out
}

fn table(looked: &Looked, charset: Charset) -> String {
    let report = &looked.report;
    let show = |text: &str| shown(&Raw::from(text), charset).as_str().to_owned();
    let users = grouped(report.looked_at() as u64);
    let how_many = match (looked.whole, looked.estimated) {
        (true, _) => ", all of them".to_owned(),
        (false, Some(users)) => format!(" of about {}, NOT ALL", grouped(users)),
        (false, None) => ", NOT ALL".to_owned(),
    };
    let mut out = format!("{}: looked at {users} users{how_many}\n\n", show(looked.pool.as_str()));
    let mut counts = vec![["USERS", "GROUPS", "CHECK", ""].map(str::to_owned).to_vec()];
    for findings in report.counts() {
        let groups = findings.groups().filter(|groups| *groups > 0);
        counts.push(vec![
            grouped(findings.users as u64),
            groups.map_or_else(String::new, |groups| grouped(groups as u64)),
            findings.check.id().to_owned(),
            findings.check.name().to_owned(),
        ]);
    }
    lay(&counts, &mut out);
    for (check, lack) in report.left_out() {
        let because = text::sentence(&lack.sentence(), charset);
        out.push_str(&format!("not made: {}, because {}\n", check.id(), because.as_str()));
    }
    for findings in report.findings.iter().filter(|findings| !findings.is_empty()) {
        out.push_str(&format!("\n{}: {}\n", findings.check.id(), findings.check.why()));
        let mut rows = vec![
            ["GROUP", "USERNAME", "ATTRIBUTE", "VALUE", ""]
                .map(str::to_owned)
                .to_vec(),
        ];
        for entry in of(report, findings) {
            rows.push(vec![
                entry.group.map_or_else(String::new, |group| group.to_string()),
                show(&entry.text("username").unwrap_or_default()),
                show(entry.attribute()),
                entry.value_of().map_or_else(
                    || "(not set)".to_owned(),
                    |value| cut(&shown(&Raw::from(value), charset)),
                ),
                text::sentence(&entry.about(), charset).as_str().to_owned(),
            ]);
        }
        if findings.groups().is_none() {
            rows.iter_mut().for_each(|row| drop(row.remove(0)));
        }
        lay(&rows, &mut out);
    }
    out
}

/// A value as wide as a column is at most; what was left out is marked.
fn cut(value: &text::Shown) -> String {
    value.clone().fit(WIDEST).as_str().to_owned()
}

/// Columns as wide as they need to be.
fn lay(rows: &[Vec<String>], out: &mut String) {
    let columns = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let mut widths = vec![0; rows.iter().map(Vec::len).max().unwrap_or_default()];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(columns(cell).min(WIDEST));
        }
    }
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width.saturating_sub(columns(cell)) + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}
