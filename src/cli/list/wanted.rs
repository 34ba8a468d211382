//! What was asked for, by the arguments and by the view: the line, the columns and the order, as far as the pool knows them.

use super::Halt;
use crate::cli::args::ListArgs;
use crate::cli::reading::own_attribute;
use crate::config::{self, Config};
use crate::domain::column::{Column, Sort};
use crate::domain::find::Ask;
use crate::domain::query::{Known, Query, Term, Test};
use crate::domain::{AttributeName, Pool, Sentence};

/// What was asked for. The arguments come before the view.
pub(super) struct Wanted {
    pub(super) line: String,
    pub(super) columns: Option<Vec<Column>>,
    pub(super) sort: Option<Sort>,
}

impl Wanted {
    pub(super) fn read(asked: &ListArgs, config: &Config) -> Result<Self, Halt> {
        let view = match &asked.view {
            None => None,
            Some(name) => Some(config.view(name).ok_or_else(|| no_view(name, config))?),
        };
        let mut line = view.map_or(String::new(), |view| view.query.value.clone());
        if let Some(more) = &asked.query {
            // Both have to hold.
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&more.0);
        }
        let columns = if asked.columns.is_empty() {
            view.and_then(|view| view.columns.value.clone())
        } else {
            Some(asked.columns.iter().map(|name| Column::parse(name.trim())).collect())
        };
        let sort = match &asked.sort {
            Some(sort) => Some(Sort::parse(sort.trim())),
            None => view.and_then(|view| view.sort.value.clone()),
        };
        if sort.as_ref().is_some_and(|sort| sort.column == Column::Groups) {
            return Err(
                "--sort groups: somebody may be in several groups, so they give no order"
                    .to_owned()
                    .into(),
            );
        }
        Ok(Self { line, columns, sort })
    }

    /// Columns that the pool can have, in the place of what was written.
    pub(super) fn resolve(&mut self, pool: Option<&Pool>) -> Result<(), Halt> {
        if let Some(columns) = &mut self.columns {
            let each = columns.iter().map(|column| known("--columns", column, pool));
            *columns = each.collect::<Result<_, _>>()?;
        }
        if let Some(sort) = &mut self.sort {
            sort.column = known("--sort", &sort.column, pool)?;
        }
        Ok(())
    }

    /// Whether a column of groups was asked for.
    pub(super) fn has_groups(&self) -> bool {
        (self.columns.as_ref()).is_some_and(|columns| columns.contains(&Column::Groups))
    }

    /// The attributes that columns and the order name.
    pub(super) fn named(&self) -> impl Iterator<Item = AttributeName> {
        let columns = self.columns.iter().flatten();
        let columns = columns.chain(self.sort.iter().map(|sort| &sort.column));
        columns.filter_map(|column| match column {
            Column::Attribute(name) => Some(name.clone()),
            _ => None,
        })
    }

    /// Only these attributes are printed.
    pub(super) fn attributes(&self) -> Option<Vec<AttributeName>> {
        let columns = self.columns.as_ref()?.iter();
        let attribute = |column: &Column| match column {
            Column::Attribute(name) => Some(name.clone()),
            _ => None,
        };
        Some(columns.filter_map(attribute).collect())
    }
}

fn no_view(name: &str, config: &Config) -> Halt {
    let names: Vec<String> = (config.views.iter())
        .map(|view| config::quoted(&view.name.value))
        .collect();
    let there = match names.as_slice() {
        [] => "it has none; [[view]] in the configuration makes one".to_owned(),
        some => format!("it has {}", some.join(", ")),
    };
    format!(
        "--view {}: the configuration has no such view: {there}",
        config::quoted(name)
    )
    .into()
}

/// A column that the pool can have. A custom attribute may be named without what stands in front of it.
fn known(option: &str, column: &Column, pool: Option<&Pool>) -> Result<Column, Halt> {
    let (Column::Attribute(name), Some(pool)) = (column, pool) else {
        return Ok(column.clone());
    };
    Ok(Column::Attribute(own_attribute(option, name, &pool.schema)?))
}

/// The line, by the names that the pool knows.
pub(super) fn parsed(line: &str, pool: Option<&Pool>) -> Result<Query, Halt> {
    let known = Known::new(pool.map(|pool| &pool.schema), []);
    Query::parse(line, &known).map_err(|mistake| {
        let before = line.get(..mistake.at.start).unwrap_or(line).chars().count();
        let at = format!("--query, at character {}: expected ", before + 1);
        Halt::Usage(vec![Sentence::from(at).join(mistake.expected)])
    })
}

/// What the service is asked for, and what is left to check here. Only where it compares as this program does, and knows
/// everybody who is wanted: words are looked for in the middle of names here, and only at their beginning there.
pub(super) fn asked_of_service(query: &Query, pool: Option<&Pool>) -> (Option<Ask>, Query) {
    let asks = query.asks(pool, &[]);
    let same = |term: &Term| match &term.test {
        Test::Exact(column, _) | Test::Prefix(column, _) => *column != Column::Username,
        test => matches!(test, Test::Enabled(_)),
    };
    let mut each = asks.plan.asks();
    match (each.next(), each.next()) {
        (Some(ask), None) if asks.asked(query).all(same) => (Some(ask.clone()), asks.rest(query)),
        _ => (None, query.clone()),
    }
}
