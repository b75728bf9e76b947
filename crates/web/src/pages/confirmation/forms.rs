//! `GET` and `POST /confirmation/KEY/ACT`: the organ attests and files; the court dockets, hears and rules.

use axum::extract::{Path, State};
use axum::response::Html;
use yanhe_app::Request;
use yanhe_core::confirmation::{Command, Confirmation};
use yanhe_core::policy::Act;
use yanhe_core::{StreamId, StreamKind};

use super::super::accepted;
use super::super::dossier_forms::by_hand;
use super::super::dossier_forms::page::{Around, Draw, Form, decided_between, decision, grounds, page};
use super::super::dossier_forms::typed::Typed;
use super::Filing;
use crate::components::{Choice, Deadline, Errors, Field, Markup, SummaryList, Width};
use crate::site::{self, Answer, Fault, Site, Visitor};
use crate::stale;
use crate::text::{Lang, fill, refusal};

fn act_of(filing: &Filing, name: &str) -> Result<Act, Fault> {
    let offered = Confirmation::OFFERED.iter().filter(|act| **act != Act::SignConfirmation);
    let act = offered.copied().find(|act| act.name() == name).ok_or(yanhe_app::AppError::NotFound)?;
    if filing.may(act) { Ok(act) } else { Err(yanhe_app::AppError::Denied.into()) }
}

fn form(filing: &Filing, act: Act, draw: &Draw<'_>) -> Form {
    let (lang, s) = (filing.lang, &filing.state);
    let c = &lang.text().confirmation;
    let pack = &filing.site.app.pack;
    match act {
        Act::AttestConfirmation => {
            let missing = s.unsigned();
            let signers = s.subject.parties.iter().map(|p| (format!("party/{}", p.person), p.name.text()));
            let signers =
                signers.filter(|(signer, _)| missing.contains(signer)).map(|(signer, name)| Choice::new(signer, name));
            let firms = s.subject.parties.iter().any(yanhe_core::party::Party::is_firm);
            let code = !s.check_code.is_empty();
            Form::of(by_hand::form(draw, signers.collect(), firms, code)).says(lang, c.attest).with_file()
        }
        Act::CertifyPresiding => Form::default().says(lang, c.certify).lead(Markup::of(&super::parts::parties(filing))),
        Act::FileConfirmation => Form::of(vec![
            draw.field(Field::date(lang, "on", c.handed_in).hint(c.handed_in_hint).optional()),
            draw.field(Field::text(lang, "how", c.handed_in_how).hint(c.handed_in_how_hint).optional()),
        ])
        .lead(Markup::of(&Deadline::counted(lang, &s.subject.apply_by, filing.today)))
        .says(lang, c.file),
        Act::DocketConfirmation => {
            let judges = filing.judges().map(|m| Choice::new(m.stream.as_str(), &m.name)).collect();
            let example = pack.court_number(None, filing.today.year(), 1);
            let mut fields = vec![
                draw.field(
                    Field::text(lang, "number", c.court_number)
                        .hint(fill(c.number_hint, &[("example", &example)]))
                        .width(Width::Full),
                ),
                draw.radio("judge", lang.name("role", "judge"), judges),
                draw.field(Field::date(lang, "on", c.hearing_day).hint(c.hearing_hint).optional()),
                draw.field(Field::text(lang, "clock", c.hearing_time).hint(c.hearing_time_hint).optional()),
                draw.field(Field::text(lang, "place", c.hearing_place).optional()),
            ];
            // Asked only of who chose such a day.
            if draw.errors.at("rest_day").is_some() || draw.typed.get("rest_day") == "yes" {
                let meant = vec![Choice::new("yes", c.rest_day_yes)];
                fields.push(draw.field(Field::checkbox(lang, "rest_day", c.rest_day, meant)));
            }
            Form::of(fields).says(lang, c.docket)
        }
        Act::DeclineConfirmation => {
            let grounds = grounds(&filing.site, lang, &pack.court_refusal_grounds);
            Form::of(vec![draw.radio("ground", c.ground, grounds), draw.area("reasons", c.reasons)])
                .warns(lang, c.decline)
        }
        Act::HearParties => {
            let mut fields = vec![draw.date("on", c.heard_on)];
            fields.extend(s.hearing_at.map(|at| {
                let hint = fill(c.moved_hint, &[("day", &lang.time(at))]);
                draw.field(Field::text(lang, "moved", c.moved).hint(hint).optional())
            }));
            let all = vec![Choice::new("yes", c.all_heard_yes)];
            fields.push(draw.field(Field::checkbox(lang, "all_heard", c.all_heard, all)));
            fields.push(draw.area("findings", c.findings));
            Form::of(fields).says(lang, c.hear)
        }
        Act::DocketAgain => Form::default().says(lang, c.docket_again),
        Act::ReissueRuling => Form::default().warns(lang, c.reissue),
        Act::RuleValid => {
            let due = s.subject.draft.obligations.iter().map(|o| o.due).max().unwrap_or(s.subject.effective_on);
            let limit =
                filing.site.app.with_facts(&filing.actor, &filing.stream, |f| f.limit("enforcement.apply", due, None));
            let form = Form::of(vec![draw.area("reasons", c.reasons)]).warns(lang, c.rule_valid);
            match limit {
                Ok(limit) => form.lead(Markup::of(&Deadline::counted(lang, &limit, filing.today))),
                Err(_) => form,
            }
        }
        _ => {
            let mut choices = grounds(&filing.site, lang, &pack.rejection_grounds);
            choices.extend(grounds(&filing.site, lang, &pack.court_refusal_grounds));
            Form::of(vec![draw.radio("ground", c.ground, choices), draw.area("reasons", c.reasons)])
                .warns(lang, c.rule_reject)
        }
    }
}

