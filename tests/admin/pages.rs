//! Every page of the admin side, found by its links, in both languages, both themes and three widths.

use crate::boxes::Boxes;
use crate::browser::{Browser, Page, js_string};
use crate::people::enter;
use crate::program::Program;
use crate::words;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const WIDTHS: [(u32, u32); 3] = [(380, 780), (768, 1024), (1440, 900)];

/// The colour of the page's ground when it is light and when it is dark.
const GROUNDS: [&str; 2] = ["rgb(245, 246, 244)", "rgb(15, 20, 19)"];

/// Nothing is half way between two colours in a picture.
const STILL: &str = "void (() => { const still = new CSSStyleSheet(); \
                     still.replaceSync('* { transition: none !important }'); \
                     document.adoptedStyleSheets = [still] })()";

/// The address of a page and the links on it that are ours, read without showing it; null for what is no page.
fn links(path: &str) -> String {
    format!(
        "fetch({}).then(async answer => {{ \
         if (!answer.headers.get('content-type')?.startsWith('text/html')) return null; \
         const page = new DOMParser().parseFromString(await answer.text(), 'text/html'); \
         return [...page.querySelectorAll('a[href]:not([download])')] \
         .map(a => new URL(a.getAttribute('href'), answer.url)) \
         .filter(url => url.origin === location.origin).map(url => url.pathname) }})",
        js_string(path)
    )
}

/// What is measured and what is wrong on a page, asked of the page itself.
fn look(foreign: &[String], narrow: bool) -> String {
    format!("({})({}, {narrow})", include_str!("look.js").trim(), json!(foreign))
}

/// One page of each kind: what looks like a number or a name of one thing stands for all of them.
fn kind(path: &str) -> String {
    let part = |part: &str| {
        let one = part.chars().any(|c| c.is_ascii_digit()) && part != "404";
        if one { "*".to_owned() } else { part.to_owned() }
    };
    let parts: Vec<String> = path.split('/').map(part).collect();
    // There are forty blocks, all alike.
    match parts.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["", "blocks", _, rest @ ..] => [&["", "blocks", "*"], rest].concat().join("/"),
        _ => parts.join("/"),
    }
}

/// `/catalogue/offers/*` as the name of a file.
fn file_name(kind: &str) -> String {
    let name = kind.trim_matches('/').replace('/', "-").replace('*', "one");
    if name.is_empty() { "home".to_owned() } else { name }
}

/// Follows links from the home page until no new kind of page comes.
async fn crawl(page: &Page) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut waiting = vec!["/".to_owned(), "/ui/components".to_owned(), "/nothing-here".to_owned()];
    while let Some(path) = waiting.pop() {
        if found.contains_key(&kind(&path))
            || ["/static", "/api", "/demo"].iter().any(|p| path.starts_with(p))
        {
            continue;
        }
        let links = page.eval(&links(&path)).await;
        let Some(links) = links.as_array() else { continue };
        found.insert(kind(&path), path);
        waiting.extend(links.iter().filter_map(Value::as_str).map(str::to_owned));
    }
    found
}

/// Sends a few shoppers' calls, so that lists are not empty.
async fn live_a_little(demo: &Program, page: &Page) {
    let shop = demo.origin(1);
    page.goto(&shop).await;
    page.wait_until("window.beckon").await;
    page.eval(
        "beckon('identify', {email: 'olga@home.example', email_consent: true, firstName: 'Olga'}); void 0",
    )
    .await;
    page.goto(&format!("{shop}/category/2")).await;
    page.eval("document.querySelector('.card:not(.is-out) a').click()").await;
    page.wait_for("#add:not([disabled])").await;
    page.click("#add").await;
    page.wait_until("document.getElementById('cart-count').textContent === '1'").await;
}

/// Switches language or theme.
pub async fn choose(page: &Page, origin: &str, name: &str, value: &str) {
    page.goto(origin).await;
    let code = if name == "locale" {
        "document.documentElement.lang"
    } else {
        "document.documentElement.dataset.theme"
    };
    while page.eval(code).await != json!(value) {
        page.eval("void (window.__old = true)").await;
        page.eval(&format!("document.querySelector('.switches [name={name}]').click()")).await;
        page.wait_until("!window.__old && document.readyState === 'complete'").await;
    }
}

