//! What officers of the play see when the parties show who they are: what is on file, else an invented document of the
//! division 330499, which belongs to nobody.

use yanhe_core::dossier::{self, Check};
use yanhe_core::party::Party;
use yanhe_core::values::{CreditCode, Document, DocumentKind};

const FAMILIES: [char; 10] = ['沈', '顾', '陆', '钱', '严', '许', '金', '徐', '曹', '方'];
const GIVEN: [&str; 10] = ["国良", "建芬", "晓东", "丽华", "志明", "亚琴", "海峰", "文娟", "永康", "雪芳"];

/// A check of everybody whose identity is not recorded. `roll` gives a number below its first argument, for a purpose.
pub fn checks(state: &dossier::State, roll: impl Fn(u64, &str) -> u64) -> Vec<Check> {
    let seen = |(n, party): (usize, &Party)| seen(party, |bound, what| roll(bound, &format!("{what} {n}")));
    state.unidentified().enumerate().map(seen).collect()
}

/// What a party of a demo shows at the counter: what is on file, else an invented document, the same each time.
pub fn shown(party: &Party) -> Check {
    seen(party, |bound, what| {
        let hash = crate::sha256(format!("{what} {}", party.person).as_bytes());
        hash.get(..12).and_then(|head| u64::from_str_radix(head, 16).ok()).unwrap_or_default() % bound
    })
}

fn seen(party: &Party, roll: impl Fn(u64, &str) -> u64) -> Check {
    let pick = |sides: usize, what: &str| usize::try_from(roll(sides as u64, what)).unwrap_or(0);
    let known = party.address.as_ref().and_then(|a| a.open()).cloned();
    let address = known.unwrap_or_else(|| format!("海盐县武原街道虚构路{}号", 1 + pick(400, "house")));
    if party.is_firm() {
        let name = format!("{}{}", FAMILIES[pick(FAMILIES.len(), "family")], GIVEN[pick(GIVEN.len(), "given")]);
        return Check {
            person: party.person.clone(),
            document_kind: String::new(),
            number: party.credit_code.clone().unwrap_or_else(|| credit_code(pick(9_000_000, "code"))),
            representative: name,
            post: if party.name.text().contains("公司") { "法定代表人" } else { "经营者" }.to_owned(),
            address,
        };
    }
    let number = party.document.as_ref().and_then(|d| d.open()).cloned();
    let kind = party.document_kind().filter(|_| number.is_some()).unwrap_or(DocumentKind::ResidentId);
    Check {
        person: party.person.clone(),
        document_kind: kind.key().to_owned(),
        number: number.unwrap_or_else(|| resident_id(pick(14_000, "birth"), pick(1000, "serial"))),
        representative: String::new(),
        post: String::new(),
        address,
    }
}

/// A number with its check digit, born so many days after 1960.
fn resident_id(days: usize, serial: usize) -> String {
    let born = jiff::civil::date(1960, 1, 1)
        .saturating_add(jiff::Span::new().days(i64::try_from(days).unwrap_or_default()))
        .strftime("%Y%m%d");
    let number = |check: char| format!("330499{born}{serial:03}{check}");
    closed("0123456789X".chars().map(number), |n| Document::parse(DocumentKind::ResidentId, n).is_ok())
}

/// A credit code with both of its check digits.
fn credit_code(serial: usize) -> String {
    const SIGNS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let codes = SIGNS.chars().flat_map(|own| SIGNS.chars().map(move |last| (own, last)));
    closed(codes.map(|(own, last)| format!("92330499M{serial:07}{own}{last}")), |n| CreditCode::parse(n).is_ok())
}

fn closed(mut all: impl Iterator<Item = String>, right: impl Fn(&String) -> bool) -> String {
    // INVARIANT: one of all check digits is the right one.
    all.find(right).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_numbers_have_right_check_digits() {
        for n in [0, 1, 77, 999] {
            assert!(Document::parse(DocumentKind::ResidentId, &resident_id(n * 13, n)).is_ok());
            assert!(CreditCode::parse(&credit_code(n * 4_321)).is_ok());
        }
    }
}
