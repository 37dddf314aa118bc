//! Every shipped mail, in both languages, with ordinary and with hostile facts; and templates that mean harm.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::time::Instant;

use proptest::prelude::*;

use beckon_render::links::Link;
use beckon_render::{Facts, Item, Links, Part, RenderError, Rendered, Source, Template, render, sample};

const CART_MAILS: [&str; 3] = ["abandoned-cart-1", "abandoned-cart-2", "abandoned-cart-3"];

fn links() -> Links {
    Links::new("https://mail.shop.example", &[9; 32])
}

fn shipped(name: &str, locale: &str) -> Template {
    let source = Source::shipped_one(name, locale).unwrap().unwrap();
    Template::compile(&source).unwrap_or_else(|problems| panic!("{locale}/{name}: {problems:#?}"))
}

fn facts(locale: &str) -> Facts {
    Facts { urls: links().urls(77, "marketing"), ..sample(locale) }
}

fn mail(name: &str, locale: &str, facts: &Facts) -> Rendered {
    render(&shipped(name, locale), facts, &links(), 77).unwrap()
}

fn source(mjml: &str) -> Source {
    Source {
        name: "t".to_owned(),
        locale: "en".to_owned(),
        subject: "S".to_owned(),
        mjml: mjml.to_owned(),
        ..Source::default()
    }
}

fn body(inner: &str) -> Source {
    source(&format!("<mjml><mj-body><mj-raw>\n{inner}\n</mj-raw></mj-body></mjml>"))
}

/// Values of all `href`s.
fn hrefs(html: &str) -> Vec<String> {
    html.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|s| s.replace("&amp;", "&"))
        .collect()
}

#[test]
fn every_shipped_mail_renders_in_both_languages() {
    for (name, locale, _) in Source::shipped() {
        let out = mail(name, locale, &facts(locale));
        assert!(!out.subject.is_empty() && !out.preheader.is_empty(), "{name}");
        for part in [&out.subject, &out.preheader, &out.html, &out.text] {
            for leftover in ["{{", "{%", "}}", "%}", ">none", "undefined", "qj0"] {
                assert!(!part.contains(leftover), "{locale}/{name} has {leftover}: {part}");
            }
        }
        let dir = std::env::var_os("RENDER_SAMPLES").map(std::path::PathBuf::from);
        if let Some(dir) = dir {
            std::fs::write(dir.join(format!("{locale}-{name}.html")), &out.html).unwrap();
            std::fs::write(
                dir.join(format!("{locale}-{name}.txt")),
                format!("{}\n\n{}", out.subject, out.text),
            )
            .unwrap();
        }
    }
}

#[test]
fn the_first_cart_mail_says_what_the_shop_wants() {
    let out = mail("abandoned-cart-1", "ru", &facts("ru"));
    assert_eq!(out.subject, "Вы забыли кое-что");
    for part in [&out.html, &out.text] {
        for text in [
            "Вы забыли кое-что",
            "Здравствуйте, Анна!",
            "Чайник электрический",
            "3\u{202f}490\u{202f}₽",
            "4\u{202f}290\u{202f}₽",
            "7\u{202f}471\u{202f}₽",
            "2 товара",
            "Как оформить заказ",
            "Вернуться к оформлению заказа",
            "8 800 555-01-23",
            "ежедневно с 9 до 21",
            "ул. Примерная",
            "Вам может понравиться",
            "Отписаться",
            "Открыть в браузере",
        ] {
            assert!(part.contains(text), "{text}\n{part}");
        }
    }
    assert_eq!(mail("abandoned-cart-1", "en", &facts("en")).subject, "You left something behind");
    assert!(mail("abandoned-cart-3", "ru", &facts("ru")).text.contains("последнее письмо"));
    assert!(mail("abandoned-cart-3", "en", &facts("en")).text.contains("last message"));
}

