//! Jobs, the outbox and the sealer: one at a time, and never lost.

use yanhe_store::commit::{JobChange, Message};
use yanhe_store::{SealError, Sealed, SealedLeaf, SealedTile};
use yanhe_store_read::Page;

use crate::support::*;

fn timer(name: &str, due: i64) -> JobChange {
    JobChange::Set { owner: stream("a"), name: name.into(), due: at(due), stream: stream("b"), command: b"{}".to_vec() }
}

async fn a_due_job_is_held_by_one_until_its_lease_ends(dir: Place) {
    let (writer, _) = dir.open().await;
    let mut set = commit("one", &stream("a"), 0, Vec::new());
    set.jobs = vec![timer("late", 20), timer("early", 10), timer("later", 99)];
    writer.commit(set).await.unwrap();
    assert_eq!(writer.next_due().await.unwrap(), Some(at(10)));
    assert_eq!(writer.due_jobs(at(9), at(100), 10).await.unwrap(), []);
    let taken = writer.due_jobs(at(20), at(100), 10).await.unwrap();
    assert_eq!(
        taken.iter().map(|job| (job.name.as_str(), job.attempts)).collect::<Vec<_>>(),
        [("early", 1), ("late", 1)]
    );
    let (other, _) = dir.open().await;
    assert_eq!(other.due_jobs(at(50), at(150), 10).await.unwrap(), []);
    assert!(writer.done(&taken[0]).await.unwrap());
    assert!(writer.failed(&taken[1], at(60)).await.unwrap());
    assert_eq!(other.due_jobs(at(59), at(150), 10).await.unwrap(), []);
    let again = other.due_jobs(at(60), at(150), 10).await.unwrap();
    assert_eq!(again.iter().map(|job| (job.name.as_str(), job.attempts)).collect::<Vec<_>>(), [("late", 2)]);
    assert_eq!(again[0].due, at(20));
    // Whoever lost the lease can neither finish nor give back.
    assert!(!writer.done(&taken[1]).await.unwrap());
    assert!(!writer.failed(&taken[1], at(61)).await.unwrap());
    // A holder that died: after its lease anyone takes it.
    let third = writer.due_jobs(at(151), at(200), 1).await.unwrap();
    assert_eq!(third.iter().map(|job| job.name.as_str()).collect::<Vec<_>>(), ["late"]);
}

async fn a_timer_set_anew_while_it_runs_is_not_forgotten_and_a_cancelled_one_is(dir: Place) {
    let (writer, reader) = dir.open().await;
    let id = stream("a");
    let mut set = commit("one", &id, 0, Vec::new());
    set.jobs = vec![timer("x", 10), timer("y", 10)];
    writer.commit(set).await.unwrap();
    let taken = writer.due_jobs(at(10), at(100), 10).await.unwrap();
    let mut anew = commit("two", &id, 1, Vec::new());
    anew.jobs = vec![timer("x", 30), JobChange::Cancel { owner: id.clone(), name: "y".into() }];
    writer.commit(anew).await.unwrap();
    for job in &taken {
        assert!(!writer.done(job).await.unwrap());
    }
    let left = reader.jobs_of(&id).await.unwrap();
    assert_eq!(left.iter().map(|job| (job.name.as_str(), job.due)).collect::<Vec<_>>(), [("x", at(30))]);
}

async fn a_message_is_taken_by_one_and_sent_once(dir: Place) {
    let (writer, reader) = dir.open().await;
    let mut send = commit("one", &stream("a"), 0, Vec::new());
    send.messages = (0..3)
        .map(|n| Message {
            id: format!("m{n}"),
            channel: "sms".into(),
            to_index: if n == 2 { "other".into() } else { "phone".into() },
            body: vec![n],
            about: stream("a"),
            at: at(i64::from(n)),
        })
        .collect();
    writer.commit(send).await.unwrap();
    assert!(writer.take_messages(at(-1), at(5), 9).await.unwrap().is_empty(), "their time has not come");
    let taken = writer.take_messages(at(5), at(10), 2).await.unwrap();
    assert_eq!(taken.iter().map(|message| message.id.as_str()).collect::<Vec<_>>(), ["m0", "m1"]);
    assert_eq!(writer.take_messages(at(5), at(10), 9).await.unwrap().len(), 1);
    assert!(writer.message_sent(&taken[0], at(6)).await.unwrap());
    assert!(!writer.message_sent(&taken[0], at(6)).await.unwrap());
    assert!(writer.message_failed(&taken[1], at(7)).await.unwrap());
    assert_eq!(writer.take_messages(at(7), at(12), 9).await.unwrap().len(), 1);
    let page = reader.messages_to("phone", &Page::first(1)).await.unwrap();
    assert_eq!(page.rows[0].id, "m1");
    let page = reader.messages_to("phone", &Page::after(page.next.unwrap(), 1)).await.unwrap();
    assert_eq!((page.rows[0].id.as_str(), page.rows[0].sent_at, page.next), ("m0", Some(at(6)), None));
    assert_eq!(reader.messages(&Page::first(9)).await.unwrap().rows.len(), 3);
}

