//! Letters in the play: the clerks go through what the scope catalogue proposes, send, serve, and answer the orders.

use std::collections::{BTreeMap, BTreeSet};

use yanhe_core::matter::reply::{self, Order};
use yanhe_core::matter::{self, LetterState, Standing};
use yanhe_core::policy::Actor;
use yanhe_core::scope::Source;
use yanhe_core::time::Date;
use yanhe_core::{StreamId, paper};

use super::plan::Case;
use super::{DemoError, Play};
use crate::Command;
use crate::handle::Request;

/// Most letters of one commit.
const TOGETHER: usize = 50;

/// Orders whose own last day is this one or a later one may lie on the desks when the play ends: some are late, some due.
const STILL_OPEN: Date = jiff::civil::date(2022, 7, 12);

/// What lies on the clerks' desks.
#[derive(Default)]
pub struct Desk {
    /// Matters with the day on which the clerk gets to them.
    waiting: BTreeMap<StreamId, Date>,
    /// Letters with the day on which their service is recorded.
    serving: BTreeMap<StreamId, (StreamId, Date)>,
    /// Letters of which nobody heard at once.
    slow: BTreeSet<StreamId>,
    /// Orders with the day on which they are answered.
    replies: BTreeMap<StreamId, Date>,
    /// Matters out of scope that the clerks have looked at.
    seen: BTreeSet<StreamId>,
    /// Matters of decisions issued here with the day on which they are served.
    pub(super) decided: Vec<(StreamId, Date)>,
}

