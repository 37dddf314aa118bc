//! A check-up that runs beside the screens, one at a time, with what it has found so far.

use super::{Finding, STEPS, Subject};
use crate::clock::wall_now;
use beckon_core::time::WallTime;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The check-up of this program: the last one, or the one that runs.
#[derive(Default)]
pub struct Checkup {
    state: Mutex<State>,
}

/// How far it is.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// When it began; `None`: never.
    pub began: Option<WallTime>,
    /// Steps done, of [`STEPS`].
    pub steps: usize,
    /// Whether it still runs.
    pub running: bool,
    /// What was found so far.
    pub findings: Vec<Finding>,
}

impl Checkup {
    /// What is known now.
    #[must_use]
    pub fn state(&self) -> State {
        self.lock().clone()
    }

    /// Begins one, unless one runs.
    pub fn start(self: &Arc<Self>, subject: Subject) {
        {
            let mut state = self.lock();
            if state.running {
                return;
            }
            *state = State { began: Some(wall_now()), running: true, ..State::default() };
        }
        let this = self.clone();
        tokio::spawn(async move {
            // However it ends, the next one may begin.
            let _end = End(this.clone());
            super::run(&subject, |findings| {
                let mut state = this.lock();
                state.steps = (state.steps + 1).min(STEPS);
                state.findings.extend(findings);
            })
            .await;
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct End(Arc<Checkup>);

impl Drop for End {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        (state.running, state.steps) = (false, STEPS);
    }
}
