//! Favourite pools: what must hold between their settings and among them.

use toml::de::DeTable;

use super::error::ConfigError;
use super::escape::quoted;
use super::file::repeated;
use super::layers::{FileText, Layers};
use super::read::region_of;
use super::table::PoolSettings;

/// Every `[[pool]]`.
pub(super) fn gather(layers: &mut Layers<'_>, file: &FileText<'_>, root: &DeTable<'_>) -> Vec<PoolSettings> {
    let read = |layers: &mut Layers<'_>, table: &DeTable<'_>| PoolSettings::gather(layers, Some(table));
    repeated(layers, file, root, PoolSettings::SECTION, read, clash)
}

/// What makes a well-formed favourite impossible.
fn clash(pool: &PoolSettings, others: &[PoolSettings]) -> Option<ConfigError> {
    if let (Some(region), Some(own)) = (&pool.region.value, region_of(&pool.id.value))
        && region != own
    {
        return Some(ConfigError::at(
            &pool.region.origin,
            format!(
                "region in [[pool]]: {} is not the region of {}: leave it out, or mend the id",
                quoted(region),
                pool.id.value
            ),
        ));
    }
    let twin = others.iter().find(|other| other.id.value == pool.id.value)?;
    Some(ConfigError::at(
        &pool.id.origin,
        format!(
            "id in [[pool]]: {} is already at {}: keep one of them",
            pool.id.value, twin.id.origin
        ),
    ))
}
