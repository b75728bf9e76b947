//! One enforcement matter: what it is, what is proposed and why, its letters and its history.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use yanhe_core::matter::{self, Matter};
use yanhe_core::party::Party;
use yanhe_core::policy::{Act, Role};
use yanhe_core::scope::{Because, Kind, Source, Weight};
use yanhe_core::time::county_time;
use yanhe_core::values::{Document, DocumentKind, Money};
use yanhe_core::{Stream, StreamId, StreamKind, Timestamp};
use yanhe_store_read::Page;

use super::corrected;
use super::counter::counter_button;
use super::letters;
use super::listing::{self, Officers};
use super::matter_correct;
use super::matter_limits;
use super::matter_order;
use super::matter_told::{heard, masked_phone, proposed_anew, updated};
use crate::components::{
    Breadcrumb, Button, Cell, Column, Deadline, EmptyState, Link, Markup, Moment, Notice, NoticeKind, SummaryList,
    Table, Tag, Timeline, Tone,
};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Lang, Text, fill};

/// `GET /matter/KEY`.
pub fn router() -> Router<Site> {
    Router::new().route("/matter/{key}", get(show))
}

#[derive(Template)]
#[template(path = "pages/matter.html")]
struct MatterPage {
    t: &'static Text,
    title: String,
    state: Tag,
    summary: SummaryList,
    notice: Option<Notice>,
    acts: Vec<Button>,
    limits: Vec<Deadline>,
    proposal: Tag,
    entry: String,
    reasons_for: Vec<(String, String)>,
    reasons_against: Vec<(String, String)>,
    catalogue: String,
    harmed: Option<Markup>,
    facts: SummaryList,
    reporter: Option<Notice>,
    people: Table,
    papers: Table,
    dossiers: Vec<Link>,
    history: Timeline,
}

/// What is proposed for those whom a punished act harmed, beside what is proposed for the punished person.
#[derive(Template)]
#[template(
    source = r#"<h3>{{ t.matter.harmed_title }}</h3><p>{{ tag }} {{ dispute }}</p><div class="panel"><h4>{{ t.matter.reasons_for }}</h4><ul>{% for (reason, quote) in reasons_for %}<li>{{ reason }}<span class="second">{{ quote }}</span></li>{% endfor %}{% if reasons_for.is_empty() %}<li>{{ t.matter.no_reasons }}</li>{% endif %}</ul><h4>{{ t.matter.reasons_against }}</h4><ul>{% for (reason, quote) in reasons_against %}<li>{{ reason }}<span class="second">{{ quote }}</span></li>{% endfor %}{% if reasons_against.is_empty() %}<li>{{ t.matter.no_reasons }}</li>{% endif %}</ul></div>"#,
    ext = "html"
)]
struct HarmedPart {
    t: &'static Text,
    tag: Tag,
    dispute: String,
    reasons_for: Vec<(String, String)>,
    reasons_against: Vec<(String, String)>,
}

/// The stream of a key in an address.
///
/// # Errors
/// Not found, when it is no key.
pub fn stream_of(key: &str) -> Result<StreamId, Fault> {
    let stream = StreamId::new(StreamKind::Matter, key);
    StreamId::parse(stream.as_str()).ok_or_else(|| yanhe_app::AppError::NotFound.into())
}

