//! What a channel says after trying: sent, retry, never or unknown.

/// Longest text of the other side that is kept, in characters.
const MAX_TEXT: usize = 300;

/// How a try to send one message ended.
///
/// The line between `Retry` and `Unknown` is what keeps a message from going out twice: as soon as the other side may
/// have taken the message and has not said so, the answer is `Unknown`, and only a person or the rule for transactional
/// messages may send it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took the message.
    Sent {
        /// What it answered: plain text of bounded length, for the journal.
        response: String,
    },
    /// Nothing was taken; trying again makes sense.
    Retry {
        /// How long to wait at least, in seconds: the hint of this failure, to which the caller adds its back-off.
        after_secs: u32,
        /// What was wrong, for people.
        why: String,
    },
    /// The other side refused this message or this recipient for good.
    Never {
        /// What it answered, for people and for the suppression list.
        why: String,
    },
    /// The message may have been taken; nobody can say.
    Unknown {
        /// What happened, for people.
        why: String,
    },
}

impl Outcome {
    /// Whether the other side surely has the message.
    #[must_use]
    pub fn is_sent(&self) -> bool {
        matches!(self, Outcome::Sent { .. })
    }

    pub(crate) fn retry(after_secs: u32, why: impl Into<String>) -> Outcome {
        Outcome::Retry { after_secs, why: why.into() }
    }
}

/// Text of the other side made fit for a journal and a screen: control characters and runs of white space become one
/// space, bytes that are not UTF-8 are replaced, the end is cut at 300 characters.
#[must_use]
pub fn plain(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(&text[..text.len().min(MAX_TEXT * 8)]);
    let mut out = String::new();
    let mut chars = 0;
    for word in text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|word| !word.is_empty()) {
        if chars > 0 {
            out.push(' ');
            chars += 1;
        }
        for c in word.chars() {
            if chars >= MAX_TEXT {
                out.push('…');
                return out;
            }
            out.push(c);
            chars += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_is_plain_and_short() {
        assert_eq!(plain(b"550 \x1b[31m no\r\nsuch\t user \xff"), "550 [31m no such user \u{fffd}");
        let long = plain("ж".repeat(5_000).as_bytes());
        assert_eq!(long.chars().count(), MAX_TEXT + 1);
    }
}
