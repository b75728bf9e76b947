//! The outside, as `app` sees it: time and chance. The only makers of either.

use std::sync::Mutex;

use sha2::{Digest, Sha256};
use yanhe_core::Timestamp;

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Jumps forward to an instant, where this clock can be moved. Production time cannot.
    fn jump(&self, _to: Timestamp) {}

    /// Its shift against the machine's clock in seconds; `None` for a clock that cannot be moved.
    fn shift(&self) -> Option<i64> {
        None
    }
}

/// The clock of the machine, in whole microseconds: what the journal keeps of an instant is all there is of it, so that a
/// state replayed from events is the state that was stored.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock port")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

/// A message on its way to a phone or a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Outgoing {
    /// The same whenever the message is given again, which happens where nobody knows whether it was taken.
    pub id: String,
    /// `sms` or `mail`.
    pub channel: String,
    /// Phone or address.
    pub to: String,
    /// The text.
    pub text: String,
}

/// Who carries messages to a gateway.
pub trait Messenger: Send + Sync {
    /// Takes one.
    ///
    /// # Errors
    /// Why it was not taken; without the address, since it is logged.
    fn take(&self, message: &Outgoing) -> impl Future<Output = Result<(), String>> + Send;
}

/// A clock that stands until it is set: for playing a past half year and for tests.
#[derive(Debug)]
pub struct SetClock(Mutex<Timestamp>);

impl SetClock {
    /// A clock that stands at an instant.
    pub fn new(at: Timestamp) -> Self {
        Self(Mutex::new(at))
    }

    /// Moves it. Never back: an earlier instant is ignored.
    pub fn set(&self, to: Timestamp) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = (*now).max(to);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// A clock that runs at normal speed from an offset: a demo goes on from the day on which its play ended.
#[derive(Debug)]
pub struct ShiftedClock {
    shift: Mutex<jiff::SignedDuration>,
}

impl ShiftedClock {
    /// Runs from `at` on, as if it were `at` now.
    pub fn starting(at: Timestamp) -> Self {
        Self { shift: Mutex::new(at.duration_since(SystemClock.now())) }
    }

    /// Runs with a shift in seconds against the machine's clock, as stored.
    pub fn shifted(seconds: i64) -> Self {
        Self { shift: Mutex::new(jiff::SignedDuration::from_secs(seconds)) }
    }

    /// The shift in seconds.
    pub fn seconds(&self) -> i64 {
        self.shift.lock().unwrap_or_else(std::sync::PoisonError::into_inner).as_secs()
    }

    /// Jumps forward to an instant; never back.
    pub fn advance(&self, to: Timestamp) {
        let now = self.now();
        if to > now {
            *self.shift.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
                to.duration_since(SystemClock.now());
        }
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        let shift = *self.shift.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        SystemClock.now().checked_add(shift).unwrap_or(Timestamp::MAX)
    }

    fn jump(&self, to: Timestamp) {
        self.advance(to);
    }

    fn shift(&self) -> Option<i64> {
        Some(self.seconds())
    }
}

/// Where chance comes from.
pub trait Entropy: Send + Sync {
    /// 32 bytes that nobody can guess. `purpose` tells one drawing from another where chance must repeat.
    fn seed(&self, purpose: &str) -> [u8; 32];
}

/// The machine's source of chance.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the Entropy port")]
    fn seed(&self, _: &str) -> [u8; 32] {
        let mut seed = [0; 32];
        // A machine without a source of chance cannot make keys: stopping is the only safe answer.
        getrandom::fill(&mut seed).expect("the operating system gives random bytes");
        seed
    }
}

/// Chance that repeats for a seed and purpose, in whatever order it is drawn: for the demo and for tests, never for
/// production keys.
#[derive(Clone, Copy, Debug)]
pub struct SeededEntropy(pub u64);

impl Entropy for SeededEntropy {
    fn seed(&self, purpose: &str) -> [u8; 32] {
        Sha256::new()
            .chain_update(b"demo")
            .chain_update(self.0.to_be_bytes())
            .chain_update(purpose.as_bytes())
            .finalize()
            .into()
    }
}
