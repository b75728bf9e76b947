use super::*;
use crate::calendar::tests::calendar;
use crate::pack::tests::haiyan;
use jiff::civil::date;
use proptest::prelude::*;

fn last(query: &Query<'_>) -> (String, bool) {
    let deadline = compute(&calendar(), &haiyan(), query).expect("a last day");
    (deadline.last_day.to_string(), deadline.provisional)
}

fn refused(query: &Query<'_>) -> DeadlineError {
    compute(&calendar(), &haiyan(), query).expect_err("a refusal")
}

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

#[test]
fn thirty_days_ending_on_a_sunday_end_on_monday() {
    assert_eq!(last(&Query::new("confirmation.apply", date(2022, 7, 1))).0, "2022-08-01");
}

#[test]
fn thirty_days_ending_in_the_national_holiday_end_on_the_make_up_saturday_after_it() {
    let deadline = compute(&calendar(), &haiyan(), &Query::new("confirmation.apply", date(2022, 9, 1))).expect("a day");
    assert_eq!(deadline.last_day, date(2022, 10, 8));
    let moved = deadline.steps.iter().filter(|step| matches!(step, Step::Moved { .. })).count();
    assert_eq!(moved, 7, "1 to 7 October");
    assert!(deadline.steps.contains(&Step::MakeUp { date: date(2022, 10, 8) }));
}

#[test]
fn five_working_days_count_make_up_days_and_leave_out_the_spring_festival() {
    let query = Query::new("mediation.accept", date(2022, 1, 26));
    let deadline = compute(&calendar(), &haiyan(), &query).expect("a day");
    assert_eq!(deadline.last_day, date(2022, 2, 7));
    let skipped = deadline.steps.iter().filter(|step| matches!(step, Step::Skipped { .. })).count();
    let made_up = deadline.steps.iter().filter(|step| matches!(step, Step::MakeUp { .. })).map(Step::date);
    assert_eq!(skipped, 7, "31 January to 6 February");
    assert_eq!(made_up.collect::<Vec<_>>(), [date(2022, 1, 29), date(2022, 1, 30)]);
}

#[test]
fn six_months_from_the_31st_end_at_the_end_of_february() {
    let query = Query::new("suit.administrative", date(2022, 8, 31));
    let deadline = compute(&calendar(), &haiyan(), &query).expect("a day");
    assert_eq!(deadline.last_day, date(2023, 2, 28));
    assert!(deadline.steps.contains(&Step::MonthEnd { date: date(2023, 2, 28) }));
    assert_eq!(last(&Query::new("enforcement.apply", date(2024, 2, 29))).0, "2026-02-28", "a make-up Saturday");
}

#[test]
fn a_session_is_announced_three_days_before_and_the_day_never_moves() {
    // 2022-07-10 is a Sunday, and so is 2022-07-13 minus three.
    let query = Query::new("session.notice", date(2022, 7, 13)).sector(Some("traffic"));
    assert_eq!(last(&query).0, "2022-07-10");
    let query = Query::new("session.change", date(2022, 10, 8)).sector(Some("traffic"));
    assert_eq!(last(&query).0, "2022-10-07", "a holiday");
    let query = Query::new("session.notice", date(2027, 3, 3)).sector(Some("traffic"));
    assert_eq!(last(&query), ("2027-02-28".to_owned(), false), "no working day was asked for");
}

#[test]
fn the_six_months_of_an_interested_person_move_off_a_rest_day_but_are_never_suspended() {
    // 2022-12-31 is a Saturday and a holiday until 2 January.
    assert_eq!(last(&Query::new("objection.interested", date(2022, 6, 30))).0, "2022-12-30");
    assert_eq!(last(&Query::new("objection.interested", date(2022, 7, 1))).0, "2023-01-03");
    let suspended = [(date(2022, 8, 1), date(2022, 8, 2))];
    let query = Query::new("objection.interested", date(2022, 7, 1)).suspended(&suspended);
    assert_eq!(refused(&query), DeadlineError::NotSuspendable { id: "objection.interested".to_owned() });
}

