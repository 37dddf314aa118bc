//! A message as it was sent. The sender keeps what it was made of: the facts, the digest of the template's text, the
//! sender, the origin of its links. From these it is made again, byte for byte, whatever the shop has changed since.

use crate::app::{App, SHOP};
use crate::shop_state::{compile_template, digest};
use beckon_channels::{Address, mime};
use beckon_core::time::WallTime;
use beckon_render::{Envelope, Facts, Links, MessageClass, RenderError, Rendered, Template, headers, render};
use beckon_store::MessageRow;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is kept of a message that was handed over: enough to make it again. What an older release kept lacks the later
/// fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    /// Language it was written in.
    pub locale: String,
    /// What the template saw.
    pub facts: Facts,
    /// Key of the template, `name.locale`.
    pub template: String,
    /// Digest of the template's text, in hexadecimal; the shop's plane has the text.
    pub text: String,
    /// Origin of its links.
    pub origin: String,
    /// Who wrote, as `Shop <shop@example.com>`.
    pub from: String,
    /// To whom.
    pub to: String,
    /// The date it carries, in milliseconds.
    pub date: i64,
    /// Digest of what was rendered, in hexadecimal: a later release that renders otherwise is noticed.
    pub rendered: String,
}

/// A message as its reader has it.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Subject, HTML and text.
    pub rendered: Rendered,
    /// Headers beside those of the letter itself, in their order.
    pub headers: Vec<(String, String)>,
    /// Its id without brackets.
    pub message_id: String,
}

/// Why a message cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotShown {
    /// It was never handed to a channel, or what it said is no longer kept.
    Nothing,
    /// Its template is gone, or cannot be read any more.
    Template(String),
    /// The store does not answer.
    Unavailable(String),
}

/// A message made again.
#[derive(Clone, Debug)]
pub struct Sent {
    /// What it was made of.
    pub kept: Kept,
    /// The message.
    pub letter: Letter,
    /// Whether it is, byte for byte, what was sent; otherwise it is made with today's template or program.
    pub exact: bool,
}

/// What the sender keeps of a message besides its facts, or what is missing.
///
/// # Errors
/// There is no such template.
pub fn keep(
    app: &App,
    row: &MessageRow,
    locale: String,
    facts: Facts,
) -> Result<(Kept, Arc<Template>), String> {
    let state = app.shop();
    let key = state.template_key(&row.template, &locale);
    let found = key.and_then(|key| Some((state.templates.get(&key)?.clone(), *state.texts.get(&key)?, key)));
    let (template, text, key) = found.ok_or_else(|| format!("there is no template `{}`", row.template))?;
    let text = format!("{text:016x}");
    let kept = Kept { locale, facts, template: key, text, origin: app.public_origin(), ..Kept::default() };
    Ok((kept, template))
}

/// Makes a message of what was kept; the same for the same.
///
/// # Errors
/// The template stops the message or cannot cope with the facts.
pub fn letter(
    row: &MessageRow,
    kept: &Kept,
    template: &Template,
    links: &Links,
) -> Result<Letter, RenderError> {
    let domain = Address::parse(&kept.from).map(|from| from.domain().to_owned()).unwrap_or_default();
    let about = Envelope {
        message: row.id.0,
        class: if row.lane == 0 { MessageClass::Transactional } else { MessageClass::Marketing },
        purpose: "marketing",
        shop_name: &kept.facts.shop.name,
        campaign: &row.journey,
        template: &row.template,
        sender: &domain,
        mailto_domain: None,
    };
    let headers = headers(links, &about).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let rendered = render(template, &kept.facts, links, row.id.0)?;
    Ok(Letter { rendered, headers, message_id: format!("{}@{domain}", row.id) })
}

/// The bytes of a mail, before they are signed.
///
/// # Errors
/// An address or a header cannot be written.
pub fn mime(kept: &Kept, letter: &Letter) -> Result<Vec<u8>, String> {
    let from = Address::parse(&kept.from).map_err(|why| why.to_string())?;
    let to = Address::parse(&kept.to).map_err(|why| why.to_string())?;
    mime::build(&mime::Mail {
        from: &from,
        to: &to,
        subject: &letter.rendered.subject,
        date: WallTime(kept.date),
        message_id: &letter.message_id,
        headers: &letter.headers,
        text: &letter.rendered.text,
        html: Some(&letter.rendered.html),
    })
    .map_err(|why| why.to_string())
}

/// What tells a rendering from another, in hexadecimal.
#[must_use]
pub fn fingerprint(rendered: &Rendered) -> String {
    let all =
        [&rendered.subject, &rendered.html, &rendered.text].map(|part| format!("{}:{part}", part.len()));
    format!("{:016x}", xxhash_rust::xxh3::xxh3_64(all.concat().as_bytes()))
}

/// What was kept of a message; `None` when it was never handed over, or is no longer kept.
#[must_use]
pub fn kept(row: &MessageRow) -> Option<Kept> {
    serde_json::from_slice(&row.body).ok()
}

/// A message as it was sent.
///
/// # Errors
/// See [`NotShown`].
pub fn again(app: &App, row: &MessageRow) -> Result<Sent, NotShown> {
    let kept = kept(row).ok_or(NotShown::Nothing)?;
    let (template, same) = template(app, row, &kept)?;
    let origin = if kept.origin.is_empty() { app.public_origin() } else { kept.origin.clone() };
    let links = Links::new(&origin, &app.shop().secret);
    let broken = |why: RenderError| NotShown::Template(why.to_string());
    let letter = letter(row, &kept, &template, &links).map_err(broken)?;
    let exact = same && fingerprint(&letter.rendered) == kept.rendered;
    Ok(Sent { kept, letter, exact })
}

/// The template as it was, and whether it is that: what an older release sent is shown with today's.
fn template(app: &App, row: &MessageRow, kept: &Kept) -> Result<(Arc<Template>, bool), NotShown> {
    let state = app.shop();
    let known = u64::from_str_radix(&kept.text, 16).ok();
    if let Some(wanted) = known {
        if state.texts.get(&kept.template) == Some(&wanted)
            && let Some(template) = state.templates.get(&kept.template)
        {
            return Ok((template.clone(), true));
        }
        let text = app.plane.text(SHOP, wanted).map_err(|why| NotShown::Unavailable(why.to_string()))?;
        if let Some(text) = text.filter(|text| digest(text) == wanted) {
            let template = compile_template(&kept.template, &text).map_err(NotShown::Template)?;
            return Ok((Arc::new(template), true));
        }
    }
    let today = state.template(&row.template, &kept.locale);
    let gone = || NotShown::Template(format!("there is no template `{}` any more", row.template));
    today.map(|template| (template, false)).ok_or_else(gone)
}

/// Where the pictures of a message may come from: the shop's logo, its site, and the pictures of the goods shown.
#[must_use]
pub fn picture_origins(kept: &Kept) -> BTreeSet<String> {
    let facts = &kept.facts;
    let goods = facts.items.iter().chain(facts.beside()).filter_map(|item| item.picture.as_deref());
    let shop = [facts.shop.logo.as_deref(), facts.shop.site.as_deref(), Some(kept.origin.as_str())];
    let origin = |address: &str| {
        let url = url::Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        // What a header cannot hold stands in no origin that a browser would load from.
        let origin = url.origin().ascii_serialization();
        origin.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/.-[]".contains(&byte)).then_some(origin)
    };
    goods.chain(shop.into_iter().flatten()).filter_map(origin).collect()
}