#[test]
fn links_are_tracked_and_ways_out_are_not() {
    for locale in ["ru", "en"] {
        for name in CART_MAILS {
            let facts = facts(locale);
            let out = mail(name, locale, &facts);
            let mut targets = Vec::new();
            for href in hrefs(&out.html) {
                let token = href.strip_prefix("https://mail.shop.example/c/");
                match token.map(|token| links().read(token)) {
                    Some(link) => match link.unwrap() {
                        Link::Click { message, url, .. } => targets.push((message, url)),
                        other => panic!("{other:?}"),
                    },
                    None => {
                        let own = [&facts.urls.unsubscribe, &facts.urls.preferences, &facts.urls.view];
                        let known =
                            own.contains(&&href) || href.starts_with("tel:") || href.starts_with("mailto:");
                        assert!(known, "{href}");
                    }
                }
            }
            assert_eq!(out.link_count, targets.len());
            for url in [
                Some(&facts.urls.restore),
                facts.items[0].url.as_ref(),
                facts.recommendations[2].url.as_ref(),
            ] {
                assert!(targets.contains(&(77, url.unwrap().clone())), "{url:?}");
            }
            for own in [&facts.urls.unsubscribe, &facts.urls.preferences, &facts.urls.view] {
                assert!(hrefs(&out.html).contains(own) && out.text.contains(own.as_str()));
            }
            let pixel = links().open(77);
            assert_eq!(out.html.matches(&pixel).count(), 1);
            assert!(out.html.find(&pixel) < out.html.find("</body>"));
            assert!(out.text.contains("/c/") && !out.text.contains(&pixel));
        }
    }
}

#[test]
fn hostile_facts_stay_text() {
    let evil = "<script>alert(1)</script>{{7*7}}\r\nBcc: x@y\u{202e}\"'>";
    let item = Item {
        id: evil.to_owned(),
        title: evil.to_owned(),
        url: Some("javascript:alert(1)".to_owned()),
        picture: Some("https://x/\" onerror=\"alert(1)".to_owned()),
        reason: Some(evil.to_owned()),
        quantity: 3,
        ..Item::default()
    };
    for (name, locale, _) in Source::shipped() {
        let mut facts = facts(locale);
        facts.customer.first_name = Some("evil.example".to_owned());
        facts.shop.name = evil.to_owned();
        facts.shop.site = Some("javascript:alert(1)".to_owned());
        facts.shop.email = Some(evil.to_owned());
        facts.shop.hours = Some(evil.to_owned());
        facts.shop.phones = vec![evil.to_owned()];
        facts.items = vec![item.clone()];
        facts.recommendations = vec![item.clone()];
        let out = mail(name, locale, &facts);
        assert!(!out.html.contains("<script") && !out.html.contains("javascript:"), "{}", out.html);
        assert!(!out.html.contains("onerror=\"") && !out.html.contains("evil.example"));
        assert!(!out.html.contains("49") || !out.html.contains(">49"), "a fact was run as a template");
        assert!(!out.subject.contains(['\r', '\n', '\u{202e}']), "{:?}", out.subject);
        assert!(!out.preheader.contains(['\r', '\n']) && !out.text.contains("evil.example"));
        let dead = hrefs(&out.html).iter().any(String::is_empty);
        assert!(!dead, "a product without an address is shown without a link");
    }
}

#[test]
fn missing_values_leave_no_holes() {
    for locale in ["ru", "en"] {
        for name in CART_MAILS {
            let bare = Facts {
                items: vec![Item { title: "Kettle".to_owned(), quantity: 1, ..Item::default() }],
                urls: links().urls(1, "marketing"),
                ..Facts::default()
            };
            let out = mail(name, locale, &bare);
            assert!(out.html.contains("Kettle") && out.text.contains("Kettle"));
            assert!(!out.html.contains("src=\"\"") && !out.html.contains("href=\"\""), "{}", out.html);
            assert!(!out.html.contains("Вам может понравиться") && !out.html.contains("You may also like"));
            assert_eq!(out.link_count, 1, "only the way back to the cart");
        }
    }
}

#[test]
fn an_empty_cart_stops_the_message() {
    for locale in ["ru", "en"] {
        let empty = Facts { items: Vec::new(), ..facts(locale) };
        let stopped = render(&shipped("abandoned-cart-1", locale), &empty, &links(), 1);
        assert!(matches!(stopped, Err(RenderError::Abort(_))), "{stopped:?}");
    }
}

#[test]
fn a_subject_can_not_add_a_header() {
    let source =
        Source { subject: "Hi {{ customer.first_name }}{{ items[0].title }}\u{7}".to_owned(), ..body("x") };
    let template = Template::compile(&source).unwrap();
    let mut facts = facts("en");
    facts.items[0].title = "a\r\nBcc: b\u{2028}c".to_owned();
    let out = render(&template, &facts, &links(), 1).unwrap();
    assert_eq!(out.subject, "Hi Annaa Bcc: b c");
}

