//! Who may do what: the only place that knows. A page's buttons are the acts for which [`may`] and the stream's
//! `open` are both Ok; every list needs a [`Scope`], and only [`scope`] makes one.

use serde::{Deserialize, Serialize};

use crate::ids::{PersonId, StreamId};

macro_rules! acts {
    ($($(#[$doc:meta])* $name:ident = $text:literal : [$($role:ident $relation:ident),* $(,)?];)*) => {
        /// Everything that can be done, one for each command, and the reads that policy distinguishes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Act { $($(#[$doc])* $name,)* }

        impl Act {
            /// All acts, in the order of the way through.
            pub const ALL: &[Act] = &[$(Act::$name,)*];

            /// Stable name, for routes, texts (`act.<name>`) and the matrix.
            pub const fn name(self) -> &'static str {
                match self { $(Act::$name => $text,)* }
            }

            /// Who may, and in which relation to the case.
            pub const fn allowed(self) -> &'static [(Role, Relation)] {
                match self { $(Act::$name => &[$((Role::$role, Relation::$relation)),*],)* }
            }
        }
    };
}

/// What somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 经办人 of an organ.
    Clerk,
    /// 调解员 of an organ.
    Mediator,
    /// 分管负责人 of an organ.
    Leader,
    /// 工作室, the desk shared by justice bureau and court.
    Studio,
    /// 督察员.
    Supervisor,
    /// 考核员.
    Assessor,
    /// 审判员.
    Judge,
    /// 书记员.
    CourtClerk,
    /// System administrator.
    Admin,
    /// 当事人, signed in by letter code or at the counter.
    Party,
    /// Timers and follow-ups of the program.
    System,
    /// Nobody in particular.
    Anyone,
}

/// The post of a leader, as the roster and papers write it.
pub const LEADER: &str = "分管负责人";

impl Role {
    /// All roles.
    pub const ALL: [Role; 12] = [
        Self::Clerk,
        Self::Mediator,
        Self::Leader,
        Self::Studio,
        Self::Supervisor,
        Self::Assessor,
        Self::Judge,
        Self::CourtClerk,
        Self::Admin,
        Self::Party,
        Self::System,
        Self::Anyone,
    ];

    /// Stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clerk => "clerk",
            Self::Mediator => "mediator",
            Self::Leader => "leader",
            Self::Studio => "studio",
            Self::Supervisor => "supervisor",
            Self::Assessor => "assessor",
            Self::Judge => "judge",
            Self::CourtClerk => "court_clerk",
            Self::Admin => "admin",
            Self::Party => "party",
            Self::System => "system",
            Self::Anyone => "anyone",
        }
    }

    /// The role of a post in the roster (岗位), if it is one.
    pub fn of_post(post: &str) -> Option<Self> {
        Some(match post {
            "经办人" => Self::Clerk,
            "调解员" => Self::Mediator,
            LEADER => Self::Leader,
            "督察员" => Self::Supervisor,
            "考核员" => Self::Assessor,
            "审判员" => Self::Judge,
            "书记员" => Self::CourtClerk,
            _ if post.starts_with("工作室") => Self::Studio,
            _ => return None,
        })
    }
}

/// How an actor must stand to the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// Any case.
    Any,
    /// Works in the organ of the case.
    Organ,
    /// Is the named mediator.
    Named,
    /// Works in the court of the case.
    Court,
    /// Is a party of the case.
    Own,
}

