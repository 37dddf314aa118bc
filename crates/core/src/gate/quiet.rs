//! Quiet hours: no mass mail at night where the customer lives.

use crate::time::ShopTime;
use crate::turn::Turn;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// When quiet hours end for her, if they hold now.
pub(super) fn until(turn: &Turn) -> Option<ShopTime> {
    let settings = &turn.plan.settings;
    let own = &turn.profile.warm().time_zone.value;
    let zone = TimeZone::get(own).or_else(|_| TimeZone::get(&settings.time_zone)).unwrap_or(TimeZone::UTC);
    let here = Timestamp::from_millisecond(turn.now.0).ok()?.to_zoned(zone);
    let (from, until) = (settings.quiet_from_hour, settings.quiet_until_hour);
    let hour = here.hour();
    let quiet = if from <= until { (from..until).contains(&hour) } else { hour >= from || hour < until };
    if !quiet {
        return None;
    }
    let day = if hour >= until { here.date().checked_add(1.day()).ok()? } else { here.date() };
    let wake = day.to_datetime(Time::new(until, 0, 0, 0).ok()?).to_zoned(here.time_zone().clone()).ok()?;
    Some(ShopTime(wake.timestamp().as_millisecond()))
}
