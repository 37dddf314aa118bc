//! Tests of the feed reader on small feeds, on any bytes, and on the real feeds where they are at hand.

use super::*;
use proptest::prelude::*;

mod real;
mod refusals;

/// All items of a feed, and how it ended.
fn all(input: &[u8]) -> (Vec<Item>, Result<Summary, Refused>) {
    let mut items = Vec::new();
    let end = read(input, &mut |item| items.push(item));
    (items, end)
}

fn feed(offers: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<yml_catalog date=\"2026-11-01 10:00\"><shop>\n<offers>\n{offers}</offers></shop></yml_catalog>"
    )
}

/// The offers of a good feed.
fn offers(input: &[u8]) -> Vec<Offer> {
    let (items, end) = all(input);
    end.unwrap();
    items.into_iter().filter_map(|i| if let Item::Offer(_, o) = i { Some(*o) } else { None }).collect()
}

/// What was reported, as `line id code`.
fn reports(items: &[Item]) -> Vec<String> {
    items
        .iter()
        .filter_map(|item| match item {
            Item::Broken { line, id, reason } => Some(format!("{line} {id} !{}", reason.code)),
            Item::Warning { line, id, what } => Some(format!("{line} {id} {}", what.code)),
            _ => None,
        })
        .collect()
}

const WHOLE: &str = r#"

<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE yml_catalog SYSTEM "http://127.0.0.1:1/shops.dtd">
<yml_catalog date="2026-11-01 10:00"><shop>
<name>Чай &amp; Ко</name><company>ООО <![CDATA[«Чай»]]></company><url>https://чай.рф/</url>
<currencies><currency id="USD" rate="90"/><currency id="RUR" rate="1"/></currencies>
<categories><category id="1">Чай</category> <category id="2" parentId="1">Улун</category><category/></categories>
<offers>
<offer id="a1" available="true" group_id="g7">
  <name>Улун&nbsp;«Да  Хун
  Пао»</name><url>https://чай.рф/улун?a=1&amp;b=2</url>
  <price from="true">1 990,50</price><oldprice>2500</oldprice><categoryId>2</categoryId>
  <picture>http://img.example/1.jpg</picture><picture>//cdn/2.jpg</picture><picture>http://img.example/3 3.jpg</picture>
  <vendor>Wuyi</vendor><vendorCode>W-1</vendorCode><barcode>4600000000000</barcode><count>7</count>
  <description>Первый <p>ряд</p><ul class="x"><li>пять<br/>шесть</li></ul> &lt;b&gt;жирно&lt;/b&gt;</description>
  <param name="Вес" unit="г">100</param><param name="Год"><!-- пока --><![CDATA[2025]]></param>
</offer>
<!-- одна
     две -->
<offer id="b2" type="vendor.model"><typePrefix>Чайник</typePrefix><vendor>Иxing</vendor><model>Т-3</model>
  <price>100</price><oldprice>90</oldprice><currencyId>USD</currencyId>
  <outlets><outlet instock="0"/><outlet instock="0.0"/></outlets></offer>
<offer id="a1"><name>Ещё раз</name><price>1</price></offer>
<offer><name>Без номера</name><price>1</price></offer>
<offer id="c3"><price>5</price><url>https://чай.рф/c3</url></offer>
<offer id="d4"><price>5</price><quantity_in_stock>3</quantity_in_stock></offer>
<offer id="e5" available="0"><title>Без цены</title><count>9</count></offer>
</offers></shop></yml_catalog>
"#;

