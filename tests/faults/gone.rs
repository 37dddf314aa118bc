//! The database goes for a while and comes back.

use crate::bare::beckon;
use crate::figures;
use crate::node::{GONE_AFTER, Node, until};
use crate::run::{Run, setting};
use beckon_pgtest::Own;
use serde_json::Value;
use std::time::{Duration, Instant};

/// Shoppers at once.
const SHOPPERS: u64 = 6;

/// What `beckon doctor` finds wrong with the database, in both languages.
fn doctor(url: &str) -> [String; 2] {
    ["en", "ru"].map(|lang| {
        let done =
            beckon().args(["doctor", "--json", "--lang", lang]).env("BECKON_DATABASE", url).output().unwrap();
        assert!(!done.status.success(), "doctor says that all is well");
        let found: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
        let wrong = found.iter().find(|one| one["found"] == "server-unreachable");
        let wrong = wrong.unwrap_or_else(|| panic!("no word of the database in {found:?}"));
        assert!(wrong["level"] == "wrong" && wrong["mend"] != "", "{wrong}");
        wrong["text"].as_str().unwrap().to_owned()
    })
}

/// While it is away: whoever comes is told so, in words.
async fn is_told(run: &Run, node: &Node, url: &str) {
    let answer = node.post(&run.program, "witness-away").await.unwrap();
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(answer.header("retry-after").is_some_and(|secs| secs.parse::<u32>().is_ok()), "{}", answer.head);
    assert!(answer.body.contains("Nothing was kept; come again"), "{}", answer.body);
    let (status, words) = node.health().await.unwrap();
    assert_eq!((status, &words["ready"]), (503, &Value::Bool(false)), "{words}");
    let store = words["store"].as_str().unwrap();
    assert!(
        ["takes no commits", "cannot be read", "does not answer"].iter().any(|w| store.starts_with(w)),
        "{store}"
    );
    let at = url.to_owned();
    let said = tokio::task::spawn_blocking(move || doctor(&at)).await.unwrap();
    assert!(said[0].starts_with("The database cannot be used: ") && said[0] != said[1], "{said:?}");
    assert!(said.iter().all(|text| !text.contains("only-in-tests")), "{said:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_gone_for_a_while_is_waited_for_and_nothing_is_doubled() {
    let Some(own) = tokio::task::spawn_blocking(|| Own::start("")).await.unwrap() else { return };
    let run = Run::begin("faults-gone", (SHOPPERS, Some(GONE_AFTER)), None, Some(own.url())).await;
    let node = Node::start_at(&run.program, run.program.public, run.program.admin).await;
    let cookie = node.signs_in().await;
    let taken = || run.done.acknowledged.lock().unwrap().len();
    until("shoppers come", async || taken() > 20).await;

    let gone = Instant::now();
    own.stop("immediate");
    let refused =
        async || node.post(&run.program, "witness-away").await.is_ok_and(|answer| answer.status == 503);
    until("events are refused", refused).await;
    until("it says that it is not ready", async || node.health().await.is_some_and(|(s, _)| s == 503)).await;
    is_told(&run, &node, &own.url()).await;
    let page = node.staff("/settings/checkup", &cookie).await;
    assert_eq!(page.status, 503, "{}", page.body);
    assert!(page.body.contains("beckon doctor"), "{}", page.body);
    let meanwhile = taken();
    tokio::time::sleep(Duration::from_secs(setting("BECKON_GONE_SECS", 3)).saturating_sub(gone.elapsed()))
        .await;
    is_told(&run, &node, &own.url()).await;
    assert_eq!(taken(), meanwhile, "events were acknowledged that are nowhere");

    let away = gone.elapsed();
    own.restart();
    let back = Instant::now();
    // The client sends again what was refused, and once more although it was taken.
    let again =
        async || node.post(&run.program, "witness-away").await.is_ok_and(|answer| answer.status == 200);
    until("events are taken", again).await;
    let taken_after = back.elapsed();
    assert_eq!(node.post(&run.program, "witness-away").await.unwrap().status, 200);
    node.is_ready().await;
    assert_eq!(node.staff("/settings/checkup", &cookie).await.status, 200);
    until("shoppers come again", async || taken() > meanwhile + 20).await;
    let lines = run.program.log().lines().count();
    run.done.acknowledged.lock().unwrap().push("witness-away".to_owned());
    // What was on its way to the relay while its end could not be written is told once it can be.
    let audit = run.end(vec![node.child], 0).await;
    let more =
        format!(", events taken again after {:.1} s, lines in the log {lines}", taken_after.as_secs_f32());
    figures(&format!("database gone for {:.0} s", away.as_secs_f32()), &audit, 0, &more);
}
