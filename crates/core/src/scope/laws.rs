//! What holds for every text, not only for those with a label.

use proptest::prelude::*;

use super::labelled_tests::{PACK, catalogue, labelled};
use super::{Catalogue, Kind, MatterText, PenaltyFacts, Source, Weight, propose};

fn complaint(text: &str) -> MatterText {
    MatterText {
        source: Source::Complaint,
        organ_name: String::new(),
        kind: "投诉".to_owned(),
        text: text.to_owned(),
        complainant_named: true,
        against: Some("某某商行".to_owned()),
        affected: None,
        subject_is_organisation: true,
        penalty: None,
        status: String::new(),
    }
}

fn quotes_occur(catalogue: &Catalogue, matter: &MatterText) -> bool {
    let all = [&matter.text, &matter.kind].map(|t| catalogue.normalise(t));
    propose(catalogue, matter).because.iter().all(|b| all.iter().any(|t| t.contains(&b.quote)))
}

/// Pieces that matter to the matcher, so that random texts reach its inner parts.
const PIECES: [&str; 24] = [
    "法院",
    "已受理",
    "没有",
    "，",
    "。",
    "要求",
    "赔偿",
    "我",
    "商家",
    "不退",
    "押金",
    "1,200元",
    "举报",
    "奖励",
    "仲裁",
    "咨询",
    "有限公司",
    "在",
    "撤诉",
    "达成",
    "协议",
    "诈骗",
    "局",
    "感谢",
];

const CLOSED: [&str; 10] = [
    "法院已受理此案",
    "县人民法院已经作出判决",
    "此事已起诉",
    "劳动仲裁委已受理",
    "仲裁委员会已作出裁决",
    "行政复议机关已受理",
    "双方已在村调解委员会签订调解协议",
    "派出所已立案侦查",
    "双方已达成调解协议并签字",
    "本人拒绝调解",
];

const STILL_OPEN: [&str; 8] = [
    "目前还没有去法院起诉",
    "如果不处理我准备起诉",
    "不想打官司",
    "还没有申请仲裁",
    "打算申请劳动仲裁",
    "没有达成协议",
    "村里调解未果",
    "派出所说不构成犯罪不予立案",
];

proptest! {
    #[test]
    fn any_text_has_an_answer_whose_quotes_are_in_it(text in any::<String>(), kind in any::<String>()) {
        let catalogue = catalogue();
        for source in [Source::Complaint, Source::Inspection, Source::Penalty] {
            let matter = MatterText { source, kind: kind.clone(), ..complaint(&text) };
            prop_assert!(quotes_occur(catalogue, &matter));
        }
    }

    #[test]
    fn texts_of_telling_pieces_have_answers_whose_quotes_are_in_them(
        picks in proptest::collection::vec(0..PIECES.len(), 0..40),
    ) {
        let text: String = picks.into_iter().map(|i| PIECES[i]).collect();
        prop_assert!(quotes_occur(catalogue(), &complaint(&text)));
    }

    #[test]
    fn full_width_digits_and_blanks_change_no_proposal(row in 0usize..651) {
        let (catalogue, rows) = (catalogue(), labelled());
        let plain = &rows[row].matter;
        let wide: String = plain.text.chars().map(widen).collect();
        let spaced = MatterText { text: format!("　{wide} "), ..plain.clone() };
        prop_assert_eq!(propose(catalogue, plain), propose(catalogue, &spaced));
    }
}

fn widen(c: char) -> char {
    if c.is_ascii_digit() { char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c) } else { c }
}

#[test]
fn where_no_letter_is_proposed_the_first_reason_is_one_against_it() {
    let catalogue = catalogue();
    for row in labelled() {
        let proposal = propose(catalogue, &row.matter);
        let first = proposal.because.first().map(|b| b.weight);
        let decided = if proposal.send { Weight::For } else { Weight::Against };
        assert_eq!(first, Some(decided), "{}: {:?}", row.number, proposal.because);
    }
    // Something of a dispute, and nobody to write to or nothing asked.
    for text in ["隔壁商行的招牌挡光", "商家说话难听", "我在某某商行买了东西"] {
        let proposal = propose(catalogue, &complaint(text));
        let against = proposal.because.iter().any(|b| b.weight == Weight::Against);
        assert_eq!(against, !proposal.send, "{text}: {:?}", proposal.because);
    }
}

