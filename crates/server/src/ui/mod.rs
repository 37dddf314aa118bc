//! The screens of the admin side: a folder each, rendered on the server.

pub mod assets;
pub mod chart;
pub mod components;
pub mod form;
pub mod home;
pub mod layout;
pub mod sign_in;
pub mod words;
