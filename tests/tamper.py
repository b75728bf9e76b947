#!/usr/bin/env python3
"""Damages a data directory from outside, as somebody with the database file in hand would: no code of the program.

    tamper.py DATABASE WHAT [STREAM VERSION]

Prints `STREAM VERSION` of the entry that it damaged.
"""

import base64
import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile

database, what = sys.argv[1], sys.argv[2]
db = sqlite3.connect(database, isolation_level=None)
db.execute("DROP TRIGGER IF EXISTS event_no_update")
db.execute("DROP TRIGGER IF EXISTS event_no_delete")
if len(sys.argv) > 4:
    stream, version = sys.argv[3], int(sys.argv[4])
else:
    # The longest stream's second entry: it has one before and, where it is long enough, one after it.
    longest = db.execute("SELECT stream FROM event GROUP BY stream ORDER BY COUNT(*) DESC, stream LIMIT 1").fetchone()
    stream = longest[0] if longest else ""
    version = 2
here = (stream, version)
last = db.execute("SELECT MAX(version) FROM event WHERE stream = ?", (stream,)).fetchone()[0]


def chain_anew(stream, first):
    """Hashes the entries from one on as docs/format.md says; gives the last hash."""
    prev = db.execute("SELECT hash FROM event WHERE stream = ? AND version = ?", (stream, first - 1)).fetchone()[0]
    rows = db.execute(
        "SELECT jurisdiction, version, at, actor, kind, body_version, body FROM event"
        " WHERE stream = ? AND version >= ? ORDER BY version",
        (stream, first),
    ).fetchall()
    for jurisdiction, number, at, actor, kind, body_version, body in rows:
        record = {
            "actor": actor,
            "alg": "sha256",
            "at": at,
            "body": hashlib.sha256(body).hexdigest(),
            "body_version": body_version,
            "format": "yanhe-entry/1",
            "jurisdiction": jurisdiction,
            "kind": kind,
            "prev": prev.hex(),
            "stream": stream,
            "version": number,
        }
        text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        own = hashlib.sha256(b"\0" + text).digest()
        db.execute("UPDATE event SET prev = ?, hash = ? WHERE stream = ? AND version = ?", (prev, own, stream, number))
        prev = own
    return prev


