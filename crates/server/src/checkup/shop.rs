//! What the shop itself says: origins, identities, the feed, and what waits for a person.

use super::{Finding, Level, Subject};
use crate::app::SHOP;
use crate::clock::wall_now;
use crate::settings::{MAIN, ShopSettings, kind};
use beckon_core::time::DAY;
use beckon_store::look::{self, Customers};
use beckon_store::look_server;
use beckon_store::shop::ShopPlane;

/// What was seen, and the settings that the further checks go by.
pub struct Seen {
    pub settings: ShopSettings,
    pub findings: Vec<Finding>,
}

/// Reads the shop's plane and counts what waits.
///
/// # Errors
/// A plane cannot be read, or there is no shop.
pub fn look(subject: &Subject) -> Result<Seen, String> {
    let text = |why: beckon_store::Error| why.to_string();
    let plane = ShopPlane::open_at(&subject.place()).map_err(text)?;
    let body = plane.get(SHOP, kind::SETTINGS, MAIN).map_err(text)?.and_then(|document| document.body);
    let body = body.ok_or("there is no shop here yet: run `beckon init --data DIR` first")?;
    let settings: ShopSettings = serde_json::from_str(&body).map_err(|why| why.to_string())?;
    let mut findings = vec![zone(&settings), mode(&settings)];
    findings.extend(origins(subject, &settings));
    findings.push(feed(&plane).map_err(text)?);
    if let Some(seen) = customers(subject).map_err(text)? {
        findings.extend(waiting(&seen, &settings));
    }
    Ok(Seen { settings, findings })
}

fn zone(settings: &ShopSettings) -> Finding {
    let known = jiff::tz::TimeZone::get(&settings.time_zone).is_ok();
    let (level, found) = if known { (Level::Ok, "zone-good") } else { (Level::Wrong, "zone-unknown") };
    Finding::new("zone", level, found).naming("zone", &settings.time_zone)
}

fn mode(settings: &ShopSettings) -> Finding {
    let found = if settings.mode == "signed" { "mode-signed" } else { "mode-open" };
    Finding::new("mode", Level::Ok, found)
}

fn origins(subject: &Subject, settings: &ShopSettings) -> Vec<Finding> {
    let origin = subject.origin(settings);
    let of = |level, found| Finding::new("origin", level, found).naming("origin", origin);
    let mut findings = Vec::new();
    findings.push(match url::Url::parse(origin) {
        Err(_) if origin.is_empty() => of(Level::Warning, "origin-none"),
        Err(_) => of(Level::Wrong, "origin-odd"),
        Ok(url) if url.scheme() != "https" && !is_near(&url) => of(Level::Wrong, "origin-plain"),
        Ok(url) if url.scheme() != "https" => of(Level::Warning, "origin-near"),
        Ok(_) => of(Level::Ok, "origin-good"),
    });
    if let (Some(public), Some(admin)) = (subject.public, subject.admin) {
        let open = !admin.ip().is_loopback() && crate::connect::fetch::is_public(admin.ip());
        let (level, found) = match () {
            () if public == admin => (Level::Wrong, "admin-same"),
            () if open && !admin.ip().is_unspecified() => (Level::Warning, "admin-open"),
            () => (Level::Ok, "admin-good"),
        };
        findings.push(Finding::new("admin", level, found).naming("admin", admin).naming("public", public));
    }
    findings
}

/// Whether a name means this machine.
pub(super) fn is_near(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn feed(plane: &ShopPlane) -> beckon_store::Result<Finding> {
    let reports = plane.import_reports(SHOP, 10)?;
    let of = |level, found| Finding::new("feed", level, found);
    let Some(last) = reports.first() else { return Ok(of(Level::Warning, "feed-none")) };
    let taken = reports.iter().find(|report| report.outcome == "imported");
    let days = taken.map_or(0, |report| (wall_now().0 - report.at.0).max(0) / DAY.0);
    Ok(match taken {
        _ if last.outcome != "imported" => of(Level::Wrong, "feed-fails").naming("outcome", &last.outcome),
        Some(_) if days >= 2 => of(Level::Warning, "feed-old").naming("days", days),
        Some(report) => of(Level::Ok, "feed-good").naming("offers", report.imported),
        None => of(Level::Warning, "feed-none"),
    })
}

/// The customers' plane, where there is one yet.
fn customers(subject: &Subject) -> beckon_store::Result<Option<Customers>> {
    if let Some(place) = &subject.database {
        return Ok(look_server::database(place)?.and_then(|found| found.customers));
    }
    let is_there = subject.dir.join("customers.db").is_file();
    if is_there { look::customers(&subject.dir).map(Some) } else { Ok(None) }
}

fn waiting(seen: &Customers, settings: &ShopSettings) -> Vec<Finding> {
    let mut findings = vec![match &seen.doubt {
        Some(_) => Finding::new("sending", Level::Warning, "sending-paused"),
        None if settings.stopped => Finding::new("sending", Level::Warning, "sending-stopped"),
        None => Finding::new("sending", Level::Ok, "sending-on"),
    }];
    for (check, count, some, none) in [
        ("parked", seen.parked, "parked-some", "parked-none"),
        ("unknown", seen.unknown, "unknown-some", "unknown-none"),
    ] {
        let (level, found) = if count > 0 { (Level::Warning, some) } else { (Level::Ok, none) };
        findings.push(Finding::new(check, level, found).naming("n", count));
    }
    findings
}
