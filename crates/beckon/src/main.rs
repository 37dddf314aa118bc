//! The program: every command, a file each.

mod apply;
mod backup;
mod bench;
mod config;
mod demo;
mod doctor;
mod evaluate;
mod import;
mod init;
mod migrate;
mod progress;
mod serve;
mod simulate;
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
    /// Copies a shop while it is in use.
    Backup(backup::BackupArgs),
    /// Puts a backup into an empty directory; the shop then starts paused.
    Restore(backup::RestoreArgs),
    /// Carries a shop from a directory over to PostgreSQL; stopped at any point, it goes on where it was.
    Migrate(migrate::Args),
    /// Looks at everything an installation needs, and says what is wrong and how to mend it.
    Doctor(doctor::Args),
    /// Lets somebody who lost her password choose another.
    Staff(staff::Args),
    /// Imports into the shop, while it is being served or not.
    Import(import::Args),
    /// Applies plans and templates, and switches ready-made journeys on.
    Apply(apply::Args),
    /// Measures how many events this machine takes, on a shop made up for it.
    Bench(bench::Args),
    /// Tries journeys on invented shoppers before they are switched on.
    Simulate(simulate::Args),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(asked) if !asked.use_stderr() => asked.exit(),
        Err(wrong) => {
            eprintln!("beckon: {}", in_one_line(&wrong));
            return ExitCode::from(2);
        }
    };
    let done = match cli.command {
        Command::Init(args) => init::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Backup(args) => backup::backup(&args),
        Command::Restore(args) => backup::restore(&args),
        Command::Migrate(args) => migrate::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Staff(args) => staff::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Apply(args) => apply::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Simulate(args) => simulate::run(&args),
    };
    match done {
        Ok(code) => code,
        Err(why) => {
            eprintln!("beckon: {why}");
            ExitCode::FAILURE
        }
    }
}

/// What is wrong on the command line: the error without the usage that clap adds.
fn in_one_line(wrong: &clap::Error) -> String {
    if wrong.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "command line: a command is wanted; `beckon --help` lists them".to_owned();
    }
    let text = wrong.render().to_string();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let told = lines.take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let told = told.collect::<Vec<_>>().join("; ").replace(":; ", ": ");
    let told = told.strip_prefix("error: ").unwrap_or(&told);
    format!("command line: {told}; --help shows what there is")
}

/// What a command comes to: an exit code, or one line that says what is wrong and what to do.
type Done = Result<ExitCode, String>;
