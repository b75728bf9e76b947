//! What a party's case says of the court: the joint application, how far it is, and what is theirs to do.

use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier;
use yanhe_core::policy::Act;
use yanhe_core::refusal::{Reason, Refusal};

use super::apply_pages::organ_name;
use super::confirmation::{hearing_place, why_declined};
use super::corrected;
use super::my::{Case, renew};
use super::portal::Section;
use crate::components::{Button, Cell, Notice, NoticeKind, PostButton, SummaryList};
use crate::layout::Frame;
use crate::site::{Fault, Site, Visitor};
use crate::text::{Lang, fill, refusal};

/// The section of the joint application, with the buttons that are open to this party.
///
/// # Errors
/// When the database fails.
pub(super) async fn section(site: &Site, visitor: &Visitor, frame: &Frame, case: &Case) -> Result<Section, Fault> {
    let (lang, t) = (visitor.lang(), &visitor.lang().text().my);
    let key = case.stream.key();
    let section = Section::new(t.confirmation_title).panel().id("confirmation");
    let Some(state) = &case.confirmation else {
        let stream = case.confirmation_stream();
        let refused = site.app.refusal::<Confirmation>(&visitor.actor, &stream, None, Act::DraftConfirmation).await?;
        let apply_by = case.state.agreement.as_ref().and_then(|a| a.confirm_by.as_ref());
        return Ok(match (refused, apply_by) {
            (None, Some(apply_by)) => {
                let button = PostButton::new(format!("/my/{key}/confirm"), &frame.csrf, Button::primary(t.confirm))
                    .hidden("key", site.app.fresh_key());
                section.say(t.confirmation).with(&case.deadline(site, lang, apply_by)).with(&button)
            }
            (refused, apply_by) => {
                let over =
                    |r: &Refusal| matches!(r.reason, Reason::PeriodExpired { .. } | Reason::NotConfirmable { .. });
                let over = refused.as_ref().is_some_and(over);
                let says = section.say(t.no_confirmation).say(refused.map(|r| refusal(lang, &r)).unwrap_or_default());
                let says = apply_by.iter().fold(says, |section, limit| section.with(&case.deadline(site, lang, limit)));
                if over { ways_left(says, lang, case) } else { says }
            }
        });
    };
    let corrected = corrected::since_agreement(site, &case.stream, &case.state).await?;
    let corrected: Vec<_> = corrected.into_iter().filter(|one| one.is_for(&case.me)).collect();
    let section = match corrected.is_empty() {
        true => section,
        false => {
            let table = corrected::table(site, lang, &case.state, &corrected).await?;
            section.with(&Notice::new(lang, NoticeKind::Info, lang.text().corrected.party_note)).with(&table)
        }
    };
    let mut list = SummaryList::new();
    let unsigned = state.unsigned();
    if !state.number.is_empty() {
        list = list.row(t.court_number, state.number.as_str());
    }
    let today = site.app.today();
    let lapsed = state.is_lapsed(today);
    // That the ruling was served is no outcome: what it says stays.
    let standing = match state.standing_ruling() {
        Some(ruling) if ruling.valid => confirmation::Stage::Valid,
        Some(_) => confirmation::Stage::Rejected,
        None if lapsed => confirmation::Stage::Expired,
        None => state.stage,
    };
    list = list.row(lang.text().common.state, lang.name("state", standing.name()));
    if let Some(on) = state.filed_on {
        list = list.row(lang.text().confirmation.filed_on, lang.date(on));
    }
    // Until they were heard it is what a party has to know first.
    if let Some(at) = state.hearing_at.filter(|_| state.hearing.is_none()) {
        let place = hearing_place(site, lang, state);
        list = list.row(lang.text().confirmation.hearing_set, Cell::text(lang.time(at)).note(place));
    }
    for party in &state.subject.parties {
        let signed = !unsigned.contains(&format!("party/{}", party.person));
        list = list.row(party.name.text(), if signed { t.signed } else { t.unsigned });
    }
    let mut section = section.with(&list);
    if lapsed {
        let day = lang.date(state.subject.apply_by.last_day);
        return Ok(ways_left(section.say(fill(t.confirmation_lapsed, &[("day", &day)])), lang, case));
    }
    if state.stage == confirmation::Stage::Drafted {
        section = section.say(prepared(site, lang, case).await?);
    }
    if let Some(supplement) = state.supplement_by.as_ref().filter(|_| state.lacks_certificate()) {
        section = section.say(t.certificate_follows).with(&case.deadline(site, lang, supplement));
    }
    if case.can(Act::SignConfirmation) {
        let button = Button::primary(t.read_and_sign).to(format!("/confirmation/{key}/sign"));
        section =
            section.say(t.sign_confirmation).with(&case.deadline(site, lang, &state.subject.apply_by)).with(&button);
    }
    if case.can(Act::FileConfirmation) {
        let button = PostButton::new(format!("/my/{key}/file"), &frame.csrf, Button::primary(t.file))
            .hidden("key", site.app.fresh_key());
        section = section.say(t.file_text).with(&case.deadline(site, lang, &state.subject.apply_by)).with(&button);
        section = section.say(on_paper(site, lang, state).await?);
    }
    for declined in state.earlier.iter().cloned().chain(state.declined()) {
        let label = fill(t.declined_on, &[("day", &lang.date(declined.on))]);
        section = section.with(&SummaryList::new().row(label, why_declined(site, lang, &declined)));
    }
    if state.stage == confirmation::Stage::Declined {
        let apply_by = &state.subject.apply_by;
        section = match apply_again(site, visitor, case, state).await? {
            true => {
                let again =
                    PostButton::new(format!("/my/{key}/confirm"), &frame.csrf, Button::primary(t.confirm_again))
                        .hidden("key", site.app.fresh_key());
                section.say(t.declined_again).with(&case.deadline(site, lang, apply_by)).with(&again)
            }
            false => section.say(lang.text().dossier_form.remains),
        };
        section = section.say(t.renew).with(&renew(lang, case));
    }
    if state.stage == confirmation::Stage::RulingVoid {
        section = section.say(t.ruling_void);
    }
    let Some(ruling) = state.standing_ruling() else { return Ok(section) };
    section = section.say(if ruling.valid { t.valid } else { t.rejected });
    if !ruling.valid {
        let ground = site.app.pack.court_ground(&ruling.ground);
        section = section.say(ground.map_or("", |g| if lang == Lang::Zh { &g.name } else { &g.name_en })).say(t.renew);
        section = section.with(&renew(lang, case));
    }
    if let Some(enforce) = &ruling.enforce_by {
        section = section.with(&Section::default().say(t.enforcement).with(&case.deadline(site, lang, enforce)));
    }
    if let Some((_, _, Some(objection))) = ruling.served.iter().find(|(person, ..)| *person == case.me) {
        section = section.with(&Section::default().say(t.objection).with(&case.deadline(site, lang, objection)));
    }
    if let Some((_, paper)) = ruling.papers.iter().find(|(person, _)| *person == case.me) {
        section = section.with(&Button::primary(t.ruling).to(format!("/paper/{}", paper.id.key())));
    }
    Ok(section)
}

