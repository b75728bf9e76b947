-- A print run is told by the journal. Of before, only the stored files are left.
DROP TABLE print_run;
CREATE TABLE print_run (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    organ text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    by text COLLATE "C" NOT NULL,
    papers bigint NOT NULL,
    blob text COLLATE "C" NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
);
CREATE INDEX print_run_organ ON print_run (jurisdiction, organ, at, stream);
