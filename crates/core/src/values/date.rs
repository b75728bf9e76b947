//! Dates as offices write them.

use super::{ValueError, half_width};
use crate::Date;
use crate::time::DateTime;

/// Reads a date: `2022-05-08`, `2022/6/16`, `2022.6.15`, `20220508`, `2022年5月5日`, `二〇二二年五月五日`, full-width
/// digits, and a time behind it that is not used.
///
/// # Errors
/// Not a date, a day that does not exist (30 February), no year, or a year outside 1900 to 2100.
pub fn parse_date(text: &str) -> Result<Date, ValueError> {
    parse_date_time(text).map(DateTime::date)
}

/// Reads a date with a time of day behind it (`14:27`, `14:27:00`, `14时27分`, `下午2:27`, `2:27 PM`); without one it is
/// midnight.
///
/// # Errors
/// As for [`parse_date`], or a time of day that does not exist.
pub fn parse_date_time(written: &str) -> Result<DateTime, ValueError> {
    let half = half_width(written);
    let text = half.trim();
    if text.is_empty() {
        return Err(ValueError::Empty);
    }
    let (date, time) = match text.split_once(['日', '号']) {
        Some((date, time)) => (date, time),
        None => text.split_once([' ', 'T']).unwrap_or((text, "")),
    };
    let date = day(date, text)?;
    let (hour, minute, second) =
        time_of_day(time.trim()).ok_or_else(|| ValueError::NotATime { text: text.to_owned() })?;
    Ok(date.at(hour, minute, second, 0))
}

fn day(date: &str, text: &str) -> Result<Date, ValueError> {
    let not_a_date = || ValueError::NotADate { text: text.to_owned() };
    let date: String = date.chars().filter(|c| !c.is_whitespace()).collect();
    let parts: Vec<&str> = if date.contains(['年', '月']) {
        date.split(['年', '月']).collect()
    } else if date.len() == 8 && date.bytes().all(|b| b.is_ascii_digit()) {
        vec![&date[..4], &date[4..6], &date[6..]]
    } else {
        let separator = date.chars().find(|c| !c.is_ascii_digit()).ok_or_else(not_a_date)?;
        if !matches!(separator, '-' | '/' | '.') {
            return Err(not_a_date());
        }
        date.split(separator).collect()
    };
    let number = |part: &str| numeral(part).ok_or_else(not_a_date);
    match parts.as_slice() {
        [year, month, day] => {
            // A year of two digits could be two years.
            if year.chars().count() != 4 {
                return Err(not_a_date());
            }
            let (year, month, day) = (number(year)?, number(month)?, number(day)?);
            if !(1900..=2100).contains(&year) {
                return Err(ValueError::YearOutOfRange { text: text.to_owned() });
            }
            exists(year, month, day).ok_or_else(|| ValueError::NoSuchDay { text: text.to_owned() })
        }
        // 2 月 30 日 exists in no year, so the missing year is not what is wrong with it. 2000 is a leap year.
        [month, day] if !date.contains('年') && date.contains('月') => {
            match exists(2000, number(month)?, number(day)?) {
                Some(_) => Err(ValueError::NoYear { text: text.to_owned() }),
                None => Err(ValueError::NoSuchDay { text: text.to_owned() }),
            }
        }
        _ => Err(not_a_date()),
    }
}

