//! The disk is full, and then there is room again.

use crate::bare::beckon;
use crate::figures;
use crate::http;
use crate::node::{GONE_AFTER, Node, until};
use crate::run::Run;
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Shoppers at once.
const SHOPPERS: u64 = 6;
/// The size of the disk: a few times what a fresh shop takes.
const DISK: &str = "size=24m";

/// A small disk, mounted as long as this is there.
struct Disk(PathBuf);

impl Disk {
    /// Mounts one as the data of a shop of this name; `None` for who may not, which is said.
    fn mount(name: &str) -> Option<Disk> {
        let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let at = dir.join("data");
        std::fs::create_dir_all(&at).unwrap();
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", DISK, "tmpfs"]).arg(&at).output();
        if done.is_ok_and(|done| done.status.success()) {
            return Some(Disk(at));
        }
        println!("skipped: a disk can be mounted by root only");
        std::fs::remove_dir_all(&dir).unwrap();
        None
    }

    /// Where what takes up the room lies.
    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }

    /// Takes up all the room there is.
    fn fill(&self) {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(self.ballast()).unwrap();
        for size in [1 << 20, 4_096, 1] {
            while file.write_all(&vec![7; size]).is_ok() {}
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        let _ = std::fs::remove_dir_all(self.0.parent().unwrap());
    }
}

/// What `beckon doctor` says of the disk.
fn doctor(data: &Path) -> Value {
    let done = beckon().args(["doctor", "--json", "--lang", "en", "--data"]).arg(data).output().unwrap();
    let found: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    found.into_iter().find(|one| one["check"] == "disk").unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_events_in_words_and_keeps_what_it_took() {
    let Some(disk) = Disk::mount("faults-disk") else { return };
    let run = Run::begin("faults-disk", (SHOPPERS, Some(GONE_AFTER)), None, None).await;
    let node = Node::start_at(&run.program, run.program.public, run.program.admin).await;
    let count = || run.done.acknowledged.lock().unwrap().len();
    until("shoppers come", async || count() > 20).await;

    disk.fill();
    let refused = async || {
        // The log of the database may have room of its own for a while.
        disk.fill();
        node.post(&run.program, "witness").await.is_ok_and(|answer| answer.status == 503)
    };
    until("events are refused", refused).await;
    let answer = node.post(&run.program, "witness").await.unwrap();
    assert!(answer.status == 503 && answer.header("retry-after").is_some(), "{}", answer.head);
    assert!(answer.body.contains("Nothing was kept; come again"), "{}", answer.body);
    let (status, words) = node.health().await.unwrap();
    assert_eq!(
        (status, &words["store"]),
        (503, &"takes no commits: look at the disk and at the log".into()),
        "{words}"
    );
    assert!(run.program.log().contains("the disk is full"), "{}", run.program.log());
    let said = doctor(&disk.0);
    assert_eq!((&said["level"], &said["found"]), (&"wrong".into(), &"disk-full".into()), "{said}");
    // What only reads is served all the same.
    let home = format!("/v1/recommend?show=home&writeKey={}", run.program.write_key);
    let shown = http::request(node.public, "GET", &home, &[], b"").await.unwrap();
    assert_eq!(shown.status, 200, "{}", shown.body);
    let meanwhile = count();

    std::fs::remove_file(disk.ballast()).unwrap();
    let again = async || node.post(&run.program, "witness").await.is_ok_and(|answer| answer.status == 200);
    let took = until("events are taken", again).await;
    node.is_ready().await;
    until("shoppers come again", async || count() > meanwhile + 20).await;
    run.done.acknowledged.lock().unwrap().push("witness".to_owned());
    let audit = run.end(vec![node.child], 0).await;
    figures(
        "disk full",
        &audit,
        0,
        &format!(", events taken {:.1} s after there was room", took.as_secs_f32()),
    );
}
