//! How a case of the play will go.

use yanhe_core::StreamId;
use yanhe_core::dossier;
use yanhe_core::time::Date;
use yanhe_core::values::Money;

/// How a case will go, drawn when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Refused as out of scope.
    Refused,
    /// The other party says no.
    NoConsent,
    /// The other party says nothing.
    Silent,
    /// Mediated without agreement.
    Fails,
    /// Agreed and performed in time.
    Kept,
    /// Agreed, performed, and confirmed by the court.
    Confirmed,
    /// Agreed, and the court rejects the confirmation.
    Rejected,
    /// Agreed, performed late.
    Late,
    /// Agreed and not performed.
    Broken,
}

/// A case of the play.
#[derive(Clone, Debug)]
pub struct Case {
    pub(super) dossier: Option<StreamId>,
    pub(super) plan: Plan,
    pub(super) next: Date,
    pub(super) done: bool,
}

impl Case {
    /// Somebody will apply on a day.
    pub fn waiting(on: Date) -> Self {
        Self { dossier: None, plan: Plan::Kept, next: on, done: false }
    }
}

/// What the court finds when it hears both sides of an agreement that it confirms, and why it does.
pub(super) const VALID: (&str, &str) = (
    "各方到庭，都说协议是自愿达成的，清楚各自要做什么；没有发现损害他人利益的情形。",
    "协议系双方自愿达成，内容明确、能够履行，没有违反法律的强制性规定，没有损害国家利益、社会公共利益和他人合法权益",
);

/// The grounds on which the court rejects here, each with what the hearing found and the reasons of the ruling.
pub(super) const REJECTED: [(&str, &str, &str); 3] = [
    (
        "unclear",
        "各方到庭，都说是自愿的。“互不再主张其他权利”是否包括另外支出的费用，双方说法不一，协议没有写明。",
        "协议没有写明另外支出的费用是否在内，双方理解不一，权利义务的范围无法确定。",
    ),
    (
        "not_voluntary",
        "各方到庭。一方称签名时以为只是登记意见，不知道由此放弃了其他请求，不同意确认。",
        "一方签名时不了解协议的内容和后果，协议并非出于其真实意愿。",
    ),
    (
        "harms_interests",
        "各方到庭，都说是自愿的。约定支付的款项出自与案外人共有的账户，共有人没有到场，也没有同意。",
        "协议处分了案外人共有的款项，没有经其同意。",
    ),
];

/// The largest sum of money in yuan that a text names, in fen.
pub(super) fn claimed(text: &str) -> Option<i64> {
    let sums = text.split_inclusive('元').filter_map(|part| {
        let number = part.strip_suffix('元')?;
        let digits = number.trim_end_matches('万').trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        Money::from_yuan(number.get(digits.len()..)?).ok().map(Money::fen)
    });
    sums.max()
}

/// What a clerk tells the creditor of an agreement that is not kept: only what a court confirmed can be enforced.
pub(super) fn breach_note(state: &dossier::State) -> &'static str {
    match state.confirmation_state.as_str() {
        "valid" => "对方称资金紧张。协议已经法院确认，已告知可以申请强制执行。",
        _ => "对方称资金紧张。协议没有经过司法确认，已告知可以向人民法院起诉，也可以再次申请调解、重新约定。",
    }
}

#[cfg(test)]
mod tests {
    use super::claimed;

    #[test]
    fn the_largest_sum_of_a_text_is_what_is_claimed() {
        assert_eq!(claimed("流转土地后拖欠租金560元"), Some(56_000));
        assert_eq!(claimed("押金200元不退，另要求赔偿1.2万元"), Some(1_200_000));
        assert_eq!(claimed("医药费98.50元"), Some(9_850));
        assert_eq!(claimed("要求道歉，海盐县元通街道"), None);
    }
}
