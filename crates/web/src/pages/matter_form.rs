//! Registering one matter by form. A new penalty decision has the same fields and its own page, in `decision`.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::Html;
use axum::routing::get;
use data_encoding::HEXLOWER;
use yanhe_app::import::{Appeal, is_organisation};
use yanhe_app::{AppError, Command, Request, json, sha256};
use yanhe_core::matter::{self, Penalty, Registered};
use yanhe_core::party::{Name, Party};
use yanhe_core::policy::Role;
use yanhe_core::scope::Source;
use yanhe_core::values::words::LONGEST_TEXT;
use yanhe_core::values::{CreditCode, DocNumber, Document, Money, PersonName, ValueError, as_registered};
use yanhe_core::{Ids, Personal, Reason, StreamId};

use super::listing::{self, Typed, all_hidden, choices, hidden};
use super::matter_people;
use crate::components::{Breadcrumb, Button, Choice, ErrorSummary, Errors, Field, Link, Markup, Width};
use crate::site::{self, Answer, Fault, Site, Visitor, form_fault};
use crate::text::{Lang, fill};

/// `GET, POST /matters/new`.
pub fn router() -> Router<Site> {
    Router::new().route("/matters/new", get(new).post(register))
}

const SOURCES: [&str; 3] = ["penalty", "inspection", "complaint"];

#[derive(Template)]
#[template(path = "pages/matter_form.html")]
struct MatterFormPage {
    title: String,
    errors: ErrorSummary,
    stored: Option<Button>,
    lead: String,
    action: String,
    hidden: Markup,
    sections: Vec<(String, Vec<Field>)>,
    save: Button,
    cancel: Button,
}

/// Only for who may register: clerks and leaders of an organ.
pub(super) fn registrar(visitor: &Visitor) -> Result<(), Fault> {
    visitor.staff()?;
    match visitor.actor.role {
        Role::Clerk | Role::Leader => Ok(()),
        _ => Err(AppError::Denied.into()),
    }
}

async fn new(State(site): State<Site>, visitor: Visitor, Query(asked): Query<Typed>) -> Answer {
    registrar(&visitor)?;
    let typed = Typed(vec![
        ("key".into(), site.app.fresh_key()),
        ("source".into(), asked.get("source").to_owned()),
        ("occurred_on".into(), site.app.today().to_string()),
    ]);
    site::ok(draw(&site, &visitor, &typed, &Errors::new(visitor.lang()), false))
}

