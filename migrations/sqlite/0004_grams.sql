-- Grams of open text, by which matters and cases of an organ are found: the key is the way in which they are looked for. A
-- directory of before has none until its rows are made anew (`yanhe rebuild`).
CREATE TABLE gram (
    jurisdiction TEXT NOT NULL,
    list TEXT NOT NULL,
    organ TEXT NOT NULL,
    gram TEXT NOT NULL,
    date TEXT NOT NULL,
    stream TEXT NOT NULL,
    places TEXT NOT NULL,
    PRIMARY KEY (jurisdiction, list, organ, gram, date, stream)
) STRICT, WITHOUT ROWID;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('gram', 'gram', '1000000 1000000 500000 25000 20 2 1');
