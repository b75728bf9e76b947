//! A case as its pages and forms need it: state, version, today, the organ's staff by name, and names of everybody.

use std::collections::BTreeMap;

use yanhe_app::Contextual;
use yanhe_core::dossier::{self, Dossier, State, everybody, taking_part};
use yanhe_core::party::Party;
use yanhe_core::policy::{self, Act, Actor, Role};
use yanhe_core::values::Money;
use yanhe_core::{Date, PersonId, StreamId, StreamKind, staff};

use crate::site::{Fault, Site, Visitor};
use crate::text::Lang;

/// A member of an organ's staff.
#[derive(Clone, Debug)]
pub struct Member {
    /// Staff stream.
    pub stream: StreamId,
    /// Name.
    pub name: String,
    /// What they are.
    pub role: Role,
}

/// A case, loaded for somebody who may read it.
pub struct Case {
    /// The program.
    pub site: Site,
    /// Who reads.
    pub actor: Actor,
    /// The reader's language.
    pub lang: Lang,
    /// Today in the county.
    pub today: Date,
    /// The case.
    pub stream: StreamId,
    /// Its state.
    pub state: State,
    /// Its version.
    pub version: i64,
    /// Staff of the organ.
    pub staff: Vec<Member>,
}

/// The staff of an organ or court, by name.
///
/// # Errors
/// When the database fails.
pub async fn members(site: &Site, body: &str) -> Result<Vec<Member>, Fault> {
    let rows = site.app.reader.staff(body).await?;
    let names: Vec<_> = rows.iter().map(|row| (&row.stream, &row.name)).collect();
    site.app.prepare_names(&names).await?;
    let mut members = Vec::new();
    for row in rows {
        let Some(role) = Role::of_post(&row.post).filter(|_| row.active) else { continue };
        let name = site.app.name(&row.stream, row.name.as_ref()).await?;
        members.push(Member { stream: row.stream, name, role });
    }
    members.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(members)
}

impl Case {
    /// Loads a case for a member of staff who may read it.
    ///
    /// # Errors
    /// Not found, not allowed, or the database fails.
    pub async fn load(site: &Site, visitor: &Visitor, key: &str) -> Result<Self, Fault> {
        visitor.staff()?;
        let stream = StreamId::parse(&StreamId::new(StreamKind::Dossier, key).to_string()).ok_or(Fault::Address)?;
        let app = &site.app;
        let loaded = app.load::<Dossier>(&stream).await?;
        let state = loaded.state.ok_or(yanhe_app::AppError::NotFound)?;
        // How somebody stands to a case that is there, its state alone says.
        let subject = <Dossier as Contextual>::subject(&stream, Some(&state), &dossier::Context::default());
        // Who may not read it is not told that it is there.
        policy::may(&visitor.actor, Act::ReadDossier, &subject).map_err(|_| yanhe_app::AppError::NotFound)?;
        let staff = members(site, &state.organ).await?;
        Ok(Self {
            site: site.clone(),
            actor: visitor.actor.clone(),
            lang: visitor.lang(),
            today: app.today(),
            stream,
            state,
            version: loaded.version,
            staff,
        })
    }

    /// The address of its page.
    pub fn href(&self) -> String {
        format!("/dossier/{}", self.stream.key())
    }

    /// May the reader do this to it at all?
    pub fn may(&self, act: Act) -> bool {
        let subject = <Dossier as Contextual>::subject(&self.stream, Some(&self.state), &dossier::Context::default());
        policy::may(&self.actor, act, &subject).is_ok()
    }

    /// The name of a party.
    pub fn party(&self, person: &PersonId) -> String {
        let found = everybody(&self.state).map(|(_, p)| p).find(|p| p.person == *person);
        found.map_or_else(String::new, |p| p.name.text().to_owned())
    }

    /// The name of a signer: `party/PERSON` or a staff stream.
    pub fn signer(&self, signer: &str) -> String {
        match signer.strip_prefix("party/") {
            Some(person) => self.party(&PersonId(person.to_owned())),
            None => self.staff_name(signer),
        }
    }

    /// The name of a member of the organ's staff, or of the mediator, who may have left.
    pub fn staff_name(&self, stream: &str) -> String {
        let here = self.staff.iter().find(|m| m.stream.as_str() == stream).map(|m| m.name.clone());
        let mediator = self.state.mediator.as_ref().filter(|m| m.staff == stream);
        here.or_else(|| mediator.map(|m| m.name.text().to_owned())).unwrap_or_default()
    }

    /// Everybody of the case, applicants first.
    pub fn people(&self) -> Vec<Party> {
        everybody(&self.state).map(|(_, p)| p.clone()).collect()
    }

    /// The parties as choices of a form: person and name with role.
    pub fn sides(&self) -> Vec<(String, String)> {
        taking_part(&self.state)
            .map(|(role, p)| (p.person.0.clone(), self.lang.bracket(p.name.text(), self.lang.name("label", role))))
            .collect()
    }

    /// Names of those who acted. Who is on the organ's staff is known already; others are looked up, each once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn actors(&self, ids: Vec<String>) -> Result<BTreeMap<String, String>, Fault> {
        let (mut names, mut others) = (BTreeMap::new(), Vec::new());
        for id in ids {
            match self.staff.iter().find(|member| member.stream.as_str() == id) {
                Some(member) => {
                    names.insert(id, titled(self.lang, &member.name, member.role));
                }
                None => others.push(id),
            }
        }
        names.extend(actors(&self.site, self.lang, &self.people(), others).await?);
        Ok(names)
    }

    /// All parties of one side, by name.
    pub fn names(&self, applicants: bool) -> String {
        let side = everybody(&self.state).filter(|(role, _)| (*role == "applicant") == applicants);
        self.lang.list(&side.map(|(_, p)| p.name.text()).collect::<Vec<_>>())
    }

    /// In the reader's language, of a pack's pair of names.
    pub fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        pick(self.lang, zh, en)
    }
}

/// Of two names the one in the reader's language.
pub fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// A sum in yuan as pages show it: `1,234.50`; as written when it is out of range.
pub fn yuan(fen: i64) -> String {
    Money::from_fen(fen).map_or_else(|_| fen.to_string(), |money| money.to_string())
}

/// A sum in capital numerals; empty when it is out of range.
pub fn capital(fen: i64) -> String {
    Money::from_fen(fen).map_or_else(|_| String::new(), Money::capital)
}

fn titled(lang: Lang, name: &str, role: Role) -> String {
    lang.bracket(name, lang.name("role", role.name()))
}

/// Names of those who acted, each looked up once: `staff/KEY`, `party/PERSON`, `system`.
///
/// # Errors
/// When the database fails.
pub async fn actors(
    site: &Site,
    lang: Lang,
    parties: &[Party],
    ids: Vec<String>,
) -> Result<BTreeMap<String, String>, Fault> {
    let mut names = BTreeMap::new();
    for id in ids {
        if names.contains_key(&id) {
            continue;
        }
        let name = match id.split_once('/') {
            Some(("party", person)) => {
                let found = parties.iter().find(|p| p.person.0 == person);
                found.map_or_else(|| lang.name("role", "party").to_owned(), |p| p.name.text().to_owned())
            }
            Some(("staff", key)) => {
                let stream = StreamId::new(StreamKind::Staff, key);
                match site.app.state::<staff::Staff>(&stream).await? {
                    Some(found) => titled(lang, found.profile.name.text(), found.profile.role()),
                    None => String::new(),
                }
            }
            _ => lang.name("role", &id).to_owned(),
        };
        names.insert(id, name);
    }
    Ok(names)
}