/// The form of a matter, or of a new decision: that one asks for no number and no date, and for what was done before.
pub(super) fn draw(site: &Site, visitor: &Visitor, typed: &Typed, errors: &Errors, decision: bool) -> Html<String> {
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let m = &t.matter;
    let text = |name: &str, label: &str| Field::text(lang, name, label).maxlength(200);
    let kinds = vec![Choice::new("organisation", m.organisation), Choice::new("person", m.person)];
    let mut about = vec![
        text("number", t.common.number).hint(m.number_hint),
        Field::date(lang, "occurred_on", m.occurred),
        text("category", m.category).hint(if decision { "" } else { m.category_complaint }),
        Field::textarea(lang, "text", m.text),
    ];
    let mut subject = [
        Field::radio(lang, "subject_kind", if decision { m.subject_kind } else { t.dossier.party_kind }, kinds),
        text("subject_name", m.subject_name),
        text("subject_credit", m.subject_credit).optional(),
        text("subject_document", m.subject_document).optional(),
        text("subject_phone", m.entitled_phone).inputmode("tel").optional(),
        text("subject_email", m.email).inputmode("email").optional(),
        text("subject_address", m.entitled_address).optional(),
    ];
    let mut penalty = vec![
        Field::textarea(lang, "result", m.content),
        Field::text(lang, "fine", m.fine_yuan).inputmode("decimal").width(Width::Medium).optional(),
        Field::text(lang, "confiscation", m.confiscation_yuan).inputmode("decimal").width(Width::Medium).optional(),
        text("licence", m.licence).optional(),
        text("basis", m.article).hint(m.article_hint).optional(),
    ];
    let mut sections = Vec::new();
    if decision {
        about.drain(..2);
        about[0] = text("category", m.category);
        about[1] = Field::textarea(lang, "text", m.text).hint(m.decision_facts_hint);
        penalty[4] = text("basis", m.article).hint(m.article_hint);
    } else {
        // Of three sorts each asks for something else.
        subject[0] = subject[0].clone().hint(m.kind_hint).optional();
        subject[1] = subject[1].clone().hint(m.subject_name_hint).optional();
        about.insert(0, Field::radio(lang, "source", m.source, choices(lang, "source", &SOURCES)));
    }
    sections.push((m.about_title.to_owned(), about));
    sections.push((m.subject.to_owned(), subject.into()));
    if !decision {
        penalty[0] =
            Field::textarea(lang, "result", format!("{} / {}", m.content, m.result)).hint(m.result_hint).optional();
        let reporter = vec![Choice::new("yes", m.is_reporter)];
        let mut caller = matter_people::fields(lang, "complainant", false);
        caller.push(Field::checkbox(lang, "reporter", lang.name("source", "complaint"), reporter).optional());
        caller.push(Field::date(lang, "own_due_on", m.own_due).optional());
        sections.push((m.complainant_title.to_owned(), caller));
    }
    // Whoever is harmed gets a letter of their own, also beside a decision.
    sections.push((m.affected_title.to_owned(), matter_people::fields(lang, "affected", false)));
    sections.push((m.penalty_title.to_owned(), penalty));
    if decision {
        let reason = Field::text(lang, "reason", t.common.reason).hint(m.confirm_against).optional();
        sections.insert(2, (m.hearing_title.to_owned(), super::decision::hearing_fields(lang)));
        sections.push((m.decision_letter_title.to_owned(), vec![reason]));
    }
    let title = if decision { m.decision_title } else { m.new_title };
    let mut frame = visitor.frame(&site.app, title);
    frame.above = Breadcrumb::new(lang, vec![Link::new(t.matters.title, "/matters")]);
    // Where several people are asked for the same thing, a fault says whose it is.
    let asked = sections.iter().flat_map(|(heading, fields)| fields.iter().map(move |field| (heading, field)));
    let asked: Vec<(String, String, String)> =
        asked.map(|(heading, f)| (heading.clone(), f.name.clone(), f.label.clone())).collect();
    let sections = sections
        .into_iter()
        .map(|(heading, fields)| (heading, fields.into_iter().map(|field| typed.field(field, errors)).collect()))
        .collect();
    for (heading, name, label) in &asked {
        if asked.iter().filter(|(_, _, other)| other == label).count() > 1 {
            errors.label(name, &format!("{heading} {label}"));
        }
    }
    frame.page(&MatterFormPage {
        title: title.to_owned(),
        errors: errors.summary(),
        stored: super::matter::stream_of(typed.get("stored"))
            .ok()
            .map(|stored| Button::secondary(m.open_stored).to(format!("/matter/{}", stored.key()))),
        lead: if decision { m.decision_lead } else { m.new_lead }.to_owned(),
        action: if decision { "/matters/decision" } else { "/matters/new" }.to_owned(),
        hidden: Markup::all(&[
            frame.csrf_field(),
            hidden("key", typed.get("key")),
            all_hidden("meant", &typed.all("meant")),
        ]),
        sections,
        save: Button::primary(if decision { m.save_decision } else { m.save }),
        cancel: Button::secondary(t.common.cancel).to("/matters"),
    })
}

/// Persons of a form: drawn from its key by a secret of the program, so that a second press draws the same.
pub(super) fn persons(site: &Site, key: &str) -> Ids {
    let mut seed = [0; 32];
    let drawn = sha256(site.app.form_token(&format!("persons/{key}")).as_bytes());
    if let Ok(bytes) = HEXLOWER.decode(drawn.as_bytes()) {
        seed.copy_from_slice(&bytes);
    }
    Ids::new(seed)
}

/// Who may be an organisation or a human being: told apart by what was chosen, or by the ending of the name.
pub(super) fn party(
    site: &Site,
    ids: &Ids,
    name: &str,
    firm: Option<bool>,
    lang: Lang,
    field: &str,
    errors: &mut Errors,
) -> Party {
    let person = ids.person();
    let firm = firm.unwrap_or_else(|| is_organisation(&site.app.pack, name));
    let name = match firm {
        true => Name::Firm(as_registered(name)),
        false => match PersonName::parse(name) {
            Ok(name) => Name::Human(Personal::new(&person, name.as_str().to_owned())),
            Err(error) => {
                // The subject's form asks what they are; of the others only the name says it.
                let m = &lang.text().matter;
                let choose = if field == "subject_name" { m.name_choose } else { m.name_whole };
                errors.say(
                    field,
                    fill(choose, &[("problem", &listing::problem(lang, &error)), ("choice", m.organisation)]),
                );
                Name::Human(Personal::new(&person, name.to_owned()))
            }
        },
    };
    Party::named(person, name)
}

