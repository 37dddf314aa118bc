//! Recommendations on the shop's pages, as its shoppers see them: the widgets of a page are asked for as
//! a browser does, what came into view is told, and now and then something in them is chosen.

use crate::chance::Chance;
use serde_json::{Value, json};

/// Of a hundred pages, those on which she comes down to the widgets.
const LOOKS_DOWN: u64 = 40;
/// Of a hundred blocks she sees, those in which she finds nothing, whatever stands there.
const PASSES_BY: u64 = 82;

/// What a page's widgets are asked for: the body of a question; `None` where there are none, or where she
/// does not look.
pub(super) fn question(chance: Chance, write_key: &str, call: &Value) -> Option<Value> {
    let id = call["messageId"].as_str()?;
    if call["type"] != "page" || !chance.percent("looks down the page", &[chance.bits(id, &[])], LOOKS_DOWN) {
        return None;
    }
    let path = call["properties"]["path"].as_str()?;
    let (show, product) = match path {
        "/" => ("home", None),
        "/cart" => ("cart", None),
        _ => ("product_card", Some(path.strip_prefix("/product/")?)),
    };
    Some(json!({
        "writeKey": write_key,
        "show": show,
        "products": product.as_slice(),
        "anonymousId": call["anonymousId"],
    }))
}

/// What came of a look at the widgets.
pub(super) struct Look {
    /// What the page tells: the blocks that came into view, and the click.
    pub(super) calls: Vec<Value>,
    /// The offer she chose.
    pub(super) chosen: Option<String>,
}

/// What she makes of the answer; `page` is the call of the page.
pub(super) fn look(chance: Chance, page: &Value, answer: &Value) -> Option<Look> {
    let id = page["messageId"].as_str()?;
    let blocks: Vec<&Value> = answer["blocks"].as_array()?.iter().filter(|block| has_items(block)).collect();
    if blocks.is_empty() {
        return None;
    }
    let told = |event: &str, number: usize, properties: Value| {
        let mut call = page.clone();
        call["type"] = "track".into();
        call["event"] = event.into();
        call["messageId"] = format!("{id}-w{number}").into();
        call["properties"] = properties;
        call
    };
    // Where there is no test there is no arm, and beckon.js says none.
    let named = |block: &Value| match block["arm"].as_str() {
        None | Some("") => json!({ "block": block["block"] }),
        Some(arm) => json!({ "block": block["block"], "arm": arm }),
    };
    let seen: Vec<Value> = blocks.iter().map(|block| named(block)).collect();
    let mut calls = vec![told("Recommendations Viewed", 0, json!({ "blocks": seen }))];
    let about = chance.bits(id, &[]);
    let choice = blocks.iter().zip(0_u64..).find_map(|(block, place)| {
        let items = block["items"].as_array()?;
        // What stands further in front is chosen more often.
        let drawn = |question: &str| chance.below(question, &[about, place], items.len() as u64);
        let item = items.get(drawn("which of a block").min(drawn("or which")) as usize)?["id"].as_str()?;
        let chosen = !chance.percent("passes by", &[about, place], PASSES_BY);
        chosen.then(|| (named(block), item.to_owned()))
    });
    let chosen = choice.map(|(mut properties, item)| {
        properties["product_id"] = item.clone().into();
        calls.push(told("Recommendation Clicked", 1, properties));
        item
    });
    Some(Look { calls, chosen })
}

fn has_items(block: &Value) -> bool {
    block["items"].as_array().is_some_and(|items| !items.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(number: u32, path: &str) -> Value {
        json!({ "type": "page", "messageId": format!("m{number}"), "anonymousId": "a-1",
            "properties": { "path": path } })
    }

    #[test]
    fn widgets_are_asked_for_where_they_stand() {
        let chance = Chance::new(3);
        let of = |path: &str| (0..100).find_map(|number| question(chance, "WK", &page(number, path)));
        assert_eq!(of("/").unwrap()["show"], "home");
        let card = of("/product/7-1").unwrap();
        assert_eq!(
            (&card["show"], &card["products"], &card["anonymousId"]),
            (&json!("product_card"), &json!(["7-1"]), &json!("a-1"))
        );
        assert_eq!(of("/checkout"), None);
        let asked = (0..1_000).filter(|n| question(chance, "WK", &page(*n, "/")).is_some()).count();
        assert!((300..500).contains(&asked), "{asked}");
    }

    #[test]
    fn every_block_is_told_and_some_are_chosen_from() {
        let chance = Chance::new(3);
        let block = |name: &str, items: Value| json!({ "block": name, "arm": "b", "items": items });
        let answer = json!({ "blocks": [block("one", json!([{ "id": "1" }, { "id": "2" }])),
            block("none", json!([]))] });
        let mut chosen = 0;
        for number in 0..500 {
            let look = look(chance, &page(number, "/"), &answer).unwrap();
            assert_eq!(look.calls[0]["event"], "Recommendations Viewed");
            assert_eq!(look.calls[0]["properties"]["blocks"], json!([{ "block": "one", "arm": "b" }]));
            assert_eq!(look.calls.len(), 1 + usize::from(look.chosen.is_some()));
            if let Some(item) = look.chosen {
                chosen += 1;
                assert_eq!(look.calls[1]["properties"]["product_id"], item);
                assert_ne!(look.calls[0]["messageId"], look.calls[1]["messageId"]);
            }
        }
        assert!((50..150).contains(&chosen), "{chosen} of 500");
        assert!(look(chance, &page(1, "/"), &json!({ "blocks": [] })).is_none());
    }
}
