//! Rare events: how networks end memories that hardly ever end.

pub mod action;
mod climb;
pub mod entries;
pub mod fleming_viot;
pub mod score;
pub mod splitting;
