//! `cognitui journal`: what was done, for people and programs without the screen; and whether the record is whole.
//!
//! Entries go to standard output, words go to standard error. What stands in the journal came from outside, so a table
//! shows it as the screen does; the other forms carry it as it is.

mod output;
mod trail;

use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use jiff::tz::TimeZone;

use super::args::{Form, JournalCommand, RedactArgs, USAGE, VerifyArgs, Where};
use super::config_cmd::Said;
use super::{assemble, environment, sources};
use crate::config::{self, Config};
use crate::domain::entry::{Filter, Kept};
use crate::domain::{Entry, PoolId, Raw, Sentence};
use crate::journal::{self, Head, Places, Problem, Reading, Redacted, Verified, cloudtrail};
use crate::view::text::{self, Charset};

/// Something is wrong with the journal.
const BAD: u8 = 1;

/// Answers a command about the journal.
pub fn run(command: &JournalCommand) -> anyhow::Result<Said> {
    let asked = command.place();
    let config = match config::load(&sources(asked.flags())) {
        Ok(config) => config,
        Err(errors) => return Ok(refused(&errors.to_string())),
    };
    let text = |name: &str| environment(name).map(|value| value.to_string_lossy().into_owned());
    let prepared = assemble::state_folder(asked.demo, &text)
        .and_then(|state| Ok((assemble::places(&config, &state), assemble::zone(&config)?)));
    let (places, zone) = match prepared {
        Ok(prepared) => prepared,
        Err(assemble::Refused(why)) => return Ok(refused(&why)),
    };
    let pool = match pool(asked) {
        Ok(pool) => pool,
        Err(why) => return Ok(refused(&why)),
    };
    assemble::no_core_dumps().context("switching core dumps off")?;
    let desk = Desk {
        places,
        pool,
        zone,
        charset: assemble::charset(&config, &text),
    };
    Ok(desk.answer(command, &config))
}

fn refused(why: &str) -> Said {
    Said {
        err: format!("{}\n", why.trim_end()),
        code: USAGE,
        ..Said::default()
    }
}

fn pool(asked: &Where) -> Result<Option<PoolId>, String> {
    let Some(id) = &asked.user_pool_id else {
        return Ok(None);
    };
    let pool = PoolId::new(id.as_str());
    if config::is_pool_id(id) {
        Ok(Some(pool))
    } else {
        Err(format!(
            "--user-pool-id {}: a pool's id looks like eu-west-1_aB3dE5fGh",
            config::quoted(id)
        ))
    }
}

/// What every command here works with.
struct Desk {
    places: Places,
    pool: Option<PoolId>,
    zone: TimeZone,
    charset: Charset,
}

impl Desk {
    fn answer(&self, command: &JournalCommand, config: &Config) -> Said {
        let done = match command {
            JournalCommand::Path(_) => Ok(self.path()),
            JournalCommand::List(asked) => {
                let terms: Vec<String> = asked.terms.iter().map(|term| one_term(&term.0)).collect();
                self.list(&terms.join(" "), asked.form.output, config)
            }
            JournalCommand::Show(asked) => self.show(&asked.id, asked.form.output, config),
            JournalCommand::Verify(asked) => self.verify(asked),
            JournalCommand::Head(_) => self.head(),
            JournalCommand::Export(asked) => self.export(asked.output, config),
            JournalCommand::Redact(asked) => self.redact(asked),
        };
        done.unwrap_or_else(|said| said)
    }

    /// The own folder alone on standard output, so that a script can use it; it is not escaped.
    fn path(&self) -> Said {
        let own = self.places.own();
        let mut err = String::new();
        if !own.exists() {
            err.push_str("nothing there yet: the first change makes it\n");
        }
        if let Some(team) = self.places.team() {
            err.push_str(&format!("shared: every user's folder is in {}\n", escaped(team)));
        }
        Said {
            out: format!("{}\n", own.display()),
            err,
            code: 0,
        }
    }

    fn list(&self, terms: &str, form: Form, config: &Config) -> Result<Said, Said> {
        export_allowed(form, config)?;
        let filter = Filter::parse(terms).map_err(|why| refused(&format!("error: {}", self.words(&why))))?;
        let reading = self.read()?;
        let entries: Vec<&Entry> = (reading.entries.iter())
            .filter(|entry| filter.matches(entry, &self.zone))
            .collect();
        let mut said = self.told(output::list(&entries, form, &self.zone, self.charset), &reading);
        if entries.is_empty() {
            let none = if reading.entries.is_empty() {
                "the journal has no entries"
            } else {
                "no entry meets these terms"
            };
            said.err.push_str(none);
            said.err.push('\n');
        }
        Ok(said)
    }

