//! Cost against size, drawn: a line for every page in every database, a colour for every page, both scales logarithmic, so
//! that a page whose cost does not depend on the size lies flat.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::rows::Row;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 480.0;
const LEFT: f64 = 60.0;
const TOP: f64 = 40.0;
/// A line of the legend.
const LINE: f64 = 16.0;

/// One line: what, in which database, and its points.
type Series<'a> = BTreeMap<(&'a str, &'a str), Vec<(f64, f64)>>;

/// The picture; of nothing when no size was measured.
pub fn svg(rows: &[Row]) -> String {
    let mut series: Series<'_> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.unit == "ms" && row.value > 0.0) {
        if let Some(dossiers) = row.dossiers {
            series.entry((&row.name, row.database)).or_default().push((dossiers as f64, row.value));
        }
    }
    let points = || series.values().flatten();
    let (x0, x1) = range(points().map(|point| point.0));
    let (y0, y1) = range(points().map(|point| point.1));
    let place = |value: f64, from: f64, to: f64| (value.log10() - from.log10()) / (to.log10() - from.log10());
    let x = |value: f64| LEFT + place(value, x0, x1) * WIDTH;
    let y = |value: f64| TOP + (1.0 - place(value, y0, y1)) * HEIGHT;
    let (right, bottom) = (LEFT + WIDTH, TOP + HEIGHT);
    let mut names: Vec<&str> = series.keys().map(|(name, _)| *name).collect();
    names.dedup();
    let total = bottom.max(TOP + LINE * names.len() as f64) + 50.0;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{total}\" viewBox=\"0 0 {0} {total}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"{LEFT}\" y=\"20\" font-size=\"14\">Milliseconds for a page (half of the requests) by number of cases; \
         dashed: PostgreSQL</text>\n",
        right + 220.0
    );
    // Writing to a text cannot fail.
    let mut draw = |part: String| {
        let _ = writeln!(out, "{part}");
    };
    for tick in ticks(x0, x1) {
        let at = x(tick);
        draw(format!("<path d=\"M{at:.1} {TOP}V{bottom}\" stroke=\"#ddd\"/>"));
        draw(format!("<text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{tick}</text>", bottom + 18.0));
    }
    for tick in ticks(y0, y1) {
        let at = y(tick);
        draw(format!("<path d=\"M{LEFT} {at:.1}H{right}\" stroke=\"#ddd\"/>"));
        draw(format!("<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{tick}</text>", LEFT - 6.0, at + 4.0));
    }
    // Neighbours in the list are far from each other in colour.
    let colour = |name: &str| {
        let place = names.iter().position(|known| *known == name).unwrap_or(0);
        format!("hsl({} 65% 40%)", place * 137 % 360)
    };
    for ((name, database), points) in &mut series {
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let colour = colour(name);
        let dash = if *database == "postgres" { " stroke-dasharray=\"5 3\"" } else { "" };
        let path: Vec<String> = points.iter().map(|(a, b)| format!("{:.1} {:.1}", x(*a), y(*b))).collect();
        let line = path.join("L");
        draw(format!("<path d=\"M{line}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"{dash}/>"));
        for (a, b) in points.iter() {
            draw(format!("<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.5\" fill=\"{colour}\"/>", x(*a), y(*b)));
        }
    }
    for (n, name) in names.iter().enumerate() {
        let (from, at) = (right + 16.0, TOP + LINE * n as f64 + 6.0);
        draw(format!("<path d=\"M{from} {at}h24\" stroke=\"{}\" stroke-width=\"1.5\"/>", colour(name)));
        draw(format!("<text x=\"{}\" y=\"{}\">{name}</text>", from + 30.0, at + 4.0));
    }
    out.push_str("</svg>\n");
    out
}

/// Powers of ten around all values.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::MAX, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    if high <= 0.0 {
        return (1.0, 10.0);
    }
    let power = |exponent: f64| 10.0_f64.powf(exponent);
    let (low, high) = (power(low.log10().floor()), power(high.log10().ceil()));
    (low, if high > low { high } else { low * 10.0 })
}

/// One, two and five of each power of ten in a range.
fn ticks(from: f64, to: f64) -> Vec<f64> {
    let mut out = Vec::new();
    let mut power = from.log10().round() as i32;
    while 10.0_f64.powi(power) <= to * 1.001 {
        out.extend([1.0, 2.0, 5.0].map(|n| n * 10.0_f64.powi(power)).into_iter().filter(|tick| *tick <= to * 1.001));
        power += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, database: &'static str, dossiers: usize, value: f64) -> Row {
        Row { dossiers: Some(dossiers), ..Row::new(name, database, value, "ms") }
    }

    #[test]
    fn a_cost_that_does_not_depend_on_the_size_lies_flat() {
        let rows = [row("flat", "sqlite", 1000, 2.0), row("flat", "sqlite", 100_000, 2.0)];
        let svg = svg(&rows);
        let line = svg.lines().find(|line| line.contains("fill=\"none\"")).unwrap();
        let points = line.split('"').nth(1).unwrap().trim_start_matches('M');
        let heights: Vec<&str> = points.split('L').map(|point| point.split(' ').nth(1).unwrap()).collect();
        assert_eq!(heights.len(), 2);
        assert_eq!(heights[0], heights[1]);
    }

    #[test]
    fn every_page_in_every_database_has_its_line() {
        let rows = [row("a", "sqlite", 1000, 2.0), row("a", "postgres", 1000, 3.0), row("b", "sqlite", 1000, 0.5)];
        let drawn = svg(&rows);
        assert_eq!((drawn.matches("fill=\"none\"").count(), drawn.matches("stroke-dasharray").count()), (3, 1));
        assert_eq!(drawn.matches(">a</text>").count(), 1);
        assert!(!svg(&[]).contains("circle"));
    }
}
