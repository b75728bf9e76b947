-- A print run is told by the journal. Of before, only the stored files are left.
DROP TABLE print_run;
CREATE TABLE print_run (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    organ TEXT NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    papers INTEGER NOT NULL,
    blob TEXT NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
) STRICT;
CREATE INDEX print_run_organ ON print_run (jurisdiction, organ, at, stream);
DELETE FROM sqlite_stat1 WHERE tbl = 'print_run';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('print_run', 'print_run_organ', '100000 100000 5000 1 1'),
    ('print_run', 'sqlite_autoindex_print_run_1', '100000 100000 1');
