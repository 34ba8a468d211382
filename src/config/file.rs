//! The configuration file: which one, what it says, and every mistake in it with its line.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, ConfigErrors};
use super::escape::{escaped, quoted};
use super::given::{Given, Refusal, Value};
use super::layers::{Document, FileKind, FileText, Layers, find, variable};
use super::meant::Known;
use super::origin::Origin;
use super::table::{Edit, Find, General, Journal, KEYS, Pace, Protect, REPEATED, SECTIONS, Screen, Section};
use super::{CONFIG_VARIABLE, Config, Service, Sources, policy, pools, traces, views};

/// A configuration is a page or two; more is another file by mistake.
const LARGEST: u64 = 1024 * 1024;

/// Where the configuration file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigFile {
    Read(PathBuf),
    /// Nobody named a file, and there is none at the usual place.
    Absent(PathBuf),
    /// Nobody named a file, and there is no home folder to look in.
    NoFolder,
}

/// One line of `[keys]`: an action and the chords that should start it, as written. No chord: the action loses its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    pub action: String,
    pub chords: Vec<String>,
    pub origin: Origin,
}

/// The file that would be read, and who named it; `None` as the name-giver means the usual place.
pub(super) fn locate(sources: &Sources<'_>) -> (Option<PathBuf>, Option<&'static str>) {
    if let Some(path) = &sources.flags.config {
        return (Some(path.clone()), Some("--config"));
    }
    if let Some(path) = variable(sources.env, CONFIG_VARIABLE) {
        return (Some(PathBuf::from(path)), Some(CONFIG_VARIABLE));
    }
    (sources.folder.as_ref().map(|folder| folder.join("config.toml")), None)
}

pub(super) fn load(sources: &Sources<'_>) -> Result<Config, ConfigErrors> {
    // First, and whatever the file says: nothing is started beside a policy that cannot be relied on.
    let Some(text) = sources.policy.read()? else {
        return under(sources, None);
    };
    let file = FileText {
        path: Arc::from(sources.policy.path()),
        text: &text,
        kind: FileKind::Policy,
    };
    let document = parsed(&file)?;
    let root = document.get_ref();
    under(sources, Some(Document { file, root }))
}

/// The configuration under a policy, if there is one.
fn under(sources: &Sources<'_>, policy: Option<Document<'_>>) -> Result<Config, ConfigErrors> {
    let (path, named_by) = locate(sources);
    let Some(path) = path else {
        return checked(sources, ConfigFile::NoFolder, None, policy);
    };
    match read(&path) {
        Ok(text) => {
            let file = FileText {
                path: Arc::from(path.as_path()),
                text: &text,
                kind: FileKind::Configuration,
            };
            let document = parsed(&file)?;
            let root = document.get_ref();
            checked(sources, ConfigFile::Read(path), Some(Document { file, root }), policy)
        }
        Err(Unreadable::Missing) if named_by.is_none() => checked(sources, ConfigFile::Absent(path), None, policy),
        Err(fault) => Err(ConfigError::whole(&path, fault.words(named_by)).into()),
    }
}

/// What a file says. What can be saved from a broken one is not what was meant: then there are its breaks alone.
fn parsed<'t>(file: &FileText<'t>) -> Result<Spanned<DeTable<'t>>, ConfigErrors> {
    let (document, errors) = DeTable::parse_recoverable(file.text);
    match ConfigErrors::collect(errors.iter().map(|error| syntax(file, error)).collect()) {
        Some(errors) => Err(errors),
        None => Ok(document),
    }
}

/// Why there is no text.
enum Unreadable {
    Missing,
    TooLarge,
    NotText { line: usize },
    Io(io::Error),
}

impl Unreadable {
    fn words(&self, named_by: Option<&str>) -> String {
        let named = named_by.map(|by| format!(" (named by {by})")).unwrap_or_default();
        match self {
            Self::Missing => {
                format!("there is no such configuration file{named}: name another, or leave it out")
            }
            Self::TooLarge => {
                format!("this is larger than 1 MiB and no configuration{named}: name another file")
            }
            Self::NotText { line } => {
                format!("line {line} is not UTF-8{named}: save the file as UTF-8")
            }
            Self::Io(error) => format!(
                "the configuration file cannot be read{named}: {}",
                escaped(&error.to_string())
            ),
        }
    }
}

