//! A paper as it stands: how it was issued, sent and served, and what was noticed of it.

use serde::{Deserialize, Serialize};

use crate::deadline::Deadline;
use crate::mark::Revision;
use crate::matter::LetterState;
use crate::stream::{Addressee, PaperRef, is_known};
use crate::time::{Date, Time, Timestamp, county_date};
use crate::{Personal, StreamId, StreamKind};

/// What the proof of a service by message says of it.
const ARRIVED: &str = "受送达人同意电子送达，文书已到达其在本系统的案件页面，并已用短信告知。";

/// A paper as issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Stream, template, number, issuer.
    pub paper: PaperRef,
    /// The stream that issued it.
    pub about: StreamId,
    /// The matter it belongs to, if any.
    pub matter: Option<StreamId>,
    /// Date on the paper.
    pub date: Date,
    /// For whom it is.
    pub addressee: Option<Addressee>,
    /// Code that opens the portal; empty when there is none.
    pub access: String,
    /// How it is to be sent; empty for a paper that stays in the file.
    pub channel: String,
    /// Last day for sending it and the limit that sets it, where the law has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_by: Option<(Date, String)>,
    /// The addressee agreed that papers reach them by message and on the portal: it is served on the day it arrives there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub electronic: bool,
    /// SHA-256 of the PDF, hex: what is signed.
    pub sha256: String,
    /// Pages.
    pub pages: i64,
}

/// An attempt to serve a paper, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// `direct`, `left`, `post`, `electronic`, `agent`, `forwarded`, `notice`.
    pub manner: String,
    /// The day.
    pub on: Date,
    /// The time of the day, when it was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    /// Did it arrive?
    pub served: bool,
    /// Who received it; who saw it, when it was left behind.
    pub receiver: String,
    /// Why not, or relation; why it was refused, when it was left behind.
    pub note: String,
}

/// One attempt to serve a paper (送达回证).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// `direct`, `left`, `post`, `electronic`, `agent`, `forwarded`, `notice`.
    pub manner: String,
    /// The day.
    pub on: Date,
    /// The time of the day, when it was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    /// Did it arrive?
    pub served: bool,
    /// Who received it; who saw it, when it was left behind.
    pub receiver: Personal<String>,
    /// Why it failed, or how the receiver stands to the addressee; why it was refused, when it was left behind.
    pub note: Personal<String>,
    /// By public notice: the day on which its time has run out, which counts as that of the service (CPL 95). None otherwise,
    /// and in old events, whose day counts as it was recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deemed: Option<Box<Deadline>>,
    /// The proof of service.
    pub proof: PaperRef,
    /// The paper on whose proof it stands; none: on its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<StreamId>,
    /// The notice by which it was corrected: it was not so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<PaperRef>,
}

impl Service {
    /// Was it left where nobody would take it? Then it has a witness and no receiver.
    pub fn is_left(&self) -> bool {
        self.served && self.manner == "left"
    }

    /// The day on which it counts as served; none when it failed.
    pub fn arrived_on(&self) -> Option<Date> {
        self.served.then(|| self.deemed.as_ref().map_or(self.on, |deemed| deemed.last_day))
    }
}

/// A notice on a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The numbered notice.
    pub notice: PaperRef,
    /// Why: free words, which may name people.
    pub reason: Personal<String>,
    /// What was wrong and what is right; none when the paper is voided. Both may name a person.
    pub change: Option<(Personal<String>, Personal<String>)>,
    /// Who asked for it and who approved it; none when the program gave it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
}

/// Who asked for a notice and who approved it: never the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who asked.
    pub by: String,
    /// Who approved.
    pub approver: String,
}

/// A notice that waits for approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What it is to say.
    pub what: Wanted,
    /// Why.
    pub reason: Personal<String>,
    /// Who asked.
    pub by: String,
}

