//! Small drawings: a line without axes beside a number, and a funnel.

use super::Axis;
use askama::Template;

/// A line without axes, for a table's row or beside a key figure. Write it with `{{ spark|safe }}`.
#[derive(Template)]
#[template(path = "chart/spark.html")]
pub struct Spark {
    path: String,
    area: String,
    summary: String,
}

impl Spark {
    /// A line through the values; `summary` says it in words. Fewer than two values draw nothing.
    #[must_use]
    pub fn new(values: &[f64], summary: &str) -> Spark {
        let axis = Axis::above(values);
        let gap = 100.0 / (values.len().max(2) - 1) as f64;
        let place = |(at, value): (usize, &f64)| {
            // Half a line's width stays free above and below.
            format!("{:.1},{:.1}", gap * at as f64, 96.0 - axis.part(*value) * 0.92)
        };
        let path = match values.len() {
            0 | 1 => String::new(),
            _ => values.iter().enumerate().map(place).collect::<Vec<_>>().join(" "),
        };
        let area = if path.is_empty() { String::new() } else { format!("0,100 {path} 100,100") };
        Spark { path, area, summary: summary.to_owned() }
    }
}

/// A step of a funnel.
#[derive(Clone, Debug)]
pub struct Step {
    /// What was reached.
    pub name: String,
    /// By how many.
    pub value: f64,
    /// The number as people write it.
    pub text: String,
    /// Its share, of the first step or of the one before, as the page says; may be empty.
    pub share: String,
}

/// Steps below each other, each with a bar as long as its part of the largest. Write it with `{{ funnel|safe }}`.
#[derive(Template)]
#[template(path = "chart/funnel.html")]
pub struct Funnel {
    title: String,
    steps: Vec<(Step, String)>,
}

impl Funnel {
    /// A funnel of steps in their order.
    #[must_use]
    pub fn new(title: &str, steps: Vec<Step>) -> Funnel {
        let most = steps.iter().fold(0.0, |most: f64, step| most.max(step.value));
        let part = |step: &Step| match most > 0.0 && step.value > 0.0 {
            // What happened at all is to be seen.
            true => (step.value / most * 100.0).max(0.5),
            false => 0.0,
        };
        let steps = steps.into_iter().map(|step| (format!("{:.2}%", part(&step)), step));
        Funnel { title: title.to_owned(), steps: steps.map(|(part, step)| (step, part)).collect() }
    }
}
