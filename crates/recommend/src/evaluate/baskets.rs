//! Baskets foretold: learn from past orders, then say what else belongs in each basket, and what comes next.

use crate::baskets::{BasketModel, OrderLine};
use crate::evaluate::PREDICTED;

/// A basket to be completed; an empty one asks for the customer's next order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasketTask {
    /// The task's id.
    pub id: String,
    /// The customer's id; empty when nobody knows.
    pub customer: String,
    /// When it is asked, in seconds since 1970.
    pub at_secs: i64,
    /// What the basket holds, in the order in which it was filled.
    pub basket: Vec<String>,
}

/// What was foretold of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasketPrediction {
    /// The task's id.
    pub id: String,
    /// Up to twenty items, best first.
    pub items: Vec<String>,
}

/// Answers each task by what the orders of `train` teach. No task is learned from.
pub fn baskets(train: &[OrderLine], tasks: &[BasketTask]) -> Vec<BasketPrediction> {
    let model = BasketModel::learn(train);
    let answer = |task: &BasketTask| {
        let basket: Vec<&str> = task.basket.iter().map(String::as_str).collect();
        let mut best = model.complete(&task.customer, &basket, task.at_secs, |_| true);
        best.truncate(PREDICTED);
        BasketPrediction { id: task.id.clone(), items: best.into_iter().map(str::to_owned).collect() }
    };
    tasks.iter().map(answer).collect()
}
