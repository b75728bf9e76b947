//! A paper as it stands: how it was issued, sent and served, and what was noticed of it.

use serde::{Deserialize, Serialize};

use crate::mark::Revision;
use crate::stream::{Addressee, PaperRef};
use crate::time::{Date, Time, Timestamp};
use crate::{Personal, StreamId};

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
    /// SHA-256 of the PDF, hex: what is signed.
    pub sha256: String,
    /// Pages.
    pub pages: i64,
}

/// One attempt to serve a paper (送达回证).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// `direct`, `left`, `post`, `electronic`, `agent`, `notice`.
    pub manner: String,
    /// The day.
    pub on: Date,
    /// The time of the day, when it was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    /// Did it arrive?
    pub served: bool,
    /// Who received it.
    pub receiver: Personal<String>,
    /// Why it failed, or how the receiver stands to the addressee.
    pub note: Personal<String>,
    /// The proof of service.
    pub proof: PaperRef,
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
}

/// A paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// As issued.
    pub issued: Issued,
    /// Channels it went out by.
    pub sent: Vec<(String, Timestamp)>,
    /// Attempts to serve it.
    pub services: Vec<Service>,
    /// The notice that voids it.
    pub void: Option<Notice>,
    /// Notices that correct it.
    pub corrections: Vec<Notice>,
    /// What became of the file with each signature and seal, in order. What was signed stays the first file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<Revision>,
}

impl Issued {
    /// Does it go by message with its issue?
    pub(super) fn goes_at_once(&self) -> bool {
        let known = |value: &Option<Personal<String>>| value.as_ref().is_some_and(|v| v.open().is_some());
        match self.channel.as_str() {
            "sms" => self.addressee.as_ref().is_some_and(|a| known(&a.phone)),
            "email" => self.addressee.as_ref().is_some_and(|a| known(&a.email)),
            _ => false,
        }
    }

    /// Does sending it lie on somebody's desk? What waits for an address is a task of its matter, and a ruling's service
    /// is one of the court.
    pub(super) fn is_sent_by_hand(&self) -> bool {
        let channel = !self.channel.is_empty() && self.channel != "address_needed";
        channel && self.addressee.is_some() && !self.paper.kind.starts_with("ruling_")
    }
}

impl State {
    /// SHA-256 of the file as it is now, with all signatures and seals, hex.
    pub fn latest(&self) -> &str {
        self.revisions.last().map_or(&self.issued.sha256, |revision| &revision.sha256)
    }

    /// Stable name of where it stands.
    pub fn standing(&self) -> &'static str {
        match () {
            () if self.void.is_some() => "voided",
            () if self.served_on().is_some() => "served",
            () if !self.services.is_empty() => "failed",
            () if !self.sent.is_empty() => "sent",
            () => "issued",
        }
    }

    /// On which pile of its issuer's desk it lies: where it stands, but an issued one that waits for an address lies apart,
    /// and one without any channel stays in the file.
    pub fn desk(&self) -> &'static str {
        match (self.standing(), self.issued.channel.as_str()) {
            ("issued", "address_needed") => "address_needed",
            ("issued", "") => "filed",
            (standing, _) => standing,
        }
    }

    /// Must somebody send it, for the first time or again? A guidance letter that did not arrive is a task of its matter.
    pub fn waits_to_be_sent(&self) -> bool {
        self.issued.is_sent_by_hand()
            && match self.standing() {
                "issued" => !self.issued.goes_at_once(),
                "failed" => self.issued.paper.kind != "guidance_letter",
                _ => false,
            }
    }

    /// First day on which it arrived.
    pub fn served_on(&self) -> Option<Date> {
        self.services.iter().filter(|s| s.served).map(|s| s.on).min()
    }
}
