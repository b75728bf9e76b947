-- How often something was tried since it began to be counted: wrong codes, codes sent. All servers count together.
CREATE TABLE tries (
    jurisdiction text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    since bigint NOT NULL,
    tried bigint NOT NULL,
    PRIMARY KEY (jurisdiction, name)
);
CREATE INDEX tries_since ON tries (jurisdiction, since);
