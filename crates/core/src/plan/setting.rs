//! Settings of a journey that a screen, the API or a command line may change without touching its text.
//!
//! [`Journey::settings`] lists them with their bounds and what they are now, [`Journey::set`] changes one. A setting of
//! a step is called `step.name`, as `classic-2d.for`; the rest are those of the whole.

use super::{About, Action, Class, EntryOn, Journey, Loser, MessageStep, parse_share};
use crate::time::{DAY, HOUR, MINUTE, SECOND, Span};

/// What a setting may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A time from the first to the second, as `15m`.
    Span(Span, Span),
    /// A part of the people, as `5%`, at most a half.
    Share,
    /// A whole number from the first to the second.
    Whole(u32, u32),
    /// One of these.
    Choice(Vec<String>),
    /// The name of a template.
    Template,
}

/// A setting as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What it is called, for [`Journey::set`].
    pub key: String,
    /// What it may be.
    pub kind: Kind,
    /// What it is, as it is written.
    pub value: String,
    /// The step it belongs to; empty for the whole.
    pub step: String,
    /// What it changes: `after`, `for`, `deadline` …, without the step.
    pub of: &'static str,
    /// It is part of the graph: who is inside keeps what she entered with, unless she is moved.
    pub pinned: bool,
}

impl Journey {
    /// All settings with what they are now: first those of the whole, then step by step.
    #[must_use]
    pub fn settings(&self) -> Vec<Setting> {
        let mut list = self.settings_of_whole();
        let steps = self.graph(self.current).map(|graph| graph.steps.as_slice()).unwrap_or_default();
        for step in steps {
            let mut add = |of: &'static str, kind: Kind, value: String, pinned: bool| {
                let key = format!("{}.{of}", step.name);
                list.push(Setting { key, kind, value, step: step.name.clone(), of, pinned });
            };
            match &step.action {
                Action::Wait { span, .. } => add("for", WAIT, span.to_string(), true),
                Action::WaitFor { up_to, .. } => add("up_to", WAIT, up_to.to_string(), true),
                Action::Message(message) => {
                    add("template", Kind::Template, message.template.clone(), false);
                    add("priority", PRIORITY, message.priority.to_string(), false);
                    add("deadline", self.deadline(), message.deadline.to_string(), false);
                    add("when_beaten", losers(), loser(message.when_beaten).to_owned(), false);
                    let every = message.at_most_every.unwrap_or_default();
                    add("at_most_every", Kind::Span(Span(0), DAY.times(365)), every.to_string(), false);
                }
                Action::Split { only, arms } => {
                    let mut choices = vec![TEST.to_owned()];
                    choices.extend(arms.iter().map(|(name, ..)| name.clone()));
                    let value = only.clone().unwrap_or_else(|| TEST.to_owned());
                    let (key, kind, step) = (step.name.clone(), Kind::Choice(choices), step.name.clone());
                    list.push(Setting { key, kind, value, step: step.clone(), of: "split", pinned: false });
                    for (name, share, _) in arms {
                        let (key, value, step) = (format!("{step}.{name}"), share.to_string(), step.clone());
                        list.push(Setting { key, kind: SHARES, value, step, of: "share", pinned: true });
                    }
                }
                Action::Branch { .. } | Action::Exit { .. } | Action::Goal => {}
            }
        }
        list
    }

    fn settings_of_whole(&self) -> Vec<Setting> {
        let mut list = Vec::new();
        let mut add = |of: &'static str, kind: Kind, value: String| {
            list.push(Setting { key: of.to_owned(), kind, value, step: String::new(), of, pinned: false });
        };
        let left = self.entry.on == EntryOn::Left;
        let soonest = if left { MINUTE } else { Span(0) };
        add("after", Kind::Span(soonest, DAY.times(90)), self.entry.after.to_string());
        add("fresh_for", Kind::Span(MINUTE, DAY.times(7)), self.entry.fresh_for.to_string());
        if self.about == About::Person {
            add("again_after", Kind::Span(Span(0), DAY.times(400)), self.entry.again_after.to_string());
        }
        if let Some((by, _)) = &self.entry.shift {
            add("shift", Kind::Span(Span(0), DAY.times(90)), by.to_string());
        }
        add("priority", PRIORITY, self.priority.to_string());
        if self.class.is_marketing() {
            add("holdout", Kind::Share, format!("{}%", f64::from(self.holdout_ppm) / 1e4));
        }
        if let Some(goal) = &self.goal {
            add("goal_within", Kind::Span(HOUR, DAY.times(90)), goal.within.to_string());
        }
        list
    }

    fn deadline(&self) -> Kind {
        let longest = if self.class == Class::T { DAY.times(7) } else { DAY.times(30) };
        Kind::Span(SECOND, longest)
    }

    /// Changes one setting that the text leaves open: `holdout=0`, `priority=90`, `variant=once` (any split by its name),
    /// `classic-2d.for=36h` (a setting of a step).
    ///
    /// # Errors
    /// The setting is not known, or its value is not one of its kind.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let value = value.trim();
        let known = self.settings();
        let Some(setting) = known.iter().find(|setting| setting.key == name) else {
            let whole = known.iter().filter(|setting| setting.step.is_empty() || !setting.key.contains('.'));
            let names: Vec<&str> = whole.map(|setting| setting.key.as_str()).collect();
            return Err(format!(
                "`{name}` is not a setting of this journey: use {}, or step.name as `classic-2d.for`",
                names.join(", ")
            ));
        };
        setting.kind.check(value)?;
        match setting.of {
            "priority" if setting.step.is_empty() => self.set_priority(value.parse().unwrap_or_default()),
            "holdout" => self.holdout_ppm = parse_share(value).unwrap_or_default(),
            "after" => self.entry.after = span(value),
            "fresh_for" => self.entry.fresh_for = span(value),
            "again_after" => self.entry.again_after = span(value),
            "shift" => self.entry.shift.iter_mut().for_each(|(by, _)| *by = span(value)),
            "goal_within" => self.goal.iter_mut().for_each(|goal| goal.within = span(value)),
            of => self.set_step(&setting.step, of, name, value),
        }
        Ok(())
    }

    /// Steps that had the journey's priority have its new one; a step with one of its own keeps it.
    fn set_priority(&mut self, new: u16) {
        let old = std::mem::replace(&mut self.priority, new);
        for step in self.graphs.values_mut().flat_map(|graph| &mut graph.steps) {
            if let Action::Message(message) = &mut step.action
                && message.priority == old
            {
                message.priority = new;
            }
        }
    }

    fn set_step(&mut self, step: &str, of: &str, key: &str, value: &str) {
        let graph = self.graphs.get_mut(&self.current);
        let Some(found) = graph.and_then(|graph| graph.steps.iter_mut().find(|known| known.name == step))
        else {
            return;
        };
        match &mut found.action {
            Action::Wait { span: length, .. } | Action::WaitFor { up_to: length, .. } => {
                *length = span(value)
            }
            Action::Message(message) => message.set(of, value),
            Action::Split { only, .. } if of == "split" => {
                *only = (value != TEST).then(|| value.to_owned());
            }
            Action::Split { arms, .. } => {
                let arm = key.split_once('.').map_or("", |(_, arm)| arm);
                for (_, share, _) in arms.iter_mut().filter(|(name, ..)| name == arm) {
                    *share = value.parse().unwrap_or(*share);
                }
            }
            Action::Branch { .. } | Action::Exit { .. } | Action::Goal => {}
        }
    }
}