pub(super) fn document(party: &mut Party, document: Option<Document>) {
    if let Some(document) = document {
        party.document_kind =
            serde_json::to_value(document.kind()).ok().and_then(|value| value.as_str().map(str::to_owned));
        party.document = Some(Personal::new(&party.person, document.number().to_owned()));
    }
}

/// The matter that was typed; every fault is noted at its field.
pub(super) fn read(
    site: &Site,
    visitor: &Visitor,
    typed: &Typed,
    decision: bool,
    errors: &mut Errors,
) -> Option<Registered> {
    let lang = visitor.lang();
    let source = match (decision, typed.get("source")) {
        (true, _) | (_, "penalty") => Some(Source::Penalty),
        (_, "inspection") => Some(Source::Inspection),
        (_, "complaint") => Some(Source::Complaint),
        _ => {
            errors.add("source", "choose");
            None
        }
    };
    // A decision gets its number from the register and bears the day on which it is issued.
    let (number, occurred_on) = match decision {
        true => (Some(String::new()), Some(site.app.today())),
        false => (
            typed.needed("number", errors, lang, DocNumber::parse).map(|number| number.to_string()),
            typed.needed("occurred_on", errors, lang, listing::parse_date),
        ),
    };
    if occurred_on.is_some_and(|day| day > site.app.today()) {
        errors.add("occurred_on", "future");
    }
    let category = typed.needed_text("category", errors);
    // The words of an import, so that an order means the same whichever way it came.
    if source == Some(Source::Complaint)
        && !category.is_empty()
        && let Err(error) = Appeal::parse(&category)
    {
        errors.say("category", if lang == Lang::Zh { error.text_zh() } else { error.text_en() });
    }
    let text = typed.needed_text("text", errors);
    let ids = persons(site, typed.get("key"));

    let penalty = source == Some(Source::Penalty);
    let firm = match typed.get("subject_kind") {
        "organisation" => Some(true),
        "person" => Some(false),
        _ => {
            if penalty {
                errors.add("subject_kind", "choose");
            }
            None
        }
    };
    // Of whom a caller speaks may be unknown; who is punished or inspected is not.
    let subject_name = match source {
        Some(Source::Complaint) => typed.trimmed("subject_name").to_owned(),
        _ => typed.needed_text("subject_name", errors),
    };
    let mut subject =
        (!subject_name.is_empty()).then(|| party(site, &ids, &subject_name, firm, lang, "subject_name", errors));
    let credit = typed.given("subject_credit", errors, lang, CreditCode::parse);
    let subject_document = typed.given("subject_document", errors, lang, Document::guess);
    if let Some(subject) = &mut subject {
        subject.credit_code = credit.map(|code| code.to_string());
        document(subject, subject_document);
    }

    matter_people::contacts(typed, "subject", lang, subject.as_mut(), errors);

    let complainant = match decision {
        true => None,
        false => matter_people::read(site, typed, "complainant", &ids, lang, errors),
    };
    let affected = matter_people::read(site, typed, "affected", &ids, lang, errors);
    let own_due_on = typed.given("own_due_on", errors, lang, listing::parse_date);
    if let (Some(due), Some(on)) = (own_due_on, occurred_on)
        && due < on
    {
        errors.add("own_due_on", "before_matter");
    }
    let result = match source {
        Some(Source::Penalty | Source::Inspection) => typed.needed_text("result", errors),
        _ => String::new(),
    };
    if decision {
        typed.needed_text("basis", errors);
    }
    let fine = typed.given("fine", errors, lang, Money::from_yuan);
    let confiscation = typed.given("confiscation", errors, lang, Money::from_yuan);

    // What cannot be read as a sum is a fault of its own.
    let figure = fine.map_or(0, Money::fen);
    if penalty && (fine.is_some() || typed.trimmed("fine").is_empty()) && !matter::fine_as_written(&result, figure) {
        errors.add("fine", "not_as_written");
    }

    for field in ["text", "result"] {
        if typed.get(field).chars().count() > LONGEST_TEXT {
            errors.say(field, listing::problem(lang, &ValueError::TooLong { limit: LONGEST_TEXT }));
        }
    }
    let (source, number, occurred_on) = (source?, number?, occurred_on?);
    let holder = match source {
        Source::Penalty => subject.as_ref(),
        Source::Complaint => complainant.as_ref().or(affected.as_ref()),
        Source::Inspection => affected.as_ref().or(complainant.as_ref()),
    };
    let holder = holder.map_or_else(|| ids.person(), |party| party.person.clone());
    errors.is_empty().then(|| Registered {
        source,
        number,
        organ: visitor.actor.body.clone(),
        occurred_on,
        subject,
        complainant,
        affected,
        also_affected: Vec::new(),
        caller: None,
        reporter: typed.get("reporter") == "yes" || (source == Source::Complaint && category.contains("举报")),
        category,
        result: Personal::new(&holder, result),
        text: Personal::new(&holder, text),
        remark: None,
        penalty: penalty.then(|| Penalty {
            fine: fine.map_or(0, |m| m.fen()),
            confiscation: confiscation.map_or(0, |m| m.fen()),
            licence: typed.filter("licence"),
            basis: typed.trimmed("basis").to_owned(),
        }),
        own_due_on: own_due_on.filter(|_| source == Source::Complaint),
        status: if source == Source::Complaint { "办理中".to_owned() } else { String::new() },
        batch: None,
        origin: "form".to_owned(),
        row: None,
    })
}