#[test]
fn an_inspection_without_anybody_affected_says_so_and_quotes_what_was_put_right() {
    let matter = MatterText {
        source: Source::Inspection,
        kind: "责令整改".to_owned(),
        against: None,
        ..complaint("灭火器过期，已当场更换")
    };
    let because = propose(catalogue(), &matter).because;
    let said: Vec<(&str, &str)> = because.iter().map(|b| (b.text_zh.as_str(), b.quote.as_str())).collect();
    assert_eq!(said[..2], [("检查没有写明谁的权利受到影响", ""), ("问题已经当场改正", "已当场更换")]);
}

#[test]
fn whoever_cannot_be_asked_is_not_called_another_side_by_the_same_words() {
    let row = labelled().into_iter().find(|r| r.number == "HY202204150378").expect("the row is there");
    let because = propose(catalogue(), &row.matter).because;
    assert_eq!(because[0].text_zh, "匿名且无对象");
    assert!(because.iter().all(|b| b.text_zh != "有相对的一方"), "{because:?}");
}

#[test]
fn what_is_missing_of_a_complaint_without_a_caller_or_an_object_is_said_as_it_is() {
    let said = |complainant_named, against: Option<&str>| {
        let text = "来电人不愿透露姓名，称购买的冰箱开裂，要求退款，不知道是谁送的货";
        let against = against.map(str::to_owned);
        let proposal = propose(catalogue(), &MatterText { complainant_named, against, ..complaint(text) });
        assert!(!proposal.send || complainant_named);
        proposal.because[0].text_zh.clone()
    };
    assert_eq!(said(false, None), "匿名且无对象");
    assert_eq!(said(false, Some("试验餐饮店")), "来电人没有留下姓名，引导书无人可送");
    assert_eq!(said(true, None), "没有说明对方是谁，无从征求意见");
}

#[test]
fn a_clause_that_closes_the_matter_turns_a_letter_to_none() {
    let catalogue = catalogue();
    let due = labelled().into_iter().filter(|r| r.send && r.matter.source == Source::Complaint);
    for row in due {
        for clause in CLOSED {
            for text in [format!("{}。{clause}。", row.matter.text), format!("{clause}，{}", row.matter.text)] {
                let proposal = propose(catalogue, &MatterText { text, ..row.matter.clone() });
                assert!(!proposal.send, "{} with {clause}", row.number);
                assert_eq!(proposal.because.first().map(|b| b.weight), Some(Weight::Against));
            }
        }
    }
}

#[test]
fn what_was_done_and_asked_for_no_more_is_over_and_another_demand_opens_it_again() {
    let due = labelled().into_iter().filter(|r| r.send && r.matter.source == Source::Complaint);
    for row in due {
        let send = |text: String| propose(catalogue(), &MatterText { text, ..row.matter.clone() }).send;
        for clause in ["昨天钱已经退回来了", "对方上门赔了钱，没事了", "请撤销工单", "现双方协商一致，不追究了"]
        {
            assert!(!send(format!("{}。{clause}", row.matter.text)), "{} with {clause}", row.number);
            let again = format!("{}。{clause}，但后来对方反悔，要求赔偿", row.matter.text);
            let agreed = clause.contains("协商一致");
            assert!(agreed || send(again), "{} with {clause}, and again", row.number);
        }
        for clause in ["说昨天已经退款了，没有到账", "答应今天换好，还没换", "只退了一半"] {
            assert!(send(format!("{}。{clause}", row.matter.text)), "{} with {clause}", row.number);
        }
    }
}

#[test]
fn a_right_that_a_decision_tells_of_is_not_yet_used() {
    let due = labelled().into_iter().filter(|r| r.send && r.matter.source == Source::Penalty);
    for row in due {
        let send = |clause: &str| {
            let text = format!("{}。{clause}", row.matter.text);
            propose(catalogue(), &MatterText { text, ..row.matter.clone() }).send
        };
        assert!(send("如不服本决定，可在六十日内申请行政复议，或者六个月内向人民法院提起行政诉讼"), "{}", row.number);
        assert!(send("未申请行政复议，未提起行政诉讼"), "{}", row.number);
        assert!(!send("已向县人民法院提起行政诉讼"), "{}", row.number);
        assert!(!send("已申请行政复议，县政府已受理"), "{}", row.number);
    }
}

