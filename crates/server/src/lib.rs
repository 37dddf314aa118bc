//! The shell: HTTP, loops, facts, screens.

pub mod access;
pub mod api;
pub mod app;
pub mod clock;
pub mod connect;
pub mod facts;
pub mod intake;
pub mod journeys;
pub mod numbers;
pub mod people;
pub mod run;
pub mod settings;
pub mod shop_state;
pub mod track;
pub mod when;
pub mod why_text;
