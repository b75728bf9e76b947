-- The first layout, as in ../sqlite with the names of types of this database. Text is ordered by its bytes. Every key begins with the jurisdiction: it is the shard of a province.
-- Times are microseconds since 1970-01-01T00:00:00Z (`..._at`), civil dates are ISO text (`..._on`, `date`).
-- In the read model (the second half) a bytea column holds kept text: see `yanhe_store_read::Kept`.

-- The journal. Only ever inserted. Commits run side by side, so its positions come from a sequence: they rise, with gaps.
CREATE SEQUENCE event_position_number;
CREATE TABLE event (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL CHECK (version > 0),
    position bigint NOT NULL,
    at bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    body_version bigint NOT NULL,
    body bytea NOT NULL,
    prev bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (jurisdiction, stream, version)
);
CREATE UNIQUE INDEX event_position ON event (jurisdiction, position);
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER event_no_update BEFORE UPDATE ON event FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER event_no_delete BEFORE DELETE ON event FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- The last version of each stream, with its state.
CREATE TABLE head (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    hash bytea NOT NULL,
    snapshot bytea NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
);

-- Always empty: a guard that does not hold inserts a null here, which raises.
CREATE TABLE guard (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    held bigint NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
);

CREATE TABLE receipt (
    jurisdiction text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    command bytea NOT NULL,
    receipt text COLLATE "C" NOT NULL,
    PRIMARY KEY (jurisdiction, key)
);

CREATE TABLE wrapped_key (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    person text COLLATE "C" NOT NULL,
    master text COLLATE "C" NOT NULL,
    wrapped bytea NOT NULL,
    PRIMARY KEY (jurisdiction, stream, person)
);
CREATE INDEX wrapped_key_person ON wrapped_key (jurisdiction, person, stream);

-- Timers and follow-ups. `lease_until` is also the time before which a failed one is not tried again.
CREATE TABLE job (
    jurisdiction text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    due bigint NOT NULL,
    stream text COLLATE "C" NOT NULL,
    command bytea NOT NULL,
    attempts bigint NOT NULL,
    lease_until bigint NOT NULL,
    PRIMARY KEY (jurisdiction, owner, name)
);
CREATE INDEX job_due ON job (jurisdiction, due);

-- The outbox. `sent_at` is null until a messenger took the message.
CREATE TABLE message (
    jurisdiction text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    to_index text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    about text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    sent_at bigint,
    attempts bigint NOT NULL,
    lease_until bigint NOT NULL,
    PRIMARY KEY (jurisdiction, id)
);
CREATE INDEX message_unsent ON message (jurisdiction, at) WHERE sent_at IS NULL;
CREATE INDEX message_at ON message (jurisdiction, at, id);
CREATE INDEX message_to ON message (jurisdiction, to_index, at, id);

-- Entries without a leaf number. The sealer empties it.
CREATE TABLE unsealed (
    jurisdiction text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (jurisdiction, position)
);

CREATE TABLE leaf (
    jurisdiction text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (jurisdiction, number)
);
CREATE UNIQUE INDEX leaf_entry ON leaf (jurisdiction, stream, version);

-- Tiles of C2SP tlog-tiles; a partial tile is replaced by a wider one.
CREATE TABLE tile (
    jurisdiction text COLLATE "C" NOT NULL,
    level bigint NOT NULL,
    number bigint NOT NULL,
    width bigint NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (jurisdiction, level, number)
);

CREATE TABLE checkpoint (
    jurisdiction text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    note text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (jurisdiction, size)
);

-- Counts as they are appended; a job folds them into `tally_folded` and `tally_month`. `tally_act` holds the acts behind them.
CREATE TABLE tally (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    part bigint NOT NULL,
    name text COLLATE "C" NOT NULL,
    organ text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    date text COLLATE "C" NOT NULL,
    by bigint NOT NULL,
    folding bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (jurisdiction, stream, version, part)
);
CREATE INDEX tally_date ON tally (jurisdiction, date, name);

