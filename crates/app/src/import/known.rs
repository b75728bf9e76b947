//! Where the record of a row is stored, what is known of it from before, and the commands that bring a row in.

use yanhe_core::policy::Act;
use yanhe_core::scope::Source;
use yanhe_core::values::{Document, PersonName, Phone, normalise};
use yanhe_core::{Ids, Personal, StreamId, StreamKind, expert, matter, organ, publicity, staff};

use super::complaints;
use super::matters::{self, registered};
use super::record::shown;
use super::{ExpertRow, OrganRef, OrganRow, PublicityRow, Record, StaffRow};
use crate::App;
use crate::context::Contextual;
use crate::error::AppError;

/// What is known of a record from before.
pub(super) enum Before {
    /// Nothing, or it was taken back.
    Nothing,
    /// This row, from that place.
    Row(Box<Record>, Place),
    /// It is there and not from a row; the stream itself compares.
    Otherwise,
    /// Its person was erased: a later file brings nothing back.
    Erased,
}

/// Where the stored row came from, as a reason names it.
pub(super) struct Place {
    pub zh: String,
    pub en: String,
}

impl Place {
    /// From an origin as [`origin`] writes it.
    pub fn of(origin: &str) -> Self {
        let registered = || Self { zh: "已登记的内容".to_owned(), en: "what was registered".to_owned() };
        Self::row(origin).unwrap_or_else(registered)
    }

    /// The row that an origin names, if it names one.
    fn row(origin: &str) -> Option<Self> {
        let mut parts = origin.rsplitn(3, '/');
        let (row, sheet, file) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            zh: format!("“{file}”工作表“{sheet}”第{row}行"),
            en: format!("row {row} of sheet `{sheet}` of `{file}`"),
        })
    }
}

/// The place of a row, as a matter keeps it: file, sheet, row.
pub(super) fn origin(file: &str, sheet: &str, row: u32) -> String {
    format!("{file}/{sheet}/{row}")
}

/// What a row brings along into its commands.
pub(super) struct Incoming<'a> {
    pub app: &'a App,
    pub record: &'a Record,
    /// Chance for its stream and its persons: the same at every try.
    pub seed: [u8; 32],
    pub batch: &'a StreamId,
    pub origin: &'a str,
}

impl Incoming<'_> {
    /// A stream with a random key, for a record that has none yet.
    fn new_stream(&self, kind: StreamKind) -> StreamId {
        Ids::new(self.seed).stream(kind)
    }

    /// Ids of its persons, none of them the stream's key.
    fn people(&self) -> Ids {
        let ids = Ids::new(self.seed);
        ids.key();
        ids
    }
}

/// A stream that rows are stored in.
pub(super) trait FromRows: Contextual {
    /// The act that bringing in a row is.
    const ACT: Act;

    /// Its stream: the one that has the record's natural key, or a new one.
    fn find(row: &Incoming<'_>) -> impl Future<Output = Result<StreamId, AppError>> + Send;

    /// What it knows of the record.
    fn before(app: &App, stream: &StreamId, state: &Self::State) -> Before;

    /// In which columns a row that differs in these from what was imported also differs from what was put right since;
    /// none where it says that, and nothing else.
    fn as_corrected(_: &Incoming<'_>, _: &Self::State, columns: Vec<&'static str>) -> Vec<&'static str> {
        columns
    }

    /// The commands that bring the row in, given the state that it was compared with.
    fn commands(row: &Incoming<'_>, state: Option<&Self::State>) -> Vec<Self::Command>;

    /// The command that sets back what imports changed that were taken back: to what the stream is `without` them; none
    /// where that is as it is `now`.
    fn set_back(without: &Self::State, now: &Self::State) -> Option<Self::Command>;
}

impl FromRows for matter::Matter {
    const ACT: Act = Act::RegisterMatter;

    async fn find(row: &Incoming<'_>) -> Result<StreamId, AppError> {
        let (source, number) = match row.record {
            Record::Penalty(r) => (Source::Penalty, r.number.as_str()),
            Record::Inspection(r) => (Source::Inspection, r.number.as_str()),
            Record::Complaint(r) => (Source::Complaint, r.number.as_str()),
            _ => return Err(AppError::NotFound),
        };
        Ok(matter::stream(source, number))
    }

    fn before(_: &App, _: &StreamId, state: &matter::State) -> Before {
        if state.standing == matter::Standing::Withdrawn {
            return Before::Nothing;
        }
        match stored(state) {
            Some(record) => Before::Row(Box::new(record), Place::of(&state.matter.origin)),
            None => Before::Otherwise,
        }
    }

