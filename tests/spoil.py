"""Damages what is made from the journal, as a bad disk or a hand in the database would: rows gone, altered, and added.
Shares no code with the program. With a second argument only this: `row`, one altered row of one stream, which is printed.
"""

import sqlite3
import sys

db = sqlite3.connect(sys.argv[1])
if len(sys.argv) > 2:
    (stream,) = db.execute("SELECT stream FROM paper ORDER BY stream LIMIT 1").fetchone()
    db.execute("UPDATE paper SET state = 'never' WHERE stream = ?", (stream,))
    print(stream)
else:
    for table, key in [
        ("work", "stream"), ("matter", "stream"), ("paper", "stream"), ("access", "code"), ("dossier", "stream"),
        ("takes_part", "stream"), ("gram", "stream"), ("organ", "code"), ("staff", "stream"), ("staff_key", "id_index"),
        ("tally_act", "stream"), ("job", "owner"), ("head", "stream"),
    ]:
        rows = db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
        assert rows > 2, table
        db.execute(f"DELETE FROM {table} WHERE {key} = (SELECT MIN({key}) FROM {table})")
        assert db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] < rows, table
    db.execute("UPDATE dossier SET organ = 'nobody', applicant = NULL")
    db.execute("UPDATE takes_part SET name_index = 'x', name = x'0078'")
    db.execute("UPDATE gram SET places = 'nowhere' WHERE gram = (SELECT MAX(gram) FROM gram)")
    db.execute("UPDATE head SET snapshot = x'7b7d' WHERE stream LIKE 'dossier/%'")
    db.execute("UPDATE tally SET by = 7")
    db.execute("UPDATE tally_folded SET total = 7")
    db.execute("INSERT INTO organ (jurisdiction, code, name) VALUES ('haiyan', 'ghost', 'ghost')")
    db.execute("DELETE FROM tally_month")
db.commit()
