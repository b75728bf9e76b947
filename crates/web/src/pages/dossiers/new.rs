//! `/dossiers/new[?matter=KEY|again=KEY]`: a clerk records an oral application, also to mediate a case once more; the
//! record is printed and signed by hand.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use serde::Deserialize;
use yanhe_app::Request;
use yanhe_core::dossier::{Command, Dossier, Via, everybody};
use yanhe_core::party::{Name, Party};
use yanhe_core::policy::Act;
use yanhe_core::scope::Kind;
use yanhe_core::values::{CreditCode, Document, DocumentKind, PersonName, Phone};
use yanhe_core::{Date, Ids, PersonId, Personal, StreamId, StreamKind, matter};

use super::super::counter::{kind_key, kind_of};
use super::super::dossier_forms::case::pick;
use super::super::dossier_forms::page::Draw;
use super::super::dossier_forms::typed::Typed;
use crate::components::{Button, Choice, ErrorSummary, Errors, Field, Link, Markup, Notice, NoticeKind, Width};
use crate::layout::Frame;
use crate::site::{self, Answer, Fault, Site, Visitor, form_fault};
use crate::text::{Lang, fill};

#[derive(Template)]
#[template(path = "pages/dossiers/new.html")]
struct NewPage<'a> {
    d: &'static crate::text::TextDossier,
    frame: &'a Frame,
    errors: ErrorSummary,
    limits: &'static str,
    from: String,
    goes_on: Option<Link>,
    others: Vec<Link>,
    key: String,
    case: String,
    matter: String,
    again: String,
    who: String,
    applicant: Vec<Markup>,
    respondent: Vec<Markup>,
    more: Vec<Vec<Markup>>,
    dispute: Vec<Markup>,
    save: Button,
}

/// From where an application comes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct From {
    matter: String,
    /// Key of a case that is to be mediated once more.
    again: String,
    /// Who applies: of a matter `subject`, `complainant` or `affected`; of a case the place among its parties, from 0.
    who: String,
}

/// What is known before anything is typed.
#[derive(Default)]
struct Known {
    /// In words.
    from: String,
    matter: Option<StreamId>,
    renews: Option<StreamId>,
    applicant: Option<Party>,
    /// The other side.
    others: Vec<Party>,
    /// The applicant's dispute is one with the organ itself.
    administrative: bool,
    /// The day on which the decision was served that an administrative dispute is about, where that is recorded.
    served_on: Option<Date>,
    /// The applicant reported, and the other side does not know their name.
    reporter: bool,
    claims: String,
    facts: String,
    electronic: bool,
    /// A case that the applicant has from this matter and that goes on, with its number.
    goes_on: Option<(StreamId, String)>,
    /// The cases that began from there already, and the stream of the next one: what the portal would begin too.
    begun: Option<(Vec<StreamId>, StreamId)>,
    /// The same for everybody else who may apply.
    instead: Vec<Link>,
}

/// Who may record: a clerk or mediator, for the own organ.
fn allowed(visitor: &Visitor) -> Result<(), Fault> {
    visitor.staff()?;
    if super::records(visitor) { Ok(()) } else { Err(yanhe_app::AppError::Denied.into()) }
}