def root(leaves):
    """The root of RFC 6962, section 2.1, over hashes of leaves."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    left = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b"\1" + root(leaves[:left]) + root(leaves[left:])).digest()


def sign_anew():
    """Tiles, checkpoints and the key that the directory names, by a key that is drawn here. Gives that key."""
    leaves = [own for (own,) in db.execute("SELECT hash FROM leaf ORDER BY number")]
    assert len(leaves) <= 256, "one tile is enough for a test"
    db.execute("UPDATE tile SET body = ? WHERE level = 0 AND number = 0", (b"".join(leaves),))
    with tempfile.TemporaryDirectory() as folder:
        key, text = f"{folder}/key", f"{folder}/text"

        def openssl(*args):
            return subprocess.run(["openssl", *args], check=True, capture_output=True).stdout

        openssl("genpkey", "-algorithm", "ed25519", "-out", key)
        public = b"\1" + openssl("pkey", "-in", key, "-pubout", "-outform", "DER")[-32:]
        for size, note in db.execute("SELECT size, note FROM checkpoint").fetchall():
            lines = note[:note.rindex("\n\n")].split("\n")
            name, number = lines[0], hashlib.sha256(lines[0].encode() + b"\n" + public).digest()[:4]
            lines[2] = base64.b64encode(root(leaves[:size])).decode()
            body = "\n".join(lines) + "\n"
            with open(text, "w", encoding="utf-8") as file:
                file.write(body)
            signature = openssl("pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", text)
            note = f"{body}\n\u2014 {name} {base64.b64encode(number + signature).decode()}\n"
            db.execute("UPDATE checkpoint SET root = ?, note = ? WHERE size = ?", (root(leaves[:size]), note, size))
    told = f"{name}+{number.hex()}+{base64.b64encode(public).decode()}"
    db.execute("UPDATE setting SET value = ? WHERE name = 'log_key'", (told,))


if what.startswith("count-"):
    # Damages nothing: how many rows the table has.
    stream = what.removeprefix("count-")
    version = db.execute(f"SELECT COUNT(*) FROM {stream}").fetchone()[0]
elif what == "body":
    db.execute("UPDATE event SET body = ? WHERE stream = ? AND version = ?", (b'{"x":1}', *here))
elif what == "actor":
    db.execute("UPDATE event SET actor = 'somebody-else' WHERE stream = ? AND version = ?", here)
elif what == "time":
    db.execute("UPDATE event SET at = at + 1 WHERE stream = ? AND version = ?", here)
elif what == "hash":
    db.execute("UPDATE event SET hash = zeroblob(32) WHERE stream = ? AND version = ?", here)
elif what == "short-hash":
    db.execute("UPDATE event SET hash = zeroblob(5) WHERE stream = ? AND version = ?", here)
elif what == "delete":
    db.execute("DELETE FROM event WHERE stream = ? AND version = ?", here)
elif what == "cut":
    version = last
    db.execute("DELETE FROM event WHERE stream = ? AND version = ?", (stream, last))
elif what == "cut-with-head":
    # As if the last entry had never been: the head is set back as well.
    version = last
    db.execute("DELETE FROM event WHERE stream = ? AND version = ?", (stream, last))
    db.execute(
        "UPDATE head SET version = ?, hash = (SELECT hash FROM event WHERE stream = ? AND version = ?) WHERE stream = ?",
        (last - 1, stream, last - 1, stream),
    )
elif what == "vanish":
    version = 1
    for table in ("event", "head"):
        db.execute(f"DELETE FROM {table} WHERE stream = ?", (stream,))
elif what == "vanish-with-leaves":
    version = 1
    for table in ("event", "head", "leaf", "unsealed"):
        db.execute(f"DELETE FROM {table} WHERE stream = ?", (stream,))
elif what == "swap":
    # Two rows change places: each keeps its content and gets the other's version.
    db.execute("UPDATE event SET version = 1000000 WHERE stream = ? AND version = ?", here)
    db.execute("UPDATE event SET version = ? WHERE stream = ? AND version = ?", (version, stream, version + 1))
    db.execute("UPDATE event SET version = ? WHERE stream = ? AND version = 1000000", (version + 1, stream))
elif what == "add":
    # A well-made entry more, with the right hash.
    version = last + 1
    db.execute(
        "INSERT INTO event (jurisdiction, stream, version, position, at, actor, kind, body_version, body, prev, hash)"
        " SELECT jurisdiction, stream, version + 1, (SELECT MAX(position) + 1 FROM event), at, actor, kind, body_version,"
        " body, hash, hash FROM event WHERE stream = ? AND version = ?",
        (stream, last),
    )
    chain_anew(stream, version)
elif what == "rewrite":
    # The whole history from one entry on, with every hash and the head.
    db.execute("UPDATE event SET actor = 'somebody-else' WHERE stream = ? AND version = ?", here)
    head = chain_anew(stream, version)
    db.execute("UPDATE head SET hash = ? WHERE stream = ?", (head, stream))
elif what == "forge":
    # All of it, as somebody with a key of their own would: entries, leaves, tree and checkpoints.
    db.execute("UPDATE event SET actor = 'somebody-else' WHERE stream = ? AND version = ?", here)
    head = chain_anew(stream, version)
    db.execute("UPDATE head SET hash = ? WHERE stream = ?", (head, stream))
    db.execute(
        "UPDATE leaf SET hash = (SELECT hash FROM event WHERE event.stream = leaf.stream AND event.version = leaf.version)"
    )
    sign_anew()
elif what == "head":
    version = last
    db.execute("UPDATE head SET hash = zeroblob(32) WHERE stream = ?", (stream,))
elif what == "no-head":
    version = last
    db.execute("DELETE FROM head WHERE stream = ?", (stream,))
elif what == "leaf":
    db.execute("UPDATE leaf SET hash = zeroblob(32) WHERE number = 0")
elif what == "no-leaf":
    db.execute("DELETE FROM leaf WHERE number = (SELECT MAX(number) FROM leaf)")
elif what == "tile":
    db.execute("UPDATE tile SET body = zeroblob(length(body)) WHERE level = 0 AND number = 0")
elif what == "root":
    db.execute("UPDATE checkpoint SET root = zeroblob(32)")
elif what == "note":
    db.execute("UPDATE checkpoint SET note = replace(note, 'yanhe', 'yanhf')")
elif what == "no-checkpoint":
    db.execute("DELETE FROM checkpoint")
elif what == "forget-log":
    for table in ("leaf", "tile", "checkpoint"):
        db.execute(f"DELETE FROM {table}")
elif what == "snapshot":
    # The state beside the journal: the program would decide on it.
    version = last
    db.execute("UPDATE head SET snapshot = CAST(replace(CAST(snapshot AS TEXT), '\"at\":1', '\"at\":2') AS BLOB) WHERE stream = ?", (stream,))
elif what == "positions":
    # Two entries change places in the order of all entries, and nothing else.
    (one,) = db.execute("SELECT position FROM event WHERE stream = ? AND version = ?", here).fetchone()
    (two,) = db.execute("SELECT position FROM event WHERE stream = ? AND version = ?", (stream, version + 1)).fetchone()
    db.execute("UPDATE event SET position = -1 WHERE position = ?", (one,))
    db.execute("UPDATE event SET position = ? WHERE position = ?", (one, two))
    db.execute("UPDATE event SET position = ? WHERE position = -1", (two,))
elif what == "checkpoint-at":
    db.execute("UPDATE checkpoint SET at = at - 1000000")
elif what == "key":
    row = db.execute(
        "SELECT key.stream, MIN(event.version) FROM wrapped_key AS key JOIN event ON event.stream = key.stream"
        " WHERE CAST(event.body AS TEXT) LIKE '%$sealed%' GROUP BY key.stream ORDER BY key.stream LIMIT 1"
    ).fetchone()
    stream, version = row
    db.execute("DELETE FROM wrapped_key WHERE stream = ?", (stream,))
elif what == "unseal":
    # As if no sealer had been at work yet: everything waits for its leaf, as its commit noted it.
    db.execute("DELETE FROM unsealed")
    db.execute("INSERT INTO unsealed SELECT jurisdiction, position, stream, version FROM event")
    for table in ("leaf", "tile", "checkpoint"):
        db.execute(f"DELETE FROM {table}")
elif what == "not-waiting":
    db.execute("DELETE FROM unsealed")
else:
    sys.exit(f"unknown: {what}")
db.close()
print(stream, version)
