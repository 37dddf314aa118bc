//! An invented shop for tests of the whole program: its feed, and ports it may listen on.

use std::hash::{BuildHasher, RandomState};
use std::net::{SocketAddr, TcpListener};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU16, Ordering};

/// Offers of the invented feed, called `P-0` and so on.
pub const OFFERS: usize = 20;

/// Where ports are looked for: below the range from which systems give out ports by chance.
const PORTS: std::ops::Range<u16> = 12_000..31_000;

/// The shop's feed (YML): teas in stock, each with a price, a picture and a page.
pub fn feed() -> String {
    let offers: String = (0..OFFERS)
        .map(|n| {
            format!(
                "<offer id=\"P-{n}\" available=\"true\"><name>Tea {n}</name>\
                 <url>https://shop.example/p/{n}</url><price>{}</price><currencyId>RUR</currencyId>\
                 <categoryId>1</categoryId><picture>https://shop.example/i/{n}.jpg</picture></offer>\n",
                100 + n
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<yml_catalog date=\"2026-11-01 10:00\"><shop>\
         <name>Tea</name><company>Tea</company><url>https://shop.example/</url>\
         <currencies><currency id=\"RUR\" rate=\"1\"/></currencies>\
         <categories><category id=\"1\">Tea</category></categories>\n<offers>\n{offers}</offers></shop></yml_catalog>"
    )
}

/// A free port of the loopback. Each test starts somewhere by chance: their processes are numbered one after the other,
/// and those that run at once must not look for the same.
pub fn free_port() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    static FIRST: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(std::process::id()));
    let span = PORTS.end - PORTS.start;
    let first = (*FIRST % u64::from(span)) as u32;
    for _ in 0..span {
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = PORTS.start + ((first + u32::from(step) * 7) % u32::from(span)) as u16;
        let addr = SocketAddr::from(([127, 0, 0, 1], port));
        if TcpListener::bind(addr).is_ok() {
            return addr;
        }
    }
    panic!("no free port in {PORTS:?}");
}
