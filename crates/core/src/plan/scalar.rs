//! Reading the small values that journeys and their steps share.

use super::Problem;
use super::yaml::Node;

/// Names are part of message numbers and addresses: short, plain, for ever.
pub(super) fn plain_name(node: &Node) -> Result<String, Problem> {
    let name = node.text()?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 48 || !name.chars().all(plain) {
        let what = format!("`{name}` cannot be a name");
        return Err(Problem::new(node.line, what, "use up to 48 small letters, digits and hyphens"));
    }
    Ok(name.to_owned())
}

/// Which of two messages goes when both are due.
pub(super) fn priority(node: &Node) -> Result<u16, Problem> {
    let text = node.text()?;
    text.parse().ok().filter(|n| *n <= 100).ok_or_else(|| {
        Problem::new(
            node.line,
            format!("`{text}` is not a priority"),
            "a whole number from 0 to 100; higher wins",
        )
    })
}
