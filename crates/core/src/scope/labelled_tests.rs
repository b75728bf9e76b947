//! The labelled half year, measured: with the whole catalogue, with the words of each kind left out, and, together with the new
//! wording, with each rule left out.
//!
//! `testdata/2022H1.tsv` holds the good rows of `demo/` with their labels, one matter a line, so that this crate
//! needs no reader of spreadsheets.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use super::new_wording_tests::rows as new_wording;
use super::{Catalogue, Kind, MatterText, PenaltyFacts, Proposal, Source, propose};

pub(super) const PACK: &str = include_str!("../../../../packs/haiyan/scope.toml");
const ROWS: &str = include_str!("testdata/2022H1.tsv");
const LABELS: &str = include_str!("../../../../demo/labels/2022H1.csv");
const REPORT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/generated/scope-report.md");

pub(super) struct Labelled {
    pub number: String,
    pub label: String,
    pub send: bool,
    pub matter: MatterText,
}

pub(super) fn catalogue() -> &'static Catalogue {
    static PARSED: LazyLock<Catalogue> =
        LazyLock::new(|| Catalogue::parse(PACK).expect("the pack's catalogue is good"));
    &PARSED
}

pub(super) fn labelled() -> Vec<Labelled> {
    ROWS.lines().skip(1).map(read).collect()
}

fn read(line: &str) -> Labelled {
    let cell: Vec<&str> = line.split('\t').collect();
    let given = |i: usize| Some(cell[i].to_owned()).filter(|c| !c.is_empty());
    let source = match cell[2] {
        "penalty" => Source::Penalty,
        "inspection" => Source::Inspection,
        _ => Source::Complaint,
    };
    let penalty = (source == Source::Penalty).then(|| PenaltyFacts {
        fine_fen: cell[11].parse().expect("a fine in fen"),
        confiscation_fen: cell[12].parse().expect("a confiscation in fen"),
        licence_suspended_or_revoked: cell[13] == "1",
    });
    Labelled {
        number: cell[3].to_owned(),
        label: cell[1].to_owned(),
        send: cell[0] == "1",
        matter: MatterText {
            source,
            organ_name: cell[4].to_owned(),
            kind: cell[5].to_owned(),
            text: cell[6].to_owned(),
            complainant_named: cell[7] == "1",
            against: given(8),
            affected: given(9),
            subject_is_organisation: cell[10] == "1",
            penalty,
            status: String::new(),
        },
    }
}

#[derive(Default)]
struct Count {
    sent_right: u32,
    sent_wrong: u32,
    missed: u32,
    withheld_right: u32,
}

impl Count {
    fn of(catalogue: &Catalogue, rows: &[&Labelled]) -> Count {
        let mut count = Count::default();
        for row in rows {
            let place = match (row.send, propose(catalogue, &row.matter).send) {
                (true, true) => &mut count.sent_right,
                (false, true) => &mut count.sent_wrong,
                (true, false) => &mut count.missed,
                (false, false) => &mut count.withheld_right,
            };
            *place += 1;
        }
        count
    }

    fn precision(&self) -> f64 {
        f64::from(self.sent_right) / f64::from((self.sent_right + self.sent_wrong).max(1))
    }

    fn recall(&self) -> f64 {
        f64::from(self.sent_right) / f64::from((self.sent_right + self.missed).max(1))
    }
}

/// The entries and rules that carry a kind of label: all that any of its rows rests on.
fn carriers(catalogue: &Catalogue, rows: &[&Labelled]) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for row in rows {
        let Proposal { entry, weighed, .. } = propose(catalogue, &row.matter);
        if row.send {
            ids.extend(entry);
        } else {
            ids.extend(weighed.rules.into_iter().filter(|id| catalogue.excludes(id)));
        }
    }
    ids
}

