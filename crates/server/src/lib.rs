//! The shell: HTTP, loops, facts, screens.

pub mod access;
pub mod admin;
pub mod api;
pub mod app;
pub mod clock;
pub mod connect;
pub mod facts;
pub mod flow;
pub mod i18n;
pub mod intake;
pub mod journeys;
pub mod numbers;
pub mod people;
pub mod proof;
pub mod public;
pub mod route;
pub mod routes;
pub mod run;
pub mod serve;
pub mod settings;
pub mod setup;
pub mod shop_state;
pub mod track;
pub mod ui;
pub mod when;
pub mod why_text;
