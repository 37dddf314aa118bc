//! A plan over a stream of events on a virtual clock: what would have been sent, to whom, and why.
//!
//! # Bird's eye
//!
//! ```text
//! Stream (time, event) ──┐
//! timers of the people ──┤                        ┌─> Watch: whoever wants each change
//! outbox, as the rate  ──┼─> run ─> Desk (core) ──┤
//! allows               ──┤     ^                  └─> Tally ─> Report
//! answers, reactions   ──┘     └── plan, catalogue, model: arguments
//! ```
//!
//! Decisions are made by the very desk that runs live (`beckon_core::desk`): gate, holdout, caps, arbitration
//! and quiet hours are those of the core and stand nowhere here. What stands here is the rest of a shop, in
//! memory: where profiles, doors and timers lie (`plane.rs`), the outbox, and a channel that is modelled
//! ([`Model`]): how many mails a second it takes, and how people react to them. Their reactions come back as
//! inputs.
//!
//! Nothing here knows where the events come from: a simulation hands in invented shoppers, a replay the shop's
//! own past ([`Told`]). The clock is the stream's, chance is a hash; the same arguments give the same report to
//! the byte. There is no I/O (`clippy.toml` forbids it).
//!
//! Memory grows with the people, never with their events: a profile is bounded by the core, the outbox holds
//! what is open, and the report counts.

mod channel;
mod conflicts;
mod examples;
mod model;
mod outbox;
mod plane;
mod report;
mod run;
mod setup;
mod stream;
mod tally;

pub use model::Model;
pub use report::{
    Caps, Channel, Conflict, Day, Example, ExampleLine, Figures, JourneyReport, Money, Report, Standing, Wait,
};
pub use run::{Quiet, Watch, run, run_watched};
pub use setup::Setup;
pub use stream::{Catalogue, Stream, Told, Visit};