fn report(catalogue: &Catalogue, rows: &[Labelled]) -> String {
    let all: Vec<&Labelled> = rows.iter().collect();
    let mut out = String::from(
        "# Scope matching, measured\n\nMade by the tests of `crates/core/src/scope`; the labels are `demo/labels/2022H1.csv`.\n\n\
         | trigger | rows | sent right | sent wrong | missed | withheld right | precision | recall |\n\
         | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    let by_source = |s: Source| rows.iter().filter(|r| r.matter.source == s).collect::<Vec<_>>();
    for (name, part) in [
        ("all", all),
        ("penalty", by_source(Source::Penalty)),
        ("inspection", by_source(Source::Inspection)),
        ("complaint", by_source(Source::Complaint)),
    ] {
        let c = Count::of(catalogue, &part);
        let _ = writeln!(
            out,
            "| {name} | {} | {} | {} | {} | {} | {:.3} | {:.3} |",
            part.len(),
            c.sent_right,
            c.sent_wrong,
            c.missed,
            c.withheld_right,
            c.precision(),
            c.recall()
        );
    }
    letter_kinds(&mut out, catalogue, rows);
    kinds_left_out(&mut out, catalogue, rows);
    rules_left_out(&mut out, catalogue, rows);
    out
}

/// How the letters that are due are worded: of whose dispute, by the label and by the proposal.
fn letter_kinds(out: &mut String, catalogue: &Catalogue, rows: &[Labelled]) {
    out.push_str(
        "\n## Kind of the letter\n\nOf the letters that are due. In the half year a penalty is disputed with the organ, and every other \
         dispute is private; the new wording is labelled row by row.\n\n\
         | rows | labelled | proposed civil | proposed administrative | none proposed |\n\
         | --- | --- | ---: | ---: | ---: |\n",
    );
    let by_source = |matter: &MatterText| match matter.source {
        Source::Penalty => Kind::Administrative,
        Source::Inspection | Source::Complaint => Kind::Civil,
    };
    let half_year: Vec<(MatterText, Kind)> =
        rows.iter().filter(|row| row.send).map(|row| (row.matter.clone(), by_source(&row.matter))).collect();
    let new: Vec<(MatterText, Kind)> =
        new_wording().into_iter().filter(|row| row.send).map(|row| (row.matter, row.kind)).collect();
    for (name, part) in [("half year", half_year), ("new wording", new)] {
        for (label, kind) in [("civil", Kind::Civil), ("administrative", Kind::Administrative)] {
            let due = part.iter().filter(|(_, labelled)| *labelled == kind);
            let proposed: Vec<Kind> = due.map(|(matter, _)| propose(catalogue, matter).kind).collect();
            let count = |kind: Kind| proposed.iter().filter(|k| **k == kind).count();
            let _ = writeln!(
                out,
                "| {name} | {label} | {} | {} | {} |",
                count(Kind::Civil),
                count(Kind::Administrative),
                count(Kind::None)
            );
        }
    }
}

/// The catalogue without some of its rules.
fn without(catalogue: &Catalogue, ids: &BTreeSet<String>) -> Catalogue {
    ids.iter().fold(catalogue.clone(), |rest, id| rest.without(id))
}

fn joined(ids: BTreeSet<String>) -> String {
    ids.into_iter().collect::<Vec<_>>().join(", ")
}

fn kinds_left_out(out: &mut String, catalogue: &Catalogue, rows: &[Labelled]) {
    out.push_str(
        "\n## With each kind left out\n\nFor a kind that gets a letter, the entries its rows rest on are taken out of the catalogue with all \
         their words, then every entry at once: only roles, demand and stage are left. For a reason against, what its rows rest on is \
         taken out; what then still holds them back is named, as far as it is a rule; then everything that speaks against a letter is \
         taken out at once, and what is left rests on nobody being affected or nothing being demanded.\n\n\
         | kind or reason | rows | letter due | left out | right without it | then held by | right without all |\n\
         | --- | ---: | :---: | --- | ---: | --- | ---: |\n",
    );
    let (against, others): (BTreeSet<String>, BTreeSet<String>) =
        catalogue.rules().into_iter().partition(|id| catalogue.excludes(id));
    let entries: BTreeSet<String> = catalogue.entries().map(str::to_owned).collect();
    assert!(entries.is_subset(&others));
    let (no_entry, no_reason) = (without(catalogue, &entries), without(catalogue, &against));
    let mut kinds: BTreeMap<(&str, bool), Vec<&Labelled>> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.matter.source != Source::Penalty) {
        kinds.entry((&row.label, row.send)).or_default().push(row);
    }
    for ((label, send), rows) in kinds {
        let left_out = carriers(catalogue, &rows);
        let rest = without(catalogue, &left_out);
        let right = |c: &Catalogue| rows.iter().filter(|r| propose(c, &r.matter).send == r.send).count();
        let (due, all) = if send { ("yes", &no_entry) } else { ("no", &no_reason) };
        let held = if send { BTreeSet::new() } else { carriers(&rest, &rows) };
        let _ = writeln!(
            out,
            "| {label} | {n} | {due} | {} | {}/{n} | {} | {}/{n} |",
            joined(left_out),
            right(&rest),
            joined(held),
            right(all),
            n = rows.len(),
        );
    }
}

