//! What cognitui knows about pools, users and changes, as plain values: no IO, no clock, no async.
//!
//! Everything above this folder speaks in these types, so a rule of the service is written once, here, and can be
//! tested without a terminal and without a network.

pub mod attribute;
pub mod breakdown;
pub mod change;
pub mod column;
pub mod command;
pub mod compare;
pub mod consequence;
pub mod deed;
pub mod delivery;
pub mod draft;
pub mod entry;
pub mod export;
pub mod fault;
pub mod find;
pub mod glyph;
pub mod guard;
pub mod intent;
pub mod lint;
pub mod nearest;
pub mod outcome;
pub mod page;
pub mod place;
pub mod pool;
pub mod price;
pub mod query;
pub mod raw;
pub mod roster;
pub mod route;
mod same;
pub mod schema;
pub mod search;
pub mod secret;
pub mod sentence;
pub mod sign_in;
pub mod undo;
pub mod user;

pub use attribute::{AttributeName, AttributeValue, Attributes, Contact};
pub use change::{Change, ChangeSet};
pub use deed::{Account, Deed};
pub use delivery::CodeDelivery;
pub use draft::{ClientMetadata, Conflict, Draft, Edit};
pub use entry::Entry;
pub use fault::{Fault, FaultKind};
pub use intent::{Intent, Operation, Why};
pub use outcome::{Drift, Outcome};
pub use page::{Answered, Page, PageToken};
pub use place::{Place, Target};
pub use pool::{Pool, PoolId, PoolSummary};
pub use raw::Raw;
pub use roster::{Roster, RowId, Rows, Segment};
pub use route::{AppClient, ClientId, ClientSummary, Route, Rules};
pub use schema::{Schema, SchemaAttribute};
pub use secret::Secret;
pub use sentence::Sentence;
pub use user::{User, UserStatus, Username};
