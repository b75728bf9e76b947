//! Where an application comes from: a letter, another case, or nothing but an organ.

use yanhe_core::dossier;
use yanhe_core::matter;
use yanhe_core::party::Party;
use yanhe_core::scope::Kind;
use yanhe_core::{Date, StreamId};

use crate::text::Lang;

/// From where somebody applies.
pub enum Origin {
    /// By a letter about a matter.
    Letter {
        /// The matter.
        stream: StreamId,
        /// As it stands.
        state: Box<matter::State>,
        /// The one who applies, as the matter knows them.
        party: Box<Party>,
    },
    /// For a case of this party that is mediated once more.
    Again {
        /// The case.
        stream: StreamId,
        /// As it stands.
        state: Box<dossier::State>,
        /// The one who applies, as the case knows them.
        party: Box<Party>,
        /// The day on which the decision behind it was served, where that is recorded.
        served_on: Option<Date>,
    },
    /// Without one.
    Open {
        /// Organ code.
        organ: String,
        /// What it is said to be about is a decision of that organ.
        administrative: bool,
    },
}

impl Origin {
    /// Organ code.
    pub fn organ(&self) -> &str {
        match self {
            Self::Letter { state, .. } => &state.matter.organ,
            Self::Again { state, .. } => &state.organ,
            Self::Open { organ, .. } => organ,
        }
    }

    /// A dispute with the deciding organ itself?
    pub fn is_administrative(&self) -> bool {
        match self {
            Self::Letter { state, party, .. } => state.kind_of(&party.person) == Kind::Administrative,
            Self::Again { state, .. } => state.is_administrative(),
            Self::Open { administrative, .. } => *administrative,
        }
    }

    /// The day on which the disputed decision was served, where that is recorded: its limits count from there, and nobody is
    /// asked since when it is known.
    pub fn served_on(&self) -> Option<Date> {
        match self {
            _ if !self.is_administrative() => None,
            Self::Letter { state, .. } => state.days().served_on,
            Self::Again { served_on, .. } => *served_on,
            Self::Open { .. } => None,
        }
    }

    /// The day from which limits are counted as long as the applicants leave out since when they know of it, in words.
    pub fn counted_from(&self, lang: Lang) -> String {
        let t = &lang.text().apply;
        match self {
            Self::Letter { state, .. } => lang.date(state.days().known_on()),
            Self::Again { .. } => t.known_on_before.to_owned(),
            Self::Open { .. } => t.known_on_applied.to_owned(),
        }
    }

    /// Somebody who reported, and whom the other side does not know by name.
    pub fn is_reporter(&self) -> bool {
        matches!(self, Self::Letter { state, party, .. } if state.is_reporter(&party.person))
    }

    /// The one who applies, where that is known.
    pub fn party(&self) -> Option<&Party> {
        match self {
            Self::Letter { party, .. } | Self::Again { party, .. } => Some(party),
            Self::Open { .. } => None,
        }
    }

    /// The other side as the matter or the earlier case knows it.
    pub fn other_side(&self) -> Option<&Party> {
        match self {
            Self::Letter { state, party, .. } => state.other_side_of(&party.person),
            Self::Again { state, party, .. } => state.others(&party.person).next(),
            Self::Open { .. } => None,
        }
    }

    /// Who else was in the earlier case: they are asked again as well.
    pub fn others(&self) -> impl Iterator<Item = &Party> {
        let again = match self {
            Self::Again { state, party, .. } => Some(state.others(&party.person).skip(1)),
            _ => None,
        };
        again.into_iter().flatten()
    }
}
