//! Relays that hang, close and lie, and templates that mean harm: each message ends in the state that is true.

use crate::house::{House, added};
use beckon_core::time::{DAY, MINUTE};
use beckon_sim::smtp::{Faults, Step, What};
use beckon_store::MessageState::{self, Never, Sent, Unknown, Withheld};
use serde_json::json;

/// One cart mail over a relay with one fault: its state an hour later, and how often the relay took it.
async fn outcome(step: Step, what: What) -> (MessageState, u64) {
    let house = House::open_with(Faults::first(step, what.clone())).await;
    // The shop itself names the address: one that a browser claims has rules of its own.
    house
        .server(json!({"type": "identify", "userId": "u-1", "anonymousId": "web",
        "traits": {"email": "ann@example.test", "email_consent": true}}))
        .await;
    house.web("web", added("P-1")).await;
    house.pass(MINUTE.times(75)).await;
    let (row, accepted) = (house.message(), house.relay.accepted());
    println!("{step:?} {what:?}: {:?} {} {}", row.state, row.reason, row.notes);
    house.close().await;
    (row.state, accepted)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_for_now_is_tried_again() {
    assert_eq!(outcome(Step::Rcpt, What::Refuse(451)).await, (Sent, 1));
    assert_eq!(outcome(Step::Mail, What::Refuse(421)).await, (Sent, 1));
    assert_eq!(outcome(Step::Dot, What::Refuse(452)).await, (Sent, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_breaks_before_the_data_is_tried_again() {
    assert_eq!(outcome(Step::Greeting, What::Close).await, (Sent, 1));
    assert_eq!(outcome(Step::Hello, What::Garbage).await, (Sent, 1));
    assert_eq!(outcome(Step::Rcpt, What::Close).await, (Sent, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_for_good_is_the_end() {
    assert_eq!(outcome(Step::Rcpt, What::Refuse(550)).await, (Never, 0));
    assert_eq!(outcome(Step::Dot, What::Refuse(554)).await, (Never, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_breaks_after_the_data_is_unknown_and_never_sent_again() {
    assert_eq!(outcome(Step::Dot, What::AcceptAndClose).await, (Unknown, 1));
    assert_eq!(outcome(Step::Dot, What::Close).await, (Unknown, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_none_is_unknown() {
    assert_eq!(outcome(Step::Dot, What::Garbage).await, (Unknown, 0));
    assert_eq!(outcome(Step::Dot, What::LongReply).await, (Unknown, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_that_hangs_holds_one_message_and_not_the_others() {
    let house = House::open_with(Faults::first(Step::Dot, What::Hang)).await;
    for name in ["ann", "bea", "eve"] {
        house.fills_cart(name, &format!("{name}@example.test"), "P-1").await;
    }
    house.app().clock.jump(house.app().now().plus(MINUTE.times(16)));
    house.wait("two of three", |house| house.relay.accepted() == 2).await;
    let in_state = |state| house.messages().iter().filter(|row| row.state == state).count();
    house.wait("the second outcome", |_| in_state(Sent) == 2).await;
    assert_eq!(in_state(MessageState::Handing), 1);
    house.close().await;
}

/// A template around one line.
fn template(line: &str) -> String {
    format!(
        "---\nsubject: Cart\npreheader: Cart\n---\n<mjml><mj-body><mj-section><mj-column><mj-text>{line} \
         <a href=\"{{{{ urls.unsubscribe }}}}\">Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_template_that_never_ends_is_refused_and_the_one_before_stays() {
    let house = House::open().await;
    let endless = "{% for a in range(9999) %}{% for b in range(9999) %}{{ a * b }}{% endfor %}{% endfor %}";
    for line in
        [endless, "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{{ nonsense.of.mine }}", "{% if %}"]
    {
        let refused = house.change_template("abandoned-cart-1.en", &template(line)).unwrap_err();
        assert!(!refused.to_string().is_empty());
    }
    house.fills_cart("web", "ann@example.test", "P-1").await;
    house.pass(MINUTE.times(16)).await;
    assert!(house.letter().html.contains("Tea 1"), "the shipped one is in use");
    house.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_template_that_ends_itself_withholds_the_message_and_says_why() {
    let house = House::open().await;
    let line = "{{ items|length }}{% if items|length == 1 %}{{ abort('one is not enough') }}{% endif %}";
    house.change_template("abandoned-cart-1.en", &template(line)).unwrap();
    house.fills_cart("web", "ann@example.test", "P-1").await;
    house.pass(MINUTE.times(16)).await;
    let row = house.message();
    assert_eq!(row.state, Withheld);
    let said = format!("{} {} {}", row.reason, row.notes, row.why);
    assert!(said.contains("one is not enough"), "{said}");
    assert!(house.letters().is_empty());
    house.pass(DAY.times(3)).await;
    assert_eq!(house.letters().len(), 1, "the next letter of the series is another template");
    house.close().await;
}
