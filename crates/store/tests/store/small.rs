//! Sessions, one-time codes, settings, files, keys.

use yanhe_core::PersonId;
use yanhe_store::commit::WrappedKey;
use yanhe_store::{OneTimeCode, Session, Verdict};

use crate::support::*;

async fn a_one_time_code_is_right_once_and_its_tries_are_counted(dir: Place) {
    let (writer, _) = dir.open().await;
    let code = |id: &str| OneTimeCode {
        id: id.into(),
        purpose: "sign-in".into(),
        subject: "phone".into(),
        hash: vec![1],
        expires_at: at(100),
    };
    let attempt = async |id: &str, purpose: &str, hash: u8, now: i64| {
        writer.try_code(id, purpose, &[hash], at(now), 3, None).await.unwrap()
    };
    writer.put_code(&code("a")).await.unwrap();
    assert_eq!(attempt("a", "sign-in", 9, 1).await, Verdict::Wrong { left: 2 });
    assert_eq!(attempt("a", "signature", 1, 1).await, Verdict::Gone);
    assert_eq!(attempt("a", "sign-in", 1, 1).await, Verdict::Right("phone".into()));
    assert_eq!(attempt("a", "sign-in", 1, 1).await, Verdict::Gone);
    writer.put_code(&code("b")).await.unwrap();
    for left in [2, 1, 0] {
        assert_eq!(attempt("b", "sign-in", 9, 1).await, Verdict::Wrong { left });
    }
    assert_eq!(attempt("b", "sign-in", 1, 1).await, Verdict::Gone);
    writer.put_code(&code("c")).await.unwrap();
    assert_eq!(attempt("c", "sign-in", 1, 100).await, Verdict::Gone);
    assert_eq!(attempt("d", "sign-in", 1, 1).await, Verdict::Gone);
}

async fn a_code_is_right_again_for_the_request_that_used_it_and_for_no_other(dir: Place) {
    let (writer, _) = dir.open().await;
    let code =
        OneTimeCode { id: "a".into(), purpose: "p".into(), subject: "s".into(), hash: vec![1], expires_at: at(9) };
    writer.put_code(&code).await.unwrap();
    let attempt = async |hash: u8, now: i64, request: Option<&str>| {
        writer.try_code("a", "p", &[hash], at(now), 5, request).await.unwrap()
    };
    let right = Verdict::Right("s".into());
    assert_eq!(attempt(1, 1, Some("press")).await, right);
    assert_eq!(attempt(1, 2, Some("press")).await, right, "the same press, sent twice");
    assert_eq!(attempt(9, 2, Some("press")).await, Verdict::Wrong { left: 2 }, "another code is not right with it");
    assert_eq!(attempt(1, 2, Some("another")).await, Verdict::Gone);
    assert_eq!(attempt(1, 2, None).await, Verdict::Gone);
    assert_eq!(attempt(1, 9, Some("press")).await, Verdict::Gone, "nor after its time");
}

async fn of_many_right_tries_at_once_one_is_right(dir: Place) {
    let (writer, _) = dir.open().await;
    let code =
        OneTimeCode { id: "a".into(), purpose: "p".into(), subject: "s".into(), hash: vec![1], expires_at: at(9) };
    writer.put_code(&code).await.unwrap();
    let tries: Vec<_> = (0..20)
        .map(|_| {
            let writer = writer.clone();
            tokio::spawn(async move { writer.try_code("a", "p", &[1], at(1), 100, None).await.unwrap() })
        })
        .collect();
    let mut right = 0;
    for attempt in tries {
        right += i32::from(attempt.await.unwrap() == Verdict::Right("s".into()));
    }
    assert_eq!(right, 1);
}

async fn tries_are_counted_by_all_servers_together_and_anew_after_a_while(dir: Place) {
    let (one, _) = dir.open().await;
    let (other, _) = dir.open().await;
    assert_eq!(one.tried("wrong", at(100), at(40)).await.unwrap(), 1);
    assert_eq!(other.tried("wrong", at(110), at(50)).await.unwrap(), 2);
    assert_eq!(one.tried("codes", at(110), at(50)).await.unwrap(), 1);
    assert_eq!(one.within("other").tried("wrong", at(110), at(50)).await.unwrap(), 1);
    assert_eq!(one.tried("wrong", at(160), at(100)).await.unwrap(), 1);
    assert_eq!(other.tried("wrong", at(161), at(101)).await.unwrap(), 2);
    one.sweep(at(200), at(160)).await.unwrap();
    assert_eq!(other.tried("wrong", at(162), at(102)).await.unwrap(), 1);
}

