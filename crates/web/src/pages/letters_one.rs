//! One paper that goes to somebody: where it stands, its services, its notices, its history.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use yanhe_app::{AppError, dashed};
use yanhe_core::mark::SEAL;
use yanhe_core::paper::{self, Paper};
use yanhe_core::policy::Act;
use yanhe_core::time::county_time;
use yanhe_core::{StreamId, Timestamp};
use yanhe_store_read::views::journal::EntryView;

use super::counter::{counter_button, kind_of};
use super::letters::{self, paper_name};
use super::listing::Officers;
use super::served_notice;
use crate::components::{
    Breadcrumb, Button, Cell, Column, EmptyState, Link, Moment, SummaryList, Table, Tag, Timeline, Tone,
};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Lang, Text, fill};

/// `GET /letters/KEY`.
pub fn router() -> Router<Site> {
    Router::new().route("/letters/{key}", get(one))
}

#[derive(Template)]
#[template(path = "pages/letters_one.html")]
struct LetterPage {
    t: &'static Text,
    title: String,
    state: Tag,
    summary: SummaryList,
    buttons: Vec<Button>,
    /// None of a paper that goes to nobody.
    services: Option<Table>,
    notices: Vec<(Link, String)>,
    history: Timeline,
}

/// The acts on a paper, in the order in which its page offers them.
pub const OFFERED: [Act; 8] = [
    Act::RecordService,
    Act::DispatchPaper,
    Act::WithdrawNotice,
    Act::ApproveNotice,
    Act::RefuseNotice,
    Act::CorrectService,
    Act::CorrectPaper,
    Act::VoidPaper,
];

async fn one(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    visitor.staff()?;
    let stream = StreamId::parse(&format!("paper/{key}")).ok_or(AppError::NotFound)?;
    let state = site.app.permit::<Paper>(&visitor.actor, Act::ReadPaper, &stream).await?;
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let issued = &state.issued;
    let open = site.app.acts::<Paper>(&visitor.actor, &stream, &state, &OFFERED).await?;
    let mut buttons = vec![Button::primary(t.letters.pdf).to(format!("/paper/{key}"))];
    buttons.extend(open.iter().map(|act| {
        let label = lang.name("act", act.name());
        let href = format!("/paper/{key}/{}", act.name());
        if *act == Act::VoidPaper { Button::warning(label).to(href) } else { Button::secondary(label).to(href) }
    }));
    if state.void.is_none() && issued.addressee.is_some() {
        buttons.extend(counter_button(&visitor, &stream, &issued.access, t.letter.counter_page));
    }
    let row = site.app.reader.paper(&stream).await?.ok_or(AppError::NotFound)?;
    let about = issued.matter.as_ref().unwrap_or(&issued.about);
    let about = Cell::link(t.letters.about_open, format!("/{}/{}", about.kind().name(), about.key()));
    let mut summary = SummaryList::new();
    if let Some((of, service)) = proved(&site, &stream, issued).await? {
        let name = format!("{} {}", paper_name(&site, lang, &of.issued.paper.kind), of.issued.paper.number);
        summary = summary
            .row(t.letters.proves, Cell::link(name, format!("/letters/{}", of.issued.paper.id.key())))
            .row(t.letters.addressee, of.issued.addressee.as_ref().map_or("", |a| a.name.text()))
            .row(lang.name("label", "manner"), lang.name("manner", &service.manner))
            .row(t.letters.served_on, served_notice::day_and_time(lang, &service))
            .row(t.letters.result, if service.served { t.letters.arrived } else { t.letters.failed })
            .row(t.letters.receiver, served_notice::receiver(lang, &service));
    } else {
        summary = summary.row(t.common.number, issued.paper.number.as_str());
    }
    if let Some(to) = &issued.addressee {
        let channel = lang.name("channel", &row.channel);
        summary = summary.row(t.letters.addressee, to.name.text()).row(t.letters.channel, channel);
    }
    let mut summary = summary
        .row(t.letters.date, lang.date(issued.date))
        .row(t.letters.about, about)
        .row(t.letters.pages, issued.pages)
        .row(t.letters.fingerprint, issued.sha256.get(..16).unwrap_or_default());
    if let Some(asked) = &state.asked {
        summary = summary.row(t.letters.asked_waits, served_notice::wanted(lang, asked));
    }
    if !issued.access.is_empty() {
        summary = summary.row(t.letters.access, dashed(&issued.access));
    }
    let title = paper_name(&site, lang, &issued.paper.kind).to_owned();
    let mut frame = visitor.frame(&site.app, title.as_str());
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.letters.title, "/letters")]);
    let page = LetterPage {
        t,
        title,
        state: letters::state(lang, &row),
        summary,
        buttons,
        services: issued.addressee.is_some().then(|| services(lang, &state)),
        notices: notices(&site, lang, &state),
        history: history(&site, lang, &stream, issued).await?,
    };
    site::ok(frame.page(&page))
}

