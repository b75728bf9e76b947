//! Rows that cannot be, each refused at its column with a reason that says what is wrong.

use yanhe_app::App;
use yanhe_app::import::{ImportOutcome, Kind};
use yanhe_core::matter;
use yanhe_core::policy::Actor;
use yanhe_core::scope::Source;

use crate::support::{Dir, app, journal};

const HELD: &str = "活动名称,机关名称,日期,方式,地点或渠道,受众人数,发放资料份数,备注";
const EVENT: &str = "宣传日,海盐县公安局,2022-03-01,线下,人民广场,300,100,";
const ORDERS: &str =
    "工单编号,受理时间,来电人,联系电话,证件号码,诉求类型,诉求内容,被反映对象,地址,承办单位,办理期限,办理状态";
const ORDER: &str =
    "HY1,2022-03-10 14:27:00,段海,19900007297,,投诉,停车争执,石玉冬,武原街道278号,海盐县公安局,2022-03-15,办理中";
pub(crate) const DECISIONS: &str = "行政相对人名称,行政相对人类别,统一社会信用代码,证件类型,证件号码,行政处罚决定书文号,违法行为类型,违法事实,处罚类别,处罚内容,罚款金额（万元）,没收违法所得、没收非法财物的金额（万元）,暂扣或吊销证照名称及编号,处罚决定日期,处罚机关";
pub(crate) const DECISION: &str = "段海,自然人,,身份证,330499199407113009,盐公罚决〔2022〕7号,殴打他人,段海殴打他人,罚款,罚款500元,0.05,,,2022-03-10,海盐县公安局";

async fn bring(app: &App, kind: Kind, file: &str, header: &str, rows: &[&str]) -> ImportOutcome {
    let text: String = std::iter::once(&header).chain(rows).map(|line| format!("{line}\r\n")).collect();
    app.import(&Actor::admin(), kind, file, text.as_bytes(), false, |_, _| ()).await.unwrap()
}

