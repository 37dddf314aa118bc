//! Signed identities: the key, shown once, and the lines for the shop's server and page.

use crate::access::signing::OLD_DAYS;
use crate::app::App;
use crate::form::Fields;
use crate::ops;
use crate::save::Saved;
use crate::ui::layout::{Page, broken, html};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use beckon_core::time::ShopTime;
use std::sync::Arc;

/// How a server signs a user id, by language. Each gives the 64 hexadecimal digits the page sends along.
pub const SERVERS: [(&str, &str); 5] = [
    (
        "PHP",
        "$key = getenv('BECKON_SIGNING_KEY');\n$signature = hash_hmac('sha256', (string) $userId, $key);",
    ),
    (
        "Node",
        "const { createHmac } = require('node:crypto')\nconst key = process.env.BECKON_SIGNING_KEY\nconst signature \
         = createHmac('sha256', key).update(String(userId)).digest('hex')",
    ),
    (
        "Python",
        "import hashlib, hmac, os\nkey = os.environ['BECKON_SIGNING_KEY'].encode()\nsignature = hmac.new(key, \
         str(user_id).encode(), hashlib.sha256).hexdigest()",
    ),
    (
        "Ruby",
        "require 'openssl'\nkey = ENV.fetch('BECKON_SIGNING_KEY')\nsignature = OpenSSL::HMAC.hexdigest('SHA256', \
         key, user_id.to_s)",
    ),
    (
        "Go",
        "mac := hmac.New(sha256.New, []byte(os.Getenv(\"BECKON_SIGNING_KEY\")))\nmac.Write([]byte(userID))\n\
         signature := hex.EncodeToString(mac.Sum(nil))",
    ),
];

/// How the page of who is signed in says so.
const PAGE: &str = "beckon('identify', 'USER_ID', { signature: 'SIGNATURE' })";

/// The same with an address that was signed in its own right.
const PAGE_EMAIL: &str = "beckon('identify', 'USER_ID', {\n  signature: 'SIGNATURE_OF_USER_ID',\n  email: \
                          'ann@example.com', email_signature: 'SIGNATURE_OF_EMAIL'\n})";

#[derive(Template)]
#[template(path = "developers/signing.html")]
struct Signed {
    page: Page,
    /// Whether the shop is in signed mode.
    signed: bool,
    /// The key that was just made: no other page shows it.
    fresh: Option<String>,
    made_at: Option<ShopTime>,
    old_until: Option<ShopTime>,
    servers: &'static [(&'static str, &'static str)],
    call: &'static str,
    call_email: &'static str,
}

/// `GET /developers/signing`
pub async fn page(page: Page, State(app): State<Arc<App>>) -> Response {
    show(page, &app, None)
}

fn show(page: Page, app: &App, fresh: Option<String>) -> Response {
    let state = app.shop();
    let signing = state.signing.as_ref();
    let old = signing.and_then(|signing| signing.old_counts_until(app.clock.wall()));
    html(&Signed {
        page,
        signed: state.settings.mode == "signed",
        fresh,
        made_at: signing.map(|signing| ShopTime(signing.made_at)),
        old_until: old.map(|at| ShopTime(at.0)),
        servers: &SERVERS,
        call: PAGE,
        call_email: PAGE_EMAIL,
    })
}

/// `POST /developers/signing`: another key; the answer is the only page that shows it.
pub async fn renew(page: Page, State(app): State<Arc<App>>, fields: Fields) -> Response {
    match ops::signing::renew(&app, page.by(), fields.text("old") == "end").await {
        (Saved::Done, key) => show(page, &app, Some(key)),
        (Saved::Conflict, _) => page.redirect("/developers/signing", "flash-conflict"),
        (Saved::Failed(why), _) => broken(page, &why),
    }
}