fn read(path: &Path) -> Result<String, Unreadable> {
    let file = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Unreadable::Missing,
        _ => Unreadable::Io(error),
    })?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(Unreadable::Io)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Unreadable::TooLarge);
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
        Unreadable::NotText {
            line: good.filter(|byte| **byte == b'\n').count() + 1,
        }
    })
}

fn syntax(file: &FileText<'_>, error: &toml::de::Error) -> ConfigError {
    let origin = file.origin(error.span().map_or(0, |span| span.start));
    let words: Vec<&str> = error.message().lines().collect();
    let words = escaped(&words.join("; "));
    // Where somebody writes a regular expression for the first time.
    let hint = match words.contains("escape") {
        true => "; in single quotes a backslash is itself: 'SUP-\\d+'",
        false => "",
    };
    ConfigError::at(&origin, format!("this is not TOML: {words}{hint}"))
}

fn checked(
    sources: &Sources<'_>,
    found: ConfigFile,
    document: Option<Document<'_>>,
    policy: Option<Document<'_>>,
) -> Result<Config, ConfigErrors> {
    let (file, root) = document.map(|document| (document.file, document.root)).unzip();
    let mut layers = Layers::new(sources, file.clone(), policy.clone());
    if let Some(policy) = &policy {
        policy::unknown_keys(&mut layers, &policy.file, policy.root);
    }
    if let (Some(file), Some(root)) = (&file, root) {
        unknown_keys(&mut layers, file, General::SECTION, root);
    }
    let table = |layers: &mut Layers<'_>, section: &'static Section| -> Option<&DeTable<'_>> {
        let (file, root) = (file.as_ref()?, root?);
        let table = heading(layers, file, root, section.name)?;
        unknown_keys(layers, file, section, table);
        Some(table)
    };
    let screen = table(&mut layers, Screen::SECTION);
    let find_users = table(&mut layers, Find::SECTION);
    let edit = table(&mut layers, Edit::SECTION);
    let protect = table(&mut layers, Protect::SECTION);
    let journal = table(&mut layers, Journal::SECTION);
    let pace = table(&mut layers, Pace::SECTION);
    let mut config = Config {
        file: found,
        policy: policy.map(|policy| policy.file.path.to_path_buf()),
        service: sources.flags.service,
        general: General::gather(&mut layers, root),
        screen: Screen::gather(&mut layers, screen),
        find: Find::gather(&mut layers, find_users),
        edit: Edit::gather(&mut layers, edit),
        protect: Protect::gather(&mut layers, protect),
        journal: Journal::gather(&mut layers, journal),
        pace: Pace::gather(&mut layers, pace),
        keys: Vec::new(),
        pools: Vec::new(),
        views: Vec::new(),
        overruled: Vec::new(),
    };
    if let (Some(file), Some(root)) = (&file, root) {
        config.keys = keys(&mut layers, file, root);
        config.pools = pools::gather(&mut layers, file, root);
        config.views = views::gather(&mut layers, file, root);
    }
    if sources.flags.service == Service::Demo {
        config.pools.clear();
    }
    if let Some(errors) = ConfigErrors::collect(layers.errors) {
        return Err(errors);
    }
    config.overruled = layers.overruled;
    traces::apply(&mut config);
    Ok(config)
}

/// The table under a heading; a value in its place is a mistake.
fn heading<'t, 'i>(
    layers: &mut Layers<'_>,
    file: &FileText<'_>,
    root: &'t DeTable<'i>,
    name: &str,
) -> Option<&'t DeTable<'i>> {
    match find(root, name)? {
        (_, DeValue::Table(table)) => Some(table),
        (at, DeValue::Array(_)) => {
            let words = format!("[{name}] stands once: write [{name}] with single brackets");
            layers.errors.push(ConfigError::at(&file.origin(at), words));
            None
        }
        (at, _) => {
            let words = format!("{name} is a section: write [{name}] and its settings below");
            layers.errors.push(ConfigError::at(&file.origin(at), words));
            None
        }
    }
}

