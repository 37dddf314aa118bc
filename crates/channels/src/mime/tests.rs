//! Mails are read back with a parser that is not ours.

use super::*;
use mail_parser::{HeaderValue, MessageParser};
use proptest::prelude::*;

fn addresses() -> (Address, Address) {
    let from =
        Address::parse("Магазин \"Тёплый дом\" и компания с очень длинным названием <shop@example.test>");
    (from.unwrap(), Address::parse("\"Petrova, Anna\" <anna@example.test>").unwrap())
}

fn built(
    subject: &str,
    text: &str,
    html: Option<&str>,
    headers: &[(String, String)],
) -> Result<Vec<u8>, MimeError> {
    let (from, to) = addresses();
    let date = WallTime(1_700_000_000_000);
    build(&Mail { from: &from, to: &to, subject, date, message_id: "m1@example.test", headers, text, html })
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Subject of a raw mail as the foreign parser reads it.
fn subject_of(raw: &[u8]) -> String {
    MessageParser::default().parse(raw).unwrap().subject().unwrap_or_default().to_owned()
}

#[test]
fn a_mail_with_everything_is_read_back_by_another_parser() {
    let unsubscribe = "<https://shop.test/u/TOKEN>, <mailto:u+TOKEN@shop.test?subject=unsubscribe>";
    let headers = [
        pair("List-Unsubscribe", unsubscribe),
        pair("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        pair("Feedback-ID", "cart:shop:triggered:beckon"),
    ];
    let subject =
        "Вы забыли в корзине: чайник «Заря», 1 990 ₽ — он ещё ждёт вас, но осталось всего три штуки";
    let html = "<p style=\"a=b\">Здравствуйте, Анна!</p>\n.\n..\n--=_beckon--\n";
    let raw = built(subject, "Здравствуйте!\n.\n", Some(html), &headers).unwrap();
    assert!(raw.is_ascii());
    assert!(raw.split(|b| *b == b'\n').all(|line| line.is_empty() || line.ends_with(b"\r")), "CRLF only");
    assert!(raw.split(|b| *b == b'\n').all(|line| line.len() <= 100), "short lines");

    let mail = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(mail.subject(), Some(subject));
    assert_eq!(mail.message_id(), Some("m1@example.test"));
    assert_eq!(mail.date().unwrap().to_timestamp(), 1_700_000_000);
    let from = mail.from().unwrap().first().unwrap();
    assert_eq!(from.name(), Some("Магазин \"Тёплый дом\" и компания с очень длинным названием"));
    assert_eq!(from.address(), Some("shop@example.test"));
    assert_eq!(mail.to().unwrap().first().unwrap().name(), Some("Petrova, Anna"));
    assert_eq!(mail.body_text(0).unwrap(), "Здравствуйте!\r\n.\r\n");
    assert_eq!(mail.body_html(0).unwrap(), html.replace('\n', "\r\n"));
    let unfolded = String::from_utf8(raw).unwrap().replace("\r\n ", " ");
    assert!(unfolded.contains(&format!("\r\nList-Unsubscribe: {unsubscribe}\r\n")));
    assert!(unfolded.contains("\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n"), "{unfolded}");
}

#[test]
fn a_line_break_in_a_value_cannot_begin_a_header() {
    let (from, to) = addresses();
    let evil = "Hi\r\nBcc: all@example.test\r\n\r\n<b>body";
    let headers = [pair("Feedback-ID", evil)];
    let (from, to) = (from.named(evil), to.named(evil));
    let date = WallTime(0);
    let mail = Mail {
        from: &from,
        to: &to,
        subject: evil,
        date,
        message_id: "a@b.test",
        headers: &headers,
        text: "t",
        html: None,
    };
    let raw = build(&mail).unwrap();
    let read = MessageParser::default().parse(&raw).unwrap();
    assert!(read.bcc().is_none());
    assert_eq!(read.body_text(0).unwrap().trim_end(), "t");
    assert_eq!(read.headers().len(), 9, "{}", String::from_utf8_lossy(&raw));
}

#[test]
fn what_cannot_be_written_is_refused_by_name() {
    let refused =
        |name: &str, value: &str| built("s", "t", None, &[pair(name, value)]).unwrap_err().to_string();
    assert!(refused("X-A\r\nBcc", "x").contains("no name of a header"));
    assert!(refused("", "x").contains("no name of a header"));
    assert!(refused("X A", "x").contains("no name of a header"));
    assert!(refused("reply-TO:", "x").contains("no name of a header"));
    assert!(refused("SUBJECT", "x").contains("written by Beckon"));
    assert!(
        refused("List-Unsubscribe", &format!("<https://shop.test/{}>", "x".repeat(1_000)))
            .contains("900 bytes")
    );
    let (from, to) = addresses();
    for message_id in ["", "a", "a@", "@b", "a b@c", "a@b>\r\nBcc: x@y.test", "a@b@c", "é@b"] {
        let date = WallTime(0);
        let mail =
            Mail { from: &from, to: &to, subject: "", date, message_id, headers: &[], text: "", html: None };
        assert!(matches!(build(&mail), Err(MimeError::MessageId(_))), "{message_id:?}");
    }
}

#[test]
fn odd_subjects_come_back() {
    let endless = "x".repeat(2_000);
    for subject in ["=?utf-8?B?aGk=?= as text", &endless, "a  b   c", "word ".repeat(60).trim_end(), "ж"] {
        let raw = built(subject, "t", None, &[]).unwrap();
        assert_eq!(subject_of(&raw), subject);
        assert!(raw.split(|b| *b == b'\n').all(|line| line.len() <= 100));
    }
}

#[test]
fn a_text_alone_is_one_part_and_ends_its_line_once() {
    for text in ["Да", "Да\n", "Да\r\n"] {
        let raw = built("s", text, None, &[]).unwrap();
        let mail = MessageParser::default().parse(&raw).unwrap();
        assert_eq!((mail.parts.len(), mail.body_text(0).unwrap().as_ref()), (1, "Да\r\n"));
    }
}

proptest! {
    #[test]
    fn any_text_makes_a_mail_with_the_headers_we_wrote(
        subject in ".{0,120}", name in ".{0,60}", value in ".{0,200}", body in ".{0,200}"
    ) {
        let (from, to) = addresses();
        let from = from.named(&name);
        let headers = [pair("X-Note", &value)];
        let mail = Mail {
            from: &from, to: &to, subject: &subject, date: WallTime(0), message_id: "<m@x.test>",
            headers: &headers, text: &body, html: Some(&body),
        };
        let raw = build(&mail).unwrap();
        prop_assert!(raw.is_ascii());
        let read = MessageParser::default().parse(&raw).unwrap();
        prop_assert_eq!(read.headers().len(), 8);
        prop_assert!(read.attachments.is_empty() && read.parts.len() == 3);
        let is_address = |value: Option<&HeaderValue<'_>>| matches!(value, Some(HeaderValue::Address(_)));
        prop_assert!(is_address(read.header("From")));
    }
}
