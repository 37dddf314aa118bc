//! Customers, messages, journeys and the catalogue, through the API and on the screens, with a real store.

#![allow(clippy::unwrap_used)] // Helpers of tests stand outside of tests.

mod api;
mod blocks;
mod customers;
mod health;
mod home;
mod journeys;
mod messages;
mod numbers;
mod openapi;
mod outside;
mod owners;
mod recommend;
mod screens;
mod seed;
mod standby;
mod unsubscribes;

#[path = "../support/mod.rs"]
mod support;