/// What is left where no court confirms the agreement any more, or none can: it binds all the same.
fn ways_left(section: Section, lang: Lang, case: &Case) -> Section {
    // Another agreement has its place.
    if case.state.agreement.as_ref().is_some_and(|agreement| agreement.replaced.is_some()) {
        return section;
    }
    let (t, administrative) = (lang.text(), case.state.is_administrative());
    let form = &t.dossier_form;
    let section = section.say(if administrative { form.remains_administrative } else { form.remains });
    // What is performed is not mediated once more.
    match case.state.is_renewable() && !administrative {
        true => section.say(t.my.renew).with(&renew(lang, case)),
        false => section,
    }
}

/// How a party files it without the portal: where, and until when.
async fn on_paper(site: &Site, lang: Lang, state: &confirmation::State) -> Result<String, Fault> {
    let code = &state.subject.court;
    let mut court = vec![organ_name(site, lang, code)];
    let profile = site.app.organ_profile(code).await?;
    court.extend(profile.into_iter().flat_map(|court| [court.address, court.phone]).filter(|part| !part.is_empty()));
    let day = lang.date(state.subject.apply_by.last_day);
    Ok(fill(lang.text().my.file_on_paper, &[("court", &lang.list(&court)), ("day", &day)]))
}

/// Can a party whose application was not docketed apply once more?
async fn apply_again(site: &Site, visitor: &Visitor, case: &Case, state: &confirmation::State) -> Result<bool, Fault> {
    let (stream, act) = (case.confirmation_stream(), Act::DraftConfirmation);
    Ok(site.app.refusal::<Confirmation>(&visitor.actor, &stream, Some(state), act).await?.is_none())
}

/// Who put the joint application together, so that the other side sees why nothing is left to prepare.
async fn prepared(site: &Site, lang: Lang, case: &Case) -> Result<String, Fault> {
    let t = &lang.text().my;
    let history = site.app.history::<Confirmation>(&case.confirmation_stream()).await?;
    let drafted = |event: &confirmation::Event| matches!(event, confirmation::Event::ConfirmationDrafted { .. });
    let Some((entry, _)) = history.iter().rfind(|(_, event)| drafted(event)) else { return Ok(String::new()) };
    let party = dossier::everybody(&case.state).find(|(_, party)| entry.actor == format!("party/{}", party.person));
    let who = match party {
        Some((_, party)) if party.person == case.me => t.by_you.to_owned(),
        Some((_, party)) => party.name.text().to_owned(),
        None => organ_name(site, lang, &case.state.organ),
    };
    Ok(fill(t.prepared, &[("who", &who)]))
}
