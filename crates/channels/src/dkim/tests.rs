//! Signatures against the published example of RFC 8463, against openssl's public key, and against tampering.

use super::*;
use crate::address::Address;
use crate::mime::{Mail, build};
use ring::signature::{ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

const RSA_PKCS1: &[u8] = include_bytes!("../../tests/keys/rsa-pkcs1.pem");
const RSA_PKCS8: &[u8] = include_bytes!("../../tests/keys/rsa-pkcs8.pem");
const RSA_1024: &[u8] = include_bytes!("../../tests/keys/rsa-1024.pem");
const RSA_PUBLIC: &str = include_str!("../../tests/keys/rsa-public.txt");
const AT: WallTime = WallTime(1_700_000_000_123);

/// The message of RFC 8463 appendix A.3 with its Ed25519 signature.
const RFC_8463: &str = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n \
 d=football.example.com; i=@football.example.com;\r\n \
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n \
 subject : date : message-id : from : subject : date;\r\n \
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n \
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n \
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\n\
From: Joe SixPack <joe@football.example.com>\r\n\
To: Suzie Q <suzie@shopping.example.net>\r\n\
Subject: Is dinner ready?\r\n\
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n\
Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\
\r\n\
Hi.\r\n\
\r\n\
We lost the game.  Are you hungry yet?\r\n\
\r\n\
Joe.\r\n";
/// Its public key, appendix A.2.
const RFC_8463_PUBLIC: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/// The value of a tag of a signature header, white space removed.
fn tag(header: &[u8], name: &str) -> String {
    let text = String::from_utf8_lossy(header).into_owned();
    let (_, list) = text.split_once(':').unwrap();
    let of = |pair: &str| pair.split_once('=').map(|(n, v)| (n.trim().to_owned(), v.to_owned()));
    let (_, value) = list.split(';').filter_map(of).find(|(n, _)| n == name).unwrap();
    value.split_whitespace().collect()
}

/// Checks the signature header number `n` of a message as RFC 6376 §6.1 says.
fn verifies(mime: &[u8], n: usize, public: &[u8]) -> bool {
    let (headers, body) = canonical::split(mime).unwrap();
    let signature = headers[n];
    let mut left: Vec<&[u8]> = headers[n + 1..].to_vec();
    let mut input = Vec::new();
    for name in tag(signature, "h").split(':') {
        if let Some(at) = left.iter().rposition(|header| canonical::is_named(header, name)) {
            canonical::header(left.remove(at), &mut input);
        }
    }
    let text = String::from_utf8_lossy(signature).into_owned();
    let b_at = text.rfind(" b=").unwrap() + 3;
    canonical::header(&text.as_bytes()[..b_at], &mut input);
    input.truncate(input.len() - 2);
    let given = STANDARD.decode(tag(signature, "b")).unwrap();
    let right = match tag(signature, "a").as_str() {
        "ed25519-sha256" => {
            UnparsedPublicKey::new(&ED25519, public).verify(digest(&SHA256, &input).as_ref(), &given)
        }
        // ring takes the RSAPublicKey without the 24 bytes of its SubjectPublicKeyInfo.
        _ => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &public[24..]).verify(&input, &given),
    };
    right.is_ok() && STANDARD.encode(digest(&SHA256, &canonical::body(body))) == tag(signature, "bh")
}

fn mail() -> Vec<u8> {
    let from = Address::parse("Магазин <shop@example.test>").unwrap();
    let to = Address::parse("anna@example.test").unwrap();
    let headers = [
        ("List-Unsubscribe".to_owned(), "<https://shop.test/u/T>, <mailto:u@shop.test>".to_owned()),
        ("List-Unsubscribe-Post".to_owned(), "List-Unsubscribe=One-Click".to_owned()),
    ];
    let (subject, message_id) = ("Корзина  ждёт", "m1@example.test");
    let html = Some("<p>Да</p>  \n\n\n");
    build(&Mail {
        from: &from,
        to: &to,
        subject,
        date: AT,
        message_id,
        headers: &headers,
        text: " a \n\n",
        html,
    })
    .unwrap()
}

fn public_of(record: &str) -> Vec<u8> {
    STANDARD.decode(record.split_once("p=").unwrap().1).unwrap()
}

