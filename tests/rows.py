"""Prints every row of every table of a database, to be compared with another's. Shares no code with the program.

What is sealed is sealed anew each time: of it is printed whose it is and how long. Counts are printed as sums over what is
folded and what is not yet, since folding changes no count.
"""

import sqlite3
import sys

LEFT_OUT = {"migration", "guard", "tally", "tally_folded", "tally_month", "sqlite_stat1", "session", "otp", "lease"}


def shown(value):
    if not isinstance(value, bytes):
        return repr(value)
    if value[:1] == b"\x01":
        person = value[2:2 + value[1]]
        return f"sealed {person!r} {len(value)}"
    if value.startswith(b'{"at"') or b'"$sealed"' in value:
        # A snapshot: boxes differ, all else is compared by `verify`.
        return f"state {len(value)}"
    return value.hex()


def main(path, left_out):
    db = sqlite3.connect(path)
    tables = [t for (t,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    for table in tables:
        if table in LEFT_OUT or table in left_out:
            continue
        for row in sorted([shown(v) for v in row] for row in db.execute(f"SELECT * FROM {table}")):
            print(table, *row)
    for name, group in [("tally_folded", "date"), ("tally_month", "substr(date, 1, 7)")]:
        own = "date" if name == "tally_folded" else "month"
        sql = (
            f"SELECT day, name, organ, kind, SUM(n) FROM (SELECT {own} AS day, name, organ, kind, total AS n FROM {name}"
            f" UNION ALL SELECT {group}, name, organ, kind, by FROM tally) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
        )
        for row in db.execute(sql):
            print(name, *map(repr, row))


main(sys.argv[1], set(sys.argv[2:]))
