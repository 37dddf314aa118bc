//! The blocks of a shop: those built in, with its own in their place, the arms of their tests, and where they stand.

use beckon_core::hash::{Tag, hash};
use beckon_core::ids::ShopId;
use beckon_recommend::block::{Block, Channel, Placement, built_in};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most arms of a test.
pub const ARMS_MAX: usize = 4;

/// A block of the shop's own, as kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BlockDocument {
    /// One, or several that are tested against each other.
    pub arms: Vec<Arm>,
}

/// One way to fill a block.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Arm {
    /// Name within the block; empty where there is no test.
    pub name: String,
    /// Share of the shoppers, relative to the sum of all arms.
    pub share: u16,
    /// What it shows.
    pub block: Block,
}

/// Which blocks stand in a place on a channel, as kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceDocument {
    /// Names, from top to bottom.
    pub blocks: Vec<String>,
}

/// A block in use.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveBlock {
    /// Name.
    pub name: String,
    /// The shop's own, or changed by it; else built in.
    pub is_own: bool,
    /// One or more.
    pub arms: Vec<Arm>,
}

/// All blocks of a shop.
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    by_name: BTreeMap<String, Arc<LiveBlock>>,
    places: BTreeMap<String, Vec<String>>,
}

/// Every place with the channels on which something may stand there.
pub fn places() -> impl Iterator<Item = (Placement, Channel)> {
    let on_site = [Channel::Web, Channel::MobileWeb, Channel::App];
    let site = Placement::ON_SITE.iter().flat_map(move |place| on_site.map(|channel| (*place, channel)));
    site.chain(Placement::IN_MESSAGES.iter().map(|place| (*place, Channel::Message)))
}

/// The stable name of a place or a channel, as in JSON.
#[must_use]
pub fn text_of(named: &impl Serialize) -> String {
    serde_json::to_value(named).ok().and_then(|value| Some(value.as_str()?.to_owned())).unwrap_or_default()
}

/// The name of the document of a place on a channel.
#[must_use]
pub fn place_key(place: &str, channel: Channel) -> String {
    format!("{place}.{}", text_of(&channel))
}

impl Blocks {
    /// The blocks in force: a document that cannot be used is told of, and what is built in stands in its place.
    #[must_use]
    pub fn of(
        own: &BTreeMap<String, BlockDocument>,
        own_places: &BTreeMap<String, PlaceDocument>,
        troubles: &mut Vec<String>,
    ) -> Blocks {
        let mut blocks = Blocks::default();
        for (place, channel) in places() {
            let shipped = built_in(place, channel);
            for block in shipped {
                let arm = Arm { name: String::new(), share: 1, block: block.clone() };
                let live = LiveBlock { name: block.name.clone(), is_own: false, arms: vec![arm] };
                blocks.by_name.insert(block.name.clone(), Arc::new(live));
            }
            let key = place_key(&text_of(&place), channel);
            blocks.places.insert(key, shipped.iter().map(|block| block.name.clone()).collect());
        }
        for (name, document) in own {
            match check(name, document) {
                Ok(()) => {
                    let live = LiveBlock { name: name.clone(), is_own: true, arms: document.arms.clone() };
                    blocks.by_name.insert(name.clone(), Arc::new(live));
                }
                Err(why) => troubles.push(format!("block {name}: {why}")),
            }
        }
        for (key, document) in own_places {
            if blocks.places.contains_key(key) {
                blocks.places.insert(key.clone(), document.blocks.clone());
            }
        }
        blocks
    }

    /// A block by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<LiveBlock>> {
        self.by_name.get(name)
    }

    /// All of them by name.
    pub fn all(&self) -> impl Iterator<Item = &Arc<LiveBlock>> {
        self.by_name.values()
    }

    /// The blocks of a place on a channel, from top to bottom; `None` when there is no such place.
    #[must_use]
    pub fn at(&self, place: &str, channel: Channel) -> Option<Vec<&Arc<LiveBlock>>> {
        let names = self.places.get(&place_key(place, channel))?;
        Some(names.iter().filter_map(|name| self.by_name.get(name)).collect())
    }

    /// Where a block stands, as `home.web`.
    #[must_use]
    pub fn places_of(&self, name: &str) -> Vec<&str> {
        let stands = self.places.iter().filter(|(_, names)| names.iter().any(|known| known == name));
        stands.map(|(key, _)| key.as_str()).collect()
    }

    /// Names of blocks with those of their arms: what decisions may count.
    #[must_use]
    pub fn names(&self) -> BTreeMap<String, BTreeSet<String>> {
        let arms = |block: &Arc<LiveBlock>| block.arms.iter().map(|arm| arm.name.clone()).collect();
        self.by_name.iter().map(|(name, block)| (name.clone(), arms(block))).collect()
    }
}

impl LiveBlock {
    /// The arm somebody is in: drawn by hash, so that she sees the same one wherever the block stands.
    #[must_use]
    pub fn arm(&self, shop: ShopId, unit: &str) -> Option<&Arm> {
        let sum: u64 = self.arms.iter().map(|arm| u64::from(arm.share)).sum();
        let drawn = hash(Tag::Arm, shop, &[b"block", self.name.as_bytes(), unit.as_bytes()]) % sum.max(1);
        let mut upto = 0;
        let mut arms = self.arms.iter();
        arms.find(|arm| {
            upto += u64::from(arm.share);
            drawn < upto
        })
    }

