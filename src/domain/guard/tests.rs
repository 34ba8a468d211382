//! Patterns, layers and what they come to.