#[test]
fn a_feed_is_read_whole() {
    let (items, end) = all(WHOLE.as_bytes());
    let summary = end.unwrap();
    assert_eq!((summary.offers, summary.stock_only, summary.broken, summary.categories), (3, 1, 3, 2));
    assert_eq!((summary.encoding, summary.date.as_str()), ("UTF-8", "2026-11-01 10:00"));
    assert_eq!(summary.bytes, WHOLE.len() as u64);
    let shop = Shop {
        name: "Чай & Ко".into(),
        company: "ООО «Чай»".into(),
        url: "https://чай.рф/".into(),
        currencies: vec![Currency::parse("USD").unwrap(), Currency::RUB],
    };
    assert!(matches!(&items[0], Item::Category(c) if c.id == "1" && c.name == "Чай"));
    assert!(matches!(&items[1], Item::Category(c) if c.parent == "1"));
    assert_eq!(items.iter().filter(|i| **i == Item::Shop(shop.clone())).count(), 1);
    assert_eq!(
        reports(&items),
        [
            "8  bad_category",
            "14 a1 bad_link",
            "22 b2 old_price",
            "24 a1 !duplicate_id",
            "25  !missing_id",
            "26 c3 !no_name",
            "28 e5 no_price",
        ]
    );
    let Item::StockOnly(stock) = items.iter().find(|i| matches!(i, Item::StockOnly(_))).unwrap() else {
        panic!()
    };
    assert_eq!((stock.line, stock.id.as_str(), stock.stock, stock.available), (27, "d4", Some(3), true));
}

#[test]
fn offers_say_what_the_feed_says() {
    let read = offers(WHOLE.as_bytes());
    let rub = |minor| Some(Money { minor, currency: Currency::RUB });
    let first = Offer {
        id: "a1".into(),
        group: "g7".into(),
        title: "Улун «Да Хун Пао»".into(),
        url: "https://чай.рф/улун?a=1&b=2".into(),
        pictures: vec!["http://img.example/1.jpg".into(), "http://img.example/3%203.jpg".into()],
        price: rub(199_050),
        old_price: rub(250_000),
        available: true,
        stock: Some(7),
        category: "2".into(),
        vendor: "Wuyi".into(),
        vendor_code: "W-1".into(),
        description: "Первый\n\nряд\n\n• пять\nшесть\nжирно".into(),
        params: vec![("Вес".into(), "100 г".into()), ("Год".into(), "2025".into())],
    };
    assert_eq!(read[0], first);
    assert_eq!(read[1].title, "Чайник Иxing Т-3");
    assert_eq!(read[1].price, Some(Money { minor: 10_000, currency: Currency::parse("USD").unwrap() }));
    assert_eq!((read[1].old_price, read[1].stock, read[1].available), (None, Some(0), false));
    assert_eq!((read[2].price, read[2].available, read[2].stock), (None, false, Some(9)));
}

#[test]
fn the_last_offer_line_is_right_with_every_line_end() {
    for end in ["\n", "\r\n", "\r"] {
        let first = "<!--\n\n--><offer id='1'><name><![CDATA[a\nb\n]]></name></offer>";
        let text = feed(&format!("{first}\n\n<offer\nid='2'><name>x</name></offer>")).replace('\n', end);
        let (items, _) = all(text.as_bytes());
        let lines: Vec<u64> = items
            .iter()
            .filter_map(|i| if let Item::Offer(line, _) = i { Some(*line) } else { None })
            .collect();
        assert_eq!(lines, [6, 10], "{end:?}");
    }
}

#[test]
fn what_is_too_much_is_cut_and_said() {
    let many = "<picture>http://a.b/PIC</picture>";
    let pictures: String = (0..40).map(|n| many.replace("PIC", &n.to_string())).collect();
    let params: String = (0..600).map(|n| format!("<param name='p{n}'>v</param>")).collect();
    let text = feed(&format!(
        "<offer id='1'><name>{}</name>{pictures}{params}<description>{}</description></offer>",
        "ё".repeat(40_000),
        "ж".repeat(100_000)
    ));
    let (items, _) = all(text.as_bytes());
    assert_eq!(reports(&items), ["4 1 cut", "4 1 too_many", "4 1 too_many", "4 1 cut", "4 1 no_price"]);
    let offer = &offers(text.as_bytes())[0];
    assert_eq!((offer.pictures.len(), offer.params.len()), (30, 500));
    assert_eq!((offer.title.len(), offer.description.len()), (64 << 10, 32 << 10));
}

