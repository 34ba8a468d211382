//! Favourite pools: what must hold between their settings and among them.

use toml::de::{DeArray, DeValue};

use super::error::ConfigError;
use super::escape::quoted;
use super::file::unknown_keys;
use super::layers::{FileText, Layers};
use super::read::region_of;
use super::table::PoolSettings;

/// Reads every `[[pool]]`. One with a mistake is left out; the mistake is kept in `layers`.
pub(super) fn gather(layers: &mut Layers<'_>, file: &FileText<'_>, pools: &DeArray<'_>) -> Vec<PoolSettings> {
    let mut gathered: Vec<PoolSettings> = Vec::new();
    for item in pools.iter() {
        let origin = file.origin(item.span().start);
        let DeValue::Table(table) = item.get_ref() else {
            layers.errors.push(ConfigError::at(
                &origin,
                "pool is a list of sections: write [[pool]] and its settings below",
            ));
            continue;
        };
        unknown_keys(layers, file, PoolSettings::SECTION, table);
        let mistakes = layers.errors.len();
        let pool = PoolSettings::gather(layers, Some(table));
        for entry in PoolSettings::SECTION.entries {
            if entry.required && !table.iter().any(|(name, _)| name.get_ref() == entry.key) {
                layers.errors.push(ConfigError::at(
                    &origin,
                    format!(
                        "[[pool]] has no {}: add {} = {}",
                        entry.key,
                        entry.key,
                        entry.sample.unwrap_or("\"..\"")
                    ),
                ));
            }
        }
        if layers.errors.len() > mistakes {
            continue;
        }
        if let Some(error) = clash(&pool, &gathered) {
            layers.errors.push(error);
            continue;
        }
        gathered.push(pool);
    }
    gathered
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
