//! One message through an open session, and what the answers to it mean.

use super::reply::Reply;
use super::session::{AFTER_LOST_SECS, AFTER_REFUSAL_SECS, AFTER_TROUBLE_SECS, Session};
use super::settings::Patience;
use super::wire::Lost;
use crate::outcome::Outcome;
use tokio::time::{Instant, timeout};

/// Whom the relay is told, apart from what the message itself says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// Where bounces go (`MAIL FROM`); empty for none.
    pub from: &'a str,
    /// The one recipient (`RCPT TO`).
    pub to: &'a str,
}

/// Why a message got no further, before its final dot.
enum Stop {
    /// The server said no, or the message cannot go this way at all.
    Refused(Outcome),
    /// The line was lost or its state is not known.
    Lost(String),
}

impl Session {
    /// Sends one message. The session says afterwards whether it can be used again.
    pub(super) async fn send(
        &mut self,
        envelope: &Envelope<'_>,
        mime: &[u8],
        patience: &Patience,
    ) -> Outcome {
        self.tried += 1;
        let outcome = match self.begin(envelope, mime, patience).await {
            Ok(()) => self.finish(mime, patience).await,
            Err(Stop::Refused(outcome)) => outcome,
            Err(Stop::Lost(why)) => {
                self.usable = false;
                Outcome::retry(AFTER_LOST_SECS, why)
            }
        };
        self.last_used = Instant::now();
        outcome
    }

    /// MAIL, RCPT and DATA up to the server's "go on".
    async fn begin(&mut self, envelope: &Envelope<'_>, mime: &[u8], patience: &Patience) -> Result<(), Stop> {
        let mail = self.mail_command(envelope, mime).map_err(|why| Stop::Refused(Outcome::Never { why }))?;
        let rcpt = format!("RCPT TO:<{}>\r\n", envelope.to);
        let steps = [("MAIL", mail.as_str(), 2), ("RCPT", rcpt.as_str(), 2), ("DATA", "DATA\r\n", 3)];
        let lost = |step: &str, why: Lost| Stop::Lost(format!("{step}: {why}"));
        if self.capabilities.pipelining {
            let all = [steps[0].1, steps[1].1, steps[2].1].concat();
            self.wire.say(&all, patience.command).await.map_err(|why| lost("MAIL", why))?;
        }
        let mut refused: Option<Outcome> = None;
        for (step, command, class) in steps {
            if !self.capabilities.pipelining {
                self.wire.say(command, patience.command).await.map_err(|why| lost(step, why))?;
            }
            let reply = match (self.wire.reply(patience.command).await, refused) {
                (Ok(reply), before) => {
                    refused = before;
                    reply
                }
                // The refusal is known; that the answers behind it did not come only ends the session.
                (Err(_), Some(before)) => {
                    self.usable = false;
                    return Err(Stop::Refused(before));
                }
                (Err(why), None) => return Err(lost(step, why)),
            };
            if reply.class() == class {
                // "Go on" without a recipient: the only way out that sends nothing at all is to leave.
                self.usable &= !(class == 3 && refused.is_some());
            } else if refused.is_none() {
                refused = Some(refusal(step, &reply)?);
                self.usable &= reply.code != 421;
                self.needs_reset = true;
            }
            if refused.is_some() && !self.capabilities.pipelining {
                break;
            }
        }
        match refused {
            Some(outcome) => Err(Stop::Refused(outcome)),
            // An answer too many would be read as the answer to the message.
            None if self.wire.has_unread() => {
                Err(Stop::Lost("the server answered more than it was asked".into()))
            }
            None => Ok(()),
        }
    }

    /// The MAIL command with the parameters this server and this message need; an error says why it cannot go.
    fn mail_command(&self, envelope: &Envelope<'_>, mime: &[u8]) -> Result<String, String> {
        for (what, address) in [("sender", envelope.from), ("recipient", envelope.to)] {
            let unfit = |c: char| c.is_control() || c.is_whitespace() || c == '<' || c == '>';
            if address.contains(unfit) || (address.is_empty() && what == "recipient") {
                return Err(format!("the address of the {what} holds what cannot be sent"));
            }
        }
        let can = &self.capabilities;
        let mut command = format!("MAIL FROM:<{}>", envelope.from);
        if let Some(limit) = can.size {
            if let Some(limit) = limit.filter(|limit| mime.len() > *limit) {
                return Err(format!("the message has {} bytes, the server takes {limit}", mime.len()));
            }
            command.push_str(&format!(" SIZE={}", mime.len()));
        }
        if !mime.is_ascii() {
            if !can.eight_bit {
                return Err("the message is not pure ASCII and the server does not offer 8BITMIME".into());
            }
            command.push_str(" BODY=8BITMIME");
        }
        if !envelope.from.is_ascii() || !envelope.to.is_ascii() {
            if !can.utf8 {
                return Err("the address is not pure ASCII and the server does not offer SMTPUTF8".into());
            }
            command.push_str(" SMTPUTF8");
        }
        command.push_str("\r\n");
        Ok(command)
    }

