//! The files of the project, and Rust source taken apart just far enough: literals, and code without them.

use std::path::{Path, PathBuf};

/// A string literal, unescaped as far as SQL needs it.
pub struct Literal {
    /// The line it begins on, from 1.
    pub line: usize,
    /// What it says.
    pub text: String,
}

/// A file of Rust.
pub struct Source {
    /// From the root of the project.
    pub path: String,
    /// As it is.
    pub text: String,
    /// The same with comments and the insides of literals blanked; lines stay where they are.
    pub code: String,
    /// Its string literals.
    pub literals: Vec<Literal>,
}

/// The root of the project.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every file below the root whose name ends so, by path from the root, in order. What is built or kept by others is
/// not ours to check.
pub fn files(endings: &[&str]) -> Vec<String> {
    let (root, mut found) = (root(), Vec::new());
    let mut open = vec![root.clone()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                let foreign = ["target", "node_modules", "data", "demo-data"].contains(&name.as_str());
                if !foreign && (!name.starts_with('.') || name == ".ci") {
                    open.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path.strip_prefix(&root).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

/// Every file of Rust.
pub fn sources() -> Vec<Source> {
    let read = |path: String| {
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        Source::read(path, text)
    };
    files(&[".rs"]).into_iter().map(read).collect()
}

impl Source {
    /// Takes a text apart.
    pub fn read(path: String, text: String) -> Source {
        let mut reader =
            Reader { bytes: text.as_bytes(), at: 0, code: text.as_bytes().to_vec(), literals: Vec::new() };
        reader.run();
        let code = String::from_utf8_lossy(&reader.code).into_owned();
        let literals = reader.literals;
        Source { path, text, code, literals }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    code: Vec<u8>,
    literals: Vec<Literal>,
}

impl Reader<'_> {
    fn run(&mut self) {
        while self.at < self.bytes.len() {
            let rest = &self.bytes[self.at..];
            match rest[0] {
                b'/' if rest.starts_with(b"//") => {
                    let end = rest.iter().position(|c| *c == b'\n').unwrap_or(rest.len());
                    self.blank(end);
                }
                b'/' if rest.starts_with(b"/*") => self.comment(),
                b'"' => self.string(),
                b'r' if self.is_raw() => self.raw_string(),
                b'\'' => self.quote(),
                _ => self.at += 1,
            }
        }
    }

    fn blank(&mut self, count: usize) {
        let end = (self.at + count).min(self.bytes.len());
        for byte in &mut self.code[self.at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        self.at = end;
    }

    /// Comments of this kind nest.
    fn comment(&mut self) {
        let (mut depth, mut end) = (0, self.at);
        while end < self.bytes.len() {
            match &self.bytes[end..] {
                [b'/', b'*', ..] => (depth, end) = (depth + 1, end + 2),
                [b'*', b'/', ..] => (depth, end) = (depth - 1, end + 2),
                _ => end += 1,
            }
            if depth == 0 {
                break;
            }
        }
        self.blank(end - self.at);
    }

    fn string(&mut self) {
        let mut end = self.at + 1;
        while end < self.bytes.len() && self.bytes[end] != b'"' {
            end += if self.bytes[end] == b'\\' { 2 } else { 1 };
        }
        self.literal(self.at + 1, end, true);
        self.blank(end + 1 - self.at);
    }

    /// `r"`, `r#"`, and not the end of a name as in `for"`.
    fn is_raw(&self) -> bool {
        let name = self.at > 0
            && (self.bytes[self.at - 1].is_ascii_alphanumeric() || self.bytes[self.at - 1] == b'_');
        let byte_string = self.at > 0 && self.bytes[self.at - 1] == b'b';
        let rest = &self.bytes[self.at + 1..];
        let hashes = rest.iter().take_while(|c| **c == b'#').count();
        (!name || byte_string) && rest.get(hashes) == Some(&b'"')
    }

    fn raw_string(&mut self) {
        let hashes = self.bytes[self.at + 1..].iter().take_while(|c| **c == b'#').count();
        let from = self.at + hashes + 2;
        let close = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
        let length = self.bytes[from..].windows(close.len()).position(|part| part == close);
        let end = length.map_or(self.bytes.len(), |length| from + length);
        self.literal(from, end, false);
        self.blank(end + close.len() - self.at);
    }

    fn literal(&mut self, from: usize, end: usize, escaped: bool) {
        let end = end.min(self.bytes.len());
        let mut text = String::from_utf8_lossy(&self.bytes[from..end]).into_owned();
        if escaped {
            text = text.replace("\\\"", "\"").replace("\\\n", "\n").replace("\\n", "\n");
        }
        let line = self.bytes[..from].iter().filter(|c| **c == b'\n').count() + 1;
        self.literals.push(Literal { line, text });
    }

    /// A character, or the name of a lifetime.
    fn quote(&mut self) {
        let rest = &self.bytes[self.at + 1..];
        let close = if rest.first() == Some(&b'\\') {
            rest.iter().skip(2).position(|c| *c == b'\'').map(|at| at + 2)
        } else {
            // One character is at most four bytes.
            let text = String::from_utf8_lossy(&rest[..rest.len().min(4)]).into_owned();
            let first = text.chars().next().map_or(1, char::len_utf8);
            (rest.get(first) == Some(&b'\'')).then_some(first)
        };
        match close {
            Some(close) => self.blank(close + 2),
            None => self.at += 1,
        }
    }
}
