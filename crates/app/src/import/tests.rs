//! The real files and their faults, and what makes an import safe to repeat.

use proptest::prelude::*;

use super::*;
use crate::noise::{damage, damaged};

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/");

fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(format!("{DEMO}{file}")).unwrap_or_else(|e| panic!("{file}: {e}"))
}

/// The bodies of the county, as the pack names them; the code is not looked at here.
fn organs(name: &str) -> Option<String> {
    const NAMES: [&str; 12] = [
        "公安局",
        "市场监督管理局",
        "综合行政执法局",
        "民政局",
        "人力资源和社会保障局",
        "自然资源和规划局",
        "住房和城乡建设局",
        "卫生健康局",
        "交通运输局",
        "农业农村局",
        "司法局",
        "人民法院",
    ];
    let short = name.strip_prefix("海盐县")?;
    NAMES.iter().position(|n| *n == short).map(|at| format!("body-{at}"))
}

fn read_bytes(kind: Kind, name: &str, bytes: &[u8]) -> Sheet {
    read(kind, name, bytes, &organs).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Penalties => "双公示-行政处罚.xlsx",
        Kind::Inspections => "双随机检查结果.xlsx",
        Kind::Complaints => "12345工单导出.csv",
        Kind::Roster => "花名册.xlsx",
        Kind::Publicity => "宣传活动.xlsx",
    }
}

fn file(kind: Kind) -> (&'static str, Sheet) {
    let name = name(kind);
    (name, read_bytes(kind, name, &bytes(name)))
}

/// Sheet, row and column of every fault.
fn faults(sheet: &Sheet) -> Vec<(&str, u32, &str)> {
    let bad = sheet.rows.iter().filter_map(|p| p.result.as_ref().err().map(|faults| (p, faults)));
    bad.flat_map(|(p, faults)| faults.iter().map(|f| (p.sheet.as_str(), p.row, f.column.as_str()))).collect()
}

fn refused(sheet: &Sheet) -> Vec<u8> {
    let bad = sheet.rows.iter().filter(|p| p.result.is_err());
    refused_csv(REASON_COLUMN, bad.map(|p| (p, p.reasons_zh())))
}

fn csv(header: &str, rows: &[&str]) -> Vec<u8> {
    std::iter::once(&header).chain(rows).flat_map(|line| format!("{line}\r\n").into_bytes()).collect()
}

const COMPLAINT_HEADER: &str =
    "工单编号,受理时间,来电人,联系电话,证件号码,诉求类型,诉求内容,被反映对象,地址,承办单位,办理期限,办理状态";
const COMPLAINT: &str =
    "HY1,2022-03-10 14:27:00,段海,19900007297,,投诉,停车争执,石玉冬,武原街道278号,海盐县公安局,2022-03-15,办理中";

fn complaint(row: &str) -> Parsed {
    read_bytes(Kind::Complaints, "a.csv", &csv(COMPLAINT_HEADER, &[row])).rows.remove(0)
}

fn good(row: &str) -> Record {
    complaint(row).result.unwrap_or_else(|f| panic!("{row}: {f:?}"))
}

#[test]
fn every_row_of_the_real_files_is_read_once() {
    for (kind, read, bad) in [
        (Kind::Penalties, 123, 2),
        (Kind::Inspections, 151, 1),
        (Kind::Complaints, 384, 2),
        (Kind::Publicity, 33, 0),
        (Kind::Roster, 80, 0),
    ] {
        let (_, sheet) = file(kind);
        assert_eq!(sheet.read, read, "{kind}: {:?}", faults(&sheet));
        assert_eq!(sheet.rows.iter().filter(|p| p.result.is_err()).count(), bad, "{kind}: {:?}", faults(&sheet));
    }
}

#[test]
fn each_fault_of_the_real_files_is_named_by_row_and_column() {
    let (_, penalties) = file(Kind::Penalties);
    assert_eq!(faults(&penalties), [("行政处罚", 123, "行政处罚决定书文号"), ("行政处罚", 125, "罚款金额（万元）")]);
    let (_, inspections) = file(Kind::Inspections);
    assert_eq!(faults(&inspections), [("检查结果", 152, "统一社会信用代码"), ("检查结果", 152, "检查日期")]);
    let (_, complaints) = file(Kind::Complaints);
    assert_eq!(faults(&complaints), [("12345工单导出", 383, "承办单位"), ("12345工单导出", 384, "受理时间")]);
}

