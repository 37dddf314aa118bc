//! A test between two ways to fill a block, so that its page has something to say when the demo opens.

use beckon_recommend::block::Strategy;
use beckon_server::app::App;
use beckon_server::blocks::change;
use beckon_server::blocks::live::{Arm, BlockDocument};

/// The block of the product's card that is tested.
const BLOCK: &str = "card-similar";

/// Divides the shoppers: half of them see what is built in, the others what shoppers of the same product looked at.
pub fn begin(app: &App) -> Result<(), String> {
    let state = app.shop();
    let found = state.blocks.get(BLOCK).and_then(|block| block.arms.first());
    let built_in = found.ok_or_else(|| format!("there is no block `{BLOCK}`"))?.block.clone();
    let mut other = built_in.clone();
    other.mix.truncate(1);
    other.mix.iter_mut().for_each(|source| source.strategy = Strategy::ViewedAlsoViewed);
    let arm = |name: &str, block| Arm { name: name.to_owned(), share: 1, block };
    let document = BlockDocument { arms: vec![arm("a", built_in), arm("b", other)] };
    change::keep(app, BLOCK, Some(&document), "demo").map_err(|why| why.to_string())
}
