//! Steps that many stories share, each with a payload that must be accepted.

use jiff::ToSpan;
use jiff::civil::date;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Decision, Dossier, Draft, Obligation, Sitting, Via};
use yanhe_core::matter::{self, Matter, Penalty, Registered};
use yanhe_core::party::Party;
use yanhe_core::policy::{Actor, Role};
use yanhe_core::scope::Source;
use yanhe_core::{Date, PersonId, Personal, StreamId, StreamKind};

use crate::people::{GOSSIP, he, officer, own, shop, staff, stream_of};
use crate::world::{World, confirmation_of, sha};

pub const MARKET: &str = "shichang";

pub fn clerk() -> Actor {
    staff(MARKET, Role::Clerk)
}
pub fn leader() -> Actor {
    staff(MARKET, Role::Leader)
}
pub fn mediator() -> Actor {
    staff(MARKET, Role::Mediator)
}
pub fn court_clerk() -> Actor {
    staff("court", Role::CourtClerk)
}
pub fn judge() -> Actor {
    staff("court", Role::Judge)
}

/// A personal value of the complainant.
pub fn said(text: &str) -> Personal<String> {
    Personal::new(&PersonId("he".into()), text.into())
}

/// A buyer's complaint about a shop.
pub fn complaint(number: &str, on: Date) -> Registered {
    Registered {
        source: Source::Complaint,
        number: number.into(),
        organ: MARKET.into(),
        occurred_on: on,
        subject: Some(shop()),
        complainant: Some(he()),
        affected: None,
        also_affected: Vec::new(),
        caller: None,
        reporter: false,
        category: "投诉".into(),
        result: said(""),
        text: said("贺秋生在千禾电器买的冰箱用了三天就坏了，要求退款2980元，商家不同意退款"),
        remark: None,
        penalty: None,
        own_due_on: Some(date(2022, 3, 15)),
        status: "处理中".into(),
        batch: None,
        origin: "12345.csv:2".into(),
        row: Some(said(GOSSIP)),
    }
}

/// A fine of a human being that is a major decision.
pub fn penalty(number: &str, on: Date) -> Registered {
    Registered {
        source: Source::Penalty,
        number: number.into(),
        subject: Some(he()),
        complainant: None,
        category: "发布虚假广告".into(),
        result: said("责令改正，处罚款2万元"),
        text: said("当事人贺秋生在店内发布虚假宣传内容"),
        penalty: Some(Penalty {
            fine: 2_000_000, confiscation: 0, licence: None, basis: "广告法第五十五条".into()
        }),
        own_due_on: None,
        ..complaint(number, on)
    }
}

/// The punished person was told on that day, and said something.
pub fn told(on: Date) -> matter::Hearing {
    matter::Hearing {
        told_on: Some(on),
        said: "stated".into(),
        statement: said("贺秋生说宣传内容是供货商给的"),
        answer: said(GOSSIP),
        answered_on: Some(on),
    }
}

pub fn register(world: &mut World, registered: Registered) -> StreamId {
    let id = matter::stream(registered.source, &registered.number);
    world.do_::<Matter>(&clerk(), &id, matter::Command::Register { matter: Box::new(registered) });
    id
}

/// An application of the complainant against the shop; with a matter when the world has an origin.
pub fn application(entry: &str, respondents: Vec<Party>) -> dossier::Command {
    dossier::Command::Apply {
        disputed: None,
        via: Via::Portal,
        matter: None,
        organ: MARKET.into(),
        entry: entry.into(),
        applicants: vec![he()],
        respondents,
        claims: "请求贺秋生所购冰箱退款2980元".into(),
        facts: GOSSIP.into(),
        known_on: None,
        electronic_service: true,
        other_proceedings: Some(String::new()),
        agrees_named: false,
        told_on: None,
        told_late: String::new(),
        renews: None,
    }
}

pub fn new_dossier(key: &str) -> StreamId {
    StreamId::new(StreamKind::Dossier, key)
}

pub fn apply(world: &mut World, key: &str) -> StreamId {
    let id = new_dossier(key);
    world.do_::<Dossier>(&own(&he()), &id, application("consumer", vec![shop()]));
    id
}

/// The other side is asked, and each letter is handed over: silence counts from this day.
pub fn ask_in_person(world: &mut World, id: &StreamId) {
    world.do_::<Dossier>(&clerk(), id, dossier::Command::AskConsent {});
    let letters: Vec<StreamId> = world.dossier(id).consents.iter().map(|c| c.paper.id.clone()).collect();
    letters.iter().for_each(|letter| world.serve(&clerk(), letter));
}

