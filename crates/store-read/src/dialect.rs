//! The complete list of differences between databases, one function each. Nothing else asks which it is on.
//!
//! Statements are written once. Four things have no text that both understand, and stand in it as follows:
//!
//! | in the text | SQLite | PostgreSQL |
//! | --- | --- | --- |
//! | `$1..$n` | `?1..?n` | as it is |
//! | `next_position($1)` | one more than the highest: there is one writer at a time | a sequence, and a mark that says until the commit that one was drawn: commits run side by side |
//! | `/* shared */` | nothing: nobody else writes meanwhile | `FOR SHARE`: who moves the row waits, or is waited for |
//! | `/* skip locked */` | nothing | `FOR UPDATE SKIP LOCKED`: two servers take different rows |
//!
//! The two folders of migrations differ only in the names of types, the collation, SQLite's table without row numbers and
//! the append-only triggers, which a test compares.

/// A statement as SQLite takes it.
pub fn sqlite(sql: &str) -> String {
    numbered_parameters(&next_position(
        sql,
        "(SELECT COALESCE(MAX(position), 0) + 1 FROM event WHERE jurisdiction = $1)",
    ))
}

/// A statement as PostgreSQL takes it.
pub fn postgres(sql: &str) -> String {
    skip_locked(&shared(&next_position(sql, POSITION)))
}

/// A commit that draws a position is marked first (`CASE` looks at its condition before anything else), until it is over.
/// The mark is an advisory lock of class 20 that everybody may have at once, so that no commit waits for one.
const POSITION: &str =
    "(CASE WHEN pg_advisory_xact_lock_shared(20, hashtext($1)) IS NOT NULL THEN nextval('event_position_number') END)";

/// On PostgreSQL: the transactions that are marked so in a jurisdiction.
pub(crate) const DRAWING: &str = "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'advisory' AND classid = 20 \
                                  AND objid = (hashtext($1)::bigint & 4294967295)::oid AND objsubid = 2 AND database = \
                                  (SELECT oid FROM pg_database WHERE datname = current_database())";

/// Where the next entry of the journal stands among all.
fn next_position(sql: &str, text: &str) -> String {
    sql.replace("next_position($1)", text)
}

/// Rows that are read and must not move before the commit.
fn shared(sql: &str) -> String {
    sql.replace("/* shared */", "FOR SHARE")
}

/// Rows to be taken, of which those that somebody else is taking are left out.
fn skip_locked(sql: &str) -> String {
    sql.replace("/* skip locked */", "FOR UPDATE SKIP LOCKED")
}

/// Parameters: `$1..$n` become `?1..?n`. SQLite takes `$2` for a name and numbers it by first appearance, so that
/// `$2, $1` would be bound swapped. Quoted text is left as it is.
fn numbered_parameters(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut quote = None;
    let mut letters = sql.chars().peekable();
    while let Some(letter) = letters.next() {
        match quote {
            Some(open) if letter == open => quote = None,
            None if letter == '\'' || letter == '"' => quote = Some(letter),
            None if letter == '$' && letters.peek().is_some_and(char::is_ascii_digit) => {
                out.push('?');
                continue;
            }
            _ => {}
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_keep_their_numbers_and_quoted_text_is_left_alone() {
        assert_eq!(sqlite("a = $2 AND b = '$1' AND c = $10"), "a = ?2 AND b = '$1' AND c = ?10");
        assert_eq!(postgres("a = $2 AND b = '$1'"), "a = $2 AND b = '$1'");
    }

    #[test]
    fn locks_are_only_for_the_database_that_has_them() {
        assert_eq!(postgres("SELECT 1 /* skip locked */"), "SELECT 1 FOR UPDATE SKIP LOCKED");
        assert_eq!(postgres("SELECT 1 /* shared */"), "SELECT 1 FOR SHARE");
        assert_eq!(sqlite("SELECT 1 /* shared */"), "SELECT 1 /* shared */");
    }
}
