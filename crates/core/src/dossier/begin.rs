//! How a case begins: with an application, and with what it does to the parties' limits.

use super::decide::{field, required};
use super::{Command, Context, Event, Origin, RunningLimit, State, Via, renewal};
use crate::pack::ASK;
use crate::party::Party;
use crate::refusal::{Reason, Refusal};
use crate::scope::Kind;
use crate::stream::Facts;
use crate::time::Date;
use crate::{PersonId, Personal};

pub(super) fn begin(command: Command, facts: &Facts<'_>, context: &Context) -> Result<Vec<Event>, Refusal> {
    let Command::Apply {
        via,
        matter: _,
        organ,
        entry,
        applicants,
        mut respondents,
        claims,
        facts: reasons,
        known_on,
        electronic_service,
        other_proceedings,
        agrees_named,
        told_on,
        told_late,
        renews: _,
        disputed,
    } = command
    else {
        return Err(Reason::NotFound.into());
    };
    required("claims", &claims)?;
    required("facts", &reasons)?;
    // A form sends its empty lines too.
    respondents.retain(|p| !p.name.text().trim().is_empty());
    let first = applicants.first().ok_or_else(|| field("applicant", "required"))?;
    if applicants.iter().any(|p| p.name.text().trim().is_empty()) {
        return Err(field("applicant", "required"));
    }
    let renews = context.earlier.as_ref().map(|earlier| renewal::begin(earlier, first, facts)).transpose()?;
    let earlier = context.earlier.as_ref().map(|earlier| &earlier.case);
    let origin = context.matter.as_ref().filter(|_| earlier.is_none());
    let organ = earlier.map(|e| e.organ.clone()).or(origin.map(|m| m.organ.clone())).unwrap_or(organ);
    if facts.pack.organ(&organ).is_none() {
        return Err(Reason::UnknownOrgan { name: organ }.into());
    }
    if via == Via::Oral && !facts.actor.body.is_empty() && facts.actor.body != organ {
        return Err(field("organ", "not_yours"));
    }
    let entry = earlier.map(|e| e.entry.clone()).or(origin.map(|m| m.entry.clone())).unwrap_or(entry);
    if !entry.is_empty() && facts.pack.scope.entry_name(&entry).is_none() {
        return Err(field("entry", "unknown"));
    }
    // Without a matter, the kind is that of what the dispute is said to be about.
    let kind = match (earlier, origin) {
        (Some(earlier), _) => earlier.kind,
        (None, Some(m)) if m.kind != Kind::None => m.kind,
        (None, Some(_)) => Kind::Civil,
        (None, None) => facts.pack.scope.kind_of(&entry).unwrap_or(Kind::Civil),
    };
    // Whoever reports is never named to the other side, and whoever applies is.
    if origin.is_some_and(|m| m.reporter) && kind != Kind::Administrative && !agrees_named {
        return Err(field("agrees_named", "not_agreed"));
    }
    let sector = match (earlier, origin) {
        (Some(earlier), _) => earlier.sector.clone(),
        (None, Some(m)) => m.sector.clone(),
        (None, None) => facts.pack.scope.sector_of(&entry).map(str::to_owned),
    };
    if kind == Kind::Administrative {
        // The organ stays the party that it was.
        let organ_before = earlier.map(|earlier| earlier.respondents.clone());
        respondents = organ_before.unwrap_or_else(|| vec![organ_party(&organ, facts, context)]);
    } else if respondents.is_empty() {
        return Err(field("respondent", "required"));
    }
    let today = facts.today();
    // What was told by telephone yesterday was applied for yesterday; a form that is sent, when it is sent.
    let on = told_on.filter(|_| via == Via::Oral).unwrap_or(today);
    if on > today {
        return Err(field("told_on", "future"));
    }
    // Which decision it is about where no matter says so: an earlier case keeps what was told of it.
    let disputed = match earlier {
        Some(earlier) => earlier.disputed.clone(),
        None => disputed.filter(|_| kind == Kind::Administrative && origin.is_none()),
    };
    let told = disputed.as_ref().and_then(|decision| decision.on);
    if told.is_some_and(|decided| decided > on) {
        return Err(field("old_on", "after_application"));
    }
    if told.is_some_and(|decided| !counts(decided, facts)) {
        return Err(field("old_on", "before_calendar"));
    }
    if known_on.is_some_and(|known| known > today) {
        return Err(field("known_on", "future"));
    }
    if known_on.is_some_and(|known| !counts(known, facts)) {
        return Err(field("known_on", "before_calendar"));
    }
    let days = match &context.earlier {
        Some(earlier) => earlier.days,
        None => origin.map(|m| m.days),
    };
    let decided = days.filter(|_| kind == Kind::Administrative);
    let decided_on = decided.filter(|days| days.decided).map(|days| days.occurred_on).or(told);
    if decided_on.zip(known_on).is_some_and(|(decided, known)| known < decided) {
        return Err(field("known_on", "before_decision"));
    }
    // What the earlier application interrupted counts from there.
    let claims_before = earlier.into_iter().flat_map(|earlier| &earlier.limits).filter(|limit| !limit.asks());
    let before = claims_before.clone().map(|limit| limit.deadline.from).max();
    // Who was served knew of the decision (行政复议法实施条例 15): what is proved counts, whatever is said of it.
    let proved = decided.and_then(|decided| decided.served_on);
    let said = proved.or(known_on).or(before);
    // Where nobody says since when: at the latest since the matter, or since the application itself; of a decision that was
    // told without a matter, from its own day, as of one that is on file.
    let latest = match origin.map(|m| m.days) {
        Some(days) if decided.is_some_and(|days| days.decided) => days.known_on(),
        Some(days) => days.known_on().min(on),
        None => told.unwrap_or(on),
    };
    let known = said.unwrap_or(latest);
    let assumed = match proved.or(known_on) {
        Some(_) => false,
        None => before.is_none() || claims_before.into_iter().any(|limit| limit.assumed),
    };
    if on < known {
        return Err(field("told_on", "before_known"));
    }
    // Whoever writes down late moves limits of both sides back: the file says why.
    let late = working_days_between(on, today, facts) > facts.pack.parameters.oral_record_days;
    if late {
        required("told_late", &told_late)?;
    }
    let phones_told = phones_told(&respondents, kind, earlier.map(|earlier| &**earlier), origin);
    let own = own_phone(&applicants, &respondents);
    if let Some(n) = own.filter(|n| respondents.get(*n).is_some_and(|p| phones_told.contains(&p.person))) {
        let side = if n == 0 { "respondent".to_owned() } else { format!("respondent{}", n + 1) };
        return Err(field(&format!("{side}/phone"), "own_phone"));
    }
    let accept_by = facts.limit("mediation.accept", on, sector.as_deref())?;
    let person = first.person.clone();
    Ok(vec![Event::Applied {
        via,
        court: facts.pack.court_of(&organ).to_owned(),
        kind,
        sector: sector.clone(),
        matter: match earlier {
            Some(earlier) => earlier.matter.clone(),
            None => origin.map(|m| m.stream.clone()),
        },
        matter_number: match earlier {
            Some(earlier) => earlier.matter_number.clone(),
            None => origin.map_or_else(String::new, |m| m.number.clone()),
        },
        renews: renews.map(Box::new),
        application: facts.paper(if via == Via::Oral { "oral_application" } else { "application" }, &organ),
        check_code: Some(facts.ids.code(8)),
        access: Some(facts.ids.code(facts.pack.letter_code_length())),
        on,
        limits: {
            let mut limits = limits(kind, &entry, (known, assumed), on, facts)?;
            // A renewal is not asked for within it once more.
            let asks = facts.pack.letter_limits(kind, &entry, sector.as_deref()).contains(&ASK) && earlier.is_none();
            if asks {
                let deadline = facts.limit(ASK, latest, sector.as_deref())?;
                limits.push(RunningLimit { deadline, interrupted: false, assumed: true });
            }
            limits
        },
        accept_by: Box::new(accept_by),
        applicants,
        respondents,
        claims: Personal::new(&person, claims),
        facts: Personal::new(&person, reasons),
        electronic_service,
        told_late: late.then(|| Box::new(Personal::new(&person, told_late.trim().to_owned()))),
        other_proceedings: other_proceedings.map(|named| Personal::new(&person, named.trim().to_owned())),
        disputed,
        agrees_named,
        organ,
        entry,
        phones_told,
    }])
}

