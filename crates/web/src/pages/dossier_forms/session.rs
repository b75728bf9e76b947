//! Sessions, their record, and the end without agreement.

use jiff::ToSpan;
use yanhe_core::dossier::{self, Asked, Command, ForOrgan, Sitting};
use yanhe_core::policy::{Act, Relation};
use yanhe_core::time::{DateTime, county_time};
use yanhe_core::{Date, PersonId, Personal};

use super::case::Case;
use super::join;
use super::page::{Draw, Form, grounds_of};
use super::typed::Typed;
use crate::components::{Choice, Errors, Field, Markup};
use crate::text::fill;

/// Results of a session.
const RESULTS: [&str; 3] = ["agreed", "adjourned", "failed"];

/// What is filled in when the form is first shown.
pub fn fresh(case: &Case, act: Act, typed: &mut Typed) {
    let Some(session) = case.state.pending() else { return };
    let day = match act {
        Act::RecordSession => "on",
        Act::MoveSession => "at",
        _ => return,
    };
    typed.set(day, session.at.date().to_string());
    typed.set("clock", session.at.strftime("%H:%M").to_string());
    if act == Act::MoveSession {
        typed.set("place", session.place.text().to_owned());
    }
}

/// The next working day; none where the calendar ends.
fn next_working(case: &Case) -> Option<Date> {
    let days = case.today.series(1.day()).skip(1);
    days.take(30).find(|day| case.site.app.calendar.day(*day).is_ok_and(|day| day.kind.is_working()))
}

/// Whoever is called for today, or before anybody works again, can hardly come: that is asked back; and so is a day on
/// which nobody works, and an hour at which nobody comes.
fn asked_back(draw: &Draw<'_>) -> Vec<Markup> {
    let t = &draw.lang.text().dossier_form;
    let all = [("soon", t.soon, t.soon_yes), ("odd", t.odd, t.odd_yes)].into_iter();
    let asked = all.filter(|(name, ..)| draw.errors.at(name).is_some() || draw.typed.get(name) == "yes");
    let field = |(name, says, yes)| Field::checkbox(draw.lang, name, says, vec![Choice::new("yes", yes)]);
    asked.map(|asked| draw.field(field(asked))).collect()
}

/// Is it on a day on which nobody works, or before seven or after ten at night?
fn odd(case: &Case, at: DateTime) -> bool {
    let rests = case.site.app.calendar.day(at.date()).is_ok_and(|day| !day.kind.is_working());
    rests || !(7..22).contains(&at.hour())
}

/// Why a session was held at another time than the one for which it was called: asked where that is so.
fn otherwise(draw: &Draw<'_>) -> Option<Markup> {
    let asked = draw.errors.at("otherwise").is_some() || !draw.typed.get("otherwise").is_empty();
    asked.then(|| draw.area("otherwise", draw.lang.text().dossier_form.otherwise))
}

/// The form of an act of this part.
pub fn form(case: &Case, act: Act, draw: &Draw<'_>) -> Form {
    let (lang, t) = (case.lang, &case.lang.text().dossier_form);
    let pack = &case.site.app.pack;
    let sector = case.state.sector.as_deref();
    match act {
        Act::CallOffSession => Form::of(vec![draw.area("reason", t.call_off_reason)]).warns(lang, t.call_off_session),
        Act::RecordMissed => Form::of(vec![draw.area("note", t.missed_note)]).says(lang, t.missed),
        Act::WithdrawRecord => {
            Form::of(vec![draw.area("reason", t.withdraw_record_reason)]).warns(lang, t.withdraw_record)
        }
        Act::CallSession | Act::MoveSession => {
            let mut form = Form::of(
                vec![draw.date("at", t.session_day), draw.clock("clock", t.session_time), draw.text("place", t.place)]
                    .into_iter()
                    .chain(asked_back(draw))
                    .collect(),
            )
            .says(lang, if act == Act::MoveSession { t.move_session } else { t.call_session });
            if let Ok(rule) = pack.rule("session.notice", sector, yanhe_core::pack::Variant::Basic, case.today)
                && pack.has_rule("session.notice", sector)
            {
                let days = rule.value.to_string();
                let cited = pack.citation(rule, case.today);
                form = form.warns(
                    lang,
                    fill(t.session_notice, &[("days", &days), ("basis", case.pick(&cited.short, &cited.en))]),
                );
            }
            if let Some(most) = sector.and_then(|s| pack.sector(s)).map(|s| s.max_per_side).filter(|n| *n > 0) {
                form = form.says(lang, fill(t.max_per_side, &[("n", &most.to_string())]));
            }
            form
        }
        Act::RecordSession => {
            let present = case.sides().into_iter().map(|(person, name)| Choice::new(person, name)).collect();
            let result = |r: &str| Choice::new(r, lang.get(&format!("dossier_form.result_{r}")).unwrap_or_default());
            let results = RESULTS.map(result).to_vec();
            let mut parts = vec![draw.date("on", t.held_on), draw.clock("clock", t.session_time)];
            parts.extend(otherwise(draw));
            parts.push(draw.field(Field::checkbox(lang, "present", t.present, present)));
            if case.state.is_administrative() {
                let officers = case.staff.iter().filter(|m| {
                    Act::SignRecord.allowed().contains(&(m.role, Relation::Organ))
                        && case.state.mediator.as_ref().is_none_or(|named| named.staff != m.stream.as_str())
                });
                let officers = officers.map(|m| Choice::new(m.stream.as_str(), &m.name));
                let officers = officers.chain([Choice::new("", t.organ_staff_none)]).collect();
                let hint = t.organ_staff_hint;
                parts
                    .push(draw.field(Field::radio(lang, "organ_staff", t.organ_staff, officers).hint(hint).optional()));
                let hint = t.organ_officer_hint;
                parts.push(draw.field(Field::text(lang, "organ_officer", t.organ_officer).hint(hint).optional()));
                parts.push(draw.field(Field::text(lang, "organ_post", t.organ_post).optional()));
            }
            parts.extend([
                draw.radio(
                    "rights_told",
                    t.rights,
                    vec![Choice::new("yes", t.rights_told), Choice::new("no", t.rights_untold)],
                ),
                draw.radio(
                    "recusal",
                    t.recusal_at,
                    vec![
                        Choice::new("no", t.recusal_none),
                        Choice::new("yes", t.recusal_some),
                        Choice::new("unasked", t.recusal_unasked),
                    ],
                ),
                draw.field(
                    Field::radio(lang, "person", t.asks_recusal, join::choices(case, true))
                        .hint(t.asked_there)
                        .optional(),
                ),
                draw.field(Field::textarea(lang, "reason", t.asks_recusal_reason).optional()),
                draw.area("statements", t.statements),
                draw.field(Field::textarea(lang, "undisputed", t.undisputed).optional()),
                draw.radio("result", t.result, results),
            ]);
            Form::of(parts).says(lang, t.record_session)
        }
        _ => Form::of(vec![draw.radio(
            "ground",
            t.ground,
            grounds_of(case, dossier::grounds::of_ending(&case.state, pack, case.today)),
        )])
        .warns(lang, t.end_mediation),
    }
}

