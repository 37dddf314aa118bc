//! Importing a feed in the background, with its progress.

use super::answer::{Answer, Refused};
use super::ask;
use crate::access::audit;
use crate::app::{App, SHOP};
use crate::connect::fetch::Limits;
use crate::connect::import::{self, RefusedFeed, RefusedOffer, Report};
use crate::run::follow;
use crate::when::When;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use beckon_core::time::ShopTime;
use serde::{Deserialize, Serialize};
use std::io::{Cursor, Read};
use std::sync::{Arc, Mutex, PoisonError};

/// Refused offers told of in answers.
const EXAMPLES: usize = 100;

/// The import that runs, or ran last in this program.
#[derive(Debug, Default)]
pub struct Imports(Mutex<Option<Running>>);

/// An import and how far it is.
#[derive(Clone, Debug, Serialize)]
pub struct Running {
    /// Where the feed comes from, without name and password.
    pub source: String,
    /// When it began.
    pub started_at: When,
    /// `running`, `imported` or `refused`.
    pub state: &'static str,
    /// Offers read so far.
    pub read: u64,
    /// What it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Done>,
    /// Why the feed was refused whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<RefusedFeed>,
}

/// What an import did.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)] // The fields are those of `Report`.
pub struct Done {
    pub imported: u64,
    pub changed: u64,
    pub removed: u64,
    pub refused_total: u64,
    pub warnings: u64,
    /// The first refused offers.
    pub refused: Vec<RefusedOffer>,
}

impl From<Report> for Done {
    fn from(mut report: Report) -> Self {
        report.refused.truncate(EXAMPLES);
        Done {
            imported: report.imported,
            changed: report.changed,
            removed: report.removed,
            refused_total: report.refused_total,
            warnings: report.warnings,
            refused: report.refused,
        }
    }
}

/// Where a feed comes from.
pub enum Feed {
    /// An address.
    Url(String),
    /// A file that was sent here.
    File(Vec<u8>),
}

impl Imports {
    /// How far it is; `None` when none ran in this program yet.
    #[must_use]
    pub fn now(&self) -> Option<Running> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Running)) {
        if let Some(running) = self.lock().as_mut() {
            change(running);
        }
    }

    /// Begins an import on a thread of its own.
    ///
    /// # Errors
    /// One is running, or the address is none of the web.
    pub fn begin(self: &Arc<Self>, app: Arc<App>, feed: Feed) -> Result<Running, Refused> {
        let source = match &feed {
            Feed::Url(url) => shown(url)?,
            Feed::File(_) => "file".to_owned(),
        };
        let at = app.now();
        let running =
            Running { source, started_at: When(at), state: "running", read: 0, report: None, refused: None };
        {
            let mut slot = self.lock();
            if slot.as_ref().is_some_and(|running| running.state == "running") {
                let why = "an import is running: wait until it is done";
                return Err(Refused::new(StatusCode::CONFLICT, "busy", why));
            }
            *slot = Some(running.clone());
        }
        let imports = self.clone();
        tokio::task::spawn_blocking(audit::carried(move || {
            let ended = Ended(&imports);
            let done = run(&app, &imports, feed, at);
            imports.change(|running| match done {
                Ok(report) => {
                    (running.state, running.read) = ("imported", report.read);
                    running.report = Some(report.into());
                }
                Err(why) => (running.state, running.refused) = ("refused", Some(why)),
            });
            drop(ended);
            if let Err(why) = follow::reload_if_changed(&app) {
                tracing::error!(%why, "the catalogue cannot be read again");
            }
            app.plane_changed.notify_one();
        }));
        Ok(running)
    }
}

/// Ends an import that ended without saying so, so that the next one can begin.
struct Ended<'a>(&'a Imports);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.change(|running| {
            if running.state == "running" {
                running.state = "refused";
                running.refused = Some(RefusedFeed::said("feed-ended", &[], ""));
            }
        });
    }
}

fn run(app: &App, imports: &Imports, feed: Feed, at: ShopTime) -> Result<Report, RefusedFeed> {
    let mut progress = |read| imports.change(|running| running.read = read);
    match feed {
        Feed::Url(url) => import::feed(&app.plane, SHOP, &url, &limits(app), at, &mut progress),
        Feed::File(bytes) => {
            let plain = unpacked(bytes);
            import::read(&app.plane, SHOP, plain, at, &mut progress)
        }
    }
}

/// A feed that was packed with gzip (RFC 1952: it begins with 1f 8b) is unpacked.
fn unpacked(bytes: Vec<u8>) -> Box<dyn Read> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        // A small file may unpack to anything; no feed is larger than this.
        return Box::new(flate2::read::MultiGzDecoder::new(Cursor::new(bytes)).take(2 << 30));
    }
    Box::new(Cursor::new(bytes))
}

/// What a feed that staff asks for may reach and how large it may be.
fn limits(app: &App) -> Limits {
    let allow_private = app.config.allow_private_feeds;
    Limits { allow_private, temp_dir: app.config.dir.clone(), ..Limits::default() }
}

/// The address without name and password, for people; a file's path is not taken from outside.
fn shown(text: &str) -> Result<String, Refused> {
    let bad = || {
        Refused::bad(format!(
            "`url` is not an address of the web, as https://shop.example/feed.xml: `{text}`"
        ))
    };
    let mut url = url::Url::parse(text.trim()).map_err(|_| bad())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad());
    }
    let cleared = url.set_username("").and_then(|()| url.set_password(None));
    cleared.map_err(|()| bad())?;
    Ok(url.to_string())
}

/// What a shop's server asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    url: String,
}

/// `POST /api/v1/imports`: answers at once; `GET /api/v1/imports/running` tells how far it is.
///
/// # Errors
/// One is running, or the address is none of the web.
pub async fn begin(
    State(app): State<Arc<App>>,
    Extension(imports): Extension<Arc<Imports>>,
    body: Bytes,
) -> Result<(StatusCode, Json<Running>), Refused> {
    let asked: Asked = ask::body(&body, "{\"url\": …}")?;
    let running = imports.begin(app.clone(), Feed::Url(asked.url))?;
    audit::note(&app, "import.begun", &running.source, Vec::new()).await;
    Ok((StatusCode::ACCEPTED, Json(running)))
}

/// `GET /api/v1/imports/running`
///
/// # Errors
/// None ran in this program yet.
pub async fn running(Extension(imports): Extension<Arc<Imports>>) -> Answer<Running> {
    imports.now().map(Json).ok_or_else(|| Refused::missing("import"))
}
