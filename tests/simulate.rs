//! `beckon simulate` as somebody at a terminal meets it: figures that agree, mistakes that are named, two languages,
//! and a shop that is only looked at.

#![allow(clippy::unwrap_used)]

#[path = "simulate/figures.rs"]
mod figures;
#[path = "simulate/own_shop.rs"]
mod own_shop;
#[path = "support/shop.rs"]
#[allow(dead_code, reason = "only the feed is used here")]
mod shop;
#[path = "simulate/words.rs"]
mod words;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// The program, with no settings of ours around it.
fn run(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_beckon"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("BECKON_")) {
        command.env_remove(name);
    }
    command.args(args).output().unwrap()
}

/// What a simulation that works prints.
fn told(args: &[&str]) -> String {
    let done = run(&[&["simulate"], args].concat());
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.is_empty(), "beckon simulate {}: {said}", args.join(" "));
    String::from_utf8(done.stdout).unwrap()
}

/// What a simulation that cannot be says, on standard error alone.
fn refused(args: &[&str]) -> String {
    let done = run(&[&["simulate"], args].concat());
    assert!(!done.status.success() && done.stdout.is_empty(), "beckon simulate {} works", args.join(" "));
    String::from_utf8(done.stderr).unwrap()
}

/// An empty directory that goes when this is dropped.
struct Dir(PathBuf);

impl Dir {
    fn new() -> Dir {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("simulate-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        drop(std::fs::remove_dir_all(&path));
        std::fs::create_dir_all(&path).unwrap();
        Dir(path)
    }

    fn text(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
