//! Customers, messages, journeys and the catalogue, through the API and on the screens, with a real store.

mod api;
mod screens;
mod seed;

#[path = "../support/mod.rs"]
mod support;
