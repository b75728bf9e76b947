//! What a row of enforcement matters becomes: the matter as it is registered, its people drawn anew.

use yanhe_core::matter::{Caller, Penalty, Registered, plain_role};
use yanhe_core::pack::Pack;
use yanhe_core::party::Party;
use yanhe_core::scope::Source;
use yanhe_core::values::{before_bracket, half_width, looks_human};
use yanhe_core::{Ids, PersonId, Personal, StreamId};

use super::inspections::SEVERAL;
use super::penalties::SubjectKind;
use super::{Appeal, ComplaintRow, InspectionRow, PenaltyRow, Record};

/// The matter of a row; `None` for a row of the roster or of publicity. `ids` draws its persons, `batch` is the import
/// that brings it, `origin` the row's place.
pub fn registered(
    record: &Record,
    pack: &Pack,
    ids: &Ids,
    batch: Option<&StreamId>,
    origin: &str,
) -> Option<Registered> {
    let people = People { pack, ids };
    let matter = match record {
        Record::Penalty(row) => penalty(row, &people),
        Record::Inspection(row) => inspection(row, &people),
        Record::Complaint(row) => complaint(row, &people),
        Record::Organ(_) | Record::Staff(_) | Record::Expert(_) | Record::Publicity(_) => return None,
    };
    let holder = matter.text.of.clone();
    Some(Registered {
        batch: batch.cloned(),
        origin: origin.to_owned(),
        row: Some(Personal::new(&holder, json(record))),
        ..matter
    })
}

/// A row as canonical JSON, for comparing with a later one.
pub(super) fn json(record: &Record) -> String {
    let value = serde_json::to_value(record).expect("a row has a JSON form");
    let bytes = yanhe_journal::canonical::to_bytes(&value);
    String::from_utf8(bytes.expect("rows hold texts and whole numbers, which both have a canonical form"))
        .expect("JSON is UTF-8")
}

/// Is it the name of an organisation, by the endings that the pack lists? A single character ends given names, too: what
/// looks like the name of a human being is taken for one, and kept sealed. A bracket at the end names a branch, or what
/// kind of firm it is.
pub fn is_organisation(pack: &Pack, name: &str) -> bool {
    let name = half_width(name);
    let name = name.trim();
    let ends = |name: &str| {
        let endings = pack.parameters.organisation_endings.iter();
        endings
            .filter(|ending| ending.chars().count() > 1 || !looks_human(name))
            .any(|ending| name.strip_suffix(ending.as_str()).is_some_and(|before| before.chars().count() >= 2))
    };
    ends(name.trim_end_matches(')')) || ends(before_bracket(name))
}

struct People<'a> {
    pack: &'a Pack,
    ids: &'a Ids,
}

impl People<'_> {
    fn firm(&self, name: &str) -> Party {
        Party::firm(self.ids.person(), name)
    }

    fn human(&self, name: &str) -> Party {
        Party::human(self.ids.person(), name)
    }

    /// A firm by its ending, else perhaps a human being; nobody when the cell is blank.
    fn either(&self, name: &str) -> Option<Party> {
        match name {
            "" => None,
            name if is_organisation(self.pack, name) => Some(self.firm(name)),
            name => Some(self.human(name)),
        }
    }

    /// The holder of a matter's words: the first of these, or somebody of whom nothing else is known.
    fn holder<const N: usize>(&self, parties: [&Option<Party>; N]) -> PersonId {
        parties.into_iter().flatten().next().map_or_else(|| self.ids.person(), |party| party.person.clone())
    }
}

/// A matter of which everything that a source does not have is empty.
fn plain(source: Source, number: &str, organ: &str, occurred_on: yanhe_core::Date, holder: &PersonId) -> Registered {
    let nothing = Personal::new(holder, String::new());
    Registered {
        source,
        number: number.to_owned(),
        organ: organ.to_owned(),
        occurred_on,
        subject: None,
        complainant: None,
        affected: None,
        also_affected: Vec::new(),
        caller: None,
        reporter: false,
        category: String::new(),
        result: nothing.clone(),
        text: nothing,
        remark: None,
        penalty: None,
        own_due_on: None,
        status: String::new(),
        batch: None,
        origin: String::new(),
        row: None,
    }
}

fn penalty(row: &PenaltyRow, people: &People<'_>) -> Registered {
    // A sole trader trades under an entered name, which is open like that of a firm; one who has entered none is named as
    // the human being, and punished as one.
    let own_name = || looks_human(&row.subject) && !is_organisation(people.pack, &row.subject);
    let mut subject = match row.subject_kind {
        SubjectKind::SoleTrader if own_name() => people.human(&row.subject),
        SubjectKind::Organisation | SubjectKind::SoleTrader => people.firm(&row.subject),
        SubjectKind::Person => people.human(&row.subject),
    };
    subject.credit_code = row.credit_code.as_ref().map(ToString::to_string);
    if let Some(document) = &row.document {
        subject.document_kind = kind_name(document);
        subject.document = Some(Personal::new(&subject.person, document.number().to_owned()));
    }
    let holder = subject.person.clone();
    Registered {
        subject: Some(subject),
        category: row.offence.clone(),
        text: Personal::new(&holder, row.facts.clone()),
        result: Personal::new(&holder, row.content.clone()),
        remark: row.note.clone().filter(|n| !n.is_empty()).map(|note| Personal::new(&holder, note)),
        penalty: Some(Penalty {
            fine: row.fine.map_or(0, |m| m.fen()),
            confiscation: row.confiscation.map_or(0, |m| m.fen()),
            licence: Some(row.licence.clone()).filter(|l| !l.is_empty()),
            basis: row.basis.clone().unwrap_or_default(),
        }),
        ..plain(Source::Penalty, row.number.as_str(), &row.organ.code, row.decided, &holder)
    }
}

