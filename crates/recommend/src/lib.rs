//! Events and catalogue in, ranked products out: pure, no clock, no chance, no I/O.
//!
//! [`Recommender`] is one shop's index in memory: [`Recommender::observe`] counts what shoppers do as it
//! happens, [`Recommender::set_item`] follows the catalogue, [`Recommender::recommend`] answers. Start
//! reading at `answer.rs`.

mod answer;
mod baskets;
mod candidates;
mod catalogue;
mod decay;
pub mod evaluate;
mod filter;
mod id_map;
mod interactions;
mod items;
mod limits;
mod neighbours;
mod picks;
mod popularity;
mod query;
mod recommender;
mod sessions;
mod visitors;
mod visits;

pub use baskets::{BasketModel, OrderLine};
pub use interactions::{Interaction, Kind};
pub use items::ItemFacts;
pub use limits::Limits;
pub use query::{Pick, Purpose, Query, Reason};
pub use recommender::Recommender;
pub use sessions::live::{Learned, Lesson, LiveVisits, VisitQuestion};
pub use sessions::snapshot::SnapshotError;
pub use visits::{Click, Profile, VisitModel};
