//! Who it happened to: ids, addresses, numbers and cards as doors, normalised so that two spellings are one door.

use super::item::{Call, Item};
use super::json::{Json, fold};
use super::{ClaimMode, KeyKind, Reason};
use beckon_core::event::{Identity, Strength};
use beckon_core::ids::{Door, DoorKind};

/// The longest id that is kept, in characters.
const ID_MAX: usize = 200;

/// Values that code sends when it has no id. As an id, one of them would join strangers into one person.
const PLACEHOLDERS: [&str; 16] = [
    "null",
    "undefined",
    "none",
    "nil",
    "nan",
    "true",
    "false",
    "0",
    "anonymous",
    "guest",
    "user",
    "email",
    "id",
    "userid",
    "anonymousid",
    "[objectobject]",
];

/// Where a page says what the shop's server signed, folded and as it is written: of the user id or the address,
/// and of the address beside a signed user id.
const SIGNATURES: [(&str, &str); 2] = [("signature", "signature"), ("emailsignature", "email_signature")];

/// Every identity of an event, in the order of [`DoorKind`], each once.
pub fn identities(item: &mut Item) -> Vec<Identity> {
    let server = item.caller.key.kind == KeyKind::Server;
    let mut doors = Vec::with_capacity(4);
    claims(item, &mut doors);
    let proved = if server { Vec::new() } else { signed(item, &doors) };
    let is_proved = |door: &Door| server || proved.contains(door);
    let left_out = leave_out_unsigned(item, &mut doors, is_proved);
    if let Some(anonymous) = id_of(item, "anonymousid") {
        doors.push(Door::new(DoorKind::Anonymous, anonymous));
    }
    // The sort is stable: of an alias, the new user id stays before the old one.
    doors.sort_by_key(|door| door.kind);
    let mut identities: Vec<Identity> = Vec::with_capacity(doors.len());
    for door in doors {
        if identities.iter().all(|known| known.door != door) {
            let strength = if is_proved(&door) { Strength::Proved } else { Strength::Claimed };
            identities.push(Identity { door, strength });
        }
    }
    // Of an event that is lost for it, the loss is told instead.
    if let Some(field) = left_out.filter(|_| !identities.is_empty()) {
        item.flag(Reason::Unsigned, field);
    }
    identities
}

/// In signed mode the browser's claims count by signature only. The first that was left out, where the call was made to
/// say who it is: other calls repeat it, and one word of it is enough.
fn leave_out_unsigned(
    item: &Item,
    doors: &mut Vec<Door>,
    is_proved: impl Fn(&Door) -> bool,
) -> Option<&'static str> {
    if item.caller.key.mode == ClaimMode::Open {
        return None;
    }
    let first = doors.iter().find(|door| !is_proved(door)).map(|door| match door.kind {
        DoorKind::Email => "email",
        DoorKind::Phone => "phone",
        DoorKind::Card => "card",
        DoorKind::User | DoorKind::Anonymous | DoorKind::Order => "userId",
    });
    doors.retain(is_proved);
    first.filter(|_| matches!(item.call, Call::Identify | Call::Alias))
}

/// Of what a browser says, what the shop's server signed. A signature of none of it is told to the developer.
fn signed(item: &mut Item, doors: &[Door]) -> Vec<Door> {
    let mut proved = Vec::new();
    for (folded, name) in SIGNATURES {
        let [own, repeated] = item.person();
        let said = [own.at(folded), item.context(folded), repeated.at(folded)];
        let Some(given) = said.iter().find_map(|value| value.text()) else { continue };
        let before = proved.len();
        proved.extend(doors.iter().filter(|door| signs(item, door, &given)).cloned());
        if proved.len() == before {
            item.flag(Reason::BadSignature, name);
        }
    }
    proved
}

