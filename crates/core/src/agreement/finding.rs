//! What the check of an agreement finds.

use serde::Serialize;

use crate::pack::{Pack, Subject};

/// What is found; the names are those of `yanhe check-agreement`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A sum in figures and in capital numerals is not the same, or is none.
    AmountWords,
    /// The parts do not come to the total.
    InstalmentsSum,
    /// Who owes, or to whom, is missing.
    MissingWho,
    /// What is owed is missing.
    MissingWhat,
    /// When is missing.
    MissingWhen,
    /// How is missing.
    MissingHow,
    /// A word that leaves open what is owed.
    VagueWord,
    /// A day that does not exist, or lies before the agreement.
    DateOrder,
    /// A party without a name, or with a number that is none.
    Identity,
    /// A subject that must not be mediated.
    ExcludedSubject,
    /// A clause that confirms who owns something.
    TitleConfirmation,
    /// Somebody is touched who is no party.
    ThirdParty,
    /// What is owed for paying late is over the ceiling.
    PenaltyCeiling,
    /// No court is named.
    NoCourt,
    /// It must not be signed on a screen.
    PaperOnly,
    /// The court cannot confirm it.
    NotConfirmable,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The law forbids to sign it so.
    Block,
    /// For the parties to weigh.
    Warn,
}

