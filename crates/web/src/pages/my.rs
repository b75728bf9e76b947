//! A party's own cases: the list, and the receipt of an application.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use serde::Deserialize;
use yanhe_app::{AppError, dashed};
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::policy::Act;
use yanhe_core::{Date, PersonId, Reason, Refusal, StreamId, StreamKind};

use super::apply_pages::organ_name;
use super::my_limits::limits;
use super::portal::{self, Buttons, Links, Section, Sheet};
use crate::components::{Button, Cell, Deadline, EmptyState, Link, Notice, NoticeKind, SummaryList, Tag, Tone};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::text::{Lang, fill, refusal};

/// `GET /my`, `GET /my/KEY/receipt`.
pub fn router() -> Router<Site> {
    Router::new().route("/my", get(list)).route("/my/{key}/receipt", get(receipt))
}

/// A case as one of its parties sees it.
pub struct Case {
    /// The party.
    pub me: PersonId,
    /// Its stream.
    pub stream: StreamId,
    /// As it stands.
    pub state: dossier::State,
    /// The joint application, once there is one.
    pub confirmation: Option<confirmation::State>,
    /// What this party can do here now.
    pub acts: Vec<Act>,
    /// What it can do now, though not here: the organ is not online.
    pub at_counter: Vec<Act>,
    /// Why not here, with the phone and the counter.
    pub not_online: Option<Refusal>,
}

impl Case {
    /// Loads a case of the party who is signed in.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for another party's.
    pub async fn load(site: &Site, visitor: &Visitor, key: &str) -> Result<Self, Fault> {
        let (me, stream, state) = portal::own_case(site, visitor, key).await?;
        let (mut acts, mut at_counter, mut not_online) = (Vec::new(), Vec::new(), None);
        for (act, refused) in site.app.allowed::<Dossier>(&visitor.actor, &stream, &state, Dossier::OFFERED).await? {
            match refused {
                None => acts.push(act),
                Some(refused) if matches!(refused.reason, Reason::NotOnline { .. }) => {
                    at_counter.push(act);
                    not_online = Some(refused);
                }
                Some(_) => {}
            }
        }
        let confirmed = StreamId::new(StreamKind::Confirmation, stream.key());
        let read = site.app.permit::<Confirmation>(&visitor.actor, Act::ReadConfirmation, &confirmed).await;
        let confirmation = match read {
            Ok(state) => Some(state),
            Err(AppError::NotFound | AppError::Denied) => None,
            Err(error) => return Err(error.into()),
        };
        if let Some(state) = &confirmation {
            acts.extend(site.app.acts::<Confirmation>(&visitor.actor, &confirmed, state, Confirmation::OFFERED).await?);
        }
        Ok(Self { me, stream, state, confirmation, acts, at_counter, not_online })
    }

    /// The stream of the joint application.
    pub fn confirmation_stream(&self) -> StreamId {
        StreamId::new(StreamKind::Confirmation, self.stream.key())
    }

    /// Is this party one of those who applied?
    pub fn is_applicant(&self) -> bool {
        self.state.is_applicant(&self.me)
    }

    /// Can this party do this here now?
    pub fn can(&self, act: Act) -> bool {
        self.acts.contains(&act)
    }

    /// Can this party do this now, here or at the counter?
    pub fn is_open(&self, act: Act) -> bool {
        self.can(act) || self.at_counter.contains(&act)
    }

