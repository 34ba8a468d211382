//! The screens, one file each: what they hold, and what their keys do.

pub mod breakdown;
pub mod compare;
pub mod confirmation;
pub mod deed;
pub mod edit;
pub mod journal;
pub mod lint;
pub mod pools;
pub mod review;
pub mod rows;
pub mod sign_in;
pub mod user;
pub mod users;