acts! {
    /// Fill in an organ from the roster.
    RosterOrgan = "roster_organ": [Admin Any, Studio Any];
    /// Bring an organ online.
    OnboardOrgan = "onboard_organ": [Admin Any, Studio Any];
    /// Fill in a member of staff from the roster.
    RosterStaff = "roster_staff": [Admin Any, Studio Any];
    /// Fill in an expert from the roster.
    RosterExpert = "roster_expert": [Admin Any, Studio Any];
    /// Take a row of the roster back with its import.
    WithdrawRoster = "withdraw_roster": [Admin Any, Studio Any];
    /// Record a publicity event.
    RecordPublicity = "record_publicity": [Clerk Organ, Leader Organ, Admin Any, Studio Any];
    /// Take a publicity event back with its import.
    WithdrawPublicity = "withdraw_publicity": [Clerk Organ, Leader Organ, Admin Any, Studio Any];
    /// Register an enforcement matter.
    RegisterMatter = "register_matter": [Clerk Organ, Leader Organ, Admin Any, Studio Any];
    /// Issue a new penalty decision with its letters.
    IssueDecision = "issue_decision": [Clerk Organ, Leader Organ];
    /// A permitted change of a matter, from a later export.
    UpdateMatter = "update_matter": [Clerk Organ, Leader Organ, Admin Any, Studio Any];
    /// Take a matter back with its import.
    WithdrawMatter = "withdraw_matter": [Clerk Organ, Leader Organ, Admin Any, Studio Any];
    /// Enter when the decision was served.
    EnterServed = "enter_served": [Clerk Organ, Leader Organ];
    /// Enter who is entitled to a letter, when the matter came without a name.
    EnterEntitled = "enter_entitled": [Clerk Organ, Leader Organ];
    /// Send the guidance letter.
    ConfirmLetter = "confirm_letter": [Clerk Organ, Leader Organ];
    /// Decide that no letter is due.
    DeclineLetter = "decline_letter": [Clerk Organ, Leader Organ];
    /// Note on the matter what became of a letter or an application.
    NoteMatter = "note_matter": [System Any];
    /// Reply to a 12345 order.
    ReplyOrder = "reply_order": [Clerk Organ, Leader Organ];
    /// Issue a paper (part of another act).
    IssuePaper = "issue_paper": [System Any];
    /// Add a signature or seal to a paper (part of another act).
    MarkPaper = "mark_paper": [System Any];
    /// Send a paper by a channel.
    DispatchPaper = "dispatch_paper": [Clerk Organ, Leader Organ, Mediator Organ, CourtClerk Court];
    /// Put stored papers together for the printer.
    PrintPapers = "print_papers": [Clerk Organ, Leader Organ, Mediator Organ, CourtClerk Court];
    /// Record how a paper was served.
    RecordService = "record_service": [Clerk Organ, Leader Organ, Mediator Organ, CourtClerk Court, Party Own];
    /// Check at the counter who somebody is, for a code to sign in by.
    CheckIdentity = "check_identity": [Clerk Organ, Leader Organ, Mediator Organ];
    /// Ask for a notice that voids a paper.
    VoidPaper = "void_paper": [Clerk Organ, Mediator Organ, Leader Organ, CourtClerk Court, Judge Court];
    /// Note on a paper that it was served together with another, or that its case went on without it.
    NotePaper = "note_paper": [System Any];
    /// Void a paper that its case took back, or a proof that was corrected (part of another act).
    FallPaper = "fall_paper": [System Any];
    /// Ask for a notice that corrects a paper.
    CorrectPaper = "correct_paper": [Clerk Organ, Mediator Organ, Leader Organ, CourtClerk Court, Judge Court];
    /// Ask for a notice that corrects what was recorded of a paper's service.
    CorrectService = "correct_service": [Clerk Organ, Mediator Organ, Leader Organ, CourtClerk Court, Judge Court];
    /// Take back what one asked for oneself, before somebody decides on it.
    WithdrawNotice = "withdraw_notice": [Clerk Organ, Mediator Organ, Leader Organ, CourtClerk Court, Judge Court];
    /// Approve a notice on a paper that somebody else asked for.
    ApproveNotice = "approve_notice": [Leader Organ, Judge Court];
    /// Refuse it.
    RefuseNotice = "refuse_notice": [Leader Organ, Judge Court];
    /// Apply for mediation.
    Apply = "apply": [Party Own, Anyone Any];
    /// Record an oral application.
    RecordOralApplication = "record_oral_application": [Clerk Organ, Mediator Organ];
    /// Make the voided record of an oral application again.
    RecordAgain = "record_again": [Clerk Organ, Mediator Organ];
    /// Attest a signature made on the printed application.
    AttestApplication = "attest_application": [Clerk Organ, Mediator Organ];
    /// Add a file.
    AttachFile = "attach_file": [Party Own, Clerk Organ, Mediator Organ, Mediator Named, Studio Named];
    /// Ask the other party for consent.
    AskConsent = "ask_consent": [Clerk Organ, Leader Organ];
    /// Answer whether one consents.
    AnswerConsent = "answer_consent": [Party Own, Clerk Organ, Leader Organ];
    /// Add another respondent or a third person, at the wish of a party.
    AddParty = "add_party": [Clerk Organ, Mediator Named, Studio Named];
    /// Silence until the last day is no consent.
    LapseConsent = "lapse_consent": [System Any];
    /// Accept the application.
    AcceptApplication = "accept_application": [Clerk Organ, Leader Organ];
    /// Refuse the application.
    RefuseApplication = "refuse_application": [Clerk Organ, Leader Organ];
    /// Withdraw the application before it is decided on. An officer records what an applicant says or writes.
    WithdrawApplication = "withdraw_application": [Party Own, Clerk Organ, Leader Organ];
    /// Name the mediator.
    NameMediator = "name_mediator": [Leader Organ, Clerk Organ];
    /// Name another mediator for a reason that is no conflict: illness, too much work.
    ReplaceMediator = "replace_mediator": [Leader Organ];
    /// Declare a conflict of interest, or none.
    DeclareConflict = "declare_conflict": [Mediator Named, Studio Named];
    /// Tell one's own document, which an officer checks later.
    TellIdentity = "tell_identity": [Party Own];
    /// Record who the parties are, from the documents that they show.
    RecordIdentity = "record_identity": [Clerk Organ, Mediator Organ, Mediator Named, Studio Named, Leader Organ];
    /// Call a session.
    CallSession = "call_session": [Mediator Named, Studio Named, Clerk Organ];
    /// Call a session that is still to be held for another time or place.
    MoveSession = "move_session": [Mediator Named, Studio Named, Clerk Organ];
    /// Call it off.
    CallOffSession = "call_off_session": [Mediator Named, Studio Named, Clerk Organ, Leader Organ];
    /// Note that nobody came to a session.
    RecordMissed = "record_missed": [Mediator Named, Studio Named];
    /// Keep the record of a session.
    RecordSession = "record_session": [Mediator Named, Studio Named];
    /// Sign the record. For the organ as the other party of an administrative dispute its officer signs who was there.
    SignRecord = "sign_record": [Party Own, Mediator Named, Studio Named, Clerk Organ, Mediator Organ, Leader Organ];
    /// Note that somebody who was present has not signed the record, and why.
    NoteUnsigned = "note_unsigned": [Mediator Named, Studio Named, Clerk Organ];
    /// Take a record back that no party signed, to keep it anew.
    WithdrawRecord = "withdraw_record": [Mediator Named, Studio Named];
    /// Draft the agreement.
    DraftAgreement = "draft_agreement": [Mediator Named, Studio Named];
    /// Issue the agreement for signing.
    IssueAgreement = "issue_agreement": [Mediator Named, Studio Named];
    /// Sign the agreement; for the organ as the other party its leader signs.
    SignAgreement = "sign_agreement": [Party Own, Mediator Named, Studio Named, Leader Organ];
    /// Attest a signature made on paper.
    AttestSignature = "attest_signature": [Clerk Organ, Mediator Organ];
    /// Attest a signature made on the printed record.
    AttestRecord = "attest_record": [Clerk Organ, Mediator Organ];
    /// Put the organ's seal on the agreement.
    SealAgreement = "seal_agreement": [Leader Organ];
    /// Take the issued agreement back, for another draft.
    WithdrawAgreement = "withdraw_agreement": [Mediator Named, Studio Named, Leader Organ];
    /// End the mediation without agreement.
    EndMediation = "end_mediation": [Mediator Named, Studio Named, Leader Organ];
    /// Leave the mediation: it is voluntary, and any party may. An officer records what a party says or writes.
    LeaveMediation = "leave_mediation": [Party Own, Mediator Named, Studio Named, Clerk Organ];
    /// Ask that another mediator takes the case (回避). A clerk records what a party says or writes.
    AskRecusal = "ask_recusal": [Party Own, Clerk Organ];
    /// Decide on it.
    DecideRecusal = "decide_recusal": [Leader Organ];
    /// Make the voided notices of the end again.
    NoticeAgain = "notice_again": [Clerk Organ, Mediator Named, Studio Named, Leader Organ];
    /// The period of mediation has run out.
    ExpirePeriod = "expire_period": [System Any];
    /// Carry out an administrative agreement by a new or changed decision, under the organ's seal.
    RecordChangedDecision = "record_changed_decision": [Leader Organ];
    /// Record that an obligation was performed.
    ReportPerformance = "report_performance": [Clerk Organ, Mediator Organ, Party Own];
    /// Record a breach.
    RecordBreach = "record_breach": [Clerk Organ, Mediator Organ];
    /// Follow-up visit.
    FollowUp = "follow_up": [Clerk Organ, Mediator Organ, Mediator Named, Studio Named];
    /// Close the case.
    CloseDossier = "close_dossier": [Clerk Organ, Leader Organ];
    /// Give the case to another clerk.
    ReassignDossier = "reassign_dossier": [Leader Organ];
    /// Ask for a correction.
    AskCorrection = "ask_correction": [Clerk Organ, Mediator Organ];
    /// Approve a correction.
    ApproveCorrection = "approve_correction": [Leader Organ];
    /// Refuse a correction.
    RefuseCorrection = "refuse_correction": [Leader Organ];
    /// Note on the dossier what became of its confirmation or papers.
    NoteDossier = "note_dossier": [System Any];
    /// The limit for the court has passed.
    LapseConfirmation = "lapse_confirmation": [System Any];
    /// Prepare the joint application to the court.
    DraftConfirmation = "draft_confirmation": [Party Own, Clerk Organ, Mediator Organ];
    /// Certify for the court that the organ presided and who the parties are.
    CertifyPresiding = "certify_presiding": [Clerk Organ, Mediator Organ, Leader Organ];
    /// Sign the joint application.
    SignConfirmation = "sign_confirmation": [Party Own];
    /// Attest a signature on the printed joint application.
    AttestConfirmation = "attest_confirmation": [Clerk Organ, Mediator Organ];
    /// File the joint application with the court.
    FileConfirmation = "file_confirmation": [Clerk Organ, Mediator Organ, Party Own];
    /// Docket it.
    DocketConfirmation = "docket_confirmation": [CourtClerk Court];
    /// Make the voided docket notices again.
    DocketAgain = "docket_again": [CourtClerk Court];
    /// Decline to docket it.
    DeclineConfirmation = "decline_confirmation": [CourtClerk Court, Judge Court];
    /// Hear the parties.
    HearParties = "hear_parties": [Judge Court];
    /// Rule that the agreement is valid.
    RuleValid = "rule_valid": [Judge Court];
    /// Reject the application.
    RuleReject = "rule_reject": [Judge Court];
    /// Issue a voided ruling anew, as it was ruled.
    ReissueRuling = "reissue_ruling": [Judge Court];
    /// Record service of the ruling.
    ServeRuling = "serve_ruling": [CourtClerk Court];
    /// Note on a confirmation that its paper was served.
    NoteConfirmation = "note_confirmation": [System Any];
    /// Import a file.
    ImportFile = "import_file": [Clerk Organ, Leader Organ, Admin Any, Studio Any];
    /// Withdraw an import.
    WithdrawBatch = "withdraw_batch": [Clerk Organ, Leader Organ, Admin Any, Studio Any];
    /// Export everything in plain text.
    ExportPlain = "export_plain": [Admin Any, System Any];
    /// Move the clock of a demo.
    AdvanceClock = "advance_clock": [Admin Any, System Any];
    /// Read a matter.
    ReadMatter = "read_matter": [Clerk Organ, Leader Organ, Mediator Organ, Studio Any, Supervisor Any, Party Own];
    /// Read a dossier.
    ReadDossier = "read_dossier": [Clerk Organ, Leader Organ, Mediator Organ, Mediator Named, Studio Named, Party Own];
    /// Read a confirmation.
    ReadConfirmation = "read_confirmation": [Judge Court, CourtClerk Court, Clerk Organ, Leader Organ, Mediator Organ, Party Own];
    /// Read a paper.
    ReadPaper = "read_paper": [Clerk Organ, Leader Organ, Mediator Organ, Judge Court, CourtClerk Court, Party Own];
    /// Read the board of all organs.
    ReadBoard = "read_board": [Clerk Any, Leader Any, Mediator Any, Studio Any, Supervisor Any, Assessor Any, Judge Any, CourtClerk Any, Admin Any];
}

