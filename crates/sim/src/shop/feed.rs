//! The shop as a product feed in YML, the XML that Yandex Market defined and Russian shops export.

use super::{Lang, NAME, Product, Shop, Variant};
use std::fmt::{self, Write};

/// The feed as the shop would export it on a day (counted from its first): UTF-8, addresses below `origin`
/// (`http://127.0.0.1:8090`, without a slash at the end).
#[must_use]
pub fn feed(shop: &Shop, origin: &str, lang: Lang, day: u32) -> String {
    let mut out = String::with_capacity(600_000);
    // Writing to a String cannot fail.
    let _ = write_feed(&mut out, shop, origin, lang, day);
    out
}

fn write_feed(out: &mut String, shop: &Shop, origin: &str, lang: Lang, day: u32) -> fmt::Result {
    let origin = xml(origin);
    let name = xml(NAME.get(lang));
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<yml_catalog>\n<shop>\n<name>{name}</name>\n<company>{name}</company>")?;
    writeln!(out, "<url>{origin}/</url>")?;
    writeln!(out, "<currencies><currency id=\"RUB\" rate=\"1\"/></currencies>\n<categories>")?;
    for category in shop.categories() {
        let parent = match category.parent {
            0 => String::new(),
            id => format!(" parentId=\"{id}\""),
        };
        writeln!(
            out,
            "<category id=\"{}\"{parent}>{}</category>",
            category.id,
            xml(category.name.get(lang))
        )?;
    }
    writeln!(out, "</categories>\n<offers>")?;
    for product in shop.products() {
        for variant in &product.variants {
            write_offer(out, shop, &origin, lang, day, (product, variant))?;
        }
    }
    writeln!(out, "</offers>\n</shop>\n</yml_catalog>")
}

fn write_offer(
    out: &mut String,
    shop: &Shop,
    origin: &str,
    lang: Lang,
    day: u32,
    (product, variant): (&Product, &Variant),
) -> fmt::Result {
    let quote = shop.quote(product, variant, day);
    let id = &variant.id;
    let group =
        if product.variants.len() > 1 { format!(" group_id=\"{}\"", product.number) } else { String::new() };
    writeln!(out, "<offer id=\"{id}\"{group} available=\"{}\">", quote.stock > 0)?;
    writeln!(out, "<name>{}</name>", xml(&product.offer_title(variant, lang)))?;
    writeln!(out, "<url>{origin}/product/{id}</url>\n<price>{}</price>", quote.price_rub)?;
    if let Some(old) = quote.old_rub {
        writeln!(out, "<oldprice>{old}</oldprice>")?;
    }
    writeln!(out, "<currencyId>RUB</currencyId>\n<categoryId>{}</categoryId>", product.category)?;
    writeln!(out, "<picture>{origin}/picture/{id}.svg</picture>")?;
    writeln!(out, "<vendor>{}</vendor>", xml(product.vendor.get(lang)))?;
    writeln!(out, "<vendorCode>MK-{}</vendorCode>", product.number)?;
    writeln!(out, "<description>{}</description>", xml(product.description.get(lang)))?;
    for (name, value) in product.params.iter().chain(&product.option_param(variant)) {
        writeln!(out, "<param name=\"{}\">{}</param>", xml(name.get(lang)), xml(value.get(lang)))?;
    }
    writeln!(out, "<count>{}</count>\n</offer>", quote.stock)
}

/// Text with the five characters of XML escaped.
pub(super) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use quick_xml::Reader;
    use quick_xml::events::Event;
    use std::collections::BTreeMap;

    #[test]
    fn the_feed_is_well_formed_and_has_every_offer_with_all_that_is_needed() {
        let shop = Shop::new(1);
        let offers: usize = shop.products().iter().map(|p| p.variants.len()).sum();
        for lang in Lang::ALL {
            let text = feed(&shop, "http://127.0.0.1:8090", lang, 3);
            let mut reader = Reader::from_str(&text);
            let mut seen: BTreeMap<String, usize> = BTreeMap::new();
            let mut depth = 0;
            loop {
                match reader.read_event().unwrap() {
                    Event::Start(tag) => {
                        depth += 1;
                        *seen.entry(tag.name().as_ref().to_owned()).or_default() += 1;
                    }
                    Event::End(_) => depth -= 1,
                    Event::Eof => break,
                    _ => {}
                }
            }
            assert_eq!(depth, 0);
            for tag in ["offer", "picture", "price", "currencyId", "vendor", "description", "count"] {
                assert_eq!(seen[tag], offers, "{tag}");
            }
            assert_eq!(seen["url"], offers + 1);
            assert!(seen["oldprice"] > 10);
            assert_eq!(seen["category"], shop.categories().len());
        }
    }

    #[test]
    fn the_same_day_gives_the_same_bytes_and_the_next_others() {
        let at = |day| feed(&Shop::new(1), "https://shop.test", Lang::Ru, day);
        assert_eq!(at(4), at(4));
        assert_ne!(at(4), at(5));
    }

    #[test]
    fn an_origin_cannot_break_out_of_the_xml() {
        let text = feed(&Shop::new(1), "http://x/?a=1&b=\"<", Lang::En, 0);
        assert!(text.contains("http://x/?a=1&amp;b=&quot;&lt;/product/"));
    }
}
