//! A session: opening it, signing in, seeing whether it still lives, and leaving politely.

use super::capabilities::Capabilities;
use super::reply::Reply;
use super::settings::{Settings, Tls};
use super::wire::{Look, Lost, Wire};
use crate::outcome::Outcome;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::ClientConfig;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// How long to wait after a line that could not be opened or was lost, in seconds.
pub(super) const AFTER_LOST_SECS: u32 = 30;
/// How long to wait after a temporary refusal, in seconds; greylisting asks for five minutes.
pub(super) const AFTER_REFUSAL_SECS: u32 = 300;
/// How long to wait when only a person can put it right, in seconds.
pub(super) const AFTER_TROUBLE_SECS: u32 = 600;
/// How long a polite farewell may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// A greeted, signed-in session.
pub(super) struct Session {
    pub(super) wire: Wire,
    pub(super) capabilities: Capabilities,
    /// Messages tried on it.
    pub(super) tried: u32,
    /// False once client and server may disagree about where they are; such a session never goes back to the pool.
    pub(super) usable: bool,
    /// Whether a refused message may still be open at the server.
    pub(super) needs_reset: bool,
    /// Used for the message and its dots, so that a session allocates once.
    pub(super) buffer: Vec<u8>,
    pub(super) last_used: Instant,
}

impl Session {
    /// Connects, greets, protects the line and signs in. Nothing of a message was said, so every trouble is a `Retry`.
    pub async fn open(settings: &Settings, tls: &Arc<ClientConfig>) -> Result<Session, Outcome> {
        let place = format!("{}:{}", settings.host, settings.port);
        let lost = |what: &str, why: &dyn std::fmt::Display| {
            Outcome::retry(AFTER_LOST_SECS, format!("{place}: {what}: {why}"))
        };
        let patience = settings.patience;
        let mut wire = match timeout(patience.connect, Wire::connect(&settings.host, settings.port)).await {
            Ok(Ok(wire)) => wire,
            Ok(Err(error)) => return Err(lost("cannot connect", &error)),
            Err(_) => return Err(lost("cannot connect", &Lost::Late(patience.connect))),
        };
        if settings.tls == Tls::Implicit {
            wire = secured(wire, settings, tls).await?;
        }
        let greeting = wire.reply(patience.greeting).await.map_err(|why| lost("greeting", &why))?;
        expect(&place, "the greeting", &greeting, 2)?;
        let mut capabilities = hello(&mut wire, settings).await?;
        let wanted = matches!(settings.tls, Tls::WhenOffered | Tls::Required);
        if wanted && capabilities.starttls {
            let reply =
                wire.ask("STARTTLS\r\n", patience.command).await.map_err(|why| lost("STARTTLS", &why))?;
            expect(&place, "STARTTLS", &reply, 2)?;
            wire = secured(wire, settings, tls).await?;
            // What was offered in the clear does not count any more (RFC 3207 §4.2).
            capabilities = hello(&mut wire, settings).await?;
        } else if settings.tls == Tls::Required {
            let why = "the server offers no STARTTLS; use smtps:// or, inside a network you trust, ?tls=none";
            return Err(Outcome::retry(AFTER_TROUBLE_SECS, format!("{place}: {why}")));
        }
        if let Some((user, password)) = &settings.login {
            sign_in(&mut wire, settings, &capabilities, user, password).await?;
        }
        Ok(Session {
            wire,
            capabilities,
            tried: 0,
            usable: true,
            needs_reset: false,
            buffer: Vec::new(),
            last_used: Instant::now(),
        })
    }

    /// Whether an idle session can take a message now: the server has not closed it, and a refused message is
    /// forgotten. Asks the server only where looking is not enough.
    pub async fn is_alive(&mut self, settings: &Settings) -> bool {
        let look = self.wire.look();
        if self.wire.has_unread() || look == Look::Over {
            return false;
        }
        let command = if self.needs_reset {
            "RSET\r\n"
        } else if look == Look::Unclear || self.last_used.elapsed() >= settings.probe_idle {
            "NOOP\r\n"
        } else {
            return true;
        };
        let answer = self.wire.ask(command, settings.patience.command).await;
        self.needs_reset = false;
        answer.is_ok_and(|reply| reply.class() == 2) && !self.wire.has_unread()
    }

