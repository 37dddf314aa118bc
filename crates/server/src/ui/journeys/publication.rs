//! Asking once, before a changed graph is published, what becomes of those inside.

use super::super::layout::Page;
use super::tell::Teller;
use super::{Head, Tab};
use crate::api::answer::{self, Refused};
use crate::app::App;
use crate::flow::Standing;
use crate::form::Fields;
use crate::i18n;
use crate::journeys::diff::{self, Difference};
use crate::journeys::{Change, Inside, is_another_graph, would_be};
use crate::shop_state::read_journey;
use askama::Template;
use beckon_core::plan::{Journey, Step};
use std::collections::BTreeMap;

/// How the field of a removed step begins; the step follows.
const TO: &str = "to:";

/// A step that goes, with who stands there.
struct Removed {
    name: String,
    label: String,
}

/// The question.
#[derive(Template)]
#[template(path = "journeys/inside.html")]
pub(super) struct Asks {
    page: Page,
    head: Head,
    action: String,
    hidden: Vec<(String, String)>,
    differences: Vec<String>,
    /// How many stand in which version.
    standing: Vec<(String, String)>,
    removed: Vec<Removed>,
    steps: Vec<(String, String)>,
}

/// The question, where a change makes another graph, somebody is inside, and it was not answered yet.
///
/// # Errors
/// There is no such journey, or the store cannot be read.
pub(super) fn asks(
    app: &App,
    page: &Page,
    name: &str,
    change: &Change,
    fields: &Fields,
    action: &str,
) -> Result<Option<Asks>, Refused> {
    let state = app.shop();
    let Some(document) = state.journeys.get(name).filter(|_| !fields.has("inside")) else { return Ok(None) };
    let own = change.set.iter().filter(|(key, _)| key != "global_holdout");
    let set: Vec<(String, String)> = own.cloned().collect();
    let after = would_be(document, change.text.as_deref(), &set);
    let standing = Standing::of(app, name)?;
    if standing.all() == 0 || !is_another_graph(document, &after) {
        return Ok(None);
    }
    // What is wrong with it is said when it is applied.
    let (Ok(before), Ok(after)) = (read_journey(document), read_journey(&after)) else { return Ok(None) };
    let words = answer::words(app, page.locale);
    let teller = Teller { page, words: &words };
    let steps = after.graph(after.current).map(|graph| graph.steps.as_slice()).unwrap_or_default();
    let stand = |version: u32| {
        let title = page.with("versions-version", "version", &version.to_string());
        (title, page.count("versions-stand", standing.in_version(version)))
    };
    let hidden = fields.iter().filter(|(key, _)| *key != "csrf");
    Ok(Some(Asks {
        page: page.clone(),
        head: Head::new(app, page, name, if change.text.is_some() { Tab::Text } else { Tab::Settings })?,
        action: action.to_owned(),
        hidden: hidden.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        differences: told(&teller, &diff::between(&before, &after), &[&before, &after]),
        standing: standing.versions().map(stand).collect(),
        removed: removed(&teller, &before, &after, &standing),
        steps: steps.iter().map(|step| (step.name.clone(), teller.step(step))).collect(),
    }))
}

/// Steps people stand at that the new graph does not have.
fn removed(teller: &Teller, before: &Journey, after: &Journey, standing: &Standing) -> Vec<Removed> {
    let kept = |step: &Step| after.graph(after.current).is_some_and(|graph| graph.step(step.key).is_some());
    let mut found: BTreeMap<&str, &Step> = BTreeMap::new();
    for step in before.graphs.values().flat_map(|graph| &graph.steps) {
        if !kept(step) && standing.at(step.key) > 0 {
            found.insert(&step.name, step);
        }
    }
    let one = |step: &Step| {
        let count = teller.page.count("versions-stand", standing.at(step.key));
        let title = teller.step(step);
        let args = [("step", title.as_str().into()), ("count", count.as_str().into())];
        Removed { name: step.name.clone(), label: i18n::t(teller.page.locale, "inside-where", &args) }
    };
    found.into_values().map(one).collect()
}

/// The answer to the question.
pub(super) fn inside(fields: &Fields) -> Inside {
    match fields.text("inside") {
        "move" => {
            let stated = fields.iter().filter_map(|(key, to)| Some((key.strip_prefix(TO)?, to)));
            let stated = stated.filter(|(_, to)| !to.is_empty());
            Inside::Move(stated.map(|(from, to)| (from.to_owned(), to.to_owned())).collect())
        }
        "end" => Inside::End,
        _ => Inside::Stay,
    }
}

/// Differences in words; titles are those of whichever form has the step.
pub(super) fn told(teller: &Teller, differences: &[Difference], forms: &[&Journey]) -> Vec<String> {
    let page = teller.page;
    let called = |name: &str| {
        let (step, rest) = name.split_once('.').unwrap_or((name, ""));
        let all =
            forms.iter().rev().flat_map(|journey| journey.graphs.values()).flat_map(|graph| &graph.steps);
        let found = all.into_iter().find(|known| known.name == step);
        let title = found.map(|found| (teller.step(found), teller.arm(found, rest)));
        match title {
            Some((title, _)) if rest.is_empty() => title,
            Some((title, rest)) => format!("{title}: {rest}"),
            None => setting(page, name),
        }
    };
    let told = |difference: &Difference| {
        let of = match difference.what {
            "setting" => setting_of(page, &difference.of, &called),
            _ => called(&difference.of),
        };
        let args = [
            ("of", of.as_str().into()),
            ("from", difference.from.as_str().into()),
            ("to", difference.to.as_str().into()),
        ];
        i18n::t(page.locale, &format!("diff-{}", difference.what), &args)
    };
    differences.iter().map(told).collect()
}

/// What a setting is called.
fn setting(page: &Page, name: &str) -> String {
    let key = format!("setting-{}", name.replace('_', "-"));
    if i18n::known(&key) { page.t(&key) } else { name.to_owned() }
}

fn setting_of(page: &Page, name: &str, called: &dyn Fn(&str) -> String) -> String {
    match name.split_once('.') {
        Some((step, of)) => format!("{}: {}", called(step), setting(page, of)),
        None => called(name),
    }
}