/// Who acts. For staff `id` is the stream of the staff member, for a party the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// What is written into every event.
    pub id: String,
    /// What they are.
    pub role: Role,
    /// Organ or court code of staff; empty otherwise.
    pub body: String,
    /// The person, for parties.
    pub person: Option<PersonId>,
}

impl Actor {
    /// The program itself.
    pub fn system() -> Self {
        Self { id: "system".into(), role: Role::System, body: String::new(), person: None }
    }

    /// Somebody who is not signed in.
    pub fn anyone() -> Self {
        Self { id: "anyone".into(), role: Role::Anyone, body: String::new(), person: None }
    }

    /// The administrator at the command line.
    pub fn admin() -> Self {
        Self { id: "admin".into(), role: Role::Admin, body: String::new(), person: None }
    }

    /// A party.
    pub fn party(person: &PersonId) -> Self {
        Self { id: format!("party/{person}"), role: Role::Party, body: String::new(), person: Some(person.clone()) }
    }

    /// A member of staff.
    pub fn staff(stream: &StreamId, role: Role, body: &str) -> Self {
        Self { id: stream.to_string(), role, body: body.to_owned(), person: None }
    }
}

/// What policy needs to know of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Organ code of the case.
    pub organ: String,
    /// Court code, when a court has it.
    pub court: String,
    /// Stream of the named mediator.
    pub mediator: String,
    /// The parties.
    pub parties: Vec<PersonId>,
}

