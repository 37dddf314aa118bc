//! Every statement of the server's engine is prepared by a real PostgreSQL, and reads no table from end to end.

use crate::engine::Engine;
use beckon_store::Store;
use tokio_postgres::error::SqlState;

/// As the engine sets its connections, and plans that do not depend on what is asked for.
const SETTINGS: &str =
    "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_hashjoin = off;
    SET enable_mergejoin = off; SET jit = off; SET random_page_cost = 1.1";

#[test]
fn every_statement_is_prepared_and_uses_an_index() {
    let Some(database) = beckon_pgtest::database() else { return };
    drop(Store::open_server(&database.url).unwrap());
    let [_, server] = Engine::both();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let wrong: Vec<String> = runtime.block_on(async {
        let (client, connection) =
            tokio_postgres::connect(&database.url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(SETTINGS).await.unwrap();
        let mut wrong = Vec::new();
        for statement in server.statements() {
            // Tables of the shop are not in this database.
            if !server.touches(&statement.sql) && looks_elsewhere(&client, &statement.sql).await {
                continue;
            }
            wrong
                .extend(look(&client, &statement.sql).await.map(|why| format!("{}: {why}", statement.place)));
        }
        wrong
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn looks_elsewhere(client: &tokio_postgres::Client, sql: &str) -> bool {
    let prepared = client.prepare(sql).await;
    prepared.err().is_some_and(|why| why.code() == Some(&SqlState::UNDEFINED_TABLE))
}

/// What PostgreSQL says against a statement.
async fn look(client: &tokio_postgres::Client, sql: &str) -> Option<String> {
    let prepared = match client.prepare(sql).await {
        Ok(prepared) => prepared,
        Err(why) => return Some(format!("{:?}: {sql}", why.as_db_error())),
    };
    let types: Vec<String> = prepared.params().iter().map(|of| of.name().to_owned()).collect();
    let list = |values: Vec<String>| {
        if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) }
    };
    let nulls = list(vec!["NULL".to_owned(); types.len()]);
    let explain = format!("PREPARE looked_at{} AS {sql}; EXPLAIN EXECUTE looked_at{nulls}", list(types));
    let plan = client.simple_query(&explain).await;
    client.batch_execute("DEALLOCATE ALL").await.unwrap();
    let plan = match plan {
        Ok(plan) => plan,
        Err(why) => return Some(format!("{:?}: {sql}", why.as_db_error())),
    };
    let lines: Vec<String> = plan
        .iter()
        .filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        })
        .collect();
    let reads_all = lines.iter().any(|line| line.contains("Seq Scan on"));
    reads_all.then(|| format!("reads a table from end to end: {sql}\n{}", lines.join("\n")))
}
