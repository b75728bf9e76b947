//! Bringing the county's files in, again and again.

use std::collections::BTreeMap;

use yanhe_app::import::{Fate, ImportFileError, ImportOutcome, Kind, is_organisation};
use yanhe_app::ports::SystemEntropy;
use yanhe_app::{App, AppError, Request};
use yanhe_core::batch::Batch;
use yanhe_core::policy::{Actor, Role};
use yanhe_core::scope::Source;
use yanhe_core::{StreamId, StreamKind, matter, organ, publicity};

use crate::open::open;
use crate::refusals::{DECISION, DECISIONS};
use crate::support::{Dir, app, app_at, demo, journal, staff};

const PENALTIES: &str = "双公示-行政处罚.xlsx";
const INSPECTIONS: &str = "双随机检查结果.xlsx";
pub const COMPLAINTS: &str = "12345工单导出.csv";
pub const ROSTER: &str = "花名册.xlsx";
const PUBLICITY: &str = "宣传活动.xlsx";

const FILES: [(Kind, &str); 5] = [
    (Kind::Roster, ROSTER),
    (Kind::Penalties, PENALTIES),
    (Kind::Inspections, INSPECTIONS),
    (Kind::Complaints, COMPLAINTS),
    (Kind::Publicity, PUBLICITY),
];

pub async fn bring(app: &App, kind: Kind, file: &str, bytes: &[u8]) -> ImportOutcome {
    app.import(&Actor::admin(), kind, file, bytes, false, |_, _| ()).await.unwrap()
}

async fn try_out(app: &App, kind: Kind, file: &str, bytes: &[u8]) -> ImportOutcome {
    app.import(&Actor::admin(), kind, file, bytes, true, |_, _| ()).await.unwrap()
}

/// Read, stored, updated, unchanged, refused.
pub fn counts(o: &ImportOutcome) -> (usize, usize, usize, usize, usize) {
    assert_eq!(o.read, o.stored + o.updated + o.unchanged + o.refused_rows);
    (o.read, o.stored, o.updated, o.unchanged, o.refused_rows)
}

pub fn expected(kind: Kind) -> (usize, usize, usize, usize, usize) {
    match kind {
        Kind::Penalties => (123, 120, 0, 1, 2),
        Kind::Inspections => (151, 150, 0, 0, 1),
        Kind::Complaints => (384, 381, 0, 1, 2),
        Kind::Publicity => (33, 33, 0, 0, 0),
        Kind::Roster => (80, 80, 0, 0, 0),
    }
}

/// The complaints as text in UTF-8.
fn complaints() -> String {
    encoding_rs::GB18030.decode(&demo(COMPLAINTS)).0.into_owned()
}

const HEADER: &str =
    "工单编号,受理时间,来电人,联系电话,证件号码,诉求类型,诉求内容,被反映对象,地址,承办单位,办理期限,办理状态";
const ROW: &str =
    "HY1,2022-03-10 14:27:00,段海,19900007297,,投诉,停车争执,石玉冬,武原街道278号,海盐县公安局,2022-03-15,办理中";

fn csv(rows: &[&str]) -> Vec<u8> {
    std::iter::once(&HEADER).chain(rows).flat_map(|line| format!("{line}\r\n").into_bytes()).collect()
}

async fn kinds(app: &App) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for entry in journal(app).await {
        *kinds.entry(entry.kind).or_default() += 1;
    }
    kinds
}

