//! What the papers of a case have in common.

use serde_json::{Value, json};

use super::grounds::{self, Way};
use super::{RunningLimit, State, everybody, parties};
use crate::deadline::Deadline;
use crate::pack::Ground;
use crate::paper_data as data;
use crate::party::Party;
use crate::stream::{Facts, PaperOrder, PaperRef};
use crate::time::{Date, DateTime};
use crate::{PersonId, Personal};

/// Where one event's papers are written: the case, and what all of them say.
pub(super) struct Desk<'a> {
    pub(super) state: &'a State,
    pub(super) facts: &'a Facts<'a>,
    pub(super) base: Value,
}

impl Desk<'_> {
    pub(super) fn order(&self, paper: &PaperRef, to: Option<&Party>, extra: Value) -> PaperOrder {
        let mut all = self.base.clone();
        if let (Some(all), Value::Object(extra)) = (all.as_object_mut(), extra) {
            all.extend(extra);
            if let Some(to) = to {
                all.insert("addressee".into(), self.addressee(to));
            }
        }
        PaperOrder {
            paper: paper.clone(),
            matter: self.state.matter.clone(),
            date: self.facts.today(),
            addressee: to.map(Party::addressee),
            access: String::new(),
            channel: match to {
                // Who was not asked is told as the applicant is.
                Some(p)
                    if p.phone_text().is_some()
                        && self.state.by_message(&p.person).unwrap_or(self.state.electronic_service) =>
                {
                    "sms".into()
                }
                Some(_) => "print".into(),
                None => String::new(),
            },
            send_by: None,
            electronic: to.is_some_and(|p| p.mobile_text().is_some() && self.state.by_message(&p.person) == Some(true)),
            data: all,
        }
    }

    /// To whom a paper is, and as what: a notice does not tell the respondent that they applied.
    pub(super) fn addressee(&self, to: &Party) -> Value {
        let role = everybody(self.state).find(|(_, p)| p.person == to.person).map(|(role, _)| role);
        json!({"name": to.name.personal(&to.person), "role": role})
    }

    /// A paper that must go out in time.
    pub(super) fn in_time(&self, mut order: PaperOrder, by: Option<&Deadline>) -> PaperOrder {
        order.send_by = by.map(|d| (d.last_day, d.limit.clone()));
        order
    }

    /// A limit of this case's sector; none when its sector has none.
    pub(super) fn limit_of_sector(&self, id: &str, from: Date) -> Option<Deadline> {
        let sector = self.state.sector.as_deref();
        let there = self.facts.pack.has_rule(id, sector);
        there.then(|| self.facts.limit(id, from, sector).ok()).flatten()
    }

    /// What a notice of acceptance says. Not every sector's period can be extended or leaves anything out: it says what its
    /// own rule does.
    pub(super) fn acceptance(&self, on: Date, period: &Deadline, without: &[Value], to: Option<&Party>) -> Value {
        let pack = self.facts.pack;
        let rule = pack.rule_of(period);
        let basis = pack.rule_of(&self.state.accept_by).into_iter();
        let basis: Vec<_> = basis.map(|rule| pack.citation(rule, self.facts.today()).formal).collect();
        json!({
            "accepted": on.to_string(), "ends": period.last_day.to_string(), "limits": self.limits_for(to),
            "extendable": rule.is_some_and(|rule| pack.is_extendable(rule)),
            "suspendable": rule.is_some_and(|rule| rule.suspendable),
            "basis": basis, "without": without,
        })
    }

    /// What a call to a session says.
    pub(super) fn call(&self, at: DateTime, place: &Personal<String>, replaces: Option<Value>) -> Value {
        let sector = self.state.sector.as_deref().and_then(|sector| self.facts.pack.sector(sector));
        let most = sector.map(|sector| sector.max_per_side).filter(|most| *most > 0);
        json!({
            "time": data::minute(at), "place": place, "round": self.state.sessions.len(), "replaces": replaces,
            "max_per_side": most,
        })
    }

    /// A notice to the first applicant, and the same to the others it goes to, each with what is theirs to read.
    pub(super) fn orders(
        &self,
        paper: &PaperRef,
        others: &[(PersonId, PaperRef)],
        extra: impl Fn(Option<&Party>) -> Value,
    ) -> Vec<PaperOrder> {
        let party = |person: &PersonId| everybody(self.state).map(|(_, p)| p).find(|p| p.person == *person);
        // The first who still applies: one of several may have left.
        let first = parties(self.state).find(|(role, _)| *role == "applicant").map(|(_, p)| p);
        let order = |paper, to| self.order(paper, to, extra(to));
        let mut out = vec![order(paper, first)];
        out.extend(others.iter().map(|(person, paper)| order(paper, party(person))));
        out
    }

    /// What the application does to the limits of the applicants' rights: for them alone.
    pub(super) fn limits_for(&self, to: Option<&Party>) -> Vec<Value> {
        let own = to.is_none_or(|to| self.state.is_applicant(&to.person));
        if own { self.limits() } else { Vec::new() }
    }

    pub(super) fn limits(&self) -> Vec<Value> {
        let note = |limit: &RunningLimit| match (limit.interrupted, self.state.is_administrative()) {
            _ if limit.asks() && limit.deadline.last_day < self.state.applied_on => {
                "申请时已过；可以申请人民调解或者起诉"
            }
            _ if limit.asks() => "已在期限内申请",
            (true, _) => "因本次申请中断，自申请之日重新计算",
            (false, true) => "调解期间不停止计算",
            (false, false) => "申请之前已过；对方同意履行的，不受影响",
        };
        let noted = |limit: &RunningLimit| {
            let note = match doubt(limit) {
                Some(doubt) => format!("{doubt}；{}", note(limit)),
                None => note(limit).to_owned(),
            };
            data::limit(self.facts, &limit.deadline, &note)
        };
        self.state.limits.iter().map(noted).collect()
    }

    /// The last of the papers that were voided, each with its notice: that of which a paper takes the place.
    pub(super) fn in_place_of(&self, voided: &[(PaperRef, PaperRef)]) -> Option<Value> {
        voided.last().map(|(paper, notice)| {
            let name = self.facts.pack.paper_name(&paper.kind);
            json!({"paper": {"name": name, "number": paper.number}, "notice": notice.number})
        })
    }

    /// Other ways of a party, with the last days of its own that are still to come.
    pub(super) fn routes(&self, to: Option<&Party>, ground: Option<&Ground>) -> Vec<Value> {
        let to = to.map(|to| &to.person);
        let ways = grounds::ways(self.state, to, ground, self.facts.pack, self.facts.today()).into_iter();
        let way = |way: Way<'_>| {
            let last_day = way.limit.map(|limit| limit.deadline.last_day.to_string());
            json!({"name": way.route.name, "last_day": last_day, "note": way.limit.and_then(doubt)})
        };
        ways.map(way).collect()
    }
}

/// What a paper says of a last day whose start is only assumed.
fn doubt(limit: &RunningLimit) -> Option<String> {
    let from = data::day(limit.deadline.from);
    let says = match limit.interrupted {
        // The day of the application is certain; whether it was in time is not.
        true => "没有写明何时知道权利受到损害，申请之前已经届满的不重新计算".to_owned(),
        false if limit.asks() => format!("暂自{from}起算，收到事故认定书更早的，相应提前"),
        false => format!("暂自{from}起算，知道（收到决定书）的日期不同的，以那一天起算"),
    };
    limit.assumed.then_some(says)
}