impl Code {
    /// Only what the law forbids stops signing: on a screen, without knowing who signs, or at all. The acts themselves
    /// refuse it: signing by a code, recording whose identity is missing, issuing.
    pub const fn severity(self) -> Severity {
        match self {
            Self::PaperOnly | Self::Identity | Self::ExcludedSubject => Severity::Block,
            _ => Severity::Warn,
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The clause, from 1; none for the whole agreement.
    pub clause: Option<i64>,
    /// What.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    facts: Vec<(&'static str, String)>,
}

impl Finding {
    pub(super) fn new(clause: Option<i64>, code: Code, facts: &[(&'static str, &str)]) -> Self {
        let facts = facts.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { clause, code, severity: code.severity(), facts }
    }

    fn fact(&self, name: &str) -> &str {
        self.facts.iter().find(|(fact, _)| *fact == name).map_or("", |(_, value)| value)
    }

    /// The subject that must not be mediated, where this is what was found.
    pub fn forbidden<'a>(&self, pack: &'a Pack) -> Option<&'a Subject> {
        let excluded = self.code == Code::ExcludedSubject;
        pack.not_mediable.iter().find(|subject| excluded && subject.name == self.fact("subject"))
    }

    /// Why it was found, in Chinese.
    pub fn reason_zh(&self) -> String {
        let [words, right, day, who] = ["words", "right", "day", "who"].map(|name| self.fact(name));
        match self.code {
            Code::AmountWords if right.is_empty() => format!("“{words}”不是金额"),
            Code::AmountWords if self.fact("why") == "written" => {
                format!("条款里写的“{words}”和金额{right}元不一致")
            }
            Code::AmountWords => format!("大写“{words}”和金额不一致"),
            Code::InstalmentsSum => {
                format!("各项金额合计{}元，和总额{}元不一致", self.fact("sum"), self.fact("total"))
            }
            Code::MissingWho => "没有写明由谁履行或者向谁履行".to_owned(),
            Code::MissingWhat => "没有写明履行什么".to_owned(),
            Code::MissingWhen => "没有写明履行期限".to_owned(),
            Code::MissingHow => "没有写明履行方式".to_owned(),
            Code::VagueWord => format!("“{words}”没有确定的含义，不履行时难以请求执行"),
            Code::DateOrder if self.fact("why") == "before" => {
                format!("{day}早于协议的日期{}", self.fact("made"))
            }
            Code::DateOrder => format!("“{day}”不是日历上的日期"),
            Code::Identity if self.fact("why") == "twice" => format!("{who}的证件号码和另一方当事人相同"),
            Code::Identity if who.is_empty() => "有一方当事人没有姓名或者名称".to_owned(),
            Code::Identity if self.fact("id").is_empty() => format!("{who}没有证件号码"),
            Code::Identity => format!("{who}的证件号码“{}”不符合编码规则", self.fact("id")),
            Code::ExcludedSubject => format!("涉及{}，依法不能调解", self.fact("subject")),
            Code::TitleConfirmation => format!("“{words}”是确认权属，不能司法确认"),
            Code::ThirdParty => format!("涉及没有参加协议的人：{who}"),
            Code::PenaltyCeiling => format!(
                "“{words}”超过本县设定的上限（逾期金额每年{}％，或者总额的{}％）",
                self.fact("year"),
                self.fact("lump")
            ),
            Code::NoCourt => "没有约定管辖的人民法院".to_owned(),
            Code::PaperOnly => format!("涉及{}，不能在线签名（电子签名法第三条）", self.fact("subject")),
            Code::NotConfirmable => format!("涉及{}，不能申请司法确认", self.fact("subject")),
        }
    }

    /// Why it was found, in English.
    pub fn reason_en(&self) -> String {
        let [words, right, day, who] = ["words", "right", "day", "who"].map(|name| self.fact(name));
        match self.code {
            Code::AmountWords if right.is_empty() => format!("“{words}” is no sum of money"),
            Code::AmountWords if self.fact("why") == "written" => {
                format!("the words say “{words}”, and the sum is {right} yuan")
            }
            Code::AmountWords => format!("the capital numerals “{words}” are not the sum in figures"),
            Code::InstalmentsSum => {
                format!(
                    "the parts come to {} yuan and not to the total of {} yuan",
                    self.fact("sum"),
                    self.fact("total")
                )
            }
            Code::MissingWho => "who owes, or to whom, is missing".to_owned(),
            Code::MissingWhat => "what is owed is missing".to_owned(),
            Code::MissingWhen => "the last day is missing".to_owned(),
            Code::MissingHow => "how it is to be done is missing".to_owned(),
            Code::VagueWord => format!("“{words}” has no certain meaning and can hardly be enforced"),
            Code::DateOrder if self.fact("why") == "before" => {
                format!("{day} is before the day of the agreement, {}", self.fact("made"))
            }
            Code::DateOrder => format!("“{day}” is no day of the calendar"),
            Code::Identity if self.fact("why") == "twice" => format!("{who} has the number of another party"),
            Code::Identity if who.is_empty() => "a party has no name".to_owned(),
            Code::Identity if self.fact("id").is_empty() => format!("{who} has no number of an identity document"),
            Code::Identity => format!("the number “{}” of {who} is not a valid one", self.fact("id")),
            Code::ExcludedSubject => format!("it is about {}, which must not be mediated", self.fact("subject_en")),
            Code::TitleConfirmation => format!("“{words}” confirms a title, which the court cannot confirm here"),
            Code::ThirdParty => format!("it touches somebody who is no party: {who}"),
            Code::PenaltyCeiling => format!(
                "“{words}” is over the ceiling of this county ({} % a year of the sum in arrears, or {} % of the total)",
                self.fact("year"),
                self.fact("lump")
            ),
            Code::NoCourt => "no competent court is named".to_owned(),
            Code::PaperOnly => {
                format!(
                    "it is about {}, which is not signed on a screen (Electronic Signature Law, art. 3)",
                    self.fact("subject_en")
                )
            }
            Code::NotConfirmable => format!("it is about {}, which the court cannot confirm", self.fact("subject_en")),
        }
    }

    /// What to write or do instead, in Chinese.
    pub fn suggestion_zh(&self) -> String {
        match self.code {
            Code::AmountWords if self.fact("right").is_empty() => "请写人民币金额，例如 12345.67。".to_owned(),
            Code::AmountWords if self.fact("why") == "written" => "请核对条款和金额。".to_owned(),
            Code::AmountWords => format!("大写应为“{}”。", self.fact("right")),
            Code::InstalmentsSum => "请核对各项金额和总额。".to_owned(),
            Code::MissingWho => "请写明义务人和权利人的姓名或者名称。".to_owned(),
            Code::MissingWhat => "请写明给付的款项、物品或者行为。".to_owned(),
            Code::MissingWhen => "请写明履行的最后一日，例如 2022年6月1日。".to_owned(),
            Code::MissingHow => "请写明履行方式，例如银行转账至某账户。".to_owned(),
            Code::VagueWord => "请改写为确定的日期、金额或者行为。".to_owned(),
            Code::DateOrder => "请核对日期。".to_owned(),
            Code::Identity => "请核对有效证件后重新填写。".to_owned(),
            Code::ExcludedSubject => "请删除这部分内容，告知当事人其他途径。".to_owned(),
            Code::TitleConfirmation => "权属争议请另行起诉；协议只写给付、交付或者协助办理登记。".to_owned(),
            Code::ThirdParty => "请该人参加调解并签名，或者删除涉及该人的内容。".to_owned(),
            Code::PenaltyCeiling => "请降低到上限以内。".to_owned(),
            Code::NoCourt => "请写明发生争议时管辖的人民法院。".to_owned(),
            Code::PaperOnly => "请打印后由各方在纸上签名。".to_owned(),
            Code::NotConfirmable => "协议可以签署，请告知当事人它不能申请司法确认。".to_owned(),
        }
    }

    /// What to write or do instead, in English.
    pub fn suggestion_en(&self) -> String {
        match self.code {
            Code::AmountWords if self.fact("right").is_empty() => "Write a sum in yuan, such as 12345.67.".to_owned(),
            Code::AmountWords if self.fact("why") == "written" => "Check the words and the sum.".to_owned(),
            Code::AmountWords => format!("The numerals should be “{}”.", self.fact("right")),
            Code::InstalmentsSum => "Check the parts and the total.".to_owned(),
            Code::MissingWho => "Name who owes and who is owed.".to_owned(),
            Code::MissingWhat => "Say which money, thing or act is owed.".to_owned(),
            Code::MissingWhen => "Say the last day, such as 2022-06-01.".to_owned(),
            Code::MissingHow => "Say how, such as by bank transfer to which account.".to_owned(),
            Code::VagueWord => "Write a certain day, sum or act.".to_owned(),
            Code::DateOrder => "Check the day.".to_owned(),
            Code::Identity => "Look at a valid document and enter it anew.".to_owned(),
            Code::ExcludedSubject => "Take this part out, and tell the parties of the other ways.".to_owned(),
            Code::TitleConfirmation => {
                "Who owns it is for a suit; agree on paying, handing over or helping with registration.".to_owned()
            }
            Code::ThirdParty => "Have that person take part and sign, or take out what concerns them.".to_owned(),
            Code::PenaltyCeiling => "Bring it down to the ceiling.".to_owned(),
            Code::NoCourt => "Name the court for disputes about the agreement.".to_owned(),
            Code::PaperOnly => "Print it and have all sign on paper.".to_owned(),
            Code::NotConfirmable => "It can be signed; tell the parties that the court cannot confirm it.".to_owned(),
        }
    }
}
