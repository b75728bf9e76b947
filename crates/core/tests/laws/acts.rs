//! Every act is the act of some command, or a read.

use std::collections::BTreeSet;

use jiff::civil::date;
use yanhe_core::confirmation::{self, Confirmation};
use yanhe_core::dossier::{self, Dossier};
use yanhe_core::matter::Matter;
use yanhe_core::paper::Paper;
use yanhe_core::policy::{Act, Role};
use yanhe_core::{
    PersonId, Personal, Stream, StreamId, audit, batch, expert, organ, print_run, publicity, register, staff,
};

use crate::people::own;
use crate::play::*;
use crate::walk::Playable;
use crate::world::World;

fn acts_of<S: Playable>(world: &mut World, id: &StreamId) -> BTreeSet<Act> {
    let actors = [clerk(), leader()];
    let mut acts = BTreeSet::new();
    for act in Act::ALL {
        for actor in &actors {
            if let Some(command) = S::good(world, id, *act, actor) {
                assert_eq!(S::act(&command), *act, "{command:?}");
                acts.insert(*act);
            }
        }
    }
    acts
}

#[test]
fn every_act_is_reached_by_a_command_or_is_a_read() {
    let mut world = World::new();
    let matter_id = register(&mut world, complaint("HY202203010009", date(2022, 3, 1)));
    let mut acts = acts_of::<Matter>(&mut world, &matter_id);
    let fresh = new_dossier("fresh");
    acts.extend(acts_of::<Dossier>(&mut world, &fresh));
    let id = agreement(&mut world, "acts");
    let ask = || dossier::Command::AskCorrection { field: "claims".into(), after: "甲".into(), reason: "乙".into() };
    world.do_::<Dossier>(&clerk(), &id, ask());
    acts.extend(acts_of::<Dossier>(&mut world, &id));
    let court = file(&mut world, &id);
    acts.extend(acts_of::<Confirmation>(&mut world, &court));
    let letter = world.orders.iter().find(|o| o.addressee.is_some()).unwrap().paper.id.clone();
    world.serve(&clerk(), &letter);
    acts.extend(acts_of::<Paper>(&mut world, &letter));
    // Payloads that the walks build only in a fitting state.
    acts.insert(Dossier::act(&dossier::Command::SignAgreement { sha256: String::new() }));
    acts.insert(Dossier::act(&dossier::Command::AttestSignature(by_hand(&world, "", ""))));
    acts.insert(Dossier::act(&dossier::Command::AttestApplication(by_hand(&world, "", ""))));
    acts.insert(Dossier::act(&dossier::Command::AttestRecord(by_hand(&world, "", ""))));
    acts.insert(Dossier::act(&dossier::Command::NoteUnsigned {
        signer: String::new(),
        refused: true,
        reason: String::new(),
    }));
    acts.insert(Dossier::act(&dossier::Command::RecordBreach {
        obligation: 1,
        on: date(2022, 3, 1),
        note: String::new(),
    }));
    acts.insert(Dossier::act(&dossier::Command::TellIdentity { document_kind: String::new(), number: String::new() }));
    acts.insert(Confirmation::act(&confirmation::Command::Attest(by_hand(&world, "", ""))));

    let person = PersonId("someone".into());
    let value = || Personal::new(&person, "甲".to_owned());
    acts.insert(staff::Staff::act(&staff::Command::Roster {
        profile: Box::new(staff::Profile {
            person: person.clone(),
            body: MARKET.into(),
            post: "调解员".into(),
            name: value(),
            phone: value(),
            document: value(),
        }),
    }));
    acts.insert(expert::Expert::act(&expert::Command::Roster {
        profile: Box::new(expert::Profile {
            person: person.clone(),
            name: value(),
            employer: String::new(),
            title: String::new(),
            field: String::new(),
            phone: value(),
            term_from: None,
            term_to: None,
            avoids: None,
        }),
    }));
    acts.insert(organ::Organ::act(&organ::Command::Onboard {}));
    acts.insert(organ::Organ::act(&organ::Command::Withdraw {}));
    acts.insert(organ::Organ::act(&organ::Command::Roster {
        profile: organ::Profile {
            name: String::new(),
            phone: String::new(),
            address: String::new(),
            brand: None,
            joined_on: None,
            mediates: true,
        },
    }));
    acts.insert(publicity::Publicity::act(&publicity::Command::Record {
        held: publicity::State {
            name: String::new(),
            organ: String::new(),
            date: date(2022, 3, 1),
            manner: String::new(),
            place: String::new(),
            audience: 0,
            leaflets: 0,
            note: String::new(),
            origin: String::new(),
            withdrawals: 0,
            withdrawn: false,
        },
    }));
    acts.insert(publicity::Publicity::act(&publicity::Command::Withdraw {}));
    acts.insert(register::Register::act(&register::Command::Take { count: 1 }));
    acts.insert(register::Register::act(&register::Command::PassOver { to: 1 }));
    acts.insert(print_run::PrintRun::act(&print_run::Command::Make { papers: Vec::new(), sha256: String::new() }));
    acts.insert(batch::Batch::act(&batch::Command::Withdraw { reason: String::new() }));
    acts.insert(batch::Batch::act(&batch::Command::Record {
        file: batch::Imported {
            kind: String::new(),
            name: String::new(),
            sha256: String::new(),
            read: 0,
            stored: 0,
            updated: 0,
            unchanged: 0,
            refused: 0,
        },
        created: Vec::new(),
        updated: Vec::new(),
    }));
    acts.insert(audit::Audit::act(&audit::Command::ExportPlain {}));
    acts.insert(audit::Audit::act(&audit::Command::AdvanceClock { to: yanhe_core::Timestamp::UNIX_EPOCH }));

    let without: Vec<_> = Act::ALL.iter().filter(|act| !acts.contains(act)).map(|act| act.name()).collect();
    // A ruling is served as every paper is, by `record_service`; the others are reads.
    let expected = ["serve_ruling", "read_matter", "read_dossier", "read_confirmation", "read_paper", "read_board"];
    assert_eq!(without, expected);
}

#[test]
fn only_the_named_mediator_and_the_own_court_act_on_a_case() {
    let mut world = World::new();
    let id = apply(&mut world, "named");
    accept(&mut world, &id);
    name_mediator(&mut world, &id);
    let colleague = yanhe_core::policy::Actor { id: "staff/colleague".into(), ..mediator() };
    for (actor, allowed) in [(mediator(), true), (colleague, false), (own(&crate::people::he()), false)] {
        let call = dossier::Command::RecordSession {
            asked: None,
            sitting: dossier::Sitting {
                held_at: date(2022, 3, 1).at(9, 0, 0, 0),
                present: vec![],
                statements: said(""),
                undisputed: said(""),
                result: String::new(),
                rights_told: true,
                recusal: Some(false),
                for_organ: None,
                otherwise: None,
            },
        };
        assert_eq!(world.no::<Dossier>(&actor, &id, call) != "denied", allowed, "{}", actor.id);
    }
    let elsewhere = crate::people::staff("gongan", Role::Leader);
    assert_eq!(
        world.no::<Dossier>(&elsewhere, &id, dossier::Command::EndMediation { ground: "withdrawn".into() }),
        "denied"
    );
}
