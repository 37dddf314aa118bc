//! Charts as SVG from the server: axes, unit, words for screen readers, and a table with the same numbers.

use askama::Template;

/// Size of the drawing in its own units; the style sheet scales it.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 56.0;
const BOTTOM: f64 = 28.0;
const TOP: f64 = 12.0;
/// Labels below the axis; more would run into each other.
const LABELS_MAX: usize = 8;

/// How the values are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A line through the points: something that goes on.
    Line,
    /// Bars: counts of a span each.
    Bars,
}

/// A chart with its table. Write it into a page with `{{ chart|safe }}`: it escapes what it is given.
#[derive(Template)]
#[template(path = "chart.html")]
pub struct Chart {
    title: String,
    summary: String,
    label_head: String,
    value_head: String,
    shape: Shape,
    ticks: Vec<Tick>,
    points: Vec<Point>,
    path: String,
    area: String,
    id: String,
    marks: Vec<Mark>,
}

/// Something that happened at a moment of the chart.
struct Mark {
    x: f64,
    text: String,
}

struct Tick {
    y: f64,
    text: String,
}

struct Point {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    label: String,
    text: String,
    shown: bool,
    /// Left out where there is little room.
    minor: bool,
}

/// What a chart is called.
#[derive(Clone, Debug)]
pub struct Captions {
    /// What is shown, with its unit.
    pub title: String,
    /// One sentence with what it says, for those who do not see it.
    pub summary: String,
    /// Head of the labels' column.
    pub label_head: String,
    /// Head of the values' column: the unit.
    pub value_head: String,
}

impl Chart {
    /// A chart of labelled values; `write` makes a value's text. Negative values are drawn as nothing.
    #[must_use]
    pub fn new(
        captions: Captions,
        shape: Shape,
        values: &[(String, f64)],
        write: impl Fn(f64) -> String,
    ) -> Chart {
        let top = nice_top(values.iter().map(|(_, value)| *value).fold(0.0, f64::max));
        let slot = (WIDTH - LEFT - 8.0) / values.len().max(1) as f64;
        let scale = |value: f64| (HEIGHT - TOP - BOTTOM) * (value.max(0.0) / top);
        let every = values.len().div_ceil(LABELS_MAX).max(1);
        let points: Vec<Point> = (0..)
            .zip(values)
            .map(|(place, (label, value))| {
                let height = scale(*value);
                let x = LEFT + slot * (f64::from(place) + 0.5);
                let shown = (place as usize).is_multiple_of(every);
                let minor = !(place as usize).is_multiple_of(every * 2);
                let (width, y) = ((slot * 0.7).min(48.0), HEIGHT - BOTTOM - height);
                Point { x, y, width, height, label: label.clone(), text: write(*value), shown, minor }
            })
            .collect();
        let path =
            points.iter().map(|point| format!("{:.1},{:.1}", point.x, point.y)).collect::<Vec<_>>().join(" ");
        let floor = HEIGHT - BOTTOM;
        let area = match (points.first(), points.last()) {
            (Some(first), Some(last)) => format!("{:.1},{floor} {path} {:.1},{floor}", first.x, last.x),
            _ => String::new(),
        };
        let tick = |part: f64| Tick { y: floor - scale(top * part), text: write(top * part) };
        let id = format!("chart-{:08x}", xxhash_rust::xxh3::xxh3_64(captions.title.as_bytes()) as u32);
        let Captions { title, summary, label_head, value_head } = captions;
        let ticks = [0.0, 0.5, 1.0].map(tick).into();
        Chart {
            title,
            summary,
            label_head,
            value_head,
            shape,
            ticks,
            points,
            path,
            area,
            id,
            marks: Vec::new(),
        }
    }

    /// Draws what happened into the chart: where, from 0 at its beginning to 1 at its end, and in words.
    #[must_use]
    pub fn with_marks(mut self, marks: impl IntoIterator<Item = (f64, String)>) -> Chart {
        let place = |part: f64| LEFT + (WIDTH - LEFT - 8.0) * part.clamp(0.0, 1.0);
        self.marks = marks.into_iter().map(|(part, text)| Mark { x: place(part), text }).collect();
        self
    }
}

/// The end of the axis: 1, 2, 5 or 10 times a power of ten, even, so that its half is a whole number.
fn nice_top(most: f64) -> f64 {
    if most <= 2.0 {
        return 2.0;
    }
    let power = 10f64.powf(most.log10().floor());
    [1.0, 2.0, 4.0, 6.0, 10.0].into_iter().map(|step| step * power).find(|top| *top >= most).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_has_its_numbers_as_text_and_escapes_them() {
        let captions = Captions {
            title: "<b>Sent".to_owned(),
            summary: "3 in all".to_owned(),
            label_head: "Day".to_owned(),
            value_head: "Messages".to_owned(),
        };
        let values = [("Mon".to_owned(), 1.0), ("<Tue>".to_owned(), 2.0)];
        let chart = Chart::new(captions, Shape::Bars, &values, |value| format!("{value}"));
        let text = chart.render().unwrap();
        assert!(!text.contains("<b>") && !text.contains("<Tue>"), "{text}");
        assert!(text.contains("<table") && text.contains("role=\"img\"") && text.contains("3 in all"));
        assert_eq!(text.matches("<rect").count(), 2);
        assert!(!text.contains("style="), "the policy forbids inline styles");
    }

    #[test]
    fn the_axis_ends_above_the_highest_value() {
        for most in [0.0, 1.0, 3.0, 7.0, 10.0, 11.0, 99.0, 4_321.0] {
            assert!(nice_top(most) >= most && nice_top(most) <= (most * 2.5).max(4.0), "{most}");
        }
    }
}