fn inspection(row: &InspectionRow, people: &People<'_>) -> Registered {
    let mut subject = match &row.credit_code {
        Some(_) => Some(people.firm(&row.subject)),
        None => people.either(&row.subject),
    };
    if let Some(subject) = &mut subject {
        subject.credit_code = row.credit_code.as_ref().map(ToString::to_string);
    }
    let mut phones = row.phone.iter().chain(&row.phones);
    let mut affected = row.affected.as_deref().unwrap_or_default().split(SEVERAL).filter_map(|name| {
        let party = people.either(name)?;
        Some(Party { phone: phones.next().map(|p| Personal::new(&party.person, p.to_string())), ..party })
    });
    let (affected, also_affected) = (affected.next(), affected.collect());
    let holder = people.holder([&affected, &subject]);
    Registered {
        category: row.item.clone().unwrap_or_default(),
        text: Personal::new(&holder, row.found.clone()),
        result: Personal::new(&holder, row.result.clone()),
        subject,
        affected,
        also_affected,
        ..plain(Source::Inspection, row.number.as_str(), &row.organ.code, row.date, &holder)
    }
}

fn complaint(row: &ComplaintRow, people: &People<'_>) -> Registered {
    let phone = |of: &PersonId| row.phone.as_ref().map(|p| Personal::new(of, p.to_string()));
    let address = |of: &PersonId| address(row).map(|a| Personal::new(of, a));
    let complainant = people.either(row.complainant.as_deref().unwrap_or_default()).map(|party| {
        let of = party.person.clone();
        Party {
            document_kind: row.document.as_ref().and_then(kind_name),
            document: row.document.as_ref().map(|d| Personal::new(&of, d.number().to_owned())),
            phone: phone(&of),
            address: address(&of),
            email: None,
            ..party
        }
    });
    // The words of a caller without a name are still the caller's, not those of whom they speak.
    let holder = people.holder([&complainant]);
    Registered {
        reporter: row.kind == Appeal::Report,
        category: row.kind.name_zh().to_owned(),
        text: Personal::new(&holder, row.text.clone()),
        subject: people.either(&row.subject),
        own_due_on: row.due,
        status: row.status.clone(),
        caller: Caller::reached_at(phone(&holder), address(&holder)).filter(|_| complainant.is_none()),
        complainant,
        ..plain(Source::Complaint, row.number.as_str(), &row.organ.code, row.received.date(), &holder)
    }
}

/// The address of a complaint, if it says one.
pub(super) fn address(row: &ComplaintRow) -> Option<String> {
    Some(row.address.clone()).filter(|a| !a.is_empty())
}

fn kind_name(document: &yanhe_core::values::Document) -> Option<String> {
    serde_json::to_value(document.kind()).ok()?.as_str().map(str::to_owned)
}

/// The header of the column in which a correction of a matter's field stands in a row.
pub(super) fn corrected(record: &Record, field: &str) -> &'static str {
    match field.split_once('/').map(|(role, part)| (plain_role(role), part)) {
        None if field == "fine" => column(record, "penalty"),
        None => column(record, field),
        Some((_, "credit_code")) => super::penalties::CODE,
        Some((role, "document")) => column(record, &format!("{role}_document")),
        Some((role, _)) => column(record, role),
    }
}

/// Is there a correction of what stands in this column?
pub(super) fn is_corrected(record: &Record, header: &str) -> bool {
    const PARTS: [&str; 12] = [
        "occurred_on",
        "category",
        "text",
        "result",
        "fine",
        "confiscation",
        "licence",
        "subject/firm",
        "subject/document",
        "complainant/human",
        "complainant/document",
        "affected/human",
    ];
    header == super::penalties::CODE || PARTS.iter().any(|part| corrected(record, part) == header)
}

/// The header of the column that a part of a matter was read from, by the name that the law of matters has for it.
pub(super) fn column(record: &Record, part: &str) -> &'static str {
    let (penalty, inspection, complaint) = match part {
        "occurred_on" => ("处罚决定日期", "检查日期", "受理时间"),
        "subject" => ("行政相对人名称", "检查对象名称", "被反映对象"),
        "subject_document" => ("证件号码", "统一社会信用代码", "被反映对象"),
        "complainant" | "affected" => ("行政相对人名称", "权利受影响人", "来电人"),
        "complainant_document" => ("证件号码", "权利受影响人", "证件号码"),
        "category" => ("违法行为类型", "检查事项", "诉求类型"),
        "result" => ("处罚内容", "检查结果", "诉求内容"),
        "text" => ("违法事实", "发现问题描述", "诉求内容"),
        "licence" => (super::penalties::LICENCE, "检查结果", "诉求内容"),
        "basis" => (super::penalties::BASIS, "检查结果", "诉求内容"),
        "confiscation" => (super::penalties::CONFISCATION, "检查结果", "诉求内容"),
        "penalty" => ("罚款金额（万元）", "检查结果", "诉求内容"),
        _ => (super::penalties::ORGAN, super::inspections::ORGAN, super::complaints::ORGAN),
    };
    match record {
        Record::Penalty(_) => penalty,
        Record::Inspection(_) => inspection,
        _ => complaint,
    }
}