#[test]
fn the_county_may_choose_that_the_interested_persons_last_day_stays() {
    let mut pack = haiyan();
    let rule = pack.rules.iter_mut().find(|rule| rule.id == "objection.interested").expect("the rule");
    rule.rolls = false;
    let deadline = compute(&calendar(), &pack, &Query::new("objection.interested", date(2022, 7, 1))).expect("a day");
    assert_eq!(deadline.last_day, date(2023, 1, 1));
    assert!(deadline.steps.contains(&Step::NotMoved { date: date(2023, 1, 1) }));
}

#[test]
fn only_mediation_can_be_suspended() {
    let may = |key: &str| haiyan().rules.iter().any(|rule| rule.key() == key && rule.suspendable);
    let all = haiyan().rules.into_iter().filter(|rule| rule.suspendable).map(|rule| rule.key()).collect::<Vec<_>>();
    assert_eq!(
        all,
        [
            "mediation.accept",
            "mediation.accept/complex",
            "mediation.period",
            "mediation.period/extended",
            "mediation.period/market",
            "mediation.period/health",
        ]
    );
    assert!(!may("mediation.period/traffic"));
}

#[test]
fn suspended_days_move_the_unrolled_day_until_none_is_added_and_then_it_rolls() {
    // 30 days end on 03-31; ten suspended days lead to 04-10, a Sunday, and five of a second suspension to 04-15.
    let suspended = [(date(2022, 4, 8), date(2022, 4, 12)), (date(2022, 3, 10), date(2022, 3, 19))];
    let query = Query::new("mediation.period", date(2022, 3, 1)).suspended(&suspended);
    let deadline = compute(&calendar(), &haiyan(), &query).expect("a day");
    assert_eq!(deadline.last_day, date(2022, 4, 15));
    let moved = deadline.steps.iter().filter_map(|step| match step {
        Step::Suspended { days, .. } => Some(*days),
        _ => None,
    });
    assert_eq!(moved.collect::<Vec<_>>(), [10, 5]);
}

#[test]
fn a_suspension_on_rest_days_moves_no_working_day_limit() {
    let suspended = [(date(2022, 3, 5), date(2022, 3, 6))];
    let query = Query::new("mediation.accept", date(2022, 3, 1)).suspended(&suspended);
    assert_eq!(last(&query).0, "2022-03-08");
}

#[test]
fn a_suspension_outside_the_period_changes_nothing_and_says_so() {
    let suspended = [(date(2022, 2, 1), date(2022, 3, 1)), (date(2022, 5, 1), date(2022, 5, 9))];
    let query = Query::new("mediation.period", date(2022, 3, 1)).suspended(&suspended);
    let deadline = compute(&calendar(), &haiyan(), &query).expect("a day");
    assert_eq!(deadline.last_day, date(2022, 3, 31));
    assert_eq!(deadline.steps.iter().filter(|step| matches!(step, Step::Outside { .. })).count(), 2);
}

#[test]
fn a_reversed_suspension_is_refused() {
    let (from, to) = (date(2022, 3, 9), date(2022, 3, 8));
    let query = Query::new("mediation.period", date(2022, 3, 1));
    assert_eq!(refused(&query.suspended(&[(from, to)])), DeadlineError::SuspensionReversed { from, to });
}

#[test]
fn a_date_outside_the_calendar_is_refused_with_that_reason_whatever_the_limit() {
    let early = date(2003, 12, 31);
    let before = DeadlineError::Calendar(OutOfCalendar::BeforeFirst { date: early, first: 2004 });
    for id in ["confirmation.apply", "enforcement.apply", "no.such.limit"] {
        assert_eq!(refused(&Query::new(id, early)), before);
    }
    let notice = Query::new("session.notice", date(2004, 1, 2)).sector(Some("traffic"));
    assert!(matches!(refused(&notice), DeadlineError::Calendar(OutOfCalendar::BeforeFirst { .. })));
    for from in [date(2036, 12, 10), date(9999, 12, 31)] {
        let late = refused(&Query::new("confirmation.apply", from));
        assert!(matches!(late, DeadlineError::Calendar(OutOfCalendar::AfterLast { last: 2036, .. })));
    }
    let endless = [(date(2022, 3, 9), date(9999, 12, 31))];
    for sector in [None, Some("market")] {
        let query = Query::new("mediation.period", date(2022, 3, 1)).sector(sector).suspended(&endless);
        assert!(matches!(refused(&query), DeadlineError::Calendar(OutOfCalendar::AfterLast { .. })));
    }
}

