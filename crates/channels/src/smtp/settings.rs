//! Where and how mail goes out, read from one line: `smtps://user:password@host:465`.

use std::net::IpAddr;
use std::time::Duration;

/// How the line is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// `?tls=none`: not at all. A password is then only sent to a loopback address.
    None,
    /// `?tls=starttls`: STARTTLS when the server offers it; without it no password is sent.
    WhenOffered,
    /// `?tls=require`: STARTTLS or nothing. The default for `smtp://` to another machine.
    Required,
    /// `smtps://`: TLS from the first byte (RFC 8314).
    Implicit,
}

/// How long each step may take. RFC 5321 §4.5.3.2 asks for minutes, for mail between strangers; a relay of the shop's
/// own answers in seconds, and a message waiting for it holds one of few sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// To open the connection and for each side of the TLS handshake.
    pub connect: Duration,
    /// For the greeting.
    pub greeting: Duration,
    /// For each answer to a command.
    pub command: Duration,
    /// For writing the message.
    pub body: Duration,
    /// For the answer to the final dot: the longest, for giving up here makes the message *unknown*.
    pub dot: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        let secs = Duration::from_secs;
        Patience { connect: secs(15), greeting: secs(30), command: secs(30), body: secs(90), dot: secs(180) }
    }
}

/// The way to one relay.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// Name or address of the relay.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Name and password, when the relay asks for them.
    pub login: Option<(String, String)>,
    /// How the line is protected.
    pub tls: Tls,
    /// How this machine names itself in EHLO; `None` gives its address as `[192.0.2.1]`.
    pub hello: Option<String>,
    /// How long each step may take.
    pub patience: Patience,
    /// After so many messages a session is closed and a new one opened; many relays count.
    pub messages_per_session: u32,
    /// A session idle for longer is closed, not used again.
    pub idle: Duration,
    /// A session idle for longer is asked with NOOP before it is used.
    pub probe_idle: Duration,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The password must not reach a log.
        let user = self.login.as_ref().map(|(user, _)| user);
        write!(f, "Settings({}:{}, user {user:?}, {:?})", self.host, self.port, self.tls)
    }
}

/// Why a line is no way to a relay; names the part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the SMTP address is wrong: {0}. It looks like smtp://user:password@mail.example.test:587?tls=require"
)]
pub struct SettingsError(String);

impl Settings {
    /// Reads `smtp://` (587 unless said, 25 is common inside a network) or `smtps://` (465), with `user:password@` where
    /// needed (percent-encoded), and `?tls=none|starttls|require`, `&hello=name`. To a loopback address `tls` is `none`
    /// unless said, to others `require`.
    ///
    /// # Errors
    /// Names the part that is wrong; never repeats the password.
    pub fn parse(text: &str) -> Result<Settings, SettingsError> {
        let fail = |why: String| SettingsError(why);
        let (scheme, rest) = text
            .trim()
            .split_once("://")
            .ok_or_else(|| fail("it must begin with smtp:// or smtps://".into()))?;
        let implicit = match scheme.to_ascii_lowercase().as_str() {
            "smtp" => false,
            "smtps" => true,
            other => return Err(fail(format!("\"{other}://\" is unknown, use smtp:// or smtps://"))),
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (login, place) = match rest.rsplit_once('@') {
            None => (None, rest),
            Some((login, place)) => (Some(read_login(login)?), place),
        };
        let (host, port) = read_place(place)?;
        let mut settings = Settings {
            tls: if implicit { Tls::Implicit } else { Tls::Required },
            port: port.unwrap_or(if implicit { 465 } else { 587 }),
            login,
            host,
            hello: None,
            patience: Patience::default(),
            messages_per_session: 100,
            idle: Duration::from_secs(30),
            probe_idle: Duration::from_secs(5),
        };
        if !implicit && settings.is_loopback() {
            settings.tls = Tls::None;
        }
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            settings.option(pair)?;
        }
        if settings.login.is_some() && settings.tls == Tls::None && !settings.is_loopback() {
            let why = "with tls=none the password would cross the network in the clear, use tls=require";
            return Err(fail(why.into()));
        }
        Ok(settings)
    }

    fn option(&mut self, pair: &str) -> Result<(), SettingsError> {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match (name, value) {
            ("tls", _) if self.tls == Tls::Implicit => {
                return Err(SettingsError("tls= has no place after smtps://, which is always TLS".into()));
            }
            ("tls", "none") => self.tls = Tls::None,
            ("tls", "starttls") => self.tls = Tls::WhenOffered,
            ("tls", "require") => self.tls = Tls::Required,
            ("tls", _) => {
                return Err(SettingsError(format!("tls={value} is unknown, use none, starttls or require")));
            }
            ("hello", name) if is_name(name) => self.hello = Some(name.to_owned()),
            ("hello", _) => return Err(SettingsError(format!("hello={value} is not a host name"))),
            _ => {
                return Err(SettingsError(format!(
                    "the option \"{name}\" is unknown, there are tls and hello"
                )));
            }
        }
        Ok(())
    }

