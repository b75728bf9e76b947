//! Approved corrections of what a case knows, for those who have papers with the old text in their hands: the organ, to
//! write the notices; the court and the parties, to know what is right.

use yanhe_core::correction::Correction;
use yanhe_core::dossier::{Dossier, Event, KNOWN, State, everybody};
use yanhe_core::paper::{self, Paper};
use yanhe_core::policy::{self, Act, Actor, Role, Subject};
use yanhe_core::time::county_time;
use yanhe_core::values::DocumentKind;
use yanhe_core::{PersonId, StreamId, StreamKind, Timestamp};
use yanhe_store_read::Page;
use yanhe_store_read::views::paper::PaperView;

use super::dossier_forms::case::{Case, pick};
use super::letters::paper_name;
use super::listing::Officers;
use crate::components::{Cell, Column, Table};
use crate::site::{Fault, Site, Visitor};
use crate::text::{Lang, fill};

/// A correction that took effect.
#[derive(Clone, Debug)]
pub struct Approved {
    /// Its place among the corrections of its case.
    place: usize,
    correction: Correction,
    /// When, in microseconds.
    at: i64,
}

/// The corrections of a case that took effect, in their order, and when the agreement was issued.
async fn approved(site: &Site, dossier: &StreamId, state: &State) -> Result<(Vec<Approved>, i64), Fault> {
    let (mut found, mut issued) = (Vec::new(), i64::MAX);
    if state.corrections.is_empty() {
        return Ok((found, issued));
    }
    for (entry, event) in site.app.history::<Dossier>(dossier).await? {
        match event {
            Event::AgreementIssued { .. } => issued = entry.at,
            Event::FactCorrected { correction, .. } => {
                let place = usize::try_from(correction).unwrap_or(usize::MAX);
                let known = state.corrections.get(place).cloned();
                found.extend(known.map(|correction| Approved { place, correction, at: entry.at }));
            }
            _ => {}
        }
    }
    Ok((found, issued))
}

/// Corrections of what the papers say of the parties, approved since the agreement was issued: its paper, and those made
/// from it, bear the old text.
///
/// # Errors
/// When the database fails.
pub async fn since_agreement(site: &Site, dossier: &StreamId, state: &State) -> Result<Vec<Approved>, Fault> {
    let (mut all, issued) = approved(site, dossier, state).await?;
    all.retain(|one| one.at > issued && one.correction.field.contains('/'));
    Ok(all)
}

impl Approved {
    /// Is it one that this party may read? A name is everybody's, an address its owner's.
    pub fn is_for(&self, person: &PersonId) -> bool {
        self.correction.field.starts_with("name/") || self.correction.before.of == *person
    }

    /// What is corrected: of whom, by the name of now, and which value.
    fn what(&self, lang: Lang, state: &State) -> String {
        let mut parts = self.correction.field.split('/');
        let (part, n, kind) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
        let party = n.and_then(|n| everybody(state).nth(n.parse().ok()?)).map_or("", |(_, p)| p.name.text());
        let value = match kind.and_then(DocumentKind::by_key) {
            Some(kind) => pick(lang, kind.name_zh(), kind.name_en()),
            None => lang.name("label", part),
        };
        format!("{party} {value}").trim().to_owned()
    }

    fn day(&self, lang: Lang) -> String {
        lang.date(county_time(Timestamp::from_microsecond(self.at).unwrap_or_default()).date())
    }
}

/// Corrections as a table: before, after, when, by whom.
///
/// # Errors
/// When the database fails.
pub async fn table(site: &Site, lang: Lang, state: &State, corrections: &[Approved]) -> Result<Table, Fault> {
    let t = lang.text();
    let mut officers = Officers::default();
    let mut rows = Vec::with_capacity(corrections.len());
    for one in corrections {
        let correction = &one.correction;
        let by = officers.name(site, lang, correction.approver.as_deref().unwrap_or_default()).await?;
        rows.push(vec![
            one.what(lang, state).into(),
            correction.before.text().into(),
            Cell::text(correction.after.text()),
            Cell::text(one.day(lang)).note(by),
        ]);
    }
    let columns = vec![
        Column::text(t.dossier_form.correct_what),
        Column::text(lang.name("label", "before")),
        Column::text(lang.name("label", "after")),
        Column::text(t.corrected.approved),
    ];
    Ok(Table::new(lang, t.corrected.title, columns).rows(rows))
}

/// In a list of papers: that one of them was corrected by a notice, which the list has, too.
pub fn mark(lang: Lang, paper: &PaperView, all: &[PaperView]) -> &'static str {
    let [correction, _] = paper::NOTICES;
    let noticed = all.iter().any(|notice| notice.kind == correction && notice.about == paper.stream.as_str());
    if noticed { lang.text().corrected.by_notice } else { "" }
}

/// On which paper a notice is.
pub fn about(site: &Site, lang: Lang, paper: Option<&PaperView>) -> String {
    paper.map_or_else(String::new, |paper| {
        let name = paper_name(site, lang, &paper.kind);
        fill(lang.text().corrected.about, &[("name", name), ("number", &paper.number)])
    })
}