fn exists(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A number in digits, or in Chinese numerals up to 99 or digit by digit.
fn numeral(text: &str) -> Option<i16> {
    if text.is_empty() || text.chars().count() > 4 {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let digits = |text: &str| {
        text.chars().try_fold(0i16, |n, c| {
            let d = match c {
                '〇' | '零' | '○' => 0,
                '一' | '元' => 1,
                '二' => 2,
                '三' => 3,
                '四' => 4,
                '五' => 5,
                '六' => 6,
                '七' => 7,
                '八' => 8,
                '九' => 9,
                _ => return None,
            };
            n.checked_mul(10)?.checked_add(d)
        })
    };
    match text.split_once('十') {
        None => digits(text),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { digits(tens)? };
            (tens < 10 && ones.chars().count() < 2).then(|| digits(ones).map(|ones| tens * 10 + ones))?
        }
    }
}

fn time_of_day(text: &str) -> Option<(i8, i8, i8)> {
    if text.is_empty() {
        return Some((0, 0, 0));
    }
    let upper = text.to_ascii_uppercase();
    let half = |marks: [&str; 2]| {
        let [before, behind] = marks;
        upper.strip_prefix(before).or_else(|| upper.strip_suffix(behind)).map(|rest| rest.trim().to_owned())
    };
    let (text, half) = match (half(["上午", "AM"]), half(["下午", "PM"])) {
        (Some(rest), _) => (rest, Some(0)),
        (_, Some(rest)) => (rest, Some(12)),
        _ => (upper, None),
    };
    if text.is_empty() {
        return None;
    }
    let text = text.replace(['时', '点', '分'], ":").replace('秒', "");
    let text = text.trim_end_matches(':');
    let text = text.split_once('.').map_or(text, |(seconds, _)| seconds);
    let mut parts = text.split(':').map(|part| {
        let part = part.trim();
        let digits = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<i8>().ok()).flatten()
    });
    let hour = parts.next()??;
    let minute = parts.next().unwrap_or(Some(0))?;
    let second = parts.next().unwrap_or(Some(0))?;
    let whole = parts.next().is_none() && text.contains(':');
    let hour = match half {
        None => hour,
        Some(from) if hour <= 12 => hour % 12 + from,
        // 下午15:00 is often written; 上午15:00 is no time.
        Some(12) => hour,
        Some(_) => return None,
    };
    (whole && hour < 24 && minute < 60 && second < 60).then_some((hour, minute, second))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_hour_of_half_a_day_is_read_with_its_half() {
        for (text, time) in [
            ("2022/7/10 上午10:00", "10:00"),
            ("2022-07-10 9:05 AM", "09:05"),
            ("2022-07-10 9:05 pm", "21:05"),
            ("2022年7月10日下午3时05分", "15:05"),
            ("2022/7/10 下午12:30:00", "12:30"),
            ("2022/7/10 12:30 AM", "00:30"),
            ("2022/7/10 下午15:00", "15:00"),
        ] {
            let read = parse_date_time(text).map(|at| at.strftime("%Y-%m-%d %H:%M").to_string());
            assert_eq!(read, Ok(format!("2022-07-10 {time}")), "{text}");
        }
        for text in ["2022/7/10 上午15:00", "2022/7/10 上午", "2022/7/10 上午10:00 PM", "2022/7/10 25:00 PM"] {
            assert!(matches!(parse_date_time(text), Err(ValueError::NotATime { .. })), "{text}");
        }
    }

    #[test]
    fn one_day_in_every_format_is_one_day() {
        for text in [
            "2022-05-08",
            "2022/5/8",
            "2022.5.8",
            "2022.05.08",
            "2022年5月8日",
            "2022 年 05 月 08 日",
            "２０２２－０５－０８",
            "２０２２年５月８日",
            "20220508",
            "二〇二二年五月八日",
            "2022年5月8号",
            "2022-05-08 14:27:00",
            "2022-05-08T00:00:00",
            " 2022/05/08　",
        ] {
            assert_eq!(parse_date(text).map(|d| d.to_string()).as_deref(), Ok("2022-05-08"), "{text}");
        }
        assert_eq!(parse_date("二〇二二年十二月三十一日").unwrap().to_string(), "2022-12-31");
    }

    #[test]
    fn the_thirtieth_of_february_does_not_exist() {
        for text in
            ["2022-02-30", "2022年2月30日", "二月三十日", "2月30日", "2022-02-30 09:00:00", "2023-02-29", "2022.13.1"]
        {
            assert!(matches!(parse_date(text), Err(ValueError::NoSuchDay { .. })), "{text}: {:?}", parse_date(text));
        }
        assert_eq!(parse_date("2024-02-29").unwrap().to_string(), "2024-02-29");
    }

    #[test]
    fn a_date_without_a_year_is_refused_for_that() {
        for text in ["五月八日", "5月8日", "2月29日"] {
            assert!(matches!(parse_date(text), Err(ValueError::NoYear { .. })), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "待定",
            "44636",
            "22-05-08",
            "2022-05",
            "2022年5月",
            "8/5/2022",
            "2022-05/08",
            "2022-5-8-1",
            "2022--8",
            "约2022-05-08",
        ] {
            assert!(matches!(parse_date(text), Err(ValueError::NotADate { .. })), "{text}: {:?}", parse_date(text));
        }
        assert!(matches!(parse_date("0222-05-08"), Err(ValueError::YearOutOfRange { .. })));
        assert_eq!(parse_date(" "), Err(ValueError::Empty));
    }

    #[test]
    fn times_are_read_with_and_without_seconds() {
        for (text, time) in [
            ("2022-03-10 14:27:00", "2022-03-10T14:27:00"),
            ("2022/3/10 9:05", "2022-03-10T09:05:00"),
            ("2022年3月10日14时27分", "2022-03-10T14:27:00"),
            ("2022-03-10T14:27:59.123", "2022-03-10T14:27:59"),
            ("2022-03-10", "2022-03-10T00:00:00"),
        ] {
            assert_eq!(parse_date_time(text).map(|t| t.to_string()).as_deref(), Ok(time), "{text}");
        }
        for text in ["2022-03-10 24:00", "2022-03-10 下午", "2022-03-10 9", "2022-03-10 14:60"] {
            assert!(matches!(parse_date_time(text), Err(ValueError::NotATime { .. })), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_day_is_read_back_from_every_format(offset in 0i32..73000) {
            let date = Date::constant(1900, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap();
            let (y, m, d) = (date.year(), date.month(), date.day());
            for text in [format!("{y}-{m:02}-{d:02}"), format!("{y}/{m}/{d}"), format!("{y}.{m}.{d}"), format!("{y}年{m}月{d}日"), format!("{y}{m:02}{d:02}")] {
                prop_assert_eq!(parse_date(&text), Ok(date), "{}", text);
            }
        }

        #[test]
        fn no_text_makes_parsing_panic(text in "[0-9年月日十二./: -]{0,16}|\\PC{0,20}") {
            let _ = parse_date_time(&text);
        }
    }
}
