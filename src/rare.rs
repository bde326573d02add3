//! Rare events: how networks end memories that hardly ever end.

pub mod action;
mod climb;
mod entries;
pub mod score;
pub mod splitting;