/// Whether the signature is of this door: of the user id, or of the address as it is kept. A user id that is an
/// address is signed as one thing. Numbers and cards have no signature: only a server key proves them.
fn signs(item: &Item, door: &Door, signature: &str) -> bool {
    let is_signed = item.caller.is_signed;
    match door.kind {
        DoorKind::User => is_signed(&door.value, signature),
        DoorKind::Email => {
            let user = item.json.at("userid").text().unwrap_or_default();
            let same = email(&user).is_some_and(|email| email == door.value);
            is_signed(&door.value, signature) || (same && is_signed(user.trim(), signature))
        }
        DoorKind::Card | DoorKind::Phone | DoorKind::Anonymous | DoorKind::Order => false,
    }
}

/// What is said of who it is, beside the browser's own anonymous id; counted when proved, or in a shop in open mode.
fn claims(item: &mut Item, doors: &mut Vec<Door>) {
    if let Some(user) = id_of(item, "userid") {
        if let Some(email) = email(&user) {
            doors.push(Door::new(DoorKind::Email, email));
        }
        doors.push(Door::new(DoorKind::User, user));
    }
    if item.call == Call::Alias
        && let Some(previous) = id_of(item, "previousid")
    {
        previous_doors(item, previous, doors);
    }
    for (names, kind) in [
        (&["email", "emailaddress"][..], DoorKind::Email),
        (&["phone", "phonenumber"][..], DoorKind::Phone),
        (&["card", "loyaltycard"][..], DoorKind::Card),
    ] {
        let Some(value) = item.said_of_person(names) else { continue };
        let Some(text) = value.text() else { continue };
        let (door, reason) = match kind {
            DoorKind::Email => (email(&text), Reason::BadEmail),
            DoorKind::Phone => (phone(&text), Reason::BadPhone),
            _ => (id(&text).ok(), Reason::BadId),
        };
        match door {
            Some(value) => doors.push(Door::new(kind, value)),
            None => item.flag(reason, names[0]),
        }
    }
}

/// Segment's `previousId` is an anonymous id or an earlier user id, and does not say which. A UUID, or what equals the
/// anonymous id, is anonymous; an address is a user id of that kind; anything else may be either and is tried as both,
/// where a door that nobody used costs one row and joins nobody.
fn previous_doors(item: &Item, previous: String, doors: &mut Vec<Door>) {
    let is_anonymous = item.json.at("anonymousid").text().is_some_and(|id| id == previous)
        || (previous.len() == 36 && previous.bytes().filter(|b| *b == b'-').count() == 4)
        || previous.starts_with("anon");
    if let Some(email) = email(&previous) {
        doors.push(Door::new(DoorKind::Email, email));
        doors.push(Door::new(DoorKind::User, previous));
        return;
    }
    if !is_anonymous {
        doors.push(Door::new(DoorKind::User, previous.as_str()));
    }
    if item.json.at("userid").text().is_none_or(|user| user != previous) {
        doors.push(Door::new(DoorKind::Anonymous, previous));
    }
}

/// An id of the event itself; what cannot be one is flagged and left out.
fn id_of(item: &mut Item, field: &'static str) -> Option<String> {
    let value = item.json.get(field)?;
    let checked = match value {
        // RudderStack writes `"userId": ""` before anyone signed in.
        Json::Text(text) if text.trim().is_empty() => return None,
        Json::Text(_) | Json::Number(_) => id(&value.text().unwrap_or_default()),
        _ => Err(Reason::BadId),
    };
    checked.map_err(|reason| item.flag(reason, field)).ok()
}

/// A trimmed id of at most 200 characters without control characters that is not known to mean nobody.
pub fn id(text: &str) -> Result<String, Reason> {
    let text = text.trim();
    let placeholder = text.len() <= 24 && PLACEHOLDERS.contains(&fold(text).as_str());
    match text {
        _ if text.is_empty() || text.chars().any(char::is_control) => Err(Reason::BadId),
        _ if text.chars().count() > ID_MAX => Err(Reason::BadId),
        _ if placeholder => Err(Reason::PlaceholderId),
        _ => Ok(text.to_owned()),
    }
}

