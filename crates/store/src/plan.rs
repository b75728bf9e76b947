//! The statements that a commit becomes: the same list whatever database plays it.

use std::collections::HashMap;
use std::sync::LazyLock;

use yanhe_core::{Cell, StreamId, Table, tables};
use yanhe_store_read::{Kept, Statement, StoreError, Value};

use crate::commit::{Commit, Guard, JobChange, Part, RowChange, WrappedKey};
use crate::{statements, tally};

/// One statement with its values.
#[derive(Clone, Debug)]
pub struct Step {
    /// The statement.
    pub statement: &'static Statement,
    /// `$1..$n`.
    pub params: Vec<Value>,
    /// What it means when a constraint raises; `None`: a fault of the program.
    pub guards: Option<Guards>,
}

/// What a raising constraint stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guards {
    /// The key was used before.
    Receipt,
    /// Something is not as the decision saw it: a stream, or a claim's table.
    Seen(String),
}

impl Step {
    /// A step that no constraint should stop.
    pub(crate) fn new(statement: &'static Statement, params: Vec<Value>) -> Self {
        Self { statement, params, guards: None }
    }

    /// A step whose constraint is a guard.
    pub(crate) fn guard(statement: &'static Statement, params: Vec<Value>, seen: &str) -> Self {
        Self { statement, params, guards: Some(Guards::Seen(seen.to_owned())) }
    }
}

statements! {
    RECEIPT = "INSERT INTO receipt (jurisdiction, key, actor, command, receipt) VALUES ($1, $2, $3, $4, $5)";
    // Inserts a null, and so raises, unless the stream is as the decision saw it. Writes nothing when it is.
    GUARD = "INSERT INTO guard (jurisdiction, stream, held) SELECT $1, $2, NULL WHERE \
             COALESCE((SELECT version FROM head WHERE jurisdiction = $1 AND stream = $2 /* shared */), 0) <> $3";
    HEAD_NEW = "INSERT INTO head (jurisdiction, stream, version, hash, snapshot) VALUES ($1, $2, $3, $4, $5)";
    // Null, and so refused, when the stream is not as the decision saw it.
    HEAD_MOVE = "UPDATE head SET version = CASE WHEN version = $3 AND hash = $4 THEN version + $5 END, \
                 hash = $6, snapshot = $7 WHERE jurisdiction = $1 AND stream = $2";
    HEAD_KEEP = "UPDATE head SET version = CASE WHEN version = $3 THEN version END, snapshot = $4 \
                 WHERE jurisdiction = $1 AND stream = $2";
    // The version is counted back from the head, and so null, and refused, when there is no such stream.
    EVENT = "INSERT INTO event (jurisdiction, stream, version, position, at, actor, kind, body_version, body, prev, hash) \
             VALUES ($1, $2, (SELECT version FROM head WHERE jurisdiction = $1 AND stream = $2) - $3, \
             next_position($1), $4, $5, $6, $7, $8, $9, $10)";
    UNSEALED = "INSERT INTO unsealed (jurisdiction, position, stream, version) \
                SELECT jurisdiction, position, stream, version FROM event \
                WHERE jurisdiction = $1 AND stream = $2 AND version = $3";
    KEY = "INSERT INTO wrapped_key (jurisdiction, stream, person, master, wrapped) VALUES ($1, $2, $3, $4, $5)";
    JOB = "INSERT INTO job (jurisdiction, owner, name, due, stream, command, attempts, lease_until) \
           VALUES ($1, $2, $3, $4, $5, $6, 0, 0) ON CONFLICT (jurisdiction, owner, name) DO UPDATE SET \
           due = excluded.due, stream = excluded.stream, command = excluded.command, attempts = 0, lease_until = 0";
    JOB_CANCEL = "DELETE FROM job WHERE jurisdiction = $1 AND owner = $2 AND name = $3";
    MESSAGE = "INSERT INTO message (jurisdiction, id, channel, to_index, body, about, at, sent_at, attempts, lease_until) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 0, 0)";
}

struct TableSql {
    put: Statement,
    claim: Statement,
    delete: Statement,
    /// For each cell: is it kept text?
    kept: Vec<bool>,
}

/// Columns of the read model that hold [`Kept`] text, encoded by `app`: the blobs of the schema.
pub const KEPT: &[(&str, &str)] = &[
    ("work", "party"),
    ("matter", "subject_name"),
    ("matter", "complainant"),
    ("paper", "addressee"),
    ("dossier", "applicant"),
    ("dossier", "respondent"),
    ("takes_part", "name"),
    ("staff", "name"),
    ("staff", "phone"),
    ("expert", "name"),
];

static TABLES: LazyLock<HashMap<&'static str, TableSql>> =
    LazyLock::new(|| tables::ALL.iter().map(|table| (table.name, table_sql(table))).collect());