#[test]
fn who_asks_not_to_be_named_and_what_is_not_known_yet_are_no_breach() {
    for text in ["这家店的肉发臭，不要让店家知道是我", "买的手机坏了，鉴定还没结果"] {
        let proposal = propose(catalogue(), &complaint(text));
        let breach = |id: &str| catalogue().signs.iter().any(|s| s.id == id && s.role == "breach");
        assert!(!proposal.weighed.rules.iter().any(|id| breach(id)), "{text}: {proposal:?}");
    }
}

#[test]
fn a_plan_or_a_denial_of_that_stage_changes_nothing() {
    let catalogue = catalogue();
    let due = labelled().into_iter().filter(|r| r.send && r.matter.source == Source::Complaint);
    for row in due {
        for clause in STILL_OPEN {
            let text = format!("{}。{clause}。", row.matter.text);
            assert!(
                propose(catalogue, &MatterText { text, ..row.matter.clone() }).send,
                "{} with {clause}",
                row.number
            );
        }
    }
}

#[test]
fn a_withdrawn_suit_opens_the_matter_again_and_a_new_one_closes_it() {
    let catalogue = catalogue();
    let send = |text: &str| propose(catalogue, &complaint(text)).send;
    assert!(send("商家不退押金，我已起诉，后来撤诉了，要求退款"));
    assert!(!send("商家不退押金，我已起诉，后来撤诉了，要求退款。现法院已受理此案。"));
}

#[test]
fn words_in_a_firms_name_do_not_choose_the_entry() {
    let mut matter = complaint("康宁养老服务有限公司拖欠我三个月工资，要求支付");
    matter.against = Some("康宁养老服务有限公司".to_owned());
    assert_eq!(propose(catalogue(), &matter).entry.as_deref(), Some("wages"));
}

#[test]
fn a_quarrel_with_the_deciding_organ_is_administrative() {
    let mut matter = complaint("我家房屋被征收，围墙漏登记，补偿款少算一万元，要求重新核算补偿");
    matter.against = Some("某镇政府".to_owned());
    let proposal = propose(catalogue(), &matter);
    assert!(proposal.send);
    assert_eq!(proposal.kind, Kind::Administrative);
}

#[test]
fn whatever_is_demanded_of_an_organ_is_an_administrative_dispute() {
    for text in [
        "市场监管局扣押我的货物弄坏了，要求市场监管局赔偿3000元",
        "执法队拆广告牌时砸坏我的电动车，要求赔偿1800元",
        "罚太重了，我是第一次，希望减轻处罚",
        "许可证是你们批的，我装修花了八万，许可证又给撤了，这损失谁赔",
    ] {
        let matter = MatterText { against: Some("海盐县市场监督管理局".to_owned()), ..complaint(text) };
        let proposal = propose(catalogue(), &matter);
        assert!(proposal.send && proposal.kind == Kind::Administrative, "{text}: {proposal:?}");
        assert!(proposal.because.iter().all(|b| b.text_zh != "被反映的是行政机关，不是民事争议的另一方"), "{text}");
    }
    // Nothing is demanded: it is about how they served.
    let matter = MatterText {
        against: Some("海盐县市场监督管理局".to_owned()),
        ..complaint("窗口工作人员态度生硬，爱理不理")
    };
    assert!(!propose(catalogue(), &matter).send);
}

