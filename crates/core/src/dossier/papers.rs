//! Papers that a case's events issue.

use serde_json::{Value, json};

use super::desk::Desk;
use super::recusal::RecusalDecision;
use super::{Context, Ended, Event, Stage, State, everybody, mediator, parties, session};
use crate::matter::kind_name;
use crate::paper_data as data;
use crate::party::Party;
use crate::stream::{Facts, PaperOrder, PaperRef};
use crate::{PersonId, Personal};

/// The application, or the record of one that was told; made again it says of which one it takes the place.
fn application_order(desk: &Desk<'_>, paper: &PaperRef, time: String, context: &Context) -> PaperOrder {
    let state = desk.state;
    let applicant = state.applicants.first();
    desk.order(
        paper,
        None,
        json!({
            "applicants": data::parties(&state.applicants, "申请人"),
            "respondents": data::opponents(&state.respondents, state.matter.is_some() && state.renews.is_none()),
            "requests": [state.claims], "facts": state.facts,
            "delivery": {
                "address": applicant.and_then(|a| a.address.clone()),
                "phone": applicant.and_then(|a| a.phone.clone()),
                "electronic": state.electronic_service,
            },
            "time": time, "limits": desk.limits(),
            "place": context.organ.as_ref().map_or("", |o| o.address.as_str()),
            "recorder": context.staff.as_ref().map(|officer| &officer.name),
            "other_proceedings": state.other_proceedings, "told_late": state.told_late,
            "check_code": state.application_code,
            "disputed": state.disputed.as_ref().map(|told| {
                json!({"number": told.number, "date": told.on.map(|on| on.to_string()), "result": told.result})
            }),
            "renews": state.renews.as_ref().map(|earlier| earlier.number.as_str()),
            "replaces": desk.in_place_of(&state.records_voided),
        }),
    )
}

