//! Rows of a list of publicity events (宣传活动).

use serde::{Deserialize, Serialize};
use yanhe_core::Date;
use yanhe_core::publicity::MANNERS;
use yanhe_core::values::{ValueError, normalise, parse_date};

use super::row::{Layout, Row, column, extra};
use super::{Field, OrganRef, Record};

const NAME: &str = "活动名称";
pub(super) const ORGAN: &str = "机关名称";
pub(super) const DATE: &str = "日期";
pub(super) const MANNER: &str = "方式";
const PLACE: &str = "地点或渠道";
const AUDIENCE: &str = "受众人数";
const LEAFLETS: &str = "发放资料份数";
const NOTE: &str = "备注";

pub(super) const LAYOUT: Layout = Layout {
    columns: &[
        column(NAME),
        column(ORGAN),
        column(DATE),
        column(MANNER),
        column(PLACE),
        column(AUDIENCE),
        column(LEAFLETS),
        extra(NOTE),
    ],
    key: ORGAN,
    told: &[NAME, ORGAN, DATE, PLACE],
    parse,
};

/// A publicity event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicityRow {
    /// What it was called.
    pub name: String,
    /// The organ that held it.
    pub organ: OrganRef,
    /// The day.
    pub date: Date,
    /// 线上 or 线下.
    pub manner: String,
    /// Place or channel.
    pub place: String,
    /// People reached.
    pub audience: u32,
    /// Leaflets handed out.
    pub leaflets: u32,
    /// 备注; `None` if the file has no such column.
    pub note: Option<String>,
}

fn manner(text: &str) -> Result<String, ValueError> {
    let word = normalise(text);
    match MANNERS.contains(&word.as_str()) {
        true => Ok(word),
        false => Err(ValueError::UnknownWord { text: word, allowed: MANNERS.join("、") }),
    }
}

fn parse(row: &Row<'_>) -> Option<Record> {
    let name = row.needed_short(NAME);
    let organ = row.organ(ORGAN);
    let date = row.needed(DATE, parse_date);
    let manner = row.needed(MANNER, manner);
    let place = row.needed_short(PLACE);
    let (audience, leaflets) = (row.count(AUDIENCE), row.count(LEAFLETS));
    Some(Record::Publicity(PublicityRow {
        name: name?,
        organ: organ?,
        date: date?,
        manner: manner?,
        place: place?,
        audience,
        leaflets,
        note: row.extra(NOTE),
    }))
}

impl PublicityRow {
    pub(super) fn fields(&self) -> Vec<Field> {
        vec![
            Field::fixed(NAME, &self.name),
            Field::fixed(ORGAN, &self.organ.code),
            Field::fixed(DATE, self.date.to_string()),
            Field::fixed(MANNER, &self.manner),
            Field::fixed(PLACE, &self.place),
            Field::free(AUDIENCE, self.audience.to_string()),
            Field::free(LEAFLETS, self.leaflets.to_string()),
            Field::free_extra(NOTE, self.note.as_ref()),
        ]
    }
}

/// The header under which stands what the law of publicity events names so.
pub(super) fn column_of(part: &str) -> &'static str {
    match part {
        "name" => NAME,
        "date" => DATE,
        "manner" => MANNER,
        "place" => PLACE,
        "note" => NOTE,
        _ => ORGAN,
    }
}
