//! `beckon serve`: the shop, until it is told to stop.

use crate::Done;
use crate::config::{Format, Options};
use beckon_server::clock::Clock;
use beckon_server::ops::resume;
use beckon_server::serve;
use beckon_store::Store;
use beckon_store::shop::ShopPlane;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Where it lies and where it listens; everything else is set in the admin.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: Options,
    /// Takes the data as it is, although it is a copy or was moved; without it nothing is sent from a copy.
    #[arg(long)]
    accept_data: bool,
}

/// Serves until SIGTERM or Ctrl-C.
pub fn run(args: &Args) -> Done {
    let settings = args.options.settings()?;
    log(settings.log_format, settings.log_level.as_deref());
    let config = settings.config;
    if args.accept_data {
        let place = config.place();
        let options = beckon_store::Options::default();
        let store = Store::open_at(&place, &options).map_err(|why| why.to_string())?;
        let plane = ShopPlane::open_at(&place).map_err(|why| why.to_string())?;
        let head = store.head().map_err(|why| why.to_string())?;
        let (now, at) = Clock::new(head.now, 1.0).read();
        resume::accept(&store, &plane, now, at, "serve --accept-data").map_err(|why| why.to_string())?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|why| format!("the program cannot start: {why}"))?;
    let done = runtime.block_on(async {
        let mut running = serve::start(config, None).await?;
        let role = if running.app.role.owns() { "" } else { ", stands by" };
        println!("ready: public http://{} admin http://{}{role}", running.public, running.admin);
        let lost = tokio::select! {
            () = told_to_stop() => false,
            () = running.lost() => true,
        };
        if lost {
            // Nothing it still has in hand may count: whoever took over has it.
            return Err(
                "another program took the shop over, so this one ends; start it again to stand by".to_owned()
            );
        }
        running.drain().await;
        running.stop().await;
        Ok(ExitCode::SUCCESS)
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    done
}

/// Comes back on SIGTERM or Ctrl-C.
pub async fn told_to_stop() {
    let term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    match term {
        Ok(mut term) => {
            tokio::select! {
                _ = term.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

/// Logs to standard error: our own parts from `level` on; without a level what `RUST_LOG` asks for, else
/// warnings.
pub fn log(format: Format, level: Option<&str>) {
    let filter = match level {
        // Names of what we are built on begin otherwise; of them only warnings.
        Some(level) => {
            EnvFilter::new(format!("warn,{}", OURS.map(|name| format!("{name}={level}")).join(",")))
        }
        None => EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn")),
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call, as in tests, leaves the first one's in place.
    match format {
        Format::Text => drop(builder.try_init()),
        Format::Json => drop(builder.json().flatten_event(true).try_init()),
    }
}

/// Our own parts, as their lines in the log name them.
const OURS: [&str; 8] = [
    "beckon",
    "beckon_channels",
    "beckon_core",
    "beckon_recommend",
    "beckon_render",
    "beckon_server",
    "beckon_sim",
    "beckon_store",
];
