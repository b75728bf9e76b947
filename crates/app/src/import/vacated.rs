//! Posts that nobody holds any more after a roster: nothing is wrong with the row that took the last one away, and somebody
//! should know of it.

use std::collections::BTreeMap;

use yanhe_core::policy::Role;

use super::outcome::Came;
use super::roster::POST;
use super::{Parsed, Record, Refused};
use crate::App;
use crate::error::AppError;

impl App {
    /// The rows that gave the last one of an organ or court another post, by what stands after the whole file.
    pub(super) async fn vacated(&self, rows: &[Parsed], came: &[Came]) -> Result<Vec<Refused>, AppError> {
        let mut vacated = Vec::new();
        for (parsed, came_to) in rows.iter().zip(came) {
            let (Ok(Record::Staff(row)), Came::Updated(_, _, changed)) = (&parsed.result, came_to) else { continue };
            let Some(post) = changed.iter().find(|changed| changed.column == POST) else { continue };
            let role = Role::of_post(&post.before);
            let staff = self.reader.staff(&row.organ.code).await?.into_iter().filter(|member| member.active);
            let mut posts: BTreeMap<_, _> = staff.map(|m| (m.stream, Role::of_post(&m.post))).collect();
            for (parsed, came) in rows.iter().zip(came) {
                if let (Ok(Record::Staff(other)), Came::Stored(stream) | Came::Updated(stream, ..)) =
                    (&parsed.result, came)
                    && other.organ.code == row.organ.code
                {
                    posts.insert(stream.clone(), Role::of_post(&other.post));
                }
            }
            if posts.values().all(|held| *held != role) {
                let (organ, post) = (&row.organ.name, &post.before);
                vacated.push(Refused {
                    sheet: parsed.sheet.clone(),
                    row: parsed.row,
                    column: POST.to_owned(),
                    reason_zh: format!("{}原来是{organ}最后一名{post}，改任以后没有人任这个岗位", row.name),
                    reason_en: format!("{} was the last {post} of {organ}: nobody holds this post any more", row.name),
                });
            }
        }
        Ok(vacated)
    }
}
