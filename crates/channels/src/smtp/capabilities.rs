//! What a server says it can do, in its answer to EHLO.

use super::reply::Reply;

/// The extensions this client makes use of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Capabilities {
    /// Commands may follow each other without waiting (RFC 2920).
    pub pipelining: bool,
    /// SIZE is understood (RFC 1870); the largest message in bytes, `None` when not told.
    pub size: Option<Option<usize>>,
    /// 8BITMIME (RFC 6152).
    pub eight_bit: bool,
    /// SMTPUTF8 (RFC 6531).
    pub utf8: bool,
    /// STARTTLS (RFC 3207).
    pub starttls: bool,
    /// AUTH PLAIN (RFC 4616).
    pub auth_plain: bool,
    /// AUTH LOGIN, of old servers.
    pub auth_login: bool,
}

impl Capabilities {
    /// Reads the lines of an answer to EHLO; unknown ones are ignored.
    pub fn read(reply: &Reply) -> Capabilities {
        let text = String::from_utf8_lossy(&reply.text);
        let mut capabilities = Capabilities::default();
        // The first line is the server's name.
        for line in text.lines().skip(1) {
            // Some old servers write AUTH=LOGIN.
            let line = line.to_ascii_uppercase().replacen("AUTH=", "AUTH ", 1);
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("PIPELINING") => capabilities.pipelining = true,
                Some("SIZE") => {
                    // 0 means no fixed limit (RFC 1870 §4).
                    let limit = words.next().and_then(|limit| limit.parse().ok());
                    capabilities.size = Some(limit.filter(|limit| *limit > 0));
                }
                Some("8BITMIME") => capabilities.eight_bit = true,
                Some("SMTPUTF8") => capabilities.utf8 = true,
                Some("STARTTLS") => capabilities.starttls = true,
                Some("AUTH") => {
                    for mechanism in words {
                        capabilities.auth_plain |= mechanism == "PLAIN";
                        capabilities.auth_login |= mechanism == "LOGIN";
                    }
                }
                _ => {}
            }
        }
        capabilities
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_ehlo_are_understood() {
        let read = |text: &str| Capabilities::read(&Reply { code: 250, text: text.as_bytes().to_vec() });
        let all = read(
            "PIPELINING.test\npipelining\nSIZE 1000\n8BITMIME\nSMTPUTF8\nSTARTTLS\nAUTH LOGIN PLAIN\nX-NEW",
        );
        assert!(
            all.pipelining && all.eight_bit && all.utf8 && all.starttls && all.auth_plain && all.auth_login
        );
        assert_eq!(all.size, Some(Some(1_000)));
        assert_eq!(read("PIPELINING"), Capabilities::default(), "the first line is a name");
        assert_eq!(read("x\nSIZE").size, Some(None));
        assert_eq!(read("x\nSIZE 0").size, Some(None));
        assert!(read("x\nAUTH=LOGIN").auth_login);
    }
}