/// For every rule that decides anything: the rows that are decided wrongly when it is gone.
fn rules_left_out(out: &mut String, catalogue: &Catalogue, rows: &[Labelled]) {
    out.push_str(
        "\n## With each rule left out\n\nRows of the half year, and of the new wording (by part of which the rules were mended after it was \
         measured), which are decided right with the whole catalogue and wrongly when one rule is taken out of it with all its \
         words. A rule that loses nothing is not listed: others hold its rows.\n\n\
         | rule | half year: sent wrong | missed | new wording: sent wrong | missed |\n\
         | --- | ---: | ---: | ---: | ---: |\n",
    );
    let half_year: Vec<(MatterText, bool)> = rows.iter().map(|r| (r.matter.clone(), r.send)).collect();
    let new: Vec<(MatterText, bool)> = new_wording().into_iter().map(|row| (row.matter, row.send)).collect();
    let proposed = |rows: &[(MatterText, bool)]| -> Vec<Proposal> {
        rows.iter().map(|(matter, _)| propose(catalogue, matter)).collect()
    };
    let parts = [(&half_year, proposed(&half_year)), (&new, proposed(&new))];
    for id in catalogue.rules() {
        let rest = catalogue.without(&id);
        let lost = parts.each_ref().map(|(rows, with)| {
            let mut lost = [0_u32; 2];
            for ((matter, send), with) in rows.iter().zip(with).filter(|((_, send), with)| with.send == *send) {
                // Only what rests on a rule can be lost with it.
                let rests = with.weighed.rules.contains(&id) || with.entry.as_ref() == Some(&id);
                if rests && propose(&rest, matter).send != *send {
                    lost[usize::from(*send)] += 1;
                }
            }
            lost
        });
        let [[wrong, missed], [new_wrong, new_missed]] = lost;
        if lost != [[0; 2]; 2] {
            let _ = writeln!(out, "| {id} | {wrong} | {missed} | {new_wrong} | {new_missed} |");
        }
    }
}

#[test]
fn precision_and_recall_on_the_labelled_half_year_are_at_least_097() {
    let (catalogue, rows) = (catalogue(), labelled());
    let wrong: Vec<&str> =
        rows.iter().filter(|r| propose(catalogue, &r.matter).send != r.send).map(|r| r.number.as_str()).collect();
    let count = Count::of(catalogue, &rows.iter().collect::<Vec<_>>());
    assert!(count.precision() >= 0.97 && count.recall() >= 0.97, "wrong: {wrong:?}");
}

#[test]
fn the_rows_carry_the_labels_of_the_demo() {
    let rows = labelled();
    let labels: BTreeMap<&str, (&str, &str)> = LABELS
        .trim_start_matches('\u{feff}')
        .lines()
        .skip(1)
        .filter_map(|l| match l.trim_end().split(',').collect::<Vec<_>>().as_slice() {
            [_, number, _, send, label] => Some((*number, (*send, *label))),
            _ => None,
        })
        .collect();
    assert_eq!(rows.len(), labels.len());
    for row in &rows {
        let (send, label) = labels[row.number.as_str()];
        assert_eq!((row.send, row.label.as_str()), (send == "1", label), "{}", row.number);
    }
}

#[test]
fn a_dispute_is_seen_when_no_entry_names_it() {
    let catalogue = catalogue();
    let ids = catalogue.entries().map(str::to_owned).collect::<Vec<_>>();
    let bare = ids.iter().fold(catalogue.clone(), |c, id| c.without(id));
    let rows = labelled();
    let due: Vec<&Labelled> = rows.iter().filter(|r| r.send && r.matter.source != Source::Penalty).collect();
    let count = Count::of(&bare, &due);
    assert!(count.recall() >= 0.9, "recall without any entry is {}", count.recall());
}

/// Set `YANHE_WRITE_GENERATED` to write the file anew after a change of the catalogue.
#[test]
fn the_committed_report_is_what_the_catalogue_gives() {
    let made = report(catalogue(), &labelled());
    println!("{made}");
    if std::env::var_os("YANHE_WRITE_GENERATED").is_some() {
        std::fs::write(REPORT, &made).expect("the report can be written");
    }
    let committed = std::fs::read_to_string(REPORT).expect("the report is committed");
    assert!(committed == made, "docs/generated/scope-report.md is old; the new one is printed above");
}