fn command(lang: Lang, act: Act, typed: &Typed, scan: Option<String>, errors: &mut Errors) -> Option<Command> {
    let command = match act {
        Act::AttestConfirmation => Command::Attest(by_hand::read(typed, scan, errors)?),
        Act::CertifyPresiding => Command::Certify {},
        Act::FileConfirmation => {
            let told = !typed.get("on").trim().is_empty();
            let on = if told { typed.date("on", errors) } else { None };
            Command::File { on, how: typed.get("how").trim().to_owned() }
        }
        Act::DocketConfirmation => {
            let chosen = typed.choice("judge", errors);
            let judge = StreamId::parse(&chosen).filter(|s| s.kind() == StreamKind::Staff);
            if judge.is_none() && !chosen.is_empty() {
                errors.add("judge", "unknown");
            }
            let set = !typed.get("on").trim().is_empty() || !typed.get("clock").trim().is_empty();
            let hearing = if set { typed.moment(lang, "on", "clock", errors) } else { None };
            let place = typed.get("place").trim().to_owned();
            let rest_day = typed.get("rest_day") == "yes";
            Command::Docket { number: typed.required("number", errors), judge: judge?, hearing, place, rest_day }
        }
        Act::DeclineConfirmation => {
            Command::Decline { ground: typed.choice("ground", errors), reasons: typed.required("reasons", errors) }
        }
        Act::HearParties => {
            let all_heard = typed.get("all_heard") == "yes";
            if !all_heard {
                errors.add("all_heard", "not_agreed");
            }
            let on = typed.date("on", errors);
            let moved = typed.get("moved").trim().to_owned();
            Command::Hear { findings: typed.required("findings", errors), all_heard, on: on?, moved }
        }
        Act::DocketAgain => Command::DocketAgain {},
        Act::ReissueRuling => Command::ReissueRuling {},
        Act::RuleValid => Command::RuleValid { reasons: typed.required("reasons", errors) },
        _ => Command::RuleReject { ground: typed.choice("ground", errors), reasons: typed.required("reasons", errors) },
    };
    errors.is_empty().then_some(command)
}

