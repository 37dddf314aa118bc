//! `beckon serve`: the shop, until it is told to stop.

use crate::Done;
use beckon_server::app::Config;
use beckon_server::serve;
use beckon_store::{Options, Store};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Where it lies and where it listens; everything else is set in the admin.
#[derive(clap::Args)]
pub struct Args {
    /// Directory of the shop.
    #[arg(long, env = "BECKON_DATA", value_name = "DIR")]
    data: PathBuf,
    /// Where shops, shoppers and mails reach us.
    #[arg(long, env = "BECKON_PUBLIC", value_name = "ADDR", default_value = "127.0.0.1:8080")]
    public: SocketAddr,
    /// Where staff reaches us: another origin, so that no page of a mail can act for a member of staff.
    #[arg(long, env = "BECKON_ADMIN", value_name = "ADDR", default_value = "127.0.0.1:8081")]
    admin: SocketAddr,
    /// Origin of links in mails, as https://mail.example.com, where a proxy stands before us.
    #[arg(long, env = "BECKON_PUBLIC_ORIGIN", value_name = "URL")]
    public_origin: Option<String>,
    /// How many times as fast as the wall the shop's clock runs; only with a mail relay on this machine.
    #[arg(long, env = "BECKON_TIME_FACTOR", value_name = "N", default_value_t = 1.0)]
    time_factor: f64,
    /// The mail relay, as smtp://user:password@host:port.
    #[arg(long, env = "BECKON_SMTP_URL", value_name = "URL", hide_env_values = true)]
    smtp_url: Option<String>,
    /// The sender, as "Shop <shop@example.com>".
    #[arg(long, env = "BECKON_FROM", value_name = "SENDER")]
    from: Option<String>,
    /// Sessions to the relay at once.
    #[arg(long, env = "BECKON_SMTP_SESSIONS", value_name = "N", default_value_t = 8)]
    smtp_sessions: usize,
    /// Lets staff fetch feeds from this machine and from private networks.
    #[arg(long, env = "BECKON_ALLOW_PRIVATE_FEEDS")]
    allow_private_feeds: bool,
    /// Takes the data as it is, although it is a copy or was moved; without it nothing is sent from a copy.
    #[arg(long)]
    accept_data: bool,
}

/// Serves until SIGTERM or Ctrl-C.
pub fn run(args: &Args) -> Done {
    if !(args.time_factor.is_finite() && args.time_factor > 0.0 && args.time_factor <= 100_000.0) {
        return Err("--time-factor: a number above 0 and at most 100000 is wanted".to_owned());
    }
    log();
    if args.accept_data {
        let store = Store::open(&args.data, &Options::default()).map_err(|why| why.to_string())?;
        store.accept_origin().map_err(|why| why.to_string())?;
    }
    let config = Config {
        dir: args.data.clone(),
        public: args.public,
        admin: args.admin,
        smtp_url: args.smtp_url.clone(),
        from: args.from.clone(),
        public_origin: args.public_origin.clone(),
        time_factor: args.time_factor,
        smtp_sessions: args.smtp_sessions,
        allow_private_feeds: args.allow_private_feeds,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|why| format!("the program cannot start: {why}"))?;
    runtime.block_on(async {
        let running = serve::start(config, None).await?;
        println!("ready: public http://{} admin http://{}", running.public, running.admin);
        told_to_stop().await;
        running.stop().await;
        Ok(ExitCode::SUCCESS)
    })
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

/// Logs to standard error: what `RUST_LOG` asks for, else warnings.
pub fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    // A second call, as in tests, leaves the first one's in place.
    drop(tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init());
}