/// What a notice is to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wanted {
    /// The paper is void.
    Void,
    /// Something on it is wrong.
    Correct {
        /// What was wrong.
        before: Personal<String>,
        /// What is right.
        after: Personal<String>,
    },
    /// A service was recorded wrongly.
    Service {
        /// The service as recorded, in words.
        before: Personal<String>,
        /// Its proof.
        proof: StreamId,
        /// How it was; none: there was no service.
        actual: Option<Box<Service>>,
    },
}

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// As issued.
    pub issued: Issued,
    /// When it was made: nobody received it before.
    #[serde(default)]
    pub made_at: Option<Timestamp>,
    /// Channels it went out by.
    pub sent: Vec<(String, Timestamp)>,
    /// Attempts to serve it.
    pub services: Vec<Service>,
    /// The notice that voids it.
    pub void: Option<Notice>,
    /// Notices that correct it.
    pub corrections: Vec<Notice>,
    /// The notice that waits for approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// What became of the file with each signature and seal, in order. What was signed stays the first file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<Revision>,
    /// Its case went on without it: nobody has to send it any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub set_aside: bool,
    /// Its addressee came to the counter with it, and an officer saw their document.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub seen_at_counter: bool,
    /// It went out since the last attempt to serve it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_its_way: bool,
}

impl Issued {
    /// Does it go by message with its issue?
    pub(super) fn goes_at_once(&self) -> bool {
        match self.channel.as_str() {
            "sms" => self.addressee.as_ref().is_some_and(|a| is_known(&a.phone)),
            "email" => self.addressee.as_ref().is_some_and(|a| is_known(&a.email)),
            _ => false,
        }
    }

    /// Do its sending and its service lie on somebody's desk? A letter of a matter that waits for an address is a task of the matter, and
    /// a ruling's service is one of the court.
    pub(super) fn is_sent_by_hand(&self) -> bool {
        let elsewhere = self.channel == "address_needed" && self.about.kind() == StreamKind::Matter;
        let channel = !self.channel.is_empty() && !elsewhere;
        channel && self.addressee.is_some() && !self.paper.kind.starts_with("ruling_")
    }
}

impl Issued {
    /// May it be served by message? What a court serves only on whoever agreed to that (CPL 90); a letter that its organ
    /// chose to send by message is there when it is sent.
    pub fn goes_electronically(&self) -> bool {
        let by_message = matches!(self.channel.as_str(), "sms" | "email");
        self.electronic || by_message && self.about.kind() != StreamKind::Confirmation
    }
}

impl State {
    /// As it was issued.
    pub(super) fn new(issued: &Issued) -> Self {
        Self {
            issued: issued.clone(),
            made_at: None,
            sent: Vec::new(),
            services: Vec::new(),
            void: None,
            corrections: Vec::new(),
            asked: None,
            revisions: Vec::new(),
            set_aside: false,
            seen_at_counter: false,
            on_its_way: false,
        }
    }

    /// SHA-256 of the file as it is now, with all signatures and seals, hex.
    pub fn latest(&self) -> &str {
        self.revisions.last().map_or(&self.issued.sha256, |revision| &revision.sha256)
    }

