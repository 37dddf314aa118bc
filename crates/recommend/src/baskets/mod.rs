//! Past orders as a model of what else belongs in a basket, and of what is bought next time: learned in the
//! background, asked by anyone at once.

mod features;
mod judges;
mod model;
mod orders;
mod ridge;
mod ties;
mod training;

pub use model::{BasketModel, OrderLine};