    /// A row is compared with what was imported, so that the same file again leaves a correction alone; one in which the
    /// same was put right at its source agrees with what is on file now.
    fn as_corrected(row: &Incoming<'_>, state: &matter::State, mut columns: Vec<&'static str>) -> Vec<&'static str> {
        let approved = state.amendments.iter().filter(|c| c.approver.is_some() && c.refused.is_none());
        let mut corrected: Vec<_> = approved.map(|c| matters::corrected(row.record, &c.field)).collect();
        // So does one that names who called without a name and was entered since.
        if state.matter.complainant.is_some() && stored(state).is_some_and(|record| record.is_unnamed()) {
            corrected.extend(complaints::WHO);
        }
        let new = registered(row.record, &row.app.pack, &row.people(), Some(row.batch), row.origin);
        let on_file = new.map(|new| matter::differing_columns(&state.matter, &new)).unwrap_or_default();
        let on_file: Vec<_> = on_file.into_iter().map(|part| matters::column(row.record, part)).collect();
        let agrees = |column: &&'static str| corrected.contains(column) && !on_file.contains(column);
        let before = columns.len();
        columns.retain(|column| !agrees(column));
        // Where it says the one correction and not the other, the other is what differs.
        if columns.is_empty() && before > 0 { on_file } else { columns }
    }

    fn commands(row: &Incoming<'_>, state: Option<&matter::State>) -> Vec<matter::Command> {
        let state = state.filter(|s| s.standing != matter::Standing::Withdrawn);
        let register = || {
            let matter = registered(row.record, &row.app.pack, &row.people(), Some(row.batch), row.origin)?;
            Some(matter::Command::Register { matter: Box::new(matter) })
        };
        let update = || {
            let Record::Complaint(complaint) = row.record else { return None };
            // What this file does not change stays as it is on file, also where it was corrected there since.
            let imported = state.and_then(stored);
            let told = match &imported {
                Some(Record::Complaint(before)) => Some((before.phone.as_ref(), matters::address(before))),
                _ => None,
            };
            let named = state.is_some_and(|s| s.matter.complainant.is_some());
            let [phone_on_file, address_on_file] = state.map(caller_at).unwrap_or_default();
            let (phone, address) = (complaint.phone.as_ref(), matters::address(complaint));
            // Of who gave no name nothing is corrected, and matters of before they were kept have them in the row alone.
            let same_phone = named && told.as_ref().is_some_and(|(before, _)| *before == phone);
            let same_address = named && told.as_ref().is_some_and(|(_, before)| *before == address);
            // A row that was erased stays erased.
            let erased = state.and_then(|s| s.matter.row.as_ref()).is_some_and(|r| r.open().is_none());
            Some(matter::Command::Update {
                status: complaint.status.clone(),
                own_due_on: complaint.due,
                phone: if same_phone { phone_on_file } else { phone.map(ToString::to_string) },
                address: if same_address { address_on_file } else { address },
                row: (!erased).then(|| matters::json(row.record)),
                taken_back: None,
            })
        };
        let compared = state.is_some_and(|s| s.matter.row.as_ref().is_some_and(|r| r.open().is_some()));
        match state {
            None => register().into_iter().collect(),
            Some(_) if compared => update().into_iter().collect(),
            Some(_) => register().into_iter().chain(update()).collect(),
        }
    }

    fn set_back(without: &matter::State, now: &matter::State) -> Option<matter::Command> {
        let told = |state: &matter::State| {
            let [phone, address] = caller_at(state);
            (state.matter.status.clone(), state.matter.own_due_on, phone, address)
        };
        let stays = now.standing == matter::Standing::Withdrawn || told(now) == told(without);
        // Without a row of before, a later export would be compared with one that is taken back.
        let row = without.matter.row.as_ref().and_then(|row| row.open()).filter(|_| !stays)?;
        let (status, own_due_on, phone, address) = told(without);
        let taken_back = Some(String::new());
        Some(matter::Command::Update { status, own_due_on, phone, address, row: Some(row.clone()), taken_back })
    }
}

/// Phone and address of who calls, as they are on file.
fn caller_at(state: &matter::State) -> [Option<String>; 2] {
    state.matter.caller_at().map(|value| value.and_then(|v| v.open().cloned()))
}

/// The row that a matter was imported from, as it was imported last.
fn stored(state: &matter::State) -> Option<Record> {
    serde_json::from_str(state.matter.row.as_ref()?.open()?).ok()
}

impl FromRows for organ::Organ {
    const ACT: Act = Act::RosterOrgan;

