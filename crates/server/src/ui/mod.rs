//! The screens of the admin side: a folder each, rendered on the server.

pub mod account;
pub mod assets;
pub mod chart;
pub mod components;
pub mod developers;
pub mod form;
pub mod home;
pub mod layout;
pub mod save;
pub mod set_up;
pub mod settings;
pub mod sign_in;
pub mod words;
