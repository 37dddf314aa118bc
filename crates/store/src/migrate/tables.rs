//! What is carried: every table that holds something of the shop, with the columns of its key first.
//!
//! A table that is appended to is carried along `seq`, which keeps the order in which its rows came. Gathered
//! offers of an import that was under way are left: the next import begins anew.

use super::cell::Kind;
use super::cell::Kind::{Bool, Bytes, Int, Long, Short, Text};

/// A table of both engines.
pub struct Table {
    /// `customers` or `shop`: the file of the embedded engine.
    pub plane: &'static str,
    /// Its name.
    pub name: &'static str,
    /// How many of the columns are the key.
    pub key: usize,
    /// Names and kinds.
    pub columns: &'static [(&'static str, Kind)],
}

impl Table {
    /// The name of a column in the embedded engine. Its messages are in the order of their rows.
    pub fn embedded(&self, column: &'static str) -> &'static str {
        if self.name == "message" && column == "seq" { "rowid" } else { column }
    }
}

const fn customers(name: &'static str, key: usize, columns: &'static [(&'static str, Kind)]) -> Table {
    Table { plane: "customers", name, key, columns }
}

const fn shop(name: &'static str, key: usize, columns: &'static [(&'static str, Kind)]) -> Table {
    Table { plane: "shop", name, key, columns }
}

const BUCKET: (&str, Kind) = ("bucket", Short);
const SHOP: (&str, Kind) = ("shop", Int);
const SHOP_LONG: (&str, Kind) = ("shop", Long);
const SEQ: (&str, Kind) = ("seq", Long);
const AT: (&str, Kind) = ("at", Long);
const DOOR: (&str, Kind) = ("door", Long);
const PROFILE: (&str, Kind) = ("profile", Long);
const NUMBER: (&str, Kind) = ("number", Long);
const VERSION: (&str, Kind) = ("version", Long);
const BODY: (&str, Kind) = ("body", Bytes);
const STORY: [(&str, Kind); 3] = [("journey", Text), ("step", Text), ("metric", Text)];

/// All of them, in the order in which they are carried.
pub static TABLES: &[Table] = &[
    shop(
        "document",
        3,
        &[
            SHOP_LONG,
            ("kind", Text),
            ("name", Text),
            VERSION,
            ("body", Text),
            CHANGED_AT,
            CHANGED_BY,
            ("plane_version", Long),
        ],
    ),
    shop(
        "document_past",
        4,
        &[SHOP_LONG, ("kind", Text), ("name", Text), VERSION, ("body", Text), CHANGED_AT, CHANGED_BY],
    ),
    shop("key_use", 2, &[SHOP_LONG, ("name", Text), AT]),
    shop("template_text", 2, &[SHOP_LONG, ("digest", Long), ("body", Text)]),
    shop(
        "audit",
        1,
        &[
            SEQ,
            SHOP_LONG,
            AT,
            ("actor_kind", Text),
            ("actor", Text),
            ("ip", Text),
            ("route", Text),
            ("action", Text),
            ("object", Text),
            ("changes", Text),
        ],
    ),
    shop("catalogue", 1, &[SHOP_LONG, VERSION, AT]),
    shop("category", 2, &[SHOP_LONG, ("id", Text), ("parent", Text), ("name", Text)]),
    shop(
        "offer",
        2,
        &[
            SHOP_LONG,
            NUMBER,
            ("id", Text),
            ("product", Long),
            ("category", Text),
            ("minor", Long),
            ("currency", Text),
            ("available", Bool),
            ("stock", Long),
            ("search", Text),
            ("digest", Long),
            ("added_at", Long),
        ],
    ),
    shop("offer_text", 2, &[SHOP_LONG, NUMBER, ("body", Text)]),
    shop("price_change", 3, &[SHOP_LONG, NUMBER, AT, ("old", Long), ("new", Long), ("currency", Text)]),
    shop("import", 1, &[SHOP_LONG, ("token", Long), ("begun_at", Long)]),
    shop(
        "import_report",
        1,
        &[
            SEQ,
            SHOP_LONG,
            AT,
            ("outcome", Text),
            ("imported", Long),
            ("changed", Long),
            ("removed", Long),
            ("broken", Long),
            ("examples", Text),
        ],
    ),
    customers("profile", 3, &[BUCKET, SHOP, ("id", Long), VERSION, ("hot", Bytes)]),
    customers("warm", 3, &[BUCKET, SHOP, ("id", Long), BODY]),
    customers("due", 3, &[BUCKET, SHOP, PROFILE, AT]),
    customers(
        "identity",
        3,
        &[
            BUCKET,
            SHOP,
            DOOR,
            ("kind", Short),
            ("value", Text),
            PROFILE,
            ("strength", Short),
            ("since", Long),
            ("moves", Short),
            ("moves_day", Int),
        ],
    ),
    customers("word", 4, &[BUCKET, SHOP, PROFILE, ("word", Text)]),
    customers("event", 1, &[SEQ, BUCKET, SHOP, PROFILE, NUMBER, AT, BODY]),
    customers("seen", 3, &[BUCKET, SHOP, NUMBER, AT]),
    customers(
        "message",
        1,
        &[
            SEQ,
            BUCKET,
            SHOP,
            ("id", Long),
            PROFILE,
            ("address", Long),
            STORY[0],
            STORY[1],
            ("template", Text),
            ("channel", Text),
            ("lane", Short),
            ("state", Short),
            ("due", Long),
            ("not_before", Long),
            ("deadline", Long),
            ("created_at", Long),
            ("approved_at", Long),
            ("handed_at", Long),
            ("ended_at", Long),
            ("opened_at", Long),
            ("machine_opened_at", Long),
            ("clicked_at", Long),
            ("machine_clicked_at", Long),
            ("ended_badly_at", Long),
            ("reason", Text),
            ("tries", Int),
            ("why", Text),
            ("notes", Text),
            BODY,
        ],
    ),
    customers("journal", 1, &[SEQ, BUCKET, SHOP, PROFILE, AT, BODY]),
    customers("order", 3, &[BUCKET, SHOP, DOOR, VERSION, BODY]),
    customers(
        "credit",
        3,
        &[BUCKET, SHOP, DOOR, STORY[0], STORY[1], ("message", Long), AT, ("minor", Long), ("currency", Text)],
    ),
    customers(
        "block_credit",
        6,
        &[
            BUCKET,
            SHOP,
            DOOR,
            ("block", Text),
            ("arm", Text),
            ("currency", Text),
            AT,
            ("units", Long),
            ("minor", Long),
        ],
    ),
    customers("placed", 3, &[BUCKET, SHOP, DOOR, PROFILE, AT]),
    customers("address", 3, &[BUCKET, SHOP, DOOR, VERSION, BODY]),
    customers("letter", 1, &[SEQ, BUCKET, SHOP, NUMBER, AT, BODY]),
    customers("inbox", 1, &[SEQ, BUCKET, SHOP, NUMBER, AT, BODY]),
    customers("parked", 3, &[BUCKET, SHOP, NUMBER, AT, ("reason", Text), BODY]),
    customers("count", 5, &[SHOP, ("hour", Int), STORY[0], STORY[1], STORY[2], ("n", Long)]),
    customers("count_day", 5, &[SHOP, ("day", Int), STORY[0], STORY[1], STORY[2], ("n", Long)]),
];

const CHANGED_AT: (&str, Kind) = ("changed_at", Long);
const CHANGED_BY: (&str, Kind) = ("changed_by", Text);

/// Tables that are not carried, and why: what a database knows of itself is taken over at the end or belongs
/// to the place, sessions are for another server, and an import that was under way begins anew.
#[cfg(test)]
const NOT_CARRIED: [&str; 6] = ["head", "meta", "plane", "session", "offer_next", "category_next"];

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    /// Every table and column of the embedded engine is carried or is known not to be.
    #[test]
    fn nothing_is_forgotten() {
        for (plane, steps) in
            [("customers", crate::embedded::CUSTOMERS), ("shop", crate::embedded::shop::SHOP)]
        {
            let conn = Connection::open_in_memory().unwrap();
            steps.iter().for_each(|step| conn.execute_batch(step).unwrap());
            let names = |sql: &str| -> Vec<String> {
                let mut select = conn.prepare(sql).unwrap();
                select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
            };
            let found =
                names("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
            for name in found.iter().filter(|name| !NOT_CARRIED.contains(&name.as_str())) {
                let table = TABLES.iter().find(|table| table.plane == plane && table.name == name);
                let table = table.unwrap_or_else(|| panic!("{name} of {plane} is not carried"));
                let mut columns = names(&format!("SELECT name FROM pragma_table_info('{name}')"));
                let mut ours: Vec<&str> = table.columns.iter().map(|(column, _)| *column).collect();
                if name == "message" {
                    columns.push("seq".to_owned());
                }
                if name == "parked" {
                    columns.retain(|column| column != "seq");
                }
                columns.sort();
                ours.sort_unstable();
                assert_eq!(columns, ours, "{name}");
            }
        }
    }
}
