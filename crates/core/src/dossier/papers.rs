//! Papers that a case's events issue.

use serde_json::{Value, json};

use super::{Context, Event, State, parties};
use crate::confirmation::{obligations_json, parties_json};
use crate::matter::kind_name;
use crate::matter::project::{limit_json, organ_json};
use crate::party::Party;
use crate::stream::{Facts, PaperOrder, PaperRef};
use crate::time::Date;
use crate::StreamId;

pub(super) fn papers(
    id: &StreamId,
    state: &State,
    event: &Event,
    facts: &Facts<'_>,
    context: &Context,
) -> Vec<PaperOrder> {
    let _ = id;
    let everybody: Vec<Party> = parties(state).map(|(_, p)| p.clone()).collect();
    let base = json!({
        "organ": organ_json(facts, &state.organ, context.organ.as_ref()),
        "kind": kind_name(state.kind),
        "matter_number": state.matter_number,
        "application_number": state.application.number,
        "applied_on": state.applied_on.to_string(),
        "applicants": parties_json(&state.applicants),
        "respondents": parties_json(&state.respondents),
        "claims": state.claims,
        "facts": state.facts,
        "limits": state.limits.iter().map(|l| {
            let mut limit = limit_json(facts, &l.deadline);
            limit["interrupted"] = json!(l.interrupted);
            limit
        }).collect::<Vec<_>>(),
        "mediator": state.mediator.as_ref().map(|m| m.name.clone()),
        "period": state.period.as_ref().map(|p| limit_json(facts, p)),
    });
    let order = |paper: &PaperRef, to: Option<&Party>, extra: Value| {
        let mut data = base.clone();
        if let (Some(data), Value::Object(extra)) = (data.as_object_mut(), extra) {
            data.extend(extra);
            if let Some(to) = to {
                data.insert("addressee".into(), json!({"name": to.name.personal(&to.person)}));
            }
        }
        PaperOrder {
            paper: paper.clone(),
            matter: state.matter.clone(),
            date: facts.today(),
            addressee: to.map(Party::addressee),
            access: String::new(),
            channel: match to {
                Some(p) if p.phone_text().is_some() && state.electronic_service => "sms".into(),
                Some(_) => "print".into(),
                None => String::new(),
            },
            data,
        }
    };
    let applicant = state.applicants.first();
    match event {
        Event::Applied { application, electronic_service, .. } => {
            vec![order(application, None, json!({"electronic": electronic_service, "via": state.via}))]
        }
        Event::ConsentAsked { paper, due } => {
            let mut order = order(paper, state.respondents.first(), json!({"due": limit_json(facts, due)}));
            // The other side opens the portal with the code of the letter that asks it.
            order.access = facts.ids.code(facts.pack.letter_code_length());
            order.data["code"] = json!(order.access);
            order.data["portal"] = json!(context.portal);
            vec![order]
        }
        Event::ApplicationAccepted { paper, .. } => vec![order(paper, applicant, json!({}))],
        Event::ApplicationRefused { paper, ground, note, .. } => {
            let reason = facts.pack.refusal_ground(ground);
            vec![order(paper, applicant, json!({
                "ground": reason.map_or("", |g| g.name.as_str()),
                "basis": reason.map_or_else(String::new, |g| facts.pack.cite(&g.basis, facts.today()).formal),
                "note": note,
                "routes": routes(reason.map_or(&[][..], |g| &g.routes), state, facts),
            }))]
        }
        Event::SessionCalled { at, place, notices } => notices
            .iter()
            .zip(&everybody)
            .map(|(paper, to)| order(paper, Some(to), json!({"at": at.to_string(), "place": place})))
            .collect(),
        Event::SessionHeld { sitting, paper } => {
            let present = everybody.iter().filter(|p| sitting.present.contains(&p.person));
            let session = state.sessions.last();
            vec![order(paper, None, json!({
                "held_at": sitting.held_at.to_string(),
                "place": session.map(|s| &s.place),
                "present": parties_json(&present.cloned().collect::<Vec<_>>()),
                "statements": sitting.statements, "undisputed": sitting.undisputed, "result": sitting.result,
            }))]
        }
        Event::AgreementIssued { paper, check_code } => {
            let Some(draft) = &state.draft else { return Vec::new() };
            vec![order(paper, None, json!({
                "check_code": check_code,
                "facts": draft.facts,
                "text": draft.text,
                "obligations": obligations_json(draft, &everybody),
                "confirmable": state.kind != crate::scope::Kind::Administrative
                    && facts.pack.bars_confirmation(&super::decide::subject_text(state)).is_none(),
                "basis": facts.pack.citation_of("confirmation.apply", facts.today()),
            }))]
        }
        Event::MediationEnded { ended } => {
            let reason = facts.pack.ending_ground(&ended.ground);
            vec![order(&ended.paper, applicant, json!({
                "ground": reason.map_or("", |g| g.name.as_str()),
                "routes": routes(reason.map_or(&[][..], |g| &g.routes), state, facts),
            }))]
        }
        Event::VisitMade { paper, on, note } => vec![order(paper, None, visit(*on, note, state))],
        _ => Vec::new(),
    }
}

fn visit(on: Date, note: &crate::Personal<String>, state: &State) -> Value {
    json!({
        "visited_on": on.to_string(),
        "note": note,
        "agreement_number": state.agreement.as_ref().map_or("", |a| a.paper.number.as_str()),
        "performed": state.performance.iter().filter(|p| p.performed).count(),
        "obligations_count": state.agreement.as_ref().map_or(0, |a| a.draft.obligations.len()),
    })
}

/// Other routes of the parties, with the limits that are known.
fn routes(ids: &[String], state: &State, facts: &Facts<'_>) -> Vec<Value> {
    ids.iter()
        .filter_map(|id| facts.pack.route(id))
        .map(|route| {
            let limit = state.limits.iter().find(|l| route.limit.as_deref() == Some(l.deadline.limit.as_str()));
            json!({"name": route.name, "last_day": limit.map(|l| l.deadline.last_day.to_string())})
        })
        .collect()
}
