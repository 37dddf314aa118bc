//! A span of hours as whole days between two edges: a month is read in days, not in hours.

/// Hours of a day, as counts are added up: days since 1970, without a time zone.
pub const HOURS: u32 = 24;

/// Hours, days and hours that make up a span; each from the first to before the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Hours before the first whole day; all of them where there is no whole day.
    pub before: (u32, u32),
    /// Whole days.
    pub days: (u32, u32),
    /// Hours after the last whole day.
    pub after: (u32, u32),
}

/// Cuts a span of hours.
#[must_use]
pub fn parts((from, until): (u32, u32)) -> Parts {
    let days = (from.div_ceil(HOURS), until / HOURS);
    if days.0 >= days.1 {
        return Parts { before: (from, until), days: (0, 0), after: (0, 0) };
    }
    // A product of a quotient is no larger than what was divided.
    Parts { before: (from, days.0 * HOURS), days, after: (days.1 * HOURS, until) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_without_a_whole_day_is_hours_alone() {
        let hours = |from, until| parts((from, until)).before;
        assert_eq!(hours(5, 40), (5, 40));
        assert_eq!(hours(30, 30), (30, 30));
        assert_eq!(
            parts((20, 80)),
            Parts { before: (20, 24), days: (1, 3), after: (72, 80) },
            "two days between two edges"
        );
        assert_eq!(parts((0, u32::MAX)).days, (0, u32::MAX / 24));
    }
}
