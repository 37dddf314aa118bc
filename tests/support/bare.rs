//! The program as it was built, without the settings of whoever runs the tests.

use std::process::Command;

/// A command of it. Variables that begin with its name are settings of `serve`, and an unknown one stops the start;
/// the tests have some of their own, as `BECKON_KILLS`.
pub fn beckon() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_beckon"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("BECKON_")) {
        command.env_remove(name);
    }
    command
}
