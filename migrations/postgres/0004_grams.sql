-- Grams of open text, by which matters and cases of an organ are found: the key is the way in which they are looked for. A
-- directory of before has none until its rows are made anew (`yanhe rebuild`).
CREATE TABLE gram (
    jurisdiction text COLLATE "C" NOT NULL,
    list text COLLATE "C" NOT NULL,
    organ text COLLATE "C" NOT NULL,
    gram text COLLATE "C" NOT NULL,
    date text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    places text COLLATE "C" NOT NULL,
    PRIMARY KEY (jurisdiction, list, organ, gram, date, stream)
);