/// The paper whose service this one proves, which made it, and that service.
async fn proved(
    site: &Site,
    proof: &StreamId,
    issued: &paper::Issued,
) -> Result<Option<(paper::State, paper::Service)>, Fault> {
    if issued.paper.kind != "proof_of_service" {
        return Ok(None);
    }
    let Some(of) = site.app.state::<Paper>(&issued.about).await? else { return Ok(None) };
    let service = of.own_attempts().find(|service| service.proof.id == *proof).cloned();
    Ok(service.map(|service| (of, service)))
}

fn services(lang: Lang, state: &paper::State) -> Table {
    let t = lang.text();
    let columns = vec![
        Column::text(t.common.date),
        Column::text(lang.name("label", "manner")),
        Column::text(t.letters.result),
        Column::text(t.letters.receiver),
        Column::text(t.letters.proof),
    ];
    let rows = state.services.iter().map(|service| {
        let result = match service.served {
            _ if service.corrected.is_some() => Tag::new(t.letters.attempt_corrected, Tone::Bad),
            true => Tag::new(t.letters.arrived, Tone::Good),
            false => Tag::new(t.letters.failed, Tone::Attention),
        };
        vec![
            served_notice::day_and_time(lang, service).into(),
            lang.name("manner", &service.manner).into(),
            Cell::tag(result).note(service.note.text()),
            served_notice::receiver(lang, service).into(),
            Cell::link(t.letters.proof, format!("/paper/{}", service.proof.id.key())),
        ]
    });
    // Nothing is recorded any more of a paper that was voided.
    let text = if state.void.is_some() { t.letters.no_services_void } else { t.letters.no_services_text };
    Table::new(lang, t.letters.services, columns).quiet().rows(rows).empty(EmptyState::new(t.letters.no_services, text))
}

fn notices(site: &Site, lang: Lang, state: &paper::State) -> Vec<(Link, String)> {
    let t = lang.text();
    let all = state.void.iter().chain(&state.corrections);
    all.map(|notice| {
        let paper = &notice.notice;
        let label = format!("{} {}", paper_name(site, lang, &paper.kind), paper.number);
        let mut text = notice.reason.text().to_owned();
        if let Some((before, after)) = &notice.change {
            let change = fill(t.letters.corrected, &[("before", before.text()), ("after", after.text())]);
            text = format!("{change} {text}");
        }
        (Link::new(label, format!("/paper/{}", paper.id.key())), text)
    })
    .collect()
}

/// Acts that put a seal on a paper.
const SEALS: [&str; 2] = ["AgreementSealed", "Ruled"];

/// Did an act of a case or of an application make somebody's signature on the paper of this SHA-256?
fn signs(act: &EntryView, signer: &str, sha256: &str) -> bool {
    let body: serde_json::Value = serde_json::from_slice(&act.body).unwrap_or_default();
    body["signature"]["signer"] == signer && body["signature"]["sha256"] == sha256
}

