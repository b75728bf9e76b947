//! Papers of a confirmation: the joint application with its annexes, the docket notice and the rulings.

use serde_json::{Value, json};

use super::{Context, Event, State};
use crate::PersonId;
use crate::pack::Basis;
use crate::paper_data as data;
use crate::party::Party;
use crate::stream::{Facts, PaperOrder, PaperRef};

pub(super) fn papers(state: &State, event: &Event, facts: &Facts<'_>, context: &Context) -> Vec<PaperOrder> {
    let s = &state.subject;
    let dated = |date: Option<crate::time::Date>| date.map(|d| d.to_string());
    let base = json!({
        "organ": data::body(facts, &s.organ, context.organ.as_ref()),
        "court": data::body(facts, &s.court, None),
        "applicants": data::parties_seen(&s.parties, "申请人", &s.identities),
        "mediators": [s.mediator],
        "cause": facts.pack.scope.entry_name(&s.entry).map_or("民事纠纷", |(zh, _)| zh),
        "dossier": s.dossier_number,
        "agreement": {
            "number": s.agreement.number, "date": s.effective_on.to_string(), "effective": s.effective_on.to_string(),
        },
        "facts": s.draft.facts,
        "basis": [facts.pack.citation_of("confirmation.apply", facts.today())],
        "docketed": dated(state.docketed_on),
        "judge": state.judge_name,
        "clerk": state.clerk_name,
    });
    let order = |paper: &PaperRef, to: Option<&Party>, extra: Value| {
        let mut all = base.clone();
        if let (Some(all), Value::Object(extra)) = (all.as_object_mut(), extra) {
            all.extend(extra);
            if to.is_some() {
                all.insert("addressee".into(), data::named(to));
            }
        }
        let electronic = to.is_some_and(|p| s.electronic(p) && p.mobile_text().is_some());
        PaperOrder {
            paper: paper.clone(),
            matter: None,
            date: facts.today(),
            addressee: to.map(Party::addressee),
            access: String::new(),
            channel: match to {
                Some(_) if electronic => "sms".into(),
                Some(_) => "print".into(),
                None => String::new(),
            },
            send_by: None,
            electronic,
            data: all,
        }
    };
    match event {
        Event::ConfirmationDrafted { .. } => {
            let mut out = vec![order(
                &state.application,
                None,
                json!({
                    "last_day": s.apply_by.last_day.to_string(), "attachments": annexes(state, facts),
                    "check_code": state.check_code,
                }),
            )];
            out.extend(state.addresses.iter().zip(&s.parties).map(|(paper, party)| {
                let blank = crate::Personal::new(&party.person, String::new());
                let electronic = s.electronic(party);
                // Nobody is said to have refused what nobody asked them.
                let applied = s.applied.contains(&party.person);
                let asked = applied || s.answered.contains(&party.person);
                let role = if applied { "申请人" } else { "被申请人" };
                let mut sheet = order(
                    paper,
                    Some(party),
                    json!({
                        "party": data::party(party, role),
                        "address": s.served_at(party).unwrap_or(&blank),
                        "receiver": party.name.personal(&party.person),
                        "phone": party.phone.as_ref().unwrap_or(&blank),
                        "mobile": party.phone.as_ref().filter(|_| electronic && party.mobile_text().is_some()),
                        "email": party.email.as_ref().filter(|_| electronic),
                        "electronic": asked.then_some(electronic),
                    }),
                );
                // It stays in the file, and of the parties only its own reads it.
                sheet.channel = String::new();
                sheet
            }));
            out
        }
        Event::PresidingCertified { proof, identities, .. } => {
            let seen = |p: &Party| data::seen(p, "申请人", s.identities.iter().find(|i| i.person == p.person));
            vec![
                order(
                    proof,
                    None,
                    json!({
                        "accepted": s.accepted_on.to_string(),
                        // Not every session is held in the organ's house.
                        "held": s.session.as_ref().map(|session| session.on.to_string()),
                        "place": s.session.as_ref().map(|session| &session.place),
                    }),
                ),
                order(identities, None, json!({"applicants": s.parties.iter().map(seen).collect::<Vec<_>>()})),
            ]
        }
        Event::ConfirmationDocketed { notice, rule_by, others, hearing, place, .. } => {
            let ends = json!({
                "ends": rule_by.last_day.to_string(), "hearing": hearing.map(data::minute), "hearing_place": place,
            });
            let party = |person: &PersonId| s.parties.iter().find(|p| p.person == *person);
            let copies = others.iter().map(|(person, paper)| order(paper, party(person), ends.clone()));
            std::iter::once(order(notice, s.parties.first(), ends.clone())).chain(copies).collect()
        }
        Event::DocketNoticeMadeAgain { papers, .. } => papers
            .iter()
            .map(|(person, paper)| {
                let party = s.parties.iter().find(|p| p.person == *person);
                let void = state.docket_voided.iter().find(|v| v.again.as_ref().is_some_and(|(p, _)| p.id == paper.id));
                let replaces = void.map(
                    |void| json!({"paper": data::reference(facts, &void.paper, void.on), "notice": void.notice.number}),
                );
                // Nobody is called to an hour that has passed.
                let ahead = state.hearing_at.filter(|at| *at > crate::time::county_time(facts.now));
                order(
                    paper,
                    party,
                    json!({
                        "ends": state.rule_by.as_ref().map(|due| due.last_day.to_string()), "replaces": replaces,
                        "hearing": ahead.map(data::minute), "hearing_place": ahead.and(state.hearing_place.as_ref()),
                        "heard": dated(state.heard_on),
                    }),
                )
            })
            .collect(),
        Event::Ruled { .. } | Event::RulingReissued { .. } => state
            .ruling
            .iter()
            .flat_map(|ruling| ruling.papers.iter().map(move |copy| (ruling, copy)))
            .map(|(ruling, (person, paper))| {
                let party = s.parties.iter().find(|p| p.person == *person);
                let ground = facts.pack.court_ground(&ruling.ground);
                // The ground names its item of the article that the kind of ruling names as a whole.
                let of_ground: &[Basis] = ground.map_or(&[], |ground| &ground.basis);
                let own = facts.pack.paper(&paper.kind).into_iter().flat_map(|of| &of.basis);
                let own: Vec<_> = own.filter(|b| of_ground.iter().all(|g| g.law != b.law)).cloned().collect();
                let cited = [own.as_slice(), of_ground].map(|basis| facts.pack.cite(basis, facts.today()).formal);
                let basis: Vec<_> = cited.into_iter().filter(|cited| !cited.is_empty()).collect();
                // Issued anew it says of which one it takes the place.
                let replaces = ruling.voided.last().and_then(|void| {
                    let (_, before) = void.papers.first()?;
                    let paper = data::reference(facts, before, void.on);
                    Some(json!({"paper": paper, "notice": void.notice.number}))
                });
                order(
                    paper,
                    party,
                    json!({
                        "heard": dated(state.heard_on), "basis": basis,
                        // As in the agreement: each with who owes and to whom, every name under its own person.
                        "obligations": data::obligations(&s.draft, &s.parties),
                        "terms": s.draft.text.open().filter(|t| !t.trim().is_empty()).map(|_| &s.draft.text)
                            .into_iter().collect::<Vec<_>>(),
                        "ground": ground.map_or("", |g| g.name.as_str()),
                        "reasoning": ruling.reasons, "replaces": replaces,
                    }),
                )
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The annexes that the court asks for (法释〔2022〕11号 354): put together from what is on file.
fn annexes(state: &State, facts: &Facts<'_>) -> Vec<String> {
    let name = |kind: &str| format!("《{}》", facts.pack.paper_name(kind));
    vec![
        format!("{}（{}）", name("agreement"), state.subject.agreement.number),
        name("proof_of_presiding"),
        name("identity_proof"),
        name("service_address"),
    ]
}