    async fn find(row: &Incoming<'_>) -> Result<StreamId, AppError> {
        let Record::Organ(row) = row.record else { return Err(AppError::NotFound) };
        Ok(StreamId::new(StreamKind::Organ, &row.organ.code))
    }

    fn before(app: &App, stream: &StreamId, state: &organ::State) -> Before {
        if state.withdrawn {
            return Before::Nothing;
        }
        let p = &state.profile;
        let record = Record::Organ(OrganRow {
            organ: body(app, stream.key()),
            prefix: prefix(app, stream.key()).unwrap_or_default().to_owned(),
            phone: Phone::parse(&p.phone).ok(),
            address: p.address.clone(),
            online: p.joined_on,
            brand: Some(p.brand.clone().unwrap_or_default()),
        });
        Before::Row(Box::new(record), Place::of(""))
    }

    fn commands(row: &Incoming<'_>, state: Option<&organ::State>) -> Vec<organ::Command> {
        let Record::Organ(new) = row.record else { return Vec::new() };
        let code = &new.organ.code;
        let mediates = row.app.pack.mediating().any(|organ| organ.code == *code);
        let profile = organ::Profile {
            name: row.app.pack.body_name(code).to_owned(),
            phone: shown(new.phone.as_ref()),
            address: new.address.clone(),
            // A file without the column says nothing about it.
            brand: match &new.brand {
                Some(brand) => Some(brand.clone()).filter(|b| !b.is_empty()),
                None => state.filter(|s| !s.withdrawn).and_then(|s| s.profile.brand.clone()),
            },
            joined_on: new.online,
            mediates,
        };
        vec![organ::Command::Roster { profile }]
    }

    fn set_back(without: &organ::State, now: &organ::State) -> Option<organ::Command> {
        let back = !now.withdrawn && now.profile != without.profile;
        back.then(|| organ::Command::Roster { profile: without.profile.clone() })
    }
}

/// What an organ's document numbers begin with: the pack says it, and the roster only repeats it.
pub(super) fn prefix<'a>(app: &'a App, code: &str) -> Option<&'a str> {
    app.pack.organ(code).map(|organ| organ.word.as_str())
}

fn body(app: &App, code: &str) -> OrganRef {
    OrganRef { code: code.to_owned(), name: app.pack.body_name(code).to_owned() }
}

impl FromRows for staff::Staff {
    const ACT: Act = Act::RosterStaff;

    async fn find(row: &Incoming<'_>) -> Result<StreamId, AppError> {
        let Record::Staff(member) = row.record else { return Err(AppError::NotFound) };
        let index = row.app.keys.index("document", member.document.number());
        let found = row.app.reader.staff_key(&member.organ.code, &index).await?;
        Ok(found.unwrap_or_else(|| row.new_stream(StreamKind::Staff)))
    }

    fn before(app: &App, _: &StreamId, state: &staff::State) -> Before {
        let p = &state.profile;
        let record = || {
            Some(Record::Staff(StaffRow {
                name: PersonName::parse(p.name.open()?).ok()?,
                organ: body(app, &p.body),
                post: p.post.clone(),
                phone: Phone::parse(p.phone.open()?).ok()?,
                document: Document::guess(p.document.open()?).ok()?,
            }))
        };
        before(record(), &p.name)
    }

    fn commands(row: &Incoming<'_>, _: Option<&staff::State>) -> Vec<staff::Command> {
        let Record::Staff(new) = row.record else { return Vec::new() };
        let person = row.people().person();
        let profile = staff::Profile {
            body: new.organ.code.clone(),
            post: new.post.clone(),
            name: Personal::new(&person, new.name.to_string()),
            phone: Personal::new(&person, new.phone.to_string()),
            document: Personal::new(&person, new.document.number().to_owned()),
            person,
        };
        vec![staff::Command::Roster { profile: Box::new(profile) }]
    }

    fn set_back(without: &staff::State, now: &staff::State) -> Option<staff::Command> {
        let back = !now.withdrawn && now.profile != without.profile;
        back.then(|| staff::Command::Roster { profile: Box::new(without.profile.clone()) })
    }
}

impl FromRows for expert::Expert {
    const ACT: Act = Act::RosterExpert;

    async fn find(row: &Incoming<'_>) -> Result<StreamId, AppError> {
        let Record::Expert(expert) = row.record else { return Err(AppError::NotFound) };
        let key = expert::key(expert.name.as_str(), &expert.employer, expert.phone.as_str());
        let found = row.app.reader.expert_key(&row.app.keys.index("expert", &key)).await?;
        Ok(found.unwrap_or_else(|| row.new_stream(StreamKind::Expert)))
    }

