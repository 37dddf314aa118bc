//! Two programs on one database: one serves, the other stands by and goes on where the first ended.

use crate::http;
use crate::program::Program;
use base64::Engine;
use beckon_sim::smtp::{Mailbox, Options};
use std::net::SocketAddr;
use std::process::{Child, Command};

async fn taken(program: &Program, public: SocketAddr, number: u64) -> bool {
    let event = serde_json::json!({
        "messageId": format!("standby-{number}"), "anonymousId": "a", "event": "Product Viewed",
        "properties": {"product_id": "1"},
    });
    let login = base64::engine::general_purpose::STANDARD.encode(format!("{}:", program.write_key));
    let headers = ["Content-Type: application/json", &format!("Authorization: Basic {login}")];
    let answer = http::request(public, "POST", "/v1/track", &headers, event.to_string().as_bytes()).await;
    answer.is_ok_and(|answer| answer.status == 200)
}

fn signal(child: &Child, name: &str) {
    let told = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(told.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stands_by_goes_on_when_the_owner_dies_freezes_or_stops() {
    let Some(database) = tokio::task::spawn_blocking(beckon_pgtest::database).await.unwrap() else { return };
    let relay =
        Mailbox::start(Options { addr: crate::shop::free_port(), ..Options::default() }).await.unwrap();
    let program = Program::set_up_in("standby", relay.addr(), 1, Some(database));
    let at = || (crate::shop::free_port(), crate::shop::free_port());
    let (first_at, second_at) = ((program.public, program.admin), at());
    let mut first = program.spawn(1, first_at.0, first_at.1);
    program.ready(&mut first).await;
    let mut second = program.spawn(1, second_at.0, second_at.1);
    assert!(taken(&program, first_at.0, 1).await);
    assert!(!taken(&program, second_at.0, 2).await, "who stands by takes nothing");

    first.kill().unwrap();
    first.wait().unwrap();
    program.ready(&mut second).await;
    assert!(taken(&program, second_at.0, 2).await, "killed: the other goes on");

    let third_at = at();
    let mut third = program.spawn(1, third_at.0, third_at.1);
    signal(&second, "-STOP");
    program.ready(&mut third).await;
    assert!(taken(&program, third_at.0, 3).await, "frozen: the other goes on");
    signal(&second, "-CONT");
    let ended = tokio::task::spawn_blocking(move || second.wait()).await.unwrap().unwrap();
    assert!(!ended.success(), "who wakes late ends, and says so");
    assert!(program.log().contains("another program took the shop over"), "{}", program.log());

    let fourth_at = at();
    let mut fourth = program.spawn(1, fourth_at.0, fourth_at.1);
    program.stop(third).await;
    program.ready(&mut fourth).await;
    assert!(taken(&program, fourth_at.0, 4).await, "stopped: the other goes on at once");
    program.stop(fourth).await;
}