impl Play<'_> {
    pub(super) async fn letters_of_the_day(&mut self, day: Date) -> Result<(), DemoError> {
        self.at(day, 9, 30);
        self.collect(day).await?;
        self.collect_orders(day).await?;
        self.issue(day).await?;
        self.at(day, 15, 0);
        self.serve(day).await?;
        self.reply(day).await
    }

    /// New matters, with the day on which the clerk gets to them: most at once, a few late.
    async fn collect(&mut self, day: Date) -> Result<(), DemoError> {
        for stream in self.app.new_matters(Standing::Proposed).await? {
            if self.letters.waiting.contains_key(&stream) {
                continue;
            }
            let late = self.chance.in_hundred(8, "late letter", stream.as_str());
            let days = if late { 5 + self.chance.below(6, "how late", stream.as_str()) } else { 0 };
            let when = day.checked_add(jiff::Span::new().days(i64::try_from(days).unwrap_or(0))).unwrap_or(day);
            self.letters.waiting.insert(stream, when);
        }
        Ok(())
    }

    /// Orders out of scope are answered too; a few are forgotten for some days after their own last day.
    async fn collect_orders(&mut self, day: Date) -> Result<(), DemoError> {
        for stream in self.app.new_matters(Standing::OutOfScope).await? {
            if !self.letters.seen.insert(stream.clone()) {
                continue;
            }
            let Some(state) = self.app.state::<matter::Matter>(&stream).await? else { continue };
            let order = state.matter.source == Source::Complaint && state.matter.status != "办结";
            if order {
                // A few are forgotten and answered late.
                let late = !self.chance.in_hundred(92, "order answered", stream.as_str());
                let late = if late { 10 + self.chance.below(9, "forgotten", stream.as_str()) } else { 0 };
                let days = 1 + self.chance.below(3, "answered after", stream.as_str()) + late;
                let days = i64::try_from(days).unwrap_or(1);
                let when = day.checked_add(jiff::Span::new().days(days)).unwrap_or(day);
                self.letters.replies.insert(stream, when);
            }
        }
        Ok(())
    }

    /// Sends the letters, each organ's in one commit; a few are declined with a reason.
    async fn issue(&mut self, day: Date) -> Result<(), DemoError> {
        let due: Vec<StreamId> =
            self.letters.waiting.iter().filter(|(_, when)| **when <= day).map(|(s, _)| s.clone()).collect();
        let mut by_organ: BTreeMap<String, Vec<StreamId>> = BTreeMap::new();
        for stream in due {
            let Some(state) = self.app.state::<matter::Matter>(&stream).await? else { continue };
            if state.standing != Standing::Proposed {
                continue;
            }
            self.letters.waiting.remove(&stream);
            let owed = state.matter.own_due_on.filter(|_| state.matter.source == Source::Complaint);
            if let Some(due) = owed {
                let soon = self.chance.in_hundred(94, "reply", stream.as_str());
                let late = due.checked_add(jiff::Span::new().days(9)).unwrap_or(due);
                let when = if soon { due.min(day.tomorrow().unwrap_or(day)) } else { late };
                self.letters.replies.insert(stream.clone(), when);
            }
            if self.chance.in_hundred(2, "decline", stream.as_str()) {
                let clerk = self.people.bench(&state.matter.organ).clerk()?;
                let reason = "经电话核实，双方已自行和解，无需调解。".to_owned();
                self.act("decline", &clerk, &stream, matter::Command::DeclineLetter { reason }).await?;
            } else {
                by_organ.entry(state.matter.organ.clone()).or_default().push(stream);
            }
        }
        for (organ, streams) in by_organ {
            let clerk = self.people.bench(&organ).clerk()?;
            for chunk in streams.chunks(TOGETHER) {
                self.issue_together(&clerk, chunk, day).await?;
            }
        }
        Ok(())
    }

    async fn issue_together(&mut self, clerk: &Actor, streams: &[StreamId], day: Date) -> Result<(), DemoError> {
        let command = || Command::from(matter::Command::ConfirmLetter { reason: String::new() });
        let steps = streams.iter().map(|s| (s.clone(), command())).collect();
        let request = Request::all(clerk, self.key(), steps);
        self.done("send letters", &streams[0], request).await?;
        let mut by_post = Vec::new();
        for stream in streams {
            let Some(state) = self.app.state::<matter::Matter>(stream).await? else { continue };
            by_post.extend(
                state
                    .letters
                    .iter()
                    .filter(|(letter, s)| *s == LetterState::Issued && letter.channel == "print")
                    .map(|(letter, _)| letter.paper.id.clone()),
            );
            for (letter, _) in state.letters.iter().filter(|(_, s)| *s == LetterState::Issued) {
                let days = 1 + self.chance.below(3, "served after", letter.paper.id.as_str());
                let when = day.checked_add(jiff::Span::new().days(i64::try_from(days).unwrap_or(1))).unwrap_or(day);
                self.letters.serving.insert(letter.paper.id.clone(), (stream.clone(), when));
            }
        }
        if !by_post.is_empty() {
            // Printed in one go and put into envelopes.
            self.app.print_run(clerk, &by_post).await?;
            for paper in &by_post {
                let command = paper::Command::Dispatch { channel: "mail".into(), to: None };
                self.act("post", clerk, paper, command).await?;
            }
        }
        Ok(())
    }

    /// Records how letters arrived: handed over with the decision, by message, by post; a few fail the first time.
    async fn serve(&mut self, day: Date) -> Result<(), DemoError> {
        let due: Vec<_> = self
            .letters
            .serving
            .iter()
            .filter(|(_, (_, when))| *when <= day)
            .map(|(paper, (matter, _))| (paper.clone(), matter.clone()))
            .collect();
        for (paper, matter_stream) in due {
            self.letters.serving.remove(&paper);
            let Some(state) = self.app.state::<paper::Paper>(&paper).await? else { continue };
            let clerk = self.people.bench(&state.issued.paper.issuer).clerk()?;
            let name = state.issued.addressee.as_ref().map_or_else(String::new, |a| a.name.text().to_owned());
            let first = state.services.is_empty();
            if first && self.chance.in_hundred(6, "service fails", paper.as_str()) {
                let command = service("post", day, false, "", "收件人外出，邮件退回");
                self.act("service failed", &clerk, &paper, command).await?;
                let again = day.checked_add(jiff::Span::new().days(6)).unwrap_or(day);
                self.letters.serving.insert(paper, (matter_stream, again));
                continue;
            }
            // Of a few nobody hears for a while, until the clerk asks.
            if first
                && self.chance.in_hundred(6, "never served", paper.as_str())
                && self.letters.slow.insert(paper.clone())
            {
                let days = 8 + self.chance.below(9, "heard of", paper.as_str());
                let when = day.checked_add(jiff::Span::new().days(i64::try_from(days).unwrap_or(8))).unwrap_or(day);
                self.letters.serving.insert(paper, (matter_stream, when));
                continue;
            }
            let manner = match state.issued.channel.as_str() {
                "sms" | "email" => "electronic",
                "print" | "mail" => "post",
                _ => "direct",
            };
            self.act("service", &clerk, &paper, service(manner, day, true, &name, "")).await?;
            self.may_apply(&matter_stream, day).await?;
        }
        Ok(())
    }

    /// Once, a letter with a wrong name is voided by a notice and another one issued: the number stays spoilt.
    pub(super) async fn spoil_one(&mut self, day: Date) -> Result<(), DemoError> {
        let Some((paper, matter)) = self.letters.serving.iter().next().map(|(p, (m, _))| (p.clone(), m.clone())) else {
            return Ok(());
        };
        let Some(state) = self.app.state::<matter::Matter>(&matter).await? else { return Ok(()) };
        let bench = self.people.bench(&state.matter.organ);
        let reason = "收件人姓名录入有误，另行制发。".to_owned();
        self.act("ask to void", &bench.clerk()?, &paper, paper::Command::Void { reason }).await?;
        self.act("void", &bench.leader()?, &paper, paper::Command::ApproveNotice {}).await?;
        self.letters.serving.remove(&paper);
        self.issue_together(&bench.clerk()?, std::slice::from_ref(&matter), day).await
    }

    /// Some of those who got a letter apply, some days later.
    pub(super) async fn may_apply(&mut self, matter: &StreamId, day: Date) -> Result<(), DemoError> {
        let Some(state) = self.app.state::<matter::Matter>(matter).await? else { return Ok(()) };
        if self.cases.contains_key(matter) {
            // Two people of one matter got a letter, and the other one has applied.
            return Ok(());
        }
        let percent = match state.matter.source {
            Source::Penalty => 14,
            _ => 45,
        };
        if !self.chance.in_hundred(percent, "apply", matter.as_str()) {
            return Ok(());
        }
        let days = 1 + self.chance.below(9, "applies after", matter.as_str());
        let when = day.checked_add(jiff::Span::new().days(i64::try_from(days).unwrap_or(1))).unwrap_or(day);
        self.cases.insert(matter.clone(), Case::waiting(when));
        Ok(())
    }

    async fn reply(&mut self, day: Date) -> Result<(), DemoError> {
        let due: Vec<_> =
            self.letters.replies.iter().filter(|(_, when)| **when <= day).map(|(s, _)| s.clone()).collect();
        for stream in due {
            self.letters.replies.remove(&stream);
            let Some(state) = self.app.state::<matter::Matter>(&stream).await? else { continue };
            if state.reply.is_some() {
                continue;
            }
            if state.matter.own_due_on.is_some_and(|due| due >= STILL_OPEN)
                && self.chance.in_hundred(60, "still open", stream.as_str())
            {
                // It counts as an act, so that the pauses of the cases are drawn as they were.
                self.acts += 1;
                continue;
            }
            let clerk = self.people.bench(&state.matter.organ).clerk()?;
            let findings = match reply::order(&state) {
                Order::Inquiry => "已电话向您说明办理条件、材料和流程。",
                Order::Report => "已对您举报的线索登记核查，核查结果另行告知。",
                Order::Opinion => "已将您的意见转相关科室研究。",
                Order::Complaint => "已电话联系您和被反映对象，分别听取了说明。",
            }
            .to_owned();
            let text = reply::draft(&state, &self.app.told(&state).await?);
            self.act("reply", &clerk, &stream, matter::Command::ReplyOrder { findings, text }).await?;
        }
        Ok(())
    }
}

/// The command that records a service.
pub fn service(manner: &str, on: Date, served: bool, receiver: &str, note: &str) -> paper::Command {
    paper::Command::RecordService {
        manner: manner.into(),
        on,
        at: None,
        served,
        receiver: receiver.into(),
        note: note.into(),
    }
}