/// Reads every section of a list such as `[[pool]]`. One with a mistake is left out; the mistake is kept in `layers`.
/// `wrong` has those before it as well, to keep two from being the same.
pub(super) fn repeated<T>(
    layers: &mut Layers<'_>,
    file: &FileText<'_>,
    root: &DeTable<'_>,
    section: &'static Section,
    read: impl Fn(&mut Layers<'_>, &DeTable<'_>) -> T,
    wrong: impl Fn(&T, &[T]) -> Option<ConfigError>,
) -> Vec<T> {
    let name = section.name;
    let items = match find(root, name) {
        None => return Vec::new(),
        Some((_, DeValue::Array(items))) => items,
        Some((at, _)) => {
            let words =
                format!("{name} is a list of sections: write [[{name}]] with double brackets and its settings below");
            layers.errors.push(ConfigError::at(&file.origin(at), words));
            return Vec::new();
        }
    };
    let mut gathered: Vec<T> = Vec::new();
    for item in items.iter() {
        let origin = file.origin(item.span().start);
        let DeValue::Table(table) = item.get_ref() else {
            let words = format!("{name} is a list of sections: write [[{name}]] and its settings below");
            layers.errors.push(ConfigError::at(&origin, words));
            continue;
        };
        unknown_keys(layers, file, section, table);
        let mistakes = layers.errors.len();
        let one = read(layers, table);
        for entry in section.entries {
            if entry.required && !table.iter().any(|(name, _)| name.get_ref() == entry.key) {
                let words = format!(
                    "[[{name}]] has no {}: add {} = {}",
                    entry.key,
                    entry.key,
                    entry.sample.unwrap_or("\"..\"")
                );
                layers.errors.push(ConfigError::at(&origin, words));
            }
        }
        if layers.errors.len() > mistakes {
            continue;
        }
        match wrong(&one, &gathered) {
            Some(error) => layers.errors.push(error),
            None => gathered.push(one),
        }
    }
    gathered
}

fn keys(layers: &mut Layers<'_>, file: &FileText<'_>, root: &DeTable<'_>) -> Vec<Binding> {
    let Some(table) = heading(layers, file, root, KEYS) else {
        return Vec::new();
    };
    let mut bindings: Vec<(usize, Binding)> = Vec::new();
    for (name, value) in table.iter() {
        let at = name.span().start;
        let given = Given {
            value: Value::Toml(value.get_ref()),
            folder: None,
            home: None,
        };
        let chords = match value.get_ref() {
            DeValue::String(chord) => Ok(vec![chord.as_ref()]),
            DeValue::Array(_) => given.texts(),
            _ => Err(Refusal(format!(
                "{} is neither a chord nor a list of chords",
                given.shown()
            ))),
        };
        match chords {
            Ok(chords) => bindings.push((
                at,
                Binding {
                    action: name.get_ref().to_string(),
                    chords: chords.into_iter().map(str::to_owned).collect(),
                    origin: file.origin(at),
                },
            )),
            Err(Refusal(why)) => layers.errors.push(ConfigError::at(
                &file.origin(at),
                format!(
                    "{} in [{KEYS}]: {why}: write \"r\" or [\"r\", \"F5\"]",
                    escaped(name.get_ref())
                ),
            )),
        }
    }
    bindings.sort_by_key(|(at, _)| *at);
    bindings.into_iter().map(|(_, binding)| binding).collect()
}

/// Collects the keys of a table that are no settings, with the one that was probably meant: of the same section first.
pub(super) fn unknown_keys(layers: &mut Layers<'_>, file: &FileText<'_>, section: &Section, table: &DeTable<'_>) {
    for (name, value) in table.iter() {
        let key = name.get_ref().as_ref();
        if section.entry(key).is_some() || (section.name.is_empty() && is_heading(key)) {
            continue;
        }
        let what = match (value.get_ref(), section.brackets()) {
            (DeValue::Table(_), heading) if heading.is_empty() => {
                format!("unknown section [{}]", escaped(key))
            }
            (_, heading) if heading.is_empty() => format!("unknown key {}", quoted(key)),
            (_, heading) => format!("unknown key {} in {heading}", quoted(key)),
        };
        let words = format!("{what}{}", KNOWN.meant(section, key));
        layers
            .errors
            .push(ConfigError::at(&file.origin(name.span().start), words));
    }
}

/// What a configuration can hold.
const KNOWN: Known = Known {
    sections: SECTIONS,
    lists: true,
    entry: |_| true,
    otherwise: "; config.example.toml lists every key",
};

fn is_heading(key: &str) -> bool {
    !key.is_empty() && headings().any(|heading| heading == key)
}

fn headings() -> impl Iterator<Item = &'static str> {
    SECTIONS
        .iter()
        .map(|section| section.name)
        .chain([KEYS])
        .chain(REPEATED.iter().map(|section| section.name))
        .filter(|name| !name.is_empty())
}