/// What a split is set to when its shares decide.
const TEST: &str = "test";
const PRIORITY: Kind = Kind::Whole(0, 100);
const SHARES: Kind = Kind::Whole(1, 1_000);
const WAIT: Kind = Kind::Span(SECOND, DAY.times(365));

fn losers() -> Kind {
    Kind::Choice([Loser::Postpone, Loser::Drop, Loser::Merge].map(|known| loser(known).to_owned()).into())
}

fn loser(loser: Loser) -> &'static str {
    match loser {
        Loser::Drop => "drop",
        Loser::Postpone => "postpone",
        Loser::Merge => "merge",
    }
}

/// Checked before: a value that is no span never comes here.
fn span(value: &str) -> Span {
    Span::parse(value).unwrap_or_default()
}

impl MessageStep {
    fn set(&mut self, of: &str, value: &str) {
        match of {
            "template" => value.clone_into(&mut self.template),
            "priority" => self.priority = value.parse().unwrap_or(self.priority),
            "deadline" => self.deadline = span(value),
            "when_beaten" => {
                let all = [Loser::Postpone, Loser::Drop, Loser::Merge];
                self.when_beaten =
                    all.into_iter().find(|known| loser(*known) == value).unwrap_or(self.when_beaten);
            }
            "at_most_every" => self.at_most_every = Some(span(value)).filter(|every| *every > Span(0)),
            _ => {}
        }
    }
}

impl Kind {
    /// Whether a text is one of this kind.
    ///
    /// # Errors
    /// What is wrong with it, and what to write.
    pub fn check(&self, value: &str) -> Result<(), String> {
        match self {
            Kind::Span(least, most) => match Span::parse(value) {
                None => Err(format!("`{value}` is not a time; write 15m, 4h, 2d or 1d12h")),
                Some(span) if span < *least || span > *most => {
                    Err(format!("`{value}` is out of range: from {least} to {most}"))
                }
                Some(_) => Ok(()),
            },
            Kind::Share => match parse_share(value) {
                None => Err(format!("`{value}` is not a share; write `5%` or `0.05`, at most 50%")),
                Some(_) => Ok(()),
            },
            Kind::Whole(least, most) => {
                let read = value.parse::<u32>().ok().filter(|n| (*least..=*most).contains(n));
                let wrong = || format!("`{value}` is not a whole number from {least} to {most}");
                read.map(drop).ok_or_else(wrong)
            }
            Kind::Choice(list) => {
                let wrong = || format!("`{value}` is none of: {}", list.join(", "));
                list.iter().any(|known| known == value).then_some(()).ok_or_else(wrong)
            }
            Kind::Template => {
                let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                let good = !value.is_empty() && value.len() <= 48 && value.chars().all(plain);
                good.then_some(()).ok_or_else(|| format!("`{value}` cannot be the name of a template"))
            }
        }
    }
}