/// The place on the other side of somebody for whom the applicant gives a phone of the applicant's own: it would answer for
/// both sides.
pub fn own_phone(applicants: &[Party], respondents: &[Party]) -> Option<usize> {
    let own = |phone: &str| applicants.iter().any(|party| party.phone_text() == Some(phone));
    respondents.iter().position(|party| party.phone_text().is_some_and(own))
}

/// Those on the other side whose phone neither the matter nor the earlier case knows: the applicant alone names it.
fn phones_told(respondents: &[Party], kind: Kind, earlier: Option<&State>, origin: Option<&Origin>) -> Vec<PersonId> {
    if kind == Kind::Administrative {
        return Vec::new();
    }
    let before = |party: &Party| {
        let known = earlier.and_then(|case| Some((case, case.party(&party.person)?)));
        known.is_some_and(|(case, known)| {
            known.phone_text() == party.phone_text() && !case.phones_told.contains(&party.person)
        })
    };
    let matter = |party: &Party| {
        let phones = origin.into_iter().flat_map(|origin| &origin.phones);
        phones
            .into_iter()
            .any(|(person, phone)| *person == party.person && phone.open().map(String::as_str) == party.phone_text())
    };
    let told = respondents.iter().filter(|party| party.phone_text().is_some() && !before(party) && !matter(party));
    told.map(|party| party.person.clone()).collect()
}

