//! The libraries as shops install them, from their registries, in versions that do not change by themselves. They are
//! kept beside the build, so that only the first run fetches them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The library for Python.
const PYTHON: &str = "segment-analytics-python==2.4.0";
/// The libraries for Node and for browsers.
const NODE: [&str; 3] =
    ["@segment/analytics-node@3.1.0", "@segment/analytics-next@1.84.3", "@rudderstack/analytics-js@3.34.1"];

fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("sdks").join(name)
}

/// Runs a command; an error is one line for a person.
fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let done = command.output().map_err(|why| format!("{program}: {why}"))?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    Err(format!("{program}: {}", said.lines().last().unwrap_or("failed")))
}

/// Tests run as processes of their own: whoever comes first fetches, the others wait. Held until the file is dropped.
fn alone(name: &str) -> Result<std::fs::File, String> {
    let lock = kept(&format!("{name}.lock"));
    let dir = lock.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir).map_err(|why| why.to_string())?;
    let file = std::fs::File::create(&lock).map_err(|why| why.to_string())?;
    file.lock().map_err(|why| why.to_string())?;
    Ok(file)
}

/// A Python with the library.
///
/// # Errors
/// There is no Python, or no registry: says which.
pub fn python() -> Result<PathBuf, String> {
    let _alone = alone("python")?;
    let dir = kept("python");
    let python = dir.join("bin/python");
    if !dir.join("complete").exists() {
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).map_err(|why| why.to_string())?;
        run(Command::new("python3").args(["-m", "venv"]).arg(&dir))?;
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--retries", "1", PYTHON]))?;
        std::fs::write(dir.join("complete"), "").map_err(|why| why.to_string())?;
    }
    Ok(python)
}

/// A directory with the packages for Node.
///
/// # Errors
/// There is no npm, or no registry: says which.
pub fn node() -> Result<PathBuf, String> {
    let _alone = alone("node")?;
    let dir = kept("node");
    if !dir.join("complete").exists() {
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).map_err(|why| why.to_string())?;
        std::fs::write(dir.join("package.json"), "{}").map_err(|why| why.to_string())?;
        let quiet =
            ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1"];
        run(Command::new("npm").args(quiet).args(NODE).current_dir(&dir))?;
        std::fs::write(dir.join("complete"), "").map_err(|why| why.to_string())?;
    }
    Ok(dir)
}