CREATE TABLE tally_folded (
    jurisdiction text COLLATE "C" NOT NULL,
    date text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    organ text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    total bigint NOT NULL,
    PRIMARY KEY (jurisdiction, date, name, organ, kind)
);

CREATE TABLE tally_month (
    jurisdiction text COLLATE "C" NOT NULL,
    month text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    organ text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    total bigint NOT NULL,
    PRIMARY KEY (jurisdiction, month, name, organ, kind)
);

CREATE TABLE tally_act (
    jurisdiction text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    mark text COLLATE "C" NOT NULL,
    organ text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    date text COLLATE "C" NOT NULL,
    by bigint NOT NULL,
    PRIMARY KEY (jurisdiction, name, stream, mark)
);
CREATE INDEX tally_act_date ON tally_act (jurisdiction, name, date, stream, mark);
CREATE INDEX tally_act_organ ON tally_act (jurisdiction, name, organ, date, stream, mark);

CREATE TABLE setting (
    jurisdiction text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    PRIMARY KEY (jurisdiction, name)
);

CREATE TABLE lease (
    jurisdiction text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    holder text COLLATE "C" NOT NULL,
    until bigint NOT NULL,
    PRIMARY KEY (jurisdiction, name)
);

CREATE TABLE session (
    jurisdiction text COLLATE "C" NOT NULL,
    token_hash bytea NOT NULL,
    actor text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    PRIMARY KEY (jurisdiction, token_hash)
);
CREATE INDEX session_expires ON session (jurisdiction, expires_at);

-- One-time codes.
CREATE TABLE otp (
    jurisdiction text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    hash bytea NOT NULL,
    expires_at bigint NOT NULL,
    attempts bigint NOT NULL,
    used_at bigint,
    PRIMARY KEY (jurisdiction, id)
);
CREATE INDEX otp_expires ON otp (jurisdiction, expires_at);

CREATE TABLE print_run (
    jurisdiction text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    organ text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    papers text COLLATE "C" NOT NULL,
    blob text COLLATE "C" NOT NULL,
    PRIMARY KEY (jurisdiction, id)
);
CREATE INDEX print_run_organ ON print_run (jurisdiction, organ, at, id);

-- The read model.
CREATE TABLE work (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    task text COLLATE "C" NOT NULL,
    organ text COLLATE "C",
    role text COLLATE "C",
    assignee text COLLATE "C",
    due_on text COLLATE "C",
    limit_id text COLLATE "C",
    title text COLLATE "C",
    party bytea,
    kind text COLLATE "C",
    opened_at bigint,
    PRIMARY KEY (jurisdiction, stream, task)
);
CREATE INDEX work_due ON work (jurisdiction, COALESCE(due_on, '9999-12-31'), stream, task);
CREATE INDEX work_organ ON work (jurisdiction, organ, COALESCE(due_on, '9999-12-31'), stream, task);
CREATE INDEX work_role ON work (jurisdiction, organ, role, COALESCE(due_on, '9999-12-31'), stream, task);
CREATE INDEX work_people ON work (jurisdiction, organ, role, assignee, COALESCE(due_on, '9999-12-31'));
CREATE INDEX work_assignee ON work (jurisdiction, assignee, COALESCE(due_on, '9999-12-31'), stream, task);

CREATE TABLE matter (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    number text COLLATE "C",
    source text COLLATE "C",
    organ text COLLATE "C",
    occurred_on text COLLATE "C",
    state text COLLATE "C",
    send bigint,
    kind text COLLATE "C",
    entry text COLLATE "C",
    sector text COLLATE "C",
    batch text COLLATE "C",
    subject_name bytea,
    complainant bytea,
    because text COLLATE "C",
    due_on text COLLATE "C",
    own_due_on text COLLATE "C",
    updated_at bigint NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
);
CREATE INDEX matter_updated ON matter (jurisdiction, updated_at, stream);
CREATE INDEX matter_state ON matter (jurisdiction, state, updated_at, stream);
CREATE INDEX matter_organ ON matter (jurisdiction, organ, updated_at, stream);
CREATE INDEX matter_organ_state ON matter (jurisdiction, organ, state, send, updated_at, stream);
CREATE INDEX matter_batch ON matter (jurisdiction, batch, updated_at, stream);
CREATE INDEX matter_number ON matter (jurisdiction, number, stream);

