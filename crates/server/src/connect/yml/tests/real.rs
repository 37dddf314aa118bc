//! The feeds of real shops, where they are at hand; the numbers are those another XML reader (expat) counted.

use super::*;
use std::path::PathBuf;

fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/feeds/yml"));
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no ../shared");
    None
}

#[test]
fn real_feeds_are_read_or_refused_as_they_deserve() {
    let Some(folder) = folder() else { return };
    // File, offers, of stock only, broken.
    let expected = [
        ("DERIVED-emporium-windows-1251.xml", 132, 0, 0),
        ("analyticsteam47-yml.xml", 1, 0, 0),
        ("cassiopeia-yml_catalog.xml", 3, 0, 0),
        ("dmitrykram-yandex_market.xml", 77, 0, 0),
        ("emporium-shwei.xml", 132, 0, 0),
        ("excel-to-yml.xml", 3, 0, 0),
        ("islandgift.xml", 102, 0, 0),
        ("larou.xml", 22, 0, 0),
        ("rudimka-feed2.xml", 0, 2957, 2),
        ("rudimka-feed3.xml", 0, 27, 0),
        ("serkin-ymlparser-valid.xml", 5, 0, 0),
        ("stefanitsky-valid_feed.xml", 8, 0, 0),
        ("supplier-raw-alstyle-4.2MB.yml", 2003, 0, 0),
        ("urmaul-fixture.xml", 2, 0, 0),
    ];
    for (file, offers, stock_only, broken) in expected {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let (items, end) = all(&bytes);
        let end = end.unwrap_or_else(|e| panic!("{file}: {e}"));
        assert_eq!((end.offers, end.stock_only, end.broken), (offers, stock_only, broken), "{file}");
        println!("{file}: {end:?}");
        for report in reports(&items).iter().take(5) {
            println!("  {report}");
        }
    }
    let rss = std::fs::read(folder.join("NOT-YML-rss-turbo-ya-feed.xml")).unwrap();
    assert_eq!(all(&rss).1.unwrap_err().reason.code, "not_yml");
}

#[test]
fn the_windows_1251_twin_reads_the_same() {
    let Some(folder) = folder() else { return };
    let read = |file| all(&std::fs::read(folder.join(file)).unwrap());
    let (old, old_end) = read("DERIVED-emporium-windows-1251.xml");
    let (new, new_end) = read("emporium-shwei.xml");
    assert_eq!(old, new);
    assert_eq!((old_end.unwrap().encoding, new_end.unwrap().encoding), ("windows-1251", "UTF-8"));
}
