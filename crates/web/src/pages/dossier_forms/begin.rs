//! From the application to the declaration of the mediator: consent, acceptance, refusal, naming.

use yanhe_app::Contextual;
use yanhe_core::dossier::{self, Command, Consent, Decision, Dossier};
use yanhe_core::pack::AdministrativeMediator;
use yanhe_core::policy::{Act, Role};
use yanhe_core::{Facts, PersonId, Refusal, StreamId, deadline};

use super::super::listing::body as body_name;
use super::super::my_case::said;
use super::by_hand;
use super::case::{Case, Member, members};
use super::page::{Draw, Form, grounds_of};
use super::typed::Typed;
use crate::components::{Button, Choice, Deadline, Errors, Field, Markup};
use crate::site::Fault;
use crate::text::fill;

/// The form of an act of this part.
///
/// # Errors
/// When the database fails.
pub async fn form(case: &Case, act: Act, draw: &Draw<'_>) -> Result<Form, Fault> {
    let (lang, t) = (case.lang, &case.lang.text().dossier_form);
    let state = &case.state;
    let sector = state.sector.as_deref();
    // As the press will count it.
    let counted = |count: &dyn Fn(&Facts<'_>) -> Result<deadline::Deadline, Refusal>| {
        let counted = case.site.app.with_facts(&case.actor, &case.stream, |f| count(f));
        counted.map_or_else(|_| Markup::default(), |d| Markup::of(&Deadline::counted(lang, &d, case.today)))
    };
    Ok(match act {
        Act::AskConsent => {
            // Whose letter was voided, else everybody on the other side.
            let again: Vec<String> = state.to_ask_again().map(|c| case.party(&c.person)).collect();
            let names = if again.is_empty() { case.names(false) } else { lang.list(&again) };
            let says = if again.is_empty() { t.ask_consent } else { t.ask_again };
            let asked = dossier::everybody(state).map(|(_, party)| party).filter(|party| match again.is_empty() {
                true => state.respondents.iter().any(|p| p.person == party.person),
                false => state.to_ask_again().any(|c| c.person == party.person),
            });
            asked
                .map(|party| {
                    let how = match state.asks_by(party) {
                        "sms" => t.asks_sms,
                        "print" => t.asks_print,
                        _ => t.asks_unknown,
                    };
                    fill(how, &[("who", party.name.text())])
                })
                .fold(Form::default().says(lang, fill(says, &[("names", &names)])), |form, how| form.says(lang, how))
                .lead(counted(&|f| dossier::consent_due(state, f.today(), f)))
        }
        Act::RecordAgain => Form::default().says(lang, t.record_again),
        Act::NoticeAgain => Form::default().says(lang, t.notice_again),
        Act::AnswerConsent => {
            let due = state.asked().chain(state.silent()).next().and_then(|c| c.running());
            let due = due.map(|due| Markup::of(&Deadline::counted(lang, due, case.today)));
            let said_no: Vec<String> = state.changeable().map(|c| case.party(&c.person)).collect();
            let silent: Vec<String> = state.silent().map(|c| case.party(&c.person)).collect();
            let only_silent = silent.len() == awaited(state).count();
            let awaited: Vec<Choice> =
                awaited(state).map(|c| Choice::new(&c.person.0, case.party(&c.person))).collect();
            let mut parts = Vec::new();
            if awaited.len() > 1 {
                parts.push(draw.radio("person", lang.name("label", "person"), awaited));
            }
            let answers =
                vec![Choice::new("yes", t.consents), Choice::new("no", t.consents_not).hint(t.consents_not_hint)];
            parts.push(draw.radio("answer", t.answer, answers));
            parts.push(draw.date("on", t.answered_on));
            // Of what was said by word of mouth nobody can see afterwards when it was.
            let spoken = Choice::new("spoken", t.way_spoken).hint(t.way_spoken_hint);
            let paper = Choice::new("paper", t.way_paper).hint(t.way_paper_hint);
            let ways = Some(spoken).filter(|_| !only_silent).into_iter().chain([paper]);
            parts.push(draw.radio("way", t.way, ways.collect()));
            if !only_silent {
                parts.push(draw.field(Field::text(lang, "how", t.how_answered).hint(t.how_answered_hint).optional()));
            }
            let by_message = vec![Choice::new("yes", t.electronic_yes), Choice::new("no", t.electronic_no)];
            let by_message = Field::radio(lang, "electronic", t.electronic, by_message).hint(t.electronic_hint);
            parts.push(draw.field(by_message.optional()));
            let firm = |c: &Consent| dossier::everybody(state).any(|(_, p)| p.person == c.person && p.is_firm());
            let firms = self::awaited(state).any(firm);
            let code = self::awaited(state).any(|c| c.check_code.is_some());
            parts.extend(by_hand::fields(draw, firms, code));
            let form = Form { lead: due.into_iter().collect(), ..Form::of(parts) };
            let form = form.says(lang, t.answer_consent).with_file();
            let form = match said_no.is_empty() {
                true => form,
                false => form.says(lang, fill(t.changes_no, &[("who", &lang.list(&said_no))])),
            };
            match silent.is_empty() {
                true => form,
                false => form.warns(lang, fill(t.late_answer, &[("who", &lang.list(&silent))])),
            }
        }
        Act::AcceptApplication => {
            let out: Vec<String> = state.refusing().map(|p| case.party(p)).collect();
            let elsewhere = state.proceedings();
            let form = match (out.is_empty(), elsewhere) {
                (true, None) => Form::default(),
                (true, Some(_)) => Form::of(vec![draw.area("reason", t.elsewhere_reason)]),
                (false, _) => Form::of(vec![draw.area("reason", t.without_reason)]),
            };
            let form = match elsewhere {
                Some(named) => form.warns(lang, fill(t.elsewhere, &[("what", named)])),
                None => form,
            };
            let unchecked: Vec<String> = state.unchecked().map(|c| case.party(&c.person)).collect();
            let form = match unchecked.is_empty() {
                true => form,
                false => form.warns(lang, fill(t.unchecked, &[("who", &lang.list(&unchecked))])),
            };
            let form = form.says(lang, t.accept).lead(counted(&|f| f.limit("mediation.period", f.today(), sector)));
            if out.is_empty() { form } else { form.warns(lang, fill(t.without, &[("who", &lang.list(&out))])) }
        }
        Act::RefuseApplication => Form::of(vec![
            draw.radio("ground", t.ground, grounds_of(case, dossier::grounds::of_refusal(state, &case.site.app.pack))),
            draw.field(Field::text(lang, "competent", t.competent).hint(t.competent_hint).optional()),
            draw.field(Field::textarea(lang, "note", t.explanation).hint(t.explanation_hint).optional()),
        ])
        .warns(lang, t.refuse),
        Act::WithdrawApplication => {
            let applicants: Vec<Choice> = dossier::parties(state)
                .filter(|(role, _)| *role == "applicant")
                .map(|(_, p)| Choice::new(&p.person.0, p.name.text()))
                .collect();
            let several = (applicants.len() > 1).then(|| draw.radio("person", t.withdrawn_by, applicants));
            let how = Field::text(lang, "how", t.withdrawn_how).hint(t.withdrawn_how_hint);
            let parts = several.into_iter().chain([draw.date("on", t.withdrawn_on), draw.field(how)]);
            Form::of(parts.collect()).warns(lang, t.withdraw_application)
        }
        Act::NameMediator => mediators(case, draw, None).await?,
        Act::ReplaceMediator => {
            let why = Field::textarea(lang, "reason", t.replace_reason).hint(t.replace_hint);
            mediators(case, draw, Some(draw.field(why))).await?
        }
        Act::DeclareConflict => {
            let declared = state.mediator.as_ref().is_some_and(|mediator| mediator.declared);
            let none = Choice::new("no", t.conflict_none).hint(t.conflict_none_hint);
            let some = Choice::new("yes", t.conflict_yes).hint(t.conflict_yes_hint);
            let choices = Some(none).filter(|_| !declared).into_iter().chain([some]).collect();
            let form = Form::of(vec![draw.radio("conflict", t.conflict, choices)]);
            let form = if declared { form.warns(lang, t.declared_none) } else { form };
            let new = state.mediator.iter().flat_map(|mediator| &mediator.uncovered);
            let new: Vec<String> = new.map(|person| case.party(person)).collect();
            let form = match new.is_empty() {
                true => form,
                false => form.warns(lang, fill(t.declare_anew, &[("names", &lang.list(&new))])),
            };
            form.says(lang, fill(t.declare, &[("applicants", &case.names(true)), ("respondents", &case.names(false))]))
        }
        Act::DecideRecusal => {
            let answers = vec![
                Choice::new("yes", t.recusal_yes).hint(t.recusal_yes_hint),
                Choice::new("no", t.recusal_no).hint(t.recusal_no_hint),
            ];
            let form = Form::of(vec![draw.radio("granted", t.recusal, answers), draw.area("reason", t.recusal_reason)]);
            match &state.recusal {
                None => form,
                Some(asked) => {
                    let asks = [("who", case.party(&asked.by)), ("day", lang.date(asked.on))];
                    let [(who, name), (day, on)] = &asks;
                    let asks = [(*who, name.as_str()), (*day, on.as_str()), ("reason", asked.reason.text())];
                    form.says(lang, fill(t.recusal_asked, &asks))
                }
            }
        }
        _ => {
            // A leader can take a case over: an organ may have one clerk only.
            let handles = |role| matches!(role, Role::Clerk | Role::Leader);
            let others = case.staff.iter().filter(|m| handles(m.role) && m.stream.as_str() != state.clerk);
            let choices: Vec<Choice> = others
                .map(|m| Choice::new(m.stream.as_str(), format!("{} {}", m.name, lang.name("role", m.role.name()))))
                .collect();
            let now = case.staff_name(&state.clerk);
            let now = if now.is_empty() { lang.text().common.none.to_owned() } else { now };
            let says = fill(t.reassign, &[("now", &now)]);
            let clerks =
                case.staff.iter().filter(|m| m.role == Role::Clerk && m.stream.as_str() != state.clerk).count();
            let form = match choices.is_empty() {
                true => Form::default().button(Button::secondary(lang.text().common.back).to(case.href())),
                false => Form::of(vec![draw.select("staff", t.new_clerk, choices)]),
            };
            let form = form.says(lang, says);
            if clerks == 0 { form.warns(lang, t.no_other_clerk) } else { form }
        }
    })
}

