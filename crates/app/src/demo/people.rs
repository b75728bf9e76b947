//! Who acts in the play: the staff of the roster, signed in as themselves.

use std::collections::BTreeMap;

use yanhe_core::policy::{Actor, Role};
use yanhe_core::{Personal, StreamId, StreamKind, staff};

use super::DemoError;
use crate::App;
use crate::error::AppError;
use crate::handle::Request;

/// The staff of one organ.
#[derive(Clone, Debug, Default)]
pub struct Bench {
    /// Clerks.
    pub clerks: Vec<Actor>,
    /// Mediators.
    pub mediators: Vec<Actor>,
    /// Leaders.
    pub leaders: Vec<Actor>,
}

/// Everybody.
#[derive(Clone, Debug)]
pub struct People {
    /// By organ code.
    pub organs: BTreeMap<String, Bench>,
    /// The studio.
    pub studio: Actor,
    /// The court's clerk.
    pub court_clerk: Actor,
    /// The judge.
    pub judge: Actor,
}

impl People {
    /// Reads the roster as imported.
    pub async fn load(app: &App) -> Result<Self, DemoError> {
        let mut organs = BTreeMap::new();
        let (mut studio, mut court_clerk, mut judge) = (None, None, None);
        let bodies: Vec<String> =
            app.pack.organs.iter().map(|o| o.code.clone()).chain([app.pack.court.code.clone()]).collect();
        for body in bodies {
            let mut bench = Bench::default();
            for row in app.staff_of(&body).await? {
                let actor = row.actor;
                match actor.role {
                    Role::Clerk => bench.clerks.push(actor),
                    Role::Mediator => bench.mediators.push(actor),
                    Role::Leader => bench.leaders.push(actor),
                    Role::Studio => studio = studio.or(Some(actor)),
                    Role::CourtClerk => court_clerk = Some(actor),
                    Role::Judge => judge = Some(actor),
                    _ => {}
                }
            }
            organs.insert(body, bench);
        }
        Ok(Self {
            organs,
            studio: studio.ok_or(AppError::NotFound)?,
            court_clerk: court_clerk.ok_or(AppError::NotFound)?,
            judge: judge.ok_or(AppError::NotFound)?,
        })
    }

    /// An organ's staff; empty for an unknown one.
    pub fn bench(&self, organ: &str) -> Bench {
        self.organs.get(organ).cloned().unwrap_or_default()
    }
}

/// Organs with more cases than one clerk and one mediator can bear: code, post, name, phone and ID number of who came.
const NEW_STAFF: [(&str, &str, &str, &str, &str); 4] = [
    ("shichang", "经办人", "冯玉兰", "19900009101", "330499198504120425"),
    ("shichang", "调解员", "褚卫东", "19900009102", "330499197903080518"),
    ("renshe", "经办人", "卫春燕", "19900009103", "330499199002170646"),
    ("renshe", "调解员", "蒋立新", "19900009104", "330499198111230754"),
];

/// The studio takes on a second clerk and a second mediator in the busiest organs, so that a case can change hands.
pub async fn reinforce(app: &App, studio: &Actor) -> Result<(), AppError> {
    for (body, post, name, phone, document) in NEW_STAFF {
        if app.pack.organ(body).is_none() {
            continue;
        }
        let stream = StreamId::derived(StreamKind::Staff, &["demo", body, post]);
        let person = yanhe_core::Ids::new(app.entropy_for(&format!("staff/{body}/{post}"))).person();
        let value = |text: &str| Personal::new(&person, text.to_owned());
        let profile = staff::Profile {
            body: body.to_owned(),
            post: post.to_owned(),
            name: value(name),
            phone: value(phone),
            document: value(document),
            person: person.clone(),
        };
        let request = Request::one(
            studio,
            format!("demo/{stream}"),
            &stream,
            staff::Command::Roster { profile: Box::new(profile) },
        );
        app.handle(request).await?;
    }
    Ok(())
}

impl Bench {
    /// The clerk who handles things.
    pub fn clerk(&self) -> Result<Actor, AppError> {
        self.clerks.first().cloned().ok_or(AppError::NotFound)
    }

    /// The leader.
    pub fn leader(&self) -> Result<Actor, AppError> {
        self.leaders.first().cloned().ok_or(AppError::NotFound)
    }
}
