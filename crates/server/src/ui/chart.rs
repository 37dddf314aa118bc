//! Charts as SVG from the server: axes, unit, marks, a series to compare with, words for screen readers, and a table
//! with the same numbers.
//!
//! Places are per cent of the drawing, so it has the width of its frame while letters and lines keep their size.

mod scale;
mod small;

pub use small::{Funnel, Spark, Step};

use askama::Template;
use scale::Axis;

/// Labels below the axis; more would run into each other.
const LABELS_MAX: usize = 8;
/// Part of its place that a bar fills, and how wide it becomes at most, in per cent of the drawing.
const BAR_PART: f64 = 0.68;
const BAR_MAX: f64 = 7.0;

/// How the values are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A line through the points: something that goes on.
    Line,
    /// Bars: counts of a span each.
    Bars,
    /// Bars of several parts that add up; with one series the same as [`Shape::Bars`].
    Stacked,
}

/// The colour of a series; the style sheet says which one that is, light and dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// The one that matters.
    #[default]
    Main,
    /// A second one beside it.
    Second,
    /// A third one.
    Third,
    /// Something that went well.
    Good,
    /// Something to look at.
    Warn,
    /// Something that went wrong.
    Bad,
    /// A rest that is there for the sum.
    Quiet,
}

impl Tone {
    /// The class in the style sheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Tone::Main => "t-main",
            Tone::Second => "t-second",
            Tone::Third => "t-third",
            Tone::Good => "t-good",
            Tone::Warn => "t-warn",
            Tone::Bad => "t-bad",
            Tone::Quiet => "t-quiet",
        }
    }
}

/// One row of values, as many as there are labels.
#[derive(Clone, Debug)]
pub struct Series {
    /// What they are, for legend and table.
    pub name: String,
    /// A value for each label; negative ones are drawn as nothing.
    pub values: Vec<f64>,
    /// Its colour.
    pub tone: Tone,
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

/// A chart with its table. Write it into a page with `{{ chart|safe }}`: it escapes what it is given.
#[derive(Template)]
#[template(path = "chart.html")]
pub struct Chart {
    title: String,
    summary: String,
    label_head: String,
    shape: Shape,
    labels: Vec<Label>,
    series: Vec<Drawn>,
    compared: Option<Drawn>,
    marks: Vec<Mark>,
    axis: Axis,
    ticks: Vec<Tick>,
    /// Said instead of the drawing when there is nothing to draw.
    empty: String,
    table: String,
    /// Width of a label's place.
    slot: f64,
    id: String,
}

/// A line across, from the top to the bottom.
struct Tick {
    y: String,
    text: String,
}

struct Label {
    /// Middle and left edge of its place.
    x: String,
    left: String,
    text: String,
    tip: String,
    shown: bool,
    /// Left out where there is little room.
    minor: bool,
}

struct Drawn {
    name: String,
    tone: Tone,
    values: Vec<f64>,
    texts: Vec<String>,
}

struct Mark {
    x: String,
    label: String,
    note: String,
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
        let (labels, values): (Vec<String>, Vec<f64>) = values.iter().cloned().unzip();
        let series = Series { name: captions.value_head.clone(), values, tone: Tone::Main };
        Chart::of_series(captions, shape, labels, vec![series], write)
    }

    /// A chart of several series over the same labels: lines beside each other, or bars that add up.
    #[must_use]
    pub fn of_series(
        captions: Captions,
        shape: Shape,
        labels: Vec<String>,
        series: Vec<Series>,
        write: impl Fn(f64) -> String,
    ) -> Chart {
        let every = labels.len().div_ceil(LABELS_MAX).max(1);
        let slot = 100.0 / labels.len().max(1) as f64;
        let drawn: Vec<Drawn> = series.into_iter().map(|series| Drawn::new(series, &write)).collect();
        let axis = Axis::above(&highs(shape, &drawn, labels.len()));
        let ticks =
            axis.ticks().map(|value| Tick { y: percent(100.0 - axis.part(value)), text: write(value) });
        let labels: Vec<Label> = labels
            .into_iter()
            .enumerate()
            .map(|(place, text)| Label {
                x: percent(slot * (place as f64 + 0.5)),
                left: percent(slot * place as f64),
                tip: tip(&text, &drawn, place),
                text,
                shown: place.is_multiple_of(every),
                minor: !place.is_multiple_of(every * 2),
            })
            .collect();
        let ticks = ticks.collect();
        let Captions { title, summary, label_head, value_head } = captions;
        let hashed = format!("{title}{summary}{value_head}");
        let id = format!("chart-{:08x}", xxhash_rust::xxh3::xxh3_64(hashed.as_bytes()) as u32);
        let (table, empty) = (format!("{label_head} · {value_head}"), summary.clone());
        let (compared, marks) = (None, Vec::new());
        Chart {
            title,
            summary,
            label_head,
            shape,
            labels,
            series: drawn,
            compared,
            marks,
            axis,
            ticks,
            empty,
            table,
            slot,
            id,
        }
    }

