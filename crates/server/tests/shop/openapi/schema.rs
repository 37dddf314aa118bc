//! As much of JSON Schema (2020-12) as the description uses: type, properties, required, items, additionalProperties,
//! enum, oneOf, references. A property that is not described is a problem.

use serde_json::Value;

/// Where and how a value is not what the schema says.
pub fn problems(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(document, schema, value, "$", &mut found);
    found
}

fn is_type(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the description has a type `{other}`"),
    }
}

fn check(document: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    if let Some(way) = schema["$ref"].as_str() {
        let named = document.pointer(&way[1..]).unwrap_or_else(|| panic!("{way} leads nowhere"));
        return check(document, named, value, place, found);
    }
    if let Some(either) = schema["oneOf"].as_array() {
        let all: Vec<_> = either.iter().map(|one| problems(document, one, value)).collect();
        if all.iter().all(|wrong| !wrong.is_empty()) {
            found.extend(all.into_iter().flatten().map(|why| format!("{place}: {why}")));
        }
        return;
    }
    // What is described by nothing may be anything.
    if schema.as_object().is_none_or(serde_json::Map::is_empty) {
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|name| is_type(name, value)) {
        found.push(format!("{place} is no {}: {value}", types.join(" or ")));
        return;
    }
    if schema["enum"].as_array().is_some_and(|known| !known.contains(value)) {
        found.push(format!("{place} is not one of {}: {value}", schema["enum"]));
    }
    if let Value::Array(list) = value {
        for (index, item) in list.iter().enumerate() {
            check(document, &schema["items"], item, &format!("{place}[{index}]"), found);
        }
    }
    let Value::Object(object) = value else { return };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !object.contains_key(name) {
            found.push(format!("{place} lacks {name}"));
        }
    }
    for (name, item) in object {
        let place = format!("{place}.{name}");
        match (&schema["properties"][name], &schema["additionalProperties"]) {
            (known @ Value::Object(_), _) => check(document, known, item, &place, found),
            (_, rest @ Value::Object(_)) => check(document, rest, item, &place, found),
            (_, Value::Bool(true)) => {}
            _ => found.push(format!("{place} is not described")),
        }
    }
}

#[test]
fn a_value_of_another_shape_is_told() {
    let schema = serde_json::json!({
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"type": ["string", "null"]}, "b": {"type": "array", "items": {"type": "integer"}}},
    });
    let count = |value| problems(&Value::Null, &schema, &value).len();
    assert_eq!(count(serde_json::json!({"a": null, "b": [1, 2]})), 0);
    assert_eq!(count(serde_json::json!({"b": [1.5, "x"], "c": 1})), 4);
    assert_eq!(count(serde_json::json!([])), 1);
}
