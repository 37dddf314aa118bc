//! Events and catalogue in, ranked products out: pure, no clock, no chance, no I/O.
//!
//! [`Recommender`] is one shop's index in memory: [`Recommender::observe`] counts what shoppers do as it
//! happens, [`Recommender::set_item`] follows the catalogue, [`Recommender::recommend`] answers. Start
//! reading at `answer.rs`.

mod answer;
mod baskets;
pub mod block;
mod candidates;
mod catalogue;
mod charts;
mod content;
mod decay;
pub mod evaluate;
mod filter;
mod id_map;
mod interactions;
mod item_facts;
mod items;
mod limits;
mod neighbours;
mod pairs;
mod picks;
mod popularity;
mod query;
mod reason;
mod recommender;
mod serve;
mod sessions;
mod shelves;
mod shelving;
mod strategy;
mod visitors;
mod visits;
mod why;

pub use baskets::{BasketModel, OrderLine};
pub use interactions::{Interaction, Kind};
pub use item_facts::ItemFacts;
pub use limits::Limits;
pub use query::{Pick, Purpose, Query};
pub use reason::Reason;
pub use recommender::Recommender;
pub use serve::{Answer, Note, Outcome, Purchase, Request, Served, Step};
pub use sessions::live::{Learned, Lesson, LiveVisits, VisitQuestion};
pub use sessions::snapshot::SnapshotError;
pub use visits::{Click, Profile, VisitModel};
