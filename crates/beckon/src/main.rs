//! The program: every command, a file each.

mod apply;
mod demo;
mod evaluate;
mod import;
mod init;
mod serve;
mod staff;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Remembers every shopper, decides whom to remind of what and when, sends it, and can say why.
#[derive(Parser)]
#[command(name = "beckon", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sets a shop up in a directory and prints its keys.
    Init(init::Args),
    /// Shows everything on an invented shop: storefront, shoppers, fast time, mailbox.
    Demo(demo::Args),
    /// Judges recommendations on files of one's own.
    Evaluate(evaluate::Args),
    /// Serves the shop.
    Serve(serve::Args),
    /// Lets somebody who lost her password choose another.
    Staff(staff::Args),
    /// Imports into the shop, while it is being served or not.
    Import(import::Args),
    /// Applies plans and templates, and switches ready-made journeys on.
    Apply(apply::Args),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Init(args) => init::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Staff(args) => staff::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Apply(args) => apply::run(&args),
    };
    match done {
        Ok(code) => code,
        Err(why) => {
            eprintln!("beckon: {why}");
            ExitCode::FAILURE
        }
    }
}

/// What a command comes to: an exit code, or one line that says what is wrong and what to do.
type Done = Result<ExitCode, String>;