    /// The heading in a language.
    #[must_use]
    pub fn title(&self, locale: &str) -> String {
        let title = self.arms.first().and_then(|arm| arm.block.title(locale));
        title.unwrap_or(&self.name).to_owned()
    }
}

/// What is wrong with a block that is to be kept under a name, each mistake with its arm and field.
///
/// # Errors
/// All mistakes, one to a line.
pub fn check(name: &str, document: &BlockDocument) -> Result<(), String> {
    let mut wrong = Vec::new();
    if !(1..=ARMS_MAX).contains(&document.arms.len()) {
        wrong.push(format!("arms: a block has 1 to {ARMS_MAX} of them, this one {}", document.arms.len()));
    }
    let mut names = BTreeSet::new();
    for arm in &document.arms {
        let shown = if arm.name.is_empty() { "" } else { " of this arm" };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if arm.name.len() > 40 || !arm.name.chars().all(plain) {
            wrong.push(format!(
                "arm `{}`: a name has small letters, digits and hyphens, at most 40",
                arm.name
            ));
        } else if arm.name.is_empty() && document.arms.len() > 1 {
            wrong.push("arm: where there are several, each has a name".to_owned());
        } else if !names.insert(arm.name.as_str()) {
            wrong.push(format!("arm `{}`: two have this name", arm.name));
        }
        if !(1..=1_000).contains(&arm.share) {
            wrong.push(format!("share{shown}: {} is not from 1 to 1000", arm.share));
        }
        if arm.block.name != name {
            wrong.push(format!("name: `{}` is not the block's name `{name}`", arm.block.name));
        }
        wrong.extend(arm.block.flaws().iter().map(|flaw| {
            if arm.name.is_empty() { flaw.to_string() } else { format!("arm `{}`: {flaw}", arm.name) }
        }));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arm(block: &str, name: &str, share: u16) -> Arm {
        let json = format!(r#"{{"name":"{block}","mix":[{{"strategy":"bestsellers"}}]}}"#);
        Arm { name: name.to_owned(), share, block: Block::parse(&json).unwrap() }
    }

    fn of(name: &str, arms: Vec<Arm>) -> BTreeMap<String, BlockDocument> {
        BTreeMap::from([(name.to_owned(), BlockDocument { arms })])
    }

    #[test]
    fn every_place_has_blocks_without_any_document() {
        let blocks = Blocks::of(&BTreeMap::new(), &BTreeMap::new(), &mut Vec::new());
        for (place, channel) in places() {
            let found = blocks.at(&text_of(&place), channel).unwrap();
            assert!(!found.is_empty(), "{place:?} {channel:?}");
        }
        assert_eq!(blocks.at("nowhere", Channel::Web), None);
    }

    #[test]
    fn the_shops_own_block_stands_in_the_place_of_the_one_built_in() {
        let mut troubles = Vec::new();
        let own = of("home-for-you", vec![arm("home-for-you", "", 1)]);
        let blocks = Blocks::of(&own, &BTreeMap::new(), &mut troubles);
        let shown = blocks.at("home", Channel::Web).unwrap();
        assert!(shown.iter().any(|block| block.name == "home-for-you" && block.is_own));
        let broken = of("home-for-you", vec![arm("another", "", 1)]);
        let blocks = Blocks::of(&broken, &BTreeMap::new(), &mut troubles);
        assert!(!blocks.get("home-for-you").unwrap().is_own, "what cannot be used leaves what is built in");
        assert_eq!(troubles.len(), 1);
    }

    #[test]
    fn a_place_shows_what_its_document_names() {
        let places = BTreeMap::from([(
            "home.web".to_owned(),
            PlaceDocument { blocks: vec!["home-bestsellers".to_owned(), "gone".to_owned()] },
        )]);
        let blocks = Blocks::of(&BTreeMap::new(), &places, &mut Vec::new());
        let shown: Vec<&str> =
            blocks.at("home", Channel::Web).unwrap().iter().map(|block| block.name.as_str()).collect();
        assert_eq!(shown, ["home-bestsellers"]);
        assert_eq!(blocks.places_of("home-bestsellers"), ["home.web"]);
    }

    #[test]
    fn shoppers_are_divided_by_share_and_stay_where_they_are() {
        let arms = vec![arm("b", "one", 3), arm("b", "two", 1)];
        let block = LiveBlock { name: "b".to_owned(), is_own: true, arms };
        let drawn = |n: u32| block.arm(ShopId(1), &format!("visitor-{n}")).unwrap().name.clone();
        let one = (0..4_000).filter(|n| drawn(*n) == "one").count();
        // Three quarters of 4,000, within five standard deviations of the binomial distribution.
        assert!((2_863..=3_137).contains(&one), "{one}");
        assert_eq!(drawn(7), drawn(7));
    }

    #[test]
    fn every_mistake_is_told_at_once() {
        let document = BlockDocument { arms: vec![arm("b", "A", 0), arm("x", "", 1)] };
        let wrong = check("b", &document).unwrap_err();
        assert_eq!(wrong.lines().count(), 4, "{wrong}");
        assert!(check("b", &BlockDocument::default()).is_err());
        assert_eq!(check("b", &BlockDocument { arms: vec![arm("b", "", 1)] }), Ok(()));
    }
}