async fn what_one_server_commits_is_heard_by_another(dir: Place) {
    let (one, _) = dir.open().await;
    let (other, _) = dir.open().await;
    let mut news = other.news();
    let following = tokio::spawn({
        let other = other.clone();
        async move { other.follow().await }
    });
    // It is told once when it begins to hear.
    news.changed().await.unwrap();
    one.within("other")
        .begin_session(&Session { token_hash: vec![1], actor: "{}".into(), created_at: at(0), expires_at: at(10) })
        .await
        .unwrap();
    news.mark_unchanged();
    one.commit(commit("one", &stream("a"), 0, Vec::new())).await.unwrap();
    news.changed().await.unwrap();
    following.abort();
}

async fn a_session_ends_by_time_or_by_hand(dir: Place) {
    let (writer, reader) = dir.open().await;
    let session =
        |token: u8| Session { token_hash: vec![token], actor: "{}".into(), created_at: at(0), expires_at: at(10) };
    writer.begin_session(&session(1)).await.unwrap();
    writer.begin_session(&session(2)).await.unwrap();
    writer.end_session(&[2]).await.unwrap();
    let until = async |now| reader.session(&[1], at(now)).await.unwrap().map(|session| session.expires_at);
    assert_eq!((until(9).await, until(10).await), (Some(at(10)), None));
    writer.keep_session(&[1], at(20)).await.unwrap();
    writer.keep_session(&[1], at(15)).await.unwrap();
    assert_eq!(until(19).await, Some(at(20)), "it is never shortened");
    assert_eq!(reader.session(&[2], at(1)).await.unwrap(), None);
    writer.sweep(at(20), at(0)).await.unwrap();
    assert_eq!(reader.session(&[1], at(9)).await.unwrap(), None);
}

async fn a_setting_is_swapped_only_from_what_it_was(dir: Place) {
    let (writer, reader) = dir.open().await;
    assert!(!writer.swap_setting("clock", Some("a"), "b").await.unwrap());
    assert!(writer.swap_setting("clock", None, "a").await.unwrap());
    assert!(!writer.swap_setting("clock", None, "b").await.unwrap());
    assert!(writer.swap_setting("clock", Some("a"), "b").await.unwrap());
    assert_eq!(reader.setting("clock").await.unwrap(), Some("b".into()));
    writer.set_setting("clock", "c").await.unwrap();
    assert_eq!(reader.settings().await.unwrap().len(), 1);
    assert_eq!(reader.within("other").setting("clock").await.unwrap(), None);
}

async fn a_destroyed_key_is_gone(dir: Place) {
    let (writer, reader) = dir.open().await;
    let (id, person) = (stream("a"), PersonId("p".into()));
    let mut first = commit("one", &id, 0, Vec::new());
    first.keys = vec![WrappedKey { stream: id.clone(), person: "p".into(), master: "m1".into(), wrapped: vec![1, 2] }];
    writer.commit(first).await.unwrap();
    assert_eq!(reader.wrapped_key(&id, &person).await.unwrap().unwrap().wrapped, [1, 2]);
    assert_eq!((reader.keys_of(&id).await.unwrap().len(), reader.keys_of_person(&person).await.unwrap().len()), (1, 1));
    assert!(writer.destroy_key(&id, "p").await.unwrap());
    assert!(!writer.destroy_key(&id, "p").await.unwrap());
    assert_eq!(reader.wrapped_key(&id, &person).await.unwrap(), None);
}

on_both! {
    a_one_time_code_is_right_once_and_its_tries_are_counted,
    a_code_is_right_again_for_the_request_that_used_it_and_for_no_other,
    of_many_right_tries_at_once_one_is_right,
    tries_are_counted_by_all_servers_together_and_anew_after_a_while,
    what_one_server_commits_is_heard_by_another,
    a_session_ends_by_time_or_by_hand,
    a_setting_is_swapped_only_from_what_it_was,
    a_destroyed_key_is_gone,
}
