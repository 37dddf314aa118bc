//! Composing a block: a form with everything it can be told, and beside it what it would show.

use super::super::customers::refused;
use super::super::layout::{Page, html, html_with};
use super::draft::{Draft, Errors};
use super::field::Fault;
use super::names::{arm_of, names};
use super::preview::{Preview, Subject};
use super::view::{self, Choice, Field, Fields as View, GROUPS, Row};
use super::{Head, Tab, now};
use crate::access::rights::Right;
use crate::api::answer::{self, Refused};
use crate::app::App;
use crate::blocks::change::{self, NotChanged};
use crate::blocks::learned::CLICKS_MIN;
use crate::blocks::live::{Arm, BlockDocument};
use crate::form::Fields;
use crate::i18n;
use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;

/// A part of the form.
struct Section {
    key: &'static str,
    title: String,
    lead: String,
    /// What is wrong with the part as a whole.
    error: String,
    fields: Vec<Field>,
    /// Path of its list of rows; empty where it has none.
    list: &'static str,
    rows: Vec<Row>,
    after: Vec<Field>,
    open: bool,
}

#[derive(Template)]
#[template(path = "blocks/compose.html")]
struct Compose {
    page: Page,
    head: Head,
    may: bool,
    /// The arm that is composed; empty where there is no test.
    arm: String,
    arms: Vec<Choice>,
    version: u64,
    error: String,
    sections: Vec<Section>,
    /// How far the learned order is.
    learned: String,
    categories: Vec<String>,
    /// All strategies, each with a sentence, by group.
    strategies: Vec<(String, Vec<(String, String)>)>,
    who: String,
    product: String,
    may_see_people: bool,
    preview: Preview,
}

/// `GET /blocks/{name}`
pub async fn page(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Fields::parse(query.unwrap_or_default().as_bytes());
    let frame = page.clone();
    let made = answer::work(app, move |app| {
        let (document, version) = now(app, &name)?;
        let arm = arm_of(&document, query.text("arm")).ok_or_else(|| Refused::missing("arm"))?;
        let names = names(app, arm)?;
        let draft = Draft::of(&arm.block, &names);
        let subject = Subject::of(&query);
        let of = Of { name: &name, document: &document, version, arm };
        compose(app, &frame, &of, (&draft, &Errors::new()), &subject)
    });
    match made.await {
        Ok(made) => html(&made),
        Err(why) => refused(page, &why),
    }
}

/// The arm that is composed, in its block.
struct Of<'a> {
    name: &'a str,
    document: &'a BlockDocument,
    version: u64,
    arm: &'a Arm,
}

fn compose(
    app: &App,
    page: &Page,
    of: &Of,
    (draft, errors): (&Draft, &Errors),
    subject: &Subject,
) -> Result<Compose, Refused> {
    let Of { name, document, version, arm } = *of;
    let names = names(app, arm)?;
    let view = View { page, draft, errors };
    let preview = match draft.block(&arm.block, &names) {
        Ok(block) => Preview::new(app, page, &block, subject)?,
        Err(_) => Preview::wrong(page),
    };
    let one = |of: &Arm| Choice {
        value: of.name.clone(),
        text: of.name.clone(),
        chosen: of.name == arm.name,
        group: String::new(),
        says: page.words.share(of.share, document.arms.iter().map(|arm| u32::from(arm.share)).sum::<u32>()),
        takes: String::new(),
    };
    Ok(Compose {
        head: Head::new(app, page, name, Tab::Compose)?,
        may: page.may(Right::Edit),
        arm: arm.name.clone(),
        arms: if document.arms.len() > 1 { document.arms.iter().map(one).collect() } else { Vec::new() },
        version,
        error: errors.get("").map(|fault| view::said(page, fault)).unwrap_or_default(),
        sections: sections(&view),
        learned: learned(app, page),
        categories: names.all(),
        strategies: strategies(page),
        who: subject.who.clone(),
        product: subject.product.clone(),
        may_see_people: page.may(Right::People),
        preview,
        page: page.clone(),
    })
}

/// What the learned order rests on, or what it still lacks.
fn learned(app: &App, page: &Page) -> String {
    let known = app.learned.known();
    let (clicks, needed) = (page.words.number(known.clicks), page.words.number(CLICKS_MIN));
    if known.clicks == 0 {
        let tried = page.words.number(known.tried);
        let args = [("needed", needed.as_str().into()), ("tried", tried.as_str().into())];
        return i18n::t(page.locale, "learned-not-yet", &args);
    }
    let until = page.words.moment(&known.until);
    let args = [("clicks", clicks.as_str().into()), ("until", until.as_str().into())];
    i18n::t(page.locale, "learned-until", &args)
}

fn strategies(page: &Page) -> Vec<(String, Vec<(String, String)>)> {
    let one = |strategy: &beckon_recommend::block::Strategy| {
        let key = view::key_of(strategy.name());
        (view::strategy(page, *strategy), page.t(&format!("strategy-{key}-says")))
    };
    let group = |(group, known): &(&str, &[beckon_recommend::block::Strategy])| {
        (page.t(&format!("strategies-{group}")), known.iter().map(one).collect())
    };
    GROUPS.iter().map(group).collect()
}

