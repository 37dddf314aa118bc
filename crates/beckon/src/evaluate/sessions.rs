//! `beckon evaluate sessions`: the next item of each session.

use crate::Done;
use crate::evaluate::read;
use beckon_recommend::evaluate::sessions;
use beckon_recommend::{Click, Profile};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Sessions to learn from and sessions to foretell.
#[derive(clap::Args)]
pub struct Args {
    /// What the index is built from.
    #[arg(long, value_name = "FILE")]
    train: PathBuf,
    /// Sessions whose next items are foretold, prefix by prefix.
    #[arg(long, value_name = "FILE")]
    test: PathBuf,
    /// Where predictions go: session, prefix length and 20 items, separated by tabs.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Foretells only items the session has not had.
    #[arg(long)]
    new_only: bool,
    /// Neighbours and fusion only, without the ranker that is learned on the newest sessions.
    #[arg(long)]
    fast: bool,
}

/// Writes the predictions; the score is another program's business.
pub fn run(args: &Args) -> Done {
    let Args { train, test, out, new_only, fast } = args;
    let profile = if *fast { Profile::Fast } else { Profile::Ranked };
    let (train_text, test_text) = (read(train)?, read(test)?);
    let predictions = sessions(&clicks(&train_text, train)?, &clicks(&test_text, test)?, profile, *new_only);
    let failed = |why: std::io::Error| format!("{}: {why}", out.display());
    let mut file = BufWriter::new(std::fs::File::create(out).map_err(failed)?);
    for prediction in &predictions {
        let items = prediction.items.join(" ");
        writeln!(file, "{}\t{}\t{items}", prediction.session, prediction.prefix_length).map_err(failed)?;
    }
    file.flush().map_err(failed)?;
    Ok(ExitCode::SUCCESS)
}

/// The rows below the header.
pub fn clicks<'a>(text: &'a str, path: &Path) -> Result<Vec<Click<'a>>, String> {
    let rows = text.lines().enumerate().skip(1).filter(|(_, row)| !row.is_empty());
    rows.map(|(number, row)| {
        let wrong = |what: &str| format!("{}, line {}: {what}", path.display(), number + 1);
        let mut fields = row.split('\t');
        let (Some(session), Some(item), Some(time)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(wrong("SessionId, ItemId and Time are wanted, separated by tabs"));
        };
        let time = time.parse().map_err(|_| wrong("the third column is no time"))?;
        Ok(Click { session, item, time })
    })
    .collect()
}
