//! The primary dies and its synchronous standby is promoted.

use crate::figures;
use crate::node::{GONE_AFTER, Node, until};
use crate::run::{Run, setting};
use beckon_pgtest::Own;
use std::sync::Arc;
use std::time::Duration;

/// Shoppers at once.
const SHOPPERS: u64 = 6;

/// Runs what blocks.
async fn blocking<T: Send + 'static>(
    servers: &[Arc<Own>; 2],
    work: impl FnOnce(&[Arc<Own>; 2]) -> T + Send + 'static,
) -> T {
    let servers = servers.clone();
    tokio::task::spawn_blocking(move || work(&servers)).await.unwrap()
}

/// A primary whose commits wait for its standby.
fn pair() -> Option<[Arc<Own>; 2]> {
    let primary = Own::start("")?;
    let standby = primary.standby();
    primary.wait_for_standbys(true);
    Some([primary, standby].map(Arc::new))
}

/// Waits until the standby of this one counts: before that its commits wait for nobody.
async fn is_followed(primary: &Own) {
    until("the standby follows", async || primary.is_followed()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_that_dies_loses_nothing_and_the_program_goes_on_with_its_standby() {
    let Some(mut servers) = tokio::task::spawn_blocking(pair).await.unwrap() else { return };
    let url = servers[0].url_of_both(&servers[1]);
    is_followed(&servers[0]).await;
    let run = Run::begin("faults-promotion", (SHOPPERS, Some(GONE_AFTER)), None, Some(url)).await;
    let node = Node::start_at(&run.program, run.program.public, run.program.admin).await;
    let count = || run.done.acknowledged.lock().unwrap().len();
    let (promotions, mut longest) = (setting("BECKON_PROMOTIONS", 1), Duration::ZERO);
    for n in 0..promotions {
        let before = count();
        until("shoppers come", async || count() > before + 20).await;
        blocking(&servers, |[primary, standby]| {
            primary.kill();
            standby.promote();
        })
        .await;
        let id = format!("witness-{n}");
        let taken = async || node.post(&run.program, &id).await.is_ok_and(|answer| answer.status == 200);
        longest = longest.max(until("events are taken", taken).await);
        node.is_ready().await;
        run.done.acknowledged.lock().unwrap().push(id.clone());
        // In the place of the one that was lost a new standby is made, and from then on it is waited for.
        blocking(&servers, |[lost, primary]| {
            primary.rejoin(lost);
            primary.wait_for_standbys(true);
        })
        .await;
        servers.reverse();
        is_followed(&servers[0]).await;
    }
    let before = count();
    until("shoppers come", async || count() > before + 20).await;
    let audit = run.end(vec![node.child], 0).await;
    let more = format!(", events taken again {:.1} s after the promotion at most", longest.as_secs_f32());
    figures(&format!("primary killed and standby promoted {promotions} times"), &audit, 0, &more);
}
