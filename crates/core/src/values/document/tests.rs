//! Laws of the numbers of identity documents.

use proptest::prelude::*;

use super::*;

#[test]
fn an_id_number_holds_by_check_digit_and_birthday() {
    assert_eq!(IdNumber::parse("33049919640129567x").unwrap().as_str(), "33049919640129567X");
    assert_eq!(IdNumber::parse("３３０４９９１９９４０７１１３００９").unwrap().as_str(), "330499199407113009");
    assert_eq!(IdNumber::parse("330499199407113009").unwrap().birth_date().to_string(), "1994-07-11");
    assert_eq!(IdNumber::parse("330499199407113008"), Err(ValueError::CheckDigit));
    assert_eq!(IdNumber::parse("330499199402303009"), Err(ValueError::BirthDate));
    assert_eq!(IdNumber::parse("33049919940711300"), Err(ValueError::Length { expected: 18, found: 17 }));
    assert_eq!(IdNumber::parse("330499940711300"), Err(ValueError::FormerIdNumber));
    assert_eq!(IdNumber::parse("3304991994O7113009"), Err(ValueError::Character { character: "O".to_owned() }));
}

#[test]
fn a_number_that_a_spreadsheet_rounded_is_found() {
    assert_eq!(IdNumber::parse("330499199407113000"), Err(ValueError::CheckDigit));
}

/// A number with the right check digit for seventeen digits.
fn closed(body: &str) -> String {
    (0..10)
        .map(|d| d.to_string())
        .chain(["X".to_owned()])
        .map(|d| format!("{body}{d}"))
        .find(|n| eighteen(n).is_ok())
        .unwrap()
}

#[test]
fn the_kind_is_guessed_by_the_shape() {
    let permit = closed("81000019900101001");
    for (text, kind) in [
        ("330499199407113009", DocumentKind::ResidentId),
        (permit.as_str(), DocumentKind::ResidencePermit),
        ("h12345678", DocumentKind::HongKongMacaoPermit),
        ("M12345678", DocumentKind::HongKongMacaoPermit),
        ("12345678", DocumentKind::TaiwanPermit),
        ("E12345678", DocumentKind::Passport),
        ("C1234567", DocumentKind::Passport),
    ] {
        assert_eq!(Document::guess(text).unwrap().kind(), kind, "{text}");
    }
    assert_eq!(Document::guess("33049919940711300"), Err(ValueError::Length { expected: 18, found: 17 }));
    assert_eq!(IdNumber::parse(&permit), Err(ValueError::Region));
}

#[test]
fn a_travel_permit_names_the_same_person_with_and_without_the_count_of_renewals() {
    let card = Document::guess("H12345678").unwrap();
    for text in ["H1234567800", "h1234567803", "Ｈ1234567812"] {
        assert_eq!(Document::guess(text).unwrap(), card, "{text}");
        assert_eq!(Document::parse(DocumentKind::HongKongMacaoPermit, text).unwrap(), card, "{text}");
    }
    assert!(Document::guess("H123456789").is_err() && Document::guess("H12345678001").is_err());
}

#[test]
fn a_number_of_another_kind_is_refused() {
    for (kind, text) in [
        (DocumentKind::HongKongMacaoPermit, "E12345678"),
        (DocumentKind::TaiwanPermit, "1234567"),
        (DocumentKind::Passport, "ABCDEFG"),
        (DocumentKind::ResidencePermit, "330499199407113009"),
    ] {
        assert_eq!(Document::parse(kind, text), Err(ValueError::NotADocument { kind }), "{text}");
    }
}

#[test]
fn a_foreign_permanent_residents_card_has_the_shape_of_an_id_or_an_earlier_one() {
    let card = closed("93384019900101001");
    for text in [card.as_str(), "can110108120112"] {
        let document = Document::guess(text).unwrap();
        assert_eq!(document.kind(), DocumentKind::PermanentResident, "{text}");
        assert_eq!(Document::parse(document.kind(), document.number()), Ok(document));
    }
    let wrong = format!("{}{}", &card[..17], if card.ends_with('0') { '1' } else { '0' });
    assert_eq!(Document::guess(&wrong), Err(ValueError::CheckDigit));
    let kind = DocumentKind::PermanentResident;
    assert_eq!(Document::parse(kind, "E12345678"), Err(ValueError::NotADocument { kind }));
}

#[test]
fn a_card_of_the_forces_is_taken_as_printed() {
    let kind = DocumentKind::ForcesCard;
    assert_eq!(Document::parse(kind, "军字第１２３４５６７号").unwrap().number(), "军字第1234567号");
    assert_eq!(Document::parse(kind, "军字第1234567号").unwrap().masked(), "军******567号");
    assert_eq!(Document::parse(kind, "军官证"), Err(ValueError::NotADocument { kind }));
}

#[test]
fn a_number_of_no_shape_is_called_no_document_and_not_a_wrong_passport() {
    for text in ["123", "ABCDEFG", "1"] {
        assert_eq!(Document::guess(text), Err(ValueError::NoDocument), "{text}");
    }
}

#[test]
fn documents_read_back_from_json_are_checked_again() {
    let document = Document::guess("330499199407113009").unwrap();
    let json = serde_json::to_string(&document).unwrap();
    assert_eq!(json, r#"{"kind":"resident_id","number":"330499199407113009"}"#);
    assert_eq!(serde_json::from_str::<Document>(&json).unwrap(), document);
    assert!(serde_json::from_str::<Document>(&json.replace("3009", "3008")).is_err());
}

#[test]
fn a_masked_number_hides_the_birthday() {
    assert_eq!(Document::guess("330499199407113009").unwrap().masked(), "330499********3009");
}

#[test]
fn kinds_are_known_by_their_names() {
    for kind in DocumentKind::ALL {
        assert_eq!(DocumentKind::by_key(kind.key()), Some(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.key());
        assert_eq!(DocumentKind::parse(kind.name_zh()), Ok(kind));
    }
    assert_eq!(DocumentKind::parse(" 台胞证 "), Ok(DocumentKind::TaiwanPermit));
    assert_eq!(DocumentKind::parse("军官证"), Ok(DocumentKind::ForcesCard));
    assert!(matches!(DocumentKind::parse("驾驶证"), Err(ValueError::UnknownDocument { .. })));
}

proptest! {
    #[test]
    fn two_neighbours_swapped_are_found(serial in 0u32..1000, place in 0usize..16) {
        let good = closed(&format!("33049919900101{serial:03}"));
        let mut bytes = good.clone().into_bytes();
        let differ = bytes[place] != bytes[place + 1];
        bytes.swap(place, place + 1);
        let swapped = String::from_utf8(bytes).unwrap();
        prop_assert_eq!(IdNumber::parse(&swapped).is_err(), differ, "{} {}", good, swapped);
    }
}