fn table_sql(table: &'static Table) -> TableSql {
    let numbered = |names: &[&str]| -> Vec<String> {
        names.iter().enumerate().map(|(i, name)| format!("{name} = ${}", i + 2)).collect()
    };
    let names = [table.key, table.columns].concat();
    let places: Vec<String> = (1..=names.len() + 1).map(|n| format!("${n}")).collect();
    let insert =
        format!("INSERT INTO {} (jurisdiction, {}) VALUES ({})", table.name, names.join(", "), places.join(", "));
    let set: Vec<String> = table.columns.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    let keys = table.key.join(", ");
    let update = if set.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", set.join(", ")) };
    let delete =
        format!("DELETE FROM {} WHERE jurisdiction = $1 AND {}", table.name, numbered(table.key).join(" AND "));
    TableSql {
        put: Statement::made(table.name, format!("{insert} ON CONFLICT (jurisdiction, {keys}) DO {update}")),
        claim: Statement::made(table.name, insert),
        delete: Statement::made(table.name, delete),
        kept: names.iter().map(|name| KEPT.contains(&(table.name, name))).collect(),
    }
}

/// The statements made from the tables of the read model.
pub(crate) fn table_statements() -> Vec<&'static Statement> {
    TABLES.values().flat_map(|sql| [&sql.put, &sql.claim, &sql.delete]).collect()
}

/// The steps of a commit, in order: receipt, guards and heads, entries, rows, keys, jobs, messages. Guards and heads are
/// taken in the order of their streams' names, so that two commits never wait for each other.
///
/// # Errors
/// [`StoreError::Shape`] when the commit contradicts itself: versions that do not follow, a broken chain, a cell that
/// is not sealed, a row of the wrong width, a stream named twice.
pub fn steps(commit: &Commit) -> Result<Vec<Step>, StoreError> {
    let shard = || Value::from(&commit.jurisdiction);
    let mut steps = Vec::new();
    let key = &commit.key;
    steps.push(Step {
        statement: &RECEIPT,
        params: vec![
            shard(),
            (&key.key).into(),
            (&key.actor).into(),
            key.command.as_slice().into(),
            (&commit.receipt).into(),
        ],
        guards: Some(Guards::Receipt),
    });
    let guard = |guard: &Guard| {
        let params = vec![shard(), (&guard.stream).into(), guard.version.into()];
        Step::guard(&GUARD, params, guard.stream.as_str())
    };
    let mut seen: Vec<(&StreamId, Step)> = commit.guards.iter().map(|g| (&g.stream, guard(g))).collect();
    for part in &commit.parts {
        seen.push((&part.stream, head(commit, part)?));
    }
    seen.sort_by(|a, b| a.0.cmp(b.0));
    if seen.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(StoreError::Shape("a stream stands twice in one commit".into()));
    }
    steps.extend(seen.into_iter().map(|(_, step)| step));
    for part in &commit.parts {
        entries(commit, part, &mut steps)?;
    }
    for part in &commit.parts {
        let mut counted = 0;
        for change in &part.rows {
            row(&commit.jurisdiction, part, change, &mut counted, &mut steps)?;
        }
    }
    steps.extend(commit.keys.iter().map(|key| key_step(&commit.jurisdiction, key)));
    steps.extend(commit.jobs.iter().map(|job| job_step(&commit.jurisdiction, job)));
    for message in &commit.messages {
        let params = vec![
            shard(),
            (&message.id).into(),
            (&message.channel).into(),
            (&message.to_index).into(),
            message.body.as_slice().into(),
            (&message.about).into(),
            message.at.into(),
        ];
        steps.push(Step::guard(&MESSAGE, params, "message"));
    }
    Ok(steps)
}

/// The wrapped key of a person.
pub(crate) fn key_step(jurisdiction: &str, key: &WrappedKey) -> Step {
    let params = vec![
        jurisdiction.into(),
        (&key.stream).into(),
        (&key.person).into(),
        (&key.master).into(),
        key.wrapped.as_slice().into(),
    ];
    Step::guard(&KEY, params, "wrapped_key")
}

/// A timer set or forgotten.
pub(crate) fn job_step(jurisdiction: &str, job: &JobChange) -> Step {
    let shard = Value::from(jurisdiction);
    match job {
        JobChange::Set { owner, name, due, stream, command } => Step::new(
            &JOB,
            vec![shard, owner.into(), name.into(), (*due).into(), stream.into(), command.as_slice().into()],
        ),
        JobChange::Cancel { owner, name } => Step::new(&JOB_CANCEL, vec![shard, owner.into(), name.into()]),
    }
}

