use super::*;
use jiff::civil::date;

const PUBLISHED_TEXT: &str = include_str!("../../../../packs/calendar/published.toml");
const STATUTORY_TEXT: &str = include_str!("../../../../packs/calendar/statutory.toml");

pub(crate) fn calendar() -> Calendar {
    Calendar::parse(PUBLISHED_TEXT, STATUTORY_TEXT).expect("the calendar of the repository is without fault")
}

fn kind(calendar: &Calendar, day: Date) -> (DayKind, bool) {
    let day = calendar.day(day).expect("a known day");
    (day.kind, day.provisional)
}

#[test]
fn a_day_says_why_it_works_or_rests() {
    let calendar = calendar();
    assert_eq!(kind(&calendar, date(2022, 7, 29)), (DayKind::Weekday, false));
    assert_eq!(kind(&calendar, date(2022, 7, 31)), (DayKind::Weekend, false));
    assert_eq!(kind(&calendar, date(2022, 10, 1)), (DayKind::Holiday, false));
    assert_eq!(kind(&calendar, date(2022, 10, 8)), (DayKind::MakeUp, false));
}

#[test]
fn years_from_2004_to_2026_are_published_and_hold_621_rest_and_150_make_up_days() {
    let calendar = calendar();
    assert_eq!((calendar.first_year(), calendar.last_published(), calendar.last_year()), (2004, 2026, 2036));
    let rest = calendar.published.values().map(|year| year.rest.len()).sum::<usize>();
    let work = calendar.published.values().map(|year| year.work.len()).sum::<usize>();
    assert_eq!((rest, work), (621, 150));
}

#[test]
fn after_the_last_published_year_every_day_is_provisional_and_only_statutory_days_rest() {
    let calendar = calendar();
    assert_eq!(kind(&calendar, date(2026, 12, 31)), (DayKind::Weekday, false));
    assert_eq!(kind(&calendar, date(2027, 1, 1)), (DayKind::Holiday, true));
    assert_eq!(kind(&calendar, date(2027, 2, 5)), (DayKind::Holiday, true), "the eve");
    assert_eq!(kind(&calendar, date(2027, 2, 8)), (DayKind::Holiday, true), "the third day");
    assert_eq!(kind(&calendar, date(2027, 2, 9)), (DayKind::Weekday, true), "no bridging");
    assert_eq!(kind(&calendar, date(2027, 10, 9)), (DayKind::Weekend, true), "no make-up day");
}

#[test]
fn the_lunar_days_of_the_statutory_years_are_those_of_the_almanac() {
    // First day of the first month, 清明节, fifth of the fifth, fifteenth of the eighth.
    let almanac = [
        (2027, (2, 6), (4, 5), (6, 9), (9, 15)),
        (2028, (1, 26), (4, 4), (5, 28), (10, 3)),
        (2029, (2, 13), (4, 4), (6, 16), (9, 22)),
        (2030, (2, 3), (4, 5), (6, 5), (9, 12)),
        (2031, (1, 23), (4, 5), (6, 24), (10, 1)),
        (2032, (2, 11), (4, 4), (6, 12), (9, 19)),
        (2033, (1, 31), (4, 4), (6, 1), (9, 8)),
        (2034, (2, 19), (4, 5), (6, 20), (9, 27)),
        (2035, (2, 8), (4, 5), (6, 10), (9, 16)),
        (2036, (1, 28), (4, 4), (5, 30), (10, 4)),
    ];
    let calendar = calendar();
    for (year, spring, qingming, dragon, autumn) in almanac {
        let first = date(year, spring.0, spring.1);
        let mut expected = BTreeSet::from([date(year, 1, 1), date(year, 5, 1), date(year, 5, 2)]);
        expected.extend((1..=3).map(|day| date(year, 10, day)));
        expected.extend((-1..=2).map(|n| first.checked_add(n.days()).expect("a date")));
        expected.extend([qingming, dragon, autumn].map(|(month, day)| date(year, month, day)));
        assert_eq!(calendar.statutory[&year], expected, "{year}");
    }
}

#[test]
fn a_day_before_the_first_published_year_or_after_the_table_is_refused_with_that_reason() {
    let calendar = calendar();
    let early = date(2003, 12, 31);
    let late = date(2037, 1, 1);
    assert_eq!(calendar.day(early), Err(OutOfCalendar::BeforeFirst { date: early, first: 2004 }));
    assert_eq!(calendar.day(late), Err(OutOfCalendar::AfterLast { date: late, last: 2036 }));
    assert!(calendar.day(early).is_err_and(|e| e.to_string().contains("before the first published year")));
    assert!(calendar.day(late).is_err_and(|e| e.to_string().contains("after the last year")));
}

#[test]
fn a_new_published_year_replaces_the_statutory_days_and_is_no_longer_provisional() {
    let text = "[2027]\nrest = [\"01-01\", \"02-09\"]\nwork = [\"02-20\"]\n";
    let calendar = calendar().with_published("notice-2027.toml", text).expect("a good notice");
    assert_eq!(calendar.last_published(), 2027);
    assert_eq!(kind(&calendar, date(2027, 2, 9)), (DayKind::Holiday, false));
    assert_eq!(kind(&calendar, date(2027, 2, 20)), (DayKind::MakeUp, false));
    assert_eq!(kind(&calendar, date(2028, 1, 1)), (DayKind::Holiday, true));
}

#[test]
fn a_published_year_can_be_corrected_but_none_may_leave_a_gap() {
    let corrected =
        calendar().with_published("n.toml", "[2026]\nrest = [\"12-31\"]\nwork = []\n").expect("a correction");
    assert_eq!(kind(&corrected, date(2026, 12, 31)), (DayKind::Holiday, false));
    let faults = calendar().with_published("n.toml", "\n[2028]\nrest = []\nwork = []\n").expect_err("2027 is missing");
    assert_eq!((faults[0].file.as_str(), faults[0].line), ("n.toml", 2));
}

#[test]
fn every_fault_of_a_calendar_is_told_with_file_and_line() {
    let published = "[2025]\nrest = [\"01-01\", \"02-30\"]\nwork = [\"01-01\"]\n\n[2027]\nrest = []\nwork = []\n";
    let statutory = "[2028]\n\"元旦\" = [\"01-01\"]\n";
    let faults = Calendar::parse(published, statutory).expect_err("faulty");
    let told = faults.iter().map(|f| (f.file.as_str(), f.line, f.reason.as_str())).collect::<Vec<_>>();
    assert_eq!(
        told,
        [
            (PUBLISHED, 1, "`02-30` is no day of 2025 in the form MM-DD"),
            (PUBLISHED, 1, "`2025-01-01` is both rest and work"),
            (PUBLISHED, 1, "make-up working day `2025-01-01` is not on a weekend"),
            (STATUTORY, 1, "2028 has 1 statutory days, not 13"),
            (PUBLISHED, 5, "year 2027 does not follow the years before it"),
        ]
    );
    let syntax = Calendar::parse("[2025]\nrest = [\n", "").expect_err("not TOML");
    assert!(syntax.iter().all(|f| f.file == PUBLISHED && f.line > 0), "{syntax:?}");
    let key = Calendar::parse("[2025]\nrest = []\nwork = []\nfree = []\n", "").expect_err("an unknown key");
    assert_eq!((key[0].line, key[0].reason.contains("free")), (4, true));
    assert!(Calendar::parse("", "").is_err_and(|f| f[0].reason == "no year is published"));
    assert!(Calendar::parse("[year]\nrest = []\nwork = []\n", "").is_err_and(|f| f[0].line == 1));
}