#[test]
fn endless_and_huge_templates_end_in_an_error() {
    let nested = format!("{}x{}", "{% if 1 %}".repeat(12_000), "{% endif %}".repeat(12_000));
    let doubling =
        format!("{{% set a = 'xxxxxxxxxxxxxxxx' %}}{}{{{{ a }}}}", "{% set a = a ~ a %}".repeat(40));
    let cases = [
        "{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}".to_owned(),
        "{% for a in range(9999999999) %}x{% endfor %}".to_owned(),
        "{{ 'x' * 40000000 }}".to_owned(),
        "{% set a = 'x' * 40000000 %}".to_owned(),
        doubling,
        "{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(1) }}".to_owned(),
        "{% macro m(n) %}{{ m(n) }}{{ m(n) }}{% endmacro %}{{ m(1) }}".to_owned(),
        "{{ ((((((((((".repeat(2_000),
        format!("{{{{ {}1{} }}}}", "(".repeat(60_000), ")".repeat(60_000)),
        format!("{{{{ {}x }}}}", "not ".repeat(60_000)),
        format!("{{{{ {}1 }}}}", "1+".repeat(60_000)),
        format!("{{{{ x{} }}}}", "|upper".repeat(40_000)),
        format!("{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(18_000)),
        format!("<a href=\"https://x/{}\">x</a>", "{{ step }}".repeat(18_000)),
        "{{ 'a'|indent(99999999) }}{{ 'a'|center(99999999) }}".to_owned(),
        nested,
        format!("{}{{% for a in range(2000) %}}{}{{% endfor %}}", "", "y".repeat(2_000)),
    ];
    for case in cases {
        let start = Instant::now();
        let problems = Template::compile(&body(&case)).expect_err(&case[..case.len().min(80)]);
        assert!(start.elapsed().as_secs() < 5, "{:?} took {:?}", &case[..60], start.elapsed());
        assert!(!problems[0].what.is_empty() && problems[0].line <= 4, "{problems:?}");
    }
    let large = body(&"z".repeat(300 * 1024));
    assert!(Template::compile(&large).unwrap_err()[0].what.contains("bytes"));
}

#[test]
fn chains_of_the_longest_tag_do_not_exhaust_a_stack() {
    let fill = |start: &str, link: &str, end: &str| {
        let room = 990 - start.len() - end.len();
        body(&format!("{start}{}{end}", link.repeat(room / link.len())))
    };
    for source in [
        fill("{{ ", "not ", "1 }}"),
        fill("{{ ", "-", "1 }}"),
        fill("{{ ", "1+", "1 }}"),
        fill("{{ ", "1**", "1 }}"),
        fill("{{ 'a'", "|e", " }}"),
        fill("{{ ", "1 if 0 else ", "2 }}"),
        fill("{{ ", "1 and ", "2 }}"),
        fill("{{ ", "1<", "2 }}"),
        fill("{{ x", ".x", " }}"),
        fill("{{ x", "[0]", " }}"),
        fill("{{ ", "[", " }}"),
        fill("{{ x", "()", " }}"),
        fill("{{ x", " is x", " }}"),
        body(&format!("{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(99))),
        body(&format!("{}{}", "{% if 1 %}".repeat(140), "{% endif %}".repeat(140))),
    ] {
        let _ = Template::compile(&source);
    }
}

#[test]
fn problems_name_the_line_of_the_file_and_what_to_do() {
    let file = |inner: &str| {
        format!(
            "---\nsubject: S\npreheader: P\n---\n<mjml><mj-body><mj-raw>\n{inner}\n</mj-raw></mj-body></mjml>"
        )
    };
    let compile =
        |inner: &str| Template::compile(&Source::parse("t", "en", &file(inner)).unwrap()).unwrap_err();
    for (inner, line, word) in [
        ("a\n{{ shop.nmae }}", 7, "undefined"),
        ("\n\n{{ x", 8, "closed"),
        ("{{ items|sfae }}", 6, "sfae"),
        ("{{ shop.name|safe }}", 6, "safe"),
        ("\n{% include 'x' %}", 7, "include"),
        ("<br>\n{{ 1 + }}", 7, "syntax"),
        ("{% if x %}", 6, ""),
        ("\n<a href=\"/cart\">x</a>", 7, "/cart"),
        ("{{ items[0].price.minor|plural() }}", 6, "plural"),
    ] {
        let problems = compile(inner);
        assert_eq!((problems[0].part, problems[0].line), (Part::Html, line), "{inner}: {problems:?}");
        assert!(problems[0].to_string().contains(word), "{inner}: {problems:?}");
        assert!(!problems[0].hint.is_empty());
    }
    let subject =
        Source::parse("t", "en", "---\n\nsubject: {{ nothing.here }}\n---\n<mjml><mj-body></mj-body></mjml>");
    let problems = Template::compile(&subject.unwrap()).unwrap_err();
    assert_eq!((problems[0].part, problems[0].line), (Part::Subject, 3));
}

#[test]
fn facts_of_one_recipient_can_break_only_her_message() {
    let template =
        Template::compile(&body("{{ recommendations[0].title|upper }}\n{{ recommendations[0].id }}"))
            .unwrap();
    assert!(render(&template, &facts("en"), &links(), 1).is_ok());
    let none = Facts { recommendations: Vec::new(), ..facts("en") };
    let broken = render(&template, &none, &links(), 1);
    assert!(matches!(broken, Err(RenderError::Broken { part: Part::Html, line: 2, .. })), "{broken:?}");
}

#[test]
fn an_own_text_part_and_entities_are_taken_as_written() {
    let source = Source {
        text: Some("Hello {{ shop.name }} {{ urls.restore }}".to_owned()),
        ..body("&#123;&#123; 7*7 }}")
    };
    let template = Template::compile(&source).unwrap();
    let out = render(&template, &facts("en"), &links(), 1).unwrap();
    assert!(out.text.starts_with("Hello Quiet House https://mail.shop.example/r/"), "{}", out.text);
    assert!(!out.html.contains("49"));
}

/// What a hurried hand may leave in a template.
const SCRAPS: [&str; 34] = [
    "<mjml>",
    "</mjml>",
    "<mj-body>",
    "</mj-body>",
    "<mj-section>",
    "</mj-section>",
    "<mj-column>",
    "</mj-column>",
    "<mj-text>",
    "</mj-text>",
    "<mj-raw>",
    "</mj-raw>",
    "<mj-image src=\"",
    "\" />",
    "<a href=\"",
    "\">",
    "</a>",
    "<!--",
    "-->",
    "<![endif]-->",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "{{ items[0].title }}",
    "{% if x %}",
    "{% endif %}",
    "{% for i in items %}",
    "{% endfor %}",
    "&#123;",
    "'",
    "й<",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_template_panics(picks in prop::collection::vec((0..SCRAPS.len(), "\\PC{0,3}"), 0..40), whole in any::<bool>()) {
        let text: String = picks.iter().map(|(at, more)| format!("{}{more}", SCRAPS[*at])).collect();
        let template = if whole { body(&text) } else { source(&text) };
        match Template::compile(&template) {
            Ok(template) => drop(render(&template, &facts("en"), &links(), 1)),
            Err(problems) => prop_assert!(problems.iter().all(|p| p.line >= 1 && !p.what.is_empty())),
        }
        let _ = Source::parse("t", "en", &text);
    }

    #[test]
    fn no_facts_panic_or_escape(title in "\\PC{0,60}", url in "\\PC{0,30}", name in "\\PC{0,50}") {
        let mut facts = facts("ru");
        facts.items[0].title = format!("<b>{title}</b>");
        facts.items[0].url = Some(url);
        facts.customer.first_name = Some(name);
        let template = Template::compile(&body("{{ items[0].title }}{{ customer.first_name }}<a href=\"{{ items[0].url }}\">x</a>"));
        let out = render(&template.unwrap(), &facts, &links(), 1).unwrap();
        prop_assert!(!out.html.contains("<b>"));
    }
}

#[test]
#[ignore = "a measurement: cargo test --release -p beckon-render -- --ignored --nocapture"]
fn how_long_a_mail_takes() {
    let template = shipped("abandoned-cart-1", "ru");
    let mut facts = facts("ru");
    for item in facts.items.iter_mut().chain(&mut facts.recommendations) {
        item.picture = Some("https://cdn.shop.example/pictures/0123456789.jpg".to_owned());
    }
    facts.items = (0..8).map(|n| Item { id: n.to_string(), ..facts.items[n % 2].clone() }).collect();
    let links = links();
    let out = render(&template, &facts, &links, 1).unwrap();
    for _ in 0..3 {
        let start = Instant::now();
        for message in 0..20_000 {
            std::hint::black_box(render(&template, &facts, &links, message).unwrap());
        }
        let micros = start.elapsed().as_micros() as f64 / 20_000.0;
        println!(
            "{micros:.1} µs, {} links, {} B html, {} B text",
            out.link_count,
            out.html.len(),
            out.text.len()
        );
    }
    let start = Instant::now();
    for _ in 0..200 {
        std::hint::black_box(shipped("abandoned-cart-1", "ru"));
    }
    println!("compile {:.0} µs", start.elapsed().as_micros() as f64 / 200.0);
}
