//! `beckon apply`: plans and templates from files, ready-made journeys from the program.

use crate::Done;
use crate::config::whereabouts::Whereabouts;
use beckon_core::time::ShopTime;
use beckon_server::clock::wall_now;
use beckon_server::journeys::{self, Change, Stamp};
use beckon_server::setup;
use beckon_store::shop::ShopPlane;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is applied, and what is set beside it.
#[derive(clap::Args)]
pub struct Args {
    /// A journey (.yaml), a template (.mjml, called name.locale.mjml), or a directory of them.
    #[arg(required_unless_present = "ready")]
    path: Option<PathBuf>,
    /// A ready-made journey by name: abandoned-cart.
    #[arg(long, value_name = "NAME", conflicts_with = "path")]
    ready: Option<String>,
    /// Switches it on.
    #[arg(long, conflicts_with = "off")]
    on: bool,
    /// Switches it off.
    #[arg(long)]
    off: bool,
    /// A setting beside the text: holdout=0, priority=90, variant=once, global_holdout=0.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    shop: Whereabouts,
}

/// Applies each file whole or not at all, and says which line is wrong.
pub fn run(args: &Args) -> Done {
    let place = args.shop.place()?;
    let plane = ShopPlane::open_at(&place).map_err(|why| why.to_string())?;
    if !setup::is_done(&plane).map_err(|why| why.to_string())? {
        return Err(format!("there is no shop in {place}: run `beckon init` first"));
    }
    let mut change = Change { set: settings(&args.set)?, ..Change::default() };
    change.on = if args.on { Some(true) } else { args.off.then_some(false) };
    if let Some(name) = &args.ready {
        let shipped = journeys::ready(name).ok_or_else(|| no_such(name))?;
        // What the shop made of it stays; only what is missing is brought.
        if !journeys::is_there(&plane, name).map_err(|why| why.to_string())? {
            change.text = Some(shipped.to_owned());
        }
        return apply_journey(&plane, name, &change).map(|()| ExitCode::SUCCESS);
    }
    let path = args.path.as_deref().ok_or("a path, or --ready NAME, is wanted")?;
    let mut failed = false;
    for file in files(path)? {
        if let Err(why) = apply_file(&plane, &file, &change) {
            eprintln!("{}: {why}", file.display());
            failed = true;
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn no_such(name: &str) -> String {
    let known: Vec<&str> = setup::READY.iter().map(|(name, _)| *name).collect();
    format!("there is no ready-made journey `{name}`; there are: {}", known.join(", "))
}

fn settings(set: &[String]) -> Result<Vec<(String, String)>, String> {
    let pair = |text: &String| {
        let (name, value) = text.split_once('=').ok_or_else(|| format!("--set {text}: write NAME=VALUE"))?;
        Ok((name.trim().to_owned(), value.trim().to_owned()))
    };
    set.iter().map(pair).collect()
}

/// The journeys and templates at a path, in the order of their names.
fn files(path: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |why: std::io::Error| format!("{}: {why}", path.display());
    if !std::fs::metadata(path).map_err(failed)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if matches!(extension(&file), "yaml" | "yml" | "mjml") {
            found.push(file);
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(format!("{}: no journey (.yaml) and no template (.mjml) is here", path.display()));
    }
    Ok(found)
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|e| e.to_str()).unwrap_or("")
}

fn apply_file(plane: &ShopPlane, path: &Path, change: &Change) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|why| why.to_string())?;
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("");
    if extension(path) == "mjml" {
        journeys::change_template(plane, stem, &text, stamp()).map_err(|why| why.to_string())?;
        println!("template {stem} applied");
        return Ok(());
    }
    apply_journey(plane, stem, &Change { text: Some(text), ..change.clone() })
}

fn apply_journey(plane: &ShopPlane, name: &str, change: &Change) -> Result<(), String> {
    let name = journeys::change(plane, Some(name), change, stamp()).map_err(|why| why.to_string())?;
    println!("journey {name} applied");
    Ok(())
}

fn stamp() -> Stamp<'static> {
    let wall = wall_now();
    Stamp { at: wall, now: ShopTime(wall.0), by: "command line" }
}
