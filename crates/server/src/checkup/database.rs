//! A database on a server: whether it answers, whose clock is right, how many connections are left.

use super::{Finding, Level, machine};
use crate::ops::nodes::Part;
use beckon_core::time::ShopTime;
use beckon_store::look_server::{self, Found};
use beckon_store::{CLOCK_OFF_MAX, Place};
use std::time::Duration;

/// Connections of one program: a writer and four readers for each plane, one for the lease, one that listens.
const OURS: i64 = 12;
/// Further behind than this, recommendations and settings of a program are not those of the shop.
const BEHIND_MAX: Duration = Duration::from_secs(60);

/// The findings, and whether the shop can be read further.
pub fn look(place: &Place, runs_fast: bool) -> (Vec<Finding>, bool) {
    let of = |level, found| Finding::new("database", level, found);
    let found = match look_server::database(place) {
        Ok(Some(found)) => found,
        Ok(None) => return (Vec::new(), false),
        Err(why) => return (vec![of(Level::Wrong, "server-unreachable").naming("why", why)], false),
    };
    let megabytes = found.bytes.div_ceil(1 << 20);
    let mut findings =
        vec![of(Level::Ok, "server-good").naming("version", &found.version).naming("megabytes", megabytes)];
    if found.is_standby {
        findings.push(of(Level::Wrong, "server-standby"));
    }
    if found.is_careless {
        findings.push(of(Level::Wrong, "server-careless"));
    }
    let (level, line) =
        if found.is_encrypted { (Level::Ok, "server-encrypted") } else { (Level::Warning, "server-plain") };
    findings.push(of(level, line));
    findings.push(connections(&found));
    findings.extend(programs(&found));
    let readable = schemas(&found, &mut findings);
    findings.push(clocks(found.ahead_ms));
    findings.push(machine::against(found.customers.map_or(ShopTime(0), |seen| seen.now), runs_fast));
    (findings, readable)
}

/// Who owns the shop and who stands by. A shop that nobody serves now is no mistake.
fn programs(found: &Found) -> Vec<Finding> {
    let of = |level, word| Finding::new("programs", level, word);
    let mut findings = Vec::new();
    if found.nodes.is_empty() {
        let level = if found.inbox > 0 { Level::Warning } else { Level::NotChecked };
        return vec![of(level, "programs-none").naming("inbox", found.inbox)];
    }
    let owner = found.nodes.iter().find(|row| row.epoch.is_some() && !row.left.is_zero());
    let standing = found.nodes.iter().filter(|row| Part::of(row) == Part::Standby).count();
    findings.push(match owner {
        Some(row) => {
            let said = of(Level::Ok, "programs-owner").naming("name", &row.name);
            said.naming("left", row.left.as_secs()).naming("standing", standing)
        }
        None => of(Level::Wrong, "programs-nobody").naming("inbox", found.inbox),
    });
    if owner.is_some() && found.inbox > 1_000 {
        findings.push(of(Level::Warning, "programs-inbox").naming("inbox", found.inbox));
    }
    for row in &found.nodes {
        let behind = row.state.events_behind.max(row.state.plane_behind).unwrap_or_default();
        match Part::of(row) {
            Part::Silent => {
                let said = of(Level::Warning, "programs-silent").naming("name", &row.name);
                findings.push(said.naming("seconds", row.silent.as_secs()));
            }
            _ if behind > BEHIND_MAX => {
                let said = of(Level::Warning, "programs-behind").naming("name", &row.name);
                findings.push(said.naming("seconds", behind.as_secs()));
            }
            _ => {}
        }
    }
    findings
}

fn connections(found: &Found) -> Finding {
    let (free, max) = found.connections;
    let (level, word) = match () {
        () if free < 1 => (Level::Wrong, "server-busy"),
        () if free < OURS => (Level::Warning, "server-narrow"),
        () => (Level::Ok, "server-roomy"),
    };
    Finding::new("database", level, word).naming("free", free).naming("max", max).naming("wanted", OURS)
}

fn schemas(found: &Found, findings: &mut Vec<Finding>) -> bool {
    if found.schemas.iter().any(|(plane, at, _)| *plane == "shop" && *at == 0) {
        findings.push(Finding::new("database", Level::Wrong, "server-empty"));
        return false;
    }
    for &(plane, at, known) in &found.schemas {
        let (level, word) = match () {
            () if at == 0 => (Level::NotChecked, "database-new"),
            () if at > known => (Level::Wrong, "server-newer"),
            () if at < known => (Level::Warning, "server-older"),
            () => (Level::Ok, "server-schema"),
        };
        let said = Finding::new("database", level, word).naming("plane", plane);
        findings.push(said.naming("schema", at).naming("known", known));
    }
    // Whoever opens an older one brings it up to date, which is not for a look.
    found.schemas.iter().all(|(_, at, known)| *at == 0 || at == known)
}

fn clocks(ahead_ms: i64) -> Finding {
    let is_apart = u128::from(ahead_ms.unsigned_abs()) > CLOCK_OFF_MAX.as_millis();
    let (level, found) = if is_apart { (Level::Wrong, "clocks-apart") } else { (Level::Ok, "clocks-agree") };
    let seconds = format!("{:.1}", ahead_ms as f64 / 1_000.0);
    Finding::new("clock", level, found).naming("seconds", seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_may_be_two_seconds_apart_and_no_more() {
        for (ahead_ms, level) in
            [(2_000, Level::Ok), (-2_000, Level::Ok), (2_001, Level::Wrong), (-9_000, Level::Wrong)]
        {
            assert_eq!(clocks(ahead_ms).level, level, "{ahead_ms}");
        }
        assert!(clocks(-9_000).args.contains(&("seconds", "-9.0".to_owned())));
    }
}
