//! One session of the server: commands in, answers out, faults where they are asked for.

use super::fault::{Asked, Step, What};
use super::input::{Body, Input};
use super::{Mail, Shared, now};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::time::{sleep, timeout};

/// Most recipients of one message.
const MAX_RECIPIENTS: usize = 100;

pub(super) struct Session {
    input: Input,
    output: OwnedWriteHalf,
    /// Answers not yet written: those to pipelined commands go out together.
    pending: String,
    shared: Arc<Shared>,
    connection: u64,
    signed_in: bool,
    mail: Option<Transaction>,
}

/// A message between MAIL and its final dot.
struct Transaction {
    number: u64,
    from: String,
    to: Vec<String>,
    attempt: u32,
}

/// What becomes of a session after an answer.
enum Next {
    GoOn,
    End,
}

impl Session {
    pub(super) fn new(stream: TcpStream, shared: Arc<Shared>, connection: u64) -> Session {
        let (read, output) = stream.into_split();
        let pending = String::new();
        Session { input: Input::new(read), output, pending, shared, connection, signed_in: false, mail: None }
    }

    /// Serves until QUIT, an end of the line, or a fault that ends it.
    pub(super) async fn serve(mut self) -> io::Result<()> {
        if let Next::End = self.answer(Step::Greeting, "220 mailbox.test ESMTP").await? {
            return self.flush().await;
        }
        loop {
            let Some(line) = self.line().await? else {
                self.pending.push_str("421 idle for too long\r\n");
                return self.flush().await;
            };
            if let Next::End = self.command(&line).await? {
                return self.flush().await;
            }
        }
    }

