//! Reading plans: what is wrong is said with its line, and no text brings the parser down.

use super::*;
use crate::time::DAY;
use proptest::prelude::*;

const CART: &str = include_str!("../../../../plans/abandoned-cart.yaml");

const SMALL: &str = "journey: small
class: B
priority: 50
entry: {on: left}
steps:
  - message: one
    template: one
";

#[test]
fn problems_name_their_line() {
    let bad = [
        ("class: B", "class: X", 2, "`X` is not a class"),
        ("priority: 50", "priority: 101", 3, "`101` is not a priority"),
        ("priority: 50", "priorty: 50", 3, "`priorty` is not known here"),
        ("{on: left}", "{on: right}", 4, "`right` starts nothing"),
        ("{on: left}", "{on: left, after: soon}", 4, "`soon` is not a span of time"),
        ("{on: left}", "{on: left, when: [rich]}", 4, "the condition `rich` is not known"),
        ("- message: one", "- massage: one", 6, "`massage` is not a step"),
        ("- message: one", "- message: One", 6, "`One` cannot be a name"),
        ("template: one", "template: one\n  - wait: one\n    for: 1d", 8, "a second step is called `one`"),
        ("template: one", "template: one\n    deadline: 0s", 6, "the deadline is out of range"),
        ("class: B", "class: B\nclass: B", 3, "`class` stands here twice"),
        ("template: one", "template: *one", 7, "not YAML"),
        ("class: B", "class: T\nholdout: 5%", 3, "never held out"),
    ];
    parse(SMALL).unwrap();
    for (good, wrong, line, what) in bad {
        let problem = parse(&SMALL.replace(good, wrong)).unwrap_err();
        assert_eq!(problem.line, line, "{wrong}: {problem}");
        assert!(problem.what.contains(what), "{wrong}: {problem}");
    }
}

#[test]
fn what_is_left_open_has_its_default() {
    let journey = parse(SMALL).unwrap();
    assert_eq!((journey.holdout_ppm, journey.about, journey.on), (50_000, About::Person, false));
    assert_eq!(journey.exits, [Exit::Unsubscribed]);
    assert_eq!(journey.entry.again_after, DAY.times(7));
    let receipt = parse(&SMALL.replace("class: B", "class: T")).unwrap();
    assert_eq!((receipt.holdout_ppm, receipt.exits.len()), (0, 0), "who wants no marketing gets her receipt");
}

#[test]
fn settings_reach_the_steps() {
    let mut journey = parse(CART).unwrap();
    journey.set("priority", "80").unwrap();
    let priorities: Vec<u16> = journey.graphs[&1]
        .steps
        .iter()
        .filter_map(|step| match &step.action {
            Action::Message(message) => Some(message.priority),
            _ => None,
        })
        .collect();
    assert!(priorities.contains(&80) && priorities.contains(&90) && !priorities.contains(&94));
    for (name, value) in
        [("priority", "101"), ("holdout", "60%"), ("variant", "none"), ("after", "x"), ("q", "1")]
    {
        assert!(journey.set(name, value).is_err(), "{name}={value}");
    }
}

#[test]
fn every_setting_can_be_read_and_written_back() {
    let mut journey = parse(CART).unwrap();
    let before = journey.settings();
    assert!(before.iter().any(|setting| setting.key == "classic-2d.for" && setting.pinned));
    for setting in &before {
        setting.kind.check(&setting.value).unwrap_or_else(|why| panic!("{}: {why}", setting.key));
        journey.set(&setting.key, &setting.value).unwrap_or_else(|why| panic!("{}: {why}", setting.key));
    }
    assert_eq!(journey.settings(), before, "writing what was read changes nothing");
    let changes = [
        ("classic-2d.for", "36h", "1d12h"),
        ("classic-first.deadline", "6h", "6h"),
        ("classic-first.at_most_every", "0s", "0s"),
        ("classic-second.when_beaten", "drop", "drop"),
        ("variant.once", "70", "70"),
        ("shift", "1d", "1d"),
        ("goal_within", "5d", "5d"),
        ("fresh_for", "2h", "2h"),
    ];
    for (key, value, shown) in changes {
        journey.set(key, value).unwrap();
        let now = journey.settings().into_iter().find(|setting| setting.key == key).unwrap();
        assert_eq!(now.value, shown, "{key}");
    }
    for (key, value) in
        [("after", "0s"), ("classic-2d.for", "2y"), ("variant.once", "0"), ("classic-2d.up_to", "1d")]
    {
        assert!(journey.set(key, value).is_err(), "{key}={value}");
    }
}

#[test]
fn titles_are_read_and_bounded() {
    let journey = parse(CART).unwrap();
    let split = &journey.graphs[&1].steps[0];
    assert_eq!(split.arm_titles["classic"]["en"], "Three letters in 5 days");
    let titled =
        |title: &str| parse(&SMALL.replace("template: one", &format!("title: {title}\n    template: one")));
    assert_eq!(titled("{ru: Письмо}").unwrap().graphs[&1].steps[0].title["ru"], "Письмо");
    assert_eq!(titled(&"x".repeat(121)).unwrap_err().line, 7);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn no_text_brings_the_parser_down(text in "(?s).{0,200}") {
        if let Err(problem) = parse(&text) {
            prop_assert!(problem.line >= 1 && !problem.what.is_empty());
        }
    }

    #[test]
    fn no_change_of_a_plan_brings_the_parser_down(at in any::<prop::sample::Index>(), len in 0usize..40, new in "[\\PC\n\t{}\\[\\]:,*&!|>'\"-]{0,12}") {
        let chars: Vec<char> = CART.chars().collect();
        let from = at.index(chars.len());
        let text: String = chars[..from].iter().chain(new.chars().collect::<Vec<_>>().iter()).chain(&chars[(from + len).min(chars.len())..]).collect();
        if let Err(problem) = parse(&text) {
            let lines = text.lines().count() + 1;
            prop_assert!((1..=lines).contains(&problem.line), "line {} of {lines}: {problem}", problem.line);
        }
    }

    #[test]
    fn deep_nesting_is_refused_not_overflowed(depth in 1usize..5_000) {
        let text = SMALL.replace("{on: left}", &format!("{{on: left, when: {}reachable{}}}", "[".repeat(depth), "]".repeat(depth)));
        let read = parse(&text).is_ok();
        prop_assert!(if depth <= 20 { read } else { depth <= 24 || !read }, "{}", depth);
    }
}
