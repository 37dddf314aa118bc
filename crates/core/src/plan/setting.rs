//! Settings of a journey that a screen or a command line may change without touching its text.

use super::{Action, Journey, parse_share};
use crate::time::Span;

impl Journey {
    /// Changes one setting that the text leaves open: `holdout=0`, `priority=90`, `variant=once` (any split by its name).
    ///
    /// # Errors
    /// The setting is not known, or its value is not one of its kind.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "holdout" => {
                self.holdout_ppm = parse_share(value)
                    .ok_or_else(|| format!("`{value}` is not a share; write `5%` or `0.05`, at most 50%"))?;
            }
            "priority" => {
                let new = value.parse().ok().filter(|n| *n <= 100);
                self.set_priority(new.ok_or_else(|| format!("`{value}` is not a priority from 0 to 100"))?);
            }
            "after" => {
                self.entry.after =
                    Span::parse(value).ok_or_else(|| format!("`{value}` is not a time, as 15m"))?;
            }
            split => self.set_split(split, value)?,
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

    fn set_split(&mut self, name: &str, value: &str) -> Result<(), String> {
        let graph = self.graphs.get_mut(&self.current).ok_or("the journey has no steps")?;
        for step in &mut graph.steps {
            let Action::Split { only, arms } = &mut step.action else { continue };
            if step.name != name {
                continue;
            }
            let names: Vec<&str> = arms.iter().map(|(name, ..)| name.as_str()).collect();
            if value != "test" && !names.contains(&value) {
                return Err(format!("`{value}` is no arm of `{name}`: use test, {}", names.join(", ")));
            }
            *only = (value != "test").then(|| value.to_owned());
            return Ok(());
        }
        Err(format!(
            "`{name}` is not a setting of this journey: use holdout, priority, after, or the name of a split"
        ))
    }
}
