//! The control group against the treated, in words.

use super::super::layout::Page;
use crate::i18n::{self, Locale};
use crate::proof::{Arm, Proof};
use crate::why_text::Words;
use beckon_core::plan::Journey;

/// The proof as a page shows it.
pub(super) struct ProofView {
    pub rows: Vec<(String, String, String, String)>,
    pub verdict: String,
    pub interval: String,
    pub how: String,
    /// Who is left out; empty when nobody is.
    pub mixed: String,
}

impl ProofView {
    pub fn new(page: &Page, words: &Words, journey: &Journey, proof: &Proof) -> ProofView {
        let row = |title: String, arm: &Arm| {
            let write = &page.words;
            let rate = write.share(arm.converted, arm.drawn);
            (title, write.number(arm.drawn), write.number(arm.converted), rate)
        };
        let points = |part: f64| {
            let text = format!("{:+.1}", part * 100.0).replace('-', "\u{2212}");
            if page.locale == Locale::Ru { text.replace('.', ",") } else { text }
        };
        let interval = proof.gain.map(|(low, high)| {
            let (low, high) = (points(low), points(high));
            let args = [("low", low.as_str().into()), ("high", high.as_str().into())];
            i18n::t(page.locale, "proof-interval", &args)
        });
        let within = journey.goal.as_ref().map(|goal| words.span(goal.within)).unwrap_or_default();
        ProofView {
            rows: vec![row(page.t("n-treated"), &proof.treated), row(page.t("n-held-out"), &proof.held_out)],
            verdict: match proof.verdict {
                "gain" => page.t("proof-gain"),
                "loss" => page.t("proof-loss"),
                "open" => page.t("proof-open"),
                _ => page.t("proof-not-enough"),
            },
            interval: interval.unwrap_or_default(),
            how: page.with("proof-how", "within", &within),
            mixed: if proof.mixed > 0 { page.count("proof-mixed", proof.mixed) } else { String::new() },
        }
    }
}
