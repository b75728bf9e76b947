//! Signatures and seals that an event puts on a paper: as a further revision of its file, never a change of what was
//! signed.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::StreamId;
use crate::dossier::Signature;
use crate::personal::Personal;
use crate::stream::{Facts, PaperRef};
use crate::time::{Date, county_time};

/// A mark that an event puts on a stored paper, in the same commit.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkOrder {
    /// The paper.
    pub paper: StreamId,
    /// The place that its template keeps: the signer (`party/PERSON` or the staff stream), [`SEAL`] or [`EFFECT`].
    pub place: String,
    /// What the template `mark` needs. May hold personal values.
    pub data: Value,
}

/// The place of the issuer's seal.
pub const SEAL: &str = "seal";
/// The place of the day on which a paper that is signed takes effect, at its seal.
pub const EFFECT: &str = "effect";

/// A signature, by the signer's name.
pub fn signature(paper: &PaperRef, made: &Signature, name: &Personal<String>, facts: &Facts<'_>) -> MarkOrder {
    // When a hand signed is known to the day, a code to the second.
    let time = (made.manner == "code").then(|| county_time(facts.now).strftime("%H:%M").to_string());
    MarkOrder {
        paper: paper.id.clone(),
        place: made.signer.clone(),
        data: json!({
            "what": "signature", "name": name, "on": made.on.to_string(), "time": time, "manner": made.manner,
            "attested_by": made.attested_by, "sha256": made.sha256,
        }),
    }
}

/// The same of a firm or an organ, which signs by somebody: who, and as what.
pub fn by(mut order: MarkOrder, name: &Personal<String>, post: &str) -> MarkOrder {
    order.data["by"] = json!(name);
    order.data["post"] = json!(post);
    order
}

/// The seal of the body that issued the paper; `key` says whose it is: `organ` or `court`.
pub fn seal(paper: &PaperRef, key: &str, facts: &Facts<'_>) -> MarkOrder {
    let mut data = json!({"what": "seal", "on": facts.today().to_string()});
    data[key] = json!({"name": facts.pack.body_name(&paper.issuer)});
    MarkOrder { paper: paper.id.clone(), place: SEAL.to_owned(), data }
}

/// The day on which a paper took effect. It is no earlier than the last of its signatures and the seal, which nobody
/// knows when the paper is drawn up: so it is filled in with them.
pub fn effect(paper: &PaperRef, on: Date) -> MarkOrder {
    let data = json!({"what": "effect", "on": on.to_string()});
    MarkOrder { paper: paper.id.clone(), place: EFFECT.to_owned(), data }
}

/// A file that was made by adding a mark: it begins with the file before, and that with what was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// SHA-256 of the file that the mark was added to, hex.
    pub after: String,
    /// SHA-256 of the whole file, hex.
    pub sha256: String,
    /// Bytes.
    pub size: i64,
    /// The mark that was added, by its place.
    pub mark: String,
}