    /// Says QUIT and waits a second at most.
    pub async fn quit(mut self) {
        let _ = self.wire.ask("QUIT\r\n", FAREWELL).await;
    }
}

/// An answer of the wanted class, or the `Retry` it stands for: a refusal before MAIL is about us, not the message.
fn expect(place: &str, what: &str, reply: &Reply, class: u16) -> Result<(), Outcome> {
    if reply.class() == class {
        return Ok(());
    }
    let after_secs = if reply.class() == 4 { AFTER_REFUSAL_SECS } else { AFTER_TROUBLE_SECS };
    Err(Outcome::retry(after_secs, format!("{place}: {what} was refused: {}", reply.show())))
}

async fn secured(wire: Wire, settings: &Settings, tls: &Arc<ClientConfig>) -> Result<Wire, Outcome> {
    let fail = |why: &dyn std::fmt::Display| {
        let text = format!("{}:{}: no TLS: {why}", settings.host, settings.port);
        Outcome::retry(AFTER_TROUBLE_SECS, text)
    };
    match timeout(settings.patience.connect, wire.secure(tls, &settings.host)).await {
        Ok(secured) => secured.map_err(|error| fail(&error)),
        Err(_) => Err(fail(&Lost::Late(settings.patience.connect))),
    }
}

async fn hello(wire: &mut Wire, settings: &Settings) -> Result<Capabilities, Outcome> {
    let place = format!("{}:{}", settings.host, settings.port);
    let name = match &settings.hello {
        Some(name) => name.clone(),
        // An address literal is what a client without a name of its own says (RFC 5321 §4.1.3).
        None => match wire.tcp().local_addr() {
            Ok(SocketAddr::V4(address)) => format!("[{}]", address.ip()),
            Ok(SocketAddr::V6(address)) => format!("[IPv6:{}]", address.ip()),
            Err(_) => "localhost".to_owned(),
        },
    };
    let reply = wire.ask(&format!("EHLO {name}\r\n"), settings.patience.command).await;
    let reply = reply.map_err(|why| Outcome::retry(AFTER_LOST_SECS, format!("{place}: EHLO: {why}")))?;
    expect(&place, "EHLO", &reply, 2)?;
    Ok(Capabilities::read(&reply))
}

async fn sign_in(
    wire: &mut Wire,
    settings: &Settings,
    capabilities: &Capabilities,
    user: &str,
    password: &str,
) -> Result<(), Outcome> {
    let place = format!("{}:{}", settings.host, settings.port);
    let trouble = |why: &str| Outcome::retry(AFTER_TROUBLE_SECS, format!("{place}: {why}"));
    let lost = |why: Lost| Outcome::retry(AFTER_LOST_SECS, format!("{place}: AUTH: {why}"));
    // The address of the other end decides, not the name in the settings.
    let is_near = wire.tcp().peer_addr().is_ok_and(|address| address.ip().to_canonical().is_loopback());
    if !wire.is_tls() && !is_near {
        return Err(trouble("the line is not protected by TLS, so the password was not sent"));
    }
    let within = settings.patience.command;
    if capabilities.auth_plain {
        let secret = STANDARD.encode(format!("\0{user}\0{password}"));
        let reply = wire.ask(&format!("AUTH PLAIN {secret}\r\n"), within).await.map_err(lost)?;
        return expect(&place, "the password", &reply, 2);
    }
    if !capabilities.auth_login {
        return Err(trouble("the server offers neither AUTH PLAIN nor AUTH LOGIN"));
    }
    let reply = wire.ask("AUTH LOGIN\r\n", within).await.map_err(lost)?;
    expect(&place, "AUTH LOGIN", &reply, 3)?;
    let reply = wire.ask(&format!("{}\r\n", STANDARD.encode(user)), within).await.map_err(lost)?;
    expect(&place, "the user name", &reply, 3)?;
    let reply = wire.ask(&format!("{}\r\n", STANDARD.encode(password)), within).await.map_err(lost)?;
    expect(&place, "the password", &reply, 2)
}