async fn history(site: &Site, lang: Lang, stream: &StreamId, issued: &paper::Issued) -> Result<Timeline, Fault> {
    let t = lang.text();
    let mut officers = Officers::default();
    let mut moments = Vec::new();
    // A paper is made by the program in the commit of an act: who pressed stands with that act, at the same instant.
    let acts = site.app.reader.entries_of(&issued.about, 0).await?;
    // Several acts may lie at one instant: of a signature it is the one that names its signer, of everything else the one
    // that names the paper.
    let pressed = |entry: &EntryView, mark: Option<&str>| {
        let of = |act: &&EntryView| act.at == entry.at && act.actor != entry.actor && !entry.actor.contains('/');
        let named = |act: &&EntryView| match mark {
            Some(SEAL) => SEALS.contains(&act.kind.as_str()),
            Some(signer) => signs(act, signer, &issued.sha256),
            None => String::from_utf8_lossy(&act.body).contains(stream.as_str()),
        };
        let act = acts.iter().filter(of).find(named).or_else(|| acts.iter().find(of));
        act.map_or_else(|| entry.actor.clone(), |act| act.actor.clone())
    };
    for (entry, event) in site.app.history::<Paper>(stream).await? {
        let at = Timestamp::from_microsecond(entry.at).unwrap_or_default();
        let mark = match &event {
            paper::Event::RevisionAdded { revision } => Some(revision.mark.as_str()),
            _ => None,
        };
        let (title, tone) = match &event {
            paper::Event::PaperIssued { .. } => (t.letters.issued.to_owned(), Tone::Going),
            paper::Event::RevisionAdded { revision } if revision.mark == SEAL => {
                (t.letters.sealed.to_owned(), Tone::Good)
            }
            paper::Event::RevisionAdded { revision } => {
                let who = officers.name(site, lang, &revision.mark).await?;
                (fill(t.letters.signed, &[("who", &who)]), Tone::Good)
            }
            paper::Event::PaperDispatched { channel, .. } => {
                let sent = fill(t.letters.sent_by, &[("channel", lang.name("channel", channel))]);
                let goes_out = site.app.pack.parameters.goes_out(at);
                match channel == "sms" && goes_out > at {
                    true => (
                        format!("{sent} {}", fill(t.letters.waits, &[("at", &lang.time(county_time(goes_out)))])),
                        Tone::Going,
                    ),
                    false => (sent, Tone::Going),
                }
            }
            paper::Event::ServiceRecorded { service, .. } => {
                let (word, tone) =
                    if service.served { (t.letters.arrived, Tone::Good) } else { (t.letters.failed, Tone::Attention) };
                (format!("{word} {}", lang.date(service.on)), tone)
            }
            paper::Event::IdentityChecked { document_kind, envoy, .. } => {
                let kind = kind_of(document_kind);
                let kind = kind.map_or("", |k| if lang == Lang::Zh { k.name_zh() } else { k.name_en() });
                let title = match envoy {
                    None => fill(t.letters.identity_checked, &[("kind", kind)]),
                    Some(envoy) => {
                        let authority = envoy.authority.as_ref().map_or("", |a| a.text());
                        let capacity = [lang.name("label", &envoy.capacity), authority];
                        let capacity = lang.list(&capacity.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>());
                        let came = [("name", envoy.name.text()), ("capacity", capacity.as_str()), ("kind", kind)];
                        fill(t.letters.envoy_checked, &came)
                    }
                };
                (title, Tone::Good)
            }
            paper::Event::PaperVoided { .. } => (t.letters.event_voided.to_owned(), Tone::Bad),
            paper::Event::PaperStands { .. } => (lang.text().happened.paper_stands.to_owned(), Tone::Good),
            paper::Event::PaperCorrected { .. } => (t.letters.event_corrected.to_owned(), Tone::Attention),
            paper::Event::ServiceCorrected { .. } => (t.letters.event_service_corrected.to_owned(), Tone::Attention),
            paper::Event::NoticeAsked { asked } => (served_notice::wanted(lang, asked), Tone::Going),
            paper::Event::PaperSetAside {} => (lang.text().paper_state.set_aside.to_owned(), Tone::Going),
            paper::Event::NoticeWithdrawn {} => (t.letters.withdrawn_notice.to_owned(), Tone::Attention),
            paper::Event::NoticeRefused { .. } => (t.letters.refused_notice.to_owned(), Tone::Attention),
        };
        moments.push(Moment {
            when: lang.time(county_time(at)),
            who: officers.name(site, lang, &pressed(&entry, mark)).await?,
            title,
            tone,
            ..Moment::default()
        });
    }
    Ok(Timeline { moments })
}
