//! Finds the Jinja tags of a template part, before MJML or anything else touches it.
//!
//! MJML is XML and knows nothing of Jinja: `{% if a > 1 %}` would end an element, a quote would end an
//! attribute. So the tags are cut out here, travel as opaque words, and are put back at the end
//! ([`crate::mjml`]).

use crate::source::{Part, Problem};

/// What a tag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `{{ … }}`
    Print,
    /// `{% … %}`
    Statement,
    /// `{# … #}`
    Comment,
}

/// One tag as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) kind: Kind,
    /// With its delimiters.
    pub(crate) source: String,
    /// Byte offset in the text it was cut from.
    pub(crate) offset: usize,
    /// Line in that text, from 1.
    pub(crate) line: usize,
}

impl Tag {
    /// What stands between the delimiters, without white-space control.
    pub(crate) fn inner(&self) -> &str {
        let body = self.source.get(2..self.source.len().saturating_sub(2)).unwrap_or("");
        let body = body.strip_prefix(['-', '+']).unwrap_or(body);
        body.strip_suffix(['-', '+']).unwrap_or(body).trim()
    }
}

/// The longest tag, in bytes. The engine reads some chains (`not not …`, `1 + 1 + …`) by recursion without a
/// limit of its own; a tag this short cannot exhaust a stack.
pub(crate) const TAG_BYTES_MAX: usize = 1_000;
/// The most `elif` in one part, for the same reason.
const ELIF_MAX: usize = 100;

/// Statements a template may use. Left out are those that reach for other templates, and `autoescape` and
/// `raw`, which would take the escaping of a shopper's data out of our hands.
const STATEMENTS: [&str; 16] = [
    "if",
    "elif",
    "else",
    "endif",
    "for",
    "endfor",
    "set",
    "endset",
    "with",
    "endwith",
    "macro",
    "endmacro",
    "call",
    "endcall",
    "filter",
    "endfilter",
];

/// All tags of a text, in their order. The text between them is everything else.
pub(crate) fn tags(text: &str, part: Part) -> Result<Vec<Tag>, Problem> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut line, mut counted, mut elifs) = (0, 1, 0, 0);
    while let Some(start) = next_open(bytes, at) {
        line += newlines(&bytes[counted..start]);
        counted = start;
        let (kind, close) = match bytes[start + 1] {
            b'{' => (Kind::Print, "}}"),
            b'%' => (Kind::Statement, "%}"),
            _ => (Kind::Comment, "#}"),
        };
        let end = tag_end(text, start, kind, close).map_err(|fault| fault.at(part, line, close))?;
        let tag = Tag { kind, source: text[start..end].to_owned(), offset: start, line };
        if kind != Kind::Comment && tag.source.len() > TAG_BYTES_MAX {
            let what = format!("a tag is longer than {TAG_BYTES_MAX} bytes");
            return Err(Problem::new(part, line, what, "split it with {% set name = … %}"));
        }
        check_statement(&tag, part)?;
        elifs += usize::from(kind == Kind::Statement && tag.inner().starts_with("elif"));
        if elifs > ELIF_MAX {
            let what = format!("there are over {ELIF_MAX} `elif`");
            return Err(Problem::new(part, line, what, "write several `if` instead"));
        }
        found.push(tag);
        at = end;
    }
    check_blocks(&found, part)?;
    Ok(found)
}

/// Every block that is opened is closed by its own end; says where it was opened, which the engine does not.
fn check_blocks(tags: &[Tag], part: Part) -> Result<(), Problem> {
    let mut open: Vec<(&str, &Tag)> = Vec::new();
    for tag in tags.iter().filter(|t| t.kind == Kind::Statement) {
        let inner = tag.inner();
        let word = inner.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        if let Some(ended) = word.strip_prefix("end") {
            if open.pop().is_none_or(|(opened, _)| opened != ended) {
                let what = format!("`{word}` closes what is not open here");
                return Err(Problem::new(
                    part,
                    tag.line,
                    what,
                    "each {% if %} has its {% endif %}, inside one block",
                ));
            }
        } else if !matches!(word, "elif" | "else") && (word != "set" || !inner.contains('=')) {
            open.push((word, tag));
        }
    }
    match open.last() {
        None => Ok(()),
        Some((word, tag)) => {
            let what = format!("`{word}` is opened here and never closed");
            Err(Problem::new(part, tag.line, what, format!("write {{% end{word} %}} where it should end")))
        }
    }
}