CREATE TABLE paper (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    number text COLLATE "C",
    kind text COLLATE "C",
    issuer text COLLATE "C",
    about text COLLATE "C",
    matter text COLLATE "C",
    date text COLLATE "C",
    state text COLLATE "C",
    addressee bytea,
    access text COLLATE "C",
    channel text COLLATE "C",
    served_on text COLLATE "C",
    blob text COLLATE "C",
    batch text COLLATE "C",
    desk text COLLATE "C",
    updated_at bigint NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
);
CREATE INDEX paper_updated ON paper (jurisdiction, updated_at, stream);
CREATE INDEX paper_desk ON paper (jurisdiction, desk, updated_at, stream);
CREATE INDEX paper_issuer ON paper (jurisdiction, issuer, updated_at, stream);
CREATE INDEX paper_issuer_desk ON paper (jurisdiction, issuer, desk, updated_at, stream);
CREATE INDEX paper_issuer_kind ON paper (jurisdiction, issuer, kind, desk, updated_at, stream);
CREATE INDEX paper_about ON paper (jurisdiction, about, updated_at, stream);
CREATE INDEX paper_matter ON paper (jurisdiction, matter, updated_at, stream);
CREATE INDEX paper_batch ON paper (jurisdiction, batch, updated_at, stream);
CREATE INDEX paper_number ON paper (jurisdiction, number, stream);

CREATE TABLE access (
    jurisdiction text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    paper text COLLATE "C",
    about text COLLATE "C",
    PRIMARY KEY (jurisdiction, code)
);

CREATE TABLE dossier (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    number text COLLATE "C",
    organ text COLLATE "C",
    kind text COLLATE "C",
    entry text COLLATE "C",
    sector text COLLATE "C",
    state text COLLATE "C",
    stage text COLLATE "C",
    applied_on text COLLATE "C",
    matter text COLLATE "C",
    applicant bytea,
    respondent bytea,
    mediator text COLLATE "C",
    due_on text COLLATE "C",
    due_limit text COLLATE "C",
    confirmation text COLLATE "C",
    updated_at bigint NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
);
CREATE INDEX dossier_updated ON dossier (jurisdiction, updated_at, stream);
CREATE INDEX dossier_state ON dossier (jurisdiction, state, updated_at, stream);
CREATE INDEX dossier_organ ON dossier (jurisdiction, organ, updated_at, stream);
CREATE INDEX dossier_organ_state ON dossier (jurisdiction, organ, state, updated_at, stream);
CREATE INDEX dossier_mediator ON dossier (jurisdiction, mediator, updated_at, stream);
CREATE INDEX dossier_due ON dossier (jurisdiction, COALESCE(due_on, '9999-12-31'), stream);
CREATE INDEX dossier_organ_due ON dossier (jurisdiction, organ, COALESCE(due_on, '9999-12-31'), stream);
CREATE INDEX dossier_mediator_due ON dossier (jurisdiction, mediator, COALESCE(due_on, '9999-12-31'), stream);
CREATE INDEX dossier_matter ON dossier (jurisdiction, matter, updated_at, stream);
CREATE INDEX dossier_number ON dossier (jurisdiction, number, stream);

CREATE TABLE takes_part (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    person text COLLATE "C" NOT NULL,
    role text COLLATE "C",
    name bytea,
    name_index text COLLATE "C",
    id_index text COLLATE "C",
    phone_index text COLLATE "C",
    PRIMARY KEY (jurisdiction, stream, person)
);
CREATE INDEX takes_part_person ON takes_part (jurisdiction, person, stream);
CREATE INDEX takes_part_name ON takes_part (jurisdiction, name_index, stream, person);
CREATE INDEX takes_part_id ON takes_part (jurisdiction, id_index, stream, person);
CREATE INDEX takes_part_phone ON takes_part (jurisdiction, phone_index, stream, person);

