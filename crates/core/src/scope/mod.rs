//! Which matters may be mediated: the scope catalogue of the pack proposes, the clerk decides.
//!
//! The engine knows four things and no word of any language: what the parties are to each other, what is
//! demanded, what stage the matter has reached, and which entry of the catalogue it belongs to. The words for
//! each come from the pack. Read [`propose`] first, then `judge` (the weighing), `catalogue` (the pack's file),
//! `pattern` and `text` (how words are found).

mod catalogue;
mod entries;
mod judge;
mod pattern;
mod text;

#[cfg(test)]
mod entry_tests;
#[cfg(test)]
mod labelled_tests;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod new_wording_tests;

pub use catalogue::Catalogue;
use serde::{Deserialize, Serialize};

use crate::values::{confiscations, fines};

/// What brought the matter up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A penalty decision.
    Penalty,
    /// The result of an inspection.
    Inspection,
    /// A complaint or report.
    Complaint,
}

/// The figures of a penalty decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PenaltyFacts {
    /// The fine, in fen.
    pub fine_fen: i64,
    /// The confiscation (gains and goods together, as the table states it), in fen.
    pub confiscation_fen: i64,
    /// Whether a licence was suspended or revoked.
    pub licence_suspended_or_revoked: bool,
}

impl PenaltyFacts {
    /// The figures as the decision itself states them, where its columns were left empty or say less.
    #[must_use]
    pub fn or_as_decided(self, content: &str) -> PenaltyFacts {
        let larger = |column: i64, stated: Vec<i64>| stated.into_iter().fold(column, i64::max);
        PenaltyFacts {
            fine_fen: larger(self.fine_fen, fines(content)),
            confiscation_fen: larger(self.confiscation_fen, confiscations(content)),
            ..self
        }
    }
}

/// An enforcement matter as scope reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterText {
    /// What brought it up.
    pub source: Source,
    /// The organ that handles it.
    pub organ_name: String,
    /// 诉求类型, 违法行为类型 or 检查结果.
    pub kind: String,
    /// 诉求内容, 违法事实 with 处罚内容, or 发现问题描述.
    pub text: String,
    /// Whether somebody stands behind a complaint by name.
    pub complainant_named: bool,
    /// 被反映对象: whom a complaint is about.
    pub against: Option<String>,
    /// 权利受影响人: whose rights an inspection found affected.
    pub affected: Option<String>,
    /// Whether the punished or complained-of person is an organisation.
    pub subject_is_organisation: bool,
    /// The figures, of a penalty decision only.
    pub penalty: Option<PenaltyFacts>,
    /// 办理状态. It tells how far the desk is, not how far the dispute is, and is not weighed.
    pub status: String,
}

/// What sort of dispute the letter is worded for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Between private parties, connected with the organ's duties.
    Civil,
    /// With the deciding organ, on discretion or compensation.
    Administrative,
    /// No dispute that may be mediated.
    None,
}

/// Which way a reason points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// For a letter.
    For,
    /// Against a letter.
    Against,
}

/// One reason, with the words it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// The reason in Chinese.
    pub text_zh: String,
    /// The reason in English, where the pack has one.
    pub text_en: Option<String>,
    /// The words of the matter, as [`Catalogue::normalise`] writes them; empty if the reason is a field left blank.
    pub quote: String,
    /// Which way it points.
    pub weight: Weight,
}

/// The numbers behind a proposal, kept so that it can be understood when the catalogue has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// The version of the catalogue.
    pub catalogue: String,
    /// The sum for.
    pub points_for: i64,
    /// The sum against.
    pub points_against: i64,
    /// The sum for that must be reached.
    pub needed: i64,
    /// The stage, soft exclusion and role rules that matched, by id.
    pub rules: Vec<String>,
}

/// Whether a guidance letter is due, of which kind and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Whether a letter is due.
    pub send: bool,
    /// Civil, administrative, or none when no letter is due.
    pub kind: Kind,
    /// The trigger.
    pub source: Source,
    /// The entry of the catalogue, also for a dispute that is out of scope because of its stage.
    pub entry: Option<String>,
    /// The entry's sector, which chooses its limits.
    pub sector: Option<String>,
    /// The reasons, the deciding one first.
    pub because: Vec<Because>,
    /// The numbers behind it.
    pub weighed: Weighed,
}

/// Weighs a matter by the catalogue. Pure and total: any text has an answer.
pub fn propose(catalogue: &Catalogue, matter: &MatterText) -> Proposal {
    match matter.source {
        Source::Penalty => judge::penalty(catalogue, matter),
        Source::Inspection | Source::Complaint => judge::dispute(catalogue, matter),
    }
}
