//! Saved views of the list of users: each is found by its own name and its own key.

use toml::de::DeTable;

use super::error::ConfigError;
use super::escape::quoted;
use super::file::repeated;
use super::layers::{FileText, Layers};
use super::table::ViewSettings;

/// Every `[[view]]`.
pub(super) fn gather(layers: &mut Layers<'_>, file: &FileText<'_>, root: &DeTable<'_>) -> Vec<ViewSettings> {
    let read = |layers: &mut Layers<'_>, table: &DeTable<'_>| ViewSettings::gather(layers, Some(table));
    repeated(layers, file, root, ViewSettings::SECTION, read, clash)
}

/// What two views cannot share.
fn clash(view: &ViewSettings, others: &[ViewSettings]) -> Option<ConfigError> {
    if let Some(twin) = others.iter().find(|other| other.name.value == view.name.value) {
        return Some(ConfigError::at(
            &view.name.origin,
            format!(
                "name in [[view]]: {} is already at {}: give it another",
                quoted(&view.name.value),
                twin.name.origin
            ),
        ));
    }
    let key = view.key.value?;
    let twin = others.iter().find(|other| other.key.value == Some(key))?;
    Some(ConfigError::at(
        &view.key.origin,
        format!(
            "key in [[view]]: {key} already opens {}, at {}: use another of 1 to 9",
            quoted(&twin.name.value),
            twin.key.origin
        ),
    ))
}
