//! `beckon doctor`: what is wrong with an installation, and how to mend it.

use crate::Done;
use crate::config::Options;
use beckon_server::checkup::{self, Finding, Level, Subject};
use beckon_server::i18n::Locale;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// What is looked at, and how it is told. Settings are read as `serve` reads them.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: Options,
    /// Prints an array of JSON.
    #[arg(long)]
    json: bool,
    /// Language: en or ru; else that of LANG.
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,
    /// A name server in place of the system's, as 192.0.2.53:53.
    #[arg(long, value_name = "ADDR")]
    dns: Option<SocketAddr>,
    /// An address whose answers tell the time, as https://example.com; else the public origin is asked.
    #[arg(long, value_name = "URL")]
    clock: Option<String>,
}

/// Exits with 1 when something is wrong.
pub fn run(args: &Args) -> Done {
    let locale = locale(args.lang.as_deref())?;
    let mut findings = Vec::new();
    let subject = match args.options.settings() {
        Ok(settings) => {
            findings.push(finding(Level::Ok, "config-good", String::new()));
            Some(Subject {
                dir: settings.config.dir,
                database: settings.config.ops.database,
                smtp_url: settings.config.smtp_url,
                from: settings.config.from,
                public_origin: settings.config.public_origin,
                public: Some(settings.config.public),
                admin: Some(settings.config.admin),
                clock_url: args.clock.clone(),
                dns: args.dns,
                runs_fast: settings.config.time_factor > 1.0,
            })
        }
        Err(why) => {
            findings.push(finding(Level::Wrong, "config-wrong", why));
            // The shop can be looked at all the same.
            let dir = args.options.directory().map(PathBuf::from);
            dir.map(|dir| Subject { dir, clock_url: args.clock.clone(), dns: args.dns, ..Subject::default() })
        }
    };
    let mut wrong = tell(&findings, args.json, locale);
    if let Some(subject) = subject {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.map_err(|why| format!("the program cannot start: {why}"))?;
        runtime.block_on(checkup::run(&subject, |step| {
            wrong |= tell(&step, args.json, locale);
            findings.extend(step);
        }));
    }
    if args.json {
        println!("{}", serde_json::Value::Array(findings.iter().map(|found| json(found, locale)).collect()));
    }
    Ok(if wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn finding(level: Level, found: &'static str, why: String) -> Finding {
    Finding { check: "config", level, found, args: vec![("why", why)] }
}

fn locale(asked: Option<&str>) -> Result<Locale, String> {
    if let Some(asked) = asked {
        return Locale::parse(asked)
            .ok_or_else(|| format!("command line: --lang = \"{asked}\": en or ru is wanted"));
    }
    // In the order in which programs ask (POSIX, 8.2).
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    Ok(set.and_then(|set| Locale::parse(set.split('.').next().unwrap_or(&set))).unwrap_or_default())
}

/// Prints findings as they come; whether one of them is wrong.
fn tell(findings: &[Finding], json: bool, locale: Locale) -> bool {
    for found in findings.iter().filter(|_| !json) {
        println!("[{}] {}: {}", found.level.word(locale), found.title(locale), found.text(locale));
        let mend = found.mend(locale);
        if !mend.is_empty() {
            println!("    → {mend}");
        }
    }
    findings.iter().any(|found| found.level == Level::Wrong)
}

fn json(found: &Finding, locale: Locale) -> serde_json::Value {
    serde_json::json!({
        "check": found.check,
        "level": found.level.code(),
        "found": found.found,
        "text": found.text(locale),
        "mend": found.mend(locale),
    })
}
