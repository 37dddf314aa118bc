//! What a signature of the shop's server proves.

use super::{Recorder, doors, post_as};
use crate::track::Reason;
use beckon_core::event::{Incoming, Strength};

pub fn signed(text: &str, key: &str) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key.as_bytes());
    ring::hmac::sign(&key, text.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The doors of an event that are proved.
fn proved(event: &Incoming) -> String {
    let mut strong = event.clone();
    strong.identities.retain(|identity| identity.strength == Strength::Proved);
    doors(&strong)
}

/// The key, the call, what it says, which doors come of it, which of them are proved, what is told.
type Case<'a> = (&'a str, &'a str, String, &'a str, &'a str, &'a [Reason]);

#[tokio::test]
async fn a_signature_proves_what_was_signed_and_nothing_else() {
    let (ours, email) = (signed("u", "id_test"), signed("a@b.de", "id_test"));
    let other_key = signed("u", "id_of_another_shop");
    let say = |user: &str, email: &str, signature: &str| {
        format!(
            r#"{{"userId":"{user}","anonymousId":"x","traits":{{"email":"{email}","signature":"{signature}"}}}}"#
        )
    };
    let both = format!(
        r#"{{"userId":"u","anonymousId":"x",
            "traits":{{"email":" A@B.de","signature":"{ours}","email_signature":"{email}"}}}}"#
    );
    let in_context =
        format!(r#"{{"userId":"u","anonymousId":"x","event":"A","context":{{"signature":"{ours}"}}}}"#);
    let (bad, unsigned) = (Reason::BadSignature, Reason::Unsigned);
    let cases: [Case; 11] = [
        ("WK_SIGNED", "identify", say("u", "", &ours), "user:u anon:x", "user:u", &[]),
        ("WK_SIGNED", "track", in_context, "user:u anon:x", "user:u", &[]),
        ("WK_SIGNED", "identify", both, "user:u email:a@b.de anon:x", "user:u email:a@b.de", &[]),
        ("WK_SIGNED", "identify", say("u", "victim@b.de", &ours), "user:u anon:x", "user:u", &[unsigned]),
        (
            "WK_SIGNED",
            "identify",
            say("u", " A@B.de", &email),
            "email:a@b.de anon:x",
            "email:a@b.de",
            &[unsigned],
        ),
        ("WK_SIGNED", "identify", say("victim", "", &ours), "anon:x", "", &[bad, unsigned]),
        ("WK_SIGNED", "identify", say("u", "", &other_key), "anon:x", "", &[bad, unsigned]),
        ("WK_SIGNED", "identify", say("u", "", "00"), "anon:x", "", &[bad, unsigned]),
        (
            "WK_SIGNED",
            "track",
            r#"{"userId":"u","anonymousId":"x","event":"A"}"#.to_owned(),
            "anon:x",
            "",
            &[],
        ),
        ("WK_TEST", "identify", say("u", "a@b.de", &ours), "user:u email:a@b.de anon:x", "user:u", &[]),
        (
            "WK_TEST",
            "identify",
            say("victim", "a@b.de", &ours),
            "user:victim email:a@b.de anon:x",
            "",
            &[bad],
        ),
    ];
    for (key, call, body, found, strong, told) in cases {
        let recorder = Recorder::new();
        post_as(&recorder, key, &format!("/v1/{call}"), body.clone()).await;
        let event = recorder.events().remove(0);
        assert_eq!((doors(&event), proved(&event)), (found.to_owned(), strong.to_owned()), "{key} {body}");
        let signing = |reason: &Reason| matches!(reason, Reason::BadSignature | Reason::Unsigned);
        let reasons: Vec<Reason> = recorder.reasons().into_iter().filter(signing).collect();
        assert_eq!(reasons, told, "{key} {body}");
        assert!(event.traits.other.is_empty(), "a signature is no trait");
    }
}