/// Those whose answer counts: who has not given one, who gave it on paper in time when that is entered late, and whose no
/// can become a yes.
fn awaited(state: &dossier::State) -> impl Iterator<Item = &Consent> {
    state.asked().chain(state.silent()).chain(state.changeable())
}

/// Who can be named: mediators of the organ; in an administrative dispute those whom the pack lets mediate, in its order.
/// Who is out is shown with the reason; what else is asked comes behind.
async fn mediators(case: &Case, draw: &Draw<'_>, more: Option<Markup>) -> Result<Form, Fault> {
    let (lang, t) = (case.lang, &case.lang.text().dossier_form);
    let (state, pack) = (&case.state, &case.site.app.pack);
    if !state.is_administrative() {
        let (choices, out) = able(case, case.staff.iter(), &[], None);
        let nobody = choices.is_empty();
        let parts = [draw.radio("staff", t.mediator, choices)].into_iter().chain(more).collect();
        return Ok(finish(case, Form::of(parts), nobody, &out));
    }
    let context = Dossier::context(&case.site.app, &case.stream, Some(state), None, &case.actor, false).await?;
    let (mut choices, mut out, mut own) = (Vec::new(), Vec::new(), false);
    for place in &pack.parameters.administrative_mediators {
        let bodies: Vec<&str> = match place {
            AdministrativeMediator::LegalSection => vec![&state.organ],
            AdministrativeMediator::Superior => {
                pack.organ(&state.organ).and_then(|o| o.superior.as_deref()).into_iter().collect()
            }
            AdministrativeMediator::Studio => vec![&pack.justice_bureau().code, &pack.court.code],
        };
        for body in bodies {
            let staff = members(&case.site, body).await?;
            let here = staff.iter().filter(|m| state.place_of(body, m.role, pack) == Some(*place));
            let handling: &[String] =
                if *place == AdministrativeMediator::LegalSection { &context.handling } else { &[] };
            let (able, unable) = able(case, here, handling, Some((*place, body)));
            own |= *place == AdministrativeMediator::LegalSection && !able.is_empty();
            choices.extend(able);
            out.extend(unable);
        }
    }
    let nobody = choices.is_empty();
    let mut parts = vec![draw.radio("staff", t.mediator, choices)];
    if own {
        let said = vec![Choice::new("yes", t.legal_section).hint(t.legal_section_hint)];
        parts.push(draw.field(Field::checkbox(lang, "legal_section", t.legal_section_title, said).optional()));
    }
    parts.extend(more);
    Ok(finish(case, Form::of(parts).says(lang, t.mediator_administrative), nobody, &out))
}

