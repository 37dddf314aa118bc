//! What needs a decision, each with the button that leads to it.

use super::super::layout::Page;
use crate::app::{App, SHOP};
use crate::i18n;
use crate::numbers::{self, Numbers, hours};
use beckon_core::time::{DAY, HOUR};
use beckon_store::{MessageFilter, MessageState, Result};

/// Rows counted before "and more".
const COUNTED_MAX: usize = 100;
/// Days over which a sender's reputation is told.
const REPUTATION_DAYS: i64 = 7;
/// Fewer messages than these say nothing of a rate.
const REPUTATION_SENT_MIN: i64 = 100;
/// Complaints in a thousand messages from which a receiver looks closer, and from which it puts mails aside: Google's
/// "Email sender guidelines" of 2024 ask for less than 0.1 % and never 0.3 %.
const COMPLAINTS_PER_MILLE: (f64, f64) = (1.0, 3.0);
/// Returned mails in a hundred: 5 % is where Amazon SES ("Reputation metrics messages") puts an account under review;
/// at 2 % there is time to clean the list before.
const BOUNCES_PER_CENT: (f64, f64) = (2.0, 5.0);
/// A feed that was not brought in for so many days is old: prices and stock in mails may be wrong.
const FEED_OLD_DAYS: i64 = 2;
/// So many messages withheld for want of consent, beside none sent, say that nobody is asked for it.
const UNCONSENTED_MIN: i64 = 10;

/// Something a person must decide.
pub struct Todo {
    /// In a sentence.
    pub text: String,
    /// Where it is decided.
    pub href: &'static str,
    /// What is done there.
    pub button: String,
    /// Whether it is beyond a limit, and not only near one.
    pub bad: bool,
}

/// Everything that needs a decision now, the worst first.
///
/// # Errors
/// The store cannot be read.
pub fn read(app: &App, page: &Page) -> Result<Vec<Todo>> {
    let mut todo = waiting(app, page)?;
    let now = app.now();
    let all = numbers::of_all(app, now.minus(DAY.times(REPUTATION_DAYS)), now.plus(HOUR))?;
    let week = all.into_values().fold(Numbers::default(), |sum, journey| sum.and(&journey.all));
    todo.extend(reputation(page, &week));
    let unconsented = week.withheld.get("consent_missing").copied().unwrap_or(0);
    if week.sent == 0 && unconsented >= UNCONSENTED_MIN {
        todo.push(one(
            page.count("todo-consent", unconsented),
            "/messages?reason=consent_missing",
            page.t("todo-look"),
        ));
    }
    todo.extend(feed(app, page)?);
    todo.extend(settings(app, page));
    let span = hours(now.minus(DAY.times(30)), now.plus(HOUR));
    if app.store.numbers(SHOP, Some(""), span)?.iter().all(|row| row.metric != "events") {
        todo.push(one(page.t("todo-events"), "/developers", page.t("todo-connect")));
    }
    todo.sort_by_key(|item| !item.bad);
    Ok(todo)
}

fn one(text: String, href: &'static str, button: String) -> Todo {
    Todo { text, href, button, bad: false }
}

/// What waits in the store for a person.
fn waiting(app: &App, page: &Page) -> Result<Vec<Todo>> {
    let mut todo = Vec::new();
    let mut add = |text, href, button: &str| todo.push(one(text, href, page.t(button)));
    if let Some(why) = app.store.suspicion() {
        add(page.with("todo-suspicion", "why", &why), "/settings/gate", "todo-look");
    }
    if app.shop().settings.stopped {
        add(page.t("todo-stopped"), "/settings/gate", "todo-look");
    }
    let state = Some(MessageState::Unknown);
    let filter = MessageFilter { shop: SHOP, state, ..MessageFilter::default() };
    let unknown = app.store.messages(&filter, None, COUNTED_MAX)?.len();
    if unknown > 0 {
        add(page.count("todo-unknown", unknown), "/messages?state=unknown", "todo-decide");
    }
    let parked = app.store.parked(SHOP, None, COUNTED_MAX)?.len();
    if parked > 0 {
        add(page.count("todo-parked", parked), "/developers/parked", "todo-look");
    }
    Ok(todo)
}

/// A rate that crossed a limit.
struct Crossed {
    key: &'static str,
    n: i64,
    bad: bool,
    href: &'static str,
}

