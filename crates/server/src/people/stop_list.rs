//! Lists of addresses as people have them: one per line, or a table (RFC 4180) that a relay or another shop exported.

use super::stop::{Stop, reason};
use crate::track::identity;
use beckon_core::address::Said;
use std::collections::BTreeSet;

/// Names of a column with addresses, in small letters.
const ADDRESS_COLUMNS: [&str; 8] =
    ["email", "e-mail", "mail", "email address", "address", "recipient", "почта", "адрес"];
/// Names of a column with reasons.
const REASON_COLUMNS: [&str; 4] = ["reason", "status", "причина", "статус"];

/// A line that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongLine {
    /// Its number, from 1, as an editor shows it.
    pub line: usize,
    /// What it says.
    pub text: String,
    /// What is wrong.
    pub why: Wrong,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There is no address in it.
    NoAddress,
    /// What stands there is no address.
    BadAddress,
    /// Its column of reasons has none of ours: somebody who is subscribed must not be stopped by an export of all.
    BadReason,
}

/// What a list says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StopList {
    /// The first line, when it names columns: lines that are put right and read again want it too.
    pub head: Option<String>,
    /// Addresses, each once, in their order.
    pub stops: Vec<Stop>,
    /// How many came again.
    pub repeated: usize,
    /// Lines that were not taken.
    pub wrong: Vec<WrongLine>,
}

/// Which columns a table has.
struct Columns {
    address: usize,
    reason: Option<usize>,
}

/// Reads a list. A table with a first line of names has a column of addresses, and may have one of reasons
/// (`unsubscribed`, `complained`, `bounced`); without such a line every field with an `@` is an address, and `usual`
/// is the reason.
#[must_use]
pub fn read(bytes: &[u8], usual: Said) -> StopList {
    let text = decoded(bytes);
    let lines = text.split('\n').flat_map(|line| line.trim_end_matches('\r').split('\r'));
    let mut lines = lines.enumerate().filter(|(_, line)| !line.trim().is_empty()).peekable();
    let (mut list, mut seen) = (StopList::default(), BTreeSet::new());
    let columns = lines.peek().and_then(|(_, line)| columns(&fields(line)));
    if columns.is_some() {
        list.head = lines.next().map(|(_, line)| line.to_owned());
    }
    for (at, line) in lines {
        match stops(&fields(line), columns.as_ref(), usual) {
            Ok(stops) => {
                for stop in stops {
                    if seen.insert(stop.email.clone()) {
                        list.stops.push(stop);
                    } else {
                        list.repeated += 1;
                    }
                }
            }
            Err(why) => {
                list.wrong.push(WrongLine { line: at + 1, text: line.trim().to_owned(), why });
            }
        }
    }
    list
}

/// Spreadsheets write UTF-8 with a mark in front, or UTF-16.
fn decoded(bytes: &[u8]) -> String {
    let encoding = encoding_rs::Encoding::for_bom(bytes).map_or(encoding_rs::UTF_8, |(encoding, _)| encoding);
    encoding.decode(bytes).0.into_owned()
}

/// The fields of a line, between commas, semicolons or tabs that stand outside quotes.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' | ';' | '\t' if !quoted => fields.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    fields.push(field);
    fields.iter().map(|field| field.trim().to_owned()).collect()
}

/// The columns that a first line names; `None` when it names no column of addresses.
fn columns(first: &[String]) -> Option<Columns> {
    let place = |names: &[&str]| first.iter().position(|f| names.contains(&f.to_lowercase().as_str()));
    Some(Columns { address: place(&ADDRESS_COLUMNS)?, reason: place(&REASON_COLUMNS) })
}

/// The addresses of a line: all of them are good, or the line is not taken.
fn stops(fields: &[String], columns: Option<&Columns>, usual: Said) -> Result<Vec<Stop>, Wrong> {
    let (mut found, mut what) = (Vec::new(), usual);
    match columns {
        None => found.extend(fields.iter().filter(|field| field.contains('@'))),
        Some(columns) => {
            found.extend(fields.get(columns.address).filter(|field| !field.is_empty()));
            let said = columns.reason.and_then(|at| fields.get(at)).filter(|said| !said.is_empty());
            if let Some(said) = said {
                what = reason(&said.to_lowercase()).ok_or(Wrong::BadReason)?;
            }
        }
    }
    if found.is_empty() {
        return Err(Wrong::NoAddress);
    }
    let stop = |field: &String| Some(Stop { email: identity::email(bare(field))?, what });
    found.into_iter().map(stop).collect::<Option<_>>().ok_or(Wrong::BadAddress)
}

/// The address of `Anna <anna@shop.example>` (RFC 5322 §3.4).
fn bare(field: &str) -> &str {
    let inner = field.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    inner.unwrap_or(field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn emails(list: &StopList) -> Vec<&str> {
        list.stops.iter().map(|stop| stop.email.as_str()).collect()
    }

    fn wrong(list: &StopList) -> Vec<(usize, Wrong)> {
        list.wrong.iter().map(|line| (line.line, line.why)).collect()
    }

    #[test]
    fn lines_are_read_and_wrong_ones_are_named() {
        let text = "\u{feff}Ann@Shop.example\r\n\r\nnobody\nBea <bea@shop.example>; c@shop.example\nd@shop\n\
                    ann@shop.example";
        let list = read(text.as_bytes(), Said::Unsubscribed);
        assert_eq!(emails(&list), ["ann@shop.example", "bea@shop.example", "c@shop.example"]);
        assert_eq!(wrong(&list), [(3, Wrong::NoAddress), (5, Wrong::BadAddress)]);
        assert_eq!((list.repeated, list.wrong[0].text.as_str()), (1, "nobody"));
        assert!(list.stops.iter().all(|stop| stop.what == Said::Unsubscribed));
    }

    #[test]
    fn a_table_is_read_by_the_names_of_its_columns() {
        let text = "Name;E-mail;Status\n\"Tea, Ltd; x@y.example\";a@shop.example;bounced\n\
                    B;b@shop.example;Complained\nC;c@shop.example;\nD;d@shop.example;subscribed\nE;;bounced\n";
        let list = read(text.as_bytes(), Said::Unsubscribed);
        assert_eq!(list.head.as_deref(), Some("Name;E-mail;Status"));
        let said: Vec<_> = list.stops.iter().map(|stop| (stop.email.as_str(), stop.what)).collect();
        let expected = [
            ("a@shop.example", Said::Bounced),
            ("b@shop.example", Said::Complained),
            ("c@shop.example", Said::Unsubscribed),
        ];
        assert_eq!(said, expected);
        assert_eq!(wrong(&list), [(5, Wrong::BadReason), (6, Wrong::NoAddress)]);
    }

    #[test]
    fn a_file_of_a_spreadsheet_in_utf_16_is_read() {
        let text: Vec<u8> = "\u{feff}почта\tпричина\r\na@shop.example\tbounced"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let list = read(&text, Said::Unsubscribed);
        assert_eq!((emails(&list), list.stops[0].what), (vec!["a@shop.example"], Said::Bounced));
        assert_eq!(list.wrong, []);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            drop(read(&bytes, Said::Bounced));
        }

        #[test]
        fn every_line_is_taken_or_named(lines in proptest::collection::vec("[a-c@.,;\" ]{1,12}", 0..20)) {
            let list = read(lines.join("\n").as_bytes(), Said::Bounced);
            let full = lines.iter().filter(|line| !line.trim().is_empty()).count();
            prop_assert!(list.stops.len() + list.repeated + list.wrong.len() >= full);
        }
    }
}
