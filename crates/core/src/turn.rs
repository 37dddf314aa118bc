//! One decision in the making: the profile as it becomes, and what is to be done.

use crate::effect::{Count, Decision, Effect, Standing, Verdict};
use crate::input::{Facts, Letter, Recipient};
use crate::plan::{Journey, Plan};
use crate::profile::{PositionState, Profile};
use crate::time::ShopTime;
use crate::why::{Journal, Reason};
use std::collections::BTreeMap;

/// A decision in the making.
pub(crate) struct Turn<'a> {
    pub now: ShopTime,
    pub plan: &'a Plan,
    pub facts: &'a Facts,
    pub profile: Profile,
    /// Where she was counted before: journey, version and step.
    stood: Vec<(u32, u32, u32)>,
    pub verdict: Option<Verdict>,
    effects: Vec<Effect>,
    why: Vec<Journal>,
    counts: Vec<Count>,
}

impl<'a> Turn<'a> {
    pub fn new(now: ShopTime, plan: &'a Plan, facts: &'a Facts, profile: Profile) -> Turn<'a> {
        let counted = profile.hot.positions.iter().filter(|p| p.counted);
        Turn {
            stood: counted.map(|p| (p.journey, p.graph, p.step)).collect(),
            now,
            plan,
            facts,
            profile,
            verdict: None,
            effects: Vec::new(),
            why: Vec::new(),
            counts: Vec::new(),
        }
    }

    pub fn finish(mut self) -> Decision {
        self.profile.bound();
        let standing = self.standing();
        Decision {
            profile: self.profile,
            effects: self.effects,
            why: self.why,
            counts: self.counts,
            standing,
            verdict: self.verdict,
        }
    }

    /// Who came to a step and who left one, whatever made them: the difference of the profile before and after, so that
    /// the sums are what stands in the profiles. Who stood there before anybody counted is counted from now on.
    fn standing(&mut self) -> Vec<Standing> {
        let mut sums: BTreeMap<(u32, u32, u32), i64> = BTreeMap::new();
        let stands = |state: PositionState| state != PositionState::Done;
        for was in &self.stood {
            *sums.entry(*was).or_default() -= 1;
        }
        for is in &mut self.profile.hot.positions {
            is.counted = stands(is.state());
            if is.counted {
                *sums.entry((is.journey, is.graph, is.step)).or_default() += 1;
            }
        }
        let told = sums.into_iter().filter(|(_, n)| *n != 0);
        told.map(|((journey, graph, step), n)| Standing { journey: self.name_of(journey), graph, step, n })
            .collect()
    }

    fn name_of(&self, journey: u32) -> String {
        self.plan.journeys.get(&journey).map_or_else(|| format!("#{journey:08x}"), |found| found.name.clone())
    }

    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub fn letter(&mut self, to: Recipient, letter: Letter) {
        self.effects.push(Effect::Letter(to, letter));
    }

    /// Writes a line of the journal.
    pub fn journal(&mut self, what: &str, journey: &str, step: &str, why: Vec<Reason>) {
        self.why.push(Journal {
            what: what.to_owned(),
            journey: journey.to_owned(),
            step: step.to_owned(),
            message: None,
            why,
            plan: self.plan.version,
        });
    }

    /// Adds the message to the line just written.
    pub fn about(&mut self, message: crate::ids::MessageId) {
        if let Some(line) = self.why.last_mut() {
            line.message = Some(message);
        }
    }

    pub fn count(&mut self, journey: &str, step: &str, metric: impl Into<String>) {
        self.counts.push(Count { journey: journey.to_owned(), step: step.to_owned(), metric: metric.into() });
    }

    pub fn journey(&self, key: u32) -> Option<&'a Journey> {
        self.plan.journeys.get(&key)
    }

    /// The name of a step of a journey, for people.
    pub fn step_name(&self, journey: &Journey, graph: u32, step: u32) -> String {
        journey.graph(graph).and_then(|g| g.step(step)).map_or_else(String::new, |step| step.name.clone())
    }
}