/// How large receivers see the sender: who crosses their limits is put into the spam folder, whatever she sends.
fn crossed(week: &Numbers) -> Vec<Crossed> {
    let handed = week.sent + week.never;
    if handed < REPUTATION_SENT_MIN {
        return Vec::new();
    }
    // What was refused for good never arrived, like what came back.
    let returned = week.bounced + week.never;
    let rates = [
        ("todo-complaints", week.complained, 1_000.0, COMPLAINTS_PER_MILLE, "/messages?reason=complained"),
        ("todo-bounces", returned, 100.0, BOUNCES_PER_CENT, "/messages?state=never"),
    ];
    let crossed = rates.into_iter().filter_map(|(key, n, per, (warn, bad), href)| {
        let rate = n as f64 / handed as f64 * per;
        (rate >= warn).then_some(Crossed { key, n, bad: rate >= bad, href })
    });
    crossed.collect()
}

fn reputation(page: &Page, week: &Numbers) -> Vec<Todo> {
    let told = crossed(week).into_iter().map(|crossed| {
        let share = page.words.share(crossed.n, week.sent + week.never);
        let args = [("share", share.into()), ("count", crossed.n.into())];
        let text = i18n::t(page.locale, crossed.key, &args);
        Todo { bad: crossed.bad, ..one(text, crossed.href, page.t("todo-look")) }
    });
    told.collect()
}

/// The last import failed, or is long ago.
fn feed(app: &App, page: &Page) -> Result<Vec<Todo>> {
    let reports = app.plane.import_reports(SHOP, 20)?;
    let mut todo = Vec::new();
    if reports.first().is_some_and(|last| last.outcome != "imported") {
        let bad =
            Todo { bad: true, ..one(page.t("todo-feed-failing"), "/catalogue/imports", page.t("todo-look")) };
        todo.push(bad);
    }
    let taken = reports.iter().find(|report| report.outcome == "imported");
    if let Some(age) = taken.map(|report| app.now().since(report.at))
        && age.0 >= DAY.times(FEED_OLD_DAYS).0
    {
        let text = page.with("todo-feed-old", "age", &page.words.span(&age));
        todo.push(one(text, "/catalogue/imports", page.t("todo-import")));
    }
    Ok(todo)
}

/// What is missing or cannot be used in the settings.
fn settings(app: &App, page: &Page) -> Vec<Todo> {
    let state = app.shop();
    let mut todo = Vec::new();
    let mut add = |text, href, button: &str| todo.push(one(text, href, page.t(button)));
    for trouble in &state.troubles {
        add(page.with("todo-trouble", "what", trouble), "/journeys", "todo-look");
    }
    if app.smtp().is_err() {
        add(page.t("todo-relay"), "/settings/sending", "todo-enter");
    }
    if app.config.public_origin.is_none() && state.settings.public_origin.is_empty() {
        add(page.t("todo-origin"), "/settings/sending", "todo-enter");
    }
    if state.card.address.is_empty() {
        add(page.t("todo-address"), "/settings/shop", "todo-enter");
    }
    if state.catalogue.version == 0 {
        add(page.t("todo-catalogue"), "/catalogue/imports", "todo-import");
    }
    if !state.journeys.values().any(|journey| journey.on) {
        add(page.t("todo-journeys-off"), "/journeys", "todo-switch-on");
    }
    todo
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What would be said of these numbers of a week: whether each is beyond its limit.
    fn said(sent: i64, complained: i64, bounced: i64, never: i64) -> Vec<bool> {
        let week = Numbers { sent, complained, bounced, never, ..Numbers::default() };
        crossed(&week).iter().map(|crossed| crossed.bad).collect()
    }

    #[test]
    fn a_sender_is_warned_at_the_limits_of_large_receivers() {
        assert!(said(10_000, 9, 199, 0).is_empty());
        assert_eq!(said(10_000, 10, 0, 0), [false]);
        assert_eq!(said(10_000, 30, 0, 0), [true]);
        assert_eq!(said(10_000, 0, 200, 0), [false]);
        assert_eq!(said(9_500, 0, 0, 500), [true]);
        assert_eq!(said(10_000, 31, 500, 0), [true, true]);
        assert!(said(99, 9, 9, 0).is_empty(), "too few to say anything");
    }
}