#[test]
fn a_result_is_provisional_only_if_a_day_after_the_last_published_year_was_consulted() {
    assert_eq!(last(&Query::new("confirmation.apply", date(2026, 12, 1))), ("2026-12-31".to_owned(), false));
    assert_eq!(last(&Query::new("confirmation.apply", date(2026, 12, 2))), ("2027-01-04".to_owned(), true));
    let calendar = calendar();
    let published = calendar
        .with_published("2027.toml", "[2027]\nrest = [\"01-01\", \"01-04\"]\nwork = [\"01-02\"]\n")
        .expect("a notice");
    let again = compute(&published, &haiyan(), &Query::new("confirmation.apply", date(2026, 12, 2))).expect("a day");
    assert_eq!((again.last_day, again.provisional), (date(2027, 1, 2), false));
}

#[test]
fn the_articles_of_confirmation_follow_the_date_of_the_paper() {
    let basis = |paper| {
        let query = Query::new("confirmation.apply", date(2021, 12, 20)).paper_date(paper);
        compute(&calendar(), &haiyan(), &query).expect("a day").basis
    };
    assert_eq!(basis(date(2021, 12, 31)), "民事诉讼法（2012、2017年文本）第194条");
    assert_eq!(basis(date(2022, 1, 1)), "民事诉讼法（2021年修正）第201条");
    assert_eq!(basis(date(2023, 12, 31)), "民事诉讼法（2021年修正）第201条");
    assert_eq!(basis(date(2024, 1, 1)), "民事诉讼法（2023年修正）第205条");
}

#[test]
fn a_limit_without_a_rule_for_the_sector_names_the_sectors_that_have_one() {
    let from = date(2022, 3, 1);
    let text = refused(&Query::new("session.notice", from)).to_string();
    assert_eq!(text, "limit `session.notice` depends on the sector, and none was given; it has a rule for `traffic`");
    let text = refused(&Query::new("mediation.end_notice", from).sector(Some("police"))).to_string();
    assert_eq!(text, "limit `mediation.end_notice` has no rule for sector `police`; it has a rule for `market`");
    let text = refused(&Query::new("mediation.period", from).sector(Some("trafic"))).to_string();
    assert!(text.contains("no sector `trafic`") && text.contains("`health`, `market`, `traffic`"), "{text}");
    let text =
        refused(&Query::new("mediation.accept", from).sector(Some("market")).variant(Some("complex"))).to_string();
    assert!(text.contains("no variant `complex` for sector `market`; it has only its basic value"), "{text}");
    assert!(matches!(refused(&Query::new("x", from)), DeadlineError::Rule(NoRuleError::UnknownLimit { .. })));
    let query = Query::new("mediation.accept", from).variant(Some("huge"));
    assert!(matches!(refused(&query), DeadlineError::Variant(_)));
}

#[test]
fn a_sector_without_a_rule_of_its_own_uses_the_county_rule() {
    let query = Query::new("mediation.accept", date(2022, 1, 26)).sector(Some("police"));
    assert_eq!(last(&query).0, "2022-02-07");
}