fn sections(view: &View) -> Vec<Section> {
    let many = |paths: &[&str]| paths.iter().map(|path| view.one(path)).collect::<Vec<_>>();
    let filters: Vec<&str> = super::draft::FILTERS.iter().map(|(path, _)| *path).collect();
    let plain = ("", Vec::new());
    vec![
        section(view, "title", many(&["title.ru", "title.en"]), plain, Vec::new()),
        section(view, "mix", Vec::new(), ("mix", view.sources("mix")), Vec::new()),
        section(view, "fall-back", Vec::new(), ("fall_back", view.sources("fall_back")), many(&["fill"])),
        section(view, "filters", many(&filters), ("filters.attributes", view.attributes()), Vec::new()),
        section(view, "rules", Vec::new(), ("rules", view.rules()), Vec::new()),
        section(
            view,
            "size",
            many(&["size", "min_size", "diversity", "profile"]),
            ("", Vec::new()),
            Vec::new(),
        ),
    ]
}

fn section(
    view: &View,
    key: &'static str,
    fields: Vec<Field>,
    (list, rows): (&'static str, Vec<Row>),
    after: Vec<Field>,
) -> Section {
    let page = view.page;
    let error = view.errors.get(list).filter(|_| !list.is_empty());
    let error = error.map(|fault| view::said(page, fault)).unwrap_or_default();
    let wrong = |field: &Field| !field.error.is_empty();
    let row_wrong = |row: &Row| wrong(&row.key) || row.fields.iter().chain(&row.seldom).any(wrong);
    let is_wrong = !error.is_empty() || fields.iter().chain(&after).any(wrong) || rows.iter().any(row_wrong);
    Section {
        title: page.t(&format!("compose-{key}")),
        lead: page.t(&format!("compose-{key}-lead")),
        open: is_wrong || !matches!(key, "filters" | "rules"),
        key,
        error,
        fields,
        list,
        rows,
        after,
    }
}

enum Done {
    Saved(String),
    Again(Box<Compose>),
}

/// `POST /blocks/{name}`: keeps what was composed; with something wrong, the form comes back with it.
pub async fn save(
    page: Page,
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    fields: Fields,
) -> Response {
    let frame = page.clone();
    match answer::work(app, move |app| submit(app, &frame, &name, &fields)).await {
        Ok(Done::Saved(to)) => page.redirect(&to, "flash-saved"),
        Ok(Done::Again(again)) => html_with(StatusCode::UNPROCESSABLE_ENTITY, &*again),
        Err(why) if why.status() == StatusCode::CONFLICT => page.redirect(&page.path, "flash-conflict"),
        Err(why) => refused(page, &why),
    }
}

fn submit(app: &App, page: &Page, name: &str, fields: &Fields) -> Result<Done, Refused> {
    let (document, _) = now(app, name)?;
    let version = fields.text("version").parse().unwrap_or(0);
    let arm = arm_of(&document, fields.text("arm")).ok_or_else(|| Refused::missing("arm"))?.clone();
    let draft = Draft::typed(fields);
    let subject = Subject::of(fields);
    let again = |errors: Errors| {
        let of = Of { name, document: &document, version, arm: &arm };
        compose(app, page, &of, (&draft, &errors), &subject).map(|again| Done::Again(Box::new(again)))
    };
    let block = match draft.block(&arm.block, &names(app, &arm)?) {
        Ok(block) => block,
        Err(errors) => return again(errors),
    };
    let mut kept = document.clone();
    for of in kept.arms.iter_mut().filter(|of| of.name == arm.name) {
        of.block = block.clone();
    }
    match change::keep_at(app, name, Some(&kept), version, page.by()) {
        Ok(()) => {}
        Err(NotChanged::Wrong(why)) => {
            return again(Errors::from([(String::new(), Fault::Said(why))]));
        }
        Err(why) => return Err(why.into()),
    }
    let to = match arm.name.as_str() {
        "" => format!("/blocks/{name}"),
        arm => format!("/blocks/{name}?arm={arm}"),
    };
    Ok(Done::Saved(to))
}

/// `POST /blocks/{name}/forget`: back to what is built in, or away where nothing is.
pub async fn forget(page: Page, State(app): State<Arc<App>>, Path(name): Path<String>) -> Response {
    let by = page.by().to_owned();
    let to = if super::is_built_in(&name) { format!("/blocks/{name}") } else { "/blocks".to_owned() };
    let done = answer::work(app, move |app| {
        let state = app.shop();
        if state.blocks.get(&name).is_none_or(|block| !block.is_own) {
            return Err(Refused::missing("block of the shop's own"));
        }
        Ok(change::keep(app, &name, None, &by)?)
    });
    match done.await {
        Ok(()) => page.redirect(&to, "flash-block-forgotten"),
        Err(why) => refused(page, &why),
    }
}
