//! The two languages of everything a person reads.

/// A language of the shop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Russian.
    #[default]
    Ru,
    /// English.
    En,
}

/// A text that stands in the source, in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// Russian.
    pub ru: &'static str,
    /// English.
    pub en: &'static str,
}

impl Text {
    /// The text in a language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &'static str {
        lang.pick(self.ru, self.en)
    }
}

impl Lang {
    /// Both.
    pub const ALL: [Lang; 2] = [Lang::Ru, Lang::En];

    /// The language of a code; `None` for a language the shop does not speak.
    #[must_use]
    pub fn parse(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// Two letters of ISO 639-1.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.pick("ru", "en")
    }

    /// The one of two texts that is in this language.
    #[must_use]
    pub fn pick<'a>(self, ru: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Ru => ru,
            Lang::En => en,
        }
    }

    /// The other language, for the switch.
    #[must_use]
    pub fn other(self) -> Lang {
        match self {
            Lang::Ru => Lang::En,
            Lang::En => Lang::Ru,
        }
    }

    /// Whole roubles as this language writes them, with spaces that do not break.
    #[must_use]
    pub fn roubles(self, rub: u32) -> String {
        let digits = rub.to_string();
        let mut grouped = String::new();
        for (n, digit) in digits.chars().enumerate() {
            if n > 0 && (digits.len() - n).is_multiple_of(3) {
                grouped.push_str(self.pick("\u{a0}", ","));
            }
            grouped.push(digit);
        }
        match self {
            Lang::Ru => format!("{grouped}\u{a0}₽"),
            Lang::En => format!("₽{grouped}"),
        }
    }

    /// The form of a noun for a number: Russian has three (1 товар, 2 товара, 5 товаров), English two.
    #[must_use]
    pub fn plural<'a>(self, n: usize, ru: [&'a str; 3], en: [&'a str; 2]) -> &'a str {
        match self {
            Lang::Ru => match (n % 10, n % 100) {
                (1, not) if not != 11 => ru[0],
                (2..=4, not) if !(12..=14).contains(&not) => ru[1],
                _ => ru[2],
            },
            Lang::En => en[usize::from(n != 1)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_and_nouns_read_as_people_write_them() {
        assert_eq!(Lang::Ru.roubles(1_234_990), "1\u{a0}234\u{a0}990\u{a0}₽");
        assert_eq!(Lang::En.roubles(990), "₽990");
        let goods = |n| Lang::Ru.plural(n, ["товар", "товара", "товаров"], ["item", "items"]);
        assert_eq!(
            [1, 3, 5, 11, 12, 21, 112].map(goods),
            ["товар", "товара", "товаров", "товаров", "товаров", "товар", "товаров"]
        );
        assert_eq!(Lang::En.plural(1, ["", "", ""], ["item", "items"]), "item");
    }
}
