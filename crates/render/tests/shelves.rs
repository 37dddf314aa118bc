//! Blocks of recommended goods in a mail.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use beckon_render::{Facts, Item, Links, Shelf, Source, Template, render, sample};

fn good(id: &str, title: &str) -> Item {
    Item { id: id.to_owned(), title: title.to_owned(), ..Item::default() }
}

fn shelf(title: &str, item: Item) -> Shelf {
    Shelf { title: title.to_owned(), items: vec![item] }
}

fn facts(locale: &str, shelves: Vec<Shelf>) -> Facts {
    Facts { recommendations: Vec::new(), shelves, ..sample(locale) }
}

#[test]
fn blocks_of_goods_stand_under_their_headings_in_their_order() {
    let links = Links::new("https://mail.shop.example", &[9; 32]);
    for (name, locale, _) in Source::shipped().into_iter().filter(|(name, ..)| name.contains("cart")) {
        let shelves =
            vec![shelf("Goes with <it>", good("1", "Filter paper")), shelf("", good("2", "Moka pot"))];
        let template = Template::compile(&Source::shipped_one(name, locale).unwrap().unwrap()).unwrap();
        let out = render(&template, &facts(locale, shelves), &links, 1).unwrap();
        let at = |text: &str| out.html.find(text).unwrap_or_else(|| panic!("{locale}: no {text}"));
        let usual =
            if locale == "ru" { "Вам может понравиться" } else { "You may also like" };
        let order = [at("Goes with &lt;it&gt;"), at("Filter paper"), at(usual), at("Moka pot")];
        assert!(order.is_sorted(), "{order:?}");
        assert!(out.text.contains("Filter paper") && out.text.contains("Moka pot"), "{}", out.text);
    }
}

#[test]
fn a_template_from_before_there_were_several_finds_the_first() {
    let links = Links::new("https://mail.shop.example", &[9; 32]);
    let file = "---\nsubject: S\npreheader: P\n---\n<mjml><mj-body><mj-section><mj-column><mj-text>\
        {{ recommendations[0].title }}</mj-text></mj-column></mj-section></mj-body></mjml>";
    let template = Template::compile(&Source::parse("t", "en", file).unwrap()).unwrap();
    let facts = facts("en", vec![shelf("A", good("1", "Filter paper"))]);
    assert!(render(&template, &facts, &links, 1).unwrap().html.contains("Filter paper"));
}