/// The command that the form asks for.
pub fn command(case: &Case, act: Act, typed: &Typed, errors: &mut Errors) -> Option<Command> {
    let of = &case.state.claims.of;
    Some(match act {
        Act::CallSession | Act::MoveSession => {
            let at = typed.moment(case.lang, "at", "clock", errors);
            let place = typed.required("place", errors);
            let at = at?;
            // What lies behind is refused for that.
            let ahead = at >= county_time(case.site.app.clock.now());
            let near = next_working(case).is_none_or(|day| at.date() < day);
            if ahead && near && typed.get("soon") != "yes" {
                errors.add("soon", "choose");
            }
            if ahead && odd(case, at) && typed.get("odd") != "yes" {
                errors.add("odd", "choose");
            }
            if act == Act::MoveSession {
                Command::MoveSession { at, place }
            } else {
                Command::CallSession { at, place }
            }
        }
        Act::CallOffSession => Command::CallOffSession { reason: typed.required("reason", errors) },
        Act::RecordMissed => Command::RecordMissed { note: typed.required("note", errors) },
        Act::WithdrawRecord => Command::WithdrawRecord { reason: typed.required("reason", errors) },
        Act::RecordSession => {
            let held_at = typed.moment(case.lang, "on", "clock", errors);
            let present: Vec<PersonId> = typed.all("present").into_iter().map(|p| PersonId(p.to_owned())).collect();
            if present.is_empty() {
                errors.add("present", "choose");
            }
            let (rights, recusal) = (typed.choice("rights_told", errors), typed.choice("recusal", errors));
            let statements = typed.required("statements", errors);
            let result = typed.choice("result", errors);
            let (name, post) = (typed.get("organ_officer").trim(), typed.get("organ_post").trim());
            let staff = Some(typed.get("organ_staff")).filter(|staff| !staff.is_empty()).map(str::to_owned);
            let for_organ = (staff.is_some() || (name, post) != ("", "")).then(|| {
                let name = Personal::new(of, name.to_owned());
                Box::new(ForOrgan { name, post: post.to_owned(), staff, role: None })
            });
            let asked = (recusal == "yes" && typed.has("person")).then(|| Asked {
                person: PersonId(typed.get("person").to_owned()),
                reason: typed.get("reason").to_owned(),
            });
            Command::RecordSession {
                asked,
                sitting: Sitting {
                    held_at: held_at?,
                    present,
                    statements: Personal::new(of, statements),
                    undisputed: Personal::new(of, typed.get("undisputed").trim().to_owned()),
                    result,
                    rights_told: rights == "yes",
                    recusal: match recusal.as_str() {
                        "yes" => Some(true),
                        "no" => Some(false),
                        _ => None,
                    },
                    for_organ,
                    otherwise: Some(typed.get("otherwise").trim())
                        .filter(|why| !why.is_empty())
                        .map(|why| Personal::new(of, why.to_owned())),
                },
            }
        }
        _ => Command::EndMediation { ground: typed.choice("ground", errors) },
    })
}
