//! Offline evaluation: learn from what was, foretell what came then, and measure.

mod baskets;
mod block;
mod measures;
mod report;
mod sessions;

pub use baskets::{BasketPrediction, BasketTask, baskets};
pub use block::{Foretold, Trial, block};
pub use measures::{AtDepth, DEPTHS, Figure, Measures};
pub use report::{Measured, Plan, Report, report};
pub use sessions::{Prediction, sessions};

/// Places of a prediction.
pub const PREDICTED: usize = 20;
