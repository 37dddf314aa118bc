//! `beckon backup` and `beckon restore`: a copy of a shop that is in use, and the way back.

use crate::Done;
use beckon_server::clock::wall_now;
use beckon_store::backup::{self, LOG_MAX_BYTES, Manifest, Progress};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// What is copied, and where to.
#[derive(clap::Args)]
pub struct BackupArgs {
    /// Directory of the shop; it may be in use.
    #[arg(long, env = "BECKON_DATA", value_name = "DIR")]
    data: PathBuf,
    /// Directory of the backup, which must not exist; it appears when the copy is whole and was checked.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Gives up when the log of the running program passes so many megabytes meanwhile.
    #[arg(long, value_name = "MB", default_value_t = LOG_MAX_BYTES >> 20)]
    log_max: u64,
}

/// What is put where.
#[derive(clap::Args)]
pub struct RestoreArgs {
    /// A backup made by `beckon backup`.
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Directory of the shop, which must be empty or not exist.
    #[arg(long, env = "BECKON_DATA", value_name = "DIR")]
    data: PathBuf,
}

/// Copies beside the running program.
pub fn backup(args: &BackupArgs) -> Done {
    let mut teller = Teller { next: Instant::now(), live: std::io::stderr().is_terminal(), told: false };
    let made =
        backup::backup(&args.data, &args.to, wall_now().0, args.log_max.min(1 << 20) << 20, &mut |step| {
            teller.tell(step)
        });
    teller.end();
    let manifest = made.map_err(|why| why.to_string())?;
    println!("backup {} is whole and was checked: {}", args.to.display(), summary(&manifest));
    Ok(ExitCode::SUCCESS)
}

/// Puts a backup into an empty directory.
pub fn restore(args: &RestoreArgs) -> Done {
    let manifest = backup::restore(&args.from, &args.data).map_err(|why| why.to_string())?;
    println!("{} holds the backup: {}", args.data.display(), summary(&manifest));
    println!(
        "It starts paused: it serves and sends nothing, because it does not know who unsubscribed since the backup was \
         made. Bring those over, then confirm it in the admin, or start once with --accept-data."
    );
    Ok(ExitCode::SUCCESS)
}

fn summary(manifest: &Manifest) -> String {
    let rows: Vec<String> = manifest.rows.iter().map(|(table, rows)| format!("{table} {rows}")).collect();
    let megabytes = manifest.bytes.div_ceil(1 << 20);
    format!("{megabytes} MB, commit {}, rows: {}", manifest.commit_number, rows.join(", "))
}

/// Tells how far it is: on a terminal in one line that moves, else a line every few seconds.
struct Teller {
    next: Instant,
    live: bool,
    told: bool,
}

impl Teller {
    fn tell(&mut self, step: Progress) {
        if Instant::now() < self.next {
            return;
        }
        let Progress { plane, bytes, of_bytes, log_bytes } = step;
        let share = (bytes * 100).checked_div(of_bytes).unwrap_or(100).min(100);
        let line = format!("{plane}: {share} % of {} MB, log {} MB", of_bytes >> 20, log_bytes >> 20);
        // Somebody who does not read along is no reason to stop.
        let mut out = std::io::stderr();
        let _ = if self.live { write!(out, "\r{line}    ") } else { writeln!(out, "{line}") };
        let _ = out.flush();
        self.told = true;
        self.next = Instant::now() + Duration::from_millis(if self.live { 200 } else { 5_000 });
    }

    fn end(&self) {
        if self.live && self.told {
            eprintln!();
        }
    }
}
