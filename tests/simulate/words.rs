//! What people read: mistakes with their place and mend, and a report in either language.

use crate::{Dir, refused, told};
use beckon_core::plan::Action;

const CART: &str = include_str!("../../plans/abandoned-cart.yaml");

#[test]
fn a_plan_with_a_mistake_names_file_line_and_mend() {
    let dir = Dir::new();
    let at = CART.lines().position(|line| line.trim_start().starts_with("- wait:")).unwrap() + 1;
    let wrong = CART.replacen("- wait:", "- wiat:", 1);
    let file = dir.write("wrong.yaml", &wrong);
    let said = refused(&["--plan", &file]);
    assert!(said.contains(&format!("{file}, line {at}")), "{said}");
    assert!(said.contains("wiat") && said.contains("wait"), "what is wrong and what is meant: {said}");
    let none = dir.0.join("none.yaml");
    let said = refused(&["--plan", none.to_str().unwrap()]);
    assert!(said.contains("none.yaml"), "{said}");
    let said = refused(&["--compare", &file]);
    assert!(said.contains(&format!("{file}, line {at}")), "{said}");
}

#[test]
fn a_setting_nobody_knows_names_those_that_are_known() {
    let said = refused(&["--set", "nonsense=1"]);
    for known in
        ["global_holdout", "quiet_from", "quiet_until", "JOURNEY.NAME", "holdout", "priority", "after"]
    {
        assert!(said.contains(known), "{known}: {said}");
    }
    let said = refused(&["--set", "no-such.holdout=1%"]);
    assert!(said.contains("no-such") && said.contains("abandoned-cart"), "{said}");
    let said = refused(&["--set", "abandoned-cart.nonsense=1"]);
    assert!(
        said.contains("nonsense") && said.contains("after, fresh_for, shift, priority, holdout"),
        "{said}"
    );
    assert!(refused(&["--compare", "quiet_from=30"]).contains("0 to 23"));
}

fn report(locale: &str) -> String {
    let change = ["--compare", "abandoned-cart.priority=95"];
    told(&[&["--shoppers", "600", "--days", "12", "--locale", locale][..], &change].concat())
}

#[test]
fn the_russian_report_has_no_english_word() {
    let text = report("ru");
    // Names that a journey's author gave, numbers of customers, currencies and the option as it was typed.
    let plans = beckon_server::setup::READY.iter().map(|(_, text)| beckon_core::plan::parse(text).unwrap());
    let named: Vec<String> = plans
        .flat_map(|journey| {
            let steps = journey.graphs.values().flat_map(|graph| &graph.steps);
            let names = steps.flat_map(|step| {
                let arms = match &step.action {
                    Action::Split { arms, .. } => arms.iter().map(|(name, ..)| name.clone()).collect(),
                    _ => Vec::new(),
                };
                arms.into_iter().chain([step.name.clone()])
            });
            names.chain([journey.name.clone()]).collect::<Vec<_>>()
        })
        .collect();
    let number = |word: &str| word.len() == 16 && word.chars().all(|c| c.is_ascii_hexdigit());
    for line in text.lines() {
        for word in line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')) {
            let latin = word.chars().any(|c| c.is_ascii_alphabetic());
            if latin && !named.iter().any(|name| name == word) && !number(word) {
                assert!(["RUB", "priority"].contains(&word), "`{word}` in: {line}");
            }
        }
    }
    assert!(text.contains("Клиенты для примера") && text.contains("По дням"), "{text}");
}

#[test]
fn both_reports_fit_a_terminal_and_have_no_hole() {
    for locale in ["ru", "en"] {
        let text = report(locale);
        assert!(!text.contains('⟦') && !text.contains('{'), "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
        }
    }
}
