#!/usr/bin/env python3
"""Tampers with the journal of a copy, as somebody with the file but without the program could.

    tamper.py FILE alter|delete|swap|checkpoint
"""

import sqlite3
import sys


def main():
    """Changes one thing past the triggers that guard the journal."""
    file, what = sys.argv[1:]
    database = sqlite3.connect(file)
    for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {trigger}")
    # An event in the middle of the longest stream.
    stream, last = database.execute(
        "SELECT stream, max(version) FROM event GROUP BY stream ORDER BY 2 DESC, 1 LIMIT 1"
    ).fetchone()
    version = last // 2
    where = "WHERE stream = ? AND version = ?"
    if what == "alter":
        (body,) = database.execute(f"SELECT body FROM event {where}", (stream, version)).fetchone()
        # One letter of a value, so that it stays readable.
        changed = bytes(body).replace(b'"', b' "', 1)
        assert changed != bytes(body)
        database.execute(f"UPDATE event SET body = ? {where}", (changed, stream, version))
    elif what == "delete":
        database.execute(f"DELETE FROM event {where}", (stream, version))
    elif what == "swap":
        for old, new in [(version, 1_000_000), (version + 1, version), (1_000_000, version + 1)]:
            database.execute(f"UPDATE event SET version = ? {where}", (new, stream, old))
    elif what == "checkpoint":
        database.execute(
            "UPDATE checkpoint SET root = zeroblob(32) WHERE size = (SELECT max(size) FROM checkpoint)"
        )
    else:
        sys.exit(f"cannot do `{what}`")
    database.commit()
    database.close()


if __name__ == "__main__":
    main()
