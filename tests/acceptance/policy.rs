//! Every event of the half year was caused by somebody whom the table of acts allows it, in the relation that the table
//! asks for. The table is the generated one, the relations are worked out here from the events alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::demo::{events, repository};
use crate::office::{role, text};

/// For each act and role, how the actor must stand to the case; roles that may not are left out.
fn table() -> BTreeMap<String, BTreeMap<String, String>> {
    let file = std::fs::read_to_string(repository().join("docs/generated/acts.md")).expect("the table of acts");
    let rows = file.lines().filter(|line| line.starts_with('|'));
    let mut rows = rows.map(|line| line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    let roles = rows.next().expect("a head");
    let row = |cells: Vec<&str>| {
        let allowed = roles.iter().zip(&cells).skip(1).filter(|(_, cell)| !cell.is_empty());
        (cells[0].to_owned(), allowed.map(|(role, cell)| ((*role).to_owned(), (*cell).to_owned())).collect())
    };
    rows.skip(1).map(row).collect()
}

/// The acts that can cause an event. What is written only as a consequence of several acts names them all.
fn acts(kind: &str, event: &str) -> &'static [&'static str] {
    match (kind, event) {
        ("organ", "OrganRostered" | "OrganRosterUpdated") => &["roster_organ"],
        ("organ", "OrganOnboarded") => &["onboard_organ"],
        ("organ", "OrganWithdrawn") | ("staff", "StaffWithdrawn") | ("expert", "ExpertWithdrawn") => {
            &["withdraw_roster"]
        }
        ("staff", _) => &["roster_staff"],
        ("expert", _) => &["roster_expert"],
        ("publicity", "PublicityWithdrawn") => &["withdraw_publicity"],
        ("publicity", _) => &["record_publicity"],
        ("batch", "FileImported") => &["import_file"],
        ("print_run", _) => &["print_papers"],
        ("batch", _) => &["withdraw_batch"],
        ("matter", "MatterRegistered") => &["register_matter", "issue_decision"],
        ("matter", "DecisionIssued") => &["issue_decision"],
        ("matter", "DecisionVoided" | "DecisionUnserved") => &["note_matter"],
        ("matter", "LimitsCounted") => &["enter_served", "note_matter", "approve_correction"],
        ("matter", "CorrectionAsked") => &["ask_correction"],
        ("matter", "FactCorrected") => &["approve_correction"],
        ("matter", "CorrectionRefused") => &["refuse_correction"],
        ("matter", "MatterUpdated") => &["update_matter"],
        ("matter", "MatterWithdrawn") => &["withdraw_matter"],
        ("matter", "DecisionServed") => &["enter_served", "note_matter"],
        ("matter", "LettersIssued") => &["confirm_letter", "issue_decision"],
        ("matter", "LetterDeclined") => &["decline_letter"],
        ("matter", "LetterNoted" | "DisputeApplied") => &["note_matter"],
        ("matter", "OrderReplied") => &["reply_order"],
        // Numbers are given out and papers issued by the program, as part of the act that needs them.
        ("register", _) | ("paper", "PaperIssued") => &["issue_paper"],
        ("paper", "RevisionAdded") => &["mark_paper"],
        ("paper", "PaperDispatched") => &["dispatch_paper", "issue_paper"],
        ("paper", "ServiceRecorded") => &["record_service", "note_paper"],
        ("paper", "PaperSetAside") => &["note_paper"],
        ("paper", "NoticeAsked") => &["void_paper", "correct_paper", "correct_service"],
        ("paper", "NoticeWithdrawn") => &["withdraw_notice"],
        ("paper", "NoticeRefused") => &["refuse_notice"],
        ("paper", "PaperVoided") => &["approve_notice", "fall_paper"],
        ("paper", "PaperStands") => &["fall_paper"],
        ("paper", "PaperCorrected") => &["approve_notice"],
        ("paper", "ServiceCorrected") => &["approve_notice", "note_paper"],
        ("dossier", "Applied") => &["apply", "record_oral_application"],
        ("dossier", "FileAttached") => &["attach_file"],
        ("dossier", "ApplicationSigned") => &["attest_application"],
        ("dossier", "ConsentAsked") => &["ask_consent", "add_party"],
        ("dossier", "RecordMadeAgain") => &["record_again"],
        ("dossier", "EndNoticeMadeAgain") => &["notice_again"],
        ("dossier", "ConsentSent" | "ConsentVoided" | "RecordVoided" | "ChangeVoided" | "EndNoticeVoided") => {
            &["note_dossier"]
        }
        ("dossier", "ApplicationWithdrawn") => &["withdraw_application"],
        ("dossier", "PartyAdded") => &["add_party"],
        ("dossier", "PartyJoined") => &["answer_consent"],
        ("dossier", "PartyLeft") => &["leave_mediation"],
        ("dossier", "ConsentAnswered") => &["answer_consent"],
        ("dossier", "ConsentLapsed") => &["lapse_consent"],
        ("dossier", "LapseTakenBack") => &["answer_consent", "attest_signature", "note_dossier"],
        ("dossier", "ApplicationAccepted") => &["accept_application"],
        // Silence and a no refuse by themselves.
        ("dossier", "ApplicationRefused") => &["refuse_application", "lapse_consent", "answer_consent"],
        ("dossier", "MediatorNamed") => &["name_mediator", "replace_mediator"],
        ("dossier", "NoConflictDeclared" | "ConflictDeclared") => &["declare_conflict"],
        ("dossier", "IdentityTold") => &["tell_identity"],
        ("dossier", "IdentityRecorded") => &["record_identity"],
        ("dossier", "SessionCalled") => &["call_session"],
        ("dossier", "SessionMoved") => &["move_session"],
        ("dossier", "SessionCalledOff") => &["call_off_session", "decide_recusal", "declare_conflict"],
        ("dossier", "SessionMissed") => &["record_missed"],
        ("dossier", "RecusalAsked") => &["ask_recusal", "record_session"],
        ("dossier", "SessionHeld") => &["record_session"],
        ("dossier", "RecordSigned") => &["sign_record", "attest_record"],
        ("dossier", "RecordUnsigned") => &["note_unsigned"],
        ("dossier", "RecordWithdrawn") => &["withdraw_record"],
        ("dossier", "AgreementDrafted") => &["draft_agreement"],
        ("dossier", "AgreementIssued") => &["issue_agreement"],
        ("dossier", "AgreementSigned") => &["sign_agreement", "attest_signature"],
        ("dossier", "AgreementSealed") => &["seal_agreement"],
        ("dossier", "AgreementEffective") => &["seal_agreement", "sign_agreement", "attest_signature"],
        ("dossier", "AgreementWithdrawn") => &["withdraw_agreement", "note_dossier", "leave_mediation"],
        ("dossier", "AgreementVoided") => &["note_dossier"],
        ("dossier", "MediationEnded") => &["end_mediation", "expire_period", "leave_mediation"],
        ("dossier", "DecisionChanged") => &["record_changed_decision"],
        // What the organ is to decide is performed with the service of its decision.
        ("dossier", "ObligationPerformed" | "AgreementPerformed") => &["report_performance", "note_dossier"],
        ("dossier", "ObligationBreached") => &["record_breach"],
        ("dossier", "MediationRenewed" | "AgreementReplaced") => &["note_dossier"],
        ("dossier", "VisitMade") => &["follow_up"],
        ("dossier", "DossierClosed") => &["close_dossier"],
        ("dossier", "DossierReassigned") => &["reassign_dossier"],
        ("dossier", "CorrectionAsked") => &["ask_correction"],
        ("dossier", "FactCorrected") => &["approve_correction"],
        ("dossier", "LimitsCounted") => &["note_dossier", "approve_correction"],
        ("dossier", "ConfirmationNoted" | "ChangeServed") => &["note_dossier"],
        ("dossier" | "confirmation", "ConfirmationLapsed") => &["lapse_confirmation"],
        ("confirmation", "ConfirmationDrafted") => &["draft_confirmation"],
        ("confirmation", "ConfirmationReminded") => &["note_confirmation"],
        ("confirmation", "ConfirmationSigned" | "ConfirmationComplete") => {
            &["sign_confirmation", "attest_confirmation"]
        }
        ("confirmation", "PresidingCertified") => &["certify_presiding"],
        ("confirmation", "ConfirmationFiled") => &["file_confirmation"],
        ("confirmation", "ConfirmationDocketed") => &["docket_confirmation"],
        ("confirmation", "ConfirmationDeclined") => &["decline_confirmation"],
        ("confirmation", "PartiesHeard") => &["hear_parties"],
        ("confirmation", "Ruled") => &["rule_valid", "rule_reject"],
        ("confirmation", "DocketNoticeMadeAgain") => &["docket_again"],
        ("confirmation", "RulingReissued") => &["reissue_ruling"],
        ("confirmation", "DocketNoticeVoided" | "RulingVoided" | "RulingServed" | "RulingUnserved") => {
            &["note_confirmation"]
        }
        ("audit", "PlainExported") => &["export_plain"],
        ("audit", "ClockAdvanced") => &["advance_clock"],
        _ => &[],
    }
}