#[test]
fn doubtful_values_are_dropped_and_said() {
    let text = feed(
        "<offer id='1' available='maybe'><name>&xxe;a\u{1}b&#2;</name><price>дорого</price>\
         <count>много</count>\
         <url>javascript:alert(1)</url><picture>file:///etc/passwd</picture></offer>\n\
         <offer id='2'><name>b</name><price>10</price><currencyId>фантик</currencyId></offer>\n\
         <offer id='3'><name>c</name><price>-10</price><oldprice>0</oldprice></offer>",
    );
    let (items, end) = all(text.as_bytes());
    assert_eq!(
        reports(&items),
        [
            "4 1 bad_available",
            "4 1 unknown_entity",
            "4 1 unknown_entity",
            "4 1 bad_stock",
            "4 1 bad_link",
            "4 1 bad_link",
            "4 1 bad_price",
            "5 2 bad_currency",
            "6 3 bad_price",
            "4  control_characters",
        ]
    );
    assert_eq!(end.unwrap().warnings, 10);
    let offer = &offers(text.as_bytes())[0];
    assert_eq!(
        (offer.title.as_str(), offer.url.as_str(), offer.stock, offer.available),
        ("ab", "", None, true)
    );
}

#[test]
fn encodings_agree() {
    let text = feed("<offer id='1'><name>Чай «Улун» №5</name><price>1</price></offer>");
    let expected = offers(text.as_bytes());
    let declared =
        |label: &str| text.replace("version=\"1.0\"", &format!("version='1.0' encoding = '{label}'"));
    assert_eq!(offers(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), expected);
    for label in ["windows-1251", "CP1251", "koi8-r"] {
        // Neither has all of these signs in common but the letters.
        let text = declared(label).replace(['«', '»', '№'], "");
        let (bytes, encoding, lossy) =
            encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(&text);
        assert!(!lossy);
        let (items, end) = all(&bytes);
        assert_eq!(end.unwrap().encoding, encoding.name());
        assert!(items.iter().any(|i| matches!(i, Item::Offer(4, o) if o.title == "Чай Улун 5")), "{label}");
    }
    let wide: Vec<u8> =
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(offers(&wide), expected);
    assert_eq!(offers(&wide[2..]), expected);
}

/// What feeds are made of, to be put together in any order.
const PARTS: &[&str] = &[
    "<yml_catalog>",
    "<shop>",
    "<offers>",
    "<offer id='1'>",
    "<offer/>",
    "</offer>",
    "</offers>",
    "<name>",
    "</name>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<!-->",
    "<!DOCTYPE x [",
    "]>",
    "<!D>",
    "&amp;",
    "&",
    "<",
    ">",
    "<?",
    "?>",
    "<??>",
    "<?xml ",
    "</>",
    "<>",
    "<description>",
    "<p a='",
    "'",
    "\"",
    "\r",
    "\n",
    "ж",
    "\0",
    "<price>1</price>",
    "<param name='a'>",
    "</param>",
    "<outlets><outlet instock='x'/>",
];

proptest! {
    #[test]
    fn any_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = all(&bytes);
        let _ = all(&[b"<yml_catalog><shop><offers><offer id='1'><name>", &bytes[..]].concat());
    }

    #[test]
    fn any_tags_end(parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..40)) {
        let text = parts.concat();
        let _ = all(text.as_bytes());
        let _ = all(format!("<yml_catalog><shop><offers><offer id='1'>{text}").as_bytes());
    }

    #[test]
    fn a_cut_feed_is_never_taken_for_whole(at in 0usize..WHOLE.len() - 20) {
        prop_assert!(all(&WHOLE.as_bytes()[..at]).1.is_err());
    }
}
