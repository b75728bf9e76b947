//! What nobody wrote on purpose, for tests of what reads the files of strangers.

use proptest::prelude::*;
use proptest::sample::Index;

/// Places with a byte that is put there, beside what was there or in its stead, or that is taken out; and where the file is
/// torn off, if it is.
pub type Damage = (Vec<(Index, Option<u8>, bool)>, Option<Index>);

/// Any damage.
pub fn damage() -> impl Strategy<Value = Damage> {
    let places = prop::collection::vec((any::<Index>(), any::<Option<u8>>(), any::<bool>()), 0..6);
    (places, prop::option::weighted(0.2, any::<Index>()))
}

/// A file after it.
pub fn damaged(bytes: &[u8], (places, torn): &Damage) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for (place, byte, beside) in places {
        let at = place.index(out.len().max(1));
        match byte {
            Some(byte) if *beside || out.is_empty() => out.insert(at, *byte),
            Some(byte) => out[at] = *byte,
            None if out.is_empty() => {}
            None => drop(out.remove(at)),
        }
    }
    if let Some(torn) = torn {
        out.truncate(torn.index(out.len() + 1));
    }
    out
}
