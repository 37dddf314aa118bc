//! Which addresses of the web may stand in a message.

/// The longest target of a click, in bytes.
pub const TARGET_BYTES_MAX: usize = 2_000;

/// Whether a text is an http or https address with a host, without blanks or control characters.
#[must_use]
pub fn is_web(url: &str) -> bool {
    let scheme = |s: &str| url.get(..s.len()).is_some_and(|head| head.eq_ignore_ascii_case(s));
    let rest = if scheme("https://") {
        &url[8..]
    } else if scheme("http://") {
        &url[7..]
    } else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    !host.is_empty()
        && !url.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '\\' | '<' | '>' | '"'))
}