pub fn consent(world: &mut World, id: &StreamId) {
    world.do_::<Dossier>(&clerk(), id, dossier::Command::AskConsent {});
    let on = world.today();
    world.do_::<Dossier>(
        &own(&shop()),
        id,
        dossier::Command::AnswerConsent {
            electronic: None,
            answer: Decision::Yes,
            on,
            person: None,
            slip: None,
            how: "电话答复".into(),
        },
    );
}

pub fn accept(world: &mut World, id: &StreamId) {
    consent(world, id);
    world.do_::<Dossier>(&clerk(), id, dossier::Command::Accept { reason: String::new() });
}

/// The mediator is named and declares no conflict.
pub fn name_mediator(world: &mut World, id: &StreamId) {
    world.officer = Some(officer(&mediator()));
    let legal_section = world.dossier(id).is_administrative();
    world.do_::<Dossier>(
        &leader(),
        id,
        dossier::Command::NameMediator { staff: stream_of(&mediator()), legal_section },
    );
    world.do_::<Dossier>(&mediator(), id, dossier::Command::DeclareConflict { conflict: false });
}

/// Who is at a session for the organ: not its leader.
pub fn for_organ(world: &World, id: &StreamId) -> Option<Box<dossier::ForOrgan>> {
    let staff = Some(clerk().id);
    let officer = dossier::ForOrgan { name: said(GOSSIP), post: "法制科科长".into(), staff, role: None };
    world.dossier(id).is_administrative().then(|| Box::new(officer))
}

pub fn session(world: &mut World, id: &StreamId, result: &str) {
    let at = yanhe_core::time::county_time(world.now);
    world.do_::<Dossier>(&mediator(), id, dossier::Command::CallSession { at, place: GOSSIP.into() });
    let present = dossier::taking_part(world.dossier(id)).map(|(_, p)| p.person.clone()).collect();
    let sitting = Sitting {
        held_at: at,
        present,
        statements: said(GOSSIP),
        undisputed: said("冰箱已坏"),
        result: result.into(),
        rights_told: true,
        recusal: Some(false),
        for_organ: for_organ(world, id),
        otherwise: None,
    };
    world.do_::<Dossier>(&mediator(), id, dossier::Command::RecordSession { sitting, asked: None });
}

/// Two payments from the other side to the applicant.
pub fn draft(world: &World, id: &StreamId, dues: &[Date]) -> Draft {
    let state = world.dossier(id);
    // The first on each side who takes part still: one of several may have left.
    let first = |role: &str, all: &[Party]| {
        let found = dossier::parties(state).find(|(of, _)| *of == role).map(|(_, party)| party);
        found.unwrap_or(&all[0]).person.clone()
    };
    let (to, from) = (first("applicant", &state.applicants), first("respondent", &state.respondents));
    let one = |due: &Date| Obligation {
        from: from.clone(),
        to: to.clone(),
        what: said("退还货款给贺秋生"),
        amount: Some(149_000),
        due: *due,
        how: said(GOSSIP),
    };
    Draft { facts: said(GOSSIP), obligations: dues.iter().map(one).collect(), text: said("双方别无其他争议") }
}

/// What the mediator sees of every party.
pub fn checks(state: &dossier::State) -> Vec<dossier::Check> {
    let seen = |party: &Party| dossier::Check {
        person: party.person.clone(),
        document_kind: if party.is_firm() { "" } else { "resident_id" }.into(),
        number: if party.is_firm() { "91330499XLE6CL26N2" } else { "330499198001011235" }.into(),
        representative: if party.is_firm() { "贺秋生" } else { "" }.into(),
        post: if party.is_firm() { "法定代表人" } else { "" }.into(),
        address: "海盐县武原街道试验路1号".into(),
    };
    dossier::parties(state).map(|(_, party)| seen(party)).collect()
}

/// The mediator sees who the parties are.
pub fn identify(world: &mut World, id: &StreamId) {
    let checks = checks(world.dossier(id));
    world.officer = Some(officer(&mediator()));
    world.do_::<Dossier>(&mediator(), id, dossier::Command::RecordIdentity { checks });
}

