//! What a notice on a paper would say, before somebody approves it, and the fields of those who ask for one.

use yanhe_core::paper::{self, Asked, Wanted};
use yanhe_core::policy::Act;

use super::listing::choices;
use crate::components::{Choice, Field, SummaryList, Width};
use crate::text::{Lang, fill};

/// The day of a service, with its time when that was written down; of a public notice also the day on which it counts.
pub fn day_and_time(lang: Lang, service: &paper::Service) -> String {
    if let Some(deemed) = &service.deemed {
        let counts = fill(lang.text().confirmation.deemed_on, &[("day", &lang.date(deemed.last_day))]);
        return lang.list(&[&lang.date(service.on), &counts]);
    }
    match service.at {
        Some(at) => lang.time(service.on.to_datetime(at)),
        None => lang.date(service.on),
    }
}

/// What is asked for, in a line.
pub fn wanted(lang: Lang, asked: &Asked) -> String {
    let act = match asked.what {
        Wanted::Void => Act::VoidPaper,
        Wanted::Correct { .. } => Act::CorrectPaper,
        Wanted::Service { .. } => Act::CorrectService,
    };
    lang.name("act", act.name()).to_owned()
}

/// What is asked for, by whom and why, for whoever decides on it.
pub fn summary(lang: Lang, asked: &Asked, by: &str) -> SummaryList {
    let t = &lang.text().letters;
    let mut summary = SummaryList::new().row(t.asked_what, wanted(lang, asked));
    if let Some((before, after)) = asked.what.change() {
        summary = summary.row(t.before, before.text()).row(t.after, after.text());
    }
    summary.row(lang.name("label", "reason"), asked.reason.text()).row(t.asked_by, by)
}

/// Who received it, or who saw that it was left behind.
pub fn receiver(lang: Lang, service: &paper::Service) -> String {
    match service.is_left() {
        true => fill(lang.text().letters.witnessed, &[("name", service.receiver.text())]),
        false => service.receiver.text().to_owned(),
    }
}

/// The field for who saw that a paper was left behind.
pub fn witness(lang: Lang) -> Field {
    Field::text(lang, "witness", lang.name("label", "witness")).hint(lang.text().letters.witness_hint).optional()
}

/// The attempts that were recorded, for whoever corrects one.
pub fn attempts(lang: Lang, state: &paper::State) -> Vec<Choice> {
    let t = &lang.text().letters;
    let said = |service: &paper::Service| {
        let result = if service.served { t.arrived } else { t.failed };
        let [when, manner] = [day_and_time(lang, service), lang.name("manner", &service.manner).to_owned()];
        let receiver = receiver(lang, service);
        let words = [when.as_str(), &manner, result, &receiver, service.note.text()];
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    state.own_attempts().map(|service| Choice::new(service.proof.id.key(), said(service))).collect()
}

/// The fields that say how a paper was served; nothing is chosen beforehand. What is left out where it was never served is
/// optional.
pub fn fields(lang: Lang, results: Vec<Choice>, result: &str, optional: bool) -> Vec<Field> {
    let t = &lang.text().letters;
    let fields = [
        Field::select(lang, "manner", lang.name("label", "manner"), choices(lang, "manner", &paper::MANNERS))
            .width(Width::Medium),
        Field::date(lang, "on", t.serve_on),
    ];
    let mut out = vec![Field::radio(lang, "served", result, results)];
    out.extend(fields.into_iter().map(|field| if optional { field.optional() } else { field }));
    out.extend([
        Field::text(lang, "at", t.serve_at).hint(t.serve_at_hint).width(Width::Short).optional(),
        Field::text(lang, "receiver", t.serve_receiver).hint(t.serve_receiver_hint).optional(),
        witness(lang),
        Field::text(lang, "note", t.note).hint(t.serve_note_hint).optional(),
    ]);
    out
}

/// A box to tick where nothing says that a paper ever left the house.
pub fn handed(lang: Lang, said: &str) -> Field {
    let t = &lang.text().letters;
    Field::checkbox(lang, "handed", said, vec![Choice::new("yes", t.handed)]).hint(t.unsent_hint)
}

/// Did this paper leave the house, as far as anybody noted? What the court serves, its clerk hands over.
pub fn unsent(state: &paper::State) -> bool {
    state.sent.is_empty() && !state.issued.channel.is_empty() && !state.issued.paper.kind.starts_with("ruling_")
}
