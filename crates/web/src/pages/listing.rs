//! What the pages with lists and forms of this office share: values as they were typed, addresses with filters, the
//! place in a list, and the names of people as far as the reader may see them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use yanhe_app::App;
use yanhe_core::policy::{self, Act, Role, Subject};
use yanhe_core::time::Time;
use yanhe_core::values::{PersonName, ValueError};
use yanhe_core::{Date, StreamId, StreamKind};
use yanhe_store_read::{Cursor, Kept, Listing, Page, StoreError};

use crate::components::{Cell, Choice, Errors, Field, Markup, Pagination, Tag, Tone, anchor};
use crate::layout::{Frame, percent};
use crate::site::{Fault, Site, Visitor};
use crate::text::{Lang, fill};

/// How many rows a page of a list shows.
pub const ROWS: u32 = 50;

/// Names of an address that say where in a list it is.
pub const PLACE: [&str; 2] = ["after", "trail"];

/// What stands between the places of the pages before.
const BEFORE: &str = ".";

/// How many pages the way back knows; before them comes the first.
const TRAIL: usize = 20;

/// Names and values of a posted form or of an address, in their order: a name may come more than once (boxes ticked).
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    /// The first value of a name; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// The first value without space around it.
    pub fn trimmed(&self, name: &str) -> &str {
        self.get(name).trim()
    }

    /// All values of a name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The value as a filter: none when it is empty.
    pub fn filter(&self, name: &str) -> Option<String> {
        Some(self.trimmed(name).to_owned()).filter(|value| !value.is_empty())
    }

    /// A field with what was typed and what is wrong with it.
    pub fn field(&self, field: Field, errors: &Errors) -> Field {
        let values: Vec<String> = self.all(&field.name).into_iter().map(str::to_owned).collect();
        field.values(values).errors(errors)
    }

    /// A value that must be there and right; a fault is noted at its field.
    pub fn needed<T>(
        &self,
        name: &str,
        errors: &mut Errors,
        lang: Lang,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        if self.trimmed(name).is_empty() {
            errors.add(name, "required");
            return None;
        }
        self.given(name, errors, lang, parse)
    }

    /// A value that may be left out.
    pub fn given<T>(
        &self,
        name: &str,
        errors: &mut Errors,
        lang: Lang,
        parse: impl FnOnce(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        let text = self.trimmed(name);
        if text.is_empty() {
            return None;
        }
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => {
                errors.say(name, problem(lang, &error));
                None
            }
        }
    }

    /// A text that must be there.
    pub fn needed_text(&self, name: &str, errors: &mut Errors) -> String {
        if self.trimmed(name).is_empty() {
            errors.add(name, "required");
        }
        self.trimmed(name).to_owned()
    }

    /// That a filter of the address, when it is there, is one of those there are.
    ///
    /// # Errors
    /// The fault that names it.
    pub fn one_of(&self, name: &str, known: &[&str]) -> Result<(), Fault> {
        let value = self.trimmed(name);
        if value.is_empty() || known.contains(&value) { Ok(()) } else { Err(Fault::Parameter(name.to_owned())) }
    }

    /// The page of a list that the address asks for.
    ///
    /// # Errors
    /// When `after`, or one of the places in `trail`, is no place in a list.
    pub fn page(&self, limit: u32) -> Result<Page, Fault> {
        let trail = self.trimmed("trail");
        if !trail.is_empty() && trail.split(BEFORE).any(|place| place.parse::<Cursor>().is_err()) {
            return Err(Fault::Parameter("trail".to_owned()));
        }
        match self.trimmed("after") {
            "" => Ok(Page::first(limit)),
            cursor => Ok(Page::after(cursor.parse().map_err(|_| Fault::Parameter("after".to_owned()))?, limit)),
        }
    }

    /// The values that came with an address, without the place in the list, for building another address.
    pub fn without_place(&self) -> Vec<(&str, &str)> {
        let kept = self.0.iter().filter(|(key, value)| !PLACE.contains(&key.as_str()) && !value.is_empty());
        kept.map(|(key, value)| (key.as_str(), value.as_str())).collect()
    }
}

/// A list that was read; a cursor of another list is a fault of the address, not of the database.
///
/// # Errors
/// The fault.
pub fn listed<T>(read: Result<Listing<T>, StoreError>, page: &Page) -> Result<Listing<T>, Fault> {
    match read {
        Err(StoreError::Shape(_)) if page.after.is_some() => Err(Fault::Parameter("after".to_owned())),
        other => Ok(other?),
    }
}

/// What is wrong with a value, in the reader's language.
pub fn problem(lang: Lang, error: &ValueError) -> String {
    match lang {
        Lang::Zh => error.text_zh(),
        Lang::En => error.text_en(),
    }
}

