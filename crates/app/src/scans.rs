//! What comes from paper is held against what is stored: scans of signed sheets, documents shown at the counter, words
//! that a notice corrects.

use yanhe_core::party::Party;
use yanhe_core::{PaperRef, PersonId, StreamId, StreamKind, dossier, matter, paper};

use crate::App;
use crate::error::AppError;
use crate::sealing;

/// The paper that a command of a case signs.
pub(crate) fn signed_by<'a>(state: &'a dossier::State, command: Option<&dossier::Command>) -> Option<&'a PaperRef> {
    use dossier::Command as C;
    match command {
        Some(C::AttestApplication(_)) => state.application_paper(),
        Some(C::AnswerConsent { slip: Some(slip), .. }) => {
            let asked = state.consents.iter().find(|c| slip.signer == format!("party/{}", c.person));
            asked.map(|c| &c.paper)
        }
        Some(C::SignRecord {} | C::AttestRecord(_)) => state.sessions.last().and_then(|s| s.record.as_ref()),
        _ => state.agreement.as_ref().map(|a| &a.paper),
    }
}

impl App {
    /// Is the scan stored with this stream, and no electronic paper of this program? The file that was printed shows no
    /// signature made by hand.
    ///
    /// # Errors
    /// When the database fails or the file cannot be read.
    pub(crate) async fn scanned(&self, stream: &StreamId, of: &PersonId, scan: &str) -> Result<bool, AppError> {
        let hex = !scan.is_empty() && scan.bytes().all(|b| b.is_ascii_hexdigit());
        if !hex || !self.blobs.has(scan, &sealing::owner(stream, &of.0)) {
            return Ok(false);
        }
        match self.file_bytes(stream, &of.0, scan).await {
            Ok(bytes) => Ok(!yanhe_papers::made_here(&bytes)),
            Err(AppError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The addressee of a paper as the matter or the case that it is about knows them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn party_of(&self, issued: &paper::Issued) -> Result<Option<Party>, AppError> {
        let Some(to) = &issued.addressee else { return Ok(None) };
        Ok(match issued.about.kind() {
            StreamKind::Matter => {
                let matter = self.state::<matter::Matter>(&issued.about).await?;
                matter.iter().flat_map(matter::State::parties).map(|(_, p)| p).find(|p| p.person == to.person).cloned()
            }
            StreamKind::Dossier | StreamKind::Confirmation => {
                let case = StreamId::new(StreamKind::Dossier, issued.about.key());
                let case = self.state::<dossier::Dossier>(&case).await?;
                case.iter().flat_map(dossier::everybody).map(|(_, p)| p).find(|p| p.person == to.person).cloned()
            }
            _ => None,
        })
    }

    /// Corrections of who a party is that were approved in the case of a paper that parties sign, before and after.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn approved(&self, issued: &paper::Issued) -> Result<Vec<(String, String)>, AppError> {
        if !paper::parties_sign(&issued.paper.kind) {
            return Ok(Vec::new());
        }
        let case = StreamId::new(StreamKind::Dossier, issued.about.key());
        let case = self.state::<dossier::Dossier>(&case).await?;
        let all = case.iter().flat_map(|case| &case.corrections);
        // Claims and facts have no party in their name.
        let done = all.filter(|c| c.approver.is_some() && c.refused.is_none() && c.field.contains('/'));
        Ok(done.map(|c| (c.before.text().to_owned(), c.after.text().to_owned())).collect())
    }

    /// Does the paper, as it was issued, say these words? One that was erased says nothing.
    ///
    /// # Errors
    /// When the database fails or the file cannot be read.
    pub(crate) async fn says(&self, stream: &StreamId, issued: &paper::Issued, words: &str) -> Result<bool, AppError> {
        match self.file_bytes(stream, sealing::FILE, &issued.sha256).await {
            Ok(pdf) => Ok(yanhe_papers::says(&pdf, words)?),
            Err(AppError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
