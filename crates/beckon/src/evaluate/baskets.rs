//! `beckon evaluate baskets`: what else belongs in each basket, and what comes next.

use crate::Done;
use crate::evaluate::{read, table};
use beckon_recommend::OrderLine;
use beckon_recommend::evaluate::{BasketTask, baskets};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Orders to learn from and baskets to complete.
#[derive(clap::Args)]
pub struct Args {
    /// Order lines with the columns order_id, customer_id, item_id and ts, separated by tabs, named in the
    /// first line; further columns are not read.
    #[arg(long, value_name = "FILE")]
    train: PathBuf,
    /// A line of JSON for each task: id, customer, ts and context, the items in the basket; an empty context
    /// asks for the customer's next order.
    #[arg(long, value_name = "FILE")]
    tasks: PathBuf,
    /// Where predictions go: a line of JSON for each task, with its id and 20 items.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Writes the predictions; the score is another program's business.
pub fn run(args: &Args) -> Done {
    let (train_text, tasks_text) = (read(&args.train)?, read(&args.tasks)?);
    let rows = table::rows(&train_text);
    let lines = order_lines(&rows, &args.train)?;
    let tasks = tasks(&tasks_text, &args.tasks)?;
    let failed = |why: std::io::Error| format!("{}: {why}", args.out.display());
    let mut file = BufWriter::new(std::fs::File::create(&args.out).map_err(failed)?);
    for one in baskets(&lines, &tasks) {
        writeln!(file, "{}", json!({ "id": one.id, "items": one.items })).map_err(failed)?;
    }
    file.flush().map_err(failed)?;
    Ok(ExitCode::SUCCESS)
}

/// What is wrong with some lines of a file; the others are used.
struct Troubles<'a> {
    path: &'a Path,
    first: Option<String>,
    count: usize,
}

impl<'a> Troubles<'a> {
    fn new(path: &'a Path) -> Self {
        Self { path, first: None, count: 0 }
    }

    fn note(&mut self, line: usize, what: &str) {
        self.count += 1;
        self.first.get_or_insert_with(|| format!("{}, line {line}: {what}", self.path.display()));
    }

    /// Tells of them; an error when nothing is left.
    fn tell(self, good: usize) -> Result<(), String> {
        match self.first {
            Some(first) if good == 0 => Err(first),
            Some(first) => {
                eprintln!("{first}; left out with {} other lines", self.count - 1);
                Ok(())
            }
            None => Ok(()),
        }
    }
}

/// Lines of known orders. Customer 0, or none, is unknown.
fn order_lines<'a>(rows: &'a [(usize, Vec<Cow<str>>)], path: &Path) -> Result<Vec<OrderLine<'a>>, String> {
    let Some(((_, header), rows)) = rows.split_first() else {
        return Err(format!("{}: empty; order_id, customer_id, item_id and ts are wanted", path.display()));
    };
    let place = |name: &str| {
        let found = header.iter().position(|column| column == name);
        found.ok_or_else(|| format!("{}, line 1: no column {name}, separated by tabs", path.display()))
    };
    let places = [place("order_id")?, place("customer_id")?, place("item_id")?, place("ts")?];
    let mut troubles = Troubles::new(path);
    let mut lines = Vec::with_capacity(rows.len());
    for (number, row) in rows {
        let [Some(order), Some(customer), Some(item), Some(ts)] = places.map(|place| row.get(place)) else {
            troubles.note(*number, "too few columns");
            continue;
        };
        match seconds(ts) {
            Some(at_secs) => lines.push(OrderLine { order, customer: known(customer), item, at_secs }),
            None => troubles.note(*number, "ts is no time like 2026-03-02 09:30:00"),
        }
    }
    troubles.tell(lines.len())?;
    Ok(lines)
}

fn known(customer: &str) -> &str {
    if customer == "0" { "" } else { customer }
}

/// A date with or without time and zone (UTC without), or seconds since 1970.
fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(secs) = text.parse::<i64>() {
        return Some(secs);
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(at.as_second());
    }
    let at = text.parse::<jiff::civil::DateTime>().ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

fn tasks(text: &str, path: &Path) -> Result<Vec<BasketTask>, String> {
    let mut troubles = Troubles::new(path);
    let mut tasks = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str::<Value>(line).ok().as_ref().and_then(task) {
            Some(task) => tasks.push(task),
            None => troubles.note(number + 1, "a JSON object with id, customer, ts and context is wanted"),
        }
    }
    troubles.tell(tasks.len())?;
    Ok(tasks)
}

fn task(value: &Value) -> Option<BasketTask> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    Some(BasketTask {
        id: text(&value["id"])?,
        customer: known(&text(&value["customer"]).unwrap_or_default()).to_owned(),
        at_secs: seconds(&text(&value["ts"])?)?,
        basket: value["context"].as_array()?.iter().filter_map(text).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_tasks_are_read_and_wrong_ones_left_out() {
        let text = "ts\titem_id\torder_id\tcustomer_id\tprice\n\
                    2011-10-09 08:30:00\tA\t1\t0\t2\nsoon\tB\t1\t7\t2\nx\n\
                    5\t\"B \"\"b\"\"\"\t2\t7\t1\n";
        let rows = table::rows(text);
        let lines = order_lines(&rows, Path::new("f")).unwrap();
        assert_eq!(lines[0], OrderLine { order: "1", customer: "", item: "A", at_secs: 1_318_149_000 });
        assert_eq!(lines[1], OrderLine { order: "2", customer: "7", item: "B \"b\"", at_secs: 5 });
        assert!(order_lines(&table::rows("a\tb\n"), Path::new("f")).unwrap_err().contains("order_id"));
        let text = "{\"id\": 5, \"customer\": \"0\", \"ts\": \"2011-10-09\", \"context\": [\"A\", 7]}\nno\n";
        let tasks = tasks(text, Path::new("t")).unwrap();
        assert_eq!(tasks.len(), 1);
        assert_eq!((tasks[0].id.as_str(), tasks[0].customer.as_str()), ("5", ""));
        assert_eq!(tasks[0].basket, ["A", "7"]);
    }
}
