//! The steps of the tour: what each takes, and whether it is done, read from the matter, the case and the confirmation.

use yanhe_app::AppError;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::matter::{self, Matter};
use yanhe_core::party::Party;
use yanhe_core::policy::{self, Act, Actor, Role};
use yanhe_core::{StreamId, StreamKind};
use yanhe_store_read::Page;
use yanhe_store_read::views::dossier::{DossierFilter, DossierOrder};

use crate::pages::demo::{Colleague, colleagues, matter as matter_stream, party_key};
use crate::site::{Fault, Site};
use crate::text::Lang;

/// A step of the tour.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Its name in the texts, in addresses and in the cookie.
    pub key: &'static str,
    /// Seconds that it takes by hand, as the test that walks the tour counts them (`docs/performance.md`).
    pub by_hand: u32,
    /// It shows something that only who does it sees: the tour proposes to do it by hand.
    pub worth: bool,
}

/// Seconds of a step that is done for the reader: a press, and the next page to read.
pub const PLAYED: u32 = 19;

const fn step(key: &'static str, by_hand: u32) -> Step {
    Step { key, by_hand, worth: false }
}

const fn worth(key: &'static str, by_hand: u32) -> Step {
    Step { key, by_hand, worth: true }
}

/// All of them, in order. The press that begins the tour is counted with the first.
pub const STEPS: [Step; 19] = [
    worth("letter", 95),
    worth("apply", 97),
    step("ask", 57),
    worth("answer", 57),
    step("accept", 57),
    step("name", 61),
    step("call", 130),
    step("mediate", 122),
    step("record", 228),
    step("draft", 265),
    step("sign", 228),
    step("seal", 57),
    step("confirm", 209),
    step("certify", 57),
    step("file", 57),
    step("docket", 85),
    step("rule", 136),
    step("serve", 147),
    worth("end", 19),
];

/// Minutes, the next whole one, of the steps from `now` on: each by hand or not.
pub fn minutes(now: usize, by_hand: impl Fn(&Step) -> bool) -> u32 {
    let left = STEPS.iter().skip(now);
    left.map(|step| if by_hand(step) { step.by_hand } else { PLAYED }).sum::<u32>().div_ceil(60)
}

fn with_role(people: &[Colleague], role: Role) -> Option<Colleague> {
    let found = people.iter().find(|c| c.role == role)?;
    Some(Colleague { stream: found.stream.clone(), role, name: found.name.clone() })
}

/// Everything the steps look at.
pub struct Dispute {
    /// The matter's stream.
    pub matter: StreamId,
    /// The matter.
    pub state: matter::State,
    /// The case, once somebody applied.
    pub case: Option<(StreamId, dossier::State)>,
    confirmation: Option<confirmation::State>,
    people: Vec<Colleague>,
    court: Vec<Colleague>,
}

impl Dispute {
    /// Reads how it stands.
    ///
    /// # Errors
    /// [`AppError::NotFound`], and when the database fails.
    pub async fn load(site: &Site, key: &str) -> Result<Self, Fault> {
        let stream = matter_stream(key)?;
        let row = site.app.reader.matter(&stream).await?.ok_or(AppError::NotFound)?;
        let people = colleagues(site, &row.organ).await?;
        let court = colleagues(site, &site.app.pack.court.code).await?;
        let clerk = with_role(&people, Role::Clerk).ok_or(AppError::NotFound)?;
        let actor = Actor::staff(&clerk.stream, Role::Clerk, &row.organ);
        let state = site.app.permit::<Matter>(&actor, Act::ReadMatter, &stream).await?;
        // The story is that of its own dispute, and of no other.
        if !yanhe_app::demo::is_of_tour(&state) {
            return Err(AppError::NotFound.into());
        }
        let filter = DossierFilter { matter: Some(stream.to_string()), ..DossierFilter::default() };
        let all = policy::scope(&Actor::admin());
        let rows = site.app.reader.dossiers(&all, &filter, DossierOrder::Latest, &Page::first(1)).await?.rows;
        let mut found = Self { matter: stream, state, case: None, confirmation: None, people, court };
        if let Some(row) = rows.into_iter().next() {
            let state = site.app.permit::<Dossier>(&actor, Act::ReadDossier, &row.stream).await?;
            let confirmed = StreamId::new(StreamKind::Confirmation, row.stream.key());
            found.confirmation = match site.app.permit::<Confirmation>(&actor, Act::ReadConfirmation, &confirmed).await
            {
                Ok(state) => Some(state),
                Err(AppError::NotFound | AppError::Denied) => None,
                Err(error) => return Err(error.into()),
            };
            found.case = Some((row.stream, state));
        }
        Ok(found)
    }