    fn show(&self, id: &str, form: Form, config: &Config) -> Result<Said, Said> {
        export_allowed(form, config)?;
        let reading = self.read()?;
        let exact = reading.entries.iter().find(|entry| entry.id.as_str() == id);
        let mut found: Vec<&Entry> = match exact {
            Some(entry) => vec![entry],
            None => (reading.entries.iter())
                .filter(|entry| !id.is_empty() && entry.id.as_str().starts_with(id))
                .collect(),
        };
        match (found.pop(), found.len()) {
            (Some(entry), 0) => {
                let taken_back = reading
                    .entries
                    .iter()
                    .find(|other| other.undoes.as_ref() == Some(&entry.id));
                let text = output::show(entry, taken_back, form, &self.zone, self.charset);
                Ok(self.told(text, &reading))
            }
            (Some(_), others) => Err(refused(&format!(
                "error: {} entries begin with {}: write more of the id",
                others + 1,
                config::quoted(id)
            ))),
            (None, _) => Err(Said {
                err: format!(
                    "error: the journal has no entry {}; `cognitui journal list` prints the ids\n",
                    config::quoted(id)
                ),
                code: BAD,
                ..Said::default()
            }),
        }
    }

    fn export(&self, form: Form, config: &Config) -> Result<Said, Said> {
        if let Some(who) = switched_off(config) {
            return Err(refused(&format!("error: export is switched off by {who}")));
        }
        let reading = self.read()?;
        let entries: Vec<&Entry> = reading.entries.iter().rev().collect();
        Ok(self.told(output::list(&entries, form, &self.zone, self.charset), &reading))
    }

    fn head(&self) -> Result<Said, Said> {
        let verified = journal::head(&self.places, self.pool.as_ref()).map_err(failed)?;
        let heads = verified.chains.iter().filter_map(|chain| chain.head.as_ref());
        let out: String = heads.map(|head| format!("{head}\n")).collect();
        Ok(judged(out, &verified))
    }

    fn verify(&self, asked: &VerifyArgs) -> Result<Said, Said> {
        let heads = match &asked.head {
            Some(path) => heads(path)?,
            None => Vec::new(),
        };
        let trail = match &asked.cloudtrail {
            Some(path) => Some(read_text(path, "--cloudtrail")?),
            None => None,
        };
        let verified = journal::verify(&self.places, self.pool.as_ref(), &heads).map_err(failed)?;
        let mut out = String::new();
        for chain in &verified.chains {
            let whose = chain
                .writer
                .as_ref()
                .map_or_else(String::new, |writer| format!("{}/", config::escaped(writer.as_str())));
            let removed = match chain.removed {
                0 => String::new(),
                removed => format!(", {removed} before them removed because of their age"),
            };
            let pool = config::escaped(chain.pool.as_str());
            let lines = plural(usize::try_from(chain.lines).unwrap_or(usize::MAX), "line", "lines");
            out.push_str(&format!("{whose}{pool}: {} good {lines}{removed}\n", chain.lines));
        }
        let mut said = judged(out, &verified);
        if verified.chains.is_empty() && verified.is_good() {
            said.err.push_str("the journal has no entries\n");
        } else if heads.is_empty() {
            said.err
                .push_str("an end that was cut off shows only against a head that was noted before: --head\n");
        }
        if let Some(trail) = trail {
            // Of every pool: the events are not of one alone, and each is to find its entry.
            let reading = journal::read(&self.places, None).map_err(failed)?;
            let matches = cloudtrail::matches(&trail, &reading.entries)
                .map_err(|why| refused(&format!("error: --cloudtrail: {why}")))?;
            said.out.push_str(&trail::told(&matches, self.charset));
            if !matches.is_good() {
                said.code = BAD;
            }
        }
        Ok(said)
    }

    fn redact(&self, asked: &RedactArgs) -> Result<Said, Said> {
        let sub = asked.sub.0.trim();
        if sub.is_empty() {
            return Err(refused("error: --sub needs the sub of a user"));
        }
        if !asked.yes {
            let reading = self.read()?;
            let about = |entry: &&Entry| {
                entry
                    .sub
                    .as_ref()
                    .and_then(Kept::value)
                    .is_some_and(|it| it.as_str() == sub)
            };
            let count = reading.entries.iter().filter(about).count();
            let out = format!(
                "{count} {} about this user; with --yes every value in them is taken out, for good: they cannot be \
                 undone any more\n",
                plural(count, "entry", "entries")
            );
            return Ok(self.told(out, &reading));
        }
        let redacted = journal::redact(&self.places, self.pool.as_ref(), sub).map_err(failed)?;
        if redacted == Redacted::default() {
            let nobody = "the journal has no entry about this user with a value in it: nothing was taken out\n";
            return Ok(Said {
                err: nobody.to_owned(),
                code: BAD,
                ..Said::default()
            });
        }
        let mut said = Said {
            out: format!(
                "{} {}: every value taken out of {} {}; the chain still verifies\n",
                redacted.entries,
                plural(redacted.entries, "entry", "entries"),
                redacted.lines,
                plural(redacted.lines, "line", "lines")
            ),
            ..Said::default()
        };
        if redacted.elsewhere > 0 {
            said.err.push_str(&format!(
                "{} more in colleagues' files, which only they can change: ask them to run the same\n",
                redacted.elsewhere
            ));
            said.code = BAD;
        }
        if redacted.under_way > 0 {
            said.err.push_str(&format!(
                "{} under way right now, left alone: run this again once they have ended\n",
                redacted.under_way
            ));
            said.code = BAD;
        }
        if !redacted.problems.is_empty() {
            said.err.push_str(&problems(&redacted.problems));
            said.code = BAD;
        }
        Ok(said)
    }

