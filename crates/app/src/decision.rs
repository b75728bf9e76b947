//! A penalty decision entered by form, printed together with the guidance letter that goes with it, on one proof of
//! service. The decision is the organ's own paper, with its own number: it is printed here, not issued.

use serde_json::{Value, json};
use yanhe_core::matter::{self, LetterState, Matter};
use yanhe_core::pack::Pack;
use yanhe_core::party::Party;
use yanhe_core::policy::{Act, Actor};
use yanhe_core::{Date, Reason, StreamId, organ, paper_data};

use crate::App;
use crate::error::AppError;
use crate::sealing::plain;

/// Template of a decision; a pack without it prints the letter alone.
const DECISION: &str = "penalty_decision";
/// How a fine is paid (行政处罚法 67).
const PAYMENT: &str = "当事人应当自收到本决定书之日起十五日内，到指定的银行或者通过电子支付系统缴纳罚款。";
/// Template of a proof of service.
const PROOF: &str = "proof_of_service";

impl App {
    /// Puts decision, letter and a proof of service to be filled in by hand together for the printer and keeps the run.
    /// Gives the run's id and the letter.
    ///
    /// # Errors
    /// [`AppError::Denied`] for another organ's, a refusal when there is no letter that stands.
    pub async fn decision_run(&self, actor: &Actor, stream: &StreamId) -> Result<(String, StreamId), AppError> {
        let state = self.permit::<Matter>(actor, Act::ConfirmLetter, stream).await?;
        let standing = state.letters.iter().rev().find(|(_, s)| *s != LetterState::Voided);
        let (letter, _) =
            standing.ok_or_else(|| AppError::Refused(Reason::Waiting { what: "addressee".into() }.into()))?;
        let (_, pdf) = self.paper_pdf(actor, &letter.paper.id).await?;
        let profile = self.organ_profile(&state.matter.organ).await?;
        let decision = decision_data(&self.pack, &state, profile.as_ref(), &letter.paper.number, self.demo);
        let (pack, today, templates) = (self.pack.clone(), self.today(), self.papers.clone());
        let proof = proof_data(&pack, &state, profile.as_ref(), &letter.paper.number, today, self.demo);
        let decided = state.matter.occurred_on;
        let rendering = tokio::task::spawn_blocking(move || {
            let mut parts = Vec::new();
            if templates.kinds().iter().any(|kind| kind == DECISION) {
                parts.push(templates.render(DECISION, &decision, decided)?.pdf);
            }
            parts.push(pdf);
            parts.push(templates.render(PROOF, &proof, today)?.pdf);
            Ok::<_, yanhe_papers::PaperError>(templates.run(&parts, true)?.pdf)
        });
        let run = rendering.await.map_err(|_| AppError::NotFound)??;
        let id = self.keep_run(actor, std::slice::from_ref(&letter.paper.id), &run).await?;
        Ok((id, letter.paper.id.clone()))
    }
}

fn organ_data(pack: &Pack, code: &str, profile: Option<&organ::Profile>) -> Value {
    json!({
        "code": code,
        "name": pack.body_name(code),
        "phone": profile.map_or("", |p| p.phone.as_str()),
        "address": profile.map_or("", |p| p.address.as_str()),
    })
}

/// The punished as every paper names them; a decision is no place for a phone.
fn party_data(party: &Party) -> Value {
    let mut data = plain(paper_data::party(party, "当事人"));
    if let Some(data) = data.as_object_mut() {
        data.remove("phone");
    }
    data
}

fn decision_data(
    pack: &Pack,
    state: &matter::State,
    profile: Option<&organ::Profile>,
    letter: &str,
    demo: bool,
) -> Value {
    let m = &state.matter;
    let basis = m.penalty.as_ref().map(|p| p.basis.clone()).filter(|b| !b.is_empty());
    let decision: Vec<&str> = m.result.text().lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    json!({
        "organ": organ_data(pack, &m.organ, profile),
        "seal": {"name": pack.body_name(&m.organ)},
        "date": m.occurred_on.to_string(),
        "demo": demo,
        "number": m.number,
        "parties": m.subject.iter().map(party_data).collect::<Vec<_>>(),
        "facts": m.text.text(),
        "basis": basis.map_or_else(|| vec!["有关法律、法规".to_owned()], |b| vec![b]),
        "decision": decision,
        "payment": m.penalty.as_ref().filter(|p| p.fine > 0).map(|_| PAYMENT),
        "review_organ": format!("{}人民政府", pack.jurisdiction.name),
        "court_name": pack.court.name,
        "letter_number": letter,
    })
}

fn proof_data(
    pack: &Pack,
    state: &matter::State,
    profile: Option<&organ::Profile>,
    letter: &str,
    today: Date,
    demo: bool,
) -> Value {
    let m = &state.matter;
    json!({
        "organ": organ_data(pack, &m.organ, profile),
        "seal": {"name": pack.body_name(&m.organ)},
        "date": today.to_string(),
        "demo": demo,
        "number": "",
        "cause": m.category,
        "documents": [
            {"name": "行政处罚决定书", "number": m.number},
            {"name": pack.paper_name("guidance_letter"), "number": letter},
        ],
        "addressee": {"name": m.subject.as_ref().map_or("", |p| p.name.text())},
    })
}
