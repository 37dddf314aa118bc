//! The admin side in a real browser: the first set-up, the demo from a cart to the reason for its mail, every
//! page in both languages, both themes and three widths, by mouse and by keyboard.
//!
//! `BECKON_RENEW=1 cargo test -p beckon --test admin` writes `tests/admin/boxes.txt` anew after a layout has
//! changed on purpose; with `BECKON_SCREENS=1` pictures of every page in every language, theme and width land
//! in `target/screens`.

// Helpers of tests are tests too; Clippy only knows the functions marked so.
#![allow(clippy::unwrap_used)]
// Each test file uses its own part of what the browser and the shop can do.
#![allow(dead_code)]

#[path = "admin/arrivals.rs"]
mod arrivals;
#[path = "support/bare.rs"]
mod bare;
#[path = "admin/blocks.rs"]
mod blocks;
#[path = "admin/boxes.rs"]
mod boxes;
#[path = "support/browser.rs"]
mod browser;
#[path = "support/http.rs"]
mod http;
#[path = "admin/program.rs"]
mod program;
#[path = "support/shop.rs"]
mod shop;
#[path = "admin/words.rs"]
mod words;

#[path = "admin/nodes.rs"]
mod nodes;
#[path = "admin/pages.rs"]
mod pages;
#[path = "admin/people.rs"]
mod people;