fn screens() -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../screens");
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

/// What was found: where parts stand, and what is wrong.
#[derive(Default)]
pub struct Found {
    boxes: Boxes,
    /// What is wrong, for a person.
    pub wrong: BTreeSet<String>,
}

/// Looks at these pages in one language, one after the other in a tab of their own.
pub async fn look_at(tab: &Page, origin: &str, lang: &str, pages: &[(&String, &String)]) -> Found {
    let foreign = words::foreign(lang);
    assert!(foreign.len() > 200);
    let mut found = Found::default();
    for (kind, path) in pages {
        tab.goto(&format!("{origin}{path}")).await;
        // The page of all components is in English for whoever changes one.
        let words = if *kind == "/ui/components" { &[][..] } else { &foreign[..] };
        for (width, height) in WIDTHS {
            tab.viewport(width, height, width < 500).await;
            let said = tab.eval(&look(words, width < 500)).await;
            let complain = |what: &str| format!("{kind} {lang} {width}: {what}");
            let complaints = said["wrong"].as_array().unwrap().iter().filter_map(Value::as_str);
            found.wrong.extend(complaints.map(complain));
            if said["grounds"] != json!(GROUNDS) {
                found.wrong.insert(complain(&format!("its grounds are {}", said["grounds"])));
            }
            found.boxes.put(kind, width, &said["box"]);
            if std::env::var_os("BECKON_SCREENS").is_some() {
                take_pictures(tab, &format!("{}.{lang}", file_name(kind)), width).await;
            }
        }
    }
    found
}

/// Pictures of what is seen, light and dark.
async fn take_pictures(tab: &Page, name: &str, width: u32) {
    tab.eval(STILL).await;
    for theme in ["dark", "light"] {
        tab.eval(&format!("void (document.documentElement.dataset.theme = '{theme}')")).await;
        tab.screenshot(&screens().join(format!("{name}.{theme}.{width}.png")), true).await;
    }
}

#[tokio::test]
async fn every_page_is_whole_in_both_languages_both_themes_and_at_every_width() {
    let Some(browser) = Browser::launch().await else { return };
    let demo = Program::demo("pages", 0);
    let origin = demo.origin(2);
    live_a_little(&demo, &browser.blank().await).await;
    let second = browser.blank().await;
    let page = enter(&browser, &demo, "ru").await;
    page.wait_until("fetch('/customers').then(a => a.text()).then(t => t.includes('Olga'))").await;
    let pages = crawl(&page).await;
    assert!(pages.len() >= 15, "only these pages have links to them: {pages:?}");
    let all: Vec<(&String, &String)> = pages.iter().collect();
    // A picture is of the tab in front: with pictures there is one tab.
    let pictures = std::env::var_os("BECKON_SCREENS").is_some();
    let (left, right) = all.split_at(if pictures { 0 } else { all.len() / 2 });
    let (mut boxes, mut wrong) = (Boxes::default(), BTreeSet::new());
    for lang in ["ru", "en"] {
        page.viewport(1440, 900, false).await;
        choose(&page, &origin, "locale", lang).await;
        let (one, other) =
            tokio::join!(look_at(&second, &origin, lang, left), look_at(&page, &origin, lang, right));
        for found in [one, other] {
            boxes.extend(found.boxes);
            wrong.extend(found.wrong);
        }
    }
    // The switch of the theme does what the attribute does.
    page.viewport(1440, 900, false).await;
    choose(&page, &origin, "theme", "dark").await;
    assert_eq!(page.eval("getComputedStyle(document.body).backgroundColor").await, json!(GROUNDS[1]));
    browser.close().await;
    if std::env::var_os("BECKON_RENEW").is_some() {
        boxes.store();
    }
    wrong.extend(boxes.moved(&Boxes::stored()));
    assert!(
        wrong.is_empty(),
        "{} findings:\n{}",
        wrong.len(),
        wrong.into_iter().collect::<Vec<_>>().join("\n")
    );
}