/// An address with the values that are not empty.
pub fn address(path: &str, values: &[(&str, &str)]) -> String {
    let mut out = path.to_owned();
    for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        out.push(if out.contains('?') { '&' } else { '?' });
        out.push_str(&format!("{name}={}", percent(value)));
    }
    out
}

/// The same address with one value put in place of another.
pub fn with<'a>(values: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut out: Vec<_> = values.iter().copied().filter(|(key, _)| *key != name).collect();
    out.push((name, value));
    out
}

/// The links below a list that `asked` asks for. An address carries the places of the pages before, so that the way back
/// shows the same pages as the way there, and no statement has to read backwards.
pub fn pagination<T>(lang: Lang, listing: &Listing<T>, path: &str, asked: &Typed) -> Pagination {
    let kept = asked.without_place();
    let (here, trail) = (asked.trimmed("after"), asked.trimmed("trail"));
    let place = |after: &str, trail: &str| {
        let values: Vec<(&str, &str)> = kept.iter().copied().chain([("after", after), ("trail", trail)]).collect();
        address(path, &values)
    };
    let next = listing.next.as_ref().map(|cursor| {
        let places: Vec<&str> = trail.split(BEFORE).chain([here]).filter(|place| !place.is_empty()).collect();
        let near = &places[places.len().saturating_sub(TRAIL)..];
        place(&cursor.to_string(), &near.join(BEFORE))
    });
    let previous = (!here.is_empty()).then(|| {
        let (before, last) = trail.rsplit_once(BEFORE).unwrap_or(("", trail));
        place(last, before)
    });
    Pagination { lang, previous, next, count: listing.rows.len() }
}

/// Choices from stable names, named by an area of the texts.
pub fn choices(lang: Lang, area: &str, names: &[&str]) -> Vec<Choice> {
    names.iter().map(|name| Choice::new(*name, lang.name(area, name))).collect()
}

/// What a list with boxes to tick carries into its acts: the token, a repeat key that stays while what was typed is
/// shown again, and the address of the list as it was asked for.
pub fn ticks(site: &Site, frame: &Frame, typed: &Typed, asked: &[(&str, &str)]) -> Markup {
    let key = match typed.get("key") {
        "" => site.app.fresh_key(),
        key => key.to_owned(),
    };
    Markup::all(&[frame.csrf_field(), hidden("key", &key), hidden("asked", &address("", asked))])
}

/// A hidden value of a form.
pub fn hidden(name: &str, value: &str) -> Markup {
    #[derive(askama::Template)]
    #[template(source = r#"<input type="hidden" name="{{ name }}" value="{{ value }}">"#, ext = "html")]
    struct Hidden<'a> {
        name: &'a str,
        value: &'a str,
    }
    Markup::of(&Hidden { name, value })
}

/// Several hidden values.
pub fn all_hidden(name: &str, values: &[&str]) -> Markup {
    Markup::all(&values.iter().map(|value| hidden(name, value)).collect::<Vec<_>>())
}

/// A state with its tone.
pub fn state_tag(lang: Lang, state: &str) -> Tag {
    let tone = match state {
        "proposed" | "failed" | "address_needed" => Tone::Attention,
        "issued" | "sent" | "applied" => Tone::Going,
        "served" | "imported" => Tone::Good,
        "voided" => Tone::Bad,
        _ => Tone::Plain,
    };
    Tag::new(lang.name("state", state), tone)
}

/// How far off a last day is, as a small label: late in red.
pub fn days_tag(lang: Lang, last_day: Date, today: Date) -> Tag {
    let t = lang.text();
    let days = i64::from((last_day - today).get_days());
    let count = days.unsigned_abs().to_string();
    match days {
        ..=-1 => Tag::new(fill(t.part.days_late, &[("days", &count)]), Tone::Bad),
        0 => Tag::new(t.part.last_today, Tone::Attention),
        1..=3 => Tag::new(fill(t.part.days_left, &[("days", &count)]), Tone::Attention),
        _ => Tag::new(fill(t.part.days_left, &[("days", &count)]), Tone::Plain),
    }
}

/// A limit in a list: its name, how far off its last day is, and the day. It leads to where the limit is explained, on the
/// page `case` of those who may open that, for others on the page of limits alone.
pub fn limit_cell(lang: Lang, stream: &StreamId, limit: &str, last_day: Date, today: Date, case: Option<&str>) -> Cell {
    let cell = Cell::link(limit_name(lang, stream, limit), explained(stream, limit, case));
    Cell { tag: Some(days_tag(lang, last_day, today)), ..cell }.note(lang.weekday_date(last_day))
}

/// The name of a limit, as what it is about: a notice that goes out late makes no decision late.
pub fn limit_name<'a>(lang: Lang, stream: &StreamId, limit: &'a str) -> &'a str {
    match (stream.kind(), limit) {
        (StreamKind::Paper, "mediation.accept") => lang.name("limit", "mediation.accept_notice"),
        _ => lang.name("limit", limit),
    }
}

