//! Messages go to a messenger until it takes them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::ToSpan;
use yanhe_app::Delivered;
use yanhe_app::ports::{Clock, Messenger, Outgoing, SeededEntropy};
use yanhe_core::{StreamId, StreamKind};

use crate::open::open;
use crate::support::Dir;

const PHONE: &str = "19900007297";

/// A gateway that is away at first, and keeps what it took.
#[derive(Default)]
struct Gateway {
    here: AtomicBool,
    took: Mutex<Vec<Outgoing>>,
}

impl Messenger for Gateway {
    async fn take(&self, message: &Outgoing) -> Result<(), String> {
        if !self.here.load(Ordering::Relaxed) {
            return Err("nobody answers".to_owned());
        }
        self.took.lock().unwrap().push(message.clone());
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_waits_until_it_is_taken_and_is_taken_once() {
    let dir = Dir::new();
    let (app, clock) = open(&dir, "2022-07-14T01:00:00Z", SeededEntropy(1)).await;
    let about = StreamId::new(StreamKind::Audit, "sign-in");
    for _ in 0..6 {
        app.send_code("staff", PHONE, PHONE, &about).await.unwrap();
    }
    let gateway = Gateway::default();
    let told = app.deliver(&gateway).await.unwrap();
    assert_eq!((told.taken, told.failed.len()), (0, 6));
    assert!(told.failed.iter().all(|why| why.contains("nobody answers") && !why.contains(PHONE)), "{told:?}");

    gateway.here.store(true, Ordering::Relaxed);
    assert_eq!(app.deliver(&gateway).await.unwrap(), Delivered::default(), "it is given again after a minute");
    clock.set(clock.now() + 1.minute());
    let (one, other) = tokio::join!(app.deliver(&gateway), app.deliver(&gateway));
    assert_eq!(one.unwrap().taken + other.unwrap().taken, 6);
    clock.set(clock.now() + 24.hours());
    assert_eq!(app.deliver(&gateway).await.unwrap(), Delivered::default(), "taken once");

    let mut took = gateway.took.into_inner().unwrap();
    assert!(took.iter().all(|m| m.channel == "sms" && m.to == PHONE && m.text.contains("验证码")), "{took:?}");
    took.sort_by(|a, b| a.id.cmp(&b.id));
    took.dedup_by(|a, b| a.id == b.id);
    assert_eq!(took.len(), 6);
}
