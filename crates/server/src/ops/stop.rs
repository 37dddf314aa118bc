//! The switch that stops everything.

use crate::app::App;
use crate::save::{Change, Saved, read, save};
use crate::settings::{MAIN, ShopSettings, kind};
use std::sync::Arc;
use std::time::Duration;

/// By then a program that works has followed what another changed.
const FOLLOWED: Duration = Duration::from_millis(1_500);

/// Stops everything, or goes on.
///
/// # Errors
/// What the store said.
pub(crate) async fn set(app: &Arc<App>, by: &str, stopped: bool) -> Result<(), String> {
    // The switch must work whatever others save meanwhile: it is tried again on what they wrote.
    for _ in 0..5 {
        let stored = read::<ShopSettings>(app, kind::SETTINGS, MAIN).await;
        let (mut settings, version) = stored.map_err(|why| why.to_string())?;
        settings.stopped = stopped;
        match save(app, by, vec![Change::put(kind::SETTINGS, MAIN, version, &settings)]).await {
            Saved::Done => {
                if !app.role.owns() {
                    // The owner sends: it looks every second, also when nobody tells it.
                    tokio::time::sleep(FOLLOWED).await;
                }
                return Ok(());
            }
            Saved::Conflict => {}
            Saved::Failed(why) => return Err(why),
        }
    }
    Err("the settings changed five times while they were written".to_owned())
}
