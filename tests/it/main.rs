//! One integration binary: linking the SDK once per test file is slow.

mod clients;
mod console;
mod contract;
mod docs;
mod flow;
mod fuzz;
mod house;
mod peers;
mod pty;
mod shorthand;
mod terminal;
