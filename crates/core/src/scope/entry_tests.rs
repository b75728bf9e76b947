//! Which sort of dispute a matter is of, by its words and by whose it is.

use super::labelled_tests::catalogue;
use super::{MatterText, Source, propose};

/// The entry that is proposed for a complaint to this organ.
fn entry(organ: &str, text: &str) -> String {
    let matter = MatterText {
        source: Source::Complaint,
        organ_name: format!("海盐县{organ}"),
        kind: "投诉".to_owned(),
        text: text.to_owned(),
        complainant_named: true,
        against: Some("顾某".to_owned()),
        affected: None,
        subject_is_organisation: false,
        penalty: None,
        status: String::new(),
    };
    propose(catalogue(), &matter).entry.unwrap_or_default()
}

#[test]
fn a_sort_whose_limits_are_shorter_is_not_taken_without_a_word_of_its_field() {
    for (organ, text, expected) in [
        ("公安局", "为了晒谷场吵起来，他拿锄头柄敲了我肩膀，医药费一千来块他不给", "public-order"),
        ("市场监督管理局", "办了两年的卡才用三个月，馆子搬到隔壁县去了，剩下的钱说什么也不给", "consumer"),
        ("综合行政执法局", "店门口的广告牌砸了我的电瓶车，修车费不给", "neighbour-building"),
        ("公安局", "喝酒吵架他用酒瓶打我头，缝了五针，钱一分没出", "public-order"),
        ("公安局", "他家的柴堆倒下来砸坏我的电动车，修车费不给", "public-order"),
        ("公安局", "电动车被轿车追尾，对方不赔修车费", "road-accident"),
        ("公安局", "骑电动车经过路口被一辆面包车别倒，缝了八针，医药费要他出", "road-accident"),
        ("公安局", "在菜场门口被三轮车碰倒，查出骨裂，医药费他不肯出", "road-accident"),
        ("人力资源和社会保障局", "老公在厂里做了八个月，老板只发了两个月的，剩下的不给", "wages"),
    ] {
        assert_eq!(entry(organ, text), expected, "{text}");
    }
}

#[test]
fn whose_organ_has_the_matter_knows_it_by_its_own_sort_of_disputes() {
    for (organ, text, expected) in [
        ("市场监督管理局", "吃饭时服务员把滚汤倒在我腿上，起了泡，老板只肯免单", "consumer"),
        ("市场监督管理局", "金店以旧换新克重对不上，少了两克多，跟店长交涉没有结果", "consumer"),
        ("人力资源和社会保障局", "在他们那扫地，摔伤了，保洁公司说我不是员工一概不管", "wages"),
        ("农业农村局", "隔壁虾塘放药水，流进我鱼塘，死了两千多斤鲫鱼，他不认", "neighbour-building"),
        // Another organ's, in words that leave no doubt.
        ("市场监督管理局", "包工头拖欠我们五个工人的工资，要求付清", "wages"),
        // Words of no sort, at an organ of several.
        ("民政局", "给孩子转园，交的一学期费用一分不退，要求退还", "general"),
        // An organ of which the catalogue knows nothing.
        ("某镇人民政府", "老人摔倒骨折，养老院不肯赔，要求赔偿", "elder-care"),
    ] {
        assert_eq!(entry(organ, text), expected, "{text}");
    }
}