/// Registers the matter; gives its stream, or none when a fault was noted.
async fn store(
    site: &Site,
    visitor: &Visitor,
    typed: &mut Typed,
    errors: &mut Errors,
) -> Result<Option<StreamId>, Fault> {
    let lang = visitor.lang();
    if typed.get("key").is_empty() {
        return Err(Fault::Address);
    }
    typed.0.retain(|(name, _)| name != "stored");
    let Some(matter) = read(site, visitor, typed, false, errors) else { return Ok(None) };
    let pack = &site.app.pack;
    let own = pack.organ(&matter.organ).is_some_and(|organ| matter.number.starts_with(&organ.word));
    let other = pack.mediating().find(|organ| !own && matter.number.starts_with(&organ.word));
    if let Some(other) = other.filter(|_| !typed.all("meant").contains(&matter.number.as_str())) {
        let name = if lang == Lang::Zh { &other.name } else { &other.name_en };
        let whose = [("number", matter.number.as_str()), ("organ", name.as_str())];
        errors.say("number", fill(lang.text().matter.number_other, &whose));
        typed.0.push(("meant".to_owned(), matter.number));
        return Ok(None);
    }
    if matter.source == Source::Penalty
        && !typed.all("meant").contains(&matter.number.as_str())
        && let Some(last) = site.app.far_ahead(&matter.organ, &matter.number).await?
    {
        let m = &lang.text().matter;
        let last = [("number", matter.number.as_str()), ("last", &last.to_string())];
        errors.say("number", fill(m.number_far, &last));
        // The same number once more is meant.
        typed.0.push(("meant".to_owned(), matter.number));
        return Ok(None);
    }
    // An order that is late as soon as it is entered may be one of before, or a day of another year.
    if let Some(due) = matter.own_due_on.filter(|due| *due < site.app.today())
        && !typed.all("meant").contains(&due.to_string().as_str())
    {
        errors.say("own_due_on", fill(lang.text().matter.due_over, &[("day", &*lang.date(due))]));
        typed.0.push(("meant".to_owned(), due.to_string()));
        return Ok(None);
    }
    let stream = matter::stream(matter.source, &matter.number);
    let command = Command::from(matter::Command::Register { matter: Box::new(matter) });
    // The same form put right is another request.
    let content = sha256(json(&command).as_bytes());
    let key = format!("{}/{}", typed.get("key"), &content[..16]);
    match site.app.handle(Request::one(&visitor.actor, key, &stream, command)).await {
        Ok(_) => Ok(Some(stream)),
        Err(AppError::Refused(refusal)) if matches!(refusal.reason, Reason::Differs { .. }) => {
            let column = match &refusal.reason {
                Reason::Differs { column, .. } => lang.name("label", column).to_owned(),
                _ => String::new(),
            };
            typed.0.push(("stored".to_owned(), stream.key().to_owned()));
            errors.say("number", fill(lang.text().matter.exists, &[("column", &column)]));
            Ok(None)
        }
        // Another organ has it: the number is taken, and nothing else is said.
        Err(AppError::Denied) => {
            errors.add("number", "duplicate");
            Ok(None)
        }
        Err(error) => {
            form_fault(errors, lang, error.into())?;
            Ok(None)
        }
    }
}

async fn register(State(site): State<Site>, visitor: Visitor, Form(mut typed): Form<Typed>) -> Answer {
    registrar(&visitor)?;
    visitor.check(typed.get("csrf"))?;
    let mut errors = Errors::new(visitor.lang());
    match store(&site, &visitor, &mut typed, &mut errors).await? {
        Some(stream) => site::see(&format!("/matter/{}", stream.key())),
        None => site::again(draw(&site, &visitor, &typed, &errors, false)),
    }
}
