//! The directory, the disk, the databases and the clock.

use super::{Finding, Level, Subject};
use crate::clock::wall_now;
use beckon_core::time::{HOUR, ShopTime};
use beckon_store::{disk, look, sizes};
use std::path::Path;

/// Less than this is a disk about to be full.
const FREE_MIN_BYTES: u64 = 200 << 20;
/// Less than this wants attention.
const FREE_GOOD_BYTES: u64 = 2 << 30;
/// A log beyond this is not being copied back.
const LOG_GOOD_BYTES: u64 = 1 << 30;
/// No program of this version ran before: 1 January 2026.
const BEGINNING_MS: i64 = 1_767_225_600_000;

/// The findings, and whether the databases can be read further.
pub fn look(subject: &Subject) -> (Vec<Finding>, bool) {
    let dir = &subject.dir;
    let mut findings = Vec::new();
    if !dir.join("shop.db").is_file() {
        findings.push(Finding::new("data", Level::Wrong, "data-none").naming("dir", dir.display()));
        return (findings, false);
    }
    findings.push(directory(dir));
    findings.push(space(dir));
    let readable = databases(dir, &mut findings);
    findings.push(clock(subject, readable));
    (findings, readable)
}

fn directory(dir: &Path) -> Finding {
    let finding = |level, found| Finding::new("data", level, found).naming("dir", dir.display());
    if let Some(kind) = disk::network(dir) {
        return finding(Level::Wrong, "data-network").naming("kind", kind);
    }
    let probe = dir.join(".beckon-check");
    if let Err(why) = std::fs::write(&probe, b"").and_then(|()| std::fs::remove_file(&probe)) {
        return finding(Level::Wrong, "data-unwritable").naming("why", why);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let open =
            |path: &Path| std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o007 != 0);
        // A directory that others may not enter protects what is in it.
        if open(dir) && open(&dir.join("customers.db")) {
            return finding(Level::Warning, "data-open");
        }
    }
    finding(Level::Ok, "data-good")
}

fn space(dir: &Path) -> Finding {
    let used: u64 = sizes(dir).iter().map(|file| file.bytes + file.log_bytes).sum();
    let Some(free) = disk::free_bytes(dir) else {
        return Finding::new("disk", Level::NotChecked, "disk-unknown");
    };
    let (level, found) = match () {
        () if free < FREE_MIN_BYTES => (Level::Wrong, "disk-full"),
        () if free < FREE_GOOD_BYTES.max(used) => (Level::Warning, "disk-low"),
        () => (Level::Ok, "disk-good"),
    };
    Finding::new("disk", level, found).naming("free", megabytes(free)).naming("used", megabytes(used))
}

fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

fn databases(dir: &Path, findings: &mut Vec<Finding>) -> bool {
    let of = |level, found| Finding::new("database", level, found);
    if !dir.join("customers.db").is_file() {
        findings.push(of(Level::NotChecked, "database-new"));
        return true;
    }
    let found = match look::databases(dir) {
        Ok(found) => found,
        Err(why) => {
            findings.push(of(Level::Wrong, "database-unreadable").naming("why", why));
            return false;
        }
    };
    for file in &found {
        let said = |level, word| of(level, word).naming("plane", file.plane);
        if let Some(damage) = &file.damage {
            findings.push(said(Level::Wrong, "database-damaged").naming("why", damage));
        } else if file.schema > file.known {
            let newer = said(Level::Wrong, "database-newer");
            findings.push(newer.naming("schema", file.schema).naming("known", file.known));
        } else if file.schema < file.known {
            let older = said(Level::Warning, "database-older");
            findings.push(older.naming("schema", file.schema).naming("known", file.known));
        } else {
            findings.push(said(Level::Ok, "database-good").naming("schema", file.schema));
        }
    }
    for file in sizes(dir).iter().filter(|file| file.log_bytes > LOG_GOOD_BYTES) {
        let log = of(Level::Warning, "database-log").naming("plane", file.plane);
        findings.push(log.naming("log", megabytes(file.log_bytes)));
    }
    found.iter().all(|file| file.damage.is_none() && file.schema == file.known)
}

fn clock(subject: &Subject, readable: bool) -> Finding {
    let newest = readable.then(|| look::customers(&subject.dir).ok()).flatten();
    against(newest.map_or(ShopTime(0), |seen| seen.now), subject.runs_fast)
}

/// The system's clock against the newest commit.
pub(super) fn against(newest: ShopTime, runs_fast: bool) -> Finding {
    let wall = wall_now();
    if wall.0 < BEGINNING_MS {
        return Finding::new("clock", Level::Wrong, "clock-past");
    }
    if runs_fast {
        return Finding::new("clock", Level::Ok, "clock-fast");
    }
    let ahead = newest.0 - wall.0;
    if ahead > HOUR.0 {
        return Finding::new("clock", Level::Warning, "clock-behind").naming("hours", ahead / HOUR.0);
    }
    Finding::new("clock", Level::Ok, "clock-good")
}