#[test]
fn with_an_organ_on_the_other_side_no_dispute_is_private() {
    for text in [
        "打架双方都有错，对方罚两百我拘留十天罚五百，处理轻重不一，请求变更",
        "处罚书说我无证施工罚三万，工程才五万块，明显过重",
        "开了一万罚单，只是忘带证不是没有，能不能少一点",
        "农业局把我的猪场列入关停，说好的补偿到现在没谈成",
        "扑杀了我的三百只鸭子，补偿标准太低，要求按市价补",
    ] {
        let matter = MatterText { against: Some("海盐县公安局".to_owned()), ..complaint(text) };
        let proposal = propose(catalogue(), &matter);
        assert!(proposal.send && proposal.kind == Kind::Administrative, "{text}: {proposal:?}");
    }
    // How a report was dealt with is no dispute with whoever dealt with it.
    let text = "我三月举报的事到现在没有书面答复，要求公开处理结果";
    let matter = MatterText { against: Some("海盐县市场监督管理局".to_owned()), ..complaint(text) };
    assert!(!propose(catalogue(), &matter).send);
}

#[test]
fn of_whom_something_is_demanded_does_not_undo_the_demand_and_who_demands_it_of_the_caller_does() {
    let demands = |text: &str| propose(catalogue(), &complaint(text)).weighed.rules.contains(&"demand".to_owned());
    for text in ["要求对方退款", "要他们赔我一千", "除了要查处，还要老板赔我一千", "要求商家赔偿"]
    {
        assert!(demands(text), "{text}");
    }
    for text in ["对方要求赔偿", "老板要我赔", "没有要求赔偿"] {
        assert!(!demands(text), "{text}");
    }
}

#[test]
fn a_quote_is_the_words_that_made_the_rule_fire() {
    let quoted = |text: &str, reason: &str| {
        let because = propose(catalogue(), &complaint(text)).because;
        because.into_iter().find(|b| b.text_zh == reason).map(|b| b.quote)
    };
    assert_eq!(quoted("向县政府申请了复议，商家不退押金", "双方有交易或约定"), None);
    assert_eq!(quoted("要求整改，不肯停", "相邻关系纠纷"), None);
    assert_eq!(quoted("叫他整改他不听，油烟管对着我家窗户", "相邻关系纠纷").as_deref(), Some("油烟管对着我家窗户"));
}

#[test]
fn an_organs_own_act_upon_the_caller_is_administrative_also_when_nobody_is_named_on_the_other_side() {
    for text in [
        "执法局把我的三轮车扣了两个月，车子弄坏了，要求他们赔我1500元",
        "交警队拖车把我车刮花了，要求交警队赔修车费",
        "国土所强制拆除我家围墙，要求恢复或赔偿",
        "派出所罚我打架500元，我觉得不公平",
        "社保局把我的退休工龄算少了，要求重新核定",
    ] {
        let proposal = propose(catalogue(), &MatterText { against: None, ..complaint(text) });
        assert!(proposal.send && proposal.kind == Kind::Administrative, "{text}: {proposal:?}");
        assert!(proposal.because.iter().any(|b| b.text_zh.contains("行政机关自己作出的行为")), "{text}");
    }
    for text in [
        "执法局来过也没解决，邻居还是把油烟管对着我家，要求邻居拆掉并赔我500元",
        "邻居推了我一把，派出所罚了他200元，医药费他不出，要求他赔医药费",
        "执法局罚了我2000元，因为广告公司把店招做大了，要求广告公司赔我2000元",
    ] {
        let proposal = propose(catalogue(), &MatterText { against: None, ..complaint(text) });
        assert_eq!(proposal.kind, Kind::Civil, "{text}: {proposal:?}");
    }
    // Whoever is named and is no organ has decided nothing.
    let named = MatterText {
        against: Some("众鑫建筑".to_owned()),
        ..complaint("给众鑫建筑的安置房项目供沙子，尾款11万不付，要求付清")
    };
    assert_eq!(propose(catalogue(), &named).kind, Kind::Civil);
}

#[test]
fn each_measure_of_a_major_penalty_stands_alone_and_the_measures_differ_by_person() {
    let catalogue = catalogue();
    let send = |organisation: bool, fine_fen: i64, confiscation_fen: i64, licence: bool| {
        let facts = PenaltyFacts { fine_fen, confiscation_fen, licence_suspended_or_revoked: licence };
        let matter = MatterText {
            source: Source::Penalty,
            subject_is_organisation: organisation,
            penalty: Some(facts),
            ..complaint("处罚款")
        };
        propose(catalogue, &matter).send
    };
    assert!(send(true, 5_000_000, 0, false) && send(true, 0, 5_000_000, false) && send(true, 0, 0, true));
    assert!(!send(true, 4_999_999, 4_999_999, false));
    assert!(send(false, 500_000, 0, false) && !send(false, 499_999, 0, false));
}

