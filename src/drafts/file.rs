//! How a draft stands in its file: a line that says version and digest, and a line with everything else.
//!
//! The reader is strict. What it does not know for certain is said and left alone: a draft that is half understood is
//! worse than none.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::disk::hex;
use crate::domain::draft::saved::{Saved, Typed};
use crate::domain::place::{Caller, Written};
use crate::domain::{AttributeName, AttributeValue, ClientMetadata, Contact, Edit, Raw, Route, Username};

const VERSION: u32 = 1;

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// The console that made it.
    pub session: String,
    pub begun: Timestamp,
    pub at: Timestamp,
    pub caller: Caller,
    pub place: Written,
    pub draft: Saved,
}

/// Why a file is no draft that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    /// Not as this program wrote it.
    Damaged,
    /// Of a format this version does not know.
    Version(u32),
}

#[derive(Serialize, Deserialize)]
struct Head {
    v: u32,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    session: String,
    begun: String,
    time: String,
    caller: Caller,
    place: Written,
    username: Username,
    sub: Option<Raw>,
    route: Way,
    made_from: BTreeMap<AttributeName, Option<AttributeValue>>,
    edits: BTreeMap<AttributeName, Edit>,
    left_to_pool: Vec<Contact>,
    metadata: BTreeMap<String, String>,
    typed: Option<Open>,
    undoes: Option<Raw>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Way {
    Admin,
    Own,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    name: AttributeName,
    text: Raw,
}

/// The file of a draft, byte for byte.
pub fn print(content: &Content) -> Result<Vec<u8>, serde_json::Error> {
    let draft = &content.draft;
    let body = Body {
        session: content.session.clone(),
        begun: content.begun.to_string(),
        time: content.at.to_string(),
        caller: content.caller.clone(),
        place: content.place.clone(),
        username: draft.username.clone(),
        sub: draft.sub.clone(),
        route: match draft.route {
            Route::Admin => Way::Admin,
            Route::Own => Way::Own,
        },
        made_from: draft.made_from.clone(),
        edits: draft.edits.clone(),
        left_to_pool: draft.left_to_pool.clone(),
        metadata: draft.metadata.0.clone(),
        typed: draft.typed.as_ref().map(|typed| Open {
            name: typed.name.clone(),
            text: typed.text.clone(),
        }),
        undoes: draft.undoes.clone(),
    };
    let body = serde_json::to_string(&body)?;
    let head = serde_json::to_string(&Head {
        v: VERSION,
        sha256: digest(&body),
    })?;
    Ok(format!("{head}\n{body}\n").into_bytes())
}

/// The draft in a file.
pub fn parse(bytes: &[u8]) -> Result<Content, Bad> {
    let text = std::str::from_utf8(bytes).map_err(|_| Bad::Damaged)?;
    let (head, body) = text.split_once('\n').ok_or(Bad::Damaged)?;
    let head: Head = serde_json::from_str(head).map_err(|_| Bad::Damaged)?;
    if head.v != VERSION {
        return Err(Bad::Version(head.v));
    }
    let body = body.strip_suffix('\n').ok_or(Bad::Damaged)?;
    if digest(body) != head.sha256 {
        return Err(Bad::Damaged);
    }
    let body: Body = serde_json::from_str(body).map_err(|_| Bad::Damaged)?;
    Ok(Content {
        session: body.session,
        begun: body.begun.parse().map_err(|_| Bad::Damaged)?,
        at: body.time.parse().map_err(|_| Bad::Damaged)?,
        caller: body.caller,
        place: body.place,
        draft: Saved {
            username: body.username,
            sub: body.sub,
            route: match body.route {
                Way::Admin => Route::Admin,
                Way::Own => Route::Own,
            },
            edits: body.edits,
            left_to_pool: body.left_to_pool,
            made_from: body.made_from,
            metadata: ClientMetadata(body.metadata),
            typed: body.typed.map(|open| Typed {
                name: open.name,
                text: open.text,
            }),
            undoes: body.undoes,
        },
    })
}

fn digest(body: &str) -> String {
    hex(&Sha256::digest(body.as_bytes()))
}
