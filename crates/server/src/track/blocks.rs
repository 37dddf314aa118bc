//! What beckon.js reports of recommendations: blocks that came into view, and clicks on what they showed.

use super::Reason;
use super::item::Item;
use super::json::Json;
use super::products;
use beckon_core::event::{BlockSeen, Fact};
use beckon_core::limits::BLOCKS_SEEN_MAX;

/// The longest name of a block or of an arm.
const NAME_MAX: usize = 60;

/// Blocks that came into view: `blocks: [{block, arm}]`, or one of them by itself.
pub fn seen(item: &mut Item) -> Option<Fact> {
    let properties = item.properties();
    let blocks: Vec<BlockSeen> = match properties.at("blocks").list() {
        Some(list) => list.iter().take(BLOCKS_SEEN_MAX).filter_map(block).collect(),
        None => block(properties).into_iter().collect(),
    };
    if blocks.is_empty() {
        item.flag(Reason::NoBlock, "block");
        return None;
    }
    Some(Fact::BlocksSeen { blocks })
}

/// A click on a recommended product: `block`, `arm`, `product_id`.
pub fn clicked(item: &mut Item) -> Option<Fact> {
    let Some(BlockSeen { block, arm }) = block(item.properties()) else {
        item.flag(Reason::NoBlock, "block");
        return None;
    };
    products::item_of(item).map(|item| Fact::BlockClicked { block, arm, item })
}

fn block(json: &Json) -> Option<BlockSeen> {
    let arm = match json.at("arm") {
        missing if missing.is_null() => String::new(),
        arm => name(arm)?,
    };
    Some(BlockSeen { block: name(json.at("block"))?, arm })
}

fn name(json: &Json) -> Option<String> {
    let text = json.text()?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (!text.is_empty() && text.len() <= NAME_MAX && text.chars().all(plain)).then(|| text.into_owned())
}
