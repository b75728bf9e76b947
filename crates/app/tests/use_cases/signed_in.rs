//! How long somebody stays signed in.

use jiff::ToSpan;
use yanhe_app::ports::{Clock, SeededEntropy};
use yanhe_app::session::SignedIn;
use yanhe_core::policy::Role;

use crate::open::open;
use crate::support::{Dir, staff};

#[tokio::test(flavor = "multi_thread")]
async fn who_is_busy_stays_signed_in_for_a_working_day_and_who_is_away_does_not() {
    let dir = Dir::new();
    let (app, clock) = open(&dir, "2022-07-14T00:30:00Z", SeededEntropy(1)).await;
    let who = SignedIn { actor: staff(Role::Clerk, "shichang"), name: "经办人".into(), about: None };
    let (busy, away) = (app.begin_session(&who).await.unwrap(), app.begin_session(&who).await.unwrap());
    // Something every hour and a half; the other one's page is open and asks for changes by itself.
    for _ in 0..7 {
        clock.set(clock.now() + 90.minutes());
        assert_eq!(app.signed_in(&busy, true).await.unwrap(), Some(who.clone()), "{}", clock.now());
        app.signed_in(&away, false).await.unwrap();
    }
    assert_eq!(app.signed_in(&away, true).await.unwrap(), None, "nobody sat there");
    // Ten and a half hours; twelve are the longest.
    clock.set(clock.now() + 89.minutes());
    assert!(app.signed_in(&busy, true).await.unwrap().is_some());
    clock.set(clock.now() + 1.minute());
    assert_eq!(app.signed_in(&busy, true).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn that_a_session_goes_on_is_written_every_few_minutes_at_most() {
    let dir = Dir::new();
    let (app, clock) = open(&dir, "2022-07-14T00:30:00Z", SeededEntropy(1)).await;
    let who = SignedIn { actor: staff(Role::Clerk, "shichang"), name: "经办人".into(), about: None };
    let token = app.begin_session(&who).await.unwrap();
    // A minute is not worth writing: the session ends four hours after what was written last.
    clock.set(clock.now() + 1.minute());
    app.signed_in(&token, true).await.unwrap();
    clock.set(clock.now() + 239.minutes());
    assert_eq!(app.signed_in(&token, true).await.unwrap(), None);
}