async fn known(site: &Site, visitor: &Visitor, typed: &Typed) -> Result<Known, Fault> {
    let d = &visitor.lang().text().dossier;
    let stream = |kind, key: &str| StreamId::parse(&StreamId::new(kind, key).to_string()).ok_or(Fault::Address);
    let (matter, again, who) = (typed.get("matter"), typed.get("again"), typed.get("who"));
    let entry = typed.get("entry");
    if !again.is_empty() {
        let stream = stream(StreamKind::Dossier, again)?;
        let case = site.app.permit::<Dossier>(&visitor.actor, Act::ReadDossier, &stream).await?;
        let all: Vec<&Party> = everybody(&case).map(|(_, party)| party).collect();
        let place = if who.is_empty() { 0 } else { who.parse().map_err(|_| Fault::Address)? };
        let applicant = *all.get(place).ok_or(Fault::Address)?;
        // The organ does not apply to itself.
        let organ = case.organ_signer();
        let instead =
            all.iter().enumerate().filter(|(n, p)| *n != place && organ != Some(format!("party/{}", p.person)));
        let link = |(n, party): (usize, &&Party)| {
            Link::new(party.name.text(), format!("/dossiers/new?again={}&who={n}", stream.key()))
        };
        let agreed = case.agreement.as_ref().filter(|a| a.effective_on.is_some());
        let matter = match case.matter.as_ref().filter(|_| case.is_administrative()) {
            Some(matter) => site.app.state::<matter::Matter>(matter).await?,
            None => None,
        };
        return Ok(Known {
            from: fill(d.new_again, &[("number", &case.application.number)]),
            applicant: Some(applicant.clone()),
            others: case.others(&applicant.person).cloned().collect(),
            administrative: case.is_administrative(),
            served_on: matter.and_then(|matter| matter.days().served_on),
            claims: match agreed {
                Some(a) => fill(Lang::Zh.text().apply.again_claims, &[("number", &a.paper.number)]),
                None => case.claims.open().cloned().unwrap_or_default(),
            },
            facts: case.facts.open().cloned().unwrap_or_default(),
            electronic: case.by_message(&applicant.person) == Some(true),
            instead: instead.map(link).collect(),
            begun: Some(site.app.begun(&stream, None).await?),
            renews: Some(stream),
            ..Known::default()
        });
    }
    if matter.is_empty() {
        let administrative = site.app.pack.scope.kind_of(entry) == Some(Kind::Administrative);
        return Ok(Known { administrative, ..Known::default() });
    }
    let stream = stream(StreamKind::Matter, matter)?;
    let state = site.app.permit::<matter::Matter>(&visitor.actor, Act::ReadMatter, &stream).await?;
    // The one in the role that is asked for, else the first of those entitled.
    let applicant =
        state.all_entitled().find(|(of, _)| *of == who).map(|(_, party)| party).or_else(|| state.entitled());
    let other = applicant.and_then(|party| state.other_side_of(&party.person));
    let kind = applicant.map_or(state.kind(), |party| state.kind_of(&party.person));
    let (cases, begun) = match applicant {
        Some(party) => {
            let begun = site.app.begun(&stream, Some(&party.person)).await?;
            (site.app.cases_from(&stream, &party.person).await?, Some(begun))
        }
        None => (Vec::new(), None),
    };
    let goes_on = cases.into_iter().find(|(_, case)| case.goes_on());
    Ok(Known {
        goes_on: goes_on.map(|(stream, case)| (stream, case.application.number)),
        begun,
        from: fill(d.new_from_matter, &[("number", &state.matter.number)]),
        others: other.into_iter().cloned().collect(),
        administrative: kind == Kind::Administrative,
        served_on: state.days().served_on.filter(|_| kind == Kind::Administrative),
        reporter: applicant.is_some_and(|party| state.is_reporter(&party.person)),
        facts: applicant.and_then(|party| state.own_words(&party.person)).unwrap_or_default().to_owned(),
        applicant: applicant.cloned(),
        matter: Some(stream),
        ..Known::default()
    })
}

/// The form.
///
/// # Errors
/// Not allowed, or no such matter.
pub async fn show(State(site): State<Site>, visitor: Visitor, Query(from): Query<From>) -> Answer {
    allowed(&visitor)?;
    let mut typed = Typed::default();
    typed.set("key", site.app.fresh_key());
    typed.set("matter", from.matter);
    typed.set("again", from.again);
    typed.set("who", from.who);
    let known = known(&site, &visitor, &typed).await?;
    typed.set("case", known.begun.as_ref().map_or("", |(_, next)| next.key()));
    typed.set("told_on", site.app.today().to_string());
    for side in ["applicant", "respondent"] {
        typed.set(&format!("{side}/party_kind"), "human");
        typed.set(&format!("{side}/document_kind"), kind_key(DocumentKind::ResidentId));
    }
    fill_in(&mut typed, "applicant", known.applicant.as_ref());
    for (side, party) in SIDES.into_iter().zip(&known.others) {
        fill_in(&mut typed, side, Some(party));
    }
    typed.set("claims", known.claims.clone());
    typed.set("facts", known.facts.clone());
    typed.set("electronic", if known.electronic { "yes" } else { "" });
    site::ok(draw(&site, &visitor, &typed, &known, &Errors::new(visitor.lang())))
}

