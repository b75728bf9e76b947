//! Rows of the read model as they lie there, by key: to be held against what the journal says.

use std::collections::HashMap;
use std::sync::LazyLock;

use yanhe_core::{Table, tables};

use crate::sql::statements;
use crate::{Reader, Row, Statement, StoreError, Value};

statements! {
    ACT = ["SELECT organ, kind, date, by FROM tally_act WHERE jurisdiction = $1 AND name = $2 AND stream = $3 AND mark = $4"];
    ACT_COUNT = ["SELECT COUNT(*) FROM tally_act WHERE jurisdiction = $1"];
    // Counts of days that are not those of their acts.
    DAYS = [
        "SELECT name FROM (SELECT date, name, organ, kind, by AS n FROM tally_act WHERE jurisdiction = $1 UNION ALL \
         SELECT date, name, organ, kind, -total FROM tally_folded WHERE jurisdiction = $1 UNION ALL \
         SELECT date, name, organ, kind, -by FROM tally WHERE jurisdiction = $1) AS counted \
         GROUP BY date, name, organ, kind HAVING SUM(n) <> 0 LIMIT 1"
    ];
    // Counts of months that are not those of their days.
    MONTHS = [
        "SELECT name FROM (SELECT substr(date, 1, 7) AS month, name, organ, kind, total AS n FROM tally_folded \
         WHERE jurisdiction = $1 UNION ALL \
         SELECT month, name, organ, kind, -total FROM tally_month WHERE jurisdiction = $1) AS counted \
         GROUP BY month, name, organ, kind HAVING SUM(n) <> 0 LIMIT 1"
    ];
}

/// One row of a table by its key, and how many rows it has.
static TABLES: LazyLock<HashMap<&'static str, (Statement, Statement)>> = LazyLock::new(|| {
    let made = |table: &&'static Table| {
        let keys: Vec<String> = table.key.iter().enumerate().map(|(i, key)| format!("{key} = ${}", i + 2)).collect();
        // A table that is nothing but its key has no columns to select.
        let columns = [table.key, table.columns].concat().join(", ");
        let one = format!("SELECT {columns} FROM {} WHERE jurisdiction = $1 AND {}", table.name, keys.join(" AND "));
        let count = format!("SELECT COUNT(*) FROM {} WHERE jurisdiction = $1", table.name);
        (table.name, (Statement::made(table.name, one), Statement::made(table.name, count)))
    };
    tables::ALL.iter().map(made).collect()
});

/// The statements of all tables, for the tests that prepare and explain them.
pub(crate) fn statements() -> Vec<&'static Statement> {
    TABLES.values().flat_map(|(one, count)| [one, count]).chain(ALL.iter().copied()).collect()
}

/// A row that is looked for.
#[derive(Clone, Debug)]
pub enum Exact {
    /// Of a table of the read model, by its key.
    Row(&'static Table, Vec<Value>),
    /// An act that was counted: name, stream and mark.
    Act(&'static str, String, String),
}

impl Reader {
    /// Rows as they lie there, in the order in which they were asked for; `None` for one that does not. Those of a table
    /// have its key in front, those of an act have organ, kind, date and how much it counts.
    ///
    /// # Errors
    /// When the database fails, or has no such table.
    pub async fn exact(&self, asked: Vec<Exact>) -> Result<Vec<Option<Vec<Value>>>, StoreError> {
        let mut queries = Vec::with_capacity(asked.len());
        for exact in asked {
            let mut params = vec![self.shard()];
            queries.push(match exact {
                Exact::Act(name, stream, mark) => {
                    params.extend([name.into(), stream.into(), mark.into()]);
                    (&ACT, params)
                }
                Exact::Row(table, key) => {
                    let (one, _) = table_of(table.name)?;
                    params.extend(key);
                    (one, params)
                }
            });
        }
        let answers = self.snapshot(queries).await?;
        Ok(answers.into_iter().map(|rows| rows.into_iter().next().map(|Row(values)| values)).collect())
    }

    /// How many rows a table of the read model has; without a table: how many acts were counted.
    ///
    /// # Errors
    /// When the database fails, or has no such table.
    pub async fn exact_count(&self, table: Option<&'static Table>) -> Result<i64, StoreError> {
        let statement = match table {
            Some(table) => &table_of(table.name)?.1,
            None => &ACT_COUNT,
        };
        let row = self.query(statement, vec![self.shard()]).await?.into_iter().next();
        row.map_or(Ok(0), Row::only)
    }

    /// The name of a count that is not the sum of its acts; `None` when all are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wrong_count(&self) -> Result<Option<String>, StoreError> {
        let queries = vec![(&DAYS, vec![self.shard()]), (&MONTHS, vec![self.shard()])];
        self.snapshot(queries).await?.into_iter().flatten().next().map(Row::only).transpose()
    }
}

fn table_of(name: &str) -> Result<&'static (Statement, Statement), StoreError> {
    TABLES.get(name).ok_or_else(|| StoreError::Shape(format!("no table `{name}`")))
}
