//! Titles and descriptions, composed of sentences about the kind of thing and about its collection.

use super::collection::Collection;
use super::kind::Kind;
use super::{Lang, Localised, Product, Text, Variant};
use crate::chance::Chance;

const CLOSINGS: [Text; 5] = [
    Text {
        ru: "Каждая вещь немного отличается от соседней: так видно руку мастера.",
        en: "No two are quite alike: that is how you see the maker's hand.",
    },
    Text {
        ru: "Приедет в коробке из переработанного картона, без пластика.",
        en: "Travels in a recycled cardboard box, without plastic.",
    },
    Text {
        ru: "Хорошо сочетается с другими вещами этой коллекции.",
        en: "Sits well beside the other pieces of its collection.",
    },
    Text {
        ru: "Делается небольшими партиями, раз в несколько недель.",
        en: "Made in small batches, every few weeks.",
    },
    Text {
        ru: "Хороший подарок тому, кто любит тихие вечера.",
        en: "A good present for someone who likes quiet evenings.",
    },
];

/// `Кружка «Туман»`, `Mist mug`.
pub(super) fn title(kind: &Kind, collection: &Collection) -> Localised {
    Localised {
        ru: format!("{} «{}»", kind.noun.ru, collection.name.ru),
        en: format!("{} {}", collection.name.en, kind.noun.en),
    }
}

/// Three sentences: the thing, the collection, a closing.
pub(super) fn description(chance: Chance, number: u32, kind: &Kind, collection: &Collection) -> Localised {
    let closing = &CLOSINGS[chance.below("closing", &[u64::from(number)], CLOSINGS.len() as u64) as usize];
    let text = |lang: Lang| {
        format!("{} {} {}", kind.sentence.get(lang), collection.sentence.get(lang), closing.get(lang))
    };
    Localised { ru: text(Lang::Ru), en: text(Lang::En) }
}

impl Product {
    /// The title with the variant behind it.
    #[must_use]
    pub fn offer_title(&self, variant: &Variant, lang: Lang) -> String {
        match &variant.option {
            Some(option) => format!("{}, {}", self.title.get(lang), option.get(lang)),
            None => self.title.get(lang).to_owned(),
        }
    }

    /// What the variant is, as a parameter.
    #[must_use]
    pub fn option_param(&self, variant: &Variant) -> Option<(Text, Text)> {
        self.axis.zip(variant.option)
    }
}
