//! Where the large parts of a page stand, as a text file in the repository: a page that loses its style or
//! its frame is noticed, a sentence more is not.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// So many pixels may a part move before it counts.
const SHIFT_MAX: i64 = 32;

/// Left edges and widths of parts by page and width, e.g. `/customers 380`.
#[derive(Default)]
pub struct Boxes(BTreeMap<String, BTreeMap<String, [i64; 2]>>);

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/admin/boxes.txt")
}

impl Boxes {
    /// What is stored; empty when there is nothing yet.
    pub fn stored() -> Boxes {
        let mut boxes = Boxes::default();
        for line in std::fs::read_to_string(file()).unwrap_or_default().lines() {
            let Some((page, parts)) = line.split_once(": ") else { continue };
            let read = |part: &str| {
                let (name, numbers) = part.split_once('=')?;
                let (left, width) = numbers.split_once('+')?;
                Some((name.to_owned(), [left.parse().ok()?, width.parse().ok()?]))
            };
            boxes.0.insert(page.to_owned(), parts.split(' ').filter_map(read).collect());
        }
        boxes
    }

    /// Notes the parts of a page as the browser measured them: `{"main": [232, 1208], …}`.
    pub fn put(&mut self, page: &str, width: u32, measured: &serde_json::Value) {
        let number = |value: &serde_json::Value| value.as_f64().unwrap_or(0.0).round() as i64;
        let parts = measured.as_object().unwrap().iter();
        let parts = parts.map(|(name, at)| (name.clone(), [number(&at[0]), number(&at[1])])).collect();
        self.0.insert(format!("{page} {width}"), parts);
    }

    /// Takes what another has noted.
    pub fn extend(&mut self, other: Boxes) {
        self.0.extend(other.0);
    }

    /// Writes them for the next time.
    pub fn store(&self) {
        let line = |(page, parts): (&String, &BTreeMap<String, [i64; 2]>)| {
            let parts: Vec<String> =
                parts.iter().map(|(name, [left, width])| format!("{name}={left}+{width}")).collect();
            format!("{page}: {}\n", parts.join(" "))
        };
        let head = "# Left edge and width of the parts of each page at each width of the window, in pixels.\n\
                    # Written by BECKON_RENEW=1 cargo test -p beckon --test admin\n";
        let text: String = self.0.iter().map(line).collect();
        std::fs::write(file(), format!("{head}{text}")).unwrap();
    }

    /// What stands elsewhere than it was stored. Pages and parts that are new or gone say nothing.
    pub fn moved(&self, stored: &Boxes) -> Vec<String> {
        let mut moved = Vec::new();
        for (page, parts) in &self.0 {
            let Some(before) = stored.0.get(page) else { continue };
            for (name, now) in parts {
                let Some(then) = before.get(name) else { continue };
                if now.iter().zip(then).any(|(now, then)| (now - then).abs() > SHIFT_MAX) {
                    moved.push(format!("{page}: {name} is at {now:?}, was at {then:?}"));
                }
            }
        }
        moved
    }
}