    /// Stable name of where it stands.
    pub fn standing(&self) -> &'static str {
        match () {
            () if self.void.is_some() => "voided",
            () if self.served_on().is_some() => "served",
            () if self.on_its_way => "sent",
            () if self.attempts().next().is_some() => "failed",
            () if !self.sent.is_empty() => "sent",
            () => "issued",
        }
    }

    /// What has become of it, and on which day.
    pub(super) fn became(&self) -> (LetterState, Date) {
        let sent = self.sent.last().map(|(_, at)| county_date(*at));
        match (self.standing(), self.served_on(), self.attempts().last(), sent) {
            ("voided", ..) => (LetterState::Voided, self.issued.date),
            (_, Some(on), ..) => (LetterState::Served, on),
            ("failed", None, Some(failed), _) => (LetterState::Failed, failed.on),
            (_, None, _, Some(on)) => (LetterState::Sent, on),
            (_, None, _, None) => (LetterState::Issued, self.issued.date),
        }
    }

    /// On which pile of its issuer's desk it lies: where it stands, but an issued one that waits for an address lies apart,
    /// and one without any channel stays in the file.
    pub fn desk(&self) -> &'static str {
        match (self.standing(), self.issued.channel.as_str()) {
            ("issued" | "failed", _) if self.set_aside => "set_aside",
            ("issued", "address_needed") => "address_needed",
            ("issued", "") => "filed",
            (standing, _) => standing,
        }
    }

    /// Must somebody send it, for the first time or again? A guidance letter that did not arrive is a task of its matter.
    pub fn waits_to_be_sent(&self) -> bool {
        self.issued.is_sent_by_hand()
            && !self.set_aside
            && match self.standing() {
                "issued" => !self.issued.goes_at_once(),
                "failed" => self.issued.paper.kind != "guidance_letter",
                _ => false,
            }
    }

    /// Is it on its way to somebody, and does nobody know yet whether it arrived? A ruling's service is a task of its case.
    pub fn waits_for_proof(&self) -> bool {
        self.issued.is_sent_by_hand() && self.standing() == "sent"
    }

    /// The attempts to serve it, without those that were corrected.
    pub fn attempts(&self) -> impl Iterator<Item = &Service> {
        self.services.iter().filter(|s| s.corrected.is_none())
    }

    /// Those with a proof of their own: what stands on another paper's proof is corrected there.
    pub fn own_attempts(&self) -> impl Iterator<Item = &Service> {
        self.attempts().filter(|s| s.with.is_none())
    }

    /// The service that needs nobody to record it: by message to somebody who agreed to that it is served on the day on which
    /// it arrives on the portal (CPL 90); a court's ruling its clerk serves. None where another way was gone or an attempt
    /// is on file.
    pub(super) fn arrived_by_message(&self) -> Option<Attempt> {
        let to = self.issued.addressee.as_ref().filter(|_| self.issued.electronic && self.waits_for_proof())?;
        let (_, at) = self.sent.last().filter(|(channel, _)| channel == "sms" && self.services.is_empty())?;
        Some(Attempt {
            manner: "electronic".into(),
            on: county_date(*at),
            at: None,
            served: true,
            receiver: to.name.text().to_owned(),
            note: ARRIVED.into(),
        })
    }

    /// Is it a letter that goes with a decision, and not by itself?
    pub fn goes_with_decision(&self) -> bool {
        let by = self.sent.last().map_or(self.issued.channel.as_str(), |(channel, _)| channel);
        self.issued.channel == "with_decision" && by == "with_decision"
    }

    /// The day on which its addressee received it: as was recorded, or that of a message, which is there when it is sent, as
    /// long as it did not fail. What goes by post is received when somebody recorded that.
    pub(crate) fn received_on(&self) -> Option<Date> {
        let to = self.issued.addressee.as_ref().filter(|_| self.void.is_none())?;
        let message = |channel: &str| match channel {
            "sms" => is_known(&to.phone),
            "email" => is_known(&to.email),
            _ => false,
        };
        let sent = self.sent.last().filter(|(channel, _)| message(channel)).map(|(_, at)| county_date(*at));
        let failed = self.attempts().map(|s| s.on).max();
        self.served_on().or(sent.filter(|on| failed.is_none_or(|failed| *on > failed)))
    }

    /// The day on which its addressee is known to have received it: by a proof of service. A message proves that for those
    /// alone who agreed to messages.
    pub(crate) fn proven_on(&self) -> Option<Date> {
        let proves = |service: &&Service| self.issued.electronic || service.manner != "electronic";
        self.attempts().filter(proves).filter_map(Service::arrived_on).min()
    }

    /// Can it be signed by hand? Of one that somebody voided there is nothing to sign; one that fell with its case stands
    /// again when what it fell with is taken back.
    pub fn is_signable(&self) -> bool {
        self.void.as_ref().is_none_or(|void| void.approval.is_none())
    }

    /// First day on which it arrived; that of a public notice can lie ahead.
    pub fn served_on(&self) -> Option<Date> {
        self.attempts().filter_map(Service::arrived_on).min()
    }
}
