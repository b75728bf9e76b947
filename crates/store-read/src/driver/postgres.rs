//! PostgreSQL: a pool of connections, and what reading shares with writing.

use std::error::Error;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use deadpool_postgres::{
    ClientWrapper, Hook, HookError, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Timeouts,
};
use futures::future::join_all;
use tokio::time::Instant;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{AsyncMessage, Config};

pub use super::tls::decoded;
use super::tls::{self, Connector};
use super::{Answer, Query};
use crate::{Row, Statement, StoreError, Value, dialect};

/// A connection of the pool.
pub type Client = Object;

/// How many connections a process holds at most.
pub const CONNECTIONS: usize = 16;

/// How long a connection is waited for.
const WAIT: Duration = Duration::from_secs(10);

/// A look at everything may take long: it takes nobody's place.
const LOOK: &str = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; \
                    BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// No statement of ours runs longer, none waits longer for a row, and no transaction is left open when we are gone.
const SESSION: &str = "SET statement_timeout = '60s'; SET lock_timeout = '10s'; \
                       SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = 'warning'";

/// How long the commits are waited for that had drawn a position: none waits longer for a row.
const SETTLING: Duration = Duration::from_secs(10);

/// Where commits are told of.
const CHANNEL: &str = "yanhe";

/// A database on a server. Cloning is cheap.
#[derive(Clone)]
pub struct Server {
    pool: Pool,
    // For a connection that is held and not borrowed.
    config: Arc<Config>,
    connector: Connector,
}

/// What a pipelined transaction did: the rows of each statement, or the first statement that raised (its place; none:
/// the transaction itself) and what it raised.
pub type Outcome = Result<Vec<Vec<Row>>, (Option<usize>, tokio_postgres::Error)>;

