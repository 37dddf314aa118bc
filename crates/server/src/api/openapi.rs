//! The description of the API (OpenAPI 3.1), kept as a file beside this one.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// The description.
pub const TEXT: &str = include_str!("openapi.json");

/// `GET /api/openapi.json`
pub async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], TEXT).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_description_and_the_table_name_the_same_routes() {
        let document: serde_json::Value = serde_json::from_str(TEXT).unwrap();
        let mut described = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                described.insert((method.to_uppercase(), path.clone()));
            }
        }
        let routes = crate::routes::table();
        let routes = routes.iter().filter(|route| route.path.starts_with("/api"));
        let served: BTreeSet<_> =
            routes.map(|route| (route.method.to_string(), route.path.to_owned())).collect();
        assert_eq!(described, served);
    }

    #[test]
    fn every_operation_has_an_example_and_every_reference_leads_somewhere() {
        let document: serde_json::Value = serde_json::from_str(TEXT).unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let responses = operation["responses"].as_object().unwrap();
                let (_, done) = responses.iter().find(|(status, _)| status.starts_with('2')).unwrap();
                let content = done["content"].as_object().unwrap();
                assert!(content.values().all(|body| !body["example"].is_null()), "{method} {path}");
                for reference in responses.values().filter_map(|response| response["$ref"].as_str()) {
                    assert!(!document.pointer(&reference[1..]).unwrap().is_null(), "{reference}");
                }
                let named: Vec<&str> =
                    path.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                for name in named {
                    assert!(parameters.iter().any(|known| known["name"] == name && known["in"] == "path"));
                }
            }
        }
    }
}
