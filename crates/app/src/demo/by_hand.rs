//! Signatures by hand in the play: the paper is printed, signed and scanned, and the scan comes back.

use serde_json::json;
use yanhe_core::dossier::{self, ByHand};
use yanhe_core::party::Party;
use yanhe_core::policy::Actor;
use yanhe_core::time::Date;
use yanhe_core::{PaperRef, PersonId, StreamId, paper};
use yanhe_papers::{Mark, PaperError};

use super::{DemoError, Play, time};
use crate::error::AppError;
use crate::sealing::FILE;

impl Play<'_> {
    /// What the officer attests. The scan is the printed sheet with the name drawn where the signer's line is; it is kept
    /// in the stream in the name of `of`.
    pub(super) async fn by_hand(
        &self,
        officer: &Actor,
        (stream, of): (&StreamId, &PersonId),
        (paper, check_code): (&PaperRef, &str),
        party: &Party,
        day: Date,
    ) -> Result<ByHand, DemoError> {
        let signer = format!("party/{}", party.person);
        let issued = self.app.state::<paper::Paper>(&paper.id).await?.ok_or(AppError::NotFound)?.issued;
        let printed = self.app.file_bytes(&paper.id, FILE, &issued.sha256).await?;
        let manner = if party.is_firm() { "seal" } else { "hand" };
        let data = json!({
            "what": "signature", "name": party.name.text(), "on": day.to_string(), "manner": manner,
            "sha256": issued.sha256, "demo": true,
        });
        let mark = Mark { place: signer.clone(), data, at: time(day, 14) };
        let signed = match self.app.papers.mark(&printed, &mark) {
            // A slip to be cut off keeps no place.
            Err(PaperError::NoPlace(_)) => Ok(printed),
            signed => signed,
        };
        let sheet = signed.and_then(|signed| self.app.papers.run(&[signed], false)).map_err(AppError::from)?;
        let scan = self.app.store_file(stream, of, "签名页扫描件.pdf", sheet.pdf, officer).await?.sha256;
        let (check_code, original) = (check_code.to_owned(), "本机关调解档案柜".to_owned());
        Ok(ByHand { signer, on: day, manner: manner.into(), check_code, scan, original })
    }
}

/// The party who signs.
pub(super) fn party_of<'a>(state: &'a dossier::State, signer: &str) -> Result<&'a Party, AppError> {
    let mut all = dossier::everybody(state).map(|(_, p)| p);
    all.find(|p| signer.strip_prefix("party/") == Some(p.person.0.as_str())).ok_or(AppError::NotFound)
}