fn about(filing: &Filing) -> SummaryList {
    let (lang, s) = (filing.lang, &filing.state);
    let names: Vec<&str> = s.subject.parties.iter().map(|p| p.name.text()).collect();
    SummaryList::new()
        .row(lang.text().common.number, s.shown_number())
        .row(lang.text().dossier.parties, lang.list(&names))
        .row(lang.text().common.state, lang.name("state", s.stage.name()))
}

async fn draw(
    filing: &Filing,
    visitor: &Visitor,
    act: Act,
    typed: &Typed,
    errors: &Errors,
) -> Result<Html<String>, Fault> {
    let (app, lang) = (&filing.site.app, filing.lang);
    let label = lang.name("act", act.name());
    let frame = visitor.frame(app, label);
    let closed = app.refusal::<Confirmation>(&filing.actor, &filing.stream, Some(&filing.state), act).await?;
    let open = closed.is_none();
    let form = match closed {
        None => form(filing, act, &Draw { lang, typed, errors }),
        Some(why) => {
            let form = Form::default().warns(lang, refusal(lang, &why));
            if filing.state.is_lapsed(filing.today) { form.says(lang, lang.text().dossier_form.remains) } else { form }
        }
    };
    let key = if typed.get("key").is_empty() { app.fresh_key() } else { typed.get("key").to_owned() };
    let others = app.acts::<Confirmation>(&filing.actor, &filing.stream, &filing.state, decided_between(act)).await?;
    let around = Around {
        action: format!("{}/{}", filing.href(), act.name()),
        back: filing.href(),
        decision: decision(lang, &filing.href(), act, &others),
        key,
        version: filing.version,
        about: about(filing),
        label: label.to_owned(),
        open,
    };
    Ok(page(&frame, around, form, errors))
}

/// The form of an act, or why it is not open.
///
/// # Errors
/// Not found, not allowed.
pub async fn show(State(site): State<Site>, visitor: Visitor, Path((key, name)): Path<(String, String)>) -> Answer {
    let filing = Filing::load(&site, &visitor, &key).await?;
    let act = act_of(&filing, &name)?;
    let mut typed = Typed::default();
    if act == Act::HearParties {
        // As it was set, where that day has come.
        let set = filing.state.hearing_at.map(|at| at.date()).filter(|day| *day <= filing.today);
        typed.set("on", set.unwrap_or(filing.today).to_string());
    }
    site::ok(draw(&filing, &visitor, act, &typed, &Errors::new(filing.lang)).await?)
}

/// Carries an act out.
///
/// # Errors
/// Not found, not allowed, or the database fails.
pub async fn take(
    State(site): State<Site>,
    visitor: Visitor,
    Path((key, name)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    visitor.staff()?;
    visitor.check(typed.get("csrf"))?;
    let filing = Filing::load(&site, &visitor, &key).await?;
    let act = act_of(&filing, &name)?;
    let mut errors = Errors::new(filing.lang);
    let mut scan = None;
    if let Some(upload) = typed.file.as_ref().filter(|_| act == Act::AttestConfirmation) {
        if let Some(why) = accepted::refused(filing.lang, &upload.name, &upload.bytes) {
            errors.say("scan", why);
        } else {
            let of = &filing.state.subject.draft.facts.of;
            let stored =
                site.app.store_file(&filing.stream, of, &upload.name, upload.bytes.clone(), &visitor.actor).await?;
            scan = Some(stored.sha256);
        }
    }
    if let Some(command) = command(filing.lang, act, &typed, scan, &mut errors) {
        let mut request = Request::one(&visitor.actor, typed.get("key"), &filing.stream, command);
        // A signature that came meanwhile changes nothing for attesting another; everything else was decided on what
        // was seen.
        if act != Act::AttestConfirmation {
            request = request.seen(&filing.stream, stale::version(typed.get("version")));
        }
        match site.app.handle(request).await {
            Ok(_) => return site::see(&format!("{}?done={}", filing.href(), act.name())),
            Err(error) => stale::told(&site, &mut errors, filing.lang, error).await?,
        }
    }
    let filing = Filing::load(&site, &visitor, &key).await?;
    site::again(draw(&filing, &visitor, act, &typed, &errors).await?)
}
