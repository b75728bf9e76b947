//! Invented people and firms, and the staff of the county.

use yanhe_core::dossier::Officer;
use yanhe_core::party::{Name, Party};
use yanhe_core::policy::{Actor, Role};
use yanhe_core::{PersonId, Personal, StreamId, StreamKind};

/// Everything that belongs to a human being in these tests. None of it may ever stand outside a personal value.
pub const SECRETS: [&str; 13] = [
    "贺秋生",
    "阮桂香",
    "仇望舒",
    "孟守和",
    "裴执中",
    "19900007001",
    "19900007002",
    "19900007003",
    "330499198001011235",
    "330499197502023459",
    "白荷路七十七弄",
    "枫溪新村十二幢",
    "银杏里九号",
];

/// Words of a clerk or a party that name people: what is typed freely may always hold this.
pub const GOSSIP: &str = "贺秋生（330499198001011235，电话19900007001，住白荷路七十七弄）和阮桂香都这么说";

/// A human being with document, phone and address.
pub fn human(person: &str, name: &str, document: &str, phone: &str, address: &str) -> Party {
    let of = PersonId(person.into());
    let value = |text: &str| Some(Personal::new(&of, text.to_owned()));
    Party {
        name: Name::Human(Personal::new(&of, name.into())),
        credit_code: None,
        document_kind: Some("resident_id".into()),
        document: value(document),
        phone: value(phone),
        address: value(address),
        email: None,
        person: of,
    }
}

/// The complainant, buyer, punished person.
pub fn he() -> Party {
    human("he", "贺秋生", "330499198001011235", "19900007001", "白荷路七十七弄")
}

/// A second human being.
pub fn ruan() -> Party {
    human("ruan", "阮桂香", "330499197502023459", "19900007002", "枫溪新村十二幢")
}

/// A shop.
pub fn shop() -> Party {
    let person = PersonId("shop".into());
    Party {
        name: Name::Firm("海盐千禾电器商行".into()),
        credit_code: Some("91330499XLE6CL26N2".into()),
        document_kind: None,
        document: None,
        phone: Some(Personal::new(&person, "19900007003".into())),
        address: Some(Personal::new(&person, "银杏里九号".into())),
        email: None,
        person,
    }
}

/// A party's own hand.
pub fn own(party: &Party) -> Actor {
    Actor::party(&party.person)
}

/// A member of staff of an organ or the court, by post.
pub fn staff(body: &str, role: Role) -> Actor {
    Actor::staff(&StreamId::new(StreamKind::Staff, &format!("{}-{body}", role.name().replace('_', "-"))), role, body)
}

/// As a decision sees them.
pub fn officer(actor: &Actor) -> Officer {
    let name = if actor.role == Role::Judge { "裴执中" } else { "孟守和" };
    Officer {
        stream: actor.id.clone(),
        organ: actor.body.clone(),
        role: actor.role,
        name: Personal::new(&PersonId(format!("of-{}", actor.id.replace('/', "-"))), name.into()),
    }
}

/// The stream of a member of staff.
pub fn stream_of(actor: &Actor) -> StreamId {
    StreamId::parse(&actor.id).unwrap_or_else(|| panic!("{} is no stream", actor.id))
}

/// One more firm, as somebody who is added to a case.
pub fn more(n: usize) -> Party {
    Party::firm(PersonId(format!("more-{n}")), format!("海盐县第{n}供货商行"))
}
