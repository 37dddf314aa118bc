//! What she agreed to: the shop's word and a browser's word apart, so that any order of arrival ends the same.
//!
//! A browser may take back what the shop says she agreed to, at once; it may not agree where the shop says she refused.

use super::facts::Stamp;
use crate::event::Strength;
use crate::record;
use crate::wire::{Corrupt, Field, Unknown, Value};

/// What she said about marketing mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// What holds; `None`: never said.
    pub agreed: Option<bool>,
    /// By which event.
    pub stamp: Stamp,
    /// Said by the shop or by a browser.
    pub proved: bool,
    shop: Option<Word>,
    browser: Option<Word>,
    unknown: Unknown,
}

/// One side's last word.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    agreed: bool,
    stamp: Stamp,
}

record! {
    /// [`Consent`] on the wire.
    pub struct ConsentRecord {
        /// The shop's word: 0 never said, 1 agreed, 2 refused.
        1 shop: u32,
        /// By which event.
        2 shop_stamp: Stamp,
        /// A browser's word.
        3 browser: u32,
        /// By which event.
        4 browser_stamp: Stamp,
    }
}

impl Field for Consent {
    fn put(&self, number: u32, out: &mut Vec<u8>) {
        if *self == Consent::default() {
            return;
        }
        let said = |word: &Option<Word>| word.as_ref().map_or(0, |word| if word.agreed { 1 } else { 2 });
        let stamp = |word: &Option<Word>| word.as_ref().map(|word| word.stamp.clone()).unwrap_or_default();
        ConsentRecord {
            shop: said(&self.shop),
            shop_stamp: stamp(&self.shop),
            browser: said(&self.browser),
            browser_stamp: stamp(&self.browser),
            unknown: self.unknown.clone(),
        }
        .put(number, out);
    }
    fn take(&mut self, value: Value<'_>) -> Result<(), Corrupt> {
        let mut record = ConsentRecord::default();
        record.take(value)?;
        let word = |said, stamp| match said {
            1 => Some(Word { agreed: true, stamp }),
            2 => Some(Word { agreed: false, stamp }),
            _ => None,
        };
        self.shop = word(record.shop, record.shop_stamp);
        self.browser = word(record.browser, record.browser_stamp);
        self.unknown = record.unknown;
        self.weigh();
        Ok(())
    }
}

impl Consent {
    /// Takes in what was said; of one side the later word counts, a refusal wins within one moment.
    pub fn say(&mut self, agreed: bool, strength: Strength, stamp: &Stamp) {
        let side = if strength == Strength::Proved { &mut self.shop } else { &mut self.browser };
        let new = Word { agreed, stamp: stamp.clone() };
        if side.as_ref().is_none_or(|old| (&new.stamp, !new.agreed) > (&old.stamp, !old.agreed)) {
            *side = Some(new);
        }
        self.weigh();
    }

    /// Joins with what another profile of hers says: the stricter holds.
    pub fn join(&mut self, other: &Consent) {
        let stricter = |mine: &mut Option<Word>, theirs: &Option<Word>| {
            let rank = |word: &Word| (!word.agreed, word.stamp.clone());
            if theirs.as_ref().map(rank) > mine.as_ref().map(rank) {
                mine.clone_from(theirs);
            }
        };
        stricter(&mut self.shop, &other.shop);
        stricter(&mut self.browser, &other.browser);
        self.weigh();
    }

    /// What holds of the two words.
    fn weigh(&mut self) {
        let takes_back =
            |shop: &Word, browser: &Word| shop.agreed && !browser.agreed && browser.stamp > shop.stamp;
        let (word, proved) = match (&self.shop, &self.browser) {
            (Some(shop), Some(browser)) if takes_back(shop, browser) => (browser, false),
            (Some(shop), _) => (shop, true),
            (None, Some(browser)) => (browser, false),
            (None, None) => return,
        };
        (self.agreed, self.stamp, self.proved) = (Some(word.agreed), word.stamp.clone(), proved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::ShopTime;

    #[test]
    fn a_browser_refuses_for_her_but_agrees_only_where_the_shop_says_nothing_else() {
        let at = |n: i64| Stamp::new(ShopTime(n), 1);
        let holds = |words: &[(bool, Strength, i64)]| {
            let say = |words: &mut dyn Iterator<Item = &(bool, Strength, i64)>| {
                let mut consent = Consent::default();
                words.for_each(|(agreed, by, when)| consent.say(*agreed, *by, &at(*when)));
                consent
            };
            let (there, back) = (say(&mut words.iter()), say(&mut words.iter().rev()));
            assert_eq!(there, back, "the order of arrival does not matter");
            let mut bytes = Vec::new();
            there.put(1, &mut bytes);
            there.agreed
        };
        use Strength::{Claimed, Proved};
        assert_eq!(holds(&[(true, Claimed, 1)]), Some(true));
        assert_eq!(holds(&[(false, Proved, 1), (true, Claimed, 2)]), Some(false));
        assert_eq!(holds(&[(false, Proved, 1), (true, Proved, 2)]), Some(true));
        assert_eq!(holds(&[(true, Proved, 1), (false, Claimed, 2)]), Some(false));
        assert_eq!(holds(&[(true, Proved, 1), (false, Claimed, 2), (true, Claimed, 3)]), Some(true));
        assert_eq!(holds(&[(false, Claimed, 1), (true, Proved, 2)]), Some(true));
    }
}