/// Does a paper of this kind say this of a party, or of the dispute?
fn carries(kind: &str, field: &str) -> bool {
    // The application with all that it says, and what repeats who the parties are.
    const APPLICATIONS: [&str; 2] = ["application", "oral_application"];
    const PARTIES: [&str; 4] = ["agreement", "confirmation_application", "service_address", "identity_proof"];
    match field.split_once('/') {
        Some(("name", _)) => !paper::NOTICES.contains(&kind) && kind != "proof_of_service",
        Some(_) => APPLICATIONS.contains(&kind) || PARTIES.contains(&kind),
        // Papers say its last days and not the day itself.
        None if field == KNOWN => false,
        None => APPLICATIONS.contains(&kind) || kind == "consent_letter",
    }
}

/// The papers of a case that were issued before a correction took effect, still say what it corrects, and of which no
/// notice has said so yet; each with the press that writes the notice, or with who writes it. Nothing when there are none.
///
/// # Errors
/// When the database fails.
pub async fn outdated(case: &Case, papers: &[PaperView]) -> Result<Option<Table>, Fault> {
    let (site, lang, t) = (&case.site, case.lang, case.lang.text());
    let (corrections, _) = approved(site, &case.stream, &case.state).await?;
    if corrections.is_empty() {
        return Ok(None);
    }
    let court = StreamId::new(StreamKind::Confirmation, case.stream.key());
    let joint = match case.state.confirmation {
        Some(_) => site.app.reader.papers_about(&court, &Page::first(100)).await?.rows,
        None => Vec::new(),
    };
    let mut rows = Vec::new();
    for row in papers.iter().chain(&joint).filter(|row| row.state != "voided") {
        let on = |one: &&Approved| carries(&row.kind, &one.correction.field);
        if !corrections.iter().any(|one| on(&one)) {
            continue;
        }
        let Some(state) = site.app.state::<Paper>(&row.stream).await? else { continue };
        let issued = site.app.reader.entries_of(&row.stream, 0).await?.first().map_or(i64::MAX, |entry| entry.at);
        for one in corrections.iter().filter(on).filter(|one| issued < one.at && !is_noticed(&state, &one.correction)) {
            rows.push(line(case, row, one));
        }
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let columns = vec![
        Column::text(t.dossier.paper),
        Column::text(t.common.date),
        Column::text(t.dossier_form.correct_what),
        Column::text(t.corrected.notice),
    ];
    Ok(Some(Table::new(lang, t.corrected.outdated, columns).rows(rows)))
}

/// Has a notice on the paper said this already?
fn is_noticed(paper: &paper::State, correction: &Correction) -> bool {
    let says = |(before, after): &(yanhe_core::Personal<String>, yanhe_core::Personal<String>)| {
        before.text() == correction.before.text() && after.text() == correction.after.text()
    };
    paper.corrections.iter().filter_map(|notice| notice.change.as_ref()).any(says)
}

fn line(case: &Case, row: &PaperView, one: &Approved) -> Vec<Cell> {
    let (lang, pack) = (case.lang, &case.site.app.pack);
    let t = &lang.text().corrected;
    let name = pick(lang, pack.paper_name(&row.kind), pack.paper_name_en(&row.kind));
    let change = [("before", one.correction.before.text()), ("after", one.correction.after.text())];
    let key = row.stream.key();
    // A leader approves, and nobody approves their own: where there is one leader, a notice of theirs would wait for ever.
    let writes = case.actor.role != Role::Leader && may(&case.actor, Act::CorrectPaper, row);
    let press = if writes {
        Cell::link(t.write, format!("/paper/{key}/{}?correction={}", Act::CorrectPaper.name(), one.place))
    } else if row.issuer == case.state.organ {
        Cell::text(t.clerk_writes)
    } else {
        Cell::text(t.court_writes)
    };
    vec![
        Cell::link(format!("{name} (PDF)"), format!("/paper/{key}")).note(row.number.clone()),
        row.date.map_or_else(String::new, |on| lang.date(on)).into(),
        Cell::text(one.what(lang, &case.state)).note(fill(lang.text().dossier_form.change, &change)),
        press,
    ]
}

/// May somebody do this to a paper at all?
pub fn may(actor: &Actor, act: Act, row: &PaperView) -> bool {
    let subject = Subject { organ: row.issuer.clone(), court: row.issuer.clone(), ..Subject::default() };
    policy::may(actor, act, &subject).is_ok()
}

/// The approved correction of the case behind a paper that its notice is to say; none where there is none of this place.
///
/// # Errors
/// Not allowed, or the database fails.
pub async fn of_paper(
    site: &Site,
    visitor: &Visitor,
    paper: &paper::State,
    place: usize,
) -> Result<Option<Correction>, Fault> {
    let about = &paper.issued.about;
    if !matches!(about.kind(), StreamKind::Dossier | StreamKind::Confirmation) {
        return Ok(None);
    }
    let dossier = StreamId::new(StreamKind::Dossier, about.key());
    let case = site.app.permit::<Dossier>(&visitor.actor, Act::ReadDossier, &dossier).await?;
    let found = case.corrections.get(place).filter(|c| c.approver.is_some() && c.refused.is_none());
    Ok(found.cloned())
}