async fn show(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    visitor.staff()?;
    let stream = stream_of(&key)?;
    let state = site.app.permit::<Matter>(&visitor.actor, Act::ReadMatter, &stream).await?;
    let (lang, t, today) = (visitor.lang(), visitor.lang().text(), site.app.today());
    let m = &state.matter;
    let sees = listing::sees_people(&visitor, &m.organ);

    let mut open = site.app.acts::<Matter>(&visitor.actor, &stream, &state, &Matter::OFFERED).await?;
    // One more who is affected may come up at any time: that is nobody's next step.
    let more = |act: Act| act == Act::EnterEntitled && state.entitled().is_some();
    open.sort_by_key(|act| match act {
        Act::WithdrawMatter => 2,
        act => u8::from(more(*act)),
    });
    let mut acts: Vec<Button> = open
        .iter()
        .enumerate()
        .map(|(n, act)| {
            let label = if more(*act) { t.matter.enter_more } else { lang.name("act", act.name()) };
            let href = match act {
                Act::RecordOralApplication => match state.all_entitled().next() {
                    Some((role, _)) => format!("/dossiers/new?matter={key}&who={role}"),
                    None => format!("/dossiers/new?matter={key}"),
                },
                act => format!("/matter/{key}/{}", act.name()),
            };
            match act {
                Act::WithdrawMatter => Button::warning(label).to(href),
                // What is not proposed can be done, and is not what is expected.
                Act::ConfirmLetter if !state.proposes() => Button::secondary(label).to(href),
                act if n == 0 && !more(*act) => Button::primary(label).to(href),
                _ => Button::secondary(label).to(href),
            }
        })
        .collect();
    // Each of those entitled may apply, also by word of mouth.
    if open.contains(&Act::RecordOralApplication) && sees {
        for (role, party) in state.all_entitled().skip(1) {
            let label = fill(t.matter.other_person, &[("name", party.name.text())]);
            acts.push(Button::secondary(label).to(format!("/dossiers/new?matter={key}&who={role}")));
        }
    }
    // Whoever may send letters prints the decision together with its own.
    let sends = matches!(visitor.actor.role, Role::Clerk | Role::Leader);
    if sends && (state.punished_letter().is_some() || state.decision.is_some() && !state.decision_voided) {
        acts.push(Button::secondary(super::decision::print_label(lang, &state)).to(format!("/matters/decision/{key}")));
    }

    // Whoever comes with a letter and has no phone signs in by a code from here.
    let standing: Vec<_> = state.letters.iter().filter(|(_, s)| *s != matter::LetterState::Voided).collect();
    for (letter, _) in &standing {
        let label = match standing.len() {
            1 => t.letter.counter_page.to_owned(),
            _ => format!("{} · {}", t.letter.counter_page, letter.to.name.text()),
        };
        acts.extend(counter_button(&visitor, &letter.paper.id, &letter.access, &label).filter(|_| sees));
    }

    let history = site.app.history::<Matter>(&stream).await?;
    let answered = matter_order::answered(&history);
    let reasons_of = |because: &yanhe_core::Personal<Vec<Because>>, weight: Weight| -> Vec<(String, String)> {
        let all = because.open().into_iter().flatten().filter(|b| b.weight == weight);
        all.map(|b| {
            let text = match lang {
                Lang::Zh => b.text_zh.clone(),
                Lang::En => b.text_en.clone().unwrap_or_else(|| b.text_zh.clone()),
            };
            let quote = match b.quote.as_str() {
                "" => String::new(),
                _ if !sees => String::new(),
                quote => fill(t.matter.quote, &[("quote", quote)]),
            };
            (text, quote)
        })
        .collect()
    };
    let reasons = |weight: Weight| reasons_of(&state.because, weight);
    let tag = |send: bool| match send {
        true => Tag::new(t.matter.proposal_send, Tone::Going),
        false => Tag::new(t.matter.proposal_none, Tone::Plain),
    };
    let harmed = state.harmed.as_ref().map(|harmed| {
        Markup::of(&HarmedPart {
            t,
            tag: tag(harmed.proposal.send),
            dispute: lang.name("dispute", matter::kind_name(harmed.proposal.kind)).to_owned(),
            reasons_for: reasons_of(&harmed.because, Weight::For),
            reasons_against: reasons_of(&harmed.because, Weight::Against),
        })
    });
    let opens = listing::opens(&visitor, StreamKind::Dossier, &m.organ, "");
    let dossiers = dossiers(&site, &state, opens).await?;
    let mut frame = visitor.frame(&site.app, m.number.as_str());
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.matters.title, "/matters")]);
    let page = MatterPage {
        t,
        title: m.number.clone(),
        state: super::matters::standing(lang, state.standing.name()),
        summary: SummaryList::new()
            .row(t.matter.source, lang.name("source", matter::source_name(m.source)))
            .row(t.common.organ, listing::body(&site, lang, &m.organ))
            .row(t.matter.occurred, lang.date(m.occurred_on)),
        notice: matter_order::own_due(lang, &state, answered, today),
        acts,
        limits: matter_limits::all(lang, &state, matter_limits::latest_case(&site, &state).await?.as_ref(), today),
        proposal: tag(state.proposal.send),
        harmed,
        entry: match &state.classified {
            Some(found) => classified_as(&site, lang, found),
            None => dispute_named(&site, lang, state.proposal.entry.as_deref(), state.proposal.kind),
        },
        reasons_for: reasons(Weight::For),
        reasons_against: reasons(Weight::Against),
        catalogue: fill(t.matter.catalogue, &[("version", &state.proposal.weighed.catalogue)]),
        facts: changed(&site, lang, &state, facts(lang, &state, answered, sees), sees).await?,
        reporter: m.reporter.then(|| Notice::new(lang, NoticeKind::Warn, t.matter.reporter)),
        people: people(lang, &state, sees),
        papers: papers(&site, &visitor, &stream, &state, sees).await?,
        dossiers,
        history: timeline(&site, lang, history, (sees, opens)).await?,
    };
    site::ok(frame.page(&page))
}

