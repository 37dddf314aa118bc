//! What a chart writes.

use super::*;

fn captions() -> Captions {
    Captions {
        title: "<b>Sent".to_owned(),
        summary: "3 in all".to_owned(),
        label_head: "Day".to_owned(),
        value_head: "Messages".to_owned(),
    }
}

fn write(value: f64) -> String {
    format!("{value}")
}

#[test]
fn a_chart_has_its_numbers_as_text_and_escapes_them() {
    let values = [("Mon".to_owned(), 1.0), ("<Tue>".to_owned(), 2.0)];
    let text = Chart::new(captions(), Shape::Bars, &values, write).render().unwrap();
    assert!(!text.contains("<b>") && !text.contains("<Tue>"), "{text}");
    assert!(text.contains("<table") && text.contains("role=\"img\"") && text.contains("3 in all"));
    assert_eq!(text.matches("class=\"bar ").count(), 2);
    assert!(!text.contains("style="), "the policy forbids inline styles");
}

#[test]
fn a_chart_of_nothing_says_so_instead_of_drawing_a_grid() {
    let values = [("Mon".to_owned(), 0.0), ("Tue".to_owned(), 0.0)];
    let text =
        Chart::new(captions(), Shape::Bars, &values, write).when_empty("No mails yet.").render().unwrap();
    assert!(text.contains("No mails yet.") && !text.contains("class=\"canvas\""));
    assert!(text.contains("<td>Mon</td>"), "the table stays");
}

#[test]
fn parts_of_a_bar_stand_on_each_other() {
    let series =
        |name: &str, values: [f64; 2], tone| Series { name: name.into(), values: values.into(), tone };
    let rows = vec![series("a", [1.0, 3.0], Tone::Main), series("b", [1.0, 1.0], Tone::Bad)];
    let labels = vec!["x".to_owned(), "y".to_owned()];
    let chart = Chart::of_series(captions(), Shape::Stacked, labels, rows, write);
    let bars = chart.bars();
    assert_eq!(bars.len(), 4);
    // The axis ends at 4, the sum of the second bar.
    assert_eq!((bars[2][1].as_str(), bars[2][3].as_str()), ("25.00%", "75.00%"));
    assert_eq!((bars[3][1].as_str(), bars[3][3].as_str()), ("0.00%", "25.00%"));
    let text = chart.render().unwrap();
    assert!(text.contains("class=\"legend\"") && text.contains("a: 3"));
}

#[test]
fn what_is_compared_with_fits_the_axis_and_stands_in_the_table() {
    let values = [("Mon".to_owned(), 1.0), ("Tue".to_owned(), 2.0)];
    let chart = Chart::new(captions(), Shape::Line, &values, write);
    let chart =
        chart.compared("Last week", &[10.0, 0.0], write).marked(1, "<i>Published").marked(9, "nowhere");
    let text = chart.render().unwrap();
    assert!(text.contains("<span>10</span>") && text.contains("Last week: 10"), "{text}");
    assert!(text.contains("<th scope=\"col\" class=\"num\">Last week</th>") && text.contains("line dashed"));
    assert!(!text.contains("<i>") && text.contains("Published") && !text.contains("nowhere"));
}

#[test]
fn sparks_and_funnels_bear_any_values() {
    for values in [&[][..], &[1.0], &[0.0, 0.0], &[3.0, f64::NAN, 1.0]] {
        let text = Spark::new(values, "<x>").render().unwrap();
        assert!(!text.contains("NaN") && !text.contains("<x>"), "{text}");
    }
    let step =
        |value: f64| Step { name: "<s>".into(), value, text: format!("{value}"), share: String::new() };
    let text = Funnel::new("Way", vec![step(200.0), step(50.0), step(0.0)]).render().unwrap();
    assert!(text.contains("width=\"25.00%\"") && text.contains("width=\"0.00%\"") && !text.contains("<s>"));
}
