//! Jinja tags as opaque words: each is replaced by one that means nothing to MJML and HTML (`qj00012z`), and put back
//! at the end.

use crate::jinja::{Kind, Tag};

/// A text with words in place of its tags.
#[derive(Debug)]
pub(crate) struct Sheltered {
    /// The text.
    pub(crate) text: String,
    /// What the words stand for; the number in the word is the place here.
    pub(crate) tags: Vec<Tag>,
    pub(crate) prefix: String,
}

/// One stretch of a sheltered text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Plain text.
    Text(&'a str),
    /// The tag of this number.
    Tag(usize),
}

impl Sheltered {
    /// Replaces the tags of `source`. Comments vanish here.
    pub(crate) fn new(source: &str, tags: Vec<Tag>) -> Sheltered {
        let mut prefix = "qj".to_owned();
        while source.contains(&prefix) {
            prefix.push('q');
        }
        let mut text = String::with_capacity(source.len());
        let mut at = 0;
        let mut kept = Vec::with_capacity(tags.len());
        for tag in tags {
            text.push_str(&source[at..tag.offset]);
            at = tag.offset + tag.source.len();
            if tag.kind != Kind::Comment {
                text.push_str(&word(&prefix, kept.len()));
                kept.push(tag);
            }
        }
        text.push_str(&source[at..]);
        Sheltered { text, tags: kept, prefix }
    }

    /// Adds a tag and gives its word.
    pub(crate) fn add(&mut self, source: String, line: usize) -> String {
        self.tags.push(Tag { kind: Kind::Print, source, offset: 0, line });
        word(&self.prefix, self.tags.len() - 1)
    }

    /// The word that stands for a tag.
    pub(crate) fn word(&self, number: usize) -> String {
        word(&self.prefix, number)
    }

    /// Cuts any text that holds words of this shelter at them.
    pub(crate) fn pieces<'a>(&self, text: &'a str) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(&self.prefix) {
            let after = &rest[at + self.prefix.len()..];
            let number = after.get(..5).and_then(|n| n.parse().ok()).filter(|_| after[5..].starts_with('z'));
            let Some(number) = number.filter(|n| *n < self.tags.len()) else {
                // Cannot happen while the prefix is unique; the text is then kept as it is.
                let end = at + self.prefix.len();
                pieces.push(Piece::Text(&rest[..end]));
                rest = &rest[end..];
                continue;
            };
            if at > 0 {
                pieces.push(Piece::Text(&rest[..at]));
            }
            pieces.push(Piece::Tag(number));
            rest = &after[6..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest));
        }
        pieces
    }

    /// Puts the tags back. Also gives, for each tag, its byte offset in the result and its line in the
    /// source.
    pub(crate) fn restore(&self, text: &str) -> (String, Vec<(usize, usize)>) {
        let mut out = String::with_capacity(text.len() * 2);
        let mut marks = Vec::new();
        for piece in self.pieces(text) {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Tag(number) => {
                    marks.push((out.len(), self.tags[number].line));
                    out.push_str(&self.tags[number].source);
                }
            }
        }
        (out, marks)
    }
}

fn word(prefix: &str, number: usize) -> String {
    format!("{prefix}{number:05}z")
}