    /// The case.
    pub fn dossier(&self) -> Option<&dossier::State> {
        self.case.as_ref().map(|(_, state)| state)
    }

    fn case_path(&self, before: &str, after: &str) -> String {
        self.case.as_ref().map_or_else(|| "/".to_owned(), |(stream, _)| format!("{before}/{}{after}", stream.key()))
    }
}

/// Who does a step: their name, the person to sign in as, and the page where it is done and seen.
pub type Entry = (String, String, String);

/// One step: what to do, whether it is done, and who does it where.
pub struct Stop {
    /// The step.
    pub key: &'static str,
    /// What is added to the page to come to the form that does it.
    pub form: &'static str,
    /// It is done.
    pub done: bool,
    /// Who is to do it, or their part of it.
    pub who: Vec<Entry>,
    /// Who has done their part of it.
    pub signed: Vec<String>,
}

/// The steps, in order, as the dispute stands.
pub fn stops(lang: Lang, d: &Dispute) -> Vec<Stop> {
    let t = &lang.text().tour;
    let staff = |role: Role, back: String| {
        let people = if matches!(role, Role::Judge | Role::CourtClerk) { &d.court } else { &d.people };
        with_role(people, role)
            .map(|c| (format!("{} {}", lang.name("role", role.name()), c.name), c.stream.to_string(), back))
    };
    let named = |stream: &str, role: Role, people: &[Colleague], back: String| {
        let found = people.iter().find(|c| c.stream.as_str() == stream);
        found
            .map(|c| (format!("{} {}", lang.name("role", role.name()), c.name), c.stream.to_string(), back.clone()))
            .or_else(|| staff(role, back))
    };
    let party = |party: Option<&Party>, role: &str, back: String| {
        let stream = d.case.as_ref().map_or(&d.matter, |(stream, _)| stream);
        party.map(|p| (format!("{role} {}", p.name.text()), party_key(&p.person, stream), back))
    };
    let dossier = d.dossier();
    let (buyer, seller) = match dossier {
        Some(s) => (s.applicants.first(), s.respondents.first()),
        None => (d.state.entitled(), d.state.other_side()),
    };
    let (mine, desk) = (d.case_path("/my", ""), d.case_path("/dossier", ""));
    let applicant = |back: &str| party(buyer, t.buyer, back.to_owned());
    let respondent = |back: &str| party(seller, t.seller, back.to_owned());
    let mediator = dossier.and_then(|s| s.mediator.as_ref()).map_or("", |m| m.staff.as_str());
    let mediator = |back: &str| named(mediator, Role::Mediator, &d.people, back.to_owned());
    let agreement = dossier.and_then(|s| s.agreement.as_ref());
    let court = d.confirmation.as_ref();
    let ruling = court.and_then(|c| c.standing_ruling());
    let (asks, filing) = (format!("{mine}#confirmation"), d.case_path("/confirmation", ""));
    let is = |done: Option<bool>| done.unwrap_or(false);
    let stop = |key, done, who: Vec<Option<Entry>>| Stop {
        key,
        form: "",
        done,
        who: who.into_iter().flatten().collect(),
        signed: Vec::new(),
    };
    // Of several who sign, those who have are named; only the others get a button.
    let signing = |key, open: Option<Vec<String>>, who: Vec<(Option<Entry>, String)>| {
        let signed = |signer: &String| open.as_ref().is_some_and(|open| !open.contains(signer));
        let (done, left): (Vec<_>, Vec<_>) = who.into_iter().partition(|(_, signer)| signed(signer));
        let names = done.into_iter().filter_map(|(entry, _)| entry.map(|(label, ..)| label)).collect();
        Stop { signed: names, ..stop(key, left.is_empty(), left.into_iter().map(|(entry, _)| entry).collect()) }
    };
    let side = |party: Option<&Party>| party.map_or_else(String::new, |p| format!("party/{}", p.person));
    let (one, other) = (side(buyer), side(seller));
    let staff_of = |s: &dossier::State| s.mediator.as_ref().map_or_else(String::new, |m| m.staff.clone());
    let presides = dossier.map_or_else(String::new, staff_of);
    let heard = court.is_some_and(|c| c.stage != confirmation::Stage::Docketed);
    let declared = dossier.and_then(|s| s.mediator.as_ref()).is_some_and(|m| m.declared);
    let drafting = match dossier {
        Some(s) if s.unidentified().next().is_some() => "/record_identity",
        Some(s) if s.draft.is_some() => "/issue_agreement",
        _ => "/draft_agreement",
    };
    let at = |form, stop: Stop| Stop { form, ..stop };
    let letter = staff(Role::Clerk, format!("/matter/{}", d.matter.key()));
    let applies = if dossier.is_some() { mine.clone() } else { format!("/apply?matter={}", d.matter.key()) };
    let answered = dossier.map(|s| !s.consents.is_empty() && s.asked().next().is_none());
    let judge = named(court.map_or("", |c| c.judge.as_str()), Role::Judge, &d.court, filing.clone());
    let served = court.map(|c| c.stage == confirmation::Stage::Served);
    let court_clerk = || staff(Role::CourtClerk, filing.clone());
    let (clerk, leader) = (|| staff(Role::Clerk, desk.clone()), || staff(Role::Leader, desk.clone()));
    vec![
        // The reasons stand on the page of the matter itself.
        stop("letter", !d.state.letters.is_empty(), vec![letter]),
        stop("apply", dossier.is_some(), vec![applicant(&applies)]),
        at("/ask_consent", stop("ask", is(dossier.map(|s| !s.consents.is_empty())), vec![clerk()])),
        stop("answer", is(answered), vec![respondent(&mine)]),
        at("/accept_application", stop("accept", is(dossier.map(|s| s.period.is_some())), vec![clerk()])),
        at("/name_mediator", stop("name", is(dossier.map(|s| s.mediator.is_some())), vec![leader()])),
        at(
            if declared { "/call_session" } else { "/declare_conflict" },
            stop("call", is(dossier.map(|s| !s.sessions.is_empty())), vec![mediator(&desk)]),
        ),
        at("/record_session", stop("mediate", is(dossier.map(dossier::State::has_record)), vec![mediator(&desk)])),
        at(
            "/sign_record",
            signing(
                "record",
                match dossier {
                    Some(_) if agreement.is_some() => Some(Vec::new()),
                    other => other.filter(|s| s.has_record()).map(dossier::State::record_unsigned),
                },
                vec![
                    (mediator(&desk), presides.clone()),
                    (applicant(&mine), one.clone()),
                    (respondent(&mine), other.clone()),
                ],
            ),
        ),
        at(drafting, stop("draft", agreement.is_some(), vec![mediator(&desk)])),
        at(
            "/sign_agreement",
            signing(
                "sign",
                dossier.filter(|_| agreement.is_some()).map(dossier::State::unsigned),
                vec![(applicant(&mine), one.clone()), (respondent(&mine), other.clone()), (mediator(&desk), presides)],
            ),
        ),
        at("/seal_agreement", stop("seal", is(agreement.map(|a| a.effective_on.is_some())), vec![leader()])),
        signing(
            "confirm",
            court.map(confirmation::State::unsigned),
            vec![(applicant(&asks), one), (respondent(&asks), other)],
        ),
        at("/certify_presiding", stop("certify", is(court.map(|c| c.proof.is_some())), vec![mediator(&filing)])),
        stop("file", is(court.map(|c| c.filed_on.is_some())), vec![applicant(&asks)]),
        at("/docket_confirmation", stop("docket", is(court.map(|c| c.docketed_on.is_some())), vec![court_clerk()])),
        at(if heard { "" } else { "/hear_parties" }, stop("rule", is(ruling.map(|_| true)), vec![judge])),
        stop("serve", is(served), vec![court_clerk()]),
        // There is only something to look at.
        stop("end", true, vec![applicant(&asks)]),
    ]
}