type History = Vec<(yanhe_store_read::views::journal::EntryView, matter::Event)>;

fn facts(lang: Lang, state: &matter::State, answered: Option<matter_order::Answered>, sees: bool) -> SummaryList {
    let t = lang.text();
    let m = &state.matter;
    let words = |text: &str| if sees { text.to_owned() } else { t.matter.hidden.to_owned() };
    let yuan = |fen: i64| Money::from_fen(fen).map_or_else(|_| String::new(), |m| format!("{m} {}", t.common.yuan));
    let result = if m.source == Source::Inspection { t.matter.result } else { t.matter.content };
    let mut list = SummaryList::new();
    let mut row = |key: &str, value: String| {
        if !value.is_empty() {
            list = std::mem::take(&mut list).row(key, value);
        }
    };
    row(t.matter.category, m.category.clone());
    row(t.matter.text, words(m.text.text()));
    if !m.result.text().is_empty() {
        row(result, words(m.result.text()));
    }
    if let Some(remark) = &m.remark {
        row(t.matter.remark, words(remark.text()));
    }
    if let Some(penalty) = &m.penalty {
        row(t.matter.fine, yuan(penalty.fine));
        row(t.matter.confiscation, yuan(penalty.confiscation));
        row(t.matter.licence, penalty.licence.clone().unwrap_or_default());
        row(t.matter.basis, penalty.basis.clone());
        let served = state.served_on.map_or_else(|| t.matter.served_unknown.to_owned(), |day| lang.date(day));
        row(t.matter.served_on, served);
    }
    row(t.matter.status, matter_order::standing(lang, state, answered));
    let origin = if m.origin == "form" { t.matter.origin_form.to_owned() } else { m.origin.clone() };
    list.row(t.matter.origin, origin)
}

/// An identity document with its middle hidden.
pub fn masked_document(lang: Lang, party: &Party) -> String {
    if let Some(code) = &party.credit_code {
        return code.clone();
    }
    let Some(number) = party.document.as_ref().and_then(|d| d.open()) else { return String::new() };
    let kind = party.document_kind.as_deref().and_then(|name| {
        DocumentKind::ALL.into_iter().find(|kind| serde_json::to_value(kind).is_ok_and(|value| value == name))
    });
    let document = match kind {
        Some(kind) => Document::parse(kind, number),
        None => Document::guess(number),
    };
    document.map_or_else(
        |_| "※".to_owned(),
        |document| {
            let kind = document.kind();
            let name = if lang == Lang::Zh { kind.name_zh() } else { kind.name_en() };
            format!("{name} {}", document.masked())
        },
    )
}

fn people(lang: Lang, state: &matter::State, sees: bool) -> Table {
    let t = lang.text();
    let columns = vec![
        Column::text(t.matter.role),
        Column::text(t.common.name),
        Column::text(t.matter.document),
        Column::text(t.common.phone),
        Column::text(t.common.address),
    ];
    let unnamed = state.matter.caller.iter().filter(|_| sees).map(|caller| {
        let phone = caller.phone.as_ref().map_or_else(String::new, |phone| masked_phone(phone.text()));
        let place = caller.address.as_ref().map_or("", |address| address.text());
        vec![lang.name("matter", "complainant").into(), t.matter.unnamed.into(), "".into(), phone.into(), place.into()]
    });
    let named = state.parties().map(|(role, party)| {
        let open = party.is_firm() || sees;
        let name = if open { party.name.text().to_owned() } else { listing::masked_name(party.name.text()) };
        let phone = party.phone_text().map(masked_phone);
        let address = party.address.as_ref().filter(|_| sees).map(|a| a.text().to_owned());
        vec![
            lang.name("matter", role).into(),
            name.into(),
            masked_document(lang, party).into(),
            phone.filter(|_| sees).unwrap_or_default().into(),
            address.unwrap_or_default().into(),
        ]
    });
    Table::new(lang, t.matter.people, columns).quiet().rows(named.chain(unnamed))
}

