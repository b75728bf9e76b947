//! The two ways to sign: by a one-time code over the bytes, and on paper that bears a code.

use super::decide::field;
use super::{Context, Signature, State, parties};
use crate::refusal::{Reason, Refusal};
use crate::stream::Facts;
use crate::values::half_width;

/// A signature made on paper: in a manner that the signer can sign in, on the paper that bears the code.
pub(super) fn on_paper(
    state: &State,
    signer: &str,
    manner: &str,
    typed: &str,
    printed: Option<&str>,
) -> Result<(), Refusal> {
    if printed.is_some_and(|printed| !same_code(typed, printed)) {
        return Err(field("check_code", "wrong"));
    }
    let firm = parties(state).any(|(_, p)| p.is_firm() && signer.strip_prefix("party/") == Some(p.person.0.as_str()));
    match manner {
        "hand" | "fingerprint" => Ok(()),
        // A human being has no company seal.
        "seal" if firm => Ok(()),
        _ => Err(field("manner", "unknown")),
    }
}

/// A code as typed, however it was grouped and spelled, and as printed.
pub(crate) fn same_code(typed: &str, printed: &str) -> bool {
    let plain = |code: &str| -> String {
        half_width(code).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
    };
    plain(typed) == plain(printed)
}

/// A signature by a one-time code that was just tried, over the bytes that the signer saw.
pub(super) fn by_code(signer: String, facts: &Facts<'_>, context: &Context) -> Result<Signature, Refusal> {
    if !context.verified {
        return Err(Reason::WrongCode.into());
    }
    Ok(Signature {
        signer,
        on: facts.today(),
        manner: "code".into(),
        sha256: context.paper_sha256.clone(),
        attested_by: None,
        scan: None,
        original: None,
    })
}