#[tokio::test(flavor = "multi_thread")]
async fn the_five_files_go_in_and_a_second_time_change_nothing() {
    let dir = Dir::new();
    let app = app(&dir).await;
    for (kind, file) in FILES {
        let outcome = bring(&app, kind, file, &demo(file)).await;
        assert_eq!(counts(&outcome), expected(kind), "{kind}: {:?}", outcome.refused);
        assert!(outcome.batch.is_some());
    }
    let before = journal(&app).await;
    let files = [("FileImported", 5), ("MatterRegistered", 651), ("OrganRostered", 10), ("StaffRostered", 46)];
    let more = [("ExpertRostered", 24), ("PublicityHeld", 33)];
    let expected: BTreeMap<String, usize> = files.into_iter().chain(more).map(|(k, n)| (k.to_owned(), n)).collect();
    assert_eq!(kinds(&app).await, expected);
    for (kind, file) in FILES {
        let outcome = bring(&app, kind, file, &demo(file)).await;
        let (read, stored, _, unchanged, refused) = self::expected(kind);
        assert_eq!(counts(&outcome), (read, 0, 0, stored + unchanged, refused), "{kind}: {:?}", outcome.refused);
        assert_eq!(outcome.batch, None);
    }
    assert_eq!(journal(&app).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_the_same_and_stores_nothing() {
    let dir = Dir::new();
    let app = app(&dir).await;
    for (kind, file) in FILES {
        let dry = try_out(&app, kind, file, &demo(file)).await;
        assert_eq!(counts(&dry), expected(kind));
        assert_eq!(journal(&app).await, [], "{kind}");
        assert_eq!(dry.batch, None);
    }
    let before = journal(&app).await;
    for (kind, file) in FILES {
        let dry = try_out(&app, kind, file, &demo(file)).await;
        let wet = bring(&app, kind, file, &demo(file)).await;
        assert_eq!(ImportOutcome { batch: None, ..wet }, dry, "{kind}");
    }
    assert!(before.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_chance_gives_the_same_journal() {
    let mut journals = Vec::new();
    for _ in 0..2 {
        let dir = Dir::new();
        let app = app(&dir).await;
        bring(&app, Kind::Roster, ROSTER, &demo(ROSTER)).await;
        bring(&app, Kind::Inspections, INSPECTIONS, &demo(INSPECTIONS)).await;
        // Rows are on their way at once, so that their places among each other may differ.
        let mut entries: Vec<_> = journal(&app).await.into_iter().map(|e| (e.stream, e.version, e.hash)).collect();
        entries.sort();
        journals.push(entries);
    }
    assert_eq!(journals[0], journals[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_catalogue_proposes_agrees_with_a_careful_clerk() {
    let dir = Dir::new();
    let app = app(&dir).await;
    for (kind, file) in &FILES[1..4] {
        bring(&app, *kind, file, &demo(file)).await;
    }
    let labels = String::from_utf8(demo("labels/2022H1.csv")).unwrap();
    let (mut right, mut wrong, mut missed) = (0, 0, 0);
    let mut reader = csv::Reader::from_reader(labels.trim_start_matches('\u{feff}').as_bytes());
    let mut rows = 0;
    for line in reader.records() {
        let line = line.unwrap();
        let source = match &line[0] {
            "penalty" => Source::Penalty,
            "inspection" => Source::Inspection,
            _ => Source::Complaint,
        };
        let state = app.state::<matter::Matter>(&matter::stream(source, &line[1])).await.unwrap();
        let send = state.unwrap_or_else(|| panic!("{line:?}")).proposal.send;
        match (&line[3] == "1", send) {
            (true, true) => right += 1,
            (false, true) => wrong += 1,
            (true, false) => missed += 1,
            (false, false) => {}
        }
        rows += 1;
    }
    assert_eq!(rows, 651);
    assert!(right * 100 >= 97 * (right + wrong) && right * 100 >= 97 * (right + missed), "{right} {wrong} {missed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_rows_come_back_and_go_in_once_corrected() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let outcome = bring(&app, Kind::Complaints, COMPLAINTS, &demo(COMPLAINTS)).await;
    let faults: Vec<_> = outcome.refused.iter().map(|f| (f.row, f.column.as_str())).collect();
    assert_eq!(faults, [(383, "承办单位"), (384, "受理时间")]);
    let text = String::from_utf8(outcome.refused_csv).unwrap();
    let corrected =
        text.replace("海盐县不存在局,", "海盐县民政局,").replace("2022-02-30 09:00:00,", "2022-02-28 09:00:00,");
    let again = bring(&app, Kind::Complaints, "refused.csv", corrected.as_bytes()).await;
    assert_eq!(counts(&again), (2, 2, 0, 0, 0), "{:?}", again.refused);
    assert!(again.refused_csv.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permitted_change_is_one_event_and_any_other_is_refused_with_row_and_column() {
    let dir = Dir::new();
    let app = app(&dir).await;
    bring(&app, Kind::Complaints, "first.csv", &csv(&[ROW])).await;
    let changed = ROW
        .replace("办理中", "办结")
        .replace("2022-03-15", "2022/3/20")
        .replace("19900007297", "19900007298")
        .replace("278号", "279号");
    let dry = try_out(&app, Kind::Complaints, "second.csv", &csv(&[&changed])).await;
    assert_eq!(counts(&dry), (1, 0, 1, 0, 0));
    let outcome = bring(&app, Kind::Complaints, "second.csv", &csv(&[&changed])).await;
    assert_eq!(counts(&outcome), (1, 0, 1, 0, 0));
    let stream = matter::stream(Source::Complaint, "HY1");
    let state = app.state::<matter::Matter>(&stream).await.unwrap().unwrap();
    let complainant = state.matter.complainant.as_ref().unwrap();
    assert_eq!(state.matter.status, "办结");
    assert_eq!(state.matter.own_due_on.unwrap().to_string(), "2022-03-20");
    assert_eq!(complainant.phone_text(), Some("19900007298"));
    assert_eq!(complainant.address.as_ref().unwrap().text(), "武原街道279号");
    assert_eq!(kinds(&app).await["MatterUpdated"], 1);
    assert_eq!(counts(&bring(&app, Kind::Complaints, "second.csv", &csv(&[&changed])).await), (1, 0, 0, 1, 0));

    let before = journal(&app).await;
    // What is corrected on its page is sent there; whose matter it is cannot be corrected, and the way out is another one.
    let corrected =
        ("；原来登记错的，请在事项页面申请更正", "; what was wrong before is corrected on the matter's page");
    let taken_back = (
        "，也没有更正；原来登记错的，事项还没有发出文书时可以在事项页面撤回，再导入这一行；已经发出文书的，请在表中保留原来的内容",
        ", nor is it corrected; what was wrong before: while no paper was issued, take the matter back on its page and import the \
         row again; afterwards leave in the file what was there",
    );
    for (from, to, column, (zh, en)) in [
        ("停车争执", "停车争吵", "诉求内容", corrected),
        ("段海", "段江", "来电人", corrected),
        ("海盐县公安局", "海盐县民政局", "承办单位", taken_back),
    ] {
        let outcome = bring(&app, Kind::Complaints, "third.csv", &csv(&[&changed.replace(from, to)])).await;
        assert_eq!(counts(&outcome), (1, 0, 0, 0, 1));
        let fault = &outcome.refused[0];
        assert_eq!((fault.row, fault.column.as_str()), (2, column));
        assert_eq!(fault.reason_zh, format!("与“first.csv”工作表“first”第2行不同，此列不能改动{zh}"));
        let first = "differs from row 2 of sheet `first` of `first.csv`, and this column may not change";
        assert_eq!(fault.reason_en, format!("{first}{en}"));
    }
    assert_eq!(journal(&app).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_one_file_are_compared_with_each_other_in_its_order() {
    let rows = [
        ROW.to_owned(),
        ROW.to_owned(),
        ROW.replace("办理中", "办结"),
        ROW.replace("停车争执", "停车争吵"),
        ROW.replace("HY1", "HY2"),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let dir = Dir::new();
    let app = app(&dir).await;
    let dry = try_out(&app, Kind::Complaints, "a.csv", &csv(&rows)).await;
    let fates: Vec<_> = dry.sample.iter().map(|s| s.fate).collect();
    assert_eq!(fates, [Fate::Stored, Fate::Unchanged, Fate::Updated, Fate::Refused, Fate::Stored]);
    assert_eq!(dry.refused[0].row, 5);
    assert!(dry.refused[0].reason_zh.contains("第2行"), "{:?}", dry.refused);
    let wet = bring(&app, Kind::Complaints, "a.csv", &csv(&rows)).await;
    assert_eq!(ImportOutcome { batch: None, ..wet }, dry);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_rows_of_one_key_the_last_counts_and_the_same_file_again_changes_nothing() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let (second, third) = (ROW.replace("办理中", "办结"), ROW.replace("278号", "280号"));
    let bad = ROW.replace("停车争执", "停车争吵");
    let file = csv(&[ROW, &second, &bad, &third]);
    // New: the first is where it comes from, the last is how it stands.
    assert_eq!(counts(&bring(&app, Kind::Complaints, "a.csv", &file).await), (4, 1, 1, 1, 1));
    let before = journal(&app).await;
    for _ in 0..2 {
        assert_eq!(counts(&try_out(&app, Kind::Complaints, "a.csv", &file).await), (4, 0, 0, 3, 1));
        assert_eq!(counts(&bring(&app, Kind::Complaints, "a.csv", &file).await), (4, 0, 0, 3, 1));
    }
    assert_eq!(journal(&app).await, before, "not even a record of the import");
    // Another order of the same rows: one event, by the last.
    let file = csv(&[&third, ROW, &second]);
    assert_eq!(counts(&bring(&app, Kind::Complaints, "b.csv", &file).await), (3, 0, 1, 2, 0));
    assert_eq!(counts(&bring(&app, Kind::Complaints, "b.csv", &file).await), (3, 0, 0, 3, 0));
    let state = app.state::<matter::Matter>(&matter::stream(Source::Complaint, "HY1")).await.unwrap().unwrap();
    assert_eq!(state.matter.status, "办结");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roster_and_publicity_change_in_what_may_change() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let organs = "机关名称,文号代字,联系电话,办公地址,入驻ODR日期";
    let organ = "海盐县公安局,盐公,0573-86022110,武原街道1号,2022-01-10";
    let people = "姓名,机关名称,岗位,联系电话,证件号码";
    let person = "段海,海盐县人民法院,审判员,19900007297,330499199407113009";
    let experts = "姓名,工作单位,职称,专业领域,联系电话,聘期开始,聘期结束,回避单位";
    let expert = "石玉冬,海盐某某律师事务所,律师,民事,19900007298,2022-01-01,2023-12-31,海盐县公安局";
    let file = |text: &[&str]| text.join("\r\n").into_bytes();
    let first = bring(&app, Kind::Roster, "r.csv", &file(&[organs, organ, people, person, experts, expert])).await;
    assert_eq!(counts(&first), (3, 3, 0, 0, 0), "{:?}", first.refused);
    let (organ, person, expert) = (
        organ.replace("武原街道1号", "武原街道2号"),
        person.replace("审判员", "书记员").replace("7297", "7299"),
        expert.replace("民事", "劳动"),
    );
    let changed = file(&[organs, &organ, people, &person, experts, &expert]);
    let (tried, brought) =
        (try_out(&app, Kind::Roster, "r.csv", &changed).await, bring(&app, Kind::Roster, "r.csv", &changed).await);
    assert_eq!((counts(&tried), counts(&brought)), ((3, 0, 3, 0, 0), (3, 0, 3, 0, 0)));
    // The court's only judge has another post now: said before and after, and taken.
    for outcome in [tried, brought] {
        let [warned] = outcome.warned.as_slice() else { panic!("{:?}", outcome.warned) };
        assert!(warned.row == 4 && warned.reason_zh.contains("最后一名审判员"), "{warned:?}");
    }
    assert_eq!(counts(&bring(&app, Kind::Roster, "r.csv", &changed).await), (3, 0, 0, 3, 0));
    let all = kinds(&app).await;
    for kind in ["OrganRosterUpdated", "StaffUpdated", "ExpertUpdated"] {
        assert_eq!(all[kind], 1, "{kind}");
    }
    // Where another one comes with the same file, there is one.
    let back = person.replace("书记员", "审判员");
    let other = "穆青,海盐县人民法院,书记员,19900007296,330499199002021237";
    let filled = bring(&app, Kind::Roster, "r.csv", &file(&[people, &back, other])).await;
    assert_eq!((counts(&filled), filled.warned), ((2, 1, 1, 0, 0), Vec::new()), "{:?}", filled.refused);
    let stored = app.organ_profile("gongan").await.unwrap().unwrap();
    assert_eq!((stored.address.as_str(), stored.mediates), ("武原街道2号", true));
    // A file without the column of brands says nothing about them.
    let branded = file(&[&format!("{organs},品牌"), &format!("{organ},和为贵")]);
    assert_eq!(counts(&bring(&app, Kind::Roster, "r.csv", &branded).await), (1, 0, 1, 0, 0));
    assert_eq!(counts(&bring(&app, Kind::Roster, "r.csv", &file(&[organs, &organ])).await), (1, 0, 0, 1, 0));
    assert_eq!(app.organ_profile("gongan").await.unwrap().unwrap().brand.as_deref(), Some("和为贵"));
    // A blank takes nothing from what is known: papers print it.
    for (value, column) in [("0573-86022110", "联系电话"), ("武原街道2号", "办公地址")] {
        let blank = bring(&app, Kind::Roster, "r.csv", &file(&[organs, &organ.replace(value, "")])).await;
        assert_eq!((blank.refused_rows, blank.refused[0].column.as_str()), (1, column));
    }
    let stored = app.organ_profile("gongan").await.unwrap().unwrap();
    assert_eq!((stored.phone.as_str(), stored.address.as_str()), ("0573-86022110", "武原街道2号"));
    let word = bring(&app, Kind::Roster, "r.csv", &file(&[organs, &organ.replace("盐公", "盐安")])).await;
    assert_eq!((word.refused_rows, word.refused[0].column.as_str()), (1, "文号代字"));

    let held = "活动名称,机关名称,日期,方式,地点或渠道,受众人数,发放资料份数,备注";
    let row = "宣传周,海盐县公安局,2022-03-15,线下,绮园,120,200,";
    let first = bring(&app, Kind::Publicity, "p.csv", &file(&[held, row])).await;
    assert_eq!(counts(&first), (1, 1, 0, 0, 0));
    let more = row.replace("120", "150").replace("绮园", "绮 园");
    assert_eq!(counts(&bring(&app, Kind::Publicity, "p.csv", &file(&[held, &more])).await), (1, 0, 1, 0, 0));
    let other = bring(&app, Kind::Publicity, "p.csv", &file(&[held, &more.replace("线下", "线上")])).await;
    assert_eq!((other.refused_rows, other.refused[0].column.as_str()), (1, "方式"));
    let stream = publicity::stream("宣传周", "gongan", "2022-03-15".parse().unwrap(), "绮园");
    assert_eq!(app.state::<publicity::Publicity>(&stream).await.unwrap().unwrap().audience, 150);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_encoding_of_a_file_makes_no_difference() {
    let dir = Dir::new();
    let app = app(&dir).await;
    bring(&app, Kind::Complaints, COMPLAINTS, &demo(COMPLAINTS)).await;
    let again = bring(&app, Kind::Complaints, COMPLAINTS, complaints().as_bytes()).await;
    assert_eq!(counts(&again), (384, 0, 0, 382, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_brings_in_rows_of_the_own_organ_and_no_others() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let clerk = staff(Role::Clerk, "gongan");
    let rows = [ROW, &ROW.replace("HY1", "HY2").replace("海盐县公安局", "海盐县民政局")];
    for dry in [true, false] {
        let outcome = app.import(&clerk, Kind::Complaints, "a.csv", &csv(&rows), dry, |_, _| ()).await.unwrap();
        assert_eq!(counts(&outcome), (2, 1, 0, 0, 1));
        assert_eq!((outcome.refused[0].row, outcome.refused[0].column.as_str()), (3, "承办单位"));
    }
    // Another organ's clerk learns nothing about the stored row, whatever the own row says of its organ.
    let other = staff(Role::Clerk, "minzheng");
    for row in [ROW.to_owned(), ROW.replace("海盐县公安局", "海盐县民政局")] {
        let outcome = app.import(&other, Kind::Complaints, "a.csv", &csv(&[&row]), false, |_, _| ()).await.unwrap();
        assert_eq!(outcome.refused[0].reason_zh, "不是本机关的内容，无权导入");
    }
    let publicity = "活动名称,机关名称,日期,方式,地点或渠道,受众人数,发放资料份数\r\n\
                     宣传周,海盐县公安局,2022-03-15,线下,绮园,120,200\r\n";
    let held = app.import(&clerk, Kind::Publicity, "p.csv", publicity.as_bytes(), false, |_, _| ()).await.unwrap();
    assert_eq!(counts(&held), (1, 1, 0, 0, 0));
    let batch = held.batch.unwrap();
    assert_eq!(app.reader.batch(&batch).await.unwrap().unwrap().by, "gongan");
    let roster = app.import(&clerk, Kind::Roster, ROSTER, &demo(ROSTER), false, |_, _| ()).await;
    assert!(matches!(roster, Err(ImportFileError::App(AppError::Denied))));
    let judge =
        app.import(&staff(Role::Judge, "court"), Kind::Complaints, "a.csv", &csv(&[ROW]), true, |_, _| ()).await;
    assert!(matches!(judge, Err(ImportFileError::App(AppError::Denied))));
    let withdrawn = app.withdraw_batch(&other, &batch, "不是我的").await;
    assert!(withdrawn.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn firms_are_open_and_everybody_else_is_sealed() {
    let dir = Dir::new();
    let app = app(&dir).await;
    for (kind, file) in &FILES[1..4] {
        bring(&app, *kind, file, &demo(file)).await;
    }
    let journal = journal(&app).await;
    let bodies: Vec<String> = journal.iter().map(|e| String::from_utf8(e.body.clone()).unwrap()).collect();
    let holds = |text: &str| bodies.iter().any(|body| body.contains(text));
    for open in ["永安养老服务有限公司", "武原美发工作室", "秦山家具城", "南北湖农家乐", "澉浦海鲜排档"]
    {
        assert!(holds(open), "{open}");
    }
    let text = complaints();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut names = 0;
    for line in reader.records() {
        let line = line.unwrap();
        for cell in [&line[2], &line[3], &line[4]] {
            assert!(cell.chars().count() < 2 || cell == "匿名" || !holds(cell), "{cell}");
            names += 1;
        }
    }
    assert!(names > 1000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_that_has_not_come_is_refused_in_a_dry_run_too() {
    let dir = Dir::new();
    let app = app_at(&dir, "2022-03-09T01:00:00Z").await;
    for dry in [true, false] {
        let outcome =
            app.import(&Actor::admin(), Kind::Complaints, "a.csv", &csv(&[ROW]), dry, |_, _| ()).await.unwrap();
        assert_eq!((outcome.refused_rows, outcome.refused[0].column.as_str()), (1, "受理时间"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_matter_of_the_form_is_compared_with_a_later_export() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let sheet = app.read_file(Kind::Complaints, "a.csv", &csv(&[ROW])).unwrap();
    let record = sheet.rows[0].result.as_ref().unwrap();
    let ids = yanhe_core::Ids::new([7; 32]);
    let typed = yanhe_app::import::registered(record, &app.pack, &ids, None, "form").unwrap();
    let typed = matter::Registered { row: None, ..typed };
    let command = matter::Command::Register { matter: Box::new(typed) };
    let stream = matter::stream(Source::Complaint, "HY1");
    app.handle(Request::one(&staff(Role::Clerk, "gongan"), "form", &stream, command)).await.unwrap();
    assert_eq!(counts(&bring(&app, Kind::Complaints, "a.csv", &csv(&[ROW])).await), (1, 0, 0, 1, 0));
    let later = bring(&app, Kind::Complaints, "a.csv", &csv(&[&ROW.replace("办理中", "办结")])).await;
    assert_eq!(counts(&later), (1, 0, 1, 0, 0));
    let other = bring(&app, Kind::Complaints, "a.csv", &csv(&[&ROW.replace("停车争执", "停车争吵")])).await;
    assert_eq!((other.refused_rows, other.refused[0].column.as_str()), (1, "诉求内容"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gave_no_name_can_be_reached_and_is_entered_before_a_file_names_them() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let stream = matter::stream(Source::Complaint, "HY1");
    let row = |who: &str, phone: &str, address: &str| {
        let (begin, end) = ("HY1,2022-03-10 14:27:00", "投诉,停车争执,石玉冬");
        csv(&[&format!("{begin},{who},{phone},,{end},{address},海盐县公安局,2022-03-15,办理中")])
    };
    let at = async || {
        let state = app.state::<matter::Matter>(&stream).await.unwrap().unwrap();
        state.matter.caller_at().map(|value| value.map_or_else(String::new, |v| v.text().to_owned()))
    };
    bring(&app, Kind::Complaints, "1.csv", &row("匿名", "19900007297", "武原街道1号")).await;
    assert_eq!(at().await, ["19900007297", "武原街道1号"]);
    let second = bring(&app, Kind::Complaints, "2.csv", &row("匿名", "19900007298", "武原街道2号")).await;
    assert_eq!(counts(&second), (1, 0, 1, 0, 0));
    assert_eq!(at().await, ["19900007298", "武原街道2号"]);
    let again = bring(&app, Kind::Complaints, "2.csv", &row("匿名", "19900007298", "武原街道2号")).await;
    assert_eq!(counts(&again), (1, 0, 0, 1, 0));
    app.withdraw_batch(&Actor::admin(), &second.batch.unwrap(), "传错").await.unwrap();
    assert_eq!(at().await, ["19900007297", "武原街道1号"]);

    // A file that names them leads to where they are entered, and agrees with it afterwards.
    let named = row("周八", "19900007297", "武原街道1号");
    let refused = bring(&app, Kind::Complaints, "3.csv", &named).await.refused;
    assert_eq!(refused[0].column, "来电人");
    assert!(refused[0].reason_zh.contains("登记权利人") && !refused[0].reason_zh.contains("更正"), "{refused:?}");
    let person = yanhe_core::PersonId("zhou".into());
    let party = Box::new(yanhe_core::party::Party::human(person, "周八"));
    let enter = matter::Command::EnterEntitled { party };
    app.handle(Request::one(&staff(Role::Clerk, "gongan"), "enter", &stream, enter)).await.unwrap();
    assert_eq!(counts(&bring(&app, Kind::Complaints, "3.csv", &named).await), (1, 0, 0, 1, 0));
    let other = bring(&app, Kind::Complaints, "4.csv", &row("周九", "19900007297", "武原街道1号")).await;
    assert_eq!(other.refused[0].column, "来电人");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_of_what_was_imported_stays_whatever_file_comes_later() {
    let dir = Dir::new();
    let app = app(&dir).await;
    bring(&app, Kind::Complaints, "first.csv", &csv(&[ROW])).await;
    let stream = matter::stream(Source::Complaint, "HY1");
    let leader = Actor::staff(&StreamId::new(StreamKind::Staff, "leader"), Role::Leader, "gongan");
    for (n, (field, after)) in
        [("complainant/human", "段海江"), ("complainant/phone", "19900007300"), ("text", "停车纠纷")]
            .into_iter()
            .enumerate()
    {
        let (field, after, reason) = (field.to_owned(), after.to_owned(), "录入有误".to_owned());
        let ask = matter::Command::AskCorrection { field, after, reason };
        app.handle(Request::one(&staff(Role::Clerk, "gongan"), format!("ask{n}"), &stream, ask)).await.unwrap();
        let approve = matter::Command::ApproveCorrection { correction: i64::try_from(n).unwrap() };
        app.handle(Request::one(&leader, format!("approve{n}"), &stream, approve)).await.unwrap();
    }
    let before = journal(&app).await;
    let same = bring(&app, Kind::Complaints, "first.csv", &csv(&[ROW])).await;
    assert_eq!(counts(&same), (1, 0, 0, 1, 0), "it is compared with what was imported");
    let put_right = ROW.replace("段海", "段海江").replace("停车争执", "停车纠纷").replace("7297", "7300");
    let same = bring(&app, Kind::Complaints, "right.csv", &csv(&[&put_right])).await;
    assert_eq!(counts(&same), (1, 0, 0, 1, 0), "and agrees where its source was put right: {:?}", same.refused);
    assert_eq!(journal(&app).await, before);

    // A later export with what was wrong changes what it changes, and nothing that was corrected.
    let later = bring(&app, Kind::Complaints, "later.csv", &csv(&[&ROW.replace("办理中", "办结")])).await;
    assert_eq!(counts(&later), (1, 0, 1, 0, 0));
    let state = app.state::<matter::Matter>(&stream).await.unwrap().unwrap();
    let who = state.matter.complainant.as_ref().unwrap();
    assert_eq!((state.matter.status.as_str(), state.matter.text.text()), ("办结", "停车纠纷"));
    assert_eq!((who.name.text(), who.phone_text()), ("段海江", Some("19900007300")));
    let other = bring(&app, Kind::Complaints, "other.csv", &csv(&[&ROW.replace("停车争执", "停车争吵")])).await;
    assert!(other.refused[0].reason_zh.contains("申请更正"), "{:?}", other.refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_change_names_the_column_that_differs_and_says_truly_what_to_do() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let file = |content: &str, fine: &str, licence: &str| {
        let who = "段海,自然人,,身份证,330499199407113009,盐公罚决〔2022〕77号";
        let act = format!("殴打他人,段海殴打他人,罚款,{content},{fine},,{licence},2022-03-10,海盐县公安局");
        format!("{},备注\r\n{who},{act},\r\n", crate::refusals::DECISIONS).into_bytes()
    };
    let first = bring(&app, Kind::Penalties, "1.csv", &file("警告并罚款", "1", "")).await;
    assert_eq!(first.stored, 1, "{:?}", first.refused);
    let stream = matter::stream(Source::Penalty, "盐公罚决〔2022〕77号");
    let leader = Actor::staff(&StreamId::new(StreamKind::Staff, "leader"), Role::Leader, "gongan");
    for (n, (field, after)) in
        [("fine", "20000"), ("result", "罚款并警告"), ("licence", "食品经营许可证")].into_iter().enumerate()
    {
        let ask =
            matter::Command::AskCorrection { field: field.into(), after: after.into(), reason: "录入有误".into() };
        app.handle(Request::one(&staff(Role::Clerk, "gongan"), format!("ask{n}"), &stream, ask)).await.unwrap();
        let approve = matter::Command::ApproveCorrection { correction: i64::try_from(n).unwrap() };
        app.handle(Request::one(&leader, format!("approve{n}"), &stream, approve)).await.unwrap();
    }
    let licence = app.state::<matter::Matter>(&stream).await.unwrap().unwrap().matter.penalty.unwrap().licence;
    assert_eq!(licence.as_deref(), Some("食品经营许可证"));
    let said = async |bytes: &[u8]| {
        let refused = bring(&app, Kind::Penalties, "2.csv", bytes).await.refused;
        refused.into_iter().map(|r| (r.column, r.reason_zh)).collect::<Vec<_>>()
    };
    assert_eq!(said(&file("罚款并警告", "2", "食品经营许可证")).await, [], "as it was corrected");
    for content in ["警告并罚款", "没收、罚款"] {
        let refused = said(&file(content, "2", "食品经营许可证")).await;
        assert!(
            matches!(&refused[..], [(column, reason)] if column == "处罚内容" && reason.contains("申请更正")),
            "{refused:?}"
        );
    }
    // What no correction offers is not sent to one.
    let noted = String::from_utf8(file("警告并罚款", "1", "")).unwrap().replace("公安局,\r\n", "公安局,已缴\r\n");
    let refused = said(noted.as_bytes()).await;
    assert!(
        matches!(&refused[..], [(column, reason)] if column == "备注" && reason.contains("撤回") && !reason.contains("申请更正")),
        "{refused:?}"
    );
    // The kind of an order is corrected, and with it whether the caller is kept from the other side.
    bring(&app, Kind::Complaints, "o.csv", &csv(&[ROW])).await;
    let order = matter::stream(Source::Complaint, "HY1");
    let report = ROW.replace(",投诉,", ",举报,");
    let refused = bring(&app, Kind::Complaints, "o.csv", &csv(&[&report])).await.refused;
    assert!(refused[0].column == "诉求类型" && refused[0].reason_zh.contains("申请更正"), "{refused:?}");
    let ask =
        matter::Command::AskCorrection {
            field: "category".into(), after: "举报".into(), reason: "录入有误".into()
        };
    app.handle(Request::one(&staff(Role::Clerk, "gongan"), "kind", &order, ask)).await.unwrap();
    let leader = Actor::staff(&StreamId::new(StreamKind::Staff, "leader"), Role::Leader, "gongan");
    let approve = matter::Command::ApproveCorrection { correction: 0 };
    app.handle(Request::one(&leader, "kind approved", &order, approve)).await.unwrap();
    assert!(app.state::<matter::Matter>(&order).await.unwrap().unwrap().matter.reporter);
    assert_eq!(counts(&bring(&app, Kind::Complaints, "o.csv", &csv(&[&report])).await), (1, 0, 0, 1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_imports_of_one_file_at_once_store_every_row_once() {
    let dir = Dir::new();
    let app = std::sync::Arc::new(app(&dir).await);
    let import = |name: &'static str| {
        let app = std::sync::Arc::clone(&app);
        tokio::spawn(async move {
            app.import(&Actor::admin(), Kind::Roster, name, &demo(ROSTER), false, |_, _| ()).await.unwrap()
        })
    };
    let (a, b) = (import("a.xlsx"), import("b.xlsx"));
    let (a, b) = (a.await.unwrap(), b.await.unwrap());
    assert_eq!((a.refused_rows, b.refused_rows), (0, 0), "{:?} {:?}", a.refused, b.refused);
    let all = kinds(&app).await;
    assert_eq!((all["OrganRostered"], all["StaffRostered"], all["ExpertRostered"]), (10, 46, 24));
    assert_eq!(
        app.state::<organ::Organ>(&StreamId::new(StreamKind::Organ, "gongan")).await.unwrap().unwrap().online_on,
        None
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_was_cut_off_goes_on_under_its_own_name_and_its_account_holds_all_rows() {
    let dir = Dir::new();
    let app = std::sync::Arc::new(app(&dir).await);
    let (kind, bytes) = (Kind::Complaints, demo(COMPLAINTS));
    let key = app.import_key(kind, COMPLAINTS, &bytes).await.unwrap();
    let (cut, name, file) = (std::sync::Arc::clone(&app), key.clone(), bytes.clone());
    let ended = tokio::spawn(async move {
        let end = |done: usize, _: usize| assert!(done < 100, "cut off");
        cut.import_as(&name, &Actor::admin(), kind, COMPLAINTS, &file, end).await
    });
    assert!(ended.await.is_err());
    let there = kinds(&app).await["MatterRegistered"];
    assert!(there > 0 && there < 381, "{there}");

    assert_eq!(app.import_key(kind, COMPLAINTS, &bytes).await.unwrap(), key);
    let whole = app.import_as(&key, &Actor::admin(), kind, COMPLAINTS, &bytes, |_, _| ()).await.unwrap();
    assert_eq!(counts(&whole), expected(kind));
    let batch = whole.batch.clone().unwrap();
    assert_eq!(app.state::<yanhe_core::batch::Batch>(&batch).await.unwrap().unwrap().created.len(), 381);
    let account = app.import_account(&Actor::admin(), "", &batch).unwrap().unwrap();
    assert_eq!((account.kind, account.name.as_str(), &account.outcome), (kind, COMPLAINTS, &whole));

    // Complete, it is not gone on with: the same file again is another import, that finds nothing new.
    let next = app.import_key(kind, COMPLAINTS, &bytes).await.unwrap();
    assert_ne!(next, key);
    let again = app.import_as(&next, &Actor::admin(), kind, COMPLAINTS, &bytes, |_, _| ()).await.unwrap();
    assert_eq!((again.stored, again.updated, again.batch), (0, 0, None));
    // Withdrawn, it can be brought again.
    app.withdraw_batch(&Actor::admin(), &batch, "重复上报").await.unwrap();
    let back = app.import_as(&next, &Actor::admin(), kind, COMPLAINTS, &bytes, |_, _| ()).await.unwrap();
    assert_eq!(counts(&back), expected(kind));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_runs_twice_at_once_is_one_import() {
    let dir = Dir::new();
    // Each of the two draws other ids for the people of a row, as a production directory does.
    let (app, _) = open(&dir, "2022-07-14T01:00:00Z", SystemEntropy).await;
    let (kind, bytes, admin) = (Kind::Complaints, demo(COMPLAINTS), Actor::admin());
    let key = app.import_key(kind, COMPLAINTS, &bytes).await.unwrap();
    let run = || app.import_as(&key, &admin, kind, COMPLAINTS, &bytes, |_, _| ());
    let (one, two) = tokio::join!(run(), run());
    for outcome in [one.unwrap(), two.unwrap()] {
        assert_eq!(counts(&outcome), expected(kind));
        let batch = app.state::<yanhe_core::batch::Batch>(&outcome.batch.unwrap()).await.unwrap().unwrap();
        assert_eq!(batch.created.len(), 381, "all of them can be withdrawn with it");
    }
    let kinds = kinds(&app).await;
    assert_eq!((kinds["MatterRegistered"], kinds["FileImported"]), (381, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_of_an_import_is_for_those_whose_it_is() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let own = csv(&[ROW, &ROW.replace("HY1", "")]);
    let clerk = staff(Role::Clerk, "gongan");
    let of_organ = app.import(&clerk, Kind::Complaints, "a.csv", &own, false, |_, _| ()).await.unwrap();
    let county = app.import(&Actor::admin(), Kind::Roster, ROSTER, &demo(ROSTER), false, |_, _| ()).await.unwrap();
    let sees = |who: &Actor, by: &str, outcome: &ImportOutcome| {
        let account = app.import_account(who, by, outcome.batch.as_ref().unwrap()).unwrap();
        account.is_some_and(|account| account.outcome == *outcome)
    };
    let (studio, elsewhere) = (staff(Role::Studio, "sifa"), staff(Role::Clerk, "shichang"));
    for (who, organs, countys) in [
        (&clerk, true, false),
        (&staff(Role::Leader, "gongan"), true, false),
        (&elsewhere, false, false),
        (&studio, false, true),
        (&Actor::admin(), false, true),
    ] {
        assert_eq!((sees(who, "gongan", &of_organ), sees(who, "", &county)), (organs, countys), "{}", who.body);
        assert!(!sees(who, "sifa", &county), "it is nobody else's");
    }
}

#[tokio::test]
async fn a_shop_is_told_by_its_name_and_a_human_being_never_taken_for_one() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let organisation = |name: &str| is_organisation(&app.pack, name);
    let shops = [
        "绮园家电商行",
        "老街小吃摊",
        "巧手蛋糕坊",
        "金海酒店",
        "李记水果行",
        "百味餐厅",
        "鑫源洗车行",
        "东门理发屋",
        "丽人美容馆",
        "伊人小铺",
        "安途驾校",
        "王记面馆",
        "海鲜大排档",
        "阳光超市",
        "小周快递站点部",
        "海天大酒楼",
        "悦动网吧",
        "城东五金铺",
        "海盐某某有限责任公司（个人独资）",
        "海盐某某商贸有限公司(自然人独资)",
        "阳光超市（海滨店）",
    ];
    for shop in shops {
        assert!(organisation(shop), "{shop}");
    }
    // Given names end like shops do. Whoever is taken for a firm stands open: a surname keeps them sealed.
    let surnames = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹苏潘葛范彭鲁韦马苗方俞任袁柳史唐费薛雷贺倪汤罗";
    let singles = app.pack.parameters.organisation_endings.iter().filter(|ending| ending.chars().count() == 1);
    for ending in singles {
        for surname in surnames.chars().map(String::from).chain(["欧阳".into(), "司马".into(), "诸葛".into()]) {
            for given in ["", "知", "学文"] {
                let name = format!("{surname}{given}{ending}");
                if name.chars().count() <= 4 {
                    assert!(!organisation(&name), "{name}");
                }
            }
        }
    }
    for human in ["段海", "古丽·买买提", "张学会", "李建社", "孙知行", "欧阳中行", "John Smith"] {
        assert!(!organisation(human), "{human}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_decision_remarks_is_read_where_a_letter_is_proposed() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let fine = DECISION.replace("500元,0.05", "6000元,0.6");
    let remarks =
        ["", "已按期缴纳", "已向县人民法院提起行政诉讼", "已申请行政复议，县政府已受理", "如不服，可以申请行政复议"];
    let rows = remarks.iter().enumerate().map(|(n, remark)| {
        let row = fine.replace("7号", &format!("{}号", n + 7));
        format!("{row},{remark}\r\n")
    });
    let file: String = std::iter::once(format!("{DECISIONS},备注\r\n")).chain(rows).collect();
    let batch = bring(&app, Kind::Penalties, "a.csv", file.as_bytes()).await.batch.unwrap();
    let created = app.state::<Batch>(&batch).await.unwrap().unwrap().created;
    let mut due = Vec::new();
    for stream in created {
        due.push(app.state::<matter::Matter>(&stream).await.unwrap().unwrap().standing == matter::Standing::Proposed);
    }
    assert_eq!(due, [true, true, false, false, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inspection_that_touches_several_people_names_each_of_them() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let header =
        "检查任务编号,检查对象名称,统一社会信用代码,检查机关,检查日期,检查结果,发现问题描述,权利受影响人,联系电话";
    let row = |number: &str, names: &str, phones: &str| {
        format!("{header}\r\n{number},海盐某某饭店,,海盐县公安局,2022-03-10,发现问题,油烟扰民,{names},{phones}\r\n")
            .into_bytes()
    };
    let bring = async |bytes: Vec<u8>| bring(&app, Kind::Inspections, "i.csv", &bytes).await;
    for names in ["\"李四,王五\"", "李四，王五等人"] {
        let comma = bring(row("J0", names, "")).await;
        let fault = &comma.refused[0];
        assert!(fault.column == "权利受影响人" && fault.reason_zh.contains("用“、”"), "{fault:?}");
    }
    let first = bring(row("J1", "李四、王五；赵六", "")).await;
    assert_eq!(counts(&first), (1, 1, 0, 0, 0), "{:?}", first.refused);
    assert_eq!(counts(&bring(row("J1", "李四、王五；赵六", "")).await), (1, 0, 0, 1, 0), "the same row again");
    let state = app.state::<matter::Matter>(&matter::stream(Source::Inspection, "J1")).await.unwrap().unwrap();
    let names: Vec<_> = state.all_entitled().map(|(role, party)| (role, party.name.text().to_owned())).collect();
    let named = |role: &str, name: &str| (role.to_owned(), name.to_owned());
    assert_eq!(names, [named("affected", "李四"), named("affected2", "王五"), named("affected3", "赵六")]);
    // A phone that is somebody's of several is nobody's.
    let one = bring(row("J2", "李四、王五", "19900001234")).await;
    assert_eq!((one.refused_rows, one.refused[0].column.as_str()), (1, "联系电话"));
    assert_eq!(bring(row("J2", "李四、王五", "19900001234、19900001235")).await.stored, 1);
    let state = app.state::<matter::Matter>(&matter::stream(Source::Inspection, "J2")).await.unwrap().unwrap();
    let phones: Vec<_> = state.all_entitled().map(|(_, party)| party.phone_text().unwrap().to_owned()).collect();
    assert_eq!(phones, ["19900001234", "19900001235"]);
    assert_eq!(bring(row("J3", "李四、李四", "")).await.refused_rows, 1, "nobody twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_letter_is_issued_while_the_roster_does_not_say_where_its_organ_is_reached() {
    let dir = Dir::new();
    let app = app(&dir).await;
    let order = format!(
        "{HEADER}\r\nHY1,2022-03-10 14:27:00,段海,19900007297,,投诉,在某某电器买的冰箱坏了要求退款,某某电器店,,海盐县市场监督管理局,2022-03-15,办理中\r\n"
    );
    assert_eq!(bring(&app, Kind::Complaints, "c.csv", order.as_bytes()).await.stored, 1);
    let matter = matter::stream(Source::Complaint, "HY1");
    let issue = |key: &str| {
        let confirm = matter::Command::ConfirmLetter { reason: "已核实".into() };
        Request::one(&staff(Role::Clerk, "shichang"), key, &matter, confirm)
    };
    let Err(AppError::Refused(refusal)) = app.handle(issue("a")).await else { panic!("issued") };
    assert_eq!(refusal.reason, yanhe_core::Reason::Waiting { what: "organ_phone_address".into() });
    bring(&app, Kind::Roster, ROSTER, &demo(ROSTER)).await;
    app.handle(issue("b")).await.unwrap();
}