    /// The message and its final dot in one write, then the answer that counts.
    async fn finish(&mut self, mime: &[u8], patience: &Patience) -> Outcome {
        let mut buffer = std::mem::take(&mut self.buffer);
        stuffed(mime, &mut buffer);
        let before_dot = buffer.len() - b".\r\n".len();
        let mut handed = 0;
        let written = match timeout(patience.body, self.wire.write(&buffer, &mut handed)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(Lost::Broken(error)),
            Err(_) => Err(Lost::Late(patience.body)),
        };
        self.buffer = buffer;
        if let Err(why) = written {
            self.usable = false;
            return broken_off(handed, before_dot, &why);
        }
        match self.wire.reply(patience.dot).await {
            Ok(reply) if reply.class() == 2 => Outcome::Sent { response: reply.show() },
            Ok(reply) => {
                self.usable &= reply.code != 421;
                self.needs_reset = true;
                refusal("the message", &reply).unwrap_or_else(|_| {
                    self.usable = false;
                    Outcome::Unknown { why: format!("a senseless answer to the message: {}", reply.show()) }
                })
            }
            Err(why) => {
                self.usable = false;
                Outcome::Unknown { why: format!("after the message was sent: {why}") }
            }
        }
    }
}

/// The line was lost with so many bytes handed over, of which the final dot begins after `before_dot`. Without one byte
/// of the dot the server has no whole message (RFC 5321 §4.1.1.4); with part of it nobody knows what arrived.
fn broken_off(handed: usize, before_dot: usize, why: &Lost) -> Outcome {
    if handed <= before_dot {
        return Outcome::retry(AFTER_LOST_SECS, format!("while sending the message: {why}"));
    }
    Outcome::Unknown { why: format!("while sending the end of the message: {why}") }
}

/// What a refusal means: 4xx try again, 5xx never. Codes that ask for a (better) login (RFC 4954 §6) are about us, not
/// about the message, and must not write off every customer.
fn refusal(step: &str, reply: &Reply) -> Result<Outcome, Stop> {
    let why = format!("{step} was refused: {}", reply.show());
    match (reply.class(), reply.code) {
        (4, 421) => Ok(Outcome::retry(AFTER_LOST_SECS, why)),
        (4, _) => Ok(Outcome::retry(AFTER_REFUSAL_SECS, why)),
        (_, 530 | 534 | 535 | 538) => Ok(Outcome::retry(AFTER_TROUBLE_SECS, why)),
        (5, _) => Ok(Outcome::Never { why }),
        _ => Err(Stop::Lost(format!("a senseless answer to {step}: {}", reply.show()))),
    }
}

/// The message as it goes over the line: CRLF lines, a dot before each dot that begins a line, and the final dot
/// (RFC 5321 §4.5.2). Bare line feeds become CRLF, or else what follows them would be read differently by two servers.
fn stuffed(mime: &[u8], out: &mut Vec<u8>) {
    out.clear();
    out.reserve(mime.len() + mime.len() / 64 + 16);
    for line in mime.split_inclusive(|byte| *byte == b'\n') {
        if line.first() == Some(&b'.') {
            out.push(b'.');
        }
        match line.strip_suffix(b"\n") {
            Some(rest) if !rest.ends_with(b"\r") => out.extend_from_slice(rest),
            Some(_) => {
                out.extend_from_slice(line);
                continue;
            }
            None => out.extend_from_slice(line),
        }
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_of_the_final_dot_makes_it_unknown() {
        let why = Lost::Nonsense("gone".into());
        assert!(matches!(broken_off(0, 10, &why), Outcome::Retry { .. }));
        assert!(matches!(broken_off(10, 10, &why), Outcome::Retry { .. }));
        assert!(matches!(broken_off(11, 10, &why), Outcome::Unknown { .. }));
    }

    #[test]
    fn dots_are_doubled_and_lines_end_in_crlf() {
        for (given, wanted) in [
            ("", ".\r\n"),
            ("a\r\n", "a\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            (".\r\n..b\r\n", "..\r\n...b\r\n.\r\n"),
            ("a\n.\nb", "a\r\n..\r\nb\r\n.\r\n"),
            ("a.b\r\n\r\n.", "a.b\r\n\r\n..\r\n.\r\n"),
        ] {
            let mut out = b"of before".to_vec();
            stuffed(given.as_bytes(), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), wanted);
        }
    }
}
