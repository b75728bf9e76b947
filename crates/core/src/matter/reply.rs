//! The draft of a reply to a 12345 order: what is on file about it, in the words of the paper. What was found out is
//! the clerk's own to write; nothing here asserts that anything was.

use super::{LetterState, Standing, State};
use crate::dossier::Stage;
use crate::paper_data::day;
use crate::time::Date;

/// How much of the caller's words a reply quotes, in characters.
const QUOTED: usize = 60;

/// What the reply is told of other streams.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// When a letter went out, if one stands.
    pub letter_on: Option<Date>,
    /// The claim goes to labour arbitration before it goes to court.
    pub arbitration: bool,
    /// Cases that came of the matter, in their order.
    pub cases: Vec<Progress>,
}

/// A case that came of a matter, as far as the reply tells it.
#[derive(Clone, Debug)]
pub struct Progress {
    /// Number of the application.
    pub number: String,
    /// When it was made.
    pub applied_on: Date,
    /// Where it stands.
    pub stage: Stage,
}

/// What kind of order it is, by the words of the hotline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// 咨询.
    Inquiry,
    /// 举报.
    Report,
    /// 建议 or 表扬: nobody asks for anything against somebody.
    Opinion,
    /// 投诉, 求助 and whatever else.
    Complaint,
}

/// What kind of order a matter is.
pub fn order(state: &State) -> Order {
    let is = |word: &str| state.matter.category.contains(word);
    match () {
        () if state.matter.reporter || is("举报") => Order::Report,
        () if is("咨询") => Order::Inquiry,
        () if is("建议") || is("表扬") => Order::Opinion,
        () => Order::Complaint,
    }
}

/// The draft of a reply, for the clerk to go over: order number and what was asked, what the organ did about
/// mediation, and what comes next. Whom to call stands on the paper.
pub fn draft(state: &State, told: &Told) -> String {
    let m = &state.matter;
    let mut parts = vec![format!("{}号工单（{}受理）：{}。", m.number, day(m.occurred_on), asked(state))];
    match order(state) {
        Order::Inquiry => parts.push("您咨询的事项，答复见“办理情况”。".to_owned()),
        Order::Opinion => parts.push("您的意见已经转达有关科室，办理情况见上。".to_owned()),
        Order::Report => {
            parts.push("您反映的线索由本机关依职权处理，不因调解而停止；对您的身份依法保密。".to_owned());
        }
        Order::Complaint => {}
    }
    parts.extend(mediation(state, told));
    parts.extend(next(state, told));
    parts.join("\n")
}

/// What was asked, in the caller's own words.
fn asked(state: &State) -> String {
    let verb = match order(state) {
        Order::Inquiry => "咨询",
        Order::Report => "举报",
        Order::Opinion | Order::Complaint => "反映",
    };
    // The hotline often begins with the same word.
    let text = state.matter.text.text().trim().trim_end_matches(['。', '.']);
    let text = text.strip_prefix(verb).unwrap_or(text).trim_start_matches(['：', ':', '，', ',']);
    let quoted: String = text.chars().take(QUOTED).collect();
    let more = if text.chars().count() > QUOTED { "……" } else { "" };
    format!("您{verb}“{quoted}{more}”")
}

/// What became of mediation: letter, decision against one, or out of scope.
fn mediation(state: &State, told: &Told) -> Vec<String> {
    let complaint = order(state) == Order::Complaint;
    let stands = state.letters.iter().rev().find(|(_, s)| *s != LetterState::Voided);
    if let Some((letter, _)) = stands {
        let on = told.letter_on.map_or_else(String::new, |on| format!("已于{}", day(on)));
        return vec![format!("本机关{on}向您发出《行政调解告知引导书》（{}）。", letter.paper.number)];
    }
    match state.standing {
        Standing::Declined => {
            let reason = state.reason.text().trim().trim_end_matches(['。', '.']);
            vec![format!("本机关没有就此事发出《行政调解告知引导书》，理由是：{reason}。")]
        }
        Standing::OutOfScope if complaint => {
            vec!["该事项不属于本机关行政调解的范围，按上述办理情况处理。".to_owned()]
        }
        Standing::Proposed if state.entitled().is_some() => {
            vec!["该事项可以申请行政调解，本机关将另行向您发出《行政调解告知引导书》。".to_owned()]
        }
        _ => Vec::new(),
    }
}

/// Where the application stands, or how to make one.
fn next(state: &State, told: &Told) -> Vec<String> {
    let case = |case: &Progress| {
        format!("您于{}提出的调解申请（{}）：{}。", day(case.applied_on), case.number, stands(case.stage))
    };
    let cases: Vec<String> = told.cases.iter().map(case).collect();
    if !cases.is_empty() {
        return cases;
    }
    match (order(state), state.standing) {
        (Order::Inquiry | Order::Opinion, _) => Vec::new(),
        (_, Standing::Issued | Standing::Served) => {
            vec!["愿意调解的，可以按引导书上的编码申请；调解自愿、免费，不申请不影响您的其他权利。".to_owned()]
        }
        (_, Standing::Declined | Standing::OutOfScope) => {
            let civil = match told.arbitration {
                true => "劳动争议可以先申请劳动仲裁，对裁决不服的，再依法向人民法院起诉。",
                false => "涉及民事赔偿的，您可以依法向人民法院起诉。",
            };
            vec![civil.to_owned()]
        }
        _ => Vec::new(),
    }
}

fn stands(stage: Stage) -> &'static str {
    match stage {
        Stage::Applied => "已经收到，正在审查是否受理",
        Stage::Withdrawn => "申请人已经撤回申请",
        Stage::Refused => "不予受理，理由和其他途径已另行书面告知",
        Stage::Mediating => "已经受理，正在调解",
        Stage::Signing => "各方已达成一致，正在签署调解协议",
        Stage::Performing => "调解协议已经生效，正在履行",
        Stage::Performed => "调解协议已经全部履行",
        Stage::Breached => "调解协议有约定事项没有按期履行，本机关正在跟进",
        Stage::Replaced => "各方经再次调解另行达成协议，原协议不再履行",
        Stage::Ended => "调解已经终止，没有达成协议，其他途径已另行书面告知",
        Stage::Closed => "已经结案",
    }
}
