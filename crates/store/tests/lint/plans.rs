//! Every statement of the server's engine is prepared by a real PostgreSQL, and reads no table of customers from end to
//! end.

use crate::engine::Engine;
use beckon_store::shop::ShopPlane;
use beckon_store::{Place, Store};

/// As the engine sets its connections, and plans that do not depend on what is asked for.
const SETTINGS: &str =
    "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off;
    SET enable_mergejoin = off; SET jit = off; SET random_page_cost = 1.1";

#[test]
fn every_statement_is_prepared_and_uses_an_index() {
    let Some(database) = beckon_pgtest::database() else { return };
    drop(Store::open_server(&database.url).unwrap());
    drop(ShopPlane::open_at(&Place::read(&database.url)).unwrap());
    let [_, server] = Engine::both();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let wrong: Vec<String> = runtime.block_on(async {
        let (client, connection) =
            tokio_postgres::connect(&database.url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(SETTINGS).await.unwrap();
        let mut wrong = Vec::new();
        for statement in server.statements() {
            let (place, sql) = (&statement.place, &statement.sql);
            match plan(&client, sql).await {
                Err(why) => wrong.push(format!("{place}: {:?}: {sql}", why.as_db_error())),
                Ok(lines) if lines.iter().any(|line| reads_all(&server, line)) => {
                    wrong
                        .push(format!("{place}: reads a table from end to end: {sql}\n{}", lines.join("\n")));
                }
                Ok(_) => {}
            }
        }
        wrong
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a line of a plan reads one of the customers' tables from end to end.
fn reads_all(server: &Engine, line: &str) -> bool {
    let table = line.split_once("Seq Scan on ").and_then(|(_, rest)| rest.split(' ').next());
    table.is_some_and(|table| server.bucketed.contains(table.trim_matches('"')))
}

/// The plan of a statement, line by line, or what PostgreSQL says against it.
async fn plan(client: &tokio_postgres::Client, sql: &str) -> Result<Vec<String>, tokio_postgres::Error> {
    let prepared = client.prepare(sql).await?;
    let types: Vec<String> = prepared.params().iter().map(|of| of.name().to_owned()).collect();
    let list = |values: Vec<String>| {
        if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) }
    };
    let nulls = list(vec!["NULL".to_owned(); types.len()]);
    let explain = format!("PREPARE looked_at{} AS {sql}; EXPLAIN EXECUTE looked_at{nulls}", list(types));
    let plan = client.simple_query(&explain).await?;
    client.batch_execute("DEALLOCATE ALL").await?;
    let lines = plan.iter().filter_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    Ok(lines.collect())
}
