//! Terms and the goods that have them: the inverted index behind content likeness, search, and filters by brand,
//! tag and attribute.

use std::collections::HashMap;

use super::words::{folded_name, stems};
use crate::id_map::ItemId;
use crate::item_facts::ItemFacts;
use crate::limits::{MAX_ITEM_TERMS, MAX_TERMS};

/// An interned term.
pub(crate) type TermId = u32;

/// What a term was read from. The same word as a brand and in a title are two terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TermKind {
    /// A stem of the title or of the brand.
    Word,
    /// The whole brand.
    Brand,
    /// A tag of the shop.
    Tag,
    /// A name and its value.
    Attribute,
}

impl TermKind {
    /// What a term of this kind says of likeness: an attribute is stated on purpose, a word may be chance.
    pub(crate) fn weight(self) -> f32 {
        match self {
            Self::Word | Self::Tag => 1.0,
            Self::Attribute => 1.2,
            Self::Brand => 1.5,
        }
    }
}

/// All terms with their goods.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    by_text: HashMap<Box<str>, TermId>,
    kinds: Vec<TermKind>,
    goods: Vec<Vec<ItemId>>,
}

impl Terms {
    /// The terms of an item's description, sorted, and that of its brand; new ones are interned.
    pub(crate) fn of(&mut self, facts: &ItemFacts) -> (Box<[TermId]>, Option<TermId>) {
        let mut found = Vec::new();
        let brand = self.intern(TermKind::Brand, &folded_name(facts.brand));
        found.extend(brand);
        for (name, value) in facts.attributes {
            found.extend(self.intern(TermKind::Attribute, &attribute(name, value)));
        }
        for tag in facts.tags {
            found.extend(self.intern(TermKind::Tag, &folded_name(tag)));
        }
        for word in stems(facts.title).iter().chain(&stems(facts.brand)) {
            found.extend(self.intern(TermKind::Word, word));
        }
        found.truncate(MAX_ITEM_TERMS);
        found.sort_unstable();
        found.dedup();
        (found.into_boxed_slice(), brand)
    }

    /// Moves an item from its terms of before to those of now.
    pub(crate) fn describe(&mut self, item: ItemId, before: &[TermId], now: &[TermId]) {
        for term in before.iter().filter(|term| now.binary_search(term).is_err()) {
            let goods = &mut self.goods[*term as usize];
            if let Ok(place) = goods.binary_search(&item) {
                goods.remove(place);
            }
        }
        for term in now.iter().filter(|term| before.binary_search(term).is_err()) {
            let goods = &mut self.goods[*term as usize];
            if let Err(place) = goods.binary_search(&item) {
                goods.insert(place, item);
            }
        }
    }

    /// The term of a stem.
    pub(crate) fn word(&self, stem: &str) -> Option<TermId> {
        self.find(TermKind::Word, stem)
    }

    /// The term of a brand, however it is written.
    pub(crate) fn brand(&self, name: &str) -> Option<TermId> {
        self.find(TermKind::Brand, &folded_name(name))
    }

    /// The term of a tag.
    pub(crate) fn tag(&self, name: &str) -> Option<TermId> {
        self.find(TermKind::Tag, &folded_name(name))
    }

    /// The term of an attribute with its value.
    pub(crate) fn attribute(&self, name: &str, value: &str) -> Option<TermId> {
        self.find(TermKind::Attribute, &attribute(name, value))
    }

    /// The goods that have a term, by number.
    pub(crate) fn goods(&self, term: TermId) -> &[ItemId] {
        &self.goods[term as usize]
    }

    pub(crate) fn kind(&self, term: TermId) -> TermKind {
        self.kinds[term as usize]
    }

    /// How much sharing a term says among so many items: the rarer, the more (inverse document frequency, Spärck
    /// Jones 1972), times the weight of its kind.
    pub(crate) fn worth(&self, term: TermId, items: usize) -> f32 {
        let having = self.goods(term).len().max(1) as f32;
        (1.0 + items as f32 / having).ln() * self.kind(term).weight()
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        let texts: usize = self.by_text.keys().map(|text| text.len() + 8).sum();
        let goods: usize = self.goods.iter().map(|goods| 4 * goods.capacity() + 24).sum();
        texts
            + goods
            + self.kinds.capacity()
            + self.by_text.capacity() * (size_of::<(Box<str>, TermId)>() + 1)
    }

    fn find(&self, kind: TermKind, text: &str) -> Option<TermId> {
        self.by_text.get(key(kind, text).as_str()).copied()
    }

    fn intern(&mut self, kind: TermKind, text: &str) -> Option<TermId> {
        if text.is_empty() {
            return None;
        }
        let key = key(kind, text);
        if let Some(known) = self.by_text.get(key.as_str()) {
            return Some(*known);
        }
        if self.kinds.len() >= MAX_TERMS {
            return None;
        }
        let term = self.kinds.len() as TermId;
        self.by_text.insert(key.into_boxed_str(), term);
        self.kinds.push(kind);
        self.goods.push(Vec::new());
        Some(term)
    }
}

fn key(kind: TermKind, text: &str) -> String {
    let mark = match kind {
        TermKind::Word => 'w',
        TermKind::Brand => 'b',
        TermKind::Tag => 't',
        TermKind::Attribute => 'a',
    };
    let mut key = String::with_capacity(text.len() + 1);
    key.push(mark);
    key.push_str(text);
    key
}

/// A control character keeps "a=b", "c" and "a", "b=c" apart.
fn attribute(name: &str, value: &str) -> String {
    if name.trim().is_empty() || value.trim().is_empty() {
        return String::new();
    }
    format!("{}\u{1}{}", folded_name(name), folded_name(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_found_by_what_it_is_and_no_more_by_what_it_was() {
        let mut terms = Terms::default();
        let before =
            ItemFacts {
                title: "Чайник синий", brand: "Bosch ", tags: &["gift"], ..ItemFacts::default()
            };
        let (was, brand) = terms.of(&before);
        terms.describe(7, &[], &was);
        assert_eq!(terms.brand("BOSCH"), brand);
        assert_eq!(terms.goods(terms.tag("Gift").unwrap()), [7]);
        let now = ItemFacts {
            title: "Чайники", attributes: &[("Цвет", "Синий")], ..ItemFacts::default()
        };
        let (is, none) = terms.of(&now);
        terms.describe(7, &was, &is);
        assert_eq!(none, None);
        assert_eq!(terms.goods(terms.word("чайник").unwrap()), [7]);
        assert_eq!(terms.goods(terms.attribute("цвет", "синий").unwrap()), [7]);
        assert!(terms.goods(brand.unwrap()).is_empty() && terms.goods(terms.tag("gift").unwrap()).is_empty());
    }
}
