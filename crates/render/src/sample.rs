//! Invented facts: what a preview shows, and what a template is tried with when it is compiled.

use beckon_core::money::{Currency, Money};

use crate::facts::{Customer, Facts, Item, Shop, Urls};

/// Invented facts for previews and for the check at compile time, in the language of `locale`.
#[must_use]
pub fn sample(locale: &str) -> Facts {
    let pick = Pick { ru: locale.starts_with("ru") };
    let own = |kind: &str| format!("https://mail.example/{kind}/sample");
    Facts {
        shop: sample_shop(pick),
        customer: Customer { first_name: Some(pick.text("Анна", "Anna").to_owned()) },
        items: sample_items(pick),
        recommendations: sample_recommendations(pick),
        shelves: Vec::new(),
        total: pick.money(747_100, 12_800),
        urls: Urls { restore: own("r"), unsubscribe: own("u"), preferences: own("p"), view: own("v") },
        step: 1,
    }
}

/// Chooses between the two languages of the samples.
#[derive(Clone, Copy)]
struct Pick {
    ru: bool,
}

impl Pick {
    fn text(self, ru: &'static str, en: &'static str) -> &'static str {
        if self.ru { ru } else { en }
    }

    fn money(self, rub: i64, usd: i64) -> Option<Money> {
        let currency = Currency::parse(self.text("RUB", "USD"))?;
        Some(Money { minor: if self.ru { rub } else { usd }, currency })
    }
}

fn sample_shop(pick: Pick) -> Shop {
    Shop {
        name: pick.text("Тихий дом", "Quiet House").to_owned(),
        site: Some("https://shop.example/".to_owned()),
        phones: vec![pick.text("8 800 555-01-23", "+1 202 555 0123").to_owned()],
        hours: Some(pick.text("ежедневно с 9 до 21", "every day, 9 am to 9 pm").to_owned()),
        address: Some(
            pick.text("123056, Москва, ул. Примерная, 7", "7 Sample Street, Springfield, 01101").to_owned(),
        ),
        email: Some("hello@shop.example".to_owned()),
        logo: None,
    }
}

fn sample_item(id: &str, title: &str, colour: &str, price: Option<Money>) -> Item {
    Item {
        id: id.to_owned(),
        title: title.to_owned(),
        url: Some(format!("https://shop.example/p/{id}")),
        picture: Some(sample_picture(colour)),
        price,
        ..Item::default()
    }
}

fn sample_items(pick: Pick) -> Vec<Item> {
    let kettle =
        pick.text("Чайник электрический 1,7\u{a0}л, матовая сталь", "Electric kettle, 1.7 l, brushed steel");
    let cups = pick.text("Набор фарфоровых чашек, 6\u{a0}шт.", "Porcelain cups, set of 6");
    vec![
        Item {
            old_price: pick.money(429_000, 7_900),
            quantity: 1,
            ..sample_item("101", kettle, "4f7cac", pick.money(349_000, 5_900))
        },
        Item { quantity: 2, ..sample_item("102", cups, "c0747a", pick.money(199_050, 3_450)) },
    ]
}

fn sample_recommendations(pick: Pick) -> Vec<Item> {
    let teapot = pick.text("Заварочный чайник, 800\u{a0}мл", "Teapot, 800 ml");
    let tea = pick.text("Чай улун, 100\u{a0}г", "Oolong tea, 100 g");
    let tray = pick.text("Бамбуковый поднос", "Bamboo tray");
    let reason = pick.text("Подойдёт к вашему чайнику", "Goes with your kettle");
    vec![
        Item {
            reason: Some(reason.to_owned()),
            ..sample_item("201", teapot, "7a9e7e", pick.money(159_000, 2_400))
        },
        Item {
            old_price: pick.money(89_000, 1_490),
            ..sample_item("202", tea, "b08d57", pick.money(69_000, 1_190))
        },
        sample_item("203", tray, "8d7ba8", pick.money(129_000, 1_990)),
    ]
}

/// A quiet drawing that needs no network.
fn sample_picture(colour: &str) -> String {
    format!(
        "data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0%200%20120%20120'%3E\
         %3Crect%20width='120'%20height='120'%20fill='%23{colour}'%20opacity='.18'/%3E\
         %3Ccircle%20cx='60'%20cy='56'%20r='26'%20fill='%23{colour}'/%3E\
         %3Crect%20x='30'%20y='88'%20width='60'%20height='6'%20rx='3'%20fill='%23{colour}'/%3E%3C/svg%3E"
    )
}