    fn read(&self) -> Result<Reading, Said> {
        journal::read(&self.places, self.pool.as_ref()).map_err(failed)
    }

    /// What was asked for, and what of the journal could not be read: the answer may lack something then.
    fn told(&self, out: String, reading: &Reading) -> Said {
        let (torn, bad): (Vec<&Problem>, Vec<&Problem>) =
            reading.problems.iter().partition(|problem| problem.is_torn());
        let mut err = problems(bad.iter().copied());
        err.push_str(&problems(torn));
        Said {
            out,
            err,
            code: if bad.is_empty() { 0 } else { BAD },
        }
    }

    fn words(&self, sentence: &Sentence) -> String {
        text::sentence(sentence, self.charset).as_str().to_owned()
    }
}

fn judged(out: String, verified: &Verified) -> Said {
    let mut err = problems(&verified.problems);
    err.push_str(&problems(&verified.torn));
    Said {
        out,
        err,
        code: if verified.is_good() { 0 } else { BAD },
    }
}

fn problems<'a>(all: impl IntoIterator<Item = &'a Problem>) -> String {
    all.into_iter()
        .map(|problem| {
            let (what, next) = (problem.to_string(), problem.next());
            format!("{}\n  {}\n", escaped_text(&what), escaped_text(&next))
        })
        .collect()
}

fn failed(error: journal::JournalError) -> Said {
    Said {
        err: format!("error: {}\n", escaped_text(&error.to_string())),
        code: BAD,
        ..Said::default()
    }
}

/// The forms for machines are an export, which can be switched off.
fn export_allowed(form: Form, config: &Config) -> Result<(), Said> {
    match switched_off(config) {
        Some(who) if form != Form::Table => Err(refused(&format!(
            "error: export is switched off by {who}; --output table is for reading"
        ))),
        _ => Ok(()),
    }
}

fn switched_off(config: &Config) -> Option<String> {
    let export = &config.protect.export;
    (!export.value.is_on()).then(|| export.origin.to_string())
}

fn heads(path: &Path) -> Result<Vec<Head>, Said> {
    let text = read_text(path, "--head")?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let heads: Result<Vec<Head>, _> = lines.map(str::parse).collect();
    match heads {
        Ok(heads) if heads.is_empty() => Err(refused("error: --head: there is no head in it")),
        Ok(heads) => Ok(heads),
        Err(why) => Err(refused(&format!("error: --head: {why}"))),
    }
}

/// A file that was named, or standard input for `-`.
fn read_text(path: &Path, flag: &str) -> Result<String, Said> {
    let read = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    read.map_err(|error| refused(&format!("error: {flag} {}: {error}", escaped(path))))
}

fn escaped(path: &Path) -> String {
    escaped_text(&path.display().to_string())
}

fn escaped_text(text: &str) -> String {
    config::escaped(text).to_string()
}

/// An argument is one term, whatever the shell left in it: what has blanks gets the quotes that the shell took away.
fn one_term(argument: &str) -> String {
    if !argument.contains(char::is_whitespace) || argument.contains('"') {
        return argument.to_owned();
    }
    match argument.split_once(':') {
        Some((name, value)) if name.chars().all(|c| c.is_ascii_lowercase()) => format!("{name}:\"{value}\""),
        _ => format!("\"{argument}\""),
    }
}

fn plural(count: usize, one: &'static str, more: &'static str) -> &'static str {
    if count == 1 { one } else { more }
}

/// A value as it stands in the journal, for whoever writes it down elsewhere.
fn kept(kept: Option<&Kept>) -> Option<&Raw> {
    kept.and_then(Kept::value)
}

#[cfg(test)]
mod tests {
    use super::one_term;

    #[test]
    fn an_argument_with_blanks_is_one_term() {
        assert_eq!(one_term("reason:broken phone"), "reason:\"broken phone\"");
        assert_eq!(one_term("broken phone"), "\"broken phone\"");
        assert_eq!(one_term("user:jane"), "user:jane");
        assert_eq!(one_term("reason:\"a b\""), "reason:\"a b\"");
    }
}
