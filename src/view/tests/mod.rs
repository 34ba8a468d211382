//! The screens as snapshots of text and style, and what holds for every screen at every size.

mod audit;
mod deeds;
mod dump;
mod every_size;
mod hostile;
mod journal;
mod mask;
mod pane;
mod scene;
mod screens;
mod sign_in;
mod typed;
mod widgets;
