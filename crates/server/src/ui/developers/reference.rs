//! The JSON API for people: its own description, call by call, with requests that run here as they stand.

use crate::access::rights::{Need, Scope};
use crate::api::openapi;
use crate::routes;
use crate::ui::layout::{Page, fragment, html};
use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use std::sync::OnceLock;

/// How deep fields within fields are told.
const DEPTH_MAX: usize = 4;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
}

/// A call of the API.
#[derive(Clone, Debug)]
struct Call {
    /// As `POST`.
    method: String,
    /// As `/api/v1/profiles/{id}`.
    path: String,
    /// What it is about, as its path says.
    noun: String,
    summary: String,
    description: String,
    /// What the key must be allowed; `None` for what anybody may ask.
    scope: Option<Scope>,
    /// Of the path, the query and the header.
    parameters: Vec<Field>,
    /// Of the body.
    body: Vec<Field>,
    /// Of the answer.
    answer: Vec<Field>,
    /// The path with its examples filled in.
    place: String,
    /// The type of the body and its example, where it has one.
    sends: Option<(String, String)>,
    /// An answer.
    example: String,
    /// Status and description of what may go wrong.
    refusals: Vec<(String, String)>,
}

/// A field of a request or an answer.
#[derive(Clone, Debug)]
struct Field {
    name: String,
    /// Type, as `string or null`.
    kind: String,
    required: bool,
    description: String,
    example: String,
}

/// All calls about one thing.
struct Noun {
    name: String,
    calls: Vec<Shown>,
}

/// A call with its request as it runs here.
struct Shown {
    call: &'static Call,
    curl: String,
}

#[derive(Template)]
#[template(path = "developers/reference.html")]
struct Reference {
    page: Page,
    q: String,
    nouns: Vec<Noun>,
}

#[derive(Template)]
#[template(path = "developers/reference_calls.html")]
struct Calls {
    page: Page,
    nouns: Vec<Noun>,
}

/// `GET /developers/api`
pub async fn page(page: Page, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let nouns = found(&origin(&page, &headers), &asked.q);
    html(&Reference { page, q: asked.q, nouns })
}

/// `GET /developers/api/calls`: while somebody types.
pub async fn calls(page: Page, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let nouns = found(&origin(&page, &headers), &asked.q);
    fragment(&headers, &Calls { page, nouns })
}

/// The address under which this page was asked for.
fn origin(page: &Page, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("{}://{host}", if page.secure { "https" } else { "http" })
}

/// The calls in which every word stands, by what they are about.
fn found(origin: &str, q: &str) -> Vec<Noun> {
    let words: Vec<String> = q.split_whitespace().map(str::to_lowercase).collect();
    let mut nouns: Vec<Noun> = Vec::new();
    for call in all().iter().filter(|call| words.iter().all(|word| call.has(word))) {
        let shown = Shown { call, curl: call.curl(origin) };
        match nouns.last_mut().filter(|noun| noun.name == call.noun) {
            Some(noun) => noun.calls.push(shown),
            None => nouns.push(Noun { name: call.noun.clone(), calls: vec![shown] }),
        }
    }
    nouns
}

fn all() -> &'static [Call] {
    static CALLS: OnceLock<Vec<Call>> = OnceLock::new();
    CALLS.get_or_init(|| read(&serde_json::from_str(openapi::TEXT).unwrap_or_default()))
}

impl Call {
    fn has(&self, word: &str) -> bool {
        let fields = self.parameters.iter().chain(&self.body).chain(&self.answer);
        let mut names = fields.map(|field| field.name.as_str());
        let texts = [&self.method, &self.path, &self.summary, &self.description];
        texts.iter().any(|text| text.to_lowercase().contains(word)) || names.any(|name| name.contains(word))
    }

    /// The request for a terminal.
    fn curl(&self, origin: &str) -> String {
        let mut curl = String::from("curl");
        if self.method != "GET" {
            curl.push_str(&format!(" -X {}", self.method));
        }
        if self.scope.is_some() {
            curl.push_str(" -H \"Authorization: Bearer $SERVER_KEY\"");
        }
        let body = self.sends.as_ref().map(|(kind, body)| {
            format!(" \\\n  -H 'Content-Type: {kind}' --data-binary '{}'", body.replace('\'', "'\\''"))
        });
        curl.push_str(&format!(" '{origin}{}'", self.place.replace('\'', "%27")));
        curl + &body.unwrap_or_default()
    }
}

fn read(document: &Value) -> Vec<Call> {
    let table = routes::table();
    let mut calls = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let method = method.to_uppercase();
            let route = table.iter().find(|route| route.path == path && route.method == method.as_str());
            let need = route.map_or(Need::Nobody, |route| route.need);
            let scope = route.and_then(|route| need.scope(&route.method));
            calls.push(call(document, path, method, operation, scope));
        }
    }
    // The document's order within a noun; nouns that come again later stand with their first.
    let nouns: Vec<String> = calls.iter().map(|call| call.noun.clone()).collect();
    calls.sort_by_key(|call| nouns.iter().position(|noun| *noun == call.noun));
    calls
}