    fn before(_: &App, _: &StreamId, state: &expert::State) -> Before {
        let p = &state.profile;
        let record = || {
            Some(Record::Expert(ExpertRow {
                name: PersonName::parse(p.name.open()?).ok()?,
                employer: p.employer.clone(),
                title: p.title.clone(),
                subject: p.field.clone(),
                phone: Phone::parse(p.phone.open()?).ok()?,
                from: p.term_from?,
                to: p.term_to?,
                avoids: Some(p.avoids.clone().unwrap_or_default()),
            }))
        };
        before(record(), &p.name)
    }

    fn commands(row: &Incoming<'_>, state: Option<&expert::State>) -> Vec<expert::Command> {
        let Record::Expert(new) = row.record else { return Vec::new() };
        let person = row.people().person();
        let profile = expert::Profile {
            name: Personal::new(&person, new.name.to_string()),
            employer: new.employer.clone(),
            title: new.title.clone(),
            field: new.subject.clone(),
            phone: Personal::new(&person, new.phone.to_string()),
            term_from: Some(new.from),
            term_to: Some(new.to),
            avoids: match &new.avoids {
                Some(avoids) => Some(avoids.clone()).filter(|a| !a.is_empty()),
                None => state.and_then(|s| s.profile.avoids.clone()),
            },
            person,
        };
        vec![expert::Command::Roster { profile: Box::new(profile) }]
    }

    fn set_back(without: &expert::State, now: &expert::State) -> Option<expert::Command> {
        let back = !now.withdrawn && now.profile != without.profile;
        back.then(|| expert::Command::Roster { profile: Box::new(without.profile.clone()) })
    }
}

/// A record read back from a state with personal values; without it the values are erased or not from a row.
fn before(record: Option<Record>, name: &Personal<String>) -> Before {
    match record {
        Some(record) => Before::Row(Box::new(record), Place::of("")),
        None if name.open().is_none() => Before::Erased,
        None => Before::Otherwise,
    }
}

impl FromRows for publicity::Publicity {
    const ACT: Act = Act::RecordPublicity;

    async fn find(row: &Incoming<'_>) -> Result<StreamId, AppError> {
        let Record::Publicity(held) = row.record else { return Err(AppError::NotFound) };
        Ok(publicity::stream(&normalise(&held.name), &held.organ.code, held.date, &normalise(&held.place)))
    }

    fn before(app: &App, _: &StreamId, state: &publicity::State) -> Before {
        if state.withdrawn {
            return Before::Nothing;
        }
        let count = |n: i64| u32::try_from(n).unwrap_or_default();
        let record = Record::Publicity(PublicityRow {
            name: state.name.clone(),
            organ: body(app, &state.organ),
            date: state.date,
            manner: state.manner.clone(),
            place: state.place.clone(),
            audience: count(state.audience),
            leaflets: count(state.leaflets),
            note: Some(state.note.clone()),
        });
        let (name, date) = (&state.name, state.date);
        // Events recorded on a page, or before rows were kept with their place.
        let recorded =
            || Place { zh: format!("已登记的{date}“{name}”"), en: format!("`{name}` of {date} as recorded") };
        Before::Row(Box::new(record), Place::row(&state.origin).unwrap_or_else(recorded))
    }

    fn commands(row: &Incoming<'_>, state: Option<&publicity::State>) -> Vec<publicity::Command> {
        let Record::Publicity(new) = row.record else { return Vec::new() };
        let fresh = publicity::State {
            name: new.name.clone(),
            organ: new.organ.code.clone(),
            date: new.date,
            manner: new.manner.clone(),
            place: new.place.clone(),
            audience: i64::from(new.audience),
            leaflets: i64::from(new.leaflets),
            note: new.note.clone().unwrap_or_default(),
            origin: row.origin.to_owned(),
            withdrawals: 0,
            withdrawn: false,
        };
        let held = match state.filter(|s| !s.withdrawn) {
            None => fresh,
            // Fixed columns stay as first written.
            Some(state) => publicity::State {
                audience: fresh.audience,
                leaflets: fresh.leaflets,
                note: new.note.clone().unwrap_or_else(|| state.note.clone()),
                ..state.clone()
            },
        };
        vec![publicity::Command::Record { held }]
    }

    fn set_back(without: &publicity::State, now: &publicity::State) -> Option<publicity::Command> {
        let back = !now.withdrawn && now != without;
        back.then(|| publicity::Command::Record { held: without.clone() })
    }
}