async fn a_lease_has_one_holder_at_a_time(dir: Place) {
    let (writer, _) = dir.open().await;
    assert!(writer.lease("sealer", "a", at(0), at(10)).await.unwrap());
    assert!(!writer.lease("sealer", "b", at(9), at(19)).await.unwrap());
    assert!(writer.lease("sealer", "a", at(9), at(19)).await.unwrap());
    assert!(writer.lease("sealer", "b", at(19), at(29)).await.unwrap());
    writer.release("sealer", "a").await.unwrap();
    assert!(!writer.lease("sealer", "a", at(20), at(30)).await.unwrap());
    writer.release("sealer", "b").await.unwrap();
    assert!(writer.lease("sealer", "a", at(20), at(30)).await.unwrap());
}

async fn what_a_clock_that_was_ahead_holds_can_be_taken_once_it_was_put_back(dir: Place) {
    const AHEAD: i64 = 90_000;
    let (writer, _) = dir.open().await;
    let mut set = commit("one", &stream("a"), 0, Vec::new());
    set.jobs = vec![timer("x", 10)];
    writer.commit(set).await.unwrap();
    assert!(writer.lease("sealer", "a", at(AHEAD), at(AHEAD + 60)).await.unwrap());
    assert_eq!(writer.due_jobs(at(AHEAD), at(AHEAD + 60), 9).await.unwrap().len(), 1);
    assert!(writer.lease("sealer", "b", at(20), at(80)).await.unwrap());
    assert_eq!(writer.due_jobs(at(20), at(80), 9).await.unwrap().len(), 1);
    // And is held as ever.
    assert!(!writer.lease("sealer", "a", at(21), at(81)).await.unwrap());
    assert_eq!(writer.due_jobs(at(21), at(81), 9).await.unwrap(), []);
}

async fn the_sealer_numbers_each_entry_once_and_only_under_its_lease(dir: Place) {
    let (writer, reader) = dir.open().await;
    for n in 0..3 {
        writer.commit(commit(&format!("{n}"), &stream(&format!("s{n}")), 0, Vec::new())).await.unwrap();
    }
    let round = |holder: &str, leaves: Vec<SealedLeaf>, size| Sealed {
        lease: "sealer".into(),
        holder: holder.into(),
        at: at(5),
        leaves,
        tiles: vec![SealedTile { level: 0, number: 0, width: size, body: vec![0; 32] }],
        size,
        root: [1; 32],
        note: "note".into(),
    };
    let unsealed = reader.sealable(2).await.unwrap();
    let leaves: Vec<SealedLeaf> = unsealed
        .into_iter()
        .enumerate()
        .map(|(n, e)| SealedLeaf {
            number: n as i64,
            position: e.position,
            stream: e.stream,
            version: e.version,
            hash: e.hash,
        })
        .collect();
    assert!(matches!(writer.seal(round("a", leaves.clone(), 2)).await, Err(SealError::LeaseLost)));
    assert!(writer.lease("sealer", "a", at(0), at(10)).await.unwrap());
    assert!(matches!(writer.seal(round("b", leaves.clone(), 2)).await, Err(SealError::LeaseLost)));
    writer.seal(round("a", leaves.clone(), 2)).await.unwrap();
    assert!(matches!(writer.seal(round("a", leaves, 2)).await, Err(SealError::Changed)));
    assert_eq!((reader.log_size().await.unwrap(), reader.unsealed(9).await.unwrap().len()), (2, 1));
    assert_eq!(reader.checkpoint().await.unwrap().unwrap().size, 2);
    assert_eq!(reader.tile(0, 0).await.unwrap().unwrap().width, 2);
    assert_eq!(reader.leaf_of(&stream("s1"), 1).await.unwrap().unwrap().number, 1);
    assert_eq!(reader.leaves(&Page::first(9)).await.unwrap().rows.len(), 2);
}

on_both! {
    a_due_job_is_held_by_one_until_its_lease_ends,
    a_timer_set_anew_while_it_runs_is_not_forgotten_and_a_cancelled_one_is,
    a_message_is_taken_by_one_and_sent_once,
    a_lease_has_one_holder_at_a_time,
    what_a_clock_that_was_ahead_holds_can_be_taken_once_it_was_put_back,
    the_sealer_numbers_each_entry_once_and_only_under_its_lease,
}