/// What the events have told so far of a case.
#[derive(Clone, Debug, Default)]
struct Case {
    organ: String,
    court: String,
    mediator: String,
    parties: BTreeSet<String>,
}

impl Case {
    fn take(&mut self, event: &Value) {
        let body = &event["body"];
        let set = |place: &mut String, value: &str| {
            if !value.is_empty() {
                value.clone_into(place);
            }
        };
        for at in ["/matter/organ", "/organ", "/held/organ", "/subject/organ"] {
            set(&mut self.organ, text(body, at));
        }
        for at in ["/court", "/subject/court"] {
            set(&mut self.court, text(body, at));
        }
        set(&mut self.mediator, text(body, "/subject/mediator_staff"));
        if text(event, "/type") == "MediatorNamed" {
            set(&mut self.mediator, text(body, "/staff"));
        }
        let lists = ["/applicants", "/respondents", "/subject/parties"];
        let listed = lists.iter().filter_map(|at| body.pointer(at)).filter_map(Value::as_array).flatten();
        self.parties.extend(listed.map(|party| text(party, "/person").to_owned()));
        self.parties.extend(Some(text(body, "/joined/party/person").to_owned()).filter(|p| !p.is_empty()));
        self.parties.extend(Some(text(body, "/issued/addressee/person").to_owned()).filter(|p| !p.is_empty()));
        if let Some(paper) = body.pointer("/issued/paper/issuer").and_then(Value::as_str) {
            // A paper belongs to the body that issued it: an organ, or the court.
            self.organ = paper.to_owned();
            self.court = paper.to_owned();
        }
    }
}