/// Puts what is known of a party into the form.
fn fill_in(typed: &mut Typed, side: &str, party: Option<&Party>) {
    let Some(party) = party else { return };
    let text = |p: &Option<Personal<String>>| p.as_ref().map_or_else(String::new, |p| p.text().to_owned());
    typed.set(&format!("{side}/party_kind"), if party.is_firm() { "firm" } else { "human" });
    typed.set(&format!("{side}/name"), party.name.text());
    typed.set(&format!("{side}/credit_code"), party.credit_code.clone().unwrap_or_default());
    if let Some(kind) = &party.document_kind {
        typed.set(&format!("{side}/document_kind"), kind.clone());
    }
    typed.set(&format!("{side}/document"), text(&party.document));
    typed.set(&format!("{side}/phone"), text(&party.phone));
    typed.set(&format!("{side}/address"), text(&party.address));
}

/// The other side: the first, and further ones.
const SIDES: [&str; 3] = ["respondent", "respondent2", "respondent3"];

fn side(lang: Lang, draw: &Draw<'_>, side: &str) -> Vec<Markup> {
    let d = &lang.text().dossier;
    let name = |part: &str| format!("{side}/{part}");
    let kinds = vec![Choice::new("human", d.party_human), Choice::new("firm", d.party_firm)];
    let documents =
        DocumentKind::ALL.map(|kind| Choice::new(kind_key(kind), pick(lang, kind.name_zh(), kind.name_en()))).to_vec();
    let document = Field::text(lang, name("document"), d.document).optional().width(Width::Medium);
    let parts = vec![
        draw.radio(&name("party_kind"), d.party_kind, kinds),
        draw.field(match SIDES.iter().skip(1).any(|more| *more == side) {
            true => Field::text(lang, name("name"), d.party_name).optional(),
            false => Field::text(lang, name("name"), d.party_name),
        }),
        draw.field(Field::select(lang, name("document_kind"), d.document_kind, documents).width(Width::Medium)),
        draw.field(document),
        draw.field(Field::text(lang, name("credit_code"), d.credit_code).optional().width(Width::Medium)),
        draw.field(Field::text(lang, name("phone"), d.phone).optional().inputmode("tel").width(Width::Medium)),
        draw.field(Field::text(lang, name("address"), d.address).optional()),
    ];
    // The same is asked of everybody: a fault says whose it is.
    let whose = match side.strip_prefix("respondent") {
        None => d.applicant.to_owned(),
        Some(number) => format!("{} {number}", d.respondent),
    };
    let labels = [
        ("party_kind", d.party_kind),
        ("name", d.party_name),
        ("document_kind", d.document_kind),
        ("document", d.document),
        ("credit_code", d.credit_code),
        ("phone", d.phone),
        ("address", d.address),
    ];
    for (part, label) in labels {
        draw.errors.label(&name(part), &format!("{} {label}", whose.trim()));
    }
    parts
}