#[test]
fn the_signature_published_in_rfc_8463_verifies_with_our_canonical_forms() {
    let public = STANDARD.decode(RFC_8463_PUBLIC).unwrap();
    assert!(verifies(RFC_8463.as_bytes(), 0, &public));
    assert!(!verifies(RFC_8463.replace("dinner", "lunch").as_bytes(), 0, &public));
    assert!(!verifies(RFC_8463.replace("hungry", "thirsty").as_bytes(), 0, &public));
}

#[test]
fn a_mail_is_signed_by_both_kinds_of_key_and_tampering_shows() {
    let (pem, record) = new_ed25519("Example.test", "ed1").unwrap();
    let keys = [
        Key::parse("example.test", "rsa1", RSA_PKCS1).unwrap(),
        Key::parse("example.test", "ed1", pem.as_bytes()).unwrap(),
    ];
    assert_eq!(dns_record(&keys[1]), record);
    let signed = sign(&keys, &mail(), AT).unwrap();
    let publics = [public_of(&dns_record(&keys[0])), public_of(&record)];
    let (headers, _) = canonical::split(&signed).unwrap();
    for (n, public) in publics.iter().enumerate() {
        assert!(verifies(&signed, n, public), "signature {n}");
        let names = tag(headers[n], "h").to_ascii_lowercase();
        for name in ["from", "message-id", "list-unsubscribe", "list-unsubscribe-post", "content-type"] {
            assert!(names.split(':').any(|given| given == name), "{names}");
        }
        assert_eq!(tag(headers[n], "t"), "1700000000");
        assert_eq!(tag(headers[n], "d"), "example.test");
    }
    assert!(signed.split(|byte| *byte == b'\n').all(|line| line.len() <= 100), "short lines");

    let text = String::from_utf8(signed).unwrap();
    for (was, is) in [("One-Click", "Two-Click"), ("Message-ID: <m1", "Message-ID: <m2"), ("<p>", "<q>")] {
        assert!(!verifies(text.replace(was, is).as_bytes(), 0, &publics[0]), "{was}");
    }
    let second_from = text.replace("\r\nTo:", "\r\nFrom: bank@example.test\r\nTo:");
    assert!(!verifies(second_from.as_bytes(), 1, &publics[1]), "a second From is sealed out");
    let refolded = text.replace("Subject: ", "SUBJECT:\r\n\t ");
    assert!(verifies(refolded.as_bytes(), 0, &publics[0]), "folding anew does not matter");
}

#[test]
fn keys_are_read_in_every_usual_form_and_published_as_openssl_does() {
    let record = |key: &[u8]| Key::parse("example.test", "s", key).map(|key| dns_record(&key));
    let wanted = Ok(format!("v=DKIM1; k=rsa; p={}", RSA_PUBLIC.trim()));
    assert_eq!(record(RSA_PKCS1), wanted);
    assert_eq!(record(RSA_PKCS8), wanted);
    let der = rustls_pki_types::pem::PemObject::from_pem_slice(RSA_PKCS8)
        .map(|key: rustls_pki_types::PrivateKeyDer<'_>| key.secret_der().to_vec());
    assert_eq!(record(&der.unwrap()), wanted);
}

#[test]
fn what_is_no_fit_key_is_refused_with_the_reason() {
    let fail = |key: &[u8]| Key::parse("example.test", "s", key).unwrap_err();
    assert_eq!(fail(b""), KeyError::NotAKey);
    assert_eq!(fail(b"-----BEGIN PRIVATE KEY-----\nhello"), KeyError::NotAKey);
    assert_eq!(fail(RSA_PUBLIC.as_bytes()), KeyError::NotAKey);
    assert!(matches!(fail(RSA_1024), KeyError::Unfit(_)));
    assert!(matches!(fail(&[0x30, 0x80, 1, 2]), KeyError::Unfit(_)));
    let name = |domain, selector| Key::parse(domain, selector, RSA_PKCS1).unwrap_err();
    assert!(matches!(name("example.test; x=1", "s"), KeyError::Name(_)));
    assert!(matches!(name("example.test", ""), KeyError::Name(_)));
}

#[test]
fn a_text_without_headers_is_not_signed() {
    let keys = [Key::parse("example.test", "s", RSA_PKCS1).unwrap()];
    for mime in ["", "\r\n\r\n", "From: a@b.test\r\n", "To: a@b.test\r\n\r\nx"] {
        assert_eq!(sign(&keys, mime.as_bytes(), AT), Err(SignError::NotAMail), "{mime:?}");
    }
}
