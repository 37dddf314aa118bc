//! What keeps the customers' tables distributable by bucket, read from the SQL of both engines by parsing it:
//! bucket and shop stand in every key, join and predicate as a value or an array (or as "all that this
//! program owns"), no key is unique without them, rows are never locked across buckets nor skipped over.
// Only tests are in here; clippy sees that of functions marked as such alone.
#![allow(clippy::unwrap_used)]

#[path = "lint/engine.rs"]
mod engine;
#[path = "lint/plans.rs"]
mod plans;
#[path = "lint/rules.rs"]
mod rules;
#[path = "lint/schema.rs"]
mod schema;
#[allow(dead_code)]
#[path = "../../../tests/tidy/source.rs"]
mod source;

use engine::Engine;

#[test]
fn every_statement_on_customers_stays_within_its_buckets() {
    for engine in Engine::both() {
        let (mut wrong, mut statements) = (Vec::new(), engine.statements());
        statements.retain(|statement| engine.touches(&statement.sql));
        for statement in &statements {
            let found = engine.parse(&statement.sql).and_then(|parsed| rules::check(&parsed, &engine));
            wrong.extend(found.err().map(|why| format!("{}: {why}: {}", statement.place, statement.sql)));
        }
        assert!(statements.len() > 60, "only {} statements of {} were found", statements.len(), engine.name);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn no_key_of_customers_is_unique_without_bucket_and_shop() {
    for engine in Engine::both() {
        let wrong = schema::wrong(&engine);
        assert!(wrong.is_empty(), "{}: {}", engine.name, wrong.join("\n"));
    }
}

#[test]
fn both_engines_have_the_same_tables_of_customers() {
    let [one, other] = Engine::both();
    assert_eq!(one.bucketed, other.bucketed);
    assert!(one.bucketed.len() > 12, "{:?}", one.bucketed);
}

/// Whoever distributes the tables by that page leaves none out, and keeps those of one bucket together.
#[test]
fn the_page_on_citus_distributes_every_table_of_customers() {
    let page = std::fs::read_to_string(source::root().join("docs/citus.md")).unwrap();
    let calls = page.lines().filter_map(|line| line.strip_prefix("SELECT create_distributed_table('"));
    let mut distributed = std::collections::BTreeSet::new();
    for (index, call) in calls.enumerate() {
        let (table, rest) = call.split_once("', 'bucket', ").unwrap();
        let beside = if index == 0 { "shard_count => " } else { "colocate_with => 'profile');" };
        assert!(rest.starts_with(beside), "{call}");
        distributed.insert(table.trim_matches('"').to_owned());
    }
    let [_, server] = Engine::both();
    assert_eq!(distributed, server.bucketed);
}

/// What must be found is found, and what is fine is let be.
#[test]
fn the_rules_prove_themselves() {
    let [_, server] = Engine::both();
    let check = |sql: &str| server.parse(sql).and_then(|parsed| rules::check(&parsed, &server));
    let wrong = [
        "SELECT hot FROM profile WHERE shop = $1 AND id = $2",
        "SELECT hot FROM profile WHERE bucket = $1 AND id = $2",
        "SELECT hot FROM profile WHERE (bucket = $1 OR id = $2) AND shop = $3",
        "SELECT hot FROM profile WHERE bucket > $1 AND shop = $2",
        "SELECT p.hot FROM unnest($1::bigint[]) AS k (id) JOIN profile AS p ON p.id = k.id AND p.shop = 1",
        "SELECT 1 FROM profile AS p JOIN warm AS w ON w.id = p.id AND w.shop = p.shop
            WHERE p.bucket = $1 AND p.shop = $2",
        "SELECT 1 FROM profile AS p JOIN warm AS w ON w.id = p.id AND w.bucket >= 0 AND w.shop = p.shop
            WHERE p.bucket >= 0 AND p.shop = $2",
        "SELECT 1 FROM unnest($1::smallint[], $2::integer[]) AS k (bucket, shop)
            LEFT JOIN profile AS p ON p.bucket = k.bucket AND p.shop = k.shop",
        "SELECT (SELECT count(*) FROM event WHERE shop = $1) FROM head",
        "WITH a AS (SELECT id FROM message WHERE shop = $1) SELECT id FROM a",
        "SELECT id FROM head WHERE EXISTS (SELECT 1 FROM due WHERE at < $1 AND shop = 1)",
        "SELECT profile FROM due WHERE bucket = ANY($1) AND shop = $2 FOR UPDATE",
        concat!("SELECT profile FROM due WHERE bucket = $1 AND shop = $2 FOR UPDATE SKIP", " LOCKED"),
        concat!("SELECT batch FROM writer FOR UPDATE SKIP", " LOCKED"),
        "INSERT INTO due (shop, profile, at) VALUES ($1, $2, $3)",
        "INSERT INTO due (bucket, shop, profile, at) VALUES ($1, $2, $3, $4) ON CONFLICT (profile) DO NOTHING",
        "INSERT INTO due (bucket, shop, profile, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        "INSERT INTO due (bucket, shop, profile, at) SELECT * FROM unnest($1::smallint[])",
        "UPDATE due SET at = 1 WHERE bucket = $1 AND profile = $2",
        "UPDATE due SET bucket = 1 WHERE bucket = $1 AND shop = $2",
        "UPDATE due AS d SET at = k.at FROM unnest($1::bigint[], $2::bigint[]) AS k (shop, at) WHERE d.shop = k.shop",
        "DELETE FROM due AS d USING unnest($1::smallint[], $2::bigint[]) AS k (bucket, profile)
            WHERE d.bucket = k.bucket AND d.profile = k.profile",
        "DELETE FROM due",
    ];
    for sql in wrong {
        assert!(check(sql).is_err(), "nothing was found in {sql}");
    }
    let fine = [
        "SELECT hot FROM profile WHERE bucket = $1 AND shop = $2 AND id = $3",
        "SELECT profile FROM due WHERE bucket = ANY($1) AND shop >= 0 AND at < $2 ORDER BY at LIMIT $3",
        "SELECT p.hot FROM unnest($1::smallint[], $2::integer[], $3::bigint[]) AS k (bucket, shop, id)
            JOIN profile AS p ON p.bucket = k.bucket AND p.shop = k.shop AND p.id = k.id",
        "SELECT 1 FROM profile AS p JOIN warm AS w ON w.id = p.id AND w.bucket = p.bucket AND w.shop = p.shop
            WHERE p.bucket >= 0 AND p.shop = $2",
        "SELECT profile FROM due WHERE bucket = $1 AND shop = $2 FOR UPDATE",
        "SELECT batch FROM writer WHERE id = $1 FOR UPDATE",
        "INSERT INTO due (bucket, shop, profile, at) VALUES ($1, $2, $3, $4), ($5, $6, $7, $8)
            ON CONFLICT (bucket, shop, profile) DO UPDATE SET at = excluded.at",
    ];
    for sql in fine {
        assert_eq!(check(sql), Ok(()), "{sql}");
    }
}