    /// Whether the relay is on this machine. Only then may a password go over a plain line, and only such a relay is
    /// accepted by a demo.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    !text.is_empty() && text.len() <= 255 && text.chars().all(allowed)
}

fn read_login(text: &str) -> Result<(String, String), SettingsError> {
    let (user, password) = text.split_once(':').ok_or_else(|| {
        SettingsError(
            "before the @ stands user:password, the colon is missing (write : as %3A inside a part)".into(),
        )
    })?;
    if user.is_empty() {
        return Err(SettingsError("the user before the colon is empty".into()));
    }
    Ok((decoded(user, "user")?, decoded(password, "password")?))
}

fn read_place(text: &str) -> Result<(String, Option<u16>), SettingsError> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest
                .split_once(']')
                .ok_or_else(|| SettingsError("the ] after an IPv6 address is missing".into()))?;
            (host, rest.strip_prefix(':'))
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    if host.is_empty() {
        return Err(SettingsError("the host is missing".into()));
    }
    if !is_name(host) {
        return Err(SettingsError(format!("\"{host}\" is not a host name")));
    }
    let read = |port: &str| match port.parse::<u16>() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(SettingsError(format!("the port \"{port}\" is not a number from 1 to 65535"))),
    };
    Ok((host.to_owned(), port.map(read).transpose()?))
}

/// Undoes percent-encoding (RFC 3986 §2.1). A NUL would end a field of AUTH PLAIN, so control characters are refused.
fn decoded(text: &str, part: &str) -> Result<String, SettingsError> {
    let fail =
        || SettingsError(format!("the {part} holds a % without two hexadecimal digits (write % as %25)"));
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut digit = || bytes.next().and_then(|c| (c as char).to_digit(16)).ok_or_else(fail);
        let (high, low) = (digit()?, digit()?);
        out.push((high * 16 + low) as u8);
    }
    match String::from_utf8(out) {
        Ok(text) if !text.chars().any(char::is_control) => Ok(text),
        _ => Err(SettingsError(format!("the {part} holds bytes that are no text"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_usual_forms_are_read() {
        let s =
            Settings::parse("smtp://shop%40x:p%3A%25@mail.example.test:2525?tls=starttls&hello=out.x.test")
                .unwrap();
        assert_eq!((s.host.as_str(), s.port, s.tls), ("mail.example.test", 2525, Tls::WhenOffered));
        assert_eq!(s.login, Some(("shop@x".into(), "p:%".into())));
        assert_eq!(s.hello.as_deref(), Some("out.x.test"));
        assert!(!s.is_loopback());
        assert!(!format!("{s:?}").contains("p:%"), "the password is not shown");

        let of = |text| Settings::parse(text).map(|s| (s.port, s.tls, s.is_loopback())).unwrap();
        assert_eq!(of("smtps://mail.example.test"), (465, Tls::Implicit, false));
        assert_eq!(of("smtp://mail.example.test/"), (587, Tls::Required, false));
        assert_eq!(of("smtp://127.0.0.1:25"), (25, Tls::None, true));
        assert_eq!(of("SMTP://localhost:25?tls=require"), (25, Tls::Required, true));
        assert_eq!(of("smtp://[::1]:2525"), (2525, Tls::None, true));
        assert_eq!(of("smtp://[2001:db8::1]?tls=none"), (587, Tls::None, false));
    }

    #[test]
    fn a_wrong_part_is_named() {
        for (text, why) in [
            ("mail.example.test", "must begin with smtp://"),
            ("http://mail.example.test", "\"http://\" is unknown"),
            ("smtp://", "host is missing"),
            ("smtp://a b", "\"a b\" is not a host name"),
            ("smtp://host:0", "port \"0\""),
            ("smtp://host:smtp", "port \"smtp\""),
            ("smtp://secret@host", "colon is missing"),
            ("smtp://:secret@host", "user before the colon is empty"),
            ("smtp://u:%zz@host", "the password holds a %"),
            ("smtp://u:a%00b@host", "the password holds bytes"),
            ("smtp://host?tls=maybe", "tls=maybe is unknown"),
            ("smtps://host?tls=none", "no place after smtps"),
            ("smtp://host?speed=9", "option \"speed\" is unknown"),
            ("smtp://u:secret@host?tls=none", "in the clear"),
            ("smtp://[::1", "] after an IPv6"),
        ] {
            let error = Settings::parse(text).expect_err(text).to_string();
            assert!(error.contains(why), "{text}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,60}|smtps?://[a-z:@%0-9\\[\\]?&=/.]{0,60}") {
            let _ = Settings::parse(&text);
        }
    }
}