    /// Where it stands, in plain words.
    pub fn standing(&self, lang: Lang) -> &'static str {
        let t = &lang.text().my;
        use dossier::Stage as S;
        let asked = self.state.asked().next();
        let me = self.state.asked().any(|c| c.person == self.me);
        match self.state.stage {
            S::Applied if me => t.at_asked_me,
            S::Applied if self.state.can_change(&self.me) => t.at_refused_me,
            S::Applied if self.state.consent_of(&self.me).is_some_and(|c| c.answer.is_some()) => t.at_answered,
            S::Applied if asked.is_some() => t.at_asked,
            S::Applied if self.is_applicant() => t.at_applied,
            S::Applied => t.at_applied_other,
            S::Mediating if me => t.at_asked_me,
            S::Refused => t.at_refused,
            S::Withdrawn => t.at_withdrawn,
            S::Mediating if self.state.recusal.is_some() => t.at_recusal,
            S::Mediating if self.state.pending().is_some() => t.at_called,
            S::Mediating if self.state.result() == Some("agreed") => t.at_drafting,
            S::Mediating => t.at_mediating,
            S::Signing => t.at_signing,
            S::Performing => t.at_performing,
            S::Performed => t.at_performed,
            S::Breached => t.at_breached,
            S::Replaced => t.at_replaced,
            S::Ended => t.at_ended,
            S::Closed => t.at_closed,
        }
    }

    /// What is asked of this party now, one sentence each, with the limit where there is one.
    pub(super) fn asked(&self, lang: Lang, today: Date) -> Vec<(&'static str, Option<Deadline>)> {
        let t = &lang.text().my;
        let shown = |due: &yanhe_core::deadline::Deadline| self.counted(lang, due, today);
        let mut out = Vec::new();
        if self.is_open(Act::AnswerConsent) && !self.state.can_change(&self.me) {
            out.push((t.do_answer, self.state.consent_of(&self.me).and_then(|c| c.running()).map(shown)));
        }
        if self.is_open(Act::SignRecord) {
            out.push((t.do_sign_record, None));
        }
        if self.is_open(Act::SignAgreement) {
            out.push((t.do_sign_agreement, self.state.period.as_ref().map(shown)));
        }
        if self.can(Act::SignConfirmation) {
            out.push((t.do_sign_confirmation, self.confirmation.as_ref().map(|c| shown(&c.subject.apply_by))));
        }
        if self.can(Act::FileConfirmation) {
            out.push((t.do_file, self.confirmation.as_ref().map(|c| shown(&c.subject.apply_by))));
        }
        let due = self.state.agreement.iter().flat_map(|a| (1_i64..).zip(&a.draft.obligations));
        let mine = due.filter(|(n, o)| o.from == self.me && self.state.is_owed(*n));
        if self.is_open(Act::ReportPerformance)
            && let Some(due) = mine.map(|(_, o)| o.due).min()
        {
            out.push((t.do_perform, Some(Deadline::agreed(lang, due, today))));
        }
        out
    }

    /// The limit that matters most now.
    fn next_limit(&self, lang: Lang, today: Date) -> Option<Deadline> {
        let (due, limit) = dossier::next_limit(&self.state)?;
        let counted = dossier::counted(&self.state).find(|c| c.limit == limit && c.last_day == due);
        Some(counted.map_or_else(|| Deadline::agreed(lang, due, today), |c| self.counted(lang, c, today)))
    }

    /// A limit with its explanation.
    pub fn deadline(&self, site: &Site, lang: Lang, counted: &yanhe_core::deadline::Deadline) -> Deadline {
        self.counted(lang, counted, site.app.today())
    }

    /// A limit as this party has it: to ask the other side is the organ's, to answer is the limit of whoever is asked.
    fn counted(&self, lang: Lang, counted: &yanhe_core::deadline::Deadline, today: Date) -> Deadline {
        let shown = Deadline::counted(lang, counted, today);
        match self.state.consent_of(&self.me).is_some_and(|consent| consent.due == *counted) {
            true => Deadline { name: lang.text().my.do_answer.to_owned(), ..shown },
            false => shown,
        }
    }
}

/// What is asked of a party, with its limit.
pub(super) fn to_do(what: &str, due: Option<Deadline>) -> Cell {
    match due {
        Some(due) => Cell::deadline(&Deadline { name: what.to_owned(), ..due }),
        None => what.into(),
    }
}

/// The state of a case as a label.
pub fn tag(lang: Lang, state: &str) -> Tag {
    let tone = match state {
        "performed" | "closed" => Tone::Good,
        "refused" | "breached" => Tone::Bad,
        "ended" | "withdrawn" | "replaced" => Tone::Plain,
        "signing" => Tone::Attention,
        _ => Tone::Going,
    };
    Tag::new(lang.name("state", state), tone)
}

async fn list(State(site): State<Site>, visitor: Visitor) -> Answer {
    let me = portal::party(&visitor)?;
    let (lang, t, today) = (visitor.lang(), &visitor.lang().text().my, site.app.today());
    let frame = visitor.frame(&site.app, t.title);
    let mut sheet = Sheet::new(t.title).lead(t.lead);
    let mut empty = true;
    let mut applied = Vec::new();
    let parts = site.app.reader.parts_of(&me).await?;
    for part in parts.iter().filter(|p| p.stream.kind() == StreamKind::Dossier) {
        let case = Case::load(&site, &visitor, part.stream.key()).await?;
        let state = &case.state;
        let mut list = SummaryList::new()
            .row(lang.text().common.organ, organ_name(&site, lang, &state.organ))
            .row(lang.text().common.state, tag(lang, state.stage.name()))
            .row(t.stands, case.standing(lang));
        list = case.asked(lang, today).into_iter().fold(list, |list, (what, due)| list.row(t.asked, to_do(what, due)));
        if let Some(refused) = &case.not_online {
            list = list.row(t.at_counter, refusal(lang, refused));
        }
        if let Some(due) = case.next_limit(lang, today) {
            list = list.row(t.limits, Cell::deadline(&due));
        }
        let section = Section::new(state.application.number.as_str()).panel().with(&list);
        let section = section.with(&Button::primary(t.open).to(format!("/my/{}", case.stream.key())));
        // Whose mediation came to nothing may apply anew; while it goes on, the case itself says what comes next.
        let over = state.is_over();
        sheet.add(&if over && case.is_applicant() { section.with(&renew(lang, &case)) } else { section });
        applied.extend(state.matter.clone());
        empty = false;
    }
    for part in parts.iter().filter(|p| p.stream.kind() == StreamKind::Matter) {
        let Some(matter) = site.app.reader.matter(&part.stream).await? else { continue };
        if applied.contains(&part.stream) {
            continue;
        }
        if !["issued", "served"].contains(&matter.state.as_str())
            || part.role == "subject" && matter.source != "penalty"
        {
            continue;
        }
        let section = Section::new(matter.number.as_str()).panel().say(t.letter);
        sheet.add(&section.with(&Button::primary(t.apply).to(format!("/apply?matter={}", part.stream.key()))));
        empty = false;
    }
    if empty {
        sheet.add(&EmptyState::new(t.none_title, t.none).action(Button::primary(lang.text().letter.title).to("/l")));
    }
    site::ok(frame.page(&sheet))
}