    /// Adds a dashed line to compare with, such as the same days a week ago: a value for each label.
    #[must_use]
    pub fn compared(mut self, name: &str, values: &[f64], write: impl Fn(f64) -> String) -> Chart {
        let series = Series { name: name.to_owned(), values: values.to_vec(), tone: Tone::Quiet };
        let drawn = Drawn::new(series, &write);
        let mut highs = highs(self.shape, &self.series, self.labels.len());
        highs.extend(&drawn.values);
        self.axis = Axis::above(&highs);
        let tick = |value| Tick { y: percent(100.0 - self.axis.part(value)), text: write(value) };
        self.ticks = self.axis.ticks().map(tick).collect();
        for (place, label) in self.labels.iter_mut().enumerate() {
            label.tip.push_str(&format!("\n{name}: {}", drawn.text(&place)));
        }
        self.compared = Some(drawn);
        self
    }

    /// Adds a vertical line with a note at a label by its place, counted from 0: a journey was published, a price
    /// list came. A place that is not there adds nothing.
    #[must_use]
    pub fn marked(mut self, place: usize, note: &str) -> Chart {
        if let Some(label) = self.labels.get(place) {
            let (x, label) = (label.x.clone(), label.text.clone());
            self.marks.push(Mark { x, label, note: note.to_owned() });
        }
        self
    }

    /// The same at a part of the way, from 0 at the beginning of the chart to 1 at its end.
    #[must_use]
    pub fn marked_at(self, part: f64, note: &str) -> Chart {
        let place = (part.clamp(0.0, 1.0) * self.labels.len() as f64) as usize;
        let last = self.labels.len().saturating_sub(1);
        self.marked(place.min(last), note)
    }

    /// Says why there is nothing to see while all values are zero; without it the summary is shown.
    #[must_use]
    pub fn when_empty(mut self, text: &str) -> Chart {
        self.empty = text.to_owned();
        self
    }

    /// Names the table below; without it the heads of its columns do.
    #[must_use]
    pub fn table_named(mut self, text: &str) -> Chart {
        self.table = text.to_owned();
        self
    }

    fn is_empty(&self) -> bool {
        let compared = self.compared.iter();
        self.series.iter().chain(compared).all(|series| series.values.iter().all(|value| *value <= 0.0))
    }

    fn is_line(&self) -> bool {
        self.shape == Shape::Line
    }

    /// A key to the colours is wanted as soon as there is more than one.
    fn has_legend(&self) -> bool {
        self.series.len() > 1 || self.compared.is_some()
    }

    /// Corners of a line in a square of 1,000 by 1,000 that is stretched over the drawing.
    fn path(&self, series: &Drawn) -> String {
        let place = |(at, value): (usize, &f64)| {
            let x = self.slot * 10.0 * (at as f64 + 0.5);
            format!("{x:.1},{:.1}", 1_000.0 - self.axis.part(*value) * 10.0)
        };
        series.values.iter().enumerate().map(place).collect::<Vec<_>>().join(" ")
    }

    fn area(&self, series: &Drawn) -> String {
        let first = self.slot * 5.0;
        format!("{first:.1},1000 {} {:.1},1000", self.path(series), 1_000.0 - first)
    }

    fn height(&self, value: &f64) -> String {
        percent(self.axis.part(*value))
    }

    fn top(&self, value: &f64) -> String {
        percent(100.0 - self.axis.part(*value))
    }

    /// The points of the lines at a label: how far down, and their class.
    fn dots(&self, place: &usize) -> Vec<(String, &'static str)> {
        let dot = |series: &Drawn| Some((self.top(series.values.get(*place)?), series.tone.class()));
        if self.is_line() { self.series.iter().filter_map(dot).collect() } else { Vec::new() }
    }

    /// Rectangles of the bars: x, y, width, height, class.
    fn bars(&self) -> Vec<[String; 5]> {
        let width = (self.slot * BAR_PART).min(BAR_MAX);
        let mut bars = Vec::new();
        for place in 0..self.labels.len() {
            let x = self.slot * (place as f64 + 0.5) - width / 2.0;
            let mut below = 0.0;
            for series in &self.series {
                let value = series.values.get(place).copied().unwrap_or(0.0).max(0.0);
                if value > 0.0 {
                    let y = self.top(&(below + value));
                    let class = series.tone.class().to_owned();
                    bars.push([percent(x), y, percent(width), self.height(&value), class]);
                }
                below += value;
            }
        }
        bars
    }
}

impl Drawn {
    fn new(series: Series, write: &impl Fn(f64) -> String) -> Drawn {
        let texts = series.values.iter().map(|value| write(*value)).collect();
        Drawn { name: series.name, tone: series.tone, values: series.values, texts }
    }

    fn text(&self, place: &usize) -> &str {
        self.texts.get(*place).map_or("", String::as_str)
    }
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

/// What is highest at each label: the sum where parts add up.
fn highs(shape: Shape, series: &[Drawn], labels: usize) -> Vec<f64> {
    if shape == Shape::Line {
        return series.iter().flat_map(|series| series.values.clone()).collect();
    }
    let value = |series: &Drawn, place: usize| series.values.get(place).map_or(0.0, |value| value.max(0.0));
    (0..labels).map(|place| series.iter().map(|series| value(series, place)).sum()).collect()
}

/// What is said where the mouse rests.
fn tip(label: &str, series: &[Drawn], place: usize) -> String {
    let alone = series.len() == 1;
    let line = |series: &Drawn| match alone {
        true => series.text(&place).to_owned(),
        false => format!("{}: {}", series.name, series.text(&place)),
    };
    let lines: Vec<String> = series.iter().map(line).collect();
    format!("{label}\n{}", lines.join("\n"))
}

#[cfg(test)]
mod tests;