fn head(commit: &Commit, part: &Part) -> Result<Step, StoreError> {
    let shard = Value::from(&commit.jurisdiction);
    let stream = Value::from(&part.stream);
    let snapshot = Value::from(part.snapshot.as_slice());
    let seen = part.stream.as_str();
    let (Some(first), Some(last)) = (part.entries.first(), part.entries.last()) else {
        if part.expected == 0 {
            return Err(StoreError::Shape(format!("`{seen}`: a new stream without entries")));
        }
        return Ok(Step::guard(&HEAD_KEEP, vec![shard, stream, part.expected.into(), snapshot], seen));
    };
    let new = part.entries.len() as i64;
    let hash = Value::from(&last.hash()[..]);
    Ok(if part.expected == 0 {
        Step::guard(&HEAD_NEW, vec![shard, stream, new.into(), hash, snapshot], seen)
    } else {
        let prev = Value::from(&first.prev[..]);
        Step::guard(&HEAD_MOVE, vec![shard, stream, part.expected.into(), prev, new.into(), hash, snapshot], seen)
    })
}

fn entries(commit: &Commit, part: &Part, steps: &mut Vec<Step>) -> Result<(), StoreError> {
    let seen = part.stream.as_str();
    let mut before = None;
    for (i, entry) in part.entries.iter().enumerate() {
        let follows = entry.version == part.expected + 1 + i as i64
            && entry.stream == seen
            && entry.jurisdiction == commit.jurisdiction
            && before.is_none_or(|hash| hash == entry.prev);
        if !follows {
            return Err(StoreError::Shape(format!("`{seen}`: version {} does not follow", entry.version)));
        }
        let hash = entry.hash();
        before = Some(hash);
        let back = (part.entries.len() - 1 - i) as i64;
        let params = vec![
            Value::from(&commit.jurisdiction),
            seen.into(),
            back.into(),
            entry.at.into(),
            (&entry.actor).into(),
            (&entry.kind).into(),
            entry.body_version.into(),
            entry.body.as_slice().into(),
            (&entry.prev[..]).into(),
            (&hash[..]).into(),
        ];
        steps.push(Step::guard(&EVENT, params, seen));
        steps.push(Step::new(&UNSEALED, vec![Value::from(&commit.jurisdiction), seen.into(), entry.version.into()]));
    }
    Ok(())
}

fn row(
    jurisdiction: &str,
    part: &Part,
    change: &RowChange,
    counted: &mut i64,
    steps: &mut Vec<Step>,
) -> Result<(), StoreError> {
    if let RowChange::Tally(act) = change {
        let place = (part.expected + part.entries.len() as i64, *counted);
        *counted += 1;
        steps.extend(tally::steps(jurisdiction, part.stream.as_str(), place, act));
    } else {
        steps.push(table_step(jurisdiction, change)?);
    }
    Ok(())
}

/// A change of one table of the read model.
pub(crate) fn table_step(jurisdiction: &str, change: &RowChange) -> Result<Step, StoreError> {
    let (table, cells, wanted) = match change {
        RowChange::Put(table, cells) | RowChange::Claim(table, cells) => {
            (table, cells, table.key.len() + table.columns.len())
        }
        RowChange::Delete(table, cells) => (table, cells, table.key.len()),
        RowChange::Tally(act) => return Err(StoreError::Shape(format!("`{}` is no row", act.name))),
    };
    let sql = TABLES.get(table.name).ok_or_else(|| StoreError::Shape(format!("no table `{}`", table.name)))?;
    if cells.len() != wanted {
        return Err(StoreError::Shape(format!("`{}`: {} cells instead of {wanted}", table.name, cells.len())));
    }
    let mut params = vec![Value::from(jurisdiction)];
    for (cell, kept) in cells.iter().zip(&sql.kept) {
        params.push(value(cell, *kept).ok_or_else(|| {
            StoreError::Shape(format!("`{}`: a cell that `app` must seal, keep or index", table.name))
        })?);
    }
    Ok(match change {
        RowChange::Claim(..) => Step::guard(&sql.claim, params, table.name),
        RowChange::Delete(..) => Step::new(&sql.delete, params),
        _ => Step::new(&sql.put, params),
    })
}

/// A cell as it is stored; `None` for one that `app` had to seal or index before.
fn value(cell: &Cell, kept: bool) -> Option<Value> {
    Some(match cell {
        Cell::Null => Value::Null,
        // Never open where it should have been kept: neither text nor bytes of another make.
        Cell::Text(_) | Cell::Int(_) if kept => return None,
        Cell::Blob(bytes) if kept && Kept::from_bytes(bytes).is_none() => return None,
        Cell::Int(n) => Value::Int(*n),
        Cell::Text(text) => Value::Text(text.clone()),
        Cell::Blob(bytes) => Value::Blob(bytes.clone()),
        Cell::Open(_) | Cell::Sealed(..) | Cell::Index(..) => return None,
    })
}
