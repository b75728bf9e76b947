//! Who comes to the counter with a paper: its addressee, or for a firm somebody who may act for it.

use serde::{Deserialize, Serialize};

use super::{Context, Event, State};
use crate::Personal;
use crate::refusal::{Reason, Refusal};
use crate::values::{DocumentKind, PersonName, Phone};

/// As what somebody acts for a firm: its legal representative, head or operator (法定代表人、负责人、经营者), or an agent with a
/// written authority (委托代理人, CPL 58, 59 before 2022).
pub const CAPACITIES: [&str; 2] = ["legal_representative", "agent"];

/// Who came for a firm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envoy {
    /// Name.
    pub name: Personal<String>,
    /// One of [`CAPACITIES`].
    pub capacity: String,
    /// Number or date of the paper that authorises an agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Personal<String>>,
}

/// The same as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coming {
    /// Name.
    pub name: String,
    /// One of [`CAPACITIES`].
    pub capacity: String,
    /// Number or date of the paper that authorises an agent; empty for others.
    pub authority: String,
}

/// What an officer saw: the addressee's own document, or that of whoever comes for a firm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Kind of the document, as parties carry it.
    pub document_kind: String,
    /// Its number, which is compared and not kept.
    pub number: String,
    /// A mobile phone to send codes to from now on.
    pub phone: Option<String>,
    /// Who comes for a firm; none for a human being.
    #[serde(default)]
    pub envoy: Option<Coming>,
}

fn field(field: &str, problem: &str) -> Refusal {
    Reason::Field { field: field.into(), problem: problem.into() }.into()
}

/// A document was seen at the counter. Of a firm it is that of whoever came, who says as what.
pub(super) fn check(state: &State, seen: Seen, context: &Context) -> Result<Event, Refusal> {
    let addressee = state.issued.addressee.as_ref().ok_or(Reason::NotFound)?;
    if DocumentKind::by_key(&seen.document_kind).is_none() {
        return Err(field("document_kind", "unknown"));
    }
    // Whoever shows another document than the file knows is somebody else, or the file is wrong: then it is corrected first.
    if context.document.as_ref().is_some_and(|known| *known != seen.number) {
        return Err(field("document", "not_on_file"));
    }
    let personal = |text: &str| Personal::new(&addressee.person, text.to_owned());
    let envoy = match (context.firm, seen.envoy) {
        (true, None) => return Err(field("envoy", "required")),
        (false, Some(_)) => return Err(field("envoy", "only_of_a_firm")),
        (false, None) => None,
        (true, Some(Coming { name, capacity, authority })) => {
            let name = PersonName::parse(&name).map_err(|_| field("envoy", "invalid"))?;
            if !CAPACITIES.contains(&capacity.as_str()) {
                return Err(field("capacity", "choose"));
            }
            let authority = authority.trim();
            let agent = capacity == "agent";
            if agent && authority.is_empty() {
                return Err(field("authority", "required"));
            }
            Some(Envoy { name: personal(name.as_str()), capacity, authority: agent.then(|| personal(authority)) })
        }
    };
    let phone = match seen.phone.as_deref().map(Phone::parse) {
        None => None,
        Some(Ok(phone)) if phone.is_mobile() => Some(personal(phone.as_str())),
        Some(_) => return Err(field("phone", "not_a_phone")),
    };
    Ok(Event::IdentityChecked { document_kind: seen.document_kind, phone, envoy })
}
