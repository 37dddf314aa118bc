//! An import is seen whole or not at all, and a broken feed does not empty a shop.

use crate::planes::planes;
use crate::world::*;
use beckon_core::catalogue::{Category, Offer};
use beckon_core::ids::ShopId;
use beckon_core::money::{Currency, Money};
use beckon_core::time::ShopTime;
use beckon_store::shop::*;
use beckon_store::*;
use std::sync::atomic::{AtomicBool, Ordering};

fn offer(n: u32, minor: i64) -> Offer {
    Offer {
        id: format!("SKU-{n}"),
        group: if n.is_multiple_of(2) { format!("G{}", n / 4) } else { String::new() },
        title: format!("Чайник №{n}"),
        price: Some(Money { minor, currency: Currency::RUB }),
        available: !n.is_multiple_of(5),
        stock: n.is_multiple_of(3).then_some(n),
        category: (n % 4).to_string(),
        ..Offer::default()
    }
}

fn import(plane: &ShopPlane, at: i64, offers: &[Offer]) -> ImportDone {
    let mut import = plane.import(SHOP, ShopTime(at)).unwrap();
    for part in offers.chunks(7) {
        import.put(part).unwrap();
    }
    import
        .category(&Category { id: "1".into(), parent: String::new(), name: format!("Посуда {at}") })
        .unwrap();
    import.finish(0.5).unwrap()
}

fn all(plane: &ShopPlane) -> Vec<Card> {
    let mut cards: Vec<Card> = Vec::new();
    loop {
        let page = plane.cards(SHOP, cards.last().map(|c| c.number), 6).unwrap();
        if page.is_empty() {
            return cards;
        }
        cards.extend(page);
    }
}

#[test]
fn an_import_says_what_changed_and_keeps_the_history_of_prices() {
    for world in planes() {
        let plane = &world.plane;
        let first: Vec<_> = (0..40).map(|n| offer(n, 1_000)).collect();
        assert_eq!(import(plane, 1, &first), ImportDone::Imported { imported: 40, changed: 40, removed: 0 });
        let version = plane.catalogue_version(SHOP).unwrap();
        assert_eq!(version, plane.version().unwrap());
        let mut second: Vec<_> = first.iter().skip(5).cloned().collect();
        second[0].price = Some(Money { minor: 900, currency: Currency::RUB });
        second[1].title = "Самовар".to_owned();
        second.push(offer(99, 5));
        assert_eq!(import(plane, 2, &second), ImportDone::Imported { imported: 36, changed: 3, removed: 5 });
        assert!(plane.catalogue_version(SHOP).unwrap() > version);
        let (number, stored) = plane.offer_by_id(SHOP, "SKU-5").unwrap().unwrap();
        assert_eq!(stored, second[0]);
        let change =
            PriceChange { at: ShopTime(2), old: Some(1_000), new: Some(900), currency: "RUB".to_owned() };
        assert_eq!(plane.prices(SHOP, number, 9).unwrap(), [change]);
        let (samovar, _) = plane.offer_by_id(SHOP, "SKU-6").unwrap().unwrap();
        assert_eq!(plane.prices(SHOP, samovar, 9).unwrap(), [], "no row where the price stood");
        assert_eq!(plane.offer_by_id(SHOP, "SKU-0").unwrap(), None);
        assert_eq!(plane.offers(SHOP, &[number, 1, samovar]).unwrap().len(), 2);
        assert_eq!(plane.categories(SHOP).unwrap()[0].name, "Посуда 2");
        assert_eq!(plane.offer_count(SHOP).unwrap(), 36);
        assert_eq!(plane.offer_count(ShopId(2)).unwrap(), 0);
        let cards = all(plane);
        assert_eq!(cards.len(), 36);
        let card = cards.iter().find(|c| c.id == "SKU-6").unwrap();
        assert_eq!((card.minor, card.currency.as_str(), card.stock), (Some(1_000), "RUB", Some(6)));
        let product = |id: &str| cards.iter().find(|c| c.id == id).unwrap().product;
        assert_eq!(product("SKU-8"), product("SKU-10"));
        assert_ne!(product("SKU-7"), product("SKU-9"));
    }
}

#[test]
fn offers_are_found_by_title_in_any_case_and_by_category() {
    for world in planes() {
        let plane = &world.plane;
        import(plane, 1, &(0..30).map(|n| offer(n, 1)).collect::<Vec<_>>());
        let found = |search, category, limit| {
            let mut ids = Vec::new();
            let mut after = None;
            loop {
                let page = plane.page(SHOP, search, category, after, limit).unwrap();
                let Some((last, _)) = page.last() else { break };
                after = Some(*last);
                ids.extend(page.into_iter().map(|(_, offer)| offer.id));
            }
            ids.sort();
            ids
        };
        assert_eq!(found(Some("ЧАЙНИК №2"), None, 3).len(), 11, "2 and 20 to 29");
        assert_eq!(found(Some("sku-17"), None, 3), ["SKU-17"]);
        assert_eq!(found(Some("чайник"), Some("3"), 2).len(), 7);
        assert_eq!(found(None, None, 4).len(), 30);
        assert_eq!(found(Some("%"), None, 4).len(), 0);
    }
}