#[test]
fn reasons_are_given_in_both_languages() {
    let (_, penalties) = file(Kind::Penalties);
    let amount = penalties.rows.iter().find(|p| p.row == 125).unwrap().result.as_ref().unwrap_err();
    assert_eq!(amount[0].reason_zh, "“约三万”不是确切的金额");
    assert_eq!(amount[0].reason_en, "`约三万` is not an exact amount");
    let (_, complaints) = file(Kind::Complaints);
    let day = complaints.rows.iter().find(|p| p.row == 384).unwrap();
    assert_eq!(day.reasons_zh(), "受理时间：“2022-02-30 09:00:00”这一天不存在");
    assert_eq!(day.number(), "HY-BAD-DATE");
}

#[test]
fn odd_but_good_rows_are_good() {
    let (_, complaints) = file(Kind::Complaints);
    let long = complaints.rows.last().unwrap();
    assert_eq!((long.row, long.number()), (386, "HY-LONG"));
    let Ok(Record::Complaint(row)) = &long.result else { panic!("{:?}", long.result) };
    assert!(row.text.chars().count() > 5000);
    let (_, penalties) = file(Kind::Penalties);
    let Ok(Record::Penalty(row)) = &penalties.rows[10].result else { panic!("{:?}", penalties.rows[10]) };
    assert_eq!((penalties.rows[10].row, row.fine.map(|m| m.fen())), (13, Some(100_000)));
    assert_eq!(row.decided.to_string(), "2022-02-05");
    assert_eq!(row.confiscation.map(|m| m.fen()), Some(300_000));
}