async fn papers(
    site: &Site,
    visitor: &Visitor,
    stream: &StreamId,
    state: &matter::State,
    sees: bool,
) -> Result<Table, Fault> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let columns = vec![
        Column::text(t.matter.paper),
        Column::text(t.matter.addressee),
        Column::text(t.common.state),
        Column::text(t.matter.channel),
        Column::text(t.matter.served),
        Column::press("PDF"),
    ];
    // Who reads open values only does not open papers either.
    let hidden = !sees && (!state.letters.is_empty() || state.decision.is_some());
    let empty = match hidden {
        true => EmptyState::new(t.matter.papers_hidden, t.matter.papers_hidden_text),
        false => EmptyState::new(t.matter.no_papers, t.matter.no_papers_text),
    };
    let mut table = Table::new(lang, t.matter.papers, columns).quiet().empty(empty);
    if !sees {
        return Ok(table);
    }
    let rows = site.app.reader.papers_of_matter(stream, &Page::first(listing::ROWS)).await?.rows;
    for row in &rows {
        let to = site.app.name(&row.stream, row.addressee.as_ref()).await?;
        let paper = Cell::link(letters::paper_name(site, lang, &row.kind), format!("/letters/{}", row.stream.key()));
        let date = row.date.map(|day| lang.date(day)).unwrap_or_default();
        let on = corrected::about(site, lang, rows.iter().find(|other| other.stream.as_str() == row.about));
        table = table.row(vec![
            paper.note(format!("{} {date} {on}", row.number).trim()),
            to.into(),
            Cell::tag(letters::state(lang, row)).note(corrected::mark(lang, row, &rows)),
            lang.name("channel", &row.channel).into(),
            row.served_on.map(|day| lang.date(day)).unwrap_or_default().into(),
            Cell::link(t.matter.open_pdf, format!("/paper/{}", row.stream.key())),
        ]);
    }
    Ok(table)
}

/// Beside the decision, the one by which an agreement changed it.
async fn changed(
    site: &Site,
    lang: Lang,
    state: &matter::State,
    mut facts: SummaryList,
    sees: bool,
) -> Result<SummaryList, Fault> {
    for stream in state.dossiers.iter().filter(|_| state.matter.source == Source::Penalty) {
        let case = site.app.state::<yanhe_core::dossier::Dossier>(stream).await?;
        if let Some(change) = case.and_then(|case| case.change) {
            let after = if sees { change.after.text() } else { lang.text().matter.hidden };
            let paper = format!("/paper/{}", change.paper.id.key());
            facts = facts.row(lang.text().dossier.changed_decision, Cell::link(change.paper.number, paper).note(after));
        }
    }
    Ok(facts)
}

/// The cases that came of it, each a link for those who may open it.
async fn dossiers(site: &Site, state: &matter::State, opens: bool) -> Result<Vec<Link>, Fault> {
    let mut out = Vec::new();
    for stream in &state.dossiers {
        let number = site.app.reader.dossier(stream).await?.map(|row| row.number).unwrap_or_default();
        out.push(Link::new(number, if opens { format!("/dossier/{}", stream.key()) } else { String::new() }));
    }
    Ok(out)
}

