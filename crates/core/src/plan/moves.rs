//! What becomes of those who stand in a version of a graph that a newer one replaced.

use std::collections::BTreeMap;

/// An order about everybody who stands in one version: they go on in a newer one, or their series ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Move {
    /// The version they go to; whoever stands in it already was moved, so an order may be given twice.
    pub to: u32,
    /// Their series ends where they stand.
    pub end: bool,
    /// Where people go on whose step is not in the new version, by keys of steps. A step that stands in neither ends
    /// the series.
    pub steps: BTreeMap<u32, u32>,
}