/// What is proposed for a firm's penalty of this content, with this sum in the column.
fn decided(fine_fen: i64, content: &str) -> super::Proposal {
    let facts = PenaltyFacts { fine_fen, ..PenaltyFacts::default() }.or_as_decided(content);
    let decision = complaint(&format!("当事人超标排放，曾因此被罚款8万元。{content}"));
    propose(
        catalogue(),
        &MatterText { source: Source::Penalty, subject_is_organisation: true, penalty: Some(facts), ..decision },
    )
}

#[test]
fn of_column_and_decision_the_larger_sum_counts_and_no_sum_that_reaches_the_measure_is_quoted_against_it() {
    for (column, content) in
        [(0, "罚款8万元"), (200_000, "处罚款人民币20万元"), (0, "罚款捌万元整"), (0, "没收违法所得6.2万元")]
    {
        assert!(decided(column, content).send, "{content}");
    }
    for content in ["罚款0.3万元", "警告，罚款三千元"] {
        let proposal = decided(300_000, content);
        let quote = &proposal.because[0].quote;
        assert!(!proposal.send && content.contains(quote.as_str()), "{content}: {quote}");
    }
}

#[test]
fn a_penalty_quotes_what_reaches_or_misses_the_measure() {
    for (column, content, quote) in [
        (6_000_000, "1.没收违法所得3200元；2.罚款60000元。共计罚没63200元", "2.罚款60000元"),
        (5_000_000, "没收货值2万元的商品，处货值2.5倍罚款5万元", "处货值2.5倍罚款5万元"),
        (5_000_000, "依据一万元以上十万元以下罚款的规定，决定罚款5万元", "决定罚款5万元"),
        (6_000_000, "对违法行为一罚款3万元，对违法行为二罚款3万元，合计罚款6万元", "合计罚款6万元"),
        (6_000_000, "没收违法所得3200元并处罚款60000元", "罚款60000元"),
        (6_000_000, "罚款", "罚款金额：60000元"),
        (100_000, "没收违法所得500元，罚款1000元", "罚款1000元"),
        (0, "没收违法所得6.2万元", "没收违法所得6.2万元"),
        (0, "责令停产停业整顿", "责令停产停业整顿"),
        (0, "行政拘留十日", "行政拘留十日"),
    ] {
        assert_eq!(decided(column, content).because[0].quote, quote, "{content}");
    }
}

#[test]
fn a_decision_under_review_or_annulled_or_of_somebody_who_is_no_more_gets_no_letter() {
    for remark in [
        "该案已申请行政复议，审理中",
        "行政诉讼审理中",
        "本决定已撤销",
        "处罚决定已被撤销",
        "已撤销并重新作出",
        "当事人已死亡",
        "原处罚决定经复议被撤销",
        "我局自行撤销该决定",
        "公司已注销",
    ] {
        assert!(!decided(8_000_000, &format!("罚款8万元。{remark}")).send, "{remark}");
    }
    for remark in ["撤销其登记", "可以在六十日内申请行政复议", "未提起行政诉讼", "致一名工人死亡"]
    {
        assert!(decided(8_000_000, &format!("罚款8万元。{remark}")).send, "{remark}");
    }
}

#[test]
fn a_licence_that_the_decision_takes_counts_also_when_its_column_is_blank() {
    let send = |content: &str| {
        let facts = PenaltyFacts { fine_fen: 100_000, ..PenaltyFacts::default() };
        let decision = complaint(&format!("当事人超限运输。{content}"));
        let matter =
            MatterText { source: Source::Penalty, subject_is_organisation: true, penalty: Some(facts), ..decision };
        propose(catalogue(), &matter)
    };
    for content in ["罚款1000元，暂扣安全生产许可证24日", "道路运输经营许可证给予吊销", "吊销其从业资格证"]
    {
        let proposal = send(content);
        assert!(proposal.send && proposal.because[0].quote.contains('证'), "{content}: {proposal:?}");
    }
    for content in ["罚款1000元，不予吊销许可证", "罚款1000元；若再次违反，将依法吊销许可证", "罚款1000元，扣押货物"]
    {
        assert!(!send(content).send, "{content}");
    }
}