CREATE TABLE confirmation (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    number text COLLATE "C",
    dossier text COLLATE "C",
    organ text COLLATE "C",
    court text COLLATE "C",
    state text COLLATE "C",
    filed_on text COLLATE "C",
    judge text COLLATE "C",
    due_on text COLLATE "C",
    updated_at bigint NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
);
CREATE INDEX confirmation_updated ON confirmation (jurisdiction, updated_at, stream);
CREATE INDEX confirmation_state ON confirmation (jurisdiction, state, updated_at, stream);
CREATE INDEX confirmation_court ON confirmation (jurisdiction, court, updated_at, stream);
CREATE INDEX confirmation_court_state ON confirmation (jurisdiction, court, state, updated_at, stream);
CREATE INDEX confirmation_organ ON confirmation (jurisdiction, organ, updated_at, stream);
CREATE INDEX confirmation_dossier ON confirmation (jurisdiction, dossier, updated_at, stream);
CREATE INDEX confirmation_number ON confirmation (jurisdiction, number, stream);

CREATE TABLE organ (
    jurisdiction text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    name text COLLATE "C",
    phone text COLLATE "C",
    address text COLLATE "C",
    brand text COLLATE "C",
    online_on text COLLATE "C",
    rostered bigint,
    PRIMARY KEY (jurisdiction, code)
);

CREATE TABLE staff (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    organ text COLLATE "C",
    post text COLLATE "C",
    name bytea,
    name_index text COLLATE "C",
    phone bytea,
    phone_index text COLLATE "C",
    active bigint,
    PRIMARY KEY (jurisdiction, stream)
);
CREATE INDEX staff_organ ON staff (jurisdiction, organ, stream);
CREATE INDEX staff_phone ON staff (jurisdiction, phone_index, stream);
CREATE INDEX staff_name ON staff (jurisdiction, name_index, stream);

CREATE TABLE staff_key (
    jurisdiction text COLLATE "C" NOT NULL,
    organ text COLLATE "C" NOT NULL,
    id_index text COLLATE "C" NOT NULL,
    stream text COLLATE "C",
    PRIMARY KEY (jurisdiction, organ, id_index)
);

CREATE TABLE expert (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    name bytea,
    employer text COLLATE "C",
    title text COLLATE "C",
    field text COLLATE "C",
    term_from text COLLATE "C",
    term_to text COLLATE "C",
    avoids text COLLATE "C",
    PRIMARY KEY (jurisdiction, stream)
);

CREATE TABLE expert_key (
    jurisdiction text COLLATE "C" NOT NULL,
    key_index text COLLATE "C" NOT NULL,
    stream text COLLATE "C",
    PRIMARY KEY (jurisdiction, key_index)
);

CREATE TABLE publicity (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    name text COLLATE "C",
    organ text COLLATE "C",
    date text COLLATE "C",
    manner text COLLATE "C",
    place text COLLATE "C",
    audience bigint,
    leaflets bigint,
    PRIMARY KEY (jurisdiction, stream)
);
CREATE INDEX publicity_date ON publicity (jurisdiction, date, stream);
CREATE INDEX publicity_organ ON publicity (jurisdiction, organ, date, stream);

CREATE TABLE batch (
    jurisdiction text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    kind text COLLATE "C",
    file text COLLATE "C",
    imported_at bigint NOT NULL,
    by text COLLATE "C",
    read bigint,
    stored bigint,
    updated bigint,
    unchanged bigint,
    refused bigint,
    state text COLLATE "C",
    PRIMARY KEY (jurisdiction, stream)
);
CREATE INDEX batch_imported ON batch (jurisdiction, imported_at, stream);