/// Letters, applications by word of mouth and mediation on paper need no onboarding; what a party does by the portal does.
#[test]
fn no_party_acted_by_the_portal_on_a_case_before_its_organ_was_online() {
    let mut online = BTreeSet::new();
    let mut cases: BTreeMap<&str, &str> = BTreeMap::new();
    let (mut wrong, mut by_portal) = (Vec::new(), 0);
    for event in &events().1 {
        let (stream, kind, actor) = (text(event, "/stream"), text(event, "/type"), text(event, "/actor"));
        if kind == "OrganOnboarded" {
            online.insert(stream.trim_start_matches("organ/").to_owned());
        }
        if !stream.starts_with("dossier/") {
            continue;
        }
        let organ = text(&event["body"], "/organ");
        let organ = cases.entry(stream).or_insert(organ);
        if actor.starts_with("party/") || actor == "anyone" {
            by_portal += 1;
            if !online.contains(*organ) {
                wrong.push(format!("{stream} of `{organ}`: {kind}"));
            }
        }
    }
    assert!(by_portal > 0, "the parties of organs that are online act by it");
    assert!(wrong.is_empty(), "{} acts, the first: {:#?}", wrong.len(), &wrong[..wrong.len().min(10)]);
}

#[test]
fn who_is_called_to_a_session_knows_of_it_a_day_before_it_is_held() {
    let mut served: BTreeMap<&str, &str> = BTreeMap::new();
    let mut called: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let (mut late, mut notices) = (Vec::new(), 0);
    for event in &events().1 {
        let (stream, body) = (text(event, "/stream"), &event["body"]);
        match text(event, "/type") {
            "ServiceRecorded" if body["service"]["served"] == true => {
                served.insert(stream, text(body, "/service/on"));
            }
            "SessionCalled" => {
                let papers = body["notices"].as_array().into_iter().flatten();
                called.insert(stream, papers.map(|paper| text(paper, "/id")).collect());
            }
            "SessionHeld" => {
                let held = text(body, "/sitting/held_at").split('T').next().unwrap_or_default();
                for notice in called.get(stream).into_iter().flatten() {
                    notices += 1;
                    // Days are written so that their letters are in their order.
                    if served.get(notice).is_none_or(|on| *on >= held) {
                        late.push(format!("{stream}: {notice} of the session of {held}: {:?}", served.get(notice)));
                    }
                }
            }
            _ => {}
        }
    }
    assert!(notices > 100, "only {notices} notices");
    assert!(late.is_empty(), "{} of {notices}, the first: {:#?}", late.len(), &late[..late.len().min(10)]);
}