fn draw(site: &Site, visitor: &Visitor, typed: &Typed, known: &Known, errors: &Errors) -> Html<String> {
    let (lang, d) = (visitor.lang(), &visitor.lang().text().dossier);
    let draw = Draw { lang, typed, errors };
    let frame = visitor.frame(&site.app, d.new_title);
    let administrative = known.administrative;
    // Only between two private people does asking interrupt anything: for review and suit the days run on.
    let (limits, told_on_hint) = match administrative {
        true => (d.new_limits_administrative, d.told_on_hint_administrative),
        false => (d.new_limits, d.told_on_hint),
    };
    let respondent = match administrative {
        true => vec![Markup::of(&Notice::new(lang, NoticeKind::Info, d.respondent_organ))],
        false => side(lang, &draw, "respondent"),
    };
    let mut dispute = Vec::new();
    if known.matter.is_none() && known.renews.is_none() {
        let scope = &site.app.pack.scope;
        let entries = scope.entries_of(site.app.pack.body_name(&visitor.actor.body));
        let named =
            entries.filter_map(|id| Some(Choice::new(id, scope.entry_name(id).map(|(zh, en)| pick(lang, zh, en))?)));
        dispute.push(draw.field(Field::select(lang, "entry", d.entry, named.collect()).optional()));
        let form = &lang.text().dossier_form;
        dispute.push(draw.field(Field::text(lang, "old_number", form.old_number).hint(d.disputed_hint).optional()));
        dispute.push(draw.field(Field::date(lang, "old_on", form.old_on).optional()));
        dispute.push(draw.field(Field::textarea(lang, "old_result", form.decision_before).optional()));
    }
    if known.reporter {
        dispute.push(Markup::of(&Notice::new(lang, NoticeKind::Warn, d.reporter_told)));
        let yes = vec![Choice::new("yes", d.agrees_named_yes)];
        dispute.push(draw.field(Field::checkbox(lang, "agrees_named", d.agrees_named, yes)));
    }
    dispute.push(draw.field(Field::date(lang, "told_on", d.told_on).hint(told_on_hint)));
    dispute.push(draw.field(Field::text(lang, "told_late", d.told_late).hint(d.told_late_hint).optional()));
    dispute.push(draw.area("claims", d.claims));
    dispute.push(draw.area("facts", d.facts));
    dispute.push(match known.served_on {
        Some(day) => Markup::of(&super::super::apply_pages::served(lang, day)),
        None => draw.field(Field::date(lang, "known_on", d.known_on).hint(d.known_on_hint).optional()),
    });
    dispute.push(draw.field(super::super::apply_pages::proceedings(lang, "")));
    let apply = &lang.text().apply;
    let which = Field::text(lang, "proceedings_text", apply.proceedings_text).hint(apply.proceedings_hint).optional();
    dispute.push(draw.field(which));
    dispute.push(draw.field(Field::checkbox(
        lang,
        "electronic",
        d.electronic,
        vec![Choice::new("yes", d.electronic_yes)],
    )));
    frame.page(&NewPage {
        d,
        frame: &frame,
        errors: errors.summary(),
        limits,
        from: known.from.clone(),
        goes_on: known.goes_on.as_ref().map(|(case, number)| {
            Link::new(fill(d.new_goes_on, &[("number", number)]), format!("/dossier/{}", case.key()))
        }),
        others: known.instead.clone(),
        key: typed.get("key").to_owned(),
        case: typed.get("case").to_owned(),
        matter: typed.get("matter").to_owned(),
        again: typed.get("again").to_owned(),
        who: typed.get("who").to_owned(),
        applicant: side(lang, &draw, "applicant"),
        respondent,
        more: match known.administrative {
            true => Vec::new(),
            false => SIDES.iter().skip(1).map(|more| side(lang, &draw, more)).collect(),
        },
        dispute,
        save: Button::primary(d.record),
    })
}

/// Records it.
///
/// # Errors
/// Not allowed, or the database fails.
pub async fn take(State(site): State<Site>, visitor: Visitor, typed: Typed) -> Answer {
    allowed(&visitor)?;
    visitor.check(typed.get("csrf"))?;
    let mut known = self::known(&site, &visitor, &typed).await?;
    let mut errors = Errors::new(visitor.lang());
    // The repeat key names a case that comes from nowhere, and its persons are drawn from it: a second press means the
    // same case.
    let key = typed.get("key");
    let plain = key.len() == 26 && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let stream = plain.then(|| StreamId::new(StreamKind::Dossier, key)).ok_or(Fault::Address)?;
    // A page from which it was recorded names the case that it made.
    let stream = match &known.begun {
        Some((begun, next)) => begun.iter().find(|case| case.key() == typed.get("case")).unwrap_or(next).clone(),
        None => stream,
    };
    if let Some(command) = read(&visitor, &typed, &known, &mut errors) {
        match site.app.handle(Request::one(&visitor.actor, key, &stream, command)).await {
            Ok(_) => return site::see(&format!("/dossier/{}?done=record_oral_application", stream.key())),
            Err(error) => form_fault(&mut errors, visitor.lang(), error.into())?,
        }
        // With the way to the case that somebody else made meanwhile.
        known = self::known(&site, &visitor, &typed).await?;
    }
    site::again(draw(&site, &visitor, &typed, &known, &errors))
}

