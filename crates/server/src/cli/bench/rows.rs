//! What `yanhe bench all` found, as a table and as a document.

use std::fmt::{self, Write};

use serde::Serialize;

/// One figure.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// `sqlite` or `postgres`.
    pub database: &'static str,
    /// Clients at the same time.
    pub clients: usize,
    /// Cases in the directory; none where it began empty.
    pub dossiers: Option<usize>,
    /// The figure.
    pub value: f64,
    /// What the machine takes for the same without the program.
    pub raw: Option<f64>,
    /// The first by the second.
    pub ratio: Option<f64>,
    /// Half of the times were not longer, in milliseconds.
    pub p50_ms: Option<f64>,
    /// Nor were 99 of a hundred longer than this.
    pub p99_ms: Option<f64>,
    /// Time of the processor in this program for one of them, in microseconds.
    pub cpu_us: Option<f64>,
    /// Of figure and raw.
    pub unit: &'static str,
    /// How raw was measured, where that differs.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub raw_by: String,
}

impl Row {
    /// A figure of a database.
    pub fn new(name: &str, database: &'static str, value: f64, unit: &'static str) -> Self {
        Self { name: name.to_owned(), database, clients: 1, value, unit, ..Self::default() }
    }

    /// Beside its yardstick.
    #[must_use]
    pub fn beside(mut self, raw: f64) -> Self {
        (self.raw, self.ratio) = (Some(raw), (raw > 0.0).then_some(self.value / raw));
        self
    }
}

/// Everything that was found in one run.
#[derive(Debug, Default, Serialize)]
pub struct Found {
    /// The figures.
    pub rows: Vec<Row>,
    /// What was not measured, and why.
    pub left_out: Vec<String>,
}

/// As a table that is plain text and Markdown alike.
impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = [
            "what", "database", "dossiers", "clients", "value", "raw", "ratio", "p50 ms", "p99 ms", "CPU us", "unit",
            "raw by",
        ];
        let cells = |row: &Row| -> [String; 12] {
            let number =
                |value: Option<f64>, digits: usize| value.map_or_else(String::new, |v| format!("{v:.digits$}"));
            let fine = |value: f64| number(Some(value), if value < 100.0 { 3 } else { 0 });
            [
                row.name.clone(),
                row.database.to_owned(),
                row.dossiers.map_or_else(String::new, |n| n.to_string()),
                row.clients.to_string(),
                fine(row.value),
                row.raw.map_or_else(String::new, fine),
                number(row.ratio, 2),
                number(row.p50_ms, 2),
                number(row.p99_ms, 2),
                number(row.cpu_us, 0),
                row.unit.to_owned(),
                row.raw_by.clone(),
            ]
        };
        let mut lines = vec![head.map(str::to_owned)];
        lines.extend(self.rows.iter().map(cells));
        let widths: Vec<usize> =
            (0..head.len()).map(|i| lines.iter().map(|line| line[i].chars().count()).max().unwrap_or(0)).collect();
        for (n, line) in lines.iter().enumerate() {
            let mut out = String::from("|");
            for (i, (cell, width)) in line.iter().zip(&widths).enumerate() {
                // Numbers stand below each other.
                let right = (2..10).contains(&i) && n > 0;
                if right { write!(out, " {cell:>width$} |")? } else { write!(out, " {cell:<width$} |")? }
            }
            writeln!(f, "{out}")?;
            if n == 0 {
                let dashes: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
                writeln!(f, "| {} |", dashes.join(" | "))?;
            }
        }
        self.left_out.iter().try_for_each(|what| writeln!(f, "left out: {what}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_has_the_same_columns() {
        let row = Row::new("commands", "sqlite", 1234.5, "commands/s").beside(2000.0);
        let found = Found { rows: vec![row, Row::new("start", "postgres", 0.25, "s")], left_out: vec!["more".into()] };
        let text = found.to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5);
        assert!(
            lines[..4].iter().all(|line| line.matches('|').count() == 13 && line.len() == lines[0].len()),
            "{text}"
        );
        assert!(lines[2].contains("0.62"), "{text}");
        assert_eq!(lines[4], "left out: more");
    }
}
