//! The contrast of the tokens in `web/admin.css`, light and dark (WCAG 2.2, §1.4.3 and §1.4.11).

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../../../../../web/admin.css");
/// What text stands on.
const GROUNDS: [&str; 11] = [
    "page",
    "side",
    "card",
    "raised",
    "sunk",
    "hover",
    "accent-soft",
    "good-soft",
    "warn-soft",
    "bad-soft",
    "info-soft",
];

/// Each token with its light and its dark colour.
fn tokens() -> BTreeMap<&'static str, [&'static str; 2]> {
    let read = |part: &'static str| {
        let (name, rest) = part.split_once(": light-dark(")?;
        let (light, rest) = rest.split_once(", ")?;
        let colours = [light, rest.split_once(')')?.0];
        colours.iter().all(|colour| colour.len() == 7 && colour.starts_with('#')).then_some((name, colours))
    };
    STYLE.split("--").filter_map(read).collect()
}

/// Relative luminance (WCAG 2.2, definition).
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_text_can_be_read_on_what_it_stands_on() {
    let tokens = tokens();
    let mut pairs: Vec<(&str, &str, f64)> = Vec::new();
    for ink in ["ink", "ink-2"] {
        pairs.extend(GROUNDS.map(|ground| (ink, ground, 4.5)));
    }
    pairs.extend(GROUNDS[..7].iter().map(|ground| ("accent", *ground, 4.5)));
    for (word, own) in
        [("good", "good-soft"), ("warn", "warn-soft"), ("bad", "bad-soft"), ("info", "info-soft")]
    {
        pairs.extend([own, "card", "page", "hover", "raised"].map(|ground| (word, ground, 4.5)));
    }
    // Buttons and toasts, then what is no text: borders of fields, marks of charts.
    pairs.extend([("accent-ink", "accent", 4.5), ("page", "ink", 4.5), ("card", "bad", 4.5)]);
    pairs.extend(["page", "card", "raised"].map(|ground| ("line-strong", ground, 3.0)));
    pairs.extend(["second", "third"].map(|mark| (mark, "card", 3.0)));
    for (word, ground, least) in pairs {
        for theme in 0..2 {
            let found = contrast(tokens[word][theme], tokens[ground][theme]);
            let name = ["light", "dark"][theme];
            assert!(found >= least, "--{word} on --{ground}, {name}: {found:.2}, wanted {least}");
        }
    }
}