fn read(visitor: &Visitor, typed: &Typed, known: &Known, errors: &mut Errors) -> Option<Command> {
    let lang = visitor.lang();
    let ids = Ids::new(seed(typed.get("key")));
    let of = |party: Option<&Party>, new: PersonId| party.map_or(new, |p| p.person.clone());
    let applicant = of(known.applicant.as_ref(), ids.person());
    let applicant = party(lang, typed, "applicant", applicant, errors);
    let mut respondents: Vec<Party> = Vec::new();
    for (n, side) in SIDES.into_iter().enumerate().filter(|_| !known.administrative) {
        let person = of(known.others.get(n), ids.person());
        let parts = ["name", "document", "credit_code", "phone", "address"];
        // Others than the first on that side, as far as somebody was typed.
        if n == 0 || parts.iter().any(|part| !typed.get(&format!("{side}/{part}")).trim().is_empty()) {
            respondents.extend(party(lang, typed, side, person, errors));
        }
    }
    // More than the form has room for stay as they are known.
    respondents.extend(known.others.iter().skip(SIDES.len()).filter(|_| !known.administrative).cloned());
    let claims = typed.required("claims", errors);
    let facts = typed.required("facts", errors);
    let recorded = known.served_on.is_some();
    let known_on =
        if recorded || typed.get("known_on").trim().is_empty() { None } else { typed.date("known_on", errors) };
    let old_on = if typed.get("old_on").trim().is_empty() { None } else { typed.date("old_on", errors) };
    let told_on = if typed.get("told_on").trim().is_empty() { None } else { typed.date("told_on", errors) };
    let other_proceedings = Some(match typed.choice("proceedings", errors).as_str() {
        "yes" => typed.required("proceedings_text", errors),
        _ => String::new(),
    });
    let agrees_named = typed.get("agrees_named") == "yes";
    if known.reporter && !agrees_named {
        errors.add("agrees_named", "not_agreed");
    }
    let decision = (typed.get("old_number"), old_on, typed.get("old_result"));
    let disputed = applicant.as_ref().and_then(|party| super::super::apply_read::disputed(&party.person, decision));
    let command = Command::Apply {
        via: Via::Oral,
        matter: known.matter.clone(),
        renews: known.renews.clone(),
        organ: visitor.actor.body.clone(),
        entry: typed.get("entry").to_owned(),
        applicants: applicant.into_iter().collect(),
        respondents,
        claims,
        facts,
        known_on,
        electronic_service: typed.get("electronic") == "yes",
        other_proceedings,
        disputed,
        agrees_named,
        told_on,
        told_late: typed.get("told_late").trim().to_owned(),
    };
    errors.is_empty().then_some(command)
}

/// A seed from the form's key.
fn seed(key: &str) -> [u8; 32] {
    let mut seed = [0; 32];
    for (place, byte) in seed.iter_mut().zip(yanhe_app::sha256(key.as_bytes()).bytes()) {
        *place = byte;
    }
    seed
}

/// A party as typed.
fn party(lang: Lang, typed: &Typed, side: &str, person: PersonId, errors: &mut Errors) -> Option<Party> {
    let name = |part: &str| format!("{side}/{part}");
    let get = |part: &str| typed.get(&name(part)).trim();
    let firm = get("party_kind") == "firm";
    let text = typed.required(&name("name"), errors);
    let personal = |text: &str| Some(Personal::new(&person, text.to_owned())).filter(|_| !text.is_empty());
    let called = match firm {
        true => Name::Firm(yanhe_core::values::as_registered(&text)),
        false => match PersonName::parse(&text) {
            Ok(name) => Name::Human(Personal::new(&person, name.as_str().to_owned())),
            Err(_) if text.is_empty() => return None,
            Err(error) => {
                errors.say(&name("name"), super::super::listing::problem(lang, &error));
                return None;
            }
        },
    };
    let mut document = None;
    if !firm && !get("document").is_empty() {
        let kind = kind_of(get("document_kind")).unwrap_or(DocumentKind::ResidentId);
        match Document::parse(kind, get("document")) {
            Ok(read) => document = Some(read),
            Err(_) => errors.say(&name("document"), lang.text().dossier.document_bad),
        }
    }
    let mut credit_code = None;
    if firm && !get("credit_code").is_empty() {
        match CreditCode::parse(get("credit_code")) {
            Ok(code) => credit_code = Some(code.as_str().to_owned()),
            Err(_) => errors.add(&name("credit_code"), "not_a_credit_code"),
        }
    }
    let mut phone = None;
    if !get("phone").is_empty() {
        match Phone::parse(get("phone")) {
            Ok(read) => phone = personal(read.as_str()),
            Err(_) => errors.add(&name("phone"), "not_a_phone"),
        }
    }
    Some(Party {
        name: called,
        credit_code,
        document_kind: document.as_ref().map(|d| kind_key(d.kind())),
        document: document.as_ref().and_then(|d| personal(d.number())),
        phone,
        address: personal(get("address")),
        email: None,
        person: person.clone(),
    })
}
