//! A new penalty decision: its form, and what is handed over: the decision and its letter on one proof of service.

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::routing::get;
use yanhe_app::{AppError, json, sha256};
use yanhe_core::matter::{self, Hearing, Registered};
use yanhe_core::policy::Act;
use yanhe_core::scope::Source;
use yanhe_core::{Personal, Reason};

use super::listing::{self, Typed};
use super::matter::stream_of;
use super::matter_form::{draw, read, registrar};
use crate::components::{Button, Choice, Errors, Field, Notice, NoticeKind, PostButton};
use crate::site::{self, Answer, Fault, Site, Visitor, form_fault};
use crate::text::{Lang, fill};

/// `GET, POST /matters/decision`, `GET, POST /matters/decision/KEY`.
pub fn router() -> Router<Site> {
    Router::new()
        .route("/matters/decision", get(form).post(decide))
        .route("/matters/decision/{key}", get(decided).post(print))
}

async fn form(State(site): State<Site>, visitor: Visitor) -> Answer {
    registrar(&visitor)?;
    let typed = Typed(vec![("key".into(), site.app.fresh_key())]);
    site::ok(draw(&site, &visitor, &typed, &Errors::new(visitor.lang()), true))
}

/// What is asked about before the decision: was the person told, and what did they say.
pub(super) fn hearing_fields(lang: Lang) -> Vec<Field> {
    let m = &lang.text().matter;
    let told = vec![Choice::new("yes", m.told_yes), Choice::new("no", m.told_no)];
    let said = [("nothing", m.said_nothing), ("waived", m.said_waived), ("stated", m.said_stated)];
    let said = said.into_iter().map(|(value, label)| Choice::new(value, label)).collect();
    vec![
        Field::radio(lang, "told", m.told, told).hint(m.told_hint),
        Field::date(lang, "told_on", m.told_on).hint(m.told_on_hint).optional(),
        Field::radio(lang, "said", m.said, said),
        Field::date(lang, "answered_on", m.heard_on).hint(m.heard_on_hint).optional(),
        Field::textarea(lang, "statement", m.statement).hint(m.statement_hint).optional(),
        Field::textarea(lang, "answer", m.statement_answer).hint(m.statement_answer_hint).optional(),
    ]
}

/// What was done before, as typed; every fault is noted at its field.
fn hearing(
    site: &Site,
    typed: &Typed,
    matter: Option<&Registered>,
    lang: Lang,
    errors: &mut Errors,
) -> Option<Hearing> {
    let (told_on, answered_on) = match typed.get("told") {
        "yes" => {
            let mut day = |name| typed.needed(name, errors, lang, listing::parse_date);
            (day("told_on"), day("answered_on"))
        }
        // The law says so, with its articles.
        "no" => (None, None),
        _ => {
            errors.add("told", "choose");
            (None, None)
        }
    };
    if told_on.is_some_and(|day| day > site.app.today()) {
        errors.add("told_on", "future");
    }
    let said = typed.get("said");
    if !Hearing::SAID.contains(&said) {
        errors.add("said", "choose");
    }
    let mut words = |name: &str| match said {
        "stated" => typed.needed_text(name, errors),
        _ => String::new(),
    };
    let (statement, answer) = (words("statement"), words("answer"));
    let of = &matter?.text.of;
    Some(Hearing {
        told_on,
        said: said.to_owned(),
        statement: Personal::new(of, statement),
        answer: Personal::new(of, answer),
        answered_on,
    })
}