#[test]
fn a_penalty_for_what_may_be_a_crime_is_a_penalty_until_it_is_handed_over() {
    let send = |text: &str| {
        let facts = PenaltyFacts { fine_fen: 20_000_000, ..PenaltyFacts::default() };
        let matter = MatterText {
            source: Source::Penalty,
            subject_is_organisation: true,
            penalty: Some(facts),
            ..complaint(text)
        };
        propose(catalogue(), &matter).send
    };
    assert!(send("当事人以传销方式发展代理。罚款20万元") && send("刷单炒信2900余笔。罚款20万元"));
    assert!(!send("当事人以传销方式发展代理，案件已移送公安机关。罚款20万元"));
}

#[test]
fn a_catalogue_with_faults_names_every_one() {
    let bad =
        PACK.replace("sector = \"health\"", "sector = \"healthy\"").replace("person_fen = 500_000", "person_fen = 0");
    let faults = Catalogue::parse(&bad).expect_err("two faults");
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn a_name_is_quoted_whole_or_not_at_all() {
    let catalogue = catalogue();
    let names = ["海盐县武原美发工作室", "海盐绮园家电商行", "武原租客之家便利店"];
    for name in names {
        let short = name.trim_start_matches("海盐县").trim_start_matches("海盐");
        let text = format!("在{short}办的会员卡余额不能用了，要求{short}退还余额800元");
        let matter = MatterText { against: Some(name.to_owned()), ..complaint(&text) };
        let proposal = propose(catalogue, &matter);
        assert!(proposal.send, "{text}");
        for because in &proposal.because {
            let rest = because.quote.replace(short, "");
            let cut = (1..short.chars().count()).any(|n| {
                let head: String = short.chars().take(n).collect();
                let tail: String = short.chars().skip(n).collect();
                n > 1 && rest.ends_with(&head) || tail.chars().count() > 1 && rest.starts_with(&tail)
            });
            assert!(!cut && because.quote.chars().count() > 3, "{name}: {}", because.quote);
        }
    }
}

#[test]
fn a_theft_for_the_police_and_a_quarrel_settled_on_the_spot_get_no_letter() {
    let catalogue = catalogue();
    let theft = MatterText { against: None, ..complaint("家里进了贼，金项链不见了，请尽快破案") };
    assert!(!propose(catalogue, &theft).send);
    let settled = MatterText {
        source: Source::Inspection,
        kind: "责令改正".to_owned(),
        affected: Some("某消费者".to_owned()),
        ..complaint("店内价签不全，消费者与店家已就退款达成一致，当场退清")
    };
    assert!(!propose(catalogue, &settled).send);
}

#[test]
fn thanks_are_known_without_any_word_for_them_and_a_demand_is_still_one() {
    let mut bare = catalogue().clone();
    for id in ["praise", "help", "public-service"] {
        bare = bare.without(id);
    }
    let thanks = [
        "元通街道派出所民警帮忙找回走失老人",
        "昨天钱包掉了，出租车司机主动送还，里面东西一样没少",
        "劳动监察的同志跑了三趟工地帮我们讨回工钱",
    ];
    for text in thanks {
        let proposal = propose(&bare, &MatterText { against: None, ..complaint(text) });
        assert!(!proposal.send, "{text}: {proposal:?}");
        assert!(proposal.because.iter().any(|b| b.weight == Weight::Against && !b.quote.is_empty()), "{text}");
    }
    let demands = [
        "要求派出所民警帮忙找回，店家把我的押金500元扣着不退，要求退款",
        "社区工作人员上门帮忙调解，商家还是不退押金，要求退款1200元",
        "民警帮忙找到了撞我的司机，他拒绝赔偿医药费，要求赔偿3000元",
    ];
    for text in demands {
        assert!(propose(catalogue(), &complaint(text)).send, "{text}");
    }
}