    /// The next line; answers so far are written before waiting for it. `None` when nothing came for too long.
    async fn line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(line) = self.input.buffered_line()? {
                return Ok(Some(line));
            }
            self.flush().await?;
            match timeout(self.shared.options.idle, self.input.fill()).await {
                Ok(read) => read?,
                Err(_) => return Ok(None),
            }
        }
    }

    async fn flush(&mut self) -> io::Result<()> {
        if !self.pending.is_empty() {
            self.output.write_all(self.pending.as_bytes()).await?;
            self.pending.clear();
        }
        Ok(())
    }

    fn say(&mut self, text: &str) -> Next {
        self.pending.push_str(text);
        self.pending.push_str("\r\n");
        Next::GoOn
    }

    /// What goes wrong at this step of this message.
    fn fault(&self, step: Step) -> Option<What> {
        let (message, to, attempt) = match &self.mail {
            Some(mail) => (mail.number, mail.to.last().map_or("", String::as_str), mail.attempt),
            None => (self.shared.messages.load(Ordering::Relaxed), "", 0),
        };
        self.shared.options.faults.at(&Asked { step, connection: self.connection, message, to, attempt })
    }

    /// The usual answer, unless a fault takes its place.
    async fn answer(&mut self, step: Step, usual: &str) -> io::Result<Next> {
        let fault = self.fault(step);
        self.answer_with(fault, usual).await
    }

    async fn answer_with(&mut self, fault: Option<What>, usual: &str) -> io::Result<Next> {
        Ok(match fault {
            None => self.say(usual),
            Some(What::SlowMillis(millis)) => {
                self.flush().await?;
                sleep(Duration::from_millis(u64::from(millis))).await;
                self.say(usual)
            }
            Some(What::Refuse(code)) => {
                let class = code / 100;
                self.say(&format!("{code} {class}.0.0 refused by the test server"));
                // A refused greeting, 421 and 521 end a session (RFC 5321 §3.8, RFC 7504).
                let ends = code == 421 || code == 521 || usual.starts_with("220");
                if ends { Next::End } else { Next::GoOn }
            }
            Some(What::Close | What::AcceptAndClose) => Next::End,
            Some(What::Hang) => {
                self.flush().await?;
                // The other side gives up; its end of the line ends this session too.
                loop {
                    while self.input.buffered_line()?.is_some() {}
                    self.input.fill().await?;
                }
            }
            Some(What::Garbage) => self.say("\u{1}\u{7f} this is no answer \u{2}"),
            Some(What::LongReply) => {
                let code = usual.get(..3).unwrap_or("250");
                for n in 0..10_000 {
                    self.pending.push_str(&format!("{code}-line {n}\r\n"));
                }
                self.say(usual)
            }
        })
    }

    async fn command(&mut self, line: &str) -> io::Result<Next> {
        let verb: String = line.chars().take_while(char::is_ascii_alphabetic).collect();
        let rest = line[verb.len()..].trim();
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                let usual = self.capabilities();
                self.answer(Step::Hello, &usual).await
            }
            "HELO" => self.answer(Step::Hello, "250 mailbox.test").await,
            "AUTH" => self.auth(rest).await,
            "MAIL" => self.mail(rest).await,
            "RCPT" => self.rcpt(rest).await,
            "DATA" => self.data().await,
            "RSET" => {
                self.mail = None;
                Ok(self.say("250 2.0.0 forgotten"))
            }
            "NOOP" => Ok(self.say("250 2.0.0 here")),
            "QUIT" => {
                self.say("221 2.0.0 bye");
                Ok(Next::End)
            }
            _ => Ok(self.say("500 5.5.2 no such command")),
        }
    }

    fn capabilities(&self) -> String {
        let options = &self.shared.options;
        let mut lines = vec!["mailbox.test".to_owned(), format!("SIZE {}", options.max_message_bytes)];
        if options.pipelining {
            lines.push("PIPELINING".to_owned());
        }
        if options.login.is_some() {
            lines.push("AUTH PLAIN LOGIN".to_owned());
        }
        lines.push("8BITMIME".to_owned());
        lines.push("SMTPUTF8".to_owned());
        let last = lines.len() - 1;
        let line = |(n, text): (usize, &String)| format!("250{}{text}", if n == last { " " } else { "-" });
        lines.iter().enumerate().map(line).collect::<Vec<String>>().join("\r\n")
    }

    /// AUTH PLAIN (RFC 4616) and LOGIN.
    async fn auth(&mut self, rest: &str) -> io::Result<Next> {
        let Some((user, password)) = self.shared.options.login.clone() else {
            return Ok(self.say("503 5.5.1 no AUTH here"));
        };
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        let right = if mechanism.eq_ignore_ascii_case("PLAIN") {
            let given = if initial.is_empty() { self.prompt("334 ").await? } else { decode(initial) };
            given == format!("\0{user}\0{password}")
        } else if mechanism.eq_ignore_ascii_case("LOGIN") {
            let name = self.prompt("334 VXNlcm5hbWU6").await?;
            let secret = self.prompt("334 UGFzc3dvcmQ6").await?;
            name == user && secret == password
        } else {
            return Ok(self.say("504 5.5.4 unknown mechanism"));
        };
        if !right {
            return Ok(self.say("535 5.7.8 wrong name or password"));
        }
        self.signed_in = true;
        self.answer(Step::Auth, "235 2.7.0 signed in").await
    }

    async fn prompt(&mut self, text: &str) -> io::Result<String> {
        self.say(text);
        let line = self.line().await?.ok_or(io::ErrorKind::TimedOut)?;
        Ok(decode(&line))
    }

    async fn mail(&mut self, rest: &str) -> io::Result<Next> {
        if self.shared.options.login.is_some() && !self.signed_in {
            return Ok(self.say("530 5.7.0 sign in first"));
        }
        if self.mail.is_some() {
            return Ok(self.say("503 5.5.1 a message is open"));
        }
        let Some(from) = path(rest, "FROM:") else {
            return Ok(self.say("501 5.5.4 MAIL FROM:<address>"));
        };
        let number = self.shared.messages.fetch_add(1, Ordering::Relaxed);
        self.mail = Some(Transaction { number, from, to: Vec::new(), attempt: 0 });
        let fault = self.fault(Step::Mail);
        if matches!(fault, Some(What::Refuse(_))) {
            self.mail = None;
        }
        self.answer_with(fault, "250 2.1.0 sender ok").await
    }

    async fn rcpt(&mut self, rest: &str) -> io::Result<Next> {
        let Some(to) = path(rest, "TO:").filter(|to| !to.is_empty()) else {
            return Ok(self.say("501 5.5.4 RCPT TO:<address>"));
        };
        let Some(mail) = &mut self.mail else {
            return Ok(self.say("503 5.5.1 MAIL first"));
        };
        if mail.to.len() >= MAX_RECIPIENTS {
            return Ok(self.say("452 4.5.3 too many recipients"));
        }
        mail.attempt = self.shared.attempts.next(&to);
        mail.to.push(to);
        let fault = self.fault(Step::Rcpt);
        if let (Some(What::Refuse(_)), Some(mail)) = (&fault, &mut self.mail) {
            mail.to.pop();
        }
        self.answer_with(fault, "250 2.1.5 recipient ok").await
    }

    async fn data(&mut self) -> io::Result<Next> {
        if self.mail.as_ref().is_none_or(|mail| mail.to.is_empty()) {
            return Ok(self.say("503 5.5.1 RCPT first"));
        }
        let fault = self.fault(Step::Data);
        let refused = matches!(fault, Some(What::Refuse(_) | What::Garbage));
        if let Next::End = self.answer_with(fault, "354 go on, end with a dot").await? {
            return Ok(Next::End);
        }
        if refused {
            self.mail = None;
            return Ok(Next::GoOn);
        }
        self.flush().await?;
        if let Some(fault) = self.fault(Step::Body) {
            self.input.fill().await?;
            return self.answer_with(Some(fault), "451 4.3.0 in the middle").await;
        }
        let idle = self.shared.options.idle;
        let body = timeout(idle, self.input.body(self.shared.options.max_message_bytes));
        let body = body.await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        self.dot(body).await
    }

    /// The message is whole: keep it, then answer.
    async fn dot(&mut self, body: Body) -> io::Result<Next> {
        let fault = self.fault(Step::Dot);
        let Some(transaction) = self.mail.take() else {
            return Ok(self.say("503 5.5.1 no message is open"));
        };
        let raw = match body {
            Body::Whole(raw) => raw.into(),
            Body::TooLong => return Ok(self.say("552 5.3.4 too long")),
        };
        let accepts = matches!(fault, None | Some(What::AcceptAndClose | What::SlowMillis(_)));
        let mail = Mail { from: transaction.from, to: transaction.to.join(","), raw, at: now() };
        if accepts && self.shared.accept(&mail).is_err() {
            return Ok(self.say("451 4.3.0 could not keep it"));
        }
        self.answer_with(fault, &format!("250 2.0.0 kept as {}", transaction.number)).await
    }
}

/// The address in `FROM:<a@b> PARAMETERS`; `None` when the line says something else.
fn path(rest: &str, prefix: &str) -> Option<String> {
    let given = rest.get(..prefix.len()).filter(|given| given.eq_ignore_ascii_case(prefix))?;
    let (address, _) = rest[given.len()..].trim_start().strip_prefix('<')?.split_once('>')?;
    Some(address.to_owned())
}

fn decode(text: &str) -> String {
    let bytes = STANDARD.decode(text.trim()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}