#[test]
fn a_deadline_keeps_its_reasons_through_json() {
    let suspended = [(date(2026, 12, 20), date(2027, 1, 8))];
    let query = Query::new("mediation.period", date(2026, 12, 1)).sector(Some("market")).suspended(&suspended);
    let deadline = compute(&calendar(), &haiyan(), &query).expect("a day");
    let text = serde_json::to_string(&deadline).expect("JSON");
    assert_eq!(serde_json::from_str::<Deadline>(&text).expect("the same"), deadline);
    assert_eq!(deadline.pack, haiyan().hash);
    assert_eq!((deadline.rule.as_str(), deadline.status), ("mediation.period/market", Status::Read));
    let dates = deadline.steps.iter().map(Step::date).collect::<Vec<_>>();
    assert!(dates.is_sorted(), "{dates:?}");
}

#[test]
fn steps_are_told_in_both_languages() {
    let deadline = compute(&calendar(), &haiyan(), &Query::new("confirmation.apply", date(2022, 7, 1))).expect("a day");
    let zh = deadline.steps.iter().map(Step::text_zh).collect::<Vec<_>>();
    assert_eq!(
        zh,
        [
            "2022年7月1日（星期五）为起算之日，不计入",
            "计算30日，至2022年7月31日（星期日）",
            "末日2022年7月31日（星期日）为周末，顺延一日",
            "期间最后一日为2022年8月1日（星期一）",
        ]
    );
    let en = deadline.steps.iter().map(Step::text_en).collect::<Vec<_>>();
    assert_eq!(
        en,
        [
            "Fri 2022-07-01 is the day of the event and is not counted",
            "30 days counted: Sun 2022-07-31",
            "the last day, Sun 2022-07-31, is a weekend and moves to the next day",
            "the last day is Mon 2022-08-01",
        ]
    );
}

#[test]
fn the_list_holds_every_limit_of_the_law() {
    let listed = list(&haiyan());
    let mut ids = listed.iter().map(|limit| limit.id.as_str()).collect::<Vec<_>>();
    ids.dedup();
    assert_eq!(
        ids,
        [
            "letter.send",
            "mediation.apply",
            "mediation.accept",
            "mediation.consent",
            "mediation.period",
            "mediation.end_notice",
            "mediation.transfer",
            "session.notice",
            "session.change",
            "session.second",
            "followup.visit",
            "confirmation.apply",
            "confirmation.supplement",
            "confirmation.docket",
            "confirmation.review",
            "service.notice",
            "objection.party",
            "objection.interested",
            "enforcement.apply",
            "review.apply",
            "suit.administrative",
            "suit.after_review",
            "limitation.civil",
            "arbitration.labour",
            "penalty.decide",
            "penalty.serve",
            "penalty.pay",
            "slip.reminder",
            "slip.supervision",
            "slip.warning",
        ]
    );
    let apply = listed.iter().find(|limit| limit.id == "confirmation.apply").expect("listed");
    assert_eq!(apply.basis.len(), 3);
    assert_eq!(apply.basis[2].text_en, "Civil Procedure Law (2023 text), art. 205");
}

/// id, sector, variant, from, suspended, last day, provisional.
type Counted = (
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    bool,
);

