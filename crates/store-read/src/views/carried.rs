//! Tables that stand beside the journal and move with it as they are, row by row.

use std::sync::LazyLock;

use crate::{Reader, Row, Statement, StoreError, Value};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A number.
    Int,
    /// A text.
    Text,
    /// Bytes.
    Blob,
}

/// A table that moves as it is.
#[derive(Debug)]
pub struct Carried {
    /// Name.
    pub name: &'static str,
    /// How many of the columns, from the first, are its key after the jurisdiction.
    pub key: usize,
    /// Columns after the jurisdiction, the key first, with what each holds.
    pub columns: &'static [(&'static str, Holds)],
}

use Holds::{Blob, Int, Text};

/// All of them. What they hold and why it cannot be made from the journal is said in docs/ARCHITECTURE.md.
pub static ALL: &[Carried] = &[
    Carried { name: "setting", key: 1, columns: &[("name", Text), ("value", Text)] },
    Carried { name: "leaf", key: 1, columns: &[("number", Int), ("stream", Text), ("version", Int), ("hash", Blob)] },
    Carried { name: "checkpoint", key: 1, columns: &[("size", Int), ("root", Blob), ("note", Text), ("at", Int)] },
    Carried {
        name: "receipt",
        key: 1,
        columns: &[("key", Text), ("actor", Text), ("command", Blob), ("receipt", Text)],
    },
    Carried {
        name: "job",
        key: 2,
        columns: &[
            ("owner", Text),
            ("name", Text),
            ("due", Int),
            ("stream", Text),
            ("command", Blob),
            ("attempts", Int),
            ("lease_until", Int),
        ],
    },
    Carried {
        name: "message",
        key: 1,
        columns: &[
            ("id", Text),
            ("channel", Text),
            ("to_index", Text),
            ("body", Blob),
            ("about", Text),
            ("at", Int),
            ("sent_at", Int),
            ("attempts", Int),
            ("lease_until", Int),
        ],
    },
];

/// Reading and inserting, in the order of [`ALL`].
static STATEMENTS: LazyLock<Vec<(Statement, Statement)>> = LazyLock::new(|| ALL.iter().map(made).collect());

fn made(table: &Carried) -> (Statement, Statement) {
    let names: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
    let places = |from: usize, n: usize| (from..from + n).map(|i| format!("${i}")).collect::<Vec<_>>().join(", ");
    let (all, key, name) = (names.join(", "), names[..table.key].join(", "), table.name);
    let read = format!(
        "SELECT {all} FROM {name} WHERE jurisdiction = $1 AND ({key}) > ({}) ORDER BY {key} LIMIT ${}",
        places(2, table.key),
        table.key + 2
    );
    let insert = format!("INSERT INTO {name} (jurisdiction, {all}) VALUES ({})", places(1, names.len() + 1));
    (Statement::made(name, read), Statement::made(name, insert))
}

/// The statements of all tables, for the tests that prepare and explain them.
pub(crate) fn statements() -> Vec<&'static Statement> {
    STATEMENTS.iter().flat_map(|(read, insert)| [read, insert]).collect()
}

impl Carried {
    /// The table of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter().find(|table| table.name == name)
    }

    fn statements(&self) -> &'static (Statement, Statement) {
        // INVARIANT: every table is one of ALL, and there is no other constructor outside this crate's statics.
        let place = ALL.iter().position(|table| table.name == self.name).unwrap_or_default();
        &STATEMENTS[place]
    }

    /// Inserts a row: the jurisdiction, then its columns (for `store`).
    pub fn insert(&self) -> &'static Statement {
        &self.statements().1
    }
}

impl Reader {
    /// Rows of a table that moves as it is, by key, after the one whose key is given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn carried(
        &self,
        table: &'static Carried,
        after: Option<&[Value]>,
        limit: u32,
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let mut params = vec![self.shard()];
        for (i, (_, holds)) in table.columns.iter().take(table.key).enumerate() {
            let start = || if *holds == Int { Value::Int(i64::MIN) } else { Value::from("") };
            params.push(after.and_then(|row| row.get(i).cloned()).unwrap_or_else(start));
        }
        params.push(i64::from(limit).into());
        Ok(self.query(&table.statements().0, params).await?.into_iter().map(|Row(values)| values).collect())
    }
}
