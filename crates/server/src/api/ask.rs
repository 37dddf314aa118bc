//! How a request is read: its query, its body, and a body that changes some fields of a form. Whatever cannot be read
//! is a problem that names the field.

use super::answer::Refused;
use crate::form::Fields;
use axum::body::to_bytes;
use axum::extract::{FromRequestParts, Query as AxumQuery};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The longest refusal of the framework that is read.
const REFUSAL_MAX: usize = 4096;

/// The query of a request, as axum reads it, refused as a problem.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Query<T>, Refused> {
        match AxumQuery::<T>::from_request_parts(parts, state).await {
            Ok(AxumQuery(query)) => Ok(Query(query)),
            Err(why) => Err(of_query(&why.body_text())),
        }
    }
}

/// The framework writes `Failed to deserialize query string: limit: invalid digit found in string`.
fn of_query(text: &str) -> Refused {
    let why = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(text);
    let named = why.split_once(": ").filter(|(field, _)| is_name(field));
    match named {
        Some((field, why)) => Refused { status: StatusCode::BAD_REQUEST, ..Refused::field(field, why) },
        None => Refused::bad(why),
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A body as JSON; `shape` shows what it looks like.
///
/// # Errors
/// It is no JSON, or not of this shape; a field that is missing or unknown is named.
pub fn body<T: DeserializeOwned>(body: &[u8], shape: &str) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|why| {
        let why = why.to_string();
        let named = ["unknown field `", "missing field `"].iter().find_map(|mark| {
            let (_, rest) = why.split_once(mark)?;
            rest.split_once('`').map(|(field, _)| field.to_owned())
        });
        let text = format!("the body is {shape}: {why}");
        match named {
            Some(field) => Refused { status: StatusCode::BAD_REQUEST, ..Refused::field(&field, text) },
            None => Refused::bad(text),
        }
    })
}

/// Some fields of a form as JSON over what stands in it: the form as a browser would send it, and the version that the
/// caller read, where she says so. `also` names fields that are written and never shown.
///
/// # Errors
/// The body is no object, or names a field that is not there.
pub fn form(shown: &Value, also: &[&str], body: &[u8]) -> Result<(Fields, Option<u64>), Refused> {
    let mut asked: Map<String, Value> = self::body(body, "an object with the fields to change")?;
    let version = match asked.remove("version") {
        None | Some(Value::Null) => None,
        Some(version) => Some(version.as_u64().ok_or_else(|| {
            Refused::field("version", "`version` is the whole number that was read with the fields")
        })?),
    };
    let mut fields = Vec::new();
    for (name, value) in shown.as_object().into_iter().flatten() {
        let value = asked.remove(name).unwrap_or_else(|| value.clone());
        fields.push((name.clone(), text(name, &value)?));
    }
    for name in also {
        if let Some(value) = asked.remove(*name) {
            fields.push(((*name).to_owned(), text(name, &value)?));
        }
    }
    match asked.keys().next() {
        None => Ok((Fields::of(fields), version)),
        Some(unknown) => {
            let known: Vec<&str> = shown.as_object().into_iter().flatten().map(|(name, _)| &**name).collect();
            let known = [&known[..], also].concat().join(", ");
            Err(Refused::field(unknown, format!("there is no field `{unknown}`: there are {known}")))
        }
    }
}

/// A value as a form would hold it.
fn text(field: &str, value: &Value) -> Result<String, Refused> {
    let line = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null => Some(String::new()),
        _ => None,
    };
    let text = match value {
        Value::Array(list) => list.iter().map(line).collect::<Option<Vec<_>>>().map(|lines| lines.join("\n")),
        other => line(other),
    };
    text.ok_or_else(|| Refused::field(field, format!("`{field}` is a text, a number, or a list of texts")))
}

/// An answer that the framework made itself (a method that is not there, a path or a body it could not read) as the
/// problem that the API promises.
pub async fn as_problem(response: Response) -> Response {
    let status = response.status();
    let kind =
        response.headers().get(CONTENT_TYPE).map(|kind| kind.as_bytes().to_owned()).unwrap_or_default();
    if !(status.is_client_error() || status.is_server_error()) || kind.ends_with(b"json") {
        return response;
    }
    let (parts, body) = response.into_parts();
    let text = to_bytes(body, REFUSAL_MAX).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let (code, text) = match status {
        StatusCode::METHOD_NOT_ALLOWED => ("method_not_allowed", "there is no such method on this path"),
        StatusCode::PAYLOAD_TOO_LARGE => ("too_large", "the body is too large: send at most 2 MiB"),
        _ if status.is_server_error() => ("internal", "the request failed here"),
        _ if text.trim().is_empty() => ("bad_request", "the request cannot be read"),
        _ => ("bad_request", text.trim()),
    };
    let mut answer = Refused::new(status, code, text).into_response();
    if let Some(allow) = parts.headers.get("allow") {
        answer.headers_mut().insert("allow", allow.clone());
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_form_is_what_stands_there_with_what_was_asked_over_it() {
        let shown = json!({"name": "Kettles", "phones": ["1", "2"], "days": 7});
        let (fields, version) = form(&shown, &["key"], br#"{"days": 9, "key": "k", "version": 4}"#).unwrap();
        assert_eq!((fields.text("name"), fields.text("phones"), version), ("Kettles", "1\n2", Some(4)));
        assert_eq!((fields.text("days"), fields.text("key")), ("9", "k"));
        for (bad, field) in [
            (r#"{"nme": 1}"#, "nme"),
            (r#"{"name": {}}"#, "name"),
            (r#"{"phones": [[]]}"#, "phones"),
            (r#"{"version": "x"}"#, "version"),
        ] {
            let refused = form(&shown, &[], bad.as_bytes()).unwrap_err();
            assert_eq!(refused.field.unwrap().0, field, "{bad}");
        }
        assert!(form(&shown, &[], b"[]").is_err());
    }

    #[test]
    fn a_query_that_cannot_be_read_names_its_field() {
        let refused = of_query("Failed to deserialize query string: limit: invalid digit found in string");
        assert_eq!(refused.field.unwrap().0, "limit");
        assert!(of_query("Failed to deserialize query string: missing field `x`").field.is_none());
    }
}