/// An address in lower case, its domain in ASCII (IDNA), at most 254 characters (RFC 5321 §4.5.3.1); `None` when a
/// mail could not plausibly reach it. Quoted local parts are legal, nobody has one, and forms are attacked with them.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let local_ok = (1..=64).contains(&local.len())
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b))
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    if !local_ok || domain.len() > 254 {
        return None;
    }
    // UTS 46 also maps other full stops and full-width letters; plain ASCII needs none of it.
    let domain =
        if domain.is_ascii() { domain.to_ascii_lowercase() } else { idna::domain_to_ascii(domain).ok()? };
    let label_ok = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    let domain_ok = domain.contains('.')
        && domain.split('.').all(label_ok)
        && top.len() >= 2
        && !top.bytes().all(|b| b.is_ascii_digit());
    (domain_ok && local.len() + 1 + domain.len() <= 254)
        .then(|| format!("{}@{domain}", local.to_ascii_lowercase()))
}

/// A number as 7 to 15 digits (ITU-T E.164) with country code. `00` before it is the plus; 11 digits that begin with 8
/// are a Russian number in its national form.
pub fn phone(text: &str) -> Option<String> {
    let text = text.trim();
    let international = text.starts_with('+');
    let mut digits = String::with_capacity(15);
    for (at, c) in text.char_indices() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if at == 0 => {}
            ' ' | '\u{a0}' | '-' | '\u{2011}' | '\u{2013}' | '(' | ')' | '.' | '/' => {}
            _ => return None,
        }
        if digits.len() > 17 {
            return None;
        }
    }
    if !international {
        if digits.starts_with("00") {
            digits.drain(..2);
        } else if digits.len() == 11 && digits.starts_with('8') {
            digits.replace_range(..1, "7");
        }
    }
    let plausible = (7..=15).contains(&digits.len()) && !digits.starts_with('0');
    plausible.then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_one_however_they_are_typed() {
        assert_eq!(email(" Ivan@Example.COM ").as_deref(), Some("ivan@example.com"));
        assert_eq!(email("info@почта.рф").as_deref(), Some("info@xn--80a1acny.xn--p1ai"));
        assert_eq!(email("a+b.c@x-y.co.uk").as_deref(), Some("a+b.c@x-y.co.uk"));
        let long = format!("{}@{}.com", "a".repeat(64), "b.".repeat(100));
        for bad in [
            "",
            "@",
            "a@b",
            "a b@c.de",
            "a@b..de",
            "a@-b.de",
            "a.@b.de",
            "a@b.1",
            "<a@b.de>",
            "a@b.de,c@d.de",
            &long,
            "a@b.c\r\nBcc: x",
        ] {
            assert_eq!(email(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_have_their_country() {
        for (text, digits) in [
            ("+7 (916) 123-45-67", Some("79161234567")),
            ("8 916 123 45 67", Some("79161234567")),
            ("0049 30 1234567", Some("49301234567")),
            ("+81 3 1234 5678", Some("81312345678")),
            ("+8 916 123 45 67", Some("89161234567")),
            ("12345", None),
            ("1234567890123456", None),
            ("call me", None),
            ("", None),
            ("0123456789", None),
        ] {
            assert_eq!(phone(text).as_deref(), digits, "{text}");
        }
    }

    #[test]
    fn an_id_that_means_nobody_is_no_id() {
        assert_eq!(id(" u-1 ").as_deref(), Ok("u-1"));
        for bad in ["undefined", "Null", "0", "[object Object]", "GUEST"] {
            assert_eq!(id(bad), Err(Reason::PlaceholderId), "{bad}");
        }
        assert_eq!(id("a\u{0}b"), Err(Reason::BadId));
        assert_eq!(id(&"x".repeat(201)), Err(Reason::BadId));
        assert_eq!(id(&"я".repeat(200)).map(|id| id.chars().count()), Ok(200));
    }
}