impl Server {
    /// Connects. Several hosts in the URL, with `target_session_attrs=read-write`, are tried in turn, so that after a
    /// failover the new primary is found.
    ///
    /// # Errors
    /// When the URL is none, the server cannot be reached, or it may lose what it said was written.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        let server = Self::lazily(url)?;
        server.careful().await?;
        Ok(server)
    }

    /// The same, for a server that may be away: nothing is asked of it yet.
    ///
    /// # Errors
    /// When the URL is none.
    pub fn lazily(url: &str) -> Result<Self, StoreError> {
        let (mut config, connector) = tls::address(url)?;
        config.application_name("yanhe").connect_timeout(WAIT).keepalives_idle(Duration::from_secs(30));
        let manager = deadpool_postgres::Manager::from_config(
            config.clone(),
            connector.clone(),
            ManagerConfig { recycling_method: RecyclingMethod::Fast },
        );
        let prepare = Hook::async_fn(|client, _| {
            Box::pin(async move { client.batch_execute(SESSION).await.map_err(HookError::Backend) })
        });
        let pool = Pool::builder(manager)
            .max_size(CONNECTIONS)
            .timeouts(Timeouts { wait: Some(WAIT), create: Some(WAIT), recycle: Some(WAIT) })
            .runtime(deadpool_postgres::Runtime::Tokio1)
            .post_create(prepare)
            .build()
            .map_err(|error| StoreError::Other(error.to_string()))?;
        Ok(Self { pool, config: Arc::new(config), connector })
    }

    /// Refuses a server that answers before it has written.
    async fn careful(&self) -> Result<(), StoreError> {
        let client = self.client().await?;
        for (setting, query) in [("fsync", "SHOW fsync"), ("synchronous_commit", "SHOW synchronous_commit")] {
            let found: String = client.query_one(query, &[]).await.map_err(fault)?.get(0);
            if found == "off" {
                return Err(StoreError::Careless { setting, found });
            }
        }
        Ok(())
    }

    /// A connection.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] when there is none to be had.
    pub async fn client(&self) -> Result<Object, StoreError> {
        self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => fault(error),
            other => StoreError::Unreachable(other.to_string()),
        })
    }

    /// Tells every server on the database, this one included, that something was committed in a jurisdiction.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn tell(&self, jurisdiction: &str) -> Result<(), StoreError> {
        let client = self.client().await?;
        client.execute("SELECT pg_notify($1, $2)", &[&CHANNEL, &jurisdiction]).await.map(drop).map_err(fault)
    }

    /// Hears what is told of a jurisdiction, on a connection of its own, until that breaks. Once at the beginning it is told
    /// too, since something may have been missed before.
    ///
    /// # Errors
    /// Why nothing is heard any more.
    pub async fn hear(&self, jurisdiction: &str, told: impl Fn()) -> Result<(), StoreError> {
        let (client, mut connection) = self.config.connect(self.connector.clone()).await.map_err(fault)?;
        let listen = async {
            let begun = client.batch_execute(&format!("LISTEN {CHANNEL}")).await;
            told();
            begun
        };
        let heard = async {
            while let Some(message) = poll_fn(|cx| connection.poll_message(cx)).await {
                if let AsyncMessage::Notification(note) = message?
                    && note.payload() == jurisdiction
                {
                    told();
                }
            }
            Ok::<_, tokio_postgres::Error>(())
        };
        let (begun, ended) = tokio::join!(listen, heard);
        begun.and(ended).map_err(fault)?;
        Err(StoreError::Unreachable("the connection that hears of changes was closed".into()))
    }

    /// Forgets all connections that nobody uses: they may lead to a server that is no primary any more.
    pub fn forget(&self) {
        self.pool.retain(|_, _| false);
    }

    /// All queries from one snapshot. A connection that breaks is tried once more: reading twice changes nothing.
    pub(crate) async fn snapshot(&self, queries: Vec<Query>) -> Answer {
        match self.read(&queries).await {
            Err(StoreError::Unreachable(_)) => {
                self.forget();
                self.read(&queries).await
            }
            answer => answer,
        }
    }

    /// The database as it is now, whatever is committed later.
    pub(crate) async fn moment(&self) -> Result<Moment, StoreError> {
        let client = self.client().await?;
        client.batch_execute(LOOK).await.map_err(fault)?;
        // What is seen is fixed by the first statement.
        client.batch_execute("SELECT 1 FROM migration LIMIT 1").await.map_err(fault)?;
        // No connection of the pool any more, but one that ends with this look.
        Ok(Moment { client: Arc::new(Object::take(client)) })
    }

    async fn read(&self, queries: &[Query]) -> Answer {
        let client = self.client().await?;
        if let [(statement, params)] = queries {
            return Ok(vec![run(&client, statement, params).await.map_err(fault)?]);
        }
        let parts: Vec<_> = queries.iter().map(|(statement, params)| (*statement, params.as_slice())).collect();
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        transaction(&client, begin, &parts).await.map_err(|(_, error)| fault(error))
    }

    /// See [`Source::settled`](super::Source::settled). All on one connection, so that after a failover the positions of one
    /// server are not held against the rows of another.
    pub(crate) async fn settled(
        &self,
        jurisdiction: &str,
        statement: &Statement,
        mut params: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let client = self.client().await?;
        // Whoever holds a position up to this one drew it before, and is seen below until it is over.
        let row = client.query_one("SELECT last_value FROM event_position_number", &[]).await.map_err(fault)?;
        let highest: i64 = row.get(0);
        let mut open = drawing(&client, jurisdiction).await?;
        #[expect(clippy::disallowed_methods, reason = "waits for others no longer than it may; nothing of it is kept")]
        let began = Instant::now();
        let mut pause = Duration::from_millis(1);
        while !open.is_empty() {
            if began.elapsed() > SETTLING {
                return Ok(Vec::new());
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(100));
            let now = drawing(&client, jurisdiction).await?;
            open.retain(|transaction| now.contains(transaction));
        }
        params.push(highest.into());
        run(&client, statement, &params).await.map_err(fault)
    }

    /// What the server has committed so far, as a number that differs when anybody has committed meanwhile.
    pub(crate) async fn pulse(&self) -> Result<i64, StoreError> {
        let client = self.client().await?;
        let row = client.query_one("SELECT hashtextextended(pg_current_snapshot()::text, 0)", &[]).await;
        Ok(row.map_err(fault)?.get(0))
    }
}

/// Who has drawn a position and is not over.
async fn drawing(client: &ClientWrapper, jurisdiction: &str) -> Result<Vec<String>, StoreError> {
    let prepared = client.prepare_cached(dialect::DRAWING).await.map_err(fault)?;
    let rows = client.query(&prepared, &[&jurisdiction]).await.map_err(fault)?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// One look at a server, of as many reads as one likes.
#[derive(Clone)]
pub struct Moment {
    client: Arc<ClientWrapper>,
}

impl Moment {
    pub(crate) async fn snapshot(&self, queries: Vec<Query>) -> Answer {
        let mut answers = Vec::with_capacity(queries.len());
        for (statement, params) in &queries {
            answers.push(run(&self.client, statement, params).await.map_err(fault)?);
        }
        Ok(answers)
    }
}

/// Runs one statement.
///
/// # Errors
/// As the server gives them; [`fault`] and [`is_refusal`] sort them.
pub async fn run(
    client: &ClientWrapper,
    statement: &Statement,
    params: &[Value],
) -> Result<Vec<Row>, tokio_postgres::Error> {
    let prepared = client.prepare_cached(statement.for_postgres()).await?;
    let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as _).collect();
    client.query(&prepared, &params).await?.iter().map(read).collect()
}