/// Of these people those who can mediate, as choices, and who cannot, with the reason.
fn able<'a>(
    case: &Case,
    staff: impl Iterator<Item = &'a Member>,
    handling: &[String],
    from: Option<(AdministrativeMediator, &str)>,
) -> (Vec<Choice>, Vec<String>) {
    let (lang, t) = (case.lang, &case.lang.text().dossier_form);
    let (mut choices, mut out) = (Vec::new(), Vec::new());
    let now = case.state.mediator.as_ref().filter(|now| now.declared);
    for member in staff.filter(|m| from.is_some() || m.role == Role::Mediator) {
        let stream = member.stream.to_string();
        if now.is_some_and(|now| now.staff == stream) {
            continue;
        }
        if case.state.recused.contains(&stream) {
            out.push(lang.bracket(&member.name, t.out_recused));
        } else if case.state.conflicted.contains(&stream) {
            out.push(lang.bracket(&member.name, t.out_conflict));
        } else if handling.contains(&stream) {
            out.push(lang.bracket(&member.name, t.out_handling));
        } else {
            let choice = Choice::new(stream, &member.name);
            choices.push(match from {
                Some((place, body)) => choice.hint(mediates_from(case, place, body)),
                None => choice,
            });
        }
    }
    (choices, out)
}

