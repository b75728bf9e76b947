//! What nobody types: values that links of the pages put into an address, and what a form's button sends. One that no page
//! makes is refused here, for all pages, and not passed over in silence.

use axum::extract::Query;
use axum::http::Uri;

use crate::pages::listing::{Typed, parse_date};
use crate::text::Lang;

/// What the buttons send of forms that have more than one.
const PRESSED: [(&str, &[&str]); 2] = [
    ("do", &["add", "confirm", "decline", "preview", "print", "save", "send", "serve", "sign"]),
    ("act", &["code", "counter", "edit", "send", "sign", "try"]),
];

/// The button that takes one of several lines away says which.
const REMOVE: &str = "remove/";

/// The name of a parameter of the address with a value that there is not.
pub fn parameter(uri: &Uri) -> Option<String> {
    let Query(asked) = Query::<Typed>::try_from_uri(uri).ok()?;
    let wrong = |name: &str, value: &str| match (uri.path(), name) {
        ("/preferences", "lang") => Lang::parse(value).is_none(),
        ("/preferences", "type") => !["large", "normal"].contains(&value),
        ("/figures", "from" | "to") => !value.is_empty() && parse_date(value).is_err(),
        _ => false,
    };
    let day = |name| parse_date(asked.trimmed(name)).ok().filter(|_| uri.path() == "/figures");
    if day("from").zip(day("to")).is_some_and(|(from, to)| to < from) {
        return Some("to".to_owned());
    }
    asked.0.into_iter().find(|(name, value)| wrong(name, value.trim())).map(|(name, _)| name)
}

/// Was something pressed that no form has?
pub fn pressed(form: &[(String, String)]) -> bool {
    let known = |name: &str, value: &str| match PRESSED.iter().find(|(of, _)| *of == name) {
        Some((_, values)) => value.is_empty() || values.contains(&value) || value.starts_with(REMOVE),
        None => true,
    };
    !form.iter().all(|(name, value)| known(name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All sources of the pages.
    fn sources(folder: &std::path::Path, found: &mut String) {
        for entry in std::fs::read_dir(folder).expect("the sources") {
            let path = entry.expect("a file").path();
            match path.is_dir() {
                true => sources(&path, found),
                false if path.extension().is_some_and(|end| end == "rs") => {
                    found.push_str(&std::fs::read_to_string(&path).expect("a text"));
                }
                false => {}
            }
        }
    }

    #[test]
    fn what_a_button_of_a_page_sends_is_known_and_nothing_else() {
        let mut all = String::new();
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages"), &mut all);
        for (name, values) in PRESSED {
            let button = format!(".sends(\"{name}\", \"");
            let sent = all.split(&button).skip(1).filter_map(|rest| rest.split('"').next());
            let sent: std::collections::BTreeSet<&str> = sent.collect();
            assert_eq!(sent, values.iter().copied().collect(), "{name}");
        }
        assert!(pressed(&[("do".into(), "nonsense".into())]) && !pressed(&[("do".into(), "remove/2".into())]));
        assert!(!pressed(&[("note".into(), "nonsense".into())]), "what people type is theirs");
    }
}
