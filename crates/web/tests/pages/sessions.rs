//! Sessions as their forms have them: called, moved, called off, missed.

use crate::case::{act, mediating, people, state};
use crate::office::site;

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lies_ahead_and_until_it_is_held_it_is_moved_or_called_off() {
    let site = site().await;
    let who = people(&site).await;
    let path = mediating(&who).await;
    let to = |name: &str| format!("{path}/{name}");
    let at = |day, clock| [("at", day), ("clock", clock), ("place", "二楼调解室")];
    who.mediator.submit(&to("call_session"), &at("2022-03-08", "00:10")).await.is(422).shows("f-clock-error");
    who.mediator.submit(&to("call_session"), &at("2022-03-07", "10:00")).await.is(422).shows("f-at-error");
    // Nobody can come whom a notice reaches when it is over: that is asked back, once.
    who.mediator.submit(&to("call_session"), &at("2022-03-08", "23:50")).await.is(422).shows("f-soon-error");
    act(&who.mediator, &path, "call_session", &at("2022-03-09", "10:00")).await;
    let form = who.clerk.get(&to("move_session")).await;
    form.shows("value=\"2022-03-09\"").shows("value=\"10:00\"").shows("二楼调解室");
    act(&who.clerk, &path, "move_session", &at("2022-03-10", "10:00")).await;
    who.clerk.get(&path).await.shows("调解会改期或者改地点").shows(&to("call_off_session"));
    assert_eq!(state(&site, &path).await.sessions[0].moved.len(), 1);
    who.mediator.get(&to("record_missed")).await.shows("还没有到");
    who.clerk.submit(&to("call_off_session"), &[]).await.is(422).shows("f-reason-error");
    act(&who.clerk, &path, "call_off_session", &[("reason", "调解室停电")]).await;
    who.clerk.get(&path).await.shows("取消调解会").shows("调解室停电").hides(&to("call_off_session"));
    assert!(state(&site, &path).await.sessions.is_empty());
    who.mediator.get(&path).await.shows(&to("call_session"));
}

#[tokio::test(flavor = "multi_thread")]
async fn that_nobody_came_is_recorded_and_another_session_is_called() {
    let site = site().await;
    let who = people(&site).await;
    let path = mediating(&who).await;
    let to = |name: &str| format!("{path}/{name}");
    let at = |clock| [("at", "2022-03-08"), ("clock", clock), ("place", "二楼调解室"), ("soon", "yes")];
    act(&who.mediator, &path, "call_session", &at("14:30")).await;
    // Who looks at something at noon is still signed in.
    site.wait_until("2022-03-08T04:00:00Z").await;
    for busy in [&who.clerk, &who.mediator] {
        busy.get(&path).await.is(200);
    }
    site.wait_until("2022-03-08T07:00:00Z").await;
    who.mediator.get(&path).await.shows(&to("record_missed"));
    who.mediator.submit(&to("record_missed"), &[]).await.is(422).shows("f-note-error");
    act(&who.mediator, &path, "record_missed", &[("note", "等到15点，电话没有人接")]).await;
    who.clerk.get(&path).await.shows("调解会无人到场").shows("电话没有人接");
    act(&who.mediator, &path, "call_session", &at("17:00")).await;
    assert_eq!(state(&site, &path).await.not_held.len(), 1);
}
