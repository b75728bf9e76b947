//! Instants and civil dates of the county. Limits count in China Standard Time (UTC+8, no summer time
//! since 1991), so a fixed offset is exact for every date the program can hold.

use jiff::tz::Offset;

pub use jiff::Timestamp;
pub use jiff::civil::{Date, DateTime, Time};

/// The county's offset from UTC.
pub const COUNTY: Offset = Offset::constant(8);

/// No matter and no event of an organ is older: what bears an earlier date was mistyped.
pub const EARLIEST: Date = Date::constant(1990, 1, 1);

/// The civil date in the county at an instant.
pub fn county_date(at: Timestamp) -> Date {
    COUNTY.to_datetime(at).date()
}

/// The civil date and time in the county at an instant.
pub fn county_time(at: Timestamp) -> DateTime {
    COUNTY.to_datetime(at)
}

/// When a limit is over that ends with this day: the beginning of the next one.
pub fn after(day: Date) -> Timestamp {
    at_county(day.tomorrow().unwrap_or(day).to_datetime(jiff::civil::Time::midnight()))
}

/// The instant of a civil time in the county. Out of range (year 9999) saturates to the largest instant.
pub fn at_county(time: DateTime) -> Timestamp {
    COUNTY.to_timestamp(time).unwrap_or(Timestamp::MAX)
}
