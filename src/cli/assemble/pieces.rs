//! The pieces of the configuration that parts of the program take as they are.

use std::path::PathBuf;

use jiff::tz::TimeZone;

use super::Refused;
use crate::app::keymap::Keymap;
use crate::app::{Favourite, SavedView};
use crate::cognito::Limits;
use crate::config::{self, Config, ConfigError, ConfigErrors, Origin, PoolSettings, Setting};
use crate::domain::{Place, PoolId, Raw, Target};
use crate::view::text::Charset;
use crate::view::theme::ThemeName;

pub fn limits(config: &Config) -> Limits {
    Limits {
        connect_timeout: config.general.connect_timeout.value,
        read_timeout: config.general.read_timeout.value,
    }
}

pub fn charset(config: &Config, text: &dyn Fn(&str) -> Option<String>) -> Charset {
    match config.screen.charset.value {
        config::Charset::Utf8 => Charset::Utf8,
        config::Charset::Ascii => Charset::Ascii,
        config::Charset::Auto => Charset::detect(text),
    }
}

pub fn theme(config: &Config) -> ThemeName {
    match config.screen.theme.value {
        config::Theme::Default => ThemeName::Default,
        config::Theme::HighContrast => ThemeName::HighContrast,
        config::Theme::Mono => ThemeName::Mono,
    }
}

pub fn zone(config: &Config) -> Result<TimeZone, Refused> {
    match &config.screen.time_zone.value {
        config::TimeZone::Utc => Ok(TimeZone::UTC),
        config::TimeZone::Local => TimeZone::try_system().map_err(|error| {
            Refused(format!(
                "time-zone \"local\": the zone of this machine is not known ({error}); name one, or use \"UTC\""
            ))
        }),
        config::TimeZone::Named(name) => TimeZone::get(name).map_err(|error| {
            Refused(format!(
                "time-zone {}: {error}; use \"UTC\" or a name such as \"Europe/Berlin\"",
                config::quoted(name)
            ))
        }),
    }
}

/// The keys that ship, overlaid by the configuration's.
pub fn keymap(config: &Config) -> Result<Keymap, Refused> {
    let shipped = Keymap::shipped().map_err(|error| Refused(format!("the shipped keys: {error}")))?;
    let entries: Vec<(String, Vec<String>)> = config
        .keys
        .iter()
        .map(|binding| (binding.action.clone(), binding.chords.clone()))
        .collect();
    shipped.overlay(&entries).map_err(|error| {
        let at = config.keys.iter().find(|binding| binding.action == error.entry);
        let message = format!("[keys] {error}");
        match at {
            Some(binding) => ConfigErrors::from(ConfigError::at(&binding.origin, message)).into(),
            None => Refused(message),
        }
    })
}

/// How a pool is reached: its own settings in the config before the general ones.
pub fn target(config: &Config, pool: Option<&PoolSettings>) -> Target {
    fn own<T: Clone>(pool: Option<&Setting<Option<T>>>, general: &Setting<Option<T>>) -> Option<T> {
        pool.and_then(|setting| setting.value.clone())
            .or_else(|| general.value.clone())
    }
    // Only a flag beats the region in front of a pool id; what the environment says is for pools without one, and
    // the connection asks for it by itself.
    let region = match (
        pool.and_then(|pool| pool.region.value.clone()),
        &config.general.region.origin,
    ) {
        (Some(region), _) => Some(region),
        (None, Origin::Flag(_) | Origin::File { .. }) => config.general.region.value.clone(),
        (None, _) => None,
    };
    Target {
        profile: own(pool.map(|pool| &pool.profile), &config.general.profile),
        region,
        endpoint: own(pool.map(|pool| &pool.endpoint_url), &config.general.endpoint_url)
            .map(|endpoint| endpoint.as_str().to_owned()),
        ca_bundle: config.general.ca_bundle.value.clone(),
    }
}

pub fn favourites(config: &Config) -> Vec<Favourite> {
    config
        .pools
        .iter()
        .map(|pool| Favourite {
            place: Place {
                target: target(config, Some(pool)),
                pool: PoolId::new(pool.id.value.clone()),
            },
            name: pool.name.value.as_deref().map(Raw::from),
        })
        .collect()
}

pub fn saved_views(config: &Config) -> Vec<SavedView> {
    config
        .views
        .iter()
        .map(|view| SavedView {
            name: Raw::from(view.name.value.as_str()),
            query: Raw::from(view.query.value.as_str()),
            columns: view.columns.value.clone(),
            sort: view.sort.value.clone(),
            key: view.key.value,
        })
        .collect()
}

/// Where the journal is kept. The demo has a folder of its own, which is emptied at start.
pub fn state_folder(is_demo: bool, text: &dyn Fn(&str) -> Option<String>) -> Result<PathBuf, Refused> {
    let folders = directories::ProjectDirs::from("", "", "cognitui");
    let state = folders
        .as_ref()
        .map(|folders| {
            folders
                .state_dir()
                .unwrap_or_else(|| folders.data_local_dir())
                .to_path_buf()
        })
        .ok_or_else(|| {
            let home = if text("HOME").is_none() {
                "HOME is not set"
            } else {
                "there is no home folder"
            };
            Refused(format!(
                "cognitui: {home}, so there is no place for the journal; set HOME or XDG_STATE_HOME"
            ))
        })?;
    Ok(if is_demo { state.join("demo") } else { state })
}
