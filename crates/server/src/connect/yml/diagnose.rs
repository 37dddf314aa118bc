//! Tells what a document is that is no feed, and what is wrong with one that is no XML.

use super::{Refused, words};
use quick_xml::errors::{Error, IllFormedError, SyntaxError};

/// Whether this can be the name of a tag: enough of XML 1.0 §2.3 to tell a tag from a stray `<`.
pub(super) fn is_name(name: &str) -> bool {
    let first = name.chars().next();
    first.is_some_and(|c| c.is_alphabetic() || c == '_' || c == ':')
        && !name.contains(|c: char| c.is_whitespace() || "<>\"'&=/;,()".contains(c))
}

/// Says what a document with another root is.
pub(super) fn foreign(line: u64, root: &str) -> Refused {
    let local = root.rsplit(':').next().unwrap_or(root);
    let (en, ru) = match local.to_lowercase().as_str() {
        "rss" => {
            ("RSS (a Google Merchant or Yandex Turbo feed)", "RSS (фид Google Merchant или Яндекс Турбо)")
        }
        "feed" => ("an Atom feed", "лента Atom"),
        "коммерческаяинформация" => ("CommerceML of 1C", "CommerceML из 1С"),
        "urlset" | "sitemapindex" => ("a sitemap", "карта сайта"),
        "html" | "head" | "body" | "br" | "b" | "p" | "div" | "title" => {
            ("a web page or an error message of the site", "веб-страница или сообщение сайта об ошибке")
        }
        "workbook" => ("an Excel workbook", "книга Excel"),
        "error" => ("an error answer of the storage", "ответ хранилища об ошибке"),
        _ => {
            let root = super::super::quoted(root);
            return words::not_yml(
                line,
                &format!("XML with the root “{root}”"),
                &format!("XML с корнем «{root}»"),
            );
        }
    };
    words::not_yml(line, en, ru)
}

/// Puts what the XML reader says into words for people.
pub(super) fn refusal(line: u64, error: &Error) -> Refused {
    let bad = |en: &str, ru: &str| words::not_well_formed(line, en, ru);
    match error {
        Error::Io(error) => words::unreadable(line, error),
        Error::Syntax(SyntaxError::InvalidBangMarkup) => {
            bad("unknown markup after “<!”", "неизвестная разметка после «<!»")
        }
        Error::Syntax(SyntaxError::UnclosedCData) => words::truncated(line, "a CDATA", "CDATA"),
        Error::Syntax(SyntaxError::UnclosedComment) => words::truncated(line, "a comment", "примечание"),
        Error::Syntax(_) => words::truncated(line, "a tag", "описание тега"),
        Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
            let (expected, found) = (super::super::quoted(expected), super::super::quoted(found));
            bad(
                &format!("</{found}> where </{expected}> is due"),
                &format!("</{found}> там, где нужен </{expected}>"),
            )
        }
        Error::IllFormed(IllFormedError::UnmatchedEndTag(name)) => {
            let name = super::super::quoted(name);
            bad(&format!("</{name}> closes nothing"), &format!("</{name}> ничего не закрывает"))
        }
        Error::IllFormed(IllFormedError::UnclosedReference) => {
            bad("a bare “&” in a text", "голый «&» в тексте")
        }
        other => bad(&other.to_string(), "ошибка разметки"),
    }
}