/// Everybody who was present signs the record, as far as they have not.
pub fn sign_record(world: &mut World, id: &StreamId) {
    for signer in world.dossier(id).record_unsigned() {
        let organ = world.dossier(id).is_administrative()
            && world.dossier(id).respondents.iter().any(|p| signer.ends_with(&p.person.0));
        let actor = match signer.strip_prefix("party/") {
            _ if organ => clerk(),
            Some(person) => Actor::party(&PersonId(person.into())),
            None => Actor { id: signer, ..mediator() },
        };
        world.do_::<Dossier>(&actor, id, dossier::Command::SignRecord {});
    }
}

/// A party told the clerk in writing on that day.
pub fn telling(party: &Party, on: Date) -> dossier::Telling {
    dossier::Telling {
        person: party.person.clone(),
        on,
        way: "in_writing".into(),
        note: GOSSIP.into(),
        scan: "0".repeat(64),
    }
}

/// A scan of the paper that bears this code.
pub fn scan_of(check_code: &str) -> String {
    format!("{check_code:0<64}")
}

/// A signature by hand of today, on the paper that bears this code.
pub fn by_hand(world: &World, signer: impl Into<String>, check_code: &str) -> dossier::ByHand {
    dossier::ByHand {
        signer: signer.into(),
        on: world.today(),
        manner: "hand".into(),
        check_code: check_code.into(),
        scan: scan_of(check_code),
        original: GOSSIP.into(),
    }
}

pub fn issue(world: &mut World, id: &StreamId, dues: &[Date]) {
    sign_record(world, id);
    let draft = draft(world, id, dues);
    world.do_::<Dossier>(&mediator(), id, dossier::Command::DraftAgreement { draft });
    identify(world, id);
    world.do_::<Dossier>(&mediator(), id, dossier::Command::IssueAgreement {});
}

pub fn agreement_sha(world: &World, id: &StreamId) -> String {
    sha(&world.dossier(id).agreement.as_ref().unwrap().paper)
}

pub fn sign(world: &mut World, id: &StreamId, actor: &Actor) {
    let sha256 = agreement_sha(world, id);
    world.do_::<Dossier>(actor, id, dossier::Command::SignAgreement { sha256 });
}

/// Everybody signs and the leader seals: it takes effect today.
pub fn conclude(world: &mut World, id: &StreamId) {
    for actor in [own(&he()), own(&shop()), mediator()] {
        sign(world, id, &actor);
    }
    world.do_::<Dossier>(&leader(), id, dossier::Command::SealAgreement {});
}

/// From the application to an agreement in effect today, due in twenty days.
pub fn agreement(world: &mut World, key: &str) -> StreamId {
    let id = apply(world, key);
    accept(world, &id);
    name_mediator(world, &id);
    session(world, &id, "agreed");
    let due = world.today() + 20.days();
    issue(world, &id, &[due]);
    conclude(world, &id);
    id
}

pub fn performed(world: &mut World, id: &StreamId, obligation: i64) {
    let on = world.today();
    world.do_::<Dossier>(&clerk(), id, dossier::Command::ReportPerformance { obligation, on, note: GOSSIP.into() });
}

/// From an agreement in effect to an application on the court's table.
pub fn file(world: &mut World, dossier: &StreamId) -> StreamId {
    let id = confirmation_of(dossier);
    world.do_::<Confirmation>(&mediator(), &id, confirmation::Command::Draft {});
    let sha256 = sha(&world.confirmation(&id).application);
    world.do_::<Confirmation>(&own(&he()), &id, confirmation::Command::Sign { sha256 });
    let on = world.today();
    let attest = confirmation::Command::Attest(dossier::ByHand {
        signer: format!("party/{}", shop().person),
        on,
        manner: "seal".into(),
        check_code: world.confirmation(&id).check_code.clone(),
        scan: "0".repeat(64),
        original: GOSSIP.into(),
    });
    world.do_::<Confirmation>(&clerk(), &id, attest);
    world.do_::<Confirmation>(&mediator(), &id, confirmation::Command::Certify {});
    world.do_::<Confirmation>(&own(&he()), &id, confirmation::Command::File { on: None, how: String::new() });
    id
}

pub fn docket(world: &mut World, id: &StreamId, number: &str) {
    let judge = world.name(&judge());
    world.do_::<Confirmation>(
        &court_clerk(),
        id,
        confirmation::Command::Docket {
            number: number.into(),
            judge,
            hearing: None,
            place: String::new(),
            rest_day: false,
        },
    );
}

pub fn hear(world: &mut World, id: &StreamId) {
    let on = world.today();
    world.do_::<Confirmation>(
        &judge(),
        id,
        confirmation::Command::Hear { findings: GOSSIP.into(), all_heard: true, on, moved: String::new() },
    );
}
