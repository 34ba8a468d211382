//! Client metadata as it is typed and shown: `key=value, key=value`.

use crate::domain::ClientMetadata;

/// Reads `key=value, key=value`. A comma inside a value is written `\,`.
pub fn parse_metadata(typed: &str) -> Result<ClientMetadata, &'static str> {
    let mut metadata = ClientMetadata::default();
    let mut part = String::new();
    let mut parts = Vec::new();
    let mut chars = typed.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => part.extend(chars.next()),
            ',' => parts.push(std::mem::take(&mut part)),
            other => part.push(other),
        }
    }
    parts.push(part);
    for part in parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').ok_or("write key=value, and a comma between two")?;
        if key.trim().is_empty() {
            return Err("a key is missing before =");
        }
        if metadata
            .0
            .insert(key.trim().to_owned(), value.trim().to_owned())
            .is_some()
        {
            return Err("a key stands there twice");
        }
    }
    Ok(metadata)
}

/// The same metadata as it would be typed.
pub fn write_metadata(metadata: &ClientMetadata) -> String {
    let escape = |text: &str| text.replace('\\', "\\\\").replace(',', "\\,");
    let parts: Vec<String> = metadata
        .0
        .iter()
        .map(|(key, value)| format!("{}={}", escape(key), escape(value)))
        .collect();
    parts.join(", ")
}