pub(super) fn papers(state: &State, event: &Event, facts: &Facts<'_>, context: &Context) -> Vec<PaperOrder> {
    let party = |person: &PersonId| everybody(state).map(|(_, p)| p).find(|p| p.person == *person);
    let taking_part: Vec<Party> = super::taking_part(state).map(|(_, p)| p.clone()).collect();
    let mediators: Vec<_> = state.mediator.iter().map(|m| json!(m.name)).collect();
    let base = json!({
        "organ": data::body(facts, &state.organ, context.organ.as_ref()),
        "court_name": facts.pack.body_name(&state.court),
        "kind": kind_name(state.kind),
        "cause": facts.pack.scope.entry_name(&state.entry).map_or("民事纠纷", |(zh, _)| zh),
        "dossier": state.application.number,
        "received": state.applied_on.to_string(),
        "applicant": data::all_named(parties(state).filter(|(role, _)| *role == "applicant").map(|(_, p)| p)),
        "respondent": data::all_named(parties(state).filter(|(role, _)| *role == "respondent").map(|(_, p)| p)),
        "mediators": mediators,
        "mediator_body": mediator::place_on_paper(state, facts.pack),
        "mediator_signs": state.mediator.iter().map(|m| m.staff.as_str()).collect::<Vec<_>>(),
    });
    let desk = Desk { state, facts, base };
    let accepted = state.accepted_on.unwrap_or(state.applied_on).to_string();
    match event {
        Event::Applied { application, on, .. } => {
            // The hour is known of what is written down as it is told.
            let time = match *on == facts.today() {
                true => data::minute(crate::time::county_time(facts.now)),
                false => on.to_string(),
            };
            vec![application_order(&desk, application, time, context)]
        }
        Event::RecordMadeAgain { paper, .. } => {
            vec![application_order(&desk, paper, state.applied_on.to_string(), context)]
        }
        Event::ConsentAsked { paper, due, person, check_code } => {
            // The other side opens the portal with the code of the letter that asks it.
            let access = facts.ids.code(facts.pack.letter_code_length());
            // Nobody knows yet when it will be received: the letter says the rule, and the day for one received today.
            let decide_by = Some(state.accept_by.last_day).filter(|_| state.stage == Stage::Applied);
            let decide_by = decide_by.filter(|day| *day > facts.today()).map(|day| day.to_string());
            let to = person.as_ref().map_or_else(|| state.respondents.first(), party);
            let mut order = desk.order(
                paper,
                to,
                json!({
                    "requests": [state.claims], "facts": state.facts, "days": facts.pack.rule_of(due).map(|rule| rule.value),
                    "reply_by": due.last_day.to_string(), "decide_by": decide_by,
                    "address_short": context.portal, "code": access, "check_code": check_code,
                    "third": state.joined.iter().any(|j| Some(&j.party.person) == person.as_ref() && j.role == "third"),
                }),
            );
            order.access = access;
            order.channel = to.map_or("", |to| state.asks_by(to)).into();
            vec![desk.in_time(order, Some(due))]
        }
        Event::ApplicationAccepted { paper, on, period, others, without, .. } => {
            let without = without.iter().filter_map(party).map(|p| json!(p.name.personal(&p.person)));
            let without: Vec<_> = without.collect();
            let orders = desk.orders(paper, others, |to| desk.acceptance(*on, period, &without, to));
            orders.into_iter().map(|order| desk.in_time(order, Some(&state.accept_by))).collect()
        }
        Event::ApplicationRefused { paper, ground, note, competent, others, .. } => {
            let reason = facts.pack.refusal_ground(ground);
            let orders = desk.orders(paper, others, |to| {
                json!({
                    "ground": reason.map_or("", |g| g.name.as_str()),
                    "basis": reason.map_or_else(Vec::new, |g| vec![facts.pack.cite(&g.basis, facts.today()).formal]),
                    "explanation": note.open().filter(|n| !n.is_empty()).map(|_| note),
                    "competent": competent,
                    "routes": desk.routes(to, reason),
                })
            });
            orders.into_iter().map(|order| desk.in_time(order, Some(&state.accept_by))).collect()
        }
        Event::SessionCalled(call) | Event::SessionMoved(call) => {
            let by = desk.limit_of_sector("session.notice", call.at.date());
            let before = state.sessions.last().and_then(|session| session.moved.last());
            let replaces = |person: &PersonId| {
                let before = before.map(|before| (before, session::notice_to(&before.notices, &before.to, person)));
                before.map(|(before, notice)| {
                    let number = notice.map(|notice| notice.number.as_str());
                    json!({"time": data::minute(before.at), "place": before.place, "number": number})
                })
            };
            let order = |(paper, person)| {
                let extra = desk.call(call.at, &call.place, replaces(person));
                desk.in_time(desk.order(paper, party(person), extra), by.as_ref())
            };
            call.notices.iter().zip(&call.to).map(order).collect()
        }
        // The limit of acceptance was kept by the notices to the others.
        Event::PartyJoined(joins) => {
            let to = party(&joins.person);
            let accepted = state.accepted_on.zip(state.period.as_ref());
            let accepted = accepted.map(|(on, period)| desk.acceptance(on, period, &[], to));
            let session = state.pending().zip(joins.call.as_ref());
            let call =
                session.map(|(session, paper)| desk.order(paper, to, desk.call(session.at, &session.place, None)));
            accepted.map(|extra| desk.order(&joins.acceptance, to, extra)).into_iter().chain(call).collect()
        }
        Event::SessionCalledOff(off) => {
            let Some(session) = state.not_held.last() else { return Vec::new() };
            let order = |(person, paper): &(PersonId, PaperRef)| {
                let number = session::notice_to(&session.notices, &session.to, person).map(|n| n.number.as_str());
                let extra = json!({
                    "time": data::minute(session.at), "place": session.place,
                    "called_off": {"reason": off.reason, "number": number},
                });
                desk.order(paper, party(person), extra)
            };
            off.notices.iter().map(order).collect()
        }
        Event::RecusalDecided(RecusalDecision { granted, reason, asked: Some(asked), mediator, paper, period }) => {
            let rule = period.as_ref().and_then(|period| facts.pack.rule_of(period)).into_iter();
            let basis = rule.map(|rule| facts.pack.citation(rule, facts.today()).formal);
            let extra = json!({
                "asked": {"on": asked.on.to_string(), "reason": asked.reason},
                "granted": granted, "reason": reason, "mediator": mediator,
                "ends": period.as_ref().map(|period| period.last_day.to_string()),
                "basis": basis.collect::<Vec<_>>(),
            });
            paper.iter().map(|paper| desk.order(paper, party(&asked.by), extra.clone())).collect()
        }
        Event::SessionHeld { sitting, paper, check_code } => {
            let role = |p: &Party| match everybody(state).find(|(_, e)| e.person == p.person) {
                Some(("applicant", _)) => "申请人",
                Some(("third", _)) => "第三人",
                _ => "被申请人",
            };
            // The organ is there by the officer who came.
            let officer = sitting.for_organ.as_ref().map(|officer| (&officer.name, officer.post.as_str()));
            let acts = |p: &Party| officer.filter(|_| state.organ_signer() == Some(format!("party/{}", p.person)));
            // Whoever left is named, and is no party of what follows.
            let left = state.left.iter().filter_map(|left| party(&left.person).map(|p| (p, left.on)));
            let left =
                left.map(|(p, on)| Personal::new(&p.person, format!("{}于{}退出调解", p.name.text(), data::day(on))));
            let present = taking_part.iter().filter(|p| sitting.present.contains(&p.person));
            // Nobody stays away to whom no call went.
            let called = |p: &&Party| state.sessions.last().is_none_or(|session| session.calls(&p.person));
            let absent = taking_part.iter().filter(called).filter(|p| !sitting.present.contains(&p.person));
            let result = match sitting.result.as_str() {
                "agreed" => "各方达成协议，内容见《行政调解协议书》。",
                "adjourned" => "本次未达成协议，各方同意另行安排调解。",
                _ => "各方未达成协议。",
            };
            let undisputed: Vec<_> = sitting
                .undisputed
                .open()
                .filter(|u| !u.trim().is_empty())
                .map(|_| &sitting.undisputed)
                .into_iter()
                .collect();
            vec![desk.order(paper, None, json!({
                "check_code": check_code,
                "start": data::minute(sitting.held_at),
                "otherwise": sitting.otherwise.as_ref().map(|why| json!({
                    "called": state.sessions.last().map(|session| data::minute(session.at)), "reason": why,
                })),
                "place": state.sessions.last().map(|s| &s.place),
                "present": present.map(|p| data::present(p, role(p), state.identity(&p.person), acts(p))).collect::<Vec<_>>(),
                "statements": [{"who": "各方陈述", "text": sitting.statements}],
                "recorder": context.staff.as_ref().map(|officer| &officer.name),
                "rights_told": sitting.rights_told,
                "recusal": sitting.recusal.map(|asked| if asked { "asked" } else { "none" }),
                "asked": state.recusal.as_ref().map(|asked| json!({
                    "who": party(&asked.by).map(|p| p.name.personal(&p.person)), "reason": asked.reason,
                })),
                "absent": absent.map(|p| p.name.personal(&p.person)).collect::<Vec<_>>(),
                "undisputed": undisputed, "result": result, "left": left.collect::<Vec<_>>(),
                "confirmable": state.kind != crate::scope::Kind::Administrative,
            }))]
        }
        Event::AgreementIssued { paper, check_code, .. } => {
            let Some(draft) = &state.draft else { return Vec::new() };
            let barred = facts.pack.bars_confirmation(&super::decide::subject_text(state));
            let confirmable = state.kind != crate::scope::Kind::Administrative && barred.is_none();
            let side = |role| parties(state).filter(move |(r, _)| *r == role).map(|(_, p)| p);
            // Who acts for the organ stands at its signature: nobody knows before who that will be.
            let organ = state.organ_signer();
            let known = state.identities.iter().filter(|seen| organ != Some(format!("party/{}", seen.person)));
            let known: Vec<_> = known.cloned().collect();
            let mut parties = data::parties_seen(side("applicant"), "申请人", &known);
            parties.extend(data::parties_seen(side("respondent"), "被申请人", &known));
            parties.extend(data::parties_seen(side("third"), "第三人", &known));
            let terms: Vec<_> =
                draft.text.open().filter(|t| !t.trim().is_empty()).map(|_| &draft.text).into_iter().collect();
            vec![desk.order(
                paper,
                None,
                json!({
                    "check_code": check_code, "parties": parties, "facts": draft.facts,
                    "obligations": data::obligations(draft, &taking_part), "terms": terms,
                    "confirmable": confirmable, "copies": taking_part.len() + 1,
                    "replaces": state.takes_the_place_of().map(|standing| standing.agreement.number.as_str()),
                    "basis": [facts.pack.citation_of("confirmation.apply", facts.today())],
                }),
            )]
        }
        Event::MediationEnded { ended } => end_notices(&desk, ended),
        Event::EndNoticeMadeAgain(again) => {
            let made = |order: PaperOrder| {
                let (old, _) = again.papers.iter().find(|(_, new)| new.id == order.paper.id)?;
                let voided = state.ended.iter().flat_map(|ended| &ended.voided).find(|(void, _)| void.id == *old)?;
                let mut order = order;
                order.data["replaces"] = json!(desk.in_place_of(std::slice::from_ref(voided)));
                Some(order)
            };
            state.ended.iter().flat_map(|ended| end_notices(&desk, ended)).filter_map(made).collect()
        }
        Event::ApplicationWithdrawn { person, on, goes_on, paper, others, .. } => {
            let reason = facts.pack.ending_ground("withdrawn");
            let extra = |to| {
                json!({
                    "ended": on.to_string(), "ground": reason.map_or("", |g| g.name.as_str()),
                    "routes": desk.routes(to, reason),
                    "left": goes_on.then(|| party(person).map(|p| p.name.personal(&p.person))),
                })
            };
            let all = std::iter::once((person, paper)).chain(others.iter().map(|(person, paper)| (person, paper)));
            all.map(|(to, paper)| desk.order(paper, party(to), extra(party(to)))).collect()
        }
        Event::PartyLeft { person, on, ground, paper, others, .. } => {
            let reason = facts.pack.ending_ground(ground);
            // The ways are of the one who left.
            let of_respondent = party(person).filter(|left| !state.is_applicant(&left.person));
            let extra = |to| {
                json!({
                    "accepted": accepted, "ended": on.to_string(),
                    "ground": reason.map_or("", |g| g.name.as_str()),
                    "routes": desk.routes(of_respondent.or(to), reason),
                    "left": party(person).map(|p| p.name.personal(&p.person)),
                })
            };
            let all = std::iter::once((person, paper)).chain(others.iter().map(|(person, paper)| (person, paper)));
            all.map(|(to, paper)| desk.order(paper, party(to), extra(party(to)))).collect()
        }
        Event::DecisionChanged { change: Some(change), on, .. } => {
            let agreement = state.agreement.as_ref();
            let order = desk.order(
                &change.paper,
                state.applicants.first(),
                json!({
                    "before": change.before, "after": change.after,
                    "decided": change.old.as_ref().map(|old| json!({"number": old.number, "date": old.on.to_string()})),
                    "replaces": desk.in_place_of(&state.changes_voided),
                    "agreement": {
                        "number": agreement.map_or("", |a| a.paper.number.as_str()),
                        "date": agreement.and_then(|a| a.effective_on).map(|on| on.to_string()),
                    },
                    "review_organ": format!("{}人民政府", facts.pack.jurisdiction.name),
                }),
            );
            vec![PaperOrder { date: *on, ..order }]
        }
        Event::VisitMade { paper, on, whom, note } => {
            let asked = whom.iter().filter_map(party).map(|p| json!(p.name.personal(&p.person)));
            let mut data = visit(*on, note, &desk);
            data["asked"] = asked.collect();
            data["visitors"] = context.staff.iter().map(|officer| json!(officer.name)).collect();
            vec![desk.order(paper, None, data)]
        }
        _ => Vec::new(),
    }
}

