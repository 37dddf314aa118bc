//! A form as it was sent: read without failing, so that every field can be answered with a sentence of its own.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use std::collections::BTreeMap;
use std::convert::Infallible;

/// The guard has already bounded the body.
const FORM_MAX: usize = 2 << 20;

/// The fields of a form, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads `application/x-www-form-urlencoded` (URL Standard §5.1).
    #[must_use]
    pub fn parse(body: &[u8]) -> Fields {
        Fields(url::form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of a field without spaces around it; empty when it was not sent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The first value of a field as it was typed: passwords.
    #[must_use]
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Fields that came in another way than a form.
    #[must_use]
    pub fn of(fields: Vec<(String, String)>) -> Fields {
        Fields(fields)
    }

    /// All values of a field.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All fields, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether a box was ticked or a button of this name was pressed.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// A whole number; `None` for what is none.
    #[must_use]
    pub fn whole(&self, name: &str) -> Option<i64> {
        self.text(name).parse().ok()
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Fields, Infallible> {
        let body = to_bytes(request.into_body(), FORM_MAX).await.unwrap_or_default();
        Ok(Fields::parse(&body))
    }
}

/// Whether a text is an http or https address with a host.
#[must_use]
pub fn is_web(text: &str) -> bool {
    let plain = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    let web = |url: url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    plain && text.contains("://") && url::Url::parse(text).is_ok_and(web)
}

/// What is wrong with a form: a sentence per field. The empty name stands for the form as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors(BTreeMap<&'static str, String>);

impl Errors {
    /// Notes what is wrong with a field; the first word stays.
    pub fn add(&mut self, field: &'static str, text: impl Into<String>) {
        self.0.entry(field).or_insert_with(|| text.into());
    }

    /// What is wrong with a field; empty when nothing is.
    #[must_use]
    pub fn of(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    /// All of them, by field.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(field, text)| (*field, text.as_str()))
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