#[test]
fn over_half_of_a_catalogue_does_not_vanish() {
    for world in planes() {
        let plane = &world.plane;
        let offers: Vec<_> = (0..40).map(|n| offer(n, 1_000)).collect();
        import(plane, 1, &offers);
        assert_eq!(import(plane, 2, &offers[..19]), ImportDone::Refused { old: 40, gone: 21 });
        assert_eq!(all(plane).len(), 40);
        assert_eq!(plane.categories(SHOP).unwrap()[0].name, "Посуда 1");
        let report = &plane.import_reports(SHOP, 9).unwrap()[0];
        assert_eq!((report.outcome.as_str(), report.imported, report.removed), ("refused", 19, 21));
        let half = ImportDone::Imported { imported: 20, changed: 0, removed: 20 };
        assert_eq!(import(plane, 3, &offers[..20]), half);
        assert!(matches!(import(plane, 4, &offers[..10]), ImportDone::Imported { .. }));
        assert!(matches!(import(plane, 5, &offers[..9]), ImportDone::Imported { .. }));
        assert!(matches!(import(plane, 6, &[]), ImportDone::Imported { imported: 0, .. }), "small shops may");
    }
}

#[test]
fn an_import_that_was_overtaken_or_given_up_changes_nothing() {
    for world in planes() {
        let plane = &world.plane;
        import(plane, 1, &(0..12).map(|n| offer(n, 1)).collect::<Vec<_>>());
        let mut slow = plane.import(SHOP, ShopTime(2)).unwrap();
        slow.put(&[offer(50, 1)]).unwrap();
        let mut quick = plane.import(SHOP, ShopTime(3)).unwrap();
        assert!(matches!(slow.put(&[offer(51, 1)]), Err(Error::Conflict(_))));
        assert!(matches!(slow.finish(0.0), Err(Error::Conflict(_))));
        quick.put(&[offer(52, 1)]).unwrap();
        for line in 0..1_500 {
            quick.broken(BrokenOffer {
                line,
                id: String::new(),
                reason: "no price".to_owned(),
                reason_ru: "нет цены".to_owned(),
            });
        }
        quick.abandon("the feed ended in the middle").unwrap();
        assert_eq!(all(plane).len(), 12);
        assert_eq!(plane.offer_by_id(SHOP, "SKU-50").unwrap(), None);
        let report = plane.import_reports(SHOP, 1).unwrap().remove(0);
        assert_eq!((report.broken, report.examples.len()), (1_500, 1_000));
        assert!(report.outcome.contains("ended in the middle"));
        // Nothing of the lost ones is left to slip into the next.
        let next: Vec<_> = (0..12).map(|n| offer(n, 1)).collect();
        assert_eq!(import(plane, 4, &next), ImportDone::Imported { imported: 12, changed: 0, removed: 0 });
    }
}

#[test]
fn of_two_offers_with_one_id_the_later_counts() {
    for world in planes() {
        let plane = &world.plane;
        import(plane, 1, &[offer(1, 10), offer(1, 20)]);
        assert_eq!(plane.offer_by_id(SHOP, "SKU-1").unwrap().unwrap().1.price.unwrap().minor, 20);
        import(plane, 2, &[offer(1, 30), offer(1, 20)]);
        assert_eq!(plane.offer_by_id(SHOP, "SKU-1").unwrap().unwrap().1.price.unwrap().minor, 20);
    }
}

#[test]
fn readers_see_the_old_catalogue_or_the_new_one() {
    for world in planes() {
        let plane = &world.plane;
        let catalogue = |minor| (0..300).map(|n| offer(n, minor)).collect::<Vec<_>>();
        import(plane, 1, &catalogue(1));
        let reader = world.again();
        let stop = AtomicBool::new(false);
        let seen = std::thread::scope(|scope| {
            let reading = scope.spawn(|| {
                let mut seen = std::collections::BTreeSet::new();
                while !stop.load(Ordering::Relaxed) {
                    let cards = reader.cards(SHOP, None, 1_000).unwrap();
                    let prices: std::collections::BTreeSet<_> = cards.iter().map(|c| c.minor).collect();
                    assert_eq!((cards.len(), prices.len()), (300, 1), "a mixture: {prices:?}");
                    seen.extend(prices);
                }
                seen
            });
            for minor in 2..8 {
                import(plane, minor, &catalogue(minor));
            }
            stop.store(true, Ordering::Relaxed);
            reading.join().unwrap()
        });
        assert!(!seen.is_empty());
        assert!(all(plane).iter().all(|c| c.minor == Some(7)));
    }
}
