//! Caps of the classes: how many messages of which classes in which window.

use super::Class;
use crate::time::{DAY, HOUR, Span};

/// Caps per class (defaults of a shop's flows): what is counted, how many, in which window.
const CAPS_R: &[Cap] = &[Cap { of: &[Class::R], most: 1, within: HOUR.times(4), same_subject: false }];
const CAPS_A: &[Cap] = &[
    Cap { of: &[Class::R, Class::A], most: 1, within: HOUR.times(4), same_subject: false },
    Cap { of: &[Class::A], most: 3, within: DAY.times(7), same_subject: true },
];
const ANY: &[Class] = &[Class::R, Class::A, Class::B, Class::C];
const CAPS_B: &[Cap] = &[
    Cap { of: ANY, most: 1, within: HOUR.times(16), same_subject: false },
    Cap { of: ANY, most: 3, within: DAY.times(7), same_subject: false },
];

impl Class {
    /// What holds a message of this class back.
    #[must_use]
    pub fn caps(self) -> &'static [Cap] {
        match self {
            Class::T => &[],
            Class::R => CAPS_R,
            Class::A => CAPS_A,
            Class::B | Class::C => CAPS_B,
        }
    }
}

/// At most so many messages of these classes in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    /// Which sends are counted.
    pub of: &'static [Class],
    /// How many may be.
    pub most: usize,
    /// In which window.
    pub within: Span,
    /// Only those about the same cart or product.
    pub same_subject: bool,
}
