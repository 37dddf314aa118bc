//! Who a shopper is: name, address, devices and habits, all from the seed.

use crate::chance::Chance;
use crate::shop::{Lang, Shop};

/// A shopper.
#[derive(Clone, Debug)]
pub struct Person {
    /// Number of the shopper.
    pub who: u32,
    /// First name, in the shopper's own letters.
    pub first_name: &'static str,
    /// Address; only the demo's mailbox knows it.
    pub email: String,
    /// The language of her browser.
    pub lang: Lang,
    /// One or two.
    pub devices: Vec<Device>,
    pub(super) habits: Habits,
}

/// A browser of a shopper.
#[derive(Clone, Debug)]
pub struct Device {
    /// What the tracker's cookie would hold.
    pub anonymous_id: String,
    /// What the browser calls itself.
    pub user_agent: &'static str,
}

/// What a shopper tends to do; chances in percent.
#[derive(Clone, Debug)]
pub(super) struct Habits {
    /// Days between two visits, on average.
    pub(super) gap_days: u64,
    /// That a thing looked at goes into the cart.
    pub(super) adds: u64,
    /// That a visit with a full cart goes on to the checkout.
    pub(super) checks_out: u64,
    /// That the checkout, once begun, ends with an order.
    pub(super) orders: u64,
    /// Whether she agrees to letters where she is asked.
    pub(super) consents: bool,
    /// Whether she leaves her address in the footer, at her first or second visit.
    pub(super) subscribes: bool,
    /// That she opens a mail.
    pub(super) opens: u64,
    /// That she clicks in a mail she has opened.
    pub(super) clicks: u64,
    /// The categories she goes to first.
    pub(super) likes: Vec<u32>,
}

const NAMES: [(&str, &str, Lang); 40] = [
    ("Анна", "anna", Lang::Ru),
    ("Мария", "maria", Lang::Ru),
    ("Ольга", "olga", Lang::Ru),
    ("Екатерина", "katya", Lang::Ru),
    ("Елена", "elena", Lang::Ru),
    ("Наталья", "natalia", Lang::Ru),
    ("Татьяна", "tanya", Lang::Ru),
    ("Ирина", "irina", Lang::Ru),
    ("Светлана", "sveta", Lang::Ru),
    ("Дарья", "darya", Lang::Ru),
    ("Полина", "polina", Lang::Ru),
    ("Вера", "vera", Lang::Ru),
    ("Зоя", "zoya", Lang::Ru),
    ("Лидия", "lidia", Lang::Ru),
    ("Алексей", "alexey", Lang::Ru),
    ("Дмитрий", "dmitry", Lang::Ru),
    ("Иван", "ivan", Lang::Ru),
    ("Сергей", "sergey", Lang::Ru),
    ("Павел", "pavel", Lang::Ru),
    ("Михаил", "mikhail", Lang::Ru),
    ("Николай", "nikolay", Lang::Ru),
    ("Фёдор", "fyodor", Lang::Ru),
    ("Тимофей", "timofey", Lang::Ru),
    ("Григорий", "grigory", Lang::Ru),
    ("Юлия", "yulia", Lang::Ru),
    ("Софья", "sofya", Lang::Ru),
    ("Варвара", "varvara", Lang::Ru),
    ("Ксения", "ksenia", Lang::Ru),
    ("Emma", "emma", Lang::En),
    ("Oliver", "oliver", Lang::En),
    ("Grace", "grace", Lang::En),
    ("Henry", "henry", Lang::En),
    ("Alice", "alice", Lang::En),
    ("Noah", "noah", Lang::En),
    ("Zoë", "zoe", Lang::En),
    ("Liam", "liam", Lang::En),
    ("Nora", "nora", Lang::En),
    ("Arthur", "arthur", Lang::En),
    ("Ivy", "ivy", Lang::En),
    ("Felix", "felix", Lang::En),
];

const PHONES: [&str; 3] = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
     Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 \
     Mobile Safari/537.36",
    "Mozilla/5.0 (Android 14; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0",
];
const LAPTOPS: [&str; 3] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 \
     Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 \
     Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
];

impl Person {
    pub(super) fn new(chance: Chance, shop: &Shop, who: u32) -> Person {
        let about = [u64::from(who)];
        let pick = |question: &str, end: usize| chance.below(question, &about, end as u64) as usize;
        let (first_name, latin, lang) = NAMES[pick("name", NAMES.len())];
        let both = chance.percent("two devices", &about, 45);
        let phone_only = chance.percent("phone", &about, 65);
        let agents = match (both, phone_only) {
            (true, _) => vec![PHONES[pick("model", 3)], LAPTOPS[pick("laptop", 3)]],
            (false, true) => vec![PHONES[pick("model", 3)]],
            (false, false) => vec![LAPTOPS[pick("laptop", 3)]],
        };
        let devices = agents.into_iter().enumerate().map(|(n, user_agent)| Device {
            anonymous_id: uuid(chance, [u64::from(who), n as u64]),
            user_agent,
        });
        Person {
            who,
            first_name,
            email: format!("{latin}.{}@demo.example", who + 1),
            lang,
            devices: devices.collect(),
            habits: Habits::new(chance, shop, &about),
        }
    }
}

impl Person {
    /// The language tag of her browser.
    pub(super) fn locale(&self) -> &'static str {
        self.lang.pick("ru-RU", "en-GB")
    }
}

impl Habits {
    fn new(chance: Chance, shop: &Shop, about: &[u64]) -> Habits {
        let between =
            |question: &str, low: u64, high: u64| low + chance.below(question, about, high - low + 1);
        let leaves: Vec<u32> = shop
            .categories()
            .iter()
            .filter(|category| category.parent != 0)
            .map(|category| category.id)
            .collect();
        let like = |n: u64| {
            let at = chance.below("likes", &[about[0], n], leaves.len() as u64);
            leaves.get(at as usize).copied()
        };
        Habits {
            gap_days: between("gap", 1, 6),
            adds: between("adds", 12, 45),
            checks_out: between("checks out", 25, 75),
            orders: between("orders", 40, 85),
            consents: chance.percent("consents", about, 62),
            subscribes: chance.percent("subscribes", about, 18),
            opens: between("opens", 25, 85),
            clicks: between("clicks", 10, 55),
            likes: (0..3).filter_map(like).collect(),
        }
    }
}

/// An id in the form of a random UUID (RFC 9562, version 4), but from the seed.
fn uuid(chance: Chance, about: [u64; 2]) -> String {
    let [high, low] = ["id high", "id low"].map(|question| chance.bits(question, &about));
    let high = high & !0xf000 | 0x4000;
    let low = low & !(0xc << 60) | 0x8 << 60;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}
