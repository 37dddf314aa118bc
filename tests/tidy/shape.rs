//! The shape of the source: how long files, functions and lines are, how things are called, what a file opens with.

use crate::source::{Source, files, root};
use std::collections::BTreeMap;

/// Lines of a file that is read in one sitting.
const FILE_LINES: usize = 400;
/// Lines of a function that fits a screen.
const FUNCTION_LINES: usize = 70;
/// Characters of a line.
const WIDTH: usize = 120;
/// Where present exceptions are listed. The list only ever becomes shorter.
const LIST: &str = "tests/tidy/exceptions.txt";

/// What is larger than it should be: `what where` and how large.
fn measured(sources: &[Source]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for source in sources {
        let lines = source.text.lines().count();
        if lines > FILE_LINES {
            found.insert(format!("file {}", source.path), lines);
        }
        let wide = source.text.lines().filter(|line| line.chars().count() > WIDTH).count();
        if wide > 0 {
            found.insert(format!("wide {}", source.path), wide);
        }
        for (name, lines) in functions(&source.code) {
            if lines > FUNCTION_LINES {
                found.insert(format!("function {} {name}", source.path), lines);
            }
        }
    }
    found
}

/// Functions with a body, and how many lines each has.
fn functions(code: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let starts_word = !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let name: String = code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if !starts_word || name.is_empty() {
            continue;
        }
        let (mut braces, mut others) = (0i32, 0i32);
        for (length, c) in code[at..].char_indices() {
            match c {
                '(' | '[' => others += 1,
                ')' | ']' => others -= 1,
                ';' if braces == 0 && others == 0 => break,
                '{' => braces += 1,
                '}' => {
                    braces -= 1;
                    if braces == 0 {
                        found.push((name, code[at..=at + length].lines().count()));
                        break;
                    }
                }
                _ => {}
            }
        }
    }
    found
}

/// Exceptions that are new, have grown, or are needed no more.
pub fn sizes(sources: &[Source]) -> Vec<String> {
    let list = std::fs::read_to_string(root().join(LIST)).unwrap();
    let listed: BTreeMap<String, usize> = list
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| {
            let (what, size) = line.rsplit_once(' ').expect("`what where size`");
            (what.to_owned(), size.parse().expect("a size"))
        })
        .collect();
    let measured = measured(sources);
    let mut wrong = Vec::new();
    for (what, size) in &measured {
        match listed.get(what) {
            None => wrong.push(format!("{what} {size} is too long; the limits stand in tests/tidy/shape.rs")),
            Some(before) if size > before => {
                wrong.push(format!("{what}: {size}, and was an exception with {before}"));
            }
            Some(_) => {}
        }
    }
    for what in listed.keys().filter(|what| !measured.contains_key(*what)) {
        wrong.push(format!("{what}: no exception any more, take it out of {LIST}"));
    }
    wrong
}

/// Files that do not say what they are for.
pub fn openings(sources: &[Source]) -> Vec<String> {
    let silent = sources.iter().filter(|s| !s.text.starts_with("//! ") && !s.text.trim().is_empty());
    silent.map(|source| format!("{}: opens without saying what it is for (`//!`)", source.path)).collect()
}

/// Names that say nothing.
pub fn names(sources: &[Source]) -> Vec<String> {
    let empty = |name: &str| {
        let lower = name.to_ascii_lowercase();
        ["utils", "util", "common", "helpers", "helper"].contains(&lower.as_str())
            || name.ends_with("Manager")
    };
    let mut wrong = Vec::new();
    for source in sources {
        for part in source.path.split(['/', '.']).filter(|part| empty(part)) {
            wrong.push(format!("{}: `{part}` says nothing", source.path));
        }
        let words: Vec<&str> = source
            .code
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .filter(|w| !w.is_empty())
            .collect();
        for pair in words.windows(2) {
            if ["mod", "struct", "enum", "trait", "type"].contains(&pair[0]) && empty(pair[1]) {
                wrong.push(format!("{}: `{} {}` says nothing", source.path, pair[0], pair[1]));
            }
        }
    }
    wrong
}

/// Words of the place where this was written, which mean nothing where it is read.
pub fn foreign_words() -> Vec<String> {
    let words = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
    let mut wrong = Vec::new();
    let endings = [
        ".rs", ".md", ".toml", ".yaml", ".yml", ".sql", ".js", ".css", ".html", ".mjml", ".sh", "run", ".txt",
    ];
    for path in files(&endings) {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else { continue };
        for (number, line) in text.lines().enumerate() {
            let lower = line.to_lowercase();
            if let Some(word) = words.iter().find(|word| lower.contains(**word)) {
                wrong.push(format!("{path}:{}: `{word}` means nothing to a reader", number + 1));
            }
        }
    }
    wrong
}

/// The measures measure.
pub fn proves_itself() {
    let text = "fn a() {\n let x = '{'; // }\n}\nimpl T { fn b(f: fn(u8)) -> [u8; 2] {\n\n\n} }\ntrait C { fn d(); }\n";
    let source = Source::read("x.rs".to_owned(), text.to_owned());
    assert_eq!(functions(&source.code), [("a".to_owned(), 3), ("b".to_owned(), 4)]);
    let text = "let a = r#\"x\"y\"#; let b = \"\\\"q\\\"\"; let c = '\"'; let d: &'static str = b\"z\";";
    let source = Source::read("x.rs".to_owned(), text.to_owned());
    let found: Vec<&str> = source.literals.iter().map(|literal| literal.text.as_str()).collect();
    assert_eq!(found, ["x\"y", "\"q\"", "z"]);
}
