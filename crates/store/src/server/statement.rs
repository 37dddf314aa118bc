//! Statements that are written once and come in several lengths: inserts of one row or of many.

use super::connection::{Request, Value};
use std::sync::OnceLock;

/// How many rows an insert may have. A list is cut into these, so that a few texts are prepared and not one
/// for each length.
const SIZES: [usize; 4] = [512, 64, 8, 1];

/// An insert with `{rows}` where its rows stand.
pub struct Insert {
    text: &'static str,
    texts: [OnceLock<String>; 4],
}

impl Insert {
    /// From its text, which names all columns in parentheses first.
    pub const fn new(text: &'static str) -> Insert {
        Insert { text, texts: [const { OnceLock::new() }; 4] }
    }

    /// How many values a row has.
    fn columns(&self) -> usize {
        let list = self.text.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
        list.map_or(0, |(columns, _)| columns.split(',').count())
    }

    fn sized(&'static self, size: usize) -> &'static str {
        self.texts[size].get_or_init(|| {
            let columns = self.columns();
            let row = |n: usize| {
                let values: Vec<String> =
                    (1..=columns).map(|column| format!("${}", n * columns + column)).collect();
                format!("({})", values.join(", "))
            };
            let rows: Vec<String> = (0..SIZES[size]).map(row).collect();
            self.text.replace("{rows}", &rows.join(", "))
        })
    }

    /// Requests for all items, each with those of them that it writes, in order.
    pub fn requests<'a, T: Copy>(
        &'static self,
        items: &[T],
        row: impl Fn(T, &mut Vec<Value<'a>>),
    ) -> Vec<(Request<'a>, Vec<T>)> {
        let (mut rest, mut requests) = (items, Vec::new());
        for (n, size) in SIZES.into_iter().enumerate() {
            while rest.len() >= size {
                let (now, later) = rest.split_at(size);
                let mut values = Vec::with_capacity(size * self.columns());
                now.iter().for_each(|item| row(*item, &mut values));
                requests.push((Request::new(self.sized(n), values), now.to_vec()));
                rest = later;
            }
        }
        requests
    }
}

/// A statement with `{message}` where the columns of a message stand, in the order in which they are read.
/// They are named, since a column that a later version adds must not change what a prepared statement of this
/// one gives.
pub struct OfMessage {
    text: &'static str,
    whole: OnceLock<String>,
}

/// See [`super::message::from_row`].
pub const MESSAGE: &str = "shop, id, profile, address, journey, step, template, channel, lane, state, due, \
    not_before, deadline, created_at, approved_at, handed_at, ended_at, opened_at, machine_opened_at, clicked_at, \
    machine_clicked_at, ended_badly_at, reason, tries, why, notes, body";

impl OfMessage {
    /// From its text.
    pub const fn new(text: &'static str) -> OfMessage {
        OfMessage { text, whole: OnceLock::new() }
    }

    /// The text with the columns.
    pub fn text(&'static self) -> &'static str {
        self.whole.get_or_init(|| self.text.replace("{message}", MESSAGE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_cut_into_few_lengths_and_keeps_its_order() {
        static INSERT: Insert = Insert::new("INSERT INTO t (a, b) VALUES {rows} ON CONFLICT (a) DO NOTHING");
        let items: Vec<usize> = (0..600).collect();
        let requests =
            INSERT.requests(&items, |n, values| values.extend([Value::Long(n as i64), Value::Bool(true)]));
        let lengths: Vec<usize> = requests.iter().map(|(_, items)| items.len()).collect();
        assert_eq!(lengths, [512, 64, 8, 8, 8]);
        assert_eq!(requests.iter().flat_map(|(_, items)| items.clone()).collect::<Vec<_>>(), items);
        assert!(requests.iter().all(|(request, items)| request.values.len() == items.len() * 2));
        let one = INSERT.requests(&[1], |_, values| values.extend([Value::Long(1), Value::Bool(true)]));
        assert_eq!(one[0].0.sql, "INSERT INTO t (a, b) VALUES ($1, $2) ON CONFLICT (a) DO NOTHING");
    }
}
