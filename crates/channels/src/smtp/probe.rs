//! A try of the relay without a message: connect, greet, protect the line, sign in, leave.

use super::pool::client_tls;
use super::session::Session;
use super::settings::Settings;
use crate::outcome::Outcome;

/// What a relay that lets us in is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probed {
    /// Whether the line is protected.
    pub tls: bool,
    /// Whether a name and a password were asked for and taken.
    pub signed_in: bool,
}

/// Goes the whole way to a session and leaves politely.
///
/// # Errors
/// What the relay said, or where the line broke; never the password.
pub async fn probe(settings: &Settings) -> Result<Probed, String> {
    let session = Session::open(settings, &client_tls()).await.map_err(|said| match said {
        Outcome::Retry { why, .. } | Outcome::Never { why } | Outcome::Unknown { why } => why,
        Outcome::Sent { response } => response,
    })?;
    let probed = Probed { tls: session.wire.is_tls(), signed_in: settings.login.is_some() };
    session.quit().await;
    Ok(probed)
}