/// Runs many statements, sent together, within a transaction that somebody else begins and ends.
///
/// # Errors
/// The first that raised.
pub async fn many(client: &ClientWrapper, parts: &[(&Statement, &[Value])]) -> Result<(), tokio_postgres::Error> {
    for (statement, _) in parts {
        // At hand from here on, so that all of them are sent in their order.
        client.prepare_cached(statement.for_postgres()).await?;
    }
    let sent = parts.iter().map(|(statement, params)| run(client, statement, params));
    join_all(sent).await.into_iter().try_for_each(|answer| answer.map(drop))
}

/// Runs all statements in one transaction, sent together, so that it costs one way there and back.
///
/// # Errors
/// The first statement that raised; then nothing was written.
pub async fn transaction(client: &Object, begin: &str, parts: &[(&Statement, &[Value])]) -> Outcome {
    let mut prepared = Vec::with_capacity(parts.len());
    for (i, (statement, _)) in parts.iter().enumerate() {
        prepared.push(client.prepare_cached(statement.for_postgres()).await.map_err(|error| (Some(i), error))?);
    }
    let statements = async {
        // Polled in this order, and so sent in it.
        join_all(prepared.iter().zip(parts).map(|(statement, (_, params))| async move {
            let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as _).collect();
            client.query(statement, &params).await?.iter().map(read).collect::<Result<Vec<_>, _>>()
        }))
        .await
    };
    let (begun, answers, ended) =
        tokio::join!(biased; client.batch_execute(begin), statements, client.batch_execute("COMMIT"));
    begun.map_err(|error| (None, error))?;
    let mut rows = Vec::with_capacity(parts.len());
    for (i, answer) in answers.into_iter().enumerate() {
        // Whatever follows the first failure is refused, and COMMIT rolls back.
        rows.push(answer.map_err(|error| (Some(i), error))?);
    }
    ended.map_err(|error| (None, error))?;
    Ok(rows)
}

fn read(row: &tokio_postgres::Row) -> Result<Row, tokio_postgres::Error> {
    let cell = |(i, column): (usize, &tokio_postgres::Column)| {
        Ok(match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(i)?.map_or(Value::Null, Value::Int),
            Type::INT4 => row.try_get::<_, Option<i32>>(i)?.map_or(Value::Null, |n| Value::Int(n.into())),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(i)?.map_or(Value::Null, Value::Blob),
            // Any other kind is an error here, as it should be.
            _ => row.try_get::<_, Option<String>>(i)?.map_or(Value::Null, Value::Text),
        })
    };
    row.columns().iter().enumerate().map(cell).collect::<Result<_, _>>().map(Row)
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(n), &Type::INT4) => i32::try_from(*n)?.to_sql(ty, out),
            (Self::Int(n), &Type::INT8) => n.to_sql(ty, out),
            (Self::Text(text), &(Type::TEXT | Type::VARCHAR)) => text.to_sql(ty, out),
            (Self::Blob(bytes), &Type::BYTEA) => bytes.to_sql(ty, out),
            (value, ty) => Err(format!("a value of another kind than `{ty}`: {value:?}").into()),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT4 | Type::INT8 | Type::TEXT | Type::VARCHAR | Type::BYTEA)
    }

    to_sql_checked!();
}

/// Was it a constraint that raised: a guard that did not hold?
pub fn is_refusal(error: &tokio_postgres::Error) -> bool {
    // Class 23: integrity constraint violation.
    error.code().is_some_and(|code| code.code().starts_with("23"))
}

/// May the very same statements succeed when they are sent again? Two transactions waited for each other.
pub fn is_collision(error: &tokio_postgres::Error) -> bool {
    matches!(error.code(), Some(&(SqlState::T_R_DEADLOCK_DETECTED | SqlState::T_R_SERIALIZATION_FAILURE)))
}

/// What an error of the server means to us.
pub fn fault(error: tokio_postgres::Error) -> StoreError {
    let text = error.as_db_error().map_or_else(|| said(&error), |said| said.message().to_owned());
    let Some(code) = error.code() else {
        return if error.is_closed() || error.source().is_some_and(|cause| cause.is::<std::io::Error>()) {
            StoreError::Unreachable(text)
        } else {
            StoreError::Other(text)
        };
    };
    match *code {
        SqlState::DISK_FULL | SqlState::OUT_OF_MEMORY => StoreError::Full,
        // A primary that became a standby: another one is to be found.
        SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::Unreachable(text),
        SqlState::INSUFFICIENT_PRIVILEGE => StoreError::ReadOnly,
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => StoreError::Corrupt(text),
        SqlState::LOCK_NOT_AVAILABLE | SqlState::QUERY_CANCELED => StoreError::Busy,
        SqlState::IO_ERROR => StoreError::Disk(text),
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::TOO_MANY_CONNECTIONS
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => StoreError::Unreachable(text),
        ref code if code.code().starts_with("08") => StoreError::Unreachable(text),
        _ => StoreError::Other(text),
    }
}

/// An error with its causes.
pub(super) fn said(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}
