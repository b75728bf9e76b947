-- How often something was tried since it began to be counted: wrong codes, codes sent. All servers count together.
CREATE TABLE tries (
    jurisdiction TEXT NOT NULL,
    name TEXT NOT NULL,
    since INTEGER NOT NULL,
    tried INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, name)
) STRICT;
CREATE INDEX tries_since ON tries (jurisdiction, since);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('tries', 'sqlite_autoindex_tries_1', '100000 100000 1'),
    ('tries', 'tries_since', '100000 100000 1');
