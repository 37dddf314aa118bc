//! The system's clock against somebody else's: the `Date` of an answer over HTTP (RFC 9110 §6.6.1).

use super::{Finding, Level, Subject};
use crate::clock::wall_now;
use crate::connect::fetch::{Limits, client};
use crate::settings::ShopSettings;
use beckon_core::time::{HOUR, MINUTE, SECOND};
use std::time::Duration;
use url::Url;

/// How long the answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks the given address, else the public origin when it is another machine's name.
pub async fn look(subject: &Subject, settings: &ShopSettings) -> Vec<Finding> {
    let given = subject.clock_url.as_deref();
    let asked = given.unwrap_or_else(|| subject.origin(settings));
    let url = Url::parse(asked).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(url) = url.filter(|url| given.is_some() || !super::shop::is_near(url)) else {
        return vec![Finding::new("time", Level::NotChecked, "time-nobody")];
    };
    let place = url.host_str().unwrap_or_default().to_owned();
    let finding = match ahead_ms(url).await {
        Err(why) => Finding::new("time", Level::NotChecked, "time-silent").naming("why", why),
        Ok(ahead) => judged(ahead),
    };
    vec![finding.naming("place", place)]
}

/// By how much our clock is ahead; the answer's is right to the second, and half of the way is its age.
async fn ahead_ms(url: Url) -> Result<i64, String> {
    let limits = Limits { connect_timeout: PATIENCE, idle_timeout: PATIENCE, ..Limits::default() };
    let client = client(&limits, |_| true).map_err(|why| why.to_string())?;
    let before = wall_now().0;
    let answer = tokio::time::timeout(PATIENCE, client.head(url).send()).await;
    let answer = answer.map_err(|_| format!("no answer within {} s", PATIENCE.as_secs()))?;
    let answer = answer.map_err(|why| deepest(&why))?;
    let after = wall_now().0;
    let date = answer.headers().get("date").and_then(|date| date.to_str().ok()).and_then(date_ms);
    let date = date.ok_or("its answer has no date")?;
    // The second that the header names lasts until its end.
    Ok(before + (after - before) / 2 - (date + SECOND.0 / 2))
}

fn date_ms(text: &str) -> Option<i64> {
    Some(jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_millisecond())
}

/// The words at the bottom of an error: those above only say that sending failed.
fn deepest(why: &dyn std::error::Error) -> String {
    let mut last = why;
    while let Some(deeper) = last.source() {
        last = deeper;
    }
    last.to_string()
}

/// Signatures and deadlines bear a minute; relays refuse mails that come from hours ahead or ago.
fn judged(ahead_ms: i64) -> Finding {
    let (level, found) = match ahead_ms {
        ms if ms.abs() <= MINUTE.0 => (Level::Ok, "time-good"),
        ms if ms > 0 => (worse(ms), "time-ahead"),
        ms => (worse(-ms), "time-behind"),
    };
    Finding::new("time", level, found).naming("secs", ahead_ms.abs() / SECOND.0)
}

fn worse(ms: i64) -> Level {
    if ms > HOUR.0 { Level::Wrong } else { Level::Warning }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_is_borne_and_an_hour_is_wrong() {
        for (secs, level, found) in [
            (0, Level::Ok, "time-good"),
            (-60, Level::Ok, "time-good"),
            (61, Level::Warning, "time-ahead"),
            (-3_600, Level::Warning, "time-behind"),
            (3_601, Level::Wrong, "time-ahead"),
        ] {
            let finding = judged(secs * SECOND.0);
            assert_eq!((finding.level, finding.found), (level, found), "{secs}");
        }
    }

    #[test]
    fn the_date_of_an_answer_is_read() {
        assert_eq!(date_ms("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777_000));
        assert_eq!(date_ms("yesterday"), None);
    }
}