#[test]
fn spreadsheet_dates_and_written_dates_are_the_same_type() {
    let (_, penalties) = file(Kind::Penalties);
    let decided: Vec<String> = penalties
        .rows
        .iter()
        .filter_map(|p| match &p.result {
            Ok(Record::Penalty(row)) => Some(row.decided.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(decided.len(), 121);
    assert_eq!(decided[..4], ["2022-03-16", "2022-06-29", "2022-05-08", "2022-01-21"]);
    assert!(decided.iter().all(|d| d.starts_with("2022-")));
}

#[test]
fn anonymous_callers_are_noted() {
    let (_, complaints) = file(Kind::Complaints);
    let unnamed = complaints.rows.iter().filter(|p| matches!(&p.result, Ok(Record::Complaint(row)) if row.anonymous));
    assert_eq!(unnamed.count(), 10);
    let Record::Complaint(row) = good(&COMPLAINT.replace("段海", "匿名")) else { panic!() };
    assert!(row.anonymous && row.complainant.is_none() && row.phone.is_some());
}

#[test]
fn the_roster_has_its_three_sheets() {
    let (_, roster) = file(Kind::Roster);
    let count =
        |wanted: fn(&Record) -> bool| roster.rows.iter().filter(|p| p.result.as_ref().is_ok_and(wanted)).count();
    assert_eq!(count(|r| matches!(r, Record::Organ(_))), 10);
    assert_eq!(count(|r| matches!(r, Record::Staff(_))), 46);
    assert_eq!(count(|r| matches!(r, Record::Expert(_))), 24);
}

#[test]
fn gb18030_and_utf_8_with_or_without_mark_are_the_same_file() {
    let name = "12345工单导出.csv";
    let (_, first) = file(Kind::Complaints);
    let raw = bytes(name);
    let text = encoding_rs::GB18030.decode(&raw).0.into_owned();
    let marked = [&[0xEF, 0xBB, 0xBF], text.as_bytes()].concat();
    for again in [text.clone().into_bytes(), marked] {
        let sheet = read_bytes(Kind::Complaints, name, &again);
        assert_eq!(sheet.rows.len(), first.rows.len());
        for (a, b) in first.rows.iter().zip(&sheet.rows) {
            assert_eq!((a.row, &a.cells, &a.result), (b.row, &b.cells, &b.result));
        }
    }
}

#[test]
fn refused_rows_come_back_and_are_refused_for_the_same_faults() {
    for kind in [Kind::Penalties, Kind::Inspections, Kind::Complaints] {
        let (_, sheet) = file(kind);
        let out = refused(&sheet);
        assert_eq!(out[..3], [0xEF, 0xBB, 0xBF]);
        let again = read_bytes(kind, "refused.csv", &out);
        let columns = |s: &Sheet| faults(s).iter().map(|(_, _, column)| (*column).to_owned()).collect::<Vec<_>>();
        assert_eq!(columns(&again), columns(&sheet), "{kind}");
        assert_eq!(refused(&again), out, "{kind}: no second column of reasons");
    }
}

#[test]
fn a_corrected_refused_file_imports() {
    let (_, sheet) = file(Kind::Complaints);
    let text = String::from_utf8(refused(&sheet)).unwrap();
    let corrected =
        text.replace("海盐县不存在局,", "海盐县民政局,").replace("2022-02-30 09:00:00,", "2022-02-28 09:00:00,");
    let again = read_bytes(Kind::Complaints, "refused.csv", corrected.as_bytes());
    assert_eq!((again.read, faults(&again)), (2, vec![]));
    assert_eq!(again.rows[1].cell("证件号码"), Some("330499196004298455"));
}

#[test]
fn refused_rows_of_the_three_roster_sheets_fit_one_file() {
    let (_, roster) = file(Kind::Roster);
    let some = roster.rows.iter().filter(|p| p.row == 2);
    let out = refused_csv(REASON_COLUMN_EN, some.map(|p| (p, "put it right".to_owned())));
    let again = read_bytes(Kind::Roster, "refused.csv", &out);
    let records: Vec<_> = again.rows.iter().map(|p| p.result.as_ref().unwrap()).collect();
    assert!(matches!(records[..], [Record::Organ(_), Record::Staff(_), Record::Expert(_)]), "{records:?}");
    for (before, after) in roster.rows.iter().filter(|p| p.row == 2).zip(records) {
        assert_eq!(before.result.as_ref().unwrap().compare(after), Difference::Same);
    }
}

#[test]
fn a_file_compared_with_itself_changes_nothing() {
    for kind in Kind::ALL {
        let ((_, first), (_, second)) = (file(kind), file(kind));
        for (a, b) in first.rows.iter().zip(&second.rows) {
            if let (Ok(a), Ok(b)) = (&a.result, &b.result) {
                assert_eq!((a.compare(b), a.natural_key()), (Difference::Same, b.natural_key()));
            }
        }
    }
}

#[test]
fn only_the_repeated_rows_share_a_key() {
    for (kind, repeated) in
        [(Kind::Penalties, 1), (Kind::Inspections, 0), (Kind::Complaints, 1), (Kind::Publicity, 0), (Kind::Roster, 0)]
    {
        let (_, sheet) = file(kind);
        let mut first: std::collections::HashMap<Vec<String>, &Record> = std::collections::HashMap::new();
        let mut again = 0;
        for record in sheet.rows.iter().filter_map(|p| p.result.as_ref().ok()) {
            if let Some(before) = first.insert(record.natural_key(), record) {
                assert_eq!(before.compare(record), Difference::Same);
                again += 1;
            }
        }
        assert_eq!(again, repeated, "{kind}");
    }
}

#[test]
fn values_are_compared_in_normal_form() {
    let same = "ＨＹ１,2022年3月10日 14:27,段 海,199-0000-7297,,投诉,停车争执,石玉冬,武原街道２７８号,海盐县公安局,2022/3/15,办理中";
    assert_eq!(good(COMPLAINT).compare(&good(same)), Difference::Same);
}

#[test]
fn status_due_date_phone_and_address_of_a_complaint_may_change() {
    let before = good(COMPLAINT);
    let after =
        good("HY1,2022-03-10 14:27:00,段海,19900007298,,投诉,停车争执,石玉冬,沈荡镇1号,海盐县公安局,2022-03-20,办结");
    let columns = vec!["联系电话", "地址", "办理期限", "办理状态"];
    assert_eq!(before.compare(&after), Difference::Permitted(columns));
}

#[test]
fn any_other_difference_is_refused_with_its_column() {
    for (from, to, column) in [
        ("停车争执", "停车争吵", "诉求内容"),
        ("段海", "段江", "来电人"),
        ("投诉", "举报", "诉求类型"),
        ("海盐县公安局", "海盐县民政局", "承办单位"),
        ("14:27:00", "14:28:00", "受理时间"),
    ] {
        let after = good(&COMPLAINT.replace(from, to).replace("办理中", "办结"));
        assert_eq!(good(COMPLAINT).compare(&after), Difference::Refused(vec![column]));
    }
}

#[test]
fn every_kind_of_fault_names_its_column() {
    for (from, to, column) in [
        ("HY1", "", "工单编号"),
        ("2022-03-10 14:27:00", "三月", "受理时间"),
        ("段海", "段3", "来电人"),
        ("19900007297", "1990000729", "联系电话"),
        ("19900007297,,", "19900007297,330499199407113008,", "证件号码"),
        ("海盐县公安局", "海盐县某局", "承办单位"),
        ("2022-03-15", "2022-02-30", "办理期限"),
        (",投诉,", ",xxx,", "诉求类型"),
        ("办理中", "乱", "办理状态"),
        ("停车争执", "", "诉求内容"),
        ("办理中", "办理中,多出", "办理状态"),
    ] {
        let row = complaint(&COMPLAINT.replace(from, to));
        let found: Vec<_> = row.result.unwrap_err().into_iter().map(|f| f.column).collect();
        assert_eq!(found, [column], "{to}");
    }
    let row = complaint(&COMPLAINT.replace("HY1", "").replace("2022-03-15", "不详日"));
    assert_eq!(row.result.unwrap_err().len(), 2, "one entry a fault");
}

#[test]
fn columns_go_by_their_header_in_any_order() {
    let turned = |line: &str| line.split(',').rev().chain(["x"]).collect::<Vec<_>>().join(",");
    let file = csv(&turned(COMPLAINT_HEADER), &[&turned(COMPLAINT)]);
    let sheet = read_bytes(Kind::Complaints, "a.csv", &file);
    assert_eq!(sheet.rows[0].result.as_ref().unwrap().compare(&good(COMPLAINT)), Difference::Same);
}

#[test]
fn a_header_of_two_lines_is_read_where_the_lower_line_has_the_full_names() {
    let upper = COMPLAINT_HEADER.replace("来电人,联系电话", "来电情况,");
    let lower = ",,来电人,联系电话";
    let sheet = read_bytes(Kind::Complaints, "a.csv", &csv(&upper, &[lower, COMPLAINT]));
    assert_eq!((sheet.read, sheet.rows[0].row), (1, 3));
    assert_eq!(sheet.rows[0].result.as_ref().unwrap().compare(&good(COMPLAINT)), Difference::Same);
    let error = read(Kind::Complaints, "a.csv", &csv(&upper, &[COMPLAINT]), &organs).unwrap_err();
    assert!(error.text_zh().contains("第1行") && error.text_zh().contains("写在下一行"), "{}", error.text_zh());
}

/// A workbook of one sheet, with what stands between its cells and its end: each file is stored as it is.
fn workbook(cells: &str, after: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = "http://schemas.openxmlformats.org/package/2006/relationships";
    let leads = |to: &str, target: &str| {
        format!(
            r#"<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{kind}/{to}" Target="{target}"/></Relationships>"#
        )
    };
    let files = [
        ("_rels/.rels", leads("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{kind}"><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>"#
            ),
        ),
        ("xl/_rels/workbook.xml.rels", leads("worksheet", "worksheets/sheet1.xml")),
        (
            "xl/worksheets/sheet1.xml",
            format!(r#"<worksheet xmlns="{main}"><sheetData>{cells}</sheetData>{after}</worksheet>"#),
        ),
    ];
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in &files {
        let at = u32::try_from(out.len()).unwrap();
        let size = u32::try_from(text.len()).unwrap().to_le_bytes();
        let crc = !text.bytes().fold(!0_u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
        });
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let about = [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &crc.to_le_bytes(), &size, &size, &length, &[0, 0]].concat();
        out.extend([b"PK\x03\x04", &about[..], name.as_bytes(), text.as_bytes()].concat());
        directory.extend([b"PK\x01\x02\x14\x00", &about[..], &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let (start, size) = (u32::try_from(out.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0", &count[..], &count, &size.to_le_bytes(), &start.to_le_bytes(), &[0, 0]];
    out.extend(directory);
    out.extend(end.concat());
    out
}

/// Lines of CSV as rows of cells; a cell that begins with `=` is a formula which nobody has computed, and `==` one that was
/// computed to nothing.
fn cells(lines: &[&str]) -> String {
    let place = |column: usize, row: usize| format!("{}{row}", char::from(b'A' + u8::try_from(column).unwrap()));
    let cell = |column: usize, row: usize, text: &str| match text.strip_prefix('=') {
        _ if text.is_empty() => String::new(),
        Some("=") => format!(r#"<c r="{}" t="str"><f>T(A1)</f><v></v></c>"#, place(column, row)),
        Some(formula) => format!(r#"<c r="{}"><f>{formula}</f><v></v></c>"#, place(column, row)),
        None => format!(r#"<c r="{}" t="inlineStr"><is><t>{text}</t></is></c>"#, place(column, row)),
    };
    let row = |(n, line): (usize, &&str)| {
        let cells: String = line.split(',').enumerate().map(|(column, text)| cell(column, n + 1, text)).collect();
        format!(r#"<row r="{}">{cells}</row>"#, n + 1)
    };
    lines.iter().enumerate().map(row).collect()
}

#[test]
fn a_cell_that_is_joined_over_several_rows_stands_in_each_of_them() {
    let of = |number: &str, organ: &str| COMPLAINT.replace("HY1", number).replace("海盐县公安局", organ);
    let rows = [of("HY1", "海盐县公安局"), of("HY2", ""), of("HY3", ""), of("HY4", "海盐县民政局")];
    let title = "12345工单,,,,,,,,,,,";
    let lines: Vec<&str> = [title, COMPLAINT_HEADER].into_iter().chain(rows.iter().map(String::as_str)).collect();
    let merged = r#"<mergeCells count="2"><mergeCell ref="A1:L1"/><mergeCell ref="J3:J5"/></mergeCells>"#;
    let sheet = read_bytes(Kind::Complaints, "a.xlsx", &workbook(&cells(&lines), merged));
    let organs: Vec<_> = sheet.rows.iter().map(|row| (row.row, row.cell("承办单位").unwrap_or_default())).collect();
    let joined = "海盐县公安局";
    assert_eq!(organs, [(3, joined), (4, joined), (5, joined), (6, "海盐县民政局")]);
    assert_eq!(faults(&sheet), []);
    let apart = read_bytes(Kind::Complaints, "a.xlsx", &workbook(&cells(&lines), ""));
    assert_eq!(faults(&apart), [("表", 4, "承办单位"), ("表", 5, "承办单位")], "a blank alone stays one");
}

#[test]
fn a_formula_without_its_result_is_no_blank() {
    let of = |number: &str, due: &str| COMPLAINT.replace("HY1", number).replace("2022-03-15", due);
    let rows = [of("HY1", "=B2+5"), of("HY2", "=="), of("HY3", "")];
    let lines: Vec<&str> = std::iter::once(COMPLAINT_HEADER).chain(rows.iter().map(String::as_str)).collect();
    let sheet = read_bytes(Kind::Complaints, "a.xlsx", &workbook(&cells(&lines), ""));
    assert_eq!(faults(&sheet), [("表", 2, "办理期限")]);
    assert!(sheet.rows[0].result.as_ref().unwrap_err()[0].reason_zh.contains("公式"));
    // What is not read here may hold what it likes.
    let more = format!("{COMPLAINT_HEADER},序号");
    let row = format!("{COMPLAINT},=ROW()");
    let sheet = read_bytes(Kind::Complaints, "a.xlsx", &workbook(&cells(&[&more, &row]), ""));
    assert_eq!(faults(&sheet), []);
}

#[test]
fn a_cell_that_cannot_be_read_is_one_fault_whatever_else_is_wrong_with_it() {
    for (from, to, column) in [
        ("段海", "段\u{FFFD}海", "来电人"),
        ("2022-03-10 14:27:00", "2022-03-\u{FFFD}0", "受理时间"),
        ("海盐县公安局", "海盐县\u{FFFD}安局", "承办单位"),
    ] {
        let row = complaint(&COMPLAINT.replace(from, to));
        let found: Vec<_> = row.result.unwrap_err().into_iter().map(|f| f.column).collect();
        assert_eq!(found, [column], "{to}");
    }
}

#[test]
fn a_missing_column_is_named() {
    let file = csv(&COMPLAINT_HEADER.replace(",诉求内容", ""), &[]);
    assert_eq!(
        read(Kind::Complaints, "a.csv", &file, &organs).unwrap_err(),
        ImportError::MissingColumns { sheet: "a".to_owned(), row: 1, columns: vec!["诉求内容".to_owned()] }
    );
    let error = read(Kind::Penalties, "a.csv", &file, &organs).unwrap_err();
    assert!(matches!(error, ImportError::NoHeader { .. }), "{error}");
}

#[test]
fn of_a_header_that_lacks_many_columns_those_are_named() {
    let few = "工单编号,受理时间,来电人,诉求内容";
    let error = read(Kind::Complaints, "a.csv", &csv(few, &["HY1,2022-03-10,段海,停车争执"]), &organs).unwrap_err();
    let ImportError::MissingColumns { row, columns, .. } = &error else { panic!("{error}") };
    assert!(
        *row == 1 && columns.contains(&"承办单位".to_owned()) && !columns.contains(&"来电人".to_owned()),
        "{error}"
    );
}

#[test]
fn titles_totals_notes_and_blank_lines_are_no_rows() {
    let title = "12345工单,,,,,,,,,,,";
    let lines = [
        "",
        title,
        COMPLAINT_HEADER,
        COMPLAINT,
        ",,,,,,,,,,,",
        title,
        COMPLAINT_HEADER,
        &COMPLAINT.replace("HY1", "HY2"),
        "合 计,,,,,,1,,,,,",
        "填表人：张三,,,,审核人：李四,,,,,,,",
        "以上数据由平台导出。,,,,,,,,,,,",
    ];
    let sheet = read_bytes(Kind::Complaints, "a.csv", &csv("12345工单导出表,,,,,,,,,,,", &lines));
    let rows: Vec<_> = sheet.rows.iter().map(|p| (p.row, p.number(), p.result.is_ok())).collect();
    assert_eq!(rows, [(5, "HY1", true), (9, "HY2", true)]);
}

#[test]
fn a_number_alone_is_a_row_with_faults_and_not_a_note() {
    let sheet = read_bytes(Kind::Complaints, "a.csv", &csv(COMPLAINT_HEADER, &["HY9,,,,,,,,,,,"]));
    assert_eq!(sheet.read, 1);
    assert!(sheet.rows[0].result.is_err());
}

#[test]
fn records_read_back_from_json_are_the_same() {
    for kind in Kind::ALL {
        for parsed in file(kind).1.rows {
            if let Ok(record) = parsed.result {
                let json = serde_json::to_string(&record).unwrap();
                assert_eq!(serde_json::from_str::<Record>(&json).unwrap(), record);
            }
        }
    }
}

const COMPLAINTS: &str =
    "工单编号,受理时间,来电人,联系电话,证件号码,诉求类型,诉求内容,被反映对象,地址,承办单位,办理期限,办理状态";

fn order(number: &str, text: &str) -> String {
    format!(
        "{number},2022-03-10 14:27:00,段海,19900007297,,投诉,{text},石玉冬,武原街道278号,海盐县公安局,2022-03-15,办理中"
    )
}

#[test]
fn a_byte_that_is_no_text_refuses_its_row_and_no_other() {
    for (bad, seen) in [("\u{0}", "U+0000"), ("\u{202E}", "U+202E")] {
        let rows = [order("HY1", "停车争执"), order("HY2", &format!("停{bad}车")), order("HY3", "停车争执")];
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let sheet = read_bytes(Kind::Complaints, "a.csv", &csv(COMPLAINTS, &rows));
        assert_eq!(sheet.read, 3);
        assert_eq!(faults(&sheet), [("a", 3, "诉求内容")]);
        assert!(sheet.rows[1].result.as_ref().unwrap_err()[0].reason_zh.contains(seen));
    }
    let rows = [order("HY1", "停车争执"), order("HY2", "停\u{1}车"), order("HY3", "停车争执")];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let text = csv(COMPLAINTS, &rows);
    let broken = |bytes: &[u8]| -> Vec<u8> { bytes.iter().map(|b| if *b == 1 { 0xFF } else { *b }).collect() };
    let gb = encoding_rs::GB18030.encode(std::str::from_utf8(&text).unwrap()).0.into_owned();
    for bytes in [broken(&text), broken(&gb)] {
        let sheet = read_bytes(Kind::Complaints, "a.csv", &bytes);
        assert_eq!((sheet.read, faults(&sheet)), (3, vec![("a", 3, "诉求内容")]));
    }
    // Marks without width that exports leave in a text are left out.
    let row = order("HY1", "\u{FEFF}停\u{200B}车");
    let sheet = read_bytes(Kind::Complaints, "a.csv", &csv(COMPLAINTS, &[&row]));
    let Ok(Record::Complaint(row)) = &sheet.rows[0].result else { panic!("{:?}", faults(&sheet)) };
    assert_eq!(row.text, "停车");
}

#[test]
fn two_columns_of_one_name_are_an_error_that_names_them() {
    let header = COMPLAINTS.replace("地址", "联系电话");
    let error = read(Kind::Complaints, "a.csv", &csv(&(header + ",地址"), &[]), &organs).unwrap_err();
    assert_eq!(error, ImportError::SameColumns { sheet: "a".into(), column: "联系电话".into() });
    assert!(error.text_zh().contains("联系电话"));
}

#[test]
fn a_document_of_wrong_form_is_refused_as_what_it_was_meant_to_be() {
    use yanhe_core::values::{Document, DocumentKind, ValueError};
    for (text, kind) in [
        ("H12345678901", DocumentKind::HongKongMacaoPermit),
        ("M123456789", DocumentKind::HongKongMacaoPermit),
        ("AB12345678", DocumentKind::Passport),
    ] {
        assert_eq!(Document::guess(text), Err(ValueError::NotADocument { kind }), "{text}");
    }
    assert_eq!(Document::guess("33049919900101001"), Err(ValueError::Length { expected: 18, found: 17 }));
}

proptest! {
    #[test]
    fn no_bytes_are_a_panic_of_who_reads_them(
        kind in prop::sample::select(&Kind::ALL[..]),
        ending in prop::sample::select(&["csv", "xlsx", ""][..]),
        begin in prop::sample::select(vec![&b""[..], b"PK\x03\x04", COMPLAINT_HEADER.as_bytes(), b"\xEF\xBB\xBF"]),
        rest in prop::collection::vec(any::<u8>(), 0..600),
    ) {
        let _ = read(kind, &format!("a.{ending}"), &[begin, &rest].concat(), &organs);
    }

    #[test]
    fn no_damage_to_a_real_file_is_a_panic(kind in prop::sample::select(&Kind::ALL[..]), damage in damage()) {
        let spoilt = damaged(&bytes(name(kind)), &damage);
        let _ = read(kind, name(kind), &spoilt, &organs);
    }

    /// A damaged workbook seldom comes as far as its cells; in a text every byte is one of a cell.
    #[test]
    fn no_damage_to_a_row_is_a_panic(damage in damage(), more in damage()) {
        let rows = csv(COMPLAINT_HEADER, &[COMPLAINT, COMPLAINT]);
        let _ = read(Kind::Complaints, "a.csv", &damaged(&damaged(&rows, &damage), &more), &organs);
    }
}