/// Not allowed. Says nothing about the case, so that a stranger learns nothing from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Denied;

/// May this actor do this to that?
///
/// # Errors
/// [`Denied`] when no line of the act's table fits.
pub fn may(actor: &Actor, act: Act, on: &Subject) -> Result<(), Denied> {
    let stands = |relation: Relation| match relation {
        Relation::Any => true,
        Relation::Organ => !actor.body.is_empty() && actor.body == on.organ,
        // Of an administrative dispute that is somebody of another body.
        Relation::Named => !on.mediator.is_empty() && actor.id == on.mediator,
        Relation::Court => !actor.body.is_empty() && actor.body == on.court,
        Relation::Own => actor.person.as_ref().is_some_and(|p| on.parties.contains(p)),
    };
    let fits = act.allowed().iter().any(|(role, relation)| *role == actor.role && stands(*relation));
    fits.then_some(()).ok_or(Denied)
}

/// Which rows an actor may list. Only [`scope`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    kind: ScopeKind,
}

/// What a [`Scope`] is, for the statements of `store-read`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    /// Everything (studio, supervision, administration: open columns only).
    All,
    /// One organ.
    Organ(String),
    /// One court.
    Court(String),
    /// One party.
    Person(PersonId),
    /// Nothing.
    Nothing,
}

