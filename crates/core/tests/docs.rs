//! The examples of the guide can be used as they stand.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use beckon_core::plan::{Action, parse};

#[test]
fn every_example_of_the_guide_parses() {
    for page in ["docs/journeys.md", "docs/ru/journeys.md"] {
        let path = format!("{}/../../{page}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).unwrap();
        let examples: Vec<&str> =
            text.split("```yaml\n").skip(1).map(|t| t.split("```").next().unwrap()).collect();
        assert_eq!(examples.len(), 2, "{page}");
        let mut kinds = std::collections::BTreeSet::new();
        for example in examples {
            let journey = parse(example).unwrap_or_else(|problem| panic!("{page}: {problem}\n{example}"));
            for step in &journey.graphs[&1].steps {
                kinds.insert(match step.action {
                    Action::Message(_) => "message",
                    Action::Wait { .. } => "wait",
                    Action::WaitFor { .. } => "wait_for",
                    Action::Branch { .. } => "branch",
                    Action::Split { .. } => "split",
                    Action::Exit { .. } => "exit",
                    Action::Goal => "goal",
                });
            }
        }
        assert_eq!(kinds.len(), 7, "{page} shows every kind of step: {kinds:?}");
    }
}
