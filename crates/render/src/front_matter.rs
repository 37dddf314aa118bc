//! Reads a template file: a header between two `---` lines (subject, preheader), then MJML.

use crate::source::{FirstLines, Part, Problem, Source};

const HINT: &str = "begin the file with `---`, `subject: …`, `preheader: …`, `---`, then the MJML";

impl Source {
    /// Reads the file format of `templates/mail`:
    ///
    /// ```text
    /// ---
    /// subject: You left something behind
    /// preheader: Your cart is waiting
    /// ---
    /// <mjml>…</mjml>
    /// ```
    ///
    /// A value runs to the end of its line and may hold Jinja. Lines of later problems count from the top of
    /// the file.
    ///
    /// # Errors
    /// A missing or unclosed header, an unknown or repeated key, no subject, no body.
    pub fn parse(name: &str, locale: &str, file: &str) -> Result<Source, Problem> {
        let file = file.strip_prefix('\u{feff}').unwrap_or(file);
        let (mut subject, mut preheader) = (None, None);
        let mut offset = 0;
        for (index, raw) in file.split_inclusive('\n').enumerate() {
            offset += raw.len();
            let (line, text) = (index + 1, raw.trim());
            match (index, text) {
                (0, "---") => continue,
                (0, _) => return Err(problem(1, "the header is missing")),
                (_, "---") => {
                    let (subject, subject_line) =
                        subject.ok_or_else(|| problem(line, "the header has no `subject`"))?;
                    let (preheader, preheader_line) = preheader.unwrap_or((String::new(), 1));
                    let body = &file[offset..];
                    if body.trim().is_empty() {
                        return Err(problem(line, "nothing follows the header"));
                    }
                    return Ok(Source {
                        name: name.to_owned(),
                        locale: locale.to_owned(),
                        subject,
                        preheader,
                        mjml: body.to_owned(),
                        text: None,
                        first_lines: FirstLines {
                            subject: subject_line,
                            preheader: preheader_line,
                            mjml: line + 1,
                            text: 1,
                        },
                    });
                }
                (_, "") => {}
                (_, text) => {
                    let (key, value) =
                        text.split_once(':').ok_or_else(|| problem(line, "this is not `key: value`"))?;
                    let slot = match key.trim() {
                        "subject" => &mut subject,
                        "preheader" => &mut preheader,
                        other => return Err(problem(line, format!("`{other}` is not known here"))),
                    };
                    if slot.replace((value.trim().to_owned(), line)).is_some() {
                        return Err(problem(line, format!("`{}` stands here twice", key.trim())));
                    }
                }
            }
        }
        Err(problem(1, "the header is not closed with `---`"))
    }
}

fn problem(line: usize, what: impl Into<String>) -> Problem {
    Problem::new(Part::Header, line, what, HINT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_with_the_lines_of_its_parts() {
        let source =
            Source::parse("x", "en", "---\nsubject: A: {{ b }}\n\npreheader: P\n---\n<mjml>\n").unwrap();
        assert_eq!((source.subject.as_str(), source.preheader.as_str()), ("A: {{ b }}", "P"));
        assert_eq!(source.mjml, "<mjml>\n");
        assert_eq!(source.first_lines, FirstLines { subject: 2, preheader: 4, mjml: 6, text: 1 });
    }

    #[test]
    fn faults_name_their_line() {
        let line = |file: &str| Source::parse("x", "en", file).unwrap_err().line;
        assert_eq!(line(""), 1);
        assert_eq!(line("<mjml>"), 1);
        assert_eq!(line("---\nsubject: a\n"), 1);
        assert_eq!(line("---\nsubject: a\nfrom: b\n---\nx"), 3);
        assert_eq!(line("---\nsubject: a\nsubject: b\n---\nx"), 3);
        assert_eq!(line("---\npreheader: a\n---\nx"), 3);
        assert_eq!(line("---\nsubject: a\n---\n \n"), 3);
    }
}