fn mediates_from(case: &Case, place: AdministrativeMediator, body: &str) -> String {
    let body = body_name(&case.site, case.lang, body);
    match place {
        AdministrativeMediator::Studio => case.lang.bracket(case.lang.text().role.studio, &body),
        _ => body,
    }
}

fn finish(case: &Case, form: Form, nobody: bool, out: &[String]) -> Form {
    let (lang, t) = (case.lang, &case.lang.text().dossier_form);
    let form = if out.is_empty() { form } else { form.warns(lang, format!("{}{}", t.out, lang.list(out))) };
    if nobody { form.warns(lang, t.no_mediator) } else { form }
}

/// The command that the form asks for.
pub fn command(case: &Case, act: Act, typed: &Typed, scan: Option<String>, errors: &mut Errors) -> Option<Command> {
    Some(match act {
        Act::AskConsent => Command::AskConsent {},
        Act::RecordAgain => Command::RecordAgain {},
        Act::NoticeAgain => Command::NoticeAgain {},
        Act::AnswerConsent => {
            let answer = typed.choice("answer", errors);
            let on = typed.date("on", errors);
            let answer = if answer == "yes" { Decision::Yes } else { Decision::No };
            let person = Some(typed.get("person")).filter(|p| !p.is_empty()).map(|p| PersonId(p.to_owned()));
            let (mut slip, mut how) = (None, String::new());
            match typed.choice("way", errors).as_str() {
                // The slip is of whoever answers, signed by the day of the answer.
                "paper" => {
                    let of = person.as_ref().or_else(|| awaited(&case.state).next().map(|c| &c.person));
                    let signer = of.map_or_else(String::new, |p| format!("party/{p}"));
                    slip = Some(by_hand::sheet(typed, signer, on, scan, errors)?);
                }
                _ => how = typed.required("how", errors),
            }
            Command::AnswerConsent { answer, on: on?, person, slip, how, electronic: said(typed.get("electronic")) }
        }
        Act::AcceptApplication => Command::Accept { reason: typed.get("reason").trim().to_owned() },
        Act::RefuseApplication => {
            let (note, competent) = (typed.get("note").trim().to_owned(), typed.get("competent").trim().to_owned());
            Command::Refuse { ground: typed.choice("ground", errors), note, competent }
        }
        Act::WithdrawApplication => {
            let person = Some(typed.get("person")).filter(|p| !p.is_empty()).map(|p| PersonId(p.to_owned()));
            let (on, how) = (typed.date("on", errors), typed.required("how", errors));
            Command::WithdrawApplication { person, on: on?, how }
        }
        Act::NameMediator => {
            Command::NameMediator { staff: staff(typed, errors)?, legal_section: typed.get("legal_section") == "yes" }
        }
        Act::ReplaceMediator => {
            let (staff, reason) = (staff(typed, errors), typed.required("reason", errors));
            Command::ReplaceMediator { staff: staff?, legal_section: typed.get("legal_section") == "yes", reason }
        }
        Act::DeclareConflict => Command::DeclareConflict { conflict: typed.choice("conflict", errors) != "no" },
        Act::DecideRecusal => Command::DecideRecusal {
            granted: typed.choice("granted", errors) == "yes",
            reason: typed.required("reason", errors),
        },
        _ => Command::Reassign { staff: staff(typed, errors)? },
    })
}

fn staff(typed: &Typed, errors: &mut Errors) -> Option<StreamId> {
    let chosen = typed.choice("staff", errors);
    if chosen.is_empty() {
        return None;
    }
    let stream = StreamId::parse(&chosen).filter(|s| s.kind() == yanhe_core::StreamKind::Staff);
    if stream.is_none() {
        errors.add("staff", "unknown");
    }
    stream
}