#[test]
fn every_event_has_an_actor_whom_the_table_of_acts_allows() {
    let table = table();
    assert!(table.len() > 50, "the table of acts was not read");
    let mut staff: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    let mut wrong = Vec::new();
    for event in &events().1 {
        let (stream, kind) = (text(event, "/stream"), text(event, "/type"));
        let actor = text(event, "/actor");
        let profile = &event["body"]["profile"];
        if stream.starts_with("staff/") && profile.is_object() {
            let who = (role(text(profile, "/post")).to_owned(), text(profile, "/body").to_owned());
            staff.insert(stream.to_owned(), who);
        }
        if kind == "StaffWithdrawn" {
            staff.remove(stream);
        }
        let begins = !cases.contains_key(stream);
        let case = cases.entry(stream.to_owned()).or_default();
        // The relation is that to the case as it was. Who begins one stands to what they begin.
        if begins {
            case.take(event);
        }
        let (role, body) = match actor {
            "system" | "admin" | "studio" | "anyone" => (actor.to_owned(), String::new()),
            party if party.starts_with("party/") => ("party".to_owned(), String::new()),
            other => staff.get(other).cloned().unwrap_or_default(),
        };
        let stands = |relation: &str| match relation {
            "any" => true,
            "organ" => !body.is_empty() && body == case.organ,
            "named" => actor == case.mediator,
            "court" => !body.is_empty() && body == case.court,
            "own" => actor.strip_prefix("party/").is_some_and(|person| case.parties.contains(person)),
            _ => false,
        };
        let acts = acts(stream.split('/').next().unwrap_or_default(), kind);
        let allowed = acts.iter().any(|act| {
            let allowed = table.get(*act).unwrap_or_else(|| panic!("no act `{act}` in the table"));
            allowed.get(&role).is_some_and(|relations| relations.split(", ").any(&stands))
        });
        if !allowed {
            wrong.push(format!("{stream} {kind} by {actor} ({role} of `{body}`), acts {acts:?}"));
        }
        case.take(event);
    }
    assert!(wrong.is_empty(), "{} events, the first: {:#?}", wrong.len(), &wrong[..wrong.len().min(10)]);
}