/// The notices of the end, one for each party.
fn end_notices(desk: &Desk<'_>, ended: &Ended) -> Vec<PaperOrder> {
    let (state, facts) = (desk.state, desk.facts);
    let reason = facts.pack.ending_ground(&ended.ground);
    let by = desk.limit_of_sector("mediation.end_notice", ended.on);
    let absent = everybody(state).map(|(_, p)| p).filter(|p| ended.absent.contains(&p.person));
    let absent: Vec<_> = absent.map(|p| p.name.personal(&p.person)).collect();
    let orders = desk.orders(&ended.paper, &ended.others, |to| {
        json!({
            "accepted": state.accepted_on.unwrap_or(state.applied_on).to_string(), "ended": ended.on.to_string(),
            "absent": absent, "ground": reason.map_or("", |g| g.name.as_str()), "routes": desk.routes(to, reason),
        })
    });
    orders.into_iter().map(|order| desk.in_time(order, by.as_ref())).collect()
}

fn visit(on: crate::time::Date, note: &crate::Personal<String>, desk: &Desk<'_>) -> Value {
    let state = desk.state;
    let agreement = state.agreement.as_ref();
    let obligations: Vec<_> = (1..)
        .zip(agreement.map_or(&[][..], |a| &a.draft.obligations))
        .map(|(n, o)| {
            let done = state.performance.iter().find(|p| p.obligation == n);
            let text = match done {
                Some(p) if p.performed => "已履行",
                Some(_) => "未履行",
                None => "未到期或未报告",
            };
            json!({"what": o.what, "due": o.due.to_string(), "state": text})
        })
        .collect();
    let on_time = on.at(9, 0, 0, 0);
    json!({
        "agreement": {
            "number": agreement.map_or("", |a| a.paper.number.as_str()),
            "date": agreement.and_then(|a| a.effective_on).unwrap_or(on).to_string(),
        },
        "time": data::minute(on_time),
        "manner": "电话或上门",
        "obligations": obligations,
        "remarks": note,
    })
}