/// Mediation anew begins with an application of its own, with what is known filled in; once there is one, it is shown.
pub fn renew(lang: Lang, case: &Case) -> Button {
    let t = &lang.text().my;
    match case.state.renewed_by.last() {
        Some(later) => {
            Button::secondary(fill(t.renewed, &[("number", &later.number)])).to(format!("/my/{}", later.case.key()))
        }
        None => Button::secondary(t.renew_apply).to(format!("/apply?again={}", case.stream.key())),
    }
}

/// A button that prints the page, where there is script; without it the browser's own will do.
#[derive(Template)]
#[template(path = "pages/print_button.html")]
pub struct PrintButton {
    /// What it says.
    pub label: &'static str,
}

/// What happened to the files.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sent {
    files: String,
}

async fn receipt(
    State(site): State<Site>,
    visitor: Visitor,
    Path(key): Path<String>,
    Query(sent): Query<Sent>,
) -> Answer {
    let case = Case::load(&site, &visitor, &key).await?;
    if !case.is_applicant() {
        return Err(AppError::NotFound.into());
    }
    let (lang, t) = (visitor.lang(), &visitor.lang().text().my);
    let frame = visitor.frame(&site.app, t.receipt_title);
    let state = &case.state;
    let mut sheet = Sheet::new(t.receipt_title).with(
        &Notice::new(lang, NoticeKind::Success, fill(t.receipt, &[("organ", &organ_name(&site, lang, &state.organ))]))
            .title(state.application.number.as_str()),
    );
    if sent.files == "missing" {
        sheet.add(&Notice::new(lang, NoticeKind::Warn, t.files_missing));
    }
    let names =
        |parties: &[yanhe_core::party::Party]| lang.list(&parties.iter().map(|p| p.name.text()).collect::<Vec<_>>());
    let at = site.app.reader.entries_of(&case.stream, 0).await?.first().map(|e| e.at);
    let at = at.and_then(|at| jiff::Timestamp::from_microsecond(at).ok()).map(yanhe_core::time::county_time);
    let mut list = SummaryList::new()
        .row(lang.text().common.number, state.application.number.as_str())
        .row(t.received_at, at.map_or_else(|| lang.date(state.applied_on), |at| lang.time(at)))
        .row(lang.text().label.applicant, names(&state.applicants))
        .row(t.other_side, names(&state.respondents))
        .row(lang.text().apply.claims, state.claims.text());
    if let Some(code) = state.access.as_ref().filter(|_| state.applicants.first().is_some_and(|p| p.person == case.me))
    {
        list = list.row(t.access, Cell::text(dashed(code)).note(t.access_note));
    }
    if !state.files.is_empty() {
        let files = state.files.iter().map(|f| f.name.text()).collect::<Vec<_>>();
        list = list.row(lang.text().apply.files, lang.list(&files));
    }
    sheet.add(&list);
    let next = if state.is_administrative() { t.next_administrative } else { t.next_civil };
    let accept = case.deadline(&site, lang, &state.accept_by);
    let accept = if state.stage == dossier::Stage::Applied {
        accept
    } else {
        accept.done_on(state.accept_by.last_day, state.answered_on())
    };
    let mut what_next = Section::new(lang.text().common.what_next).say(next).with(&accept);
    if state.party(&case.me).is_some_and(|me| me.mobile_text().is_some()) {
        let links = vec![Link::new(lang.text().letter.return_link, "/return")];
        what_next = what_next.say(t.way_back).with(&Links { links, plain: true });
    }
    sheet.add(&what_next);
    for block in limits(&site, lang, &case) {
        sheet.add(&block);
    }
    let application = state.application_paper();
    let application = application.map(|p| Button::secondary(t.application_pdf).to(format!("/paper/{}", p.id.key())));
    let buttons = Buttons::default().with(&Button::primary(t.to_case).to(format!("/my/{key}")));
    sheet.add(
        &application
            .iter()
            .fold(buttons, |buttons, button| buttons.with(button))
            .with(&PrintButton { label: lang.text().common.print }),
    );
    site::ok(frame.page(&sheet))
}
