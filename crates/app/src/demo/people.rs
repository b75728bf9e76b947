//! Who acts in the play: the staff of the roster, signed in as themselves.

use std::collections::BTreeMap;

use yanhe_core::policy::{Actor, Role};

use super::DemoError;
use crate::App;
use crate::error::AppError;

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