impl Scope {
    /// What it is.
    pub fn kind(&self) -> &ScopeKind {
        &self.kind
    }

    /// The organ, when it is limited to one.
    pub fn organ(&self) -> Option<&str> {
        match &self.kind {
            ScopeKind::Organ(code) => Some(code),
            _ => None,
        }
    }
}

/// The rows an actor may list.
pub fn scope(actor: &Actor) -> Scope {
    let kind = match actor.role {
        Role::Clerk | Role::Mediator | Role::Leader => ScopeKind::Organ(actor.body.clone()),
        Role::Judge | Role::CourtClerk => ScopeKind::Court(actor.body.clone()),
        Role::Studio | Role::Supervisor | Role::Assessor | Role::Admin | Role::System => ScopeKind::All,
        Role::Party => actor.person.clone().map_or(ScopeKind::Nothing, ScopeKind::Person),
        Role::Anyone => ScopeKind::Nothing,
    };
    Scope { kind }
}

/// The table role x act as text, committed in `docs/generated/acts.md` so that a change of policy is a visible diff.
pub fn matrix() -> String {
    let mut out = String::from("| act |");
    let roles: Vec<Role> = Role::ALL.into_iter().collect();
    for role in &roles {
        out.push_str(&format!(" {} |", role.name()));
    }
    out.push_str("\n| --- |");
    out.push_str(&" --- |".repeat(roles.len()));
    out.push('\n');
    for act in Act::ALL {
        out.push_str(&format!("| {} |", act.name()));
        for role in &roles {
            let relations: Vec<String> = act
                .allowed()
                .iter()
                .filter(|(r, _)| r == role)
                .map(|(_, relation)| format!("{relation:?}").to_lowercase())
                .collect();
            out.push_str(&format!(" {} |", relations.join(", ")));
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_organs_clerk_may_not_accept() {
        let clerk = Actor { id: "staff/a".into(), role: Role::Clerk, body: "gongan".into(), person: None };
        let own = Subject { organ: "gongan".into(), ..Subject::default() };
        let other = Subject { organ: "weijian".into(), ..Subject::default() };
        assert_eq!(may(&clerk, Act::AcceptApplication, &own), Ok(()));
        assert_eq!(may(&clerk, Act::AcceptApplication, &other), Err(Denied));
    }

    #[test]
    fn every_act_is_allowed_to_somebody_and_has_its_own_name() {
        let mut names = std::collections::BTreeSet::new();
        for act in Act::ALL {
            assert!(!act.allowed().is_empty(), "{act:?}");
            assert!(names.insert(act.name()), "{act:?}");
        }
    }

    #[test]
    fn an_empty_body_is_no_organ() {
        let nobody = Actor { id: "x".into(), role: Role::Clerk, body: String::new(), person: None };
        assert_eq!(may(&nobody, Act::AcceptApplication, &Subject::default()), Err(Denied));
    }
}
