//! The program as an operator meets it: settings, health, metrics, logs, backup and restore, check-up, upgrade.

#![allow(clippy::unwrap_used)]

#[path = "operate/backup.rs"]
mod backup;
#[path = "support/bare.rs"]
mod bare;
#[path = "operate/dashboard.rs"]
mod dashboard;
#[path = "operate/database.rs"]
mod database;
#[path = "operate/doctor.rs"]
mod doctor;
#[path = "support/http.rs"]
mod http;
#[path = "operate/logs.rs"]
mod logs;
#[path = "operate/measured.rs"]
mod measured;
#[path = "operate/program.rs"]
mod program;
#[path = "operate/settings.rs"]
mod settings;
#[path = "support/shop.rs"]
mod shop;
#[path = "operate/upgrade.rs"]
mod upgrade;
#[path = "operate/watch.rs"]
mod watch;
