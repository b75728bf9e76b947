//! Canonical JSON: RFC 8785, narrowed to integers.

use proptest::prelude::*;
use serde_json::{Value, json};
use yanhe_journal::canonical::{CanonicalError, MAX_DEPTH, MAX_INTEGER, parse, to_bytes};

/// Any value that the journal can hold.
pub fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-MAX_INTEGER..=MAX_INTEGER).prop_map(Value::from),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn canonical_bytes_read_back_as_the_same_value_and_the_same_bytes(value in value()) {
        let bytes = to_bytes(&value).unwrap();
        let again = parse(&bytes).unwrap();
        prop_assert_eq!(&again, &value);
        prop_assert_eq!(to_bytes(&again).unwrap(), bytes);
    }

    #[test]
    fn any_json_reader_understands_canonical_bytes(value in value()) {
        let read: Value = serde_json::from_slice(&to_bytes(&value).unwrap()).unwrap();
        prop_assert_eq!(read, value);
    }

    #[test]
    fn a_value_has_no_second_spelling(value in value(), at in any::<prop::sample::Index>()) {
        let mut bytes = to_bytes(&value).unwrap();
        bytes.insert(at.index(bytes.len() + 1), b' ');
        // A space inside a string is another value; anywhere else it is refused.
        if let Ok(other) = parse(&bytes) {
            prop_assert_ne!(other, value);
        }
    }
}

#[test]
fn keys_sort_by_utf16_as_in_rfc_8785_section_3_2_3() {
    let value = json!({
        "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh", "1": "One",
        "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis"
    });
    let expected = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\
                    \"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\"\u{20ac}\":\"Euro Sign\",\
                    \"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}";
    assert_eq!(String::from_utf8(to_bytes(&value).unwrap()).unwrap(), expected);
}

#[test]
fn strings_and_literals_are_written_as_in_rfc_8785_section_3_2_4() {
    let text = r#"{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#;
    let value: Value = serde_json::from_str(text).unwrap();
    let expected = "{\"literals\":[null,true,false],\"string\":\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
    assert_eq!(String::from_utf8(to_bytes(&value).unwrap()).unwrap(), expected);
}

#[test]
fn numbers_are_integers_up_to_two_to_the_53rd_less_one() {
    for n in [0, 1, -1, MAX_INTEGER, -MAX_INTEGER] {
        assert_eq!(to_bytes(&json!(n)).unwrap(), n.to_string().into_bytes());
    }
    for beyond in [json!(MAX_INTEGER + 1), json!(-MAX_INTEGER - 1), json!(i64::MIN), json!(u64::MAX)] {
        assert!(matches!(to_bytes(&beyond), Err(CanonicalError::OutOfRange(_))), "{beyond}");
    }
    for broken in [json!(0.5), json!(1.0), json!(-0.0), json!(1e30)] {
        assert!(matches!(to_bytes(&broken), Err(CanonicalError::NotAnInteger(_))), "{broken}");
    }
}

#[test]
fn what_is_not_canonical_is_refused() {
    for text in [
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"b":1,"a":2}"#,
        r#"{"a": 1}"#,
        " 1",
        "1\n",
        "-0",
        "1.0",
        "1e2",
        r#""\u0041""#,
        r#""\/""#,
        r#""\u000F""#,
        "",
        "{",
        "nul",
        "[1,]",
        "01",
        "9007199254740992",
        "\"\\ud800\"",
        "\u{feff}1",
    ] {
        assert!(parse(text.as_bytes()).is_err(), "{text}");
    }
    assert!(parse(b"\"\xff\"").is_err());
    assert_eq!(parse(br#"{"a":1,"a":1}"#), Err(CanonicalError::NotCanonical { at: 6 }));
}

#[test]
fn what_may_be_written_may_be_read_however_deep() {
    let nested = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    let deepest = to_bytes(&nested(MAX_DEPTH)).unwrap();
    assert_eq!(parse(&deepest).unwrap(), nested(MAX_DEPTH));
    assert_eq!(to_bytes(&nested(MAX_DEPTH + 1)), Err(CanonicalError::TooDeep));
}
