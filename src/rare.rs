//! Rare events: how networks end memories that hardly ever end.

mod action;
mod climb;
mod entries;
mod fleming_viot;
mod score;
mod splitting;

pub use action::{Action, ActionError, escape_action};
pub use entries::Cycle;
pub use fleming_viot::{Census, FlemingViot};
pub use score::Score;
pub use splitting::{Splitting, SplittingRun};
