//! An address as a person writes it: `shop@example.test` or `Shop <shop@example.test>`.

use std::fmt;
use url::Host;

/// Longest address in bytes (RFC 5321 §4.5.3.1.3: a path of 256 with its angle brackets).
const MAX_ADDRESS: usize = 254;
/// Longest part before the `@` in bytes (RFC 5321 §4.5.3.1.1).
const MAX_LOCAL: usize = 64;

/// An address with an optional display name. Its parts hold no control characters, so they may stand in a command or
/// a header as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    name: String,
    email: String,
}

/// Why a text is no address; says what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not an e-mail address: {why}")]
pub struct AddressError {
    text: String,
    why: &'static str,
}

impl Address {
    /// Reads `a@b`, `<a@b>`, `Name <a@b>` or `"Name" <a@b>`. A domain in another script becomes its ASCII form
    /// (IDNA), letters of the domain become small.
    ///
    /// # Errors
    /// When a part is missing, too long or holds what cannot be sent.
    pub fn parse(text: &str) -> Result<Address, AddressError> {
        let fail = |why| AddressError { text: text.chars().take(80).collect(), why };
        if text.chars().any(char::is_control) {
            return Err(fail("it holds a line break or another control character"));
        }
        let trimmed = text.trim();
        let (name, email) = match trimmed.strip_suffix('>') {
            None => ("", trimmed),
            Some(rest) => rest.rsplit_once('<').ok_or_else(|| fail("the opening < is missing"))?,
        };
        let email = normal(email.trim()).map_err(fail)?;
        Ok(Address { name: unquoted(name.trim()), email })
    }

    /// This address under another display name; control characters of the name become spaces.
    #[must_use]
    pub fn named(&self, name: &str) -> Address {
        let name = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
        Address { name: name.trim().to_owned(), email: self.email.clone() }
    }

    /// The display name; empty when there is none.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address alone, domain in small ASCII letters.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// The part after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.email.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.is_empty() {
            return f.write_str(&self.email);
        }
        write!(f, "\"{}\" <{}>", self.name.replace('\\', "\\\\").replace('"', "\\\""), self.email)
    }
}

/// The address with its domain in ASCII, or what is wrong with it.
fn normal(email: &str) -> Result<String, &'static str> {
    let (local, domain) = email.rsplit_once('@').ok_or("the @ is missing")?;
    if local.is_empty() {
        return Err("nothing stands before the @");
    }
    if local.len() > MAX_LOCAL {
        return Err("more than 64 bytes stand before the @");
    }
    // Quoted local parts are legal and in practice only ever mistakes or attacks; RFC 5321 advises against them.
    if !local.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c) || is_letter(c))
    {
        return Err("a character before the @ is not allowed there");
    }
    let domain = match Host::parse(domain) {
        Ok(Host::Domain(ascii)) if !ascii.is_empty() => ascii,
        _ => return Err("the part after the @ is not a domain"),
    };
    let label_is_bad = |label: &str| label.is_empty() || label.len() > 63;
    let odd = |c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.';
    if domain.contains(odd) || domain.split('.').any(label_is_bad) {
        return Err("the part after the @ is not a domain");
    }
    let email = format!("{local}@{domain}");
    if email.len() > MAX_ADDRESS { Err("it is longer than 254 bytes") } else { Ok(email) }
}

/// A letter or digit beyond ASCII (RFC 6531): neither a space nor anything invisible.
fn is_letter(c: char) -> bool {
    !c.is_ascii() && c.is_alphanumeric()
}

/// A display name without its quotes and the backslashes inside them.
fn unquoted(name: &str) -> String {
    let Some(inner) = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return name.to_owned();
    };
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_forms_people_write_are_read() {
        let read = |text| Address::parse(text).map(|a| (a.name().to_owned(), a.email().to_owned()));
        let is = |name: &str, email: &str| Ok((name.to_owned(), email.to_owned()));
        assert_eq!(read("shop@Example.TEST"), is("", "shop@example.test"));
        assert_eq!(read(" Shop & Co <shop@example.test> "), is("Shop & Co", "shop@example.test"));
        assert_eq!(read("\"A \\\"B\\\" <c>\" <a+b@c.test>"), is("A \"B\" <c>", "a+b@c.test"));
        assert_eq!(read("Магазин <почта@пример.рф>"), is("Магазин", "почта@xn--e1afmkfd.xn--p1ai"));
    }

    #[test]
    fn what_cannot_be_sent_is_refused_with_the_reason() {
        for (text, why) in [
            ("", "the @ is missing"),
            ("shop", "the @ is missing"),
            ("@example.test", "nothing stands before"),
            ("shop@", "not a domain"),
            ("shop@ex ample.test", "not a domain"),
            ("shop@a..test", "not a domain"),
            ("shop@127.0.0.1", "not a domain"),
            ("Shop shop@example.test>", "opening <"),
            ("a b@example.test", "before the @ is not allowed"),
            ("a>b@example.test", "before the @ is not allowed"),
            ("shop@example.test\r\nRCPT TO:<x@y.test>", "line break"),
        ] {
            let error = Address::parse(text).expect_err(text).to_string();
            assert!(error.contains(why), "{text:?}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_is_read_is_safe(text in ".{0,80}|[a-z<>@\" \\\\.]{0,30}@[a-z.<>]{0,20}") {
            if let Ok(address) = Address::parse(&text) {
                prop_assert!(!address.email().contains(['<', '>', ' ', '\r', '\n', ',']));
                prop_assert_eq!(Address::parse(&address.to_string()), Ok(address));
            }
        }
    }
}
