//! Answers of a server: a code and lines, within bounds (RFC 5321 §4.2).

use crate::outcome::plain;

/// Longest answer in bytes. RFC 5321 §4.5.3.1.5 allows lines of 512; a long EHLO has thirty of them.
const MAX_BYTES: usize = 16 * 1024;

/// One whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    /// 200 to 599.
    pub code: u16,
    /// Its lines without the code, as sent, a line each.
    pub text: Vec<u8>,
}

/// Bytes that are no answer; says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Nonsense(pub String);

impl Reply {
    /// Reads one answer from the front of `bytes`: the answer and its length, or `None` when more is to come.
    pub fn read(bytes: &[u8]) -> Result<Option<(Reply, usize)>, Nonsense> {
        let mut code = None;
        let mut text = Vec::new();
        let mut used = 0;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            used += line.len();
            if used > MAX_BYTES {
                return Err(Nonsense("the server's answer is longer than 16 KiB".into()));
            }
            let Some(whole) = line.strip_suffix(b"\n") else {
                break;
            };
            let (given, last, rest) = read_line(whole.trim_ascii_end())?;
            if code.is_some_and(|code| code != given) {
                return Err(Nonsense("the lines of the server's answer have different codes".into()));
            }
            code = Some(given);
            text.extend_from_slice(rest);
            if last {
                return Ok(Some((Reply { code: given, text }, used)));
            }
            text.push(b'\n');
        }
        Ok(None)
    }

    /// 2, 3, 4 or 5.
    pub fn class(&self) -> u16 {
        self.code / 100
    }

    /// Code and text on one line, bounded, fit for people.
    pub fn show(&self) -> String {
        format!("{} {}", self.code, plain(&self.text)).trim_end().to_owned()
    }
}

/// Code, whether it is the last line, and the text after it.
fn read_line(line: &[u8]) -> Result<(u16, bool, &[u8]), Nonsense> {
    let nonsense = || Nonsense(format!("the server's answer is none: \"{}\"", plain(line)));
    let [a @ b'2'..=b'5', b @ b'0'..=b'9', c @ b'0'..=b'9', rest @ ..] = line else {
        return Err(nonsense());
    };
    let code = [a, b, c].iter().fold(0, |code, digit| code * 10 + u16::from(**digit - b'0'));
    match rest {
        [] => Ok((code, true, rest)),
        [b' ', rest @ ..] => Ok((code, true, rest)),
        [b'-', rest @ ..] => Ok((code, false, rest)),
        _ => Err(nonsense()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn answers_of_one_and_of_many_lines_are_read() {
        let bytes = b"250-mail.test\r\n250-SIZE 1000\r\n250 HELP\r\n354 go";
        let (reply, used) = Reply::read(bytes).unwrap().unwrap();
        assert_eq!((reply.code, used), (250, 40));
        assert_eq!(reply.show(), "250 mail.test SIZE 1000 HELP");
        assert_eq!(Reply::read(&bytes[used..]), Ok(None), "the next one is not whole");
        assert_eq!(Reply::read(b"250\r\n").unwrap().unwrap().0.show(), "250");
        assert_eq!(Reply::read(b"250-only\r\n"), Ok(None));
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for bytes in
            [&b"hello\r\n"[..], b"25\r\n", b"150 ok\r\n", b"2500 ok\r\n", b"250-a\r\n251 b\r\n", b"\r\n"]
        {
            assert!(Reply::read(bytes).is_err(), "{bytes:?}");
        }
        let endless = b"250-x\r\n".repeat(10_000);
        assert!(Reply::read(&endless).is_err());
        assert!(Reply::read(&vec![b'2'; MAX_BYTES + 1]).is_err(), "a line without an end");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(Some((reply, used))) = Reply::read(&bytes) {
                prop_assert!(used <= bytes.len() && (2..=5).contains(&reply.class()));
            }
        }

        #[test]
        fn an_answer_cut_anywhere_is_not_yet_whole(cut in 0usize..39) {
            prop_assert_eq!(Reply::read(&b"250-mail.test\r\n250-SIZE 1000\r\n250 HELP\r\n"[..cut]), Ok(None));
        }
    }
}
