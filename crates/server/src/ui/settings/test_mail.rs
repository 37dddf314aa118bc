//! Settings, sending: the button that sends a test mail.

use super::sending::SendingPage;
use crate::app::App;
use crate::form::Fields;
use crate::ops::test_mail::attempt;
use crate::save::read;
use crate::settings::{MAIN, ShopSettings, kind};
use crate::ui::layout::{Page, broken, html};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// `POST /settings/sending/test`
pub async fn submit(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    let to = fields.text("to").to_owned();
    let tried = attempt(&app, page.locale, &to).await;
    match read::<ShopSettings>(&app, kind::SETTINGS, MAIN).await {
        Ok((settings, version)) => {
            let mut again = SendingPage::new(page, &app, &settings, version);
            (again.tried, again.to) = (Some(tried), to);
            html(&again)
        }
        Err(why) => broken(page, &why),
    }
}
