//! Reads session files (`SessionId ItemId Time`, tab-separated, with a header), writes predictions:
//! `evaluate --train FILE --test FILE --out FILE [--new-only] [--fast]`.

use std::error::Error;
use std::fs;
use std::io::{BufWriter, Write};

use beckon_recommend::evaluate::sessions;
use beckon_recommend::{Click, Profile};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name);
        place.and_then(|place| arguments.get(place + 1)).ok_or(format!("{name} FILE is missing"))
    };
    let (train_file, test_file) = (value("--train")?, value("--test")?);
    let new_only = arguments.iter().any(|argument| argument == "--new-only");
    let profile =
        if arguments.iter().any(|argument| argument == "--fast") { Profile::Fast } else { Profile::Ranked };
    let (train, test) = (fs::read_to_string(train_file)?, fs::read_to_string(test_file)?);
    let predictions = sessions(&parse(&train, train_file)?, &parse(&test, test_file)?, profile, new_only);
    let mut out = BufWriter::new(fs::File::create(value("--out")?)?);
    for prediction in &predictions {
        writeln!(
            out,
            "{}\t{}\t{}",
            prediction.session,
            prediction.prefix_length,
            prediction.items.join(" ")
        )?;
    }
    out.flush()?;
    Ok(())
}

fn parse<'a>(text: &'a str, file: &str) -> Result<Vec<Click<'a>>, String> {
    let rows = text.lines().enumerate().skip(1).filter(|(_, row)| !row.is_empty());
    rows.map(|(number, row)| {
        let mut fields = row.split('\t');
        let (Some(session), Some(item), Some(time)) = (fields.next(), fields.next(), fields.next()) else {
            return Err(format!(
                "{file}, line {}: SessionId, ItemId and Time expected, separated by tabs",
                number + 1
            ));
        };
        let time = time.parse().map_err(|_| format!("{file}, line {}: {time} is not a time", number + 1))?;
        Ok(Click { session, item, time })
    })
    .collect()
}
