//! Rare events: how networks end memories that hardly ever end.

pub mod action;