/// Counted by a Python program that shares nothing with this crate: working days to 2026 from the chinesecalendar package
/// 1.11.0, after it weekends and thirteen statutory days whose lunar dates were computed there from lunardate and ephem;
/// the values written down from the law; suspensions added in rounds until none was left; starts drawn with seed 7.
#[rustfmt::skip]
const COUNTED: &[Counted] = &[
    ("letter.send", None, None, "2023-08-19", &[], "2023-08-23", false),
    ("mediation.apply", Some("traffic"), None, "2021-09-09", &[], "2021-09-22", false),
    ("mediation.accept", None, None, "2024-06-05", &[], "2024-06-13", false),
    ("mediation.accept", None, Some("complex"), "2020-07-16", &[], "2020-07-30", false),
    ("mediation.accept", Some("market"), None, "2020-10-23", &[], "2020-11-03", false),
    ("mediation.accept", Some("health"), None, "2026-01-03", &[], "2026-01-08", false),
    ("mediation.consent", None, None, "2021-01-20", &[], "2021-01-27", false),
    ("mediation.period", None, None, "2024-02-06", &[], "2024-03-07", false),
    ("mediation.period", None, Some("extended"), "2020-08-25", &[], "2020-10-26", false),
    ("mediation.period", Some("market"), None, "2025-09-09", &[], "2025-11-17", false),
    ("mediation.period", Some("health"), None, "2022-05-29", &[], "2022-07-11", false),
    ("mediation.period", Some("traffic"), None, "2020-06-02", &[], "2020-06-12", false),
    ("mediation.end_notice", Some("market"), None, "2020-12-18", &[], "2020-12-29", false),
    ("mediation.transfer", None, None, "2024-11-11", &[], "2024-11-14", false),
    ("session.notice", Some("traffic"), None, "2024-09-08", &[], "2024-09-05", false),
    ("session.change", Some("traffic"), None, "2020-10-13", &[], "2020-10-12", false),
    ("session.second", Some("police"), None, "2022-09-12", &[], "2022-09-21", false),
    ("followup.visit", None, None, "2021-01-06", &[], "2021-02-05", false),
    ("confirmation.apply", None, None, "2026-03-07", &[], "2026-04-07", false),
    ("confirmation.docket", None, None, "2024-10-04", &[], "2024-10-08", false),
    ("confirmation.review", None, None, "2020-08-30", &[], "2020-09-29", false),
    ("objection.party", None, None, "2026-05-05", &[], "2026-05-20", false),
    ("objection.interested", None, None, "2021-05-22", &[], "2021-11-22", false),
    ("enforcement.apply", None, None, "2022-07-03", &[], "2024-07-03", false),
    ("review.apply", None, None, "2020-09-10", &[], "2020-11-09", false),
    ("suit.administrative", None, None, "2024-06-12", &[], "2024-12-12", false),
    ("suit.after_review", None, None, "2020-07-22", &[], "2020-08-06", false),
    ("limitation.civil", None, None, "2022-06-24", &[], "2025-06-24", false),
    ("arbitration.labour", None, None, "2020-07-09", &[], "2021-07-09", false),
    ("penalty.decide", None, None, "2026-03-30", &[], "2026-06-29", false),
    ("penalty.serve", None, None, "2021-06-29", &[], "2021-07-08", false),
    ("penalty.pay", None, None, "2023-04-01", &[], "2023-04-17", false),
    ("slip.reminder", None, None, "2024-09-12", &[], "2024-09-20", false),
    ("slip.supervision", None, None, "2021-08-13", &[], "2021-08-27", false),
    ("slip.warning", None, None, "2026-01-23", &[], "2026-01-30", false),
    ("mediation.accept", None, None, "2004-01-10", &[], "2004-01-16", false),
    ("mediation.transfer", None, None, "2006-12-20", &[], "2006-12-25", false),
    ("mediation.accept", Some("health"), None, "2008-09-20", &[], "2008-09-26", false),
    ("mediation.end_notice", Some("market"), None, "2012-12-25", &[], "2013-01-06", false),
    ("slip.supervision", None, None, "2015-08-30", &[], "2015-09-14", false),
    ("session.second", Some("police"), None, "2019-09-25", &[], "2019-10-10", false),
    ("mediation.accept", None, Some("complex"), "2020-01-17", &[], "2020-02-07", false),
    ("mediation.accept", None, None, "2021-09-16", &[], "2021-09-24", false),
    ("mediation.transfer", None, None, "2022-01-26", &[], "2022-01-29", false),
    ("mediation.transfer", None, None, "2023-09-22", &[], "2023-09-27", false),
    ("session.second", Some("police"), None, "2024-02-29", &[], "2024-03-11", false),
    ("mediation.accept", Some("market"), None, "2024-09-12", &[], "2024-09-24", false),
    ("mediation.consent", None, None, "2025-01-24", &[], "2025-02-07", false),
    ("mediation.accept", None, None, "2025-09-26", &[], "2025-10-10", false),
    ("mediation.end_notice", Some("market"), None, "2026-02-11", &[], "2026-02-27", false),
    ("penalty.serve", None, None, "2026-09-18", &[], "2026-09-29", false),
    ("mediation.accept", None, None, "2026-12-28", &[], "2027-01-05", true),
    ("objection.party", None, None, "2026-12-02", &[], "2026-12-17", false),
    ("mediation.apply", Some("traffic"), None, "2027-01-28", &[], "2027-02-09", true),
    ("suit.after_review", None, None, "2028-09-29", &[], "2028-10-16", true),
    ("mediation.consent", None, None, "2029-02-08", &[], "2029-02-21", true),
    ("confirmation.apply", None, None, "2030-01-31", &[], "2030-03-04", true),
    ("penalty.pay", None, None, "2031-09-26", &[], "2031-10-13", true),
    ("confirmation.review", None, None, "2032-04-01", &[], "2032-05-03", true),
    ("session.second", Some("police"), None, "2033-09-05", &[], "2033-09-15", true),
    ("slip.warning", None, None, "2034-02-15", &[], "2034-02-24", true),
    ("mediation.period", Some("traffic"), None, "2035-09-12", &[], "2035-09-24", true),
    ("followup.visit", None, None, "2036-09-28", &[], "2036-10-28", true),
    ("arbitration.labour", None, None, "2024-12-31", &[], "2025-12-31", false),
    ("limitation.civil", None, None, "2025-08-31", &[], "2028-08-31", true),
    ("suit.administrative", None, None, "2026-06-30", &[], "2026-12-30", false),
    ("suit.administrative", None, None, "2026-07-05", &[], "2027-01-05", true),
    ("enforcement.apply", None, None, "2033-03-01", &[], "2035-03-01", true),
    ("mediation.period", None, None, "2022-03-01", &[("2022-03-20", "2022-03-27")], "2022-04-08", false),
    ("mediation.period", None, Some("extended"), "2022-04-20", &[("2022-05-05", "2022-05-14")], "2022-06-29", false),
    ("mediation.period", Some("market"), None, "2022-09-05", &[("2022-09-17", "2022-09-27"), ("2022-09-25", "2022-10-09"), ("2022-09-11", "2022-09-30")], "2022-12-05", false),
    ("mediation.period", Some("health"), None, "2023-01-09", &[("2023-01-09", "2023-01-25")], "2023-03-08", false),
    ("mediation.accept", None, None, "2023-09-18", &[("2023-09-20", "2023-09-30"), ("2023-09-19", "2023-10-04")], "2023-10-11", false),
    ("mediation.accept", None, Some("complex"), "2024-05-06", &[("2024-05-04", "2024-05-06"), ("2024-05-27", "2024-06-13")], "2024-05-17", false),
    ("mediation.period", None, None, "2024-09-02", &[("2024-09-24", "2024-10-04"), ("2024-09-09", "2024-09-20"), ("2024-09-18", "2024-10-03")], "2024-10-28", false),
    ("mediation.period", None, Some("extended"), "2025-01-06", &[("2025-01-28", "2025-02-11"), ("2025-01-05", "2025-01-07"), ("2025-01-11", "2025-01-26")], "2025-04-08", false),
    ("mediation.period", Some("market"), None, "2025-09-15", &[("2025-10-03", "2025-10-05"), ("2025-09-13", "2025-09-22"), ("2025-10-02", "2025-10-20")], "2025-12-11", false),
    ("mediation.period", Some("health"), None, "2026-09-01", &[("2026-09-24", "2026-10-08"), ("2026-09-07", "2026-09-19"), ("2026-09-26", "2026-10-07")], "2026-11-09", false),
    ("mediation.accept", None, None, "2026-11-20", &[("2026-12-01", "2026-12-12")], "2026-11-27", false),
    ("mediation.accept", None, Some("complex"), "2027-09-01", &[("2027-09-17", "2027-09-20")], "2027-09-16", true),
];

