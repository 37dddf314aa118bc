//! The axis of values: where it ends and which lines stand across.

/// Lines above the floor; more would be in the way.
const STEPS_MAX: f64 = 5.0;

/// An axis from 0 up to a round number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Axis {
    step: f64,
    steps: u32,
}

impl Axis {
    /// The axis above all values: steps of 1, 2 or 5 times a power of ten, whole where the values are whole.
    pub(super) fn above(values: &[f64]) -> Axis {
        let usable = |value: &&f64| value.is_finite() && **value > 0.0;
        let most = values.iter().filter(usable).fold(0.0, |most: f64, value| most.max(*value));
        if most <= 0.0 {
            return Axis { step: 1.0, steps: 1 };
        }
        let power = 10f64.powf((most / STEPS_MAX).log10().floor());
        let nice = [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power);
        let step = nice.into_iter().find(|step| most / step <= STEPS_MAX + 1e-9).unwrap_or(most);
        let whole = values.iter().filter(usable).all(|value| value.fract() == 0.0);
        let step = if whole { step.max(1.0) } else { step };
        Axis { step, steps: ((most / step - 1e-9).ceil() as u32).max(1) }
    }

    /// The lines, from the top down to 0.
    pub(super) fn ticks(self) -> impl Iterator<Item = f64> {
        (0..=self.steps).rev().map(move |n| f64::from(n) * self.step)
    }

    /// How far up a value stands, in per cent.
    pub(super) fn part(self, value: f64) -> f64 {
        let part = value.max(0.0) / (self.step * f64::from(self.steps)) * 100.0;
        if part.is_finite() { part.min(100.0) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_above_the_highest_value_with_few_round_lines() {
        for most in [0.0, 0.03, 0.5, 1.0, 2.0, 3.0, 7.0, 10.0, 11.0, 99.0, 4_321.0, 1e9] {
            let axis = Axis::above(&[most]);
            let ticks: Vec<f64> = axis.ticks().collect();
            assert!((2..=6).contains(&ticks.len()), "{most}: {ticks:?}");
            assert!(ticks[0] >= most && ticks[0] <= (most * 2.0).max(1.0), "{most}: {ticks:?}");
            assert!(axis.part(most) <= 100.0 && axis.part(0.0) == 0.0);
        }
        assert_eq!(Axis::above(&[7.0]).ticks().collect::<Vec<_>>(), [8.0, 6.0, 4.0, 2.0, 0.0]);
        assert_eq!(Axis::above(&[2.0, 1.0]).ticks().collect::<Vec<_>>(), [2.0, 1.0, 0.0]);
    }

    #[test]
    fn a_value_that_is_no_number_draws_nothing() {
        let axis = Axis::above(&[f64::NAN, f64::INFINITY, 3.0]);
        assert_eq!(axis.part(f64::NAN), 0.0);
        assert_eq!(axis.ticks().next(), Some(3.0));
    }
}
