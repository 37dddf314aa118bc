//! What the demo shows around every page: the shop's time, and the guide's steps.

use crate::app::App;
use crate::demo::{Demo, PACES};
use crate::words::Words;

/// What the demo shows around a page.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The page with the doors.
    pub doors: String,
    /// The invented shop.
    pub shop: String,
    /// The mailbox.
    pub mailbox: String,
    /// The shop's time: the day, and the time of day.
    pub clock: (String, String),
    /// A night was just skipped.
    pub morning: bool,
    /// The pace in force, and those to choose from.
    pub pace: u32,
    /// Paces to choose from.
    pub paces: [u32; 3],
    /// The guide's steps; empty when it was put away.
    pub steps: Vec<Step>,
}

/// A step of the guide.
#[derive(Clone, Debug)]
pub struct Step {
    /// Key of its title; its sentence has the same with `-text`.
    pub key: &'static str,
    /// The page where it is done.
    pub href: String,
    /// Whether it was done.
    pub done: bool,
}

impl Frame {
    /// The step to do next; `None` when all were done.
    #[must_use]
    pub fn next(&self) -> Option<&Step> {
        self.steps.iter().find(|step| !step.done)
    }
}

/// What the demo shows around a page; `None` where there is no demo.
#[must_use]
pub fn frame(app: &App, words: &Words) -> Option<Frame> {
    let demo = app.demo.get()?;
    let now = app.now();
    let clock = words.clock(&now);
    Some(Frame {
        doors: demo.doors.clone(),
        shop: demo.shop.clone(),
        mailbox: demo.mailbox.clone(),
        clock: (words.date(&now), clock.get(..5).unwrap_or(&clock).to_owned()),
        morning: demo.is_morning(app.clock.wall()),
        pace: app.clock.factor() as u32,
        paces: PACES,
        steps: steps(demo),
    })
}

fn steps(demo: &Demo) -> Vec<Step> {
    let guide = demo.guide();
    if guide.hidden {
        return Vec::new();
    }
    let message = guide.message.map_or("/messages".to_owned(), |id| format!("/messages/{id}"));
    let person = guide.profile.map_or("/customers".to_owned(), |id| format!("/customers/{id}"));
    let step = |key, href: String, done| Step { key, href, done };
    vec![
        step("guide-cart", demo.shop.clone(), guide.cart && guide.email.is_some()),
        step("guide-mail", message, guide.message.is_some() && guide.why),
        step("guide-map", "/journeys/abandoned-cart".to_owned(), guide.map),
        step("guide-customer", person, guide.customer),
        step("guide-numbers", "/journeys/abandoned-cart/numbers".to_owned(), guide.numbers),
    ]
}
