//! The people who work here: listed, invited, given a role, sent away.

use super::answer::{self, Answer, Refused};
use super::ask;
use super::settings::BY;
use crate::access::invite;
use crate::access::invite::link_of;
use crate::access::rights::Role;
use crate::access::session;
use crate::access::staff::{self, Trouble};
use crate::app::App;
use crate::save::{Change, save};
use crate::settings::kind;
use crate::when::When;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use beckon_core::time::ShopTime;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Somebody who may sign in.
#[derive(Debug, Serialize)]
pub struct Person {
    email: String,
    role: String,
    locale: String,
}

/// A link that nobody used yet.
#[derive(Debug, Serialize)]
pub struct Open {
    id: String,
    email: String,
    /// Empty: a new password of somebody who has access.
    role: String,
    until: When,
}

/// Everybody, and who is asked in.
#[derive(Debug, Serialize)]
pub struct People {
    staff: Vec<Person>,
    invitations: Vec<Open>,
}

impl From<Trouble> for Refused {
    fn from(trouble: Trouble) -> Self {
        let text = trouble.to_string();
        match trouble {
            Trouble::Email | Trouble::Exists => Refused::field("email", text),
            Trouble::Password | Trouble::WellKnown => Refused::field("password", text),
            Trouble::Nobody => Refused::missing("member of staff"),
            Trouble::Link => Refused::missing("invitation"),
            Trouble::LastOwner => Refused::new(StatusCode::CONFLICT, "last_owner", text),
            Trouble::Store(_) => Refused::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", text),
        }
    }
}

fn read(app: &App) -> Result<People, Refused> {
    let now = app.clock.wall().0;
    let person = |(email, document): (String, crate::settings::StaffDocument)| Person {
        email,
        role: document.role,
        locale: document.locale,
    };
    let open = |(id, _, of): (String, u64, invite::Invitation)| Open {
        id,
        email: of.email,
        role: of.role,
        until: When(ShopTime(of.until)),
    };
    Ok(People {
        staff: staff::all(&app.plane)?.into_iter().map(person).collect(),
        invitations: invite::all(&app.plane)?.into_iter().filter(|of| of.2.until >= now).map(open).collect(),
    })
}

/// `GET /api/v1/staff`
///
/// # Errors
/// The store cannot be read.
pub async fn list(State(app): State<Arc<App>>) -> Answer<People> {
    answer::work(app, read).await.map(Json)
}

/// Somebody to be asked in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    email: String,
    role: String,
}

/// A link by which somebody sets her own password.
#[derive(Debug, Serialize)]
pub struct Invited {
    email: String,
    /// Good once, for two days; no other answer has it.
    link: String,
}

fn role_of(code: &str) -> Result<Role, Refused> {
    let why =
        || Refused::field("role", format!("`{code}` is no role: use owner, marketer, analyst or developer"));
    Role::parse(code).ok_or_else(why)
}

/// `POST /api/v1/staff`: a link for somebody new.
///
/// # Errors
/// The address or the role is none, or she has access already.
pub async fn invite(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Invited>), Refused> {
    let wanted: Wanted = ask::body(&body, "{\"email\": …, \"role\": …}")?;
    let role = role_of(&wanted.role)?;
    Ok((StatusCode::CREATED, Json(link(app, &headers, wanted.email, Some(role)).await?)))
}

/// `POST /api/v1/staff/{email}/reset`: a link for who lost her password.
/// The old one stays good until it is used.
///
/// # Errors
/// There is nobody with this address.
pub async fn reset(
    State(app): State<Arc<App>>,
    Path(email): Path<String>,
    headers: HeaderMap,
) -> Result<(StatusCode, Json<Invited>), Refused> {
    Ok((StatusCode::CREATED, Json(link(app, &headers, email, None).await?)))
}

async fn link(
    app: Arc<App>,
    headers: &HeaderMap,
    email: String,
    role: Option<Role>,
) -> Result<Invited, Refused> {
    let locale = answer::locale(&app, headers);
    let to = email.clone();
    let make = move |app: &App| Ok(invite::make(&app.plane, &to, role, locale, app.clock.wall(), BY)?);
    let path = answer::work(app, make).await?;
    Ok(Invited { email, link: link_of(session::is_secure(headers), headers, &path) })
}

/// Another role.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Another {
    role: String,
}

/// `PATCH /api/v1/staff/{email}`: another role, which ends the sessions of whoever has it.
///
/// # Errors
/// The role is none, she is not there, or no owner would be left.
pub async fn role(State(app): State<Arc<App>>, Path(email): Path<String>, body: Bytes) -> Answer<People> {
    let another: Another = ask::body(&body, "{\"role\": …}")?;
    let role = role_of(&another.role)?;
    let work = move |app: &App| {
        staff::set_role(&app.plane, &email.to_lowercase(), role)?;
        app.plane_changed.notify_one();
        read(app)
    };
    answer::work(app, work).await.map(Json)
}

/// `DELETE /api/v1/staff/{email}`: takes her access away at once.
///
/// # Errors
/// She is not there, or no owner would be left.
pub async fn remove(State(app): State<Arc<App>>, Path(email): Path<String>) -> Answer<People> {
    let work = move |app: &App| {
        staff::remove(&app.plane, &email.to_lowercase(), BY)?;
        app.plane_changed.notify_one();
        read(app)
    };
    answer::work(app, work).await.map(Json)
}

/// `DELETE /api/v1/invitations/{id}`: the link is no good any more.
///
/// # Errors
/// There is no such link.
pub async fn withdraw(State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer<People> {
    let all = answer::work(app.clone(), |app| Ok(invite::all(&app.plane)?)).await?;
    let found = all.into_iter().find(|(name, ..)| *name == id);
    let (name, version, _) = found.ok_or_else(|| Refused::missing("invitation"))?;
    Result::from(save(&app, BY, vec![Change::delete(kind::INVITATION, &name, version)]).await)?;
    answer::work(app, read).await.map(Json)
}