/// A dispute by the name of its entry in the scope catalogue and of its kind.
pub fn dispute_named(site: &Site, lang: Lang, entry: Option<&str>, kind: Kind) -> String {
    let entry = entry.and_then(|id| site.app.pack.scope.entry_name(id));
    let entry = entry.map_or("", |(zh, en)| if lang == Lang::Zh { zh } else { en });
    let kind = lang.name("dispute", matter::kind_name(kind));
    [entry, kind].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// What the clerk found the dispute to be, beside what was proposed.
fn classified_as(site: &Site, lang: Lang, found: &matter::Classified) -> String {
    let proposed = dispute_named(site, lang, found.proposed_entry.as_deref(), found.proposed);
    let found = dispute_named(site, lang, found.entry.as_deref(), found.kind);
    fill(lang.text().matter.classified, &[("found", &found), ("proposed", &proposed)])
}

async fn timeline(site: &Site, lang: Lang, history: History, (sees, opens): (bool, bool)) -> Result<Timeline, Fault> {
    let t = lang.text();
    let mut officers = Officers::default();
    let mut moments = Vec::new();
    let mut now: Option<matter::State> = None;
    for (entry, event) in history {
        let at = Timestamp::from_microsecond(entry.at).unwrap_or_default();
        let before = now.as_ref().map(|state| state.matter.clone());
        let after = Matter::apply(now.take(), &event, at);
        let said = |reason: &yanhe_core::Personal<String>| match reason.text() {
            "" => String::new(),
            _ if !sees => t.matter.hidden.to_owned(),
            reason => fill(t.matter.reason_given, &[("reason", reason)]),
        };
        let mut moment = Moment { when: lang.time(county_time(at)), ..Moment::default() };
        moment.who = officers.name(site, lang, &entry.actor).await?;
        let pdf = |paper: &yanhe_core::PaperRef| {
            Link::new(
                format!("{} {}", letters::paper_name(site, lang, &paper.kind), paper.number),
                format!("/paper/{}", paper.id.key()),
            )
        };
        match &event {
            matter::Event::MatterRegistered { matter, .. } => {
                moment.title = t.matter.recorded.to_owned();
                moment.text =
                    if matter.origin == "form" { t.matter.origin_form.to_owned() } else { matter.origin.clone() };
            }
            matter::Event::MatterUpdated { taken_back, .. } => {
                moment.title = if taken_back.is_some() { t.matter.set_back } else { t.matter.updated }.to_owned();
                let why = taken_back.as_ref().map(said).unwrap_or_default();
                moment.text = [updated(lang, before.as_ref(), &after.matter, sees), why].join(" ").trim().to_owned();
            }
            matter::Event::MatterWithdrawn { reason } => {
                moment.title = t.matter.withdrawn.to_owned();
                moment.text = reason.as_ref().map(said).unwrap_or_default();
                moment.tone = Tone::Bad;
            }
            matter::Event::DecisionIssued { decided } => {
                moment.title = t.matter.decision_issued.to_owned();
                moment.text = heard(lang, &decided.hearing, sees);
                moment.tone = Tone::Going;
                if sees {
                    moment.links = vec![pdf(&decided.paper)];
                }
            }
            matter::Event::DecisionVoided { .. } => {
                moment.title = t.matter.decision_voided.to_owned();
                moment.tone = Tone::Bad;
            }
            matter::Event::DecisionServed { on, .. } => {
                moment.title = fill(t.matter.decision_served, &[("date", &lang.date(*on))]);
            }
            matter::Event::DecisionUnserved {} => {
                moment.title = t.matter.decision_unserved.to_owned();
                moment.tone = Tone::Bad;
            }
            matter::Event::LimitsCounted { before, on, .. } => {
                moment.title = t.matter.limits_counted.to_owned();
                let days = [("before", lang.date(*before)), ("after", lang.date(*on))];
                moment.text = fill(t.matter.counted_from, &days.each_ref().map(|(name, day)| (*name, day.as_str())));
            }
            matter::Event::CorrectionAsked { correction } => {
                moment.title = lang.name("dossier_event", "correction_asked").to_owned();
                moment.text = if sees { matter_correct::noted(lang, correction) } else { t.matter.hidden.to_owned() };
            }
            matter::Event::FactCorrected { proposed, .. } => {
                moment.title = lang.name("dossier_event", "fact_corrected").to_owned();
                moment.text = proposed_anew(lang, proposed.as_deref(), sees);
            }
            matter::Event::CorrectionRefused { reason, .. } => {
                moment.title = lang.name("dossier_event", "correction_refused").to_owned();
                moment.text = said(reason);
            }
            matter::Event::EntitledEntered { party, proposed } => {
                moment.title = t.matter.entitled_entered.to_owned();
                let name = if sees { party.name.text() } else { "" };
                moment.text = [name, &proposed_anew(lang, proposed.as_deref(), sees)].join(" ").trim().to_owned();
            }
            matter::Event::LettersIssued { letters, reason, classified, .. } => {
                moment.title = t.matter.letters_issued.to_owned();
                let found = classified.as_ref().map_or_else(String::new, |found| classified_as(site, lang, found));
                moment.text = [found, said(reason)].join(" ").trim().to_owned();
                moment.tone = Tone::Going;
                if sees {
                    moment.links = letters.iter().map(|letter| pdf(&letter.paper)).collect();
                }
            }
            matter::Event::LetterDeclined { reason } => {
                moment.title = t.matter.letter_declined.to_owned();
                moment.text = said(reason);
            }
            matter::Event::LetterNoted { state, on, .. } => {
                let state = serde_json::to_value(state).unwrap_or_default();
                let state = lang.name("paper_state", state.as_str().unwrap_or_default());
                moment.title = fill(t.matter.letter_noted, &[("state", state)]);
                moment.text = lang.date(*on);
                moment.tone = Tone::Good;
            }
            matter::Event::DisputeApplied { dossier } => {
                moment.title = t.matter.dispute_applied.to_owned();
                let case = || Link::new(t.matter.to_dossier, format!("/dossier/{}", dossier.key()));
                moment.links = opens.then(case).into_iter().collect();
                moment.tone = Tone::Good;
            }
            matter::Event::OrderReplied { paper, .. } => {
                moment.title = t.matter.order_replied.to_owned();
                if sees {
                    moment.links = vec![pdf(paper)];
                }
            }
        }
        moments.push(moment);
        now = Some(after);
    }
    Ok(Timeline { moments })
}
