//! Offline evaluation: learn from what was, foretell what came then, and measure.

mod baskets;
mod sessions;

pub use baskets::{BasketPrediction, BasketTask, baskets};
pub use sessions::{Prediction, sessions};

/// Places of a prediction.
pub const PREDICTED: usize = 20;
