//! `beckon backup` and `beckon restore`: a copy of a shop that is in use, and the way back.

use crate::Done;
use crate::progress::Teller;
use beckon_server::clock::wall_now;
use beckon_store::Place;
use beckon_store::backup::{self, LOG_MAX_BYTES, Manifest, Progress};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What is copied, and where to.
#[derive(clap::Args)]
pub struct BackupArgs {
    /// Directory of the shop; it may be in use.
    #[arg(long, env = "BECKON_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
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
    data: Option<PathBuf>,
}

/// Copies beside the running program.
pub fn backup(args: &BackupArgs) -> Done {
    let data = directory(args.data.as_deref(), BACKUP_SERVER)?;
    let mut teller = Teller::default();
    let made = backup::backup(data, &args.to, wall_now().0, args.log_max.min(1 << 20) << 20, &mut |step| {
        teller.tell(|| line(&step))
    });
    teller.end();
    let manifest = made.map_err(|why| why.to_string())?;
    println!("backup {} is whole and was checked: {}", args.to.display(), summary(&manifest));
    Ok(ExitCode::SUCCESS)
}

/// Puts a backup into an empty directory.
pub fn restore(args: &RestoreArgs) -> Done {
    let data = directory(args.data.as_deref(), RESTORE_SERVER)?;
    let manifest = backup::restore(&args.from, data).map_err(|why| why.to_string())?;
    println!("{} holds the backup: {}", data.display(), summary(&manifest));
    println!(
        "It starts paused: it serves and sends nothing, because it does not know who unsubscribed since the backup was \
         made. Bring those over, then confirm it in the admin, or start once with --accept-data."
    );
    Ok(ExitCode::SUCCESS)
}

/// What is said of a shop that lies in PostgreSQL.
const BACKUP_SERVER: &str = "a shop in PostgreSQL is copied by PostgreSQL's own means, while it is in use: pg_dump -Fc \
     for a copy, or pg_basebackup with an archive of the log to go back to any moment";
const RESTORE_SERVER: &str = "a copy of a shop in PostgreSQL is put back by PostgreSQL's own means: pg_restore into an \
     empty database, and docs/postgresql.md says how it then starts paused";

/// The directory that is meant, and no database.
fn directory<'a>(data: Option<&'a Path>, of_server: &str) -> Result<&'a Path, String> {
    let is_url = |data: &Path| matches!(Place::read(&data.to_string_lossy()), Place::Server(_));
    let names_server = ["BECKON_DATABASE", "BECKON_DATABASE_FILE"];
    let names_server = names_server.iter().any(|name| std::env::var_os(name).is_some());
    match data {
        Some(data) if is_url(data) || (names_server && !data.join("customers.db").is_file()) => {
            Err(of_server.to_owned())
        }
        Some(data) => Ok(data),
        None if names_server => Err(of_server.to_owned()),
        None => Err("no directory is set: say --data DIR, or set BECKON_DATA".to_owned()),
    }
}

fn summary(manifest: &Manifest) -> String {
    let rows: Vec<String> = manifest.rows.iter().map(|(table, rows)| format!("{table} {rows}")).collect();
    let megabytes = manifest.bytes.div_ceil(1 << 20);
    format!("{megabytes} MB, commit {}, rows: {}", manifest.commit_number, rows.join(", "))
}

fn line(&Progress { plane, bytes, of_bytes, log_bytes }: &Progress) -> String {
    let share = (bytes * 100).checked_div(of_bytes).unwrap_or(100).min(100);
    format!("{plane}: {share} % of {} MB, log {} MB", of_bytes >> 20, log_bytes >> 20)
}