fn organ_party(organ: &str, facts: &Facts<'_>, context: &Context) -> Party {
    let person = facts.ids.person();
    let profile = context.organ.as_ref();
    Party {
        phone: profile.map(|p| Personal::new(&person, p.phone.clone())),
        address: profile.map(|p| Personal::new(&person, p.address.clone())),
        ..Party::firm(person, facts.pack.body_name(organ))
    }
}

/// Working days after a day, up to another one.
fn working_days_between(from: Date, to: Date, facts: &Facts<'_>) -> usize {
    let days = from.series(jiff::Span::new().days(1)).skip(1).take_while(|day| *day <= to);
    days.filter(|day| facts.calendar.day(*day).is_ok_and(|day| day.kind.is_working())).count()
}

/// Can limits be counted from that day? Before the first year of the calendar nobody can, and none may vanish for it.
pub(super) fn counts(on: Date, facts: &Facts<'_>) -> bool {
    on.year() >= facts.calendar.first_year()
}

/// What the application does to the parties' limits: a civil one interrupts limitation, which counts anew from that
/// day (民法典 195, 劳动争议调解仲裁法 27), unless it has run out already; those of review and suit run on.
pub(super) fn limits(
    kind: Kind,
    entry: &str,
    (known, assumed): (Date, bool),
    on: Date,
    facts: &Facts<'_>,
) -> Result<Vec<RunningLimit>, Refusal> {
    let running = |id: &str| {
        let deadline = facts.limit(id, known, None)?;
        Ok::<_, Refusal>(RunningLimit { deadline, interrupted: false, assumed })
    };
    let anew = |id: &str| {
        // A claim from before the calendar is older than any limit: there is nothing to interrupt.
        if known.year() < facts.calendar.first_year() {
            return Ok(None);
        }
        let deadline = facts.limit(id, known, None)?;
        let over = deadline.last_day < on;
        let deadline = if over { deadline } else { facts.limit(id, on, None)? };
        Ok::<_, Refusal>(Some(RunningLimit { deadline, interrupted: !over, assumed }))
    };
    let ids = facts.pack.claim_limits(kind, entry).iter();
    match kind {
        Kind::Administrative => ids.map(|id| running(id)).collect(),
        _ => Ok(ids.map(|id| anew(id)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()),
    }
}