/// The address where a limit is explained. The page of a paper shows no count.
pub fn explained(stream: &StreamId, limit: &str, case: Option<&str>) -> String {
    let counts = case.filter(|_| stream.kind() != StreamKind::Paper);
    let page = counts.map_or_else(|| super::limits::address(stream), str::to_owned);
    format!("{page}#{}", anchor(limit))
}

/// May this visitor open what a row is about? Lists show to some also what they may not open. The bodies are the organ
/// of a case and its court; one of them twice where a row knows no other.
pub fn opens(visitor: &Visitor, kind: StreamKind, organ: &str, court: &str) -> bool {
    let act = match kind {
        StreamKind::Matter => Act::ReadMatter,
        StreamKind::Dossier => Act::ReadDossier,
        StreamKind::Confirmation => Act::ReadConfirmation,
        StreamKind::Paper => Act::ReadPaper,
        _ => return false,
    };
    let subject = Subject { organ: organ.to_owned(), court: court.to_owned(), ..Subject::default() };
    policy::may(&visitor.actor, act, &subject).is_ok()
}

/// The name of a body in the reader's language.
pub fn body(site: &Site, lang: Lang, code: &str) -> String {
    match lang {
        Lang::Zh => site.app.pack.body_name(code).to_owned(),
        Lang::En => site.app.pack.body_name_en(code).to_owned(),
    }
}

/// Does this visitor see the people of this body's cases? Studio, supervision and administration list cases of all
/// organs, and see open values only.
pub fn sees_people(visitor: &Visitor, organ: &str) -> bool {
    !visitor.actor.body.is_empty() && visitor.actor.body == organ && !matches!(visitor.actor.role, Role::Studio)
}

/// A name of a row as this visitor may see it: a firm's is open, a human being's is masked for other bodies.
///
/// # Errors
/// When the database fails.
pub async fn name_of(app: &App, stream: &StreamId, kept: Option<&Kept>, sees: bool) -> Result<String, Fault> {
    match kept {
        Some(Kept::Sealed(_)) if !sees => Ok("※※※".to_owned()),
        kept => Ok(app.name(stream, kept).await?),
    }
}

/// A human being's name where only its owner's organ reads it whole.
pub fn masked_name(name: &str) -> String {
    PersonName::parse(name).map_or_else(|_| "※※※".to_owned(), |name| name.masked())
}

/// Names of officers, each looked up once.
#[derive(Debug, Default)]
pub struct Officers(BTreeMap<String, String>);

impl Officers {
    /// Who an actor of the journal is, in words.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn name(&mut self, site: &Site, lang: Lang, actor: &str) -> Result<String, Fault> {
        if let Some(known) = self.0.get(actor) {
            return Ok(known.clone());
        }
        let name = match StreamId::parse(actor) {
            Some(stream) if stream.kind() == StreamKind::Staff && actor.starts_with("staff/") => {
                match site.app.reader.staff_member(&stream).await? {
                    Some(row) => site.app.name(&stream, row.name.as_ref()).await?,
                    None => String::new(),
                }
            }
            _ if actor.starts_with("party/") => lang.name("role", "party").to_owned(),
            _ => lang.name("role", actor).to_owned(),
        };
        self.0.insert(actor.to_owned(), name.clone());
        Ok(name)
    }
}

/// The act that an address names.
///
/// # Errors
/// [`Fault::App`] with not found for a word that is no act.
pub fn act(name: &str) -> Result<Act, Fault> {
    Act::ALL.iter().copied().find(|act| act.name() == name).ok_or_else(|| yanhe_app::AppError::NotFound.into())
}

/// A date in a form, also as people write it.
pub fn parse_date(text: &str) -> Result<Date, ValueError> {
    yanhe_core::values::parse_date(text)
}

/// A time of the day in a form: `10:20`, also `10时20分`.
///
/// # Errors
/// Not a time of the day.
pub fn parse_time(text: &str) -> Result<Time, ValueError> {
    let wrong = || ValueError::NotATime { text: text.trim().to_owned() };
    let plain = yanhe_core::values::half_width(text).replace(['时', '点'], ":").replace('分', "");
    let (hour, minute) = plain.trim().split_once(':').ok_or_else(wrong)?;
    let number = |part: &str| match part.trim() {
        "" => Ok(0),
        part => part.parse::<i8>().map_err(|_| wrong()),
    };
    if hour.trim().is_empty() {
        return Err(wrong());
    }
    Time::new(number(hour)?, number(minute)?, 0, 0).map_err(|_| wrong())
}

/// A fault at a field as one line.
pub fn problem_name(lang: Lang, field: &str, problem: &str) -> String {
    format!("{}{}{}", lang.name("label", field), lang.text().part.colon, lang.name("field", problem))
}
