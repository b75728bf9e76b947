//! What other streams are told of a paper.

use serde_json::json;

use super::{Event, State};
use crate::matter::LetterState;
use crate::stream::Job;
use crate::time::{Timestamp, county_date};
use crate::{StreamId, StreamKind};

/// What became of a letter, a ruling or the record of an application is told to the stream it is about, by a job: at least
/// once, idempotent.
pub(super) fn tell(id: &StreamId, state: &State, event: &Event) -> Vec<Job> {
    let mut jobs = Vec::new();
    if let Event::ServiceCorrected { proof, notice, with: None, .. } = event {
        let command = json!({"Disprove": {"paper": id, "notice": notice.notice}});
        let name = format!("disprove/{}", proof.key());
        jobs.push(Job::Run { name, due: Timestamp::UNIX_EPOCH, stream: proof.clone(), command });
    }
    if matches!(event, Event::PaperDispatched { .. }) && state.arrived_by_message().is_some() {
        let command = json!({"Arrive": {}});
        jobs.push(Job::Run { name: "arrived".into(), due: Timestamp::UNIX_EPOCH, stream: id.clone(), command });
    }
    if let Event::PaperStands { notice } = event {
        let command = json!({"Fall": {"taken_back": true}});
        let name = format!("fall/{}", notice.id.key());
        jobs.push(Job::Run { name, due: Timestamp::UNIX_EPOCH, stream: notice.id.clone(), command });
    }
    let run = |name: &str, command| Job::Run {
        name: name.into(),
        due: Timestamp::UNIX_EPOCH,
        stream: state.issued.about.clone(),
        command,
    };
    // What a case needs is made again there: it hears that it is void.
    if let (
        Event::PaperVoided { notice, .. },
        "consent_letter" | "oral_application" | "changed_decision" | "end_notice" | "docket_notice" | "ruling_valid"
        | "ruling_reject",
    ) = (event, state.issued.paper.kind.as_str())
    {
        return vec![run("voided", json!({"NoteVoided": {"paper": id, "notice": notice.notice}}))];
    }
    if state.issued.paper.kind == "consent_letter" && !matches!(event, Event::PaperIssued { .. }) {
        // Silence counts only from the day on which the letter was received.
        let by_message = state.proven_on().is_none();
        let command = json!({"NoteConsent": {"paper": id, "on": state.received_on(), "by_message": by_message}});
        jobs.push(run("noted", command));
        return jobs;
    }
    let (noted, on) = match event {
        Event::ServiceRecorded { .. } | Event::ServiceCorrected { .. } | Event::PaperVoided { .. } => state.became(),
        // A message that went with the issue: its matter chose that channel and has nothing to learn.
        Event::PaperDispatched { channel, to: None }
            if matches!(channel.as_str(), "sms" | "email") && state.services.is_empty() =>
        {
            return jobs;
        }
        Event::PaperDispatched { .. } => {
            (LetterState::Sent, state.sent.last().map_or(state.issued.date, |(_, at)| county_date(*at)))
        }
        _ => return jobs,
    };
    // After a correction what was noted before may be taken back.
    let corrected = state.services.iter().any(|s| s.corrected.is_some());
    let noted = json!({"paper": id, "state": noted, "on": on, "corrected": corrected});
    let command = match state.issued.about.kind() {
        StreamKind::Matter if state.issued.paper.kind == "guidance_letter" => {
            let mut noted = noted;
            if state.goes_with_decision() {
                noted["with_decision"] = true.into();
            }
            json!({"NoteLetter": noted})
        }
        StreamKind::Matter if state.issued.paper.kind == crate::matter::decision::KIND => {
            json!({"NoteDecision": noted})
        }
        StreamKind::Dossier if state.issued.paper.kind == "changed_decision" => {
            json!({"NoteChange": {"paper": id, "on": state.served_on()}})
        }
        StreamKind::Confirmation if state.issued.paper.kind.starts_with("ruling_") => {
            json!({"NoteServed": {"paper": id, "on": state.served_on()}})
        }
        _ => return jobs,
    };
    jobs.push(run("noted", command));
    jobs
}
