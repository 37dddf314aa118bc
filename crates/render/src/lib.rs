//! Template and facts in, message out: pure. No clock, no chance, no files, no network.
//!
//! A [`Source`] (MJML with Jinja in it) is compiled once into a [`Template`]; [`render`] then makes one
//! message of it for one recipient. Start reading at [`template`]: it lists the steps of compilation in their
//! order.

mod compiled;
mod filters;
mod front_matter;
mod jinja;
mod markup;
mod mjml;
mod plain;
mod rewrite;
mod sample;
mod shelter;
mod shipped;
mod source;
mod tracker;
mod web;

pub mod facts;
pub mod headers;
pub mod links;
pub mod message;
pub mod months;
pub mod template;

pub use facts::{Customer, Facts, Item, Shelf, Shop, Urls, plausible_name};
pub use headers::{Envelope, MessageClass, headers};
pub use links::{Forged, Link, Links};
pub use message::{RenderError, Rendered, render};
pub use sample::sample;
pub use template::{FirstLines, Part, Problem, Source, Template};
