//! Why a command was refused: a reason with its facts, and the article it rests on.

use serde::{Deserialize, Serialize};

use crate::time::Date;

/// A refusal: shown to the reader in their language, with the way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What stands in the way.
    pub reason: Reason,
    /// The article or rule it rests on, as the pack cites it; empty when it is a rule of the program.
    pub basis: String,
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self { reason, basis: String::new() }
    }
}

impl Refusal {
    /// A refusal resting on an article.
    pub fn because(reason: Reason, basis: impl Into<String>) -> Self {
        Self { reason, basis: basis.into() }
    }
}

/// A day on which something can have been done: not before another one, and come already.
pub(crate) fn past(from: Date, on: Date, today: Date) -> Result<(), Refusal> {
    if on < from {
        return Err(Reason::DateOrder { first: from.to_string(), second: on.to_string() }.into());
    }
    if on > today {
        return Err(Reason::Field { field: "on".into(), problem: "future".into() }.into());
    }
    Ok(())
}

/// Every reason there is. The texts are `refusal.<name>` in `assets/text`, with the fields as `{field}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case", rename_all_fields = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The stream does not exist.
    NotFound,
    /// It exists already.
    Exists,
    /// The act is not open in the present state.
    NotNow {
        /// The state.
        state: String,
    },
    /// The applicant has a case of this matter that is not over.
    AlreadyApplied {
        /// Its number.
        number: String,
    },
    /// The mediation goes on already, in another case.
    Renewed {
        /// Its number.
        number: String,
    },
    /// It was done before: the state would allow it, and it is done once. Pages say by whom and when.
    AlreadyDone,
    /// A form field is missing or wrong; `field` is the form's name for it.
    Field {
        /// The field.
        field: String,
        /// `required`, or the key of a field message.
        problem: String,
    },
    /// The last day of a limit has passed.
    PeriodExpired {
        /// The limit's id.
        limit: String,
        /// Its last day.
        last_day: String,
    },
    /// A day that lies behind the last one of a limit which can be extended no more, or not at all.
    AfterPeriod {
        /// The limit's id.
        limit: String,
        /// Its last day.
        last_day: String,
    },
    /// The same of a limit that can be extended.
    AfterExtendable {
        /// The limit's id.
        limit: String,
        /// Its last day.
        last_day: String,
    },
    /// Only civil agreements can be confirmed by the court.
    NotConfirmable {
        /// `administrative`, or the excluded subject.
        subject: String,
    },
    /// A subject that must not be mediated at all.
    NotMediable {
        /// The subject.
        subject: String,
    },
    /// A subject that may not be signed on a screen.
    PaperOnly {
        /// The subject.
        subject: String,
    },
    /// The mediator declared a conflict, or none yet.
    Conflict,
    /// What stands in a paper that was issued here is corrected by a notice on it.
    CorrectedByNotice,
    /// Nobody approves or refuses what they asked for themselves.
    OwnRequest,
    /// Nobody takes back what somebody else asked for.
    RequestOfAnother,
    /// Nobody attests a signature of their own.
    OwnSignature,
    /// A proof of service is corrected with the service that it proves, on the paper that was served.
    ProofOfAnother,
    /// A one-time code is wrong or used.
    WrongCode,
    /// The file was changed by someone else since the page was made.
    Stale,
    /// Something was issued from it, so it cannot be taken back.
    AlreadyIssued,
    /// Something rests on it, so it cannot be taken back.
    InUse {
        /// The name of what stands in the way.
        name: String,
        /// How: a key of `in_use` in the texts.
        how: String,
    },
    /// This person has signed already.
    AlreadySigned,
    /// Not everybody has signed.
    SignaturesMissing {
        /// Who.
        who: String,
    },
    /// The others have an agreement without this party: it lies for signing, or holds.
    AgreedWithout {
        /// Its number.
        number: String,
    },
    /// Somebody who was present has neither signed the record nor is noted not to have.
    RecordUnsigned {
        /// Who.
        who: String,
    },
    /// A party has signed the record: it is not taken back any more.
    RecordSigned,
    /// Parties sign a paper of this kind: the organ alone neither voids nor corrects it.
    SignedByParties {
        /// The kind.
        kind: String,
    },
    /// Rejected by the other stream's state; says which.
    Waiting {
        /// For what.
        what: String,
    },
    /// A stored value differs from the row that is imported again.
    Differs {
        /// The column.
        column: String,
        /// Where the stored row came from.
        first: String,
    },
    /// Parties cannot act by the portal with this organ: it is not online. An application told to a clerk, or on paper
    /// at the counter, needs no portal.
    NotOnline {
        /// The organ's name.
        organ: String,
        /// Its phone.
        phone: String,
        /// Its address, where its counter is.
        address: String,
    },
    /// The organ does not exist in the pack.
    UnknownOrgan {
        /// As written.
        name: String,
    },
    /// This form made a decision already, and says something else now.
    FormUsed {
        /// The number of the decision.
        number: String,
    },
    /// A decision that carries out an agreement says another sum than was agreed.
    NotAsAgreed {
        /// The sum that was agreed, in yuan.
        agreed: String,
        /// The sums of the decision, in yuan.
        decided: String,
    },
    /// A date before another that it must follow.
    DateOrder {
        /// The earlier.
        first: String,
        /// The later.
        second: String,
    },
    /// A limit cannot be counted.
    Limit {
        /// The limit's id.
        limit: String,
        /// Why.
        problem: String,
    },
    /// The court gave this number to another case.
    NumberTaken {
        /// The number.
        number: String,
        /// The other case, by the number of its file with the organ.
        by: String,
    },
    /// A number of the court is of the year in which it docketed the case.
    NumberOfYear {
        /// The number.
        number: String,
        /// The year in which the case is docketed.
        year: String,
    },
    /// A character that no font of the program can draw.
    MissingGlyph {
        /// The character.
        character: String,
    },
}