#[test]
fn deadlines_agree_with_an_independent_count() {
    let (calendar, pack) = (calendar(), haiyan());
    for (id, sector, variant, from, suspended, last_day, provisional) in COUNTED {
        let suspended = suspended.iter().map(|(from, to)| (day(from), day(to))).collect::<Vec<_>>();
        let query = Query::new(id, day(from)).sector(*sector).variant(*variant).suspended(&suspended);
        let deadline = compute(&calendar, &pack, &query).expect("a day");
        assert_eq!((deadline.last_day, deadline.provisional), (day(last_day), *provisional), "{id} from {from}");
    }
}

/// A rule of the county's pack with its place.
fn any_rule() -> impl Strategy<Value = Rule> {
    let rules = haiyan().rules;
    (0..rules.len()).prop_map(move |n| rules[n].clone())
}

/// Early enough for three years to end inside the table of statutory days.
fn any_day() -> impl Strategy<Value = Date> {
    (0_i64..10_500).prop_map(|n| date(2004, 1, 15).checked_add(n.days()).expect("a date"))
}

fn of(rule: &Rule, from: Date) -> Query<'_> {
    Query::new(&rule.id, from).sector(rule.sector.as_deref()).variant(Some(rule.variant.name()))
}

proptest! {
    #[test]
    fn a_later_start_never_gives_an_earlier_last_day(rule in any_rule(), from in any_day(), later in 0_i64..40) {
        let (calendar, pack) = (calendar(), haiyan());
        let after = from.checked_add(later.days()).expect("a date");
        let first = compute(&calendar, &pack, &of(&rule, from)).expect("a day");
        let second = compute(&calendar, &pack, &of(&rule, after));
        // Near the end of the table the later one may be refused.
        if let Ok(second) = second {
            prop_assert!(first.last_day <= second.last_day);
        }
    }

    #[test]
    fn a_forward_limit_ends_after_its_start_and_on_a_working_day_when_it_rolls(rule in any_rule(), from in any_day()) {
        let calendar = calendar();
        let deadline = compute(&calendar, &haiyan(), &of(&rule, from)).expect("a day");
        prop_assert_eq!(deadline.last_day < from, rule.backwards);
        prop_assert_ne!(deadline.last_day, from);
        if rule.rolls || rule.unit == Unit::WorkingDays {
            prop_assert!(calendar.day(deadline.last_day).expect("known").kind.is_working());
        }
        prop_assert_eq!(deadline.steps.last(), Some(&Step::Ends { date: deadline.last_day }));
    }

    #[test]
    fn a_suspension_never_shortens_and_leaves_exactly_the_days_of_the_limit(
        rule in any_rule().prop_filter("suspendable", |rule| rule.suspendable),
        from in any_day(),
        spans in prop::collection::vec((-5_i64..60, 0_i64..30), 1..4),
    ) {
        let (calendar, pack) = (calendar(), haiyan());
        let suspended = spans.iter().map(|(start, length)| {
            let first = from.checked_add(start.days()).expect("a date");
            (first, first.checked_add(length.days()).expect("a date"))
        }).collect::<Vec<_>>();
        let plain = compute(&calendar, &pack, &of(&rule, from)).expect("a day");
        let moved = compute(&calendar, &pack, &of(&rule, from).suspended(&suspended)).expect("a day");
        prop_assert!(plain.last_day <= moved.last_day);
        let Some(Step::Counted { last, .. }) = moved.steps.iter().find(|step| matches!(step, Step::Counted { .. })) else {
            return Err(TestCaseError::fail("no count"));
        };
        let mut running = 0;
        let mut date = from;
        while date < *last {
            date = date.tomorrow().expect("a date");
            let counts = rule.unit == Unit::Days || calendar.day(date).expect("known").kind.is_working();
            running += u32::from(counts && !suspended.iter().any(|(a, b)| (*a..=*b).contains(&date)));
        }
        prop_assert_eq!(running, rule.value);
    }

    #[test]
    fn provisional_means_that_a_step_or_the_last_day_is_after_the_published_years(rule in any_rule(), from in any_day()) {
        let deadline = compute(&calendar(), &haiyan(), &of(&rule, from)).expect("a day");
        prop_assert_eq!(deadline.provisional, deadline.last_day.year() > 2026 && rule.rolls);
    }
}