/// Column and reason of each fault of one row that is nothing but refused.
async fn faults(app: &App, kind: Kind, header: &str, row: &str) -> Vec<(String, String)> {
    let before = journal(app).await.len();
    let outcome = bring(app, kind, "a.csv", header, &[row]).await;
    assert_eq!((outcome.read, outcome.refused_rows), (1, 1), "{row}");
    assert_eq!(journal(app).await.len(), before, "{row}");
    outcome.refused.into_iter().map(|fault| (fault.column, fault.reason_zh)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publicity_event_that_cannot_have_been_is_refused() {
    let dir = Dir::new();
    let app = app(&dir).await;
    for (from, to, column, reason) in [
        ("2022-03-01", "2099-01-01", "日期", "日期在今天之后"),
        ("2022-03-01", "1905-01-01", "日期", "日期太早，不能早于1990年"),
        ("线下", "空中", "方式", "“空中”不在可填写的范围内：线下、线上"),
        ("线下", "", "方式", "未填写"),
        ("海盐县公安局", "海盐县人民法院", "机关名称", "法院不是行政机关，这一列应当填写行政机关"),
        ("300", "-5", "受众人数", "“-5”不在0至100000000之间"),
        ("300", "99999999999", "受众人数", "“99999999999”不在0至100000000之间"),
        ("300", "1.5", "受众人数", "“1.5”不是整数"),
        ("300", "50.01人", "受众人数", "“50.01人”不是整数"),
    ] {
        let found = faults(&app, Kind::Publicity, HELD, &EVENT.replacen(from, to, 1)).await;
        assert_eq!(found, [(column.to_owned(), reason.to_owned())], "{to}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publicity_row_that_differs_names_the_first_row_and_every_column() {
    let dir = Dir::new();
    let app = app(&dir).await;
    assert_eq!(bring(&app, Kind::Publicity, "first.csv", HELD, &[EVENT]).await.stored, 1);
    let changed = EVENT.replace("线下", "线上").replace("300", "301");
    let found = faults(&app, Kind::Publicity, HELD, &changed).await;
    let reason = "与“first.csv”工作表“first”第2行不同，此列不能改动";
    assert_eq!(found, [("方式".to_owned(), reason.to_owned())]);
    // A count is the same with its zeros behind the point.
    let zeros = EVENT.replace("300,100", "300.0,100.00份");
    assert_eq!(bring(&app, Kind::Publicity, "zeros.csv", HELD, &[&zeros]).await.unchanged, 1);
    // What may change changes, and the event stays where it came from.
    let updated = bring(&app, Kind::Publicity, "second.csv", HELD, &[&EVENT.replace("300", "301")]).await;
    assert_eq!(updated.updated, 1);
    assert_eq!(faults(&app, Kind::Publicity, HELD, &changed).await, [("方式".to_owned(), reason.to_owned())]);

    assert_eq!(bring(&app, Kind::Complaints, "orders.csv", ORDERS, &[ORDER]).await.stored, 1);
    let both = ORDER.replace("停车争执", "停车争吵").replace("段海", "段江");
    let columns: Vec<_> = faults(&app, Kind::Complaints, ORDERS, &both).await.into_iter().map(|f| f.0).collect();
    assert_eq!(columns, ["来电人", "诉求内容"], "one entry a fault");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_cannot_be_is_refused_in_words_for_its_reader() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let (long, name) = ("长".repeat(5000), format!("海盐县{}局", "很".repeat(90)));
    let cut = format!("规则包中没有机关“海盐县{}…”", "很".repeat(37));
    for (from, to, column, reason) in [
        ("2022-03-10 14:27:00", "1905-03-10 14:27:00", "受理时间", "日期太早，不能早于1990年"),
        ("19900007297", "123", "联系电话", "不是手机号码，也不是带区号的固定电话"),
        ("投诉", long.as_str(), "诉求类型", "超过200个字符"),
        ("石玉冬", long.as_str(), "被反映对象", "超过200个字符"),
        ("武原街道278号", long.as_str(), "地址", "超过200个字符"),
        ("办理中", long.as_str(), "办理状态", "超过200个字符"),
        ("19900007297,,", "19900007297,123,", "证件号码", "不是可识别的证件号码，例如18位身份证号码"),
        ("海盐县公安局", "海盐县人民法院", "承办单位", "法院不是行政机关，这一列应当填写行政机关"),
        ("海盐县公安局", name.as_str(), "承办单位", cut.as_str()),
    ] {
        let found = faults(&app, Kind::Complaints, ORDERS, &ORDER.replacen(from, to, 1)).await;
        assert_eq!(found, [(column.to_owned(), reason.to_owned())]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_its_body_does_not_have_is_refused_with_those_that_it_has() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let people = "姓名,机关名称,岗位,联系电话,证件号码";
    for (body, post, allowed) in [
        ("海盐县公安局", "考核员", "经办人、调解员、分管负责人"),
        ("海盐县公安局", "审判员", "经办人、调解员、分管负责人"),
        ("海盐县人民法院", "调解员", "工作室、审判员、书记员"),
        ("海盐县司法局", "经办人", "工作室、督察员、考核员"),
    ] {
        let row = format!("段海,{body},{post},19900007297,330499199407113009");
        let reason = format!("{body}没有“{post}”这个岗位，可以填写：{allowed}");
        assert_eq!(faults(&app, Kind::Roster, people, &row).await, [("岗位".to_owned(), reason)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fine_that_is_not_the_one_of_the_text_is_refused_and_a_blank_says_nothing() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let other = DECISION.replace("罚款500元", "罚款5000元");
    let reason = "与处罚内容里写的罚款数额不一致，请核对";
    let found = faults(&app, Kind::Penalties, DECISIONS, &other).await;
    assert_eq!(found, [("罚款金额（万元）".to_owned(), reason.to_owned())]);
    let blank = other.replace(",0.05,", ",,");
    assert_eq!(bring(&app, Kind::Penalties, "a.csv", DECISIONS, &[&blank]).await.stored, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_type_of_document_that_is_not_known_is_named_and_known_ones_are_taken() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let unknown = DECISION.replace("身份证,330499199407113009", "驾驶证,123");
    let found = faults(&app, Kind::Penalties, DECISIONS, &unknown).await;
    let [(column, reason)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(column, "证件类型");
    assert!(reason.starts_with("“驾驶证”不是可识别的证件类型，可以填写：") && reason.contains("护照"), "{reason}");
    for (n, document) in ["军官证,军字第1234567号", "外国人永久居留身份证,CAN110108120112"].iter().enumerate()
    {
        let row = DECISION.replace("身份证,330499199407113009", document).replace("7号", &format!("{}号", 20 + n));
        let row = row.replacen(&format!("123456{}号", 20 + n), "1234567号", 1);
        let outcome = bring(&app, Kind::Penalties, "b.csv", DECISIONS, &[&row]).await;
        assert_eq!((outcome.stored, outcome.refused), (1, vec![]), "{document}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kind_of_penalty_that_no_law_knows_is_refused_with_those_that_there_are() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let found = faults(&app, Kind::Penalties, DECISIONS, &DECISION.replace(",罚款,", ",胡乱处罚,")).await;
    let [(column, reason)] = found.as_slice() else { panic!("{found:?}") };
    assert!(column == "处罚类别" && reason.contains("胡乱处罚") && reason.contains("警告、通报批评、罚款"), "{reason}");
    for (n, kinds) in ["警告；罚款", "没收违法所得、没收非法财物", "法律、行政法规规定的其他行政处罚", "吊销营业执照"]
        .iter()
        .enumerate()
    {
        let row = DECISION.replace(",罚款,", &format!(",{kinds},")).replace("7号", &format!("{}号", 30 + n));
        let row = row.replacen(&format!("123456{}号", 30 + n), "1234567号", 1);
        let outcome = bring(&app, Kind::Penalties, "c.csv", DECISIONS, &[&row]).await;
        assert_eq!((outcome.stored, outcome.refused), (1, vec![]), "{kinds}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sole_trader_without_an_entered_name_is_measured_and_kept_as_a_human_being() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let fined = DECISION.replace(",自然人,", ",个体工商户,").replace("罚款500元,0.05", "罚款6000元,0.6");
    let shop = fined.replacen("段海", "段海小吃店", 1).replace("〕7号", "〕8号");
    assert_eq!(bring(&app, Kind::Penalties, "d.csv", DECISIONS, &[&fined, &shop]).await.stored, 2);
    for (number, human) in [("盐公罚决〔2022〕7号", true), ("盐公罚决〔2022〕8号", false)] {
        let stream = matter::stream(Source::Penalty, number);
        let state = app.state::<matter::Matter>(&stream).await.unwrap().unwrap();
        assert_eq!(state.matter.subject.as_ref().map(|s| s.is_firm()), Some(!human), "{number}");
        assert_eq!(state.proposal.send, human, "6,000 yuan are much for a person and little for a firm");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_stands_under_a_table_is_no_row_and_no_row_is_taken_for_it() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let read = |line: &str| {
        let text = format!("{ORDERS}\r\n{ORDER}\r\n{line}\r\n");
        let sheet = app.read_file(Kind::Complaints, "a.csv", text.as_bytes()).unwrap();
        sheet.rows.iter().map(|row| row.result.is_ok()).collect::<Vec<_>>()
    };
    for aside in [
        "共2条",
        "共 15 件",
        "总共3行",
        "以上共两条记录",
        "小计",
        "总计,2",
        "本页小计,,,2",
        "共2条,,,制表人：张三",
        "注：以上为上半年",
        "注1：以上为上半年",
        "说明：按受理时间排列",
        "制表人,张三,审核人,李四",
        "填报人：,王五,,填报日期：,2022-07-01",
        "经办人：赵六,,,复核：钱七",
        "第1页，共3页",
        "导出时间：2022-07-01 09:00",
        "以下空白",
        "（以下空白）",
        "——以下无正文——",
        "2022年7月1日",
        ",,,,,,,,,,,2022-07-01",
        "截至2022年6月30日",
        "*表示已整改",
        "Total",
        "第 1 页 共 3 页",
        "本表完",
    ] {
        assert_eq!(read(aside), [true], "{aside}");
    }
    // A row of which much is missing is refused and not lost: it says a number, or the name of somebody.
    let full = |number: &str| ORDER.replacen(ORDER.split(',').next().unwrap(), number, 1);
    for bad in ["HY9", "20220701", &full("合计"), &full("总计-1")] {
        assert_eq!(read(bad), [true, false], "{bad}");
    }
    for bad in ["HY9,投诉", "共青团盐官镇委,投诉", "注册科,投诉,1", "审核科技有限公司,张三,李四"]
    {
        assert_eq!(read(bad), [true, false], "{bad}");
    }
}