fn call(document: &Value, path: &str, method: String, operation: &Value, scope: Option<Scope>) -> Call {
    let parameters: Vec<&Value> = operation["parameters"].as_array().into_iter().flatten().collect();
    let sends = operation["requestBody"]["content"].as_object().and_then(|content| content.iter().next());
    let responses = operation["responses"].as_object();
    let done = responses.into_iter().flatten().find(|(status, _)| status.starts_with('2'));
    let answer = done.and_then(|(_, done)| done["content"].as_object()?.values().next());
    let refused = responses.into_iter().flatten().filter(|(status, _)| !status.starts_with('2'));
    let (mut body, mut told) = (Vec::new(), Vec::new());
    if let Some((_, sent)) = sends {
        fields(document, &sent["schema"], "", true, &mut body);
    }
    if let Some(answer) = answer {
        fields(document, &answer["schema"], "", false, &mut told);
    }
    Call {
        noun: path.split('/').nth(3).unwrap_or("openapi").to_owned(),
        place: place(path, &parameters),
        path: path.to_owned(),
        method,
        summary: text(&operation["summary"]),
        description: text(&operation["description"]),
        scope,
        parameters: parameters.iter().map(|parameter| field_of(document, parameter)).collect(),
        body,
        answer: told,
        sends: sends.map(|(kind, sent)| (kind.clone(), shown(&sent["example"]))),
        example: answer.map(|answer| shown(&answer["example"])).unwrap_or_default(),
        refusals: refused
            .map(|(status, refused)| (status.clone(), text(&resolved(document, refused)["description"])))
            .collect(),
    }
}

/// The path and the query with the examples of the parameters.
fn place(path: &str, parameters: &[&Value]) -> String {
    let (mut path, mut query) = (path.to_owned(), url::form_urlencoded::Serializer::new(String::new()));
    for parameter in parameters.iter().filter(|parameter| !parameter["example"].is_null()) {
        let (name, example) = (text(&parameter["name"]), text(&parameter["example"]));
        match parameter["in"].as_str() {
            Some("path") => path = path.replace(&format!("{{{name}}}"), &example),
            Some("query") => drop(query.append_pair(&name, &example)),
            _ => {}
        }
    }
    let query = query.finish();
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

fn field_of(document: &Value, parameter: &Value) -> Field {
    Field {
        name: text(&parameter["name"]),
        kind: kind(document, &parameter["schema"]),
        required: parameter["required"] == true,
        description: text(&parameter["description"]),
        example: text(&parameter["example"]),
    }
}

/// The fields of an object and of what is within it, called by their way: `items[].product_id`.
fn fields(document: &Value, schema: &Value, way: &str, sent: bool, into: &mut Vec<Field>) {
    let schema = resolved(document, schema);
    if way.matches(['.', '[']).count() > DEPTH_MAX {
        return;
    }
    for one in schema["oneOf"].as_array().into_iter().flatten().take(1) {
        fields(document, one, way, sent, into);
    }
    if !schema["items"].is_null() {
        fields(document, &schema["items"], &format!("{way}[]"), sent, into);
    }
    let required = |name: &str| {
        schema["required"].as_array().is_some_and(|required| required.iter().any(|known| known == name))
    };
    for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
        let way = if way.is_empty() { name.clone() } else { format!("{way}.{name}") };
        into.push(Field {
            kind: kind(document, inner),
            // Of an answer every field is there that is said to be.
            required: sent && required(name),
            description: text(&resolved(document, inner)["description"]),
            example: String::new(),
            name: way.clone(),
        });
        fields(document, inner, &way, sent, into);
    }
}

/// What a value may be, in words.
fn kind(document: &Value, schema: &Value) -> String {
    let schema = resolved(document, schema);
    if let Some(values) = schema["enum"].as_array() {
        return values.iter().map(text).collect::<Vec<_>>().join(" | ");
    }
    let name = match &schema["type"] {
        Value::String(name) => name.clone(),
        Value::Array(names) => names.iter().map(text).collect::<Vec<_>>().join(" | "),
        _ => String::new(),
    };
    match (name.as_str(), &schema["minimum"], &schema["maximum"]) {
        ("array", ..) => format!("{}[]", kind(document, &schema["items"])),
        (_, Value::Number(least), Value::Number(most)) => format!("{name} {least}–{most}"),
        _ => name,
    }
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let reference = value["$ref"].as_str().and_then(|reference| document.pointer(reference.get(1..)?));
    reference.unwrap_or(value)
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// An example as it is read best.
fn shown(example: &Value) -> String {
    match example {
        Value::String(text) => text.clone(),
        other => serde_json::to_string_pretty(other).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n;

    #[test]
    fn every_call_is_there_with_a_request_that_has_no_hole_in_it() {
        let document: Value = serde_json::from_str(openapi::TEXT).unwrap();
        let count: usize =
            document["paths"].as_object().unwrap().values().map(|m| m.as_object().unwrap().len()).sum();
        assert_eq!(all().len(), count);
        for call in all() {
            let curl = call.curl("http://127.0.0.1:8081");
            assert!(!call.place.contains('{'), "{}", call.place);
            assert!(curl.contains("http://127.0.0.1:8081/api/"), "{curl}");
            assert!(!call.summary.is_empty() && !call.example.is_empty(), "{} {}", call.method, call.path);
            assert_eq!(call.scope.is_none(), call.path == "/api/openapi.json", "{}", call.path);
            let key = format!("api-noun-{}", call.noun);
            assert!(i18n::known(&key), "no words for {key}");
            for field in call.parameters.iter().chain(&call.body) {
                assert!(!field.description.is_empty(), "{} {}: {}", call.method, call.path, field.name);
            }
        }
    }

    #[test]
    fn a_search_finds_by_path_field_and_words() {
        let count = |q: &str| found("http://x", q).iter().map(|noun| noun.calls.len()).sum::<usize>();
        assert_eq!(count(""), all().len());
        assert!(count("messages unknown") >= 2 && count("messages unknown") < 10);
        assert!(count("CONSENT") > 0 && count("messages zebra") == 0);
    }

    #[test]
    fn what_is_quoted_for_a_terminal_stays_quoted() {
        let mut call = all()[0].clone();
        call.sends = Some(("application/json".to_owned(), "{\"a\": \"it's\"}".to_owned()));
        assert!(call.curl("http://x").ends_with(r#"'{"a": "it'\''s"}'"#));
    }
}
