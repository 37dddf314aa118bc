//! Header values that make a mail a good citizen: one-click unsubscribe, list id, feedback id, no
//! auto-replies.

use crate::links::Links;

/// What kind of message it is, as far as headers go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageClass {
    /// Needs consent; carries a way out.
    Marketing,
    /// Owed to the recipient (an order confirmation); has no unsubscribe.
    Transactional,
}

/// What the headers speak of.
#[derive(Clone, Debug)]
pub struct Envelope<'a> {
    /// Number of the message.
    pub message: u64,
    /// Its class.
    pub class: MessageClass,
    /// From what an unsubscribe takes the recipient, e.g. `marketing`.
    pub purpose: &'a str,
    /// Name of the shop, for people.
    pub shop_name: &'a str,
    /// Journey or mailing, e.g. `cart_abandonment`.
    pub campaign: &'a str,
    /// Step or template, e.g. `abandoned-cart-1`.
    pub template: &'a str,
    /// Stable name of the sender, e.g. the shop's id.
    pub sender: &'a str,
    /// Domain that takes mail to `u+TOKEN@…` as an unsubscribe; `None` where nobody reads it.
    pub mailto_domain: Option<&'a str>,
}

/// RFC 5321 section 4.5.3.1.1.
const LOCAL_PART_BYTES_MAX: usize = 64;

/// The headers of a message, beside those of the letter itself (From, To, Date, Message-ID).
///
/// `List-Unsubscribe` is RFC 2369, `List-Unsubscribe-Post` RFC 8058 (both must be signed by DKIM), `List-ID`
/// RFC 2919, `Auto-Submitted` RFC 3834; `Feedback-ID` is Gmail's, four fields with the sender last. All
/// values are ASCII of one line.
#[must_use]
pub fn headers(links: &Links, envelope: &Envelope<'_>) -> Vec<(&'static str, String)> {
    let mut out = Vec::with_capacity(6);
    let campaign = atom(envelope.campaign);
    if envelope.class == MessageClass::Marketing {
        let page = links.unsubscribe(envelope.message, envelope.purpose);
        let token = links.unsubscribe_token(envelope.message, envelope.purpose);
        let local = format!("u+{token}");
        let mailto = envelope.mailto_domain.filter(|d| is_host(d) && local.len() <= LOCAL_PART_BYTES_MAX);
        let mailto = mailto.map(|domain| format!(", <mailto:{local}@{domain}?subject=unsubscribe>"));
        out.push(("List-Unsubscribe", format!("<{page}>{}", mailto.unwrap_or_default())));
        out.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        if is_host(links.host()) {
            out.push(("List-ID", format!("{}<{campaign}.{}>", phrase(envelope.shop_name), links.host())));
        }
        out.push(("Precedence", "bulk".to_owned()));
    }
    let kind = match envelope.class {
        MessageClass::Marketing => "marketing",
        MessageClass::Transactional => "transactional",
    };
    out.push((
        "Feedback-ID",
        format!("{campaign}:{}:{kind}:{}", atom(envelope.template), atom(envelope.sender)),
    ));
    out.push(("Auto-Submitted", "auto-generated".to_owned()));
    out
}

/// ASCII letters, digits, `-` and `_`; anything else becomes `-`. Never empty, at most 40.
fn atom(text: &str) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let out: String = text.chars().take(40).map(keep).collect();
    if out.is_empty() { "none".to_owned() } else { out }
}

/// The name in quotes (RFC 5322 quoted-string); nothing where it is not plain ASCII, as the id alone says
/// enough.
fn phrase(name: &str) -> String {
    let plain = name.chars().all(|c| c == ' ' || (c.is_ascii_graphic() && !matches!(c, '"' | '\\')));
    let name = name.trim();
    if plain && !name.is_empty() && name.len() <= 80 { format!("\"{name}\" ") } else { String::new() }
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::Link;

    fn envelope() -> Envelope<'static> {
        Envelope {
            message: 42,
            class: MessageClass::Marketing,
            purpose: "marketing",
            shop_name: "Quiet House",
            campaign: "cart_abandonment",
            template: "abandoned-cart-1",
            sender: "shop-1",
            mailto_domain: Some("b.example.org"),
        }
    }

    fn find<'a>(all: &'a [(&'static str, String)], name: &str) -> Option<&'a str> {
        all.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }

    #[test]
    fn marketing_mail_has_one_click_unsubscribe() {
        let links = Links::new("https://m.example.org", &[1; 32]);
        let all = headers(&links, &envelope());
        let unsubscribe = find(&all, "List-Unsubscribe").unwrap();
        let (page, mailto) = unsubscribe.split_once(", ").unwrap();
        let token = page.trim_matches(['<', '>']).rsplit('/').next().unwrap();
        assert_eq!(links.read(token), Ok(Link::Unsubscribe { message: 42, purpose: "marketing".to_owned() }));
        assert_eq!(mailto, format!("<mailto:u+{token}@b.example.org?subject=unsubscribe>"));
        assert_eq!(find(&all, "List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
        assert_eq!(find(&all, "List-ID"), Some("\"Quiet House\" <cart_abandonment.m.example.org>"));
        assert_eq!(find(&all, "Feedback-ID"), Some("cart_abandonment:abandoned-cart-1:marketing:shop-1"));
        assert_eq!(find(&all, "Precedence"), Some("bulk"));
        assert_eq!(find(&all, "Auto-Submitted"), Some("auto-generated"));
    }

    #[test]
    fn transactional_mail_offers_no_way_out() {
        let envelope = Envelope { class: MessageClass::Transactional, ..envelope() };
        let all = headers(&Links::new("https://m.example.org", &[1; 32]), &envelope);
        assert_eq!(find(&all, "List-Unsubscribe"), None);
        assert_eq!(find(&all, "Precedence"), None);
        assert_eq!(find(&all, "Auto-Submitted"), Some("auto-generated"));
    }

    #[test]
    fn no_value_can_add_a_header() {
        let evil = "x\r\nBcc: a@b\"<>:; я";
        let envelope = Envelope {
            purpose: evil,
            shop_name: evil,
            campaign: evil,
            template: evil,
            sender: evil,
            mailto_domain: Some(evil),
            ..envelope()
        };
        for (name, value) in headers(&Links::new("https://m.example.org", &[1; 32]), &envelope) {
            assert!(value.bytes().all(|b| (0x20..0x7f).contains(&b)), "{name}: {value:?}");
            assert!(!value.contains("Bcc: "), "{name}: {value}");
        }
    }
}