async fn decide(State(site): State<Site>, visitor: Visitor, Form(mut typed): Form<Typed>) -> Answer {
    registrar(&visitor)?;
    visitor.check(typed.get("csrf"))?;
    typed.0.retain(|(name, _)| name != "stored");
    let lang = visitor.lang();
    let mut errors = Errors::new(lang);
    if typed.get("key").is_empty() {
        return Err(Fault::Address);
    }
    let matter = read(&site, &visitor, &typed, true, &mut errors);
    let hearing = hearing(&site, &typed, matter.as_ref(), lang, &mut errors);
    if let Some((matter, hearing)) = matter.zip(hearing).filter(|_| errors.is_empty()) {
        let reason = typed.trimmed("reason").to_owned();
        // The same form put right is another request.
        let content = json(&(&matter, &hearing, &reason));
        let key = format!("{}/{}", typed.get("key"), &sha256(content.as_bytes())[..16]);
        match site.app.issue_decision(&visitor.actor, &key, &matter, &hearing, &reason).await {
            Ok(stream) => return site::see(&format!("/matters/decision/{}", stream.key())),
            Err(AppError::Refused(refusal)) if matches!(&refusal.reason, Reason::Waiting { what } if what == "told") => {
                errors.say("told", crate::text::refusal(lang, &refusal));
            }
            Err(AppError::Refused(refusal)) if matches!(refusal.reason, Reason::FormUsed { .. }) => {
                errors.say("subject_name", crate::text::refusal(lang, &refusal));
                let stored = site.app.decided_for(&matter).await?;
                typed.0.extend(stored.map(|stream| ("stored".to_owned(), stream.key().to_owned())));
            }
            Err(error) => form_fault(&mut errors, lang, error.into())?,
        }
    }
    site::again(draw(&site, &visitor, &typed, &errors, true))
}

/// What can be printed: a decision that was issued elsewhere is not among it.
pub(super) fn print_label(lang: Lang, state: &matter::State) -> &'static str {
    let m = &lang.text().matter;
    if state.decision.is_some() { m.decision_pdf } else { m.letter_pdf }
}

async fn decided(State(site): State<Site>, visitor: Visitor, Path(key): Path<String>) -> Answer {
    registrar(&visitor)?;
    let stream = stream_of(&key)?;
    let state = site.app.permit::<matter::Matter>(&visitor.actor, Act::ConfirmLetter, &stream).await?;
    let (lang, t) = (visitor.lang(), visitor.lang().text());
    let letter = state.with_decision().next().or_else(|| state.punished_letter()).map(|letter| &letter.paper);
    // Service is recorded once: on the decision, when it was issued here.
    let served = state.decision.as_ref().map(|d| &d.paper).or(letter);
    let served = served.filter(|_| state.matter.source == Source::Penalty).ok_or(AppError::NotFound)?;
    let title = if state.decision.is_some() { t.matter.decision_title } else { t.matter.decision_letter_title };
    let frame = visitor.frame(&site.app, title);
    let post = PostButton::new(
        format!("/matters/decision/{key}"),
        visitor.csrf.clone(),
        Button::primary(print_label(lang, &state)),
    )
    .hidden("key", site.app.fresh_key());
    let links = [
        Button::secondary(t.letters.serve_chosen).to(format!("/paper/{}/record_service", served.id.key())),
        Button::secondary(t.common.open).to(format!("/matter/{key}")),
    ];
    let text = fill(
        if state.decision.is_some() { t.matter.decision_done } else { t.matter.letter_done },
        &[("number", letter.map_or("", |letter| letter.number.as_str()))],
    );
    let notice = Notice::new(lang, NoticeKind::Success, text).title(state.matter.number.as_str());

    #[derive(Template)]
    #[template(
        source = "<h1>{{ title }}</h1>{{ notice }}<p class=\"actions\">{{ post }}{% for link in links %}{{ link }}{% endfor %}</p>",
        ext = "html"
    )]
    struct DecidedPage<'a> {
        title: &'a str,
        notice: Notice,
        post: PostButton,
        links: [Button; 2],
    }
    site::ok(frame.page(&DecidedPage { title, notice, post, links }))
}

/// Decision, letter and proof of service as one file; they then wait for their service.
async fn print(
    State(site): State<Site>,
    visitor: Visitor,
    Path(key): Path<String>,
    Form(typed): Form<Typed>,
) -> Answer {
    registrar(&visitor)?;
    visitor.check(typed.get("csrf"))?;
    let stream = stream_of(&key)?;
    let form = typed.get("key");
    if form.is_empty() {
        return Err(Fault::Address);
    }
    if let Some(run) = site.app.aside(&visitor.actor, form)? {
        return site::see(&format!("/print-run/{}", String::from_utf8_lossy(&run)));
    }
    let (run, papers) = site.app.decision_run(&visitor.actor, &stream).await?;
    site.app.hand_over(&visitor.actor, form, &papers).await?;
    site.app.put_aside(&visitor.actor, form, run.as_bytes())?;
    site::see(&format!("/print-run/{run}"))
}
