//! Chance of the play: drawn from the seed, a name and a case, so that it does not depend on the order of things.

use sha2::{Digest, Sha256};

/// The seed.
#[derive(Clone, Copy, Debug)]
pub struct Chance(pub u64);

impl Chance {
    /// A number below `bound` (at least 1) for a purpose and a case.
    pub fn below(self, bound: u64, purpose: &str, case: &str) -> u64 {
        let hash = Sha256::new()
            .chain_update(self.0.to_be_bytes())
            .chain_update(purpose.as_bytes())
            .chain_update([0])
            .chain_update(case.as_bytes())
            .finalize();
        u64::from_be_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]]) % bound.max(1)
    }

    /// True in `percent` of a hundred cases.
    pub fn in_hundred(self, percent: u64, purpose: &str, case: &str) -> bool {
        self.below(100, purpose, case) < percent
    }
}
