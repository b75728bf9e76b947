//! Penalty decisions that are issued here in the play: told before, handed over with their letter, served on one proof.

use yanhe_core::dossier;
use yanhe_core::matter::{Hearing, Matter, Penalty, Registered};
use yanhe_core::party::Party;
use yanhe_core::policy::LEADER;
use yanhe_core::scope::Source;
use yanhe_core::time::Date;
use yanhe_core::values::Money;
use yanhe_core::{Ids, Personal, StreamId, paper};

use super::{DemoError, Play};
use crate::error::AppError;

/// A decision as a clerk types it.
struct New {
    on: Date,
    served: Date,
    told: Date,
    answered: Date,
    organ: &'static str,
    subject: &'static str,
    category: &'static str,
    text: &'static str,
    result: &'static str,
    basis: &'static str,
    fine_yuan: i64,
    said: &'static str,
    statement: &'static str,
    answer: &'static str,
}

const NEW: [New; 2] = [
    New {
        on: jiff::civil::date(2022, 4, 13),
        served: jiff::civil::date(2022, 4, 15),
        told: jiff::civil::date(2022, 4, 1),
        answered: jiff::civil::date(2022, 4, 6),
        organ: "shichang",
        subject: "海盐县秦山味之鲜食品厂",
        category: "生产经营标签不符合规定的食品",
        text: "2022年3月16日检查发现，当事人生产的酱菜标签虚标生产日期，货值金额21600元；有现场检查笔录、销售台账和询问笔录为证",
        result: "没收违法所得8600元\n罚款人民币60000元",
        basis: "《中华人民共和国食品安全法》第三十四条第十项、第一百二十四条第一款第五项",
        fine_yuan: 60_000,
        said: "stated",
        statement: "是打码机日期轮卡住造成的，不是故意，产品已经全部召回",
        answer: "召回属实，已作为从轻情节；虚标日期的事实清楚，其余意见不予采纳",
    },
    New {
        on: jiff::civil::date(2022, 6, 8),
        served: jiff::civil::date(2022, 6, 9),
        told: jiff::civil::date(2022, 5, 30),
        answered: jiff::civil::date(2022, 6, 7),
        organ: "shichang",
        subject: "海盐县望海家居商行",
        category: "发布虚假广告",
        text: "当事人在店堂广告中宣称床垫获得国际金奖，不能提供证明；有广告照片、进货合同和询问笔录为证",
        result: "责令停止发布违法广告\n罚款人民币52000元",
        basis: "《中华人民共和国广告法》第二十八条、第五十五条第一款",
        fine_yuan: 52_000,
        said: "nothing",
        statement: "",
        answer: "",
    },
];

impl Play<'_> {
    /// Who comes to a session for the organ, where it is itself the other party.
    pub(super) async fn attending(&self, state: &dossier::State) -> Result<Option<Box<dossier::ForOrgan>>, DemoError> {
        if !state.is_administrative() {
            return Ok(None);
        }
        let leader = self.app.stands_for(&state.organ).await?;
        let officer = leader.map(|leader| dossier::ForOrgan {
            name: leader.name,
            post: LEADER.to_owned(),
            staff: Some(leader.stream),
            role: None,
        });
        Ok(officer.map(Box::new))
    }

    /// The clerks issue the decisions of the day, and serve those whose day has come.
    pub(super) async fn decided_today(&mut self, day: Date) -> Result<(), DemoError> {
        for new in NEW.iter().filter(|new| new.on == day) {
            let (matter, hearing) = self.new_decision(new);
            let clerk = self.people.bench(new.organ).clerk()?;
            let fails = |error| DemoError::Act { what: format!("decide {}", new.subject), error };
            let key = self.key();
            let stream = self.app.issue_decision(&clerk, &key, &matter, &hearing, "").await.map_err(fails)?;
            self.app.run_due().await?;
            let (_, papers) = self.app.decision_run(&clerk, &stream).await.map_err(fails)?;
            let key = self.key();
            self.app.hand_over(&clerk, &key, &papers).await.map_err(fails)?;
            self.app.run_due().await?;
            self.letters.decided.push((stream, new.served));
        }
        let due: Vec<(StreamId, Date)> = self.letters.decided.iter().filter(|(_, on)| *on <= day).cloned().collect();
        self.letters.decided.retain(|(_, on)| *on > day);
        for (stream, _) in due {
            let Some(state) = self.app.state::<Matter>(&stream).await? else { continue };
            let Some(decision) = state.decision else { continue };
            let clerk = self.people.bench(&state.matter.organ).clerk()?;
            let command = paper::Command::RecordService {
                manner: "direct".into(),
                on: day,
                at: None,
                served: true,
                receiver: state.matter.subject.map_or_else(String::new, |p| p.name.text().to_owned()),
                note: String::new(),
            };
            self.act("serve decision", &clerk, &decision.paper.id, command).await?;
            self.may_apply(&stream, day).await?;
        }
        Ok(())
    }

    fn new_decision(&self, new: &New) -> (Registered, Hearing) {
        let ids = Ids::new(self.app.entropy_for(&format!("decided/{}", new.subject)));
        let subject = Party::firm(ids.person(), new.subject);
        let of = subject.person.clone();
        let words = |text: &str| Personal::new(&of, text.to_owned());
        let hearing = Hearing {
            told_on: Some(new.told),
            said: new.said.to_owned(),
            statement: words(new.statement),
            answer: words(new.answer),
            answered_on: Some(new.answered),
        };
        let matter = Registered {
            source: Source::Penalty,
            number: String::new(),
            organ: new.organ.to_owned(),
            occurred_on: new.on,
            subject: Some(subject),
            complainant: None,
            affected: None,
            also_affected: Vec::new(),
            reporter: false,
            category: new.category.to_owned(),
            result: words(new.result),
            text: words(new.text),
            remark: None,
            penalty: Some(Penalty {
                fine: new.fine_yuan * 100,
                confiscation: 0,
                licence: None,
                basis: new.basis.to_owned(),
            }),
            own_due_on: None,
            status: String::new(),
            batch: None,
            origin: "form".to_owned(),
            row: None,
        };
        (matter, hearing)
    }
}

impl Play<'_> {
    /// The decision with a lower fine, as was agreed.
    pub(super) async fn changed_decision(
        &self,
        state: &dossier::State,
        on: Date,
    ) -> Result<dossier::Command, DemoError> {
        let matter = state.matter.as_ref().ok_or(AppError::NotFound)?;
        let matter = self.app.state::<Matter>(matter).await?.ok_or(AppError::NotFound)?.matter;
        let number = match matter.number.replace("罚决", "罚变").replace("罚字", "罚变") {
            same if same == matter.number => matter.number.replace('〔', "变〔"),
            changed => changed,
        };
        let lower = matter.penalty.as_ref().and_then(|p| Money::from_fen(p.fine / 1000 * 800).ok());
        let after = match lower.filter(|sum| sum.fen() > 0) {
            Some(sum) => format!("罚款变更为人民币{sum}元（{}）。原决定的其他内容不变。", sum.capital()),
            None => "责令改正的期限延长三十日。原决定的其他内容不变。".to_owned(),
        };
        let before = matter.result.text().to_owned();
        let old = dossier::OldDecision { number: matter.number, on: matter.occurred_on };
        Ok(dossier::Command::RecordChangedDecision { number, on, before, after, old: Some(old) })
    }
}