/// Names that stand after a `|` in the tag: the filters it calls.
pub(crate) fn filters_of(tag: &Tag) -> Vec<String> {
    let mut names = Vec::new();
    let mut quote = None;
    let mut chars = tag.source.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match quote {
            Some(q) if c == '\\' || c == q => {
                if c == '\\' {
                    chars.next();
                } else {
                    quote = None;
                }
            }
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '|' => {
                let rest = tag.source[at + 1..].trim_start();
                let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                names.push(name);
            }
            None => {}
        }
    }
    names
}

fn newlines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b == b'\n').count()
}

fn next_open(bytes: &[u8], from: usize) -> Option<usize> {
    (from..bytes.len().saturating_sub(1))
        .find(|&i| bytes[i] == b'{' && matches!(bytes[i + 1], b'{' | b'%' | b'#'))
}

enum Fault {
    Open,
    Brace,
}

impl Fault {
    fn at(&self, part: Part, line: usize, close: &str) -> Problem {
        match self {
            Fault::Open => Problem::new(
                part,
                line,
                format!("a tag is opened here and never closed with `{close}`"),
                "close it; a plain `{` before `{`, `%` or `#` needs a space between",
            ),
            Fault::Brace => Problem::new(
                part,
                line,
                "a tag contains a `{`",
                "records `{…}` are not known in templates; close the tag before with its own sign",
            ),
        }
    }
}

/// The offset after the closing sign. Strings are skipped: `{{ "}}" }}` is one tag.
fn tag_end(text: &str, start: usize, kind: Kind, close: &str) -> Result<usize, Fault> {
    let bytes = text.as_bytes();
    if kind == Kind::Comment {
        return text[start + 2..].find(close).map(|at| start + 2 + at + 2).ok_or(Fault::Open);
    }
    let close = close.as_bytes();
    let mut at = start + 2;
    let mut quote = None;
    while at < bytes.len() {
        let b = bytes[at];
        match quote {
            Some(_) if b == b'\\' => at += 1,
            Some(q) if b == q => quote = None,
            Some(_) => {}
            None if b == b'"' || b == b'\'' => quote = Some(b),
            None if bytes[at..].starts_with(close) => return Ok(at + 2),
            None if b == b'{' => return Err(Fault::Brace),
            None => {}
        }
        at += 1;
    }
    Err(Fault::Open)
}

fn check_statement(tag: &Tag, part: Part) -> Result<(), Problem> {
    if tag.kind != Kind::Statement {
        return Ok(());
    }
    let word: String = tag.inner().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if STATEMENTS.contains(&word.as_str()) {
        return Ok(());
    }
    let hint = match word.as_str() {
        "include" | "import" | "from" | "extends" | "block" => {
            "a template stands alone: copy the text into it"
        }
        "autoescape" | "raw" => "what comes from outside is always escaped",
        "elsif" | "elseif" => "write `elif`",
        _ => "known are if, elif, else, for, set, with, macro, call, filter and their ends",
    };
    Err(Problem::new(part, tag.line, format!("the statement `{word}` is not known"), hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_with_their_lines_and_strings_do_not_end_them() {
        let found =
            tags("a {{ x }}\n{# }} #}{%- if a > \"}}%}\\\"\" -%}\n\n{{ '{{' }}{% endif %}", Part::Html)
                .unwrap();
        let seen: Vec<_> = found.iter().map(|t| (t.kind, t.line, t.inner())).collect();
        assert_eq!(
            seen,
            [
                (Kind::Print, 1, "x"),
                (Kind::Comment, 2, "}}"),
                (Kind::Statement, 2, "if a > \"}}%}\\\"\""),
                (Kind::Print, 4, "'{{'"),
                (Kind::Statement, 4, "endif"),
            ]
        );
    }

    #[test]
    fn faults_name_the_line() {
        let line = |text: &str| tags(text, Part::Html).unwrap_err().line;
        assert_eq!(line("a\n{{ x"), 2);
        assert_eq!(line("a\n\n{% include 'x' %}"), 3);
        assert_eq!(line("{{ {'a': 1} }}"), 1);
        assert_eq!(line("{% autoescape false %}"), 1);
        assert_eq!(line("\n{% for a in b %}{% if a %}\n{% endif %}\n"), 2);
        assert_eq!(line("\n{% set x = 1 %}{% if a %}\n{% endfor %}{% endif %}\n"), 3);
    }

    #[test]
    fn filter_names_are_found_outside_strings() {
        let found = tags("{{ a|upper | default('|no')|money }}", Part::Html).unwrap();
        assert_eq!(filters_of(&found[0]), ["upper", "default", "money"]);
    }
}
