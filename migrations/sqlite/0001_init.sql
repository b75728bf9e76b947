-- The first layout. Every key begins with the jurisdiction: it is the shard of a province.
-- Times are microseconds since 1970-01-01T00:00:00Z (`..._at`), civil dates are ISO text (`..._on`, `date`).
-- In the read model (the second half) a BLOB column holds kept text: see `yanhe_store_read::Kept`.

-- The journal. Only ever inserted.
CREATE TABLE event (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    position INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    body_version INTEGER NOT NULL,
    body BLOB NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (jurisdiction, stream, version)
) STRICT;
CREATE UNIQUE INDEX event_position ON event (jurisdiction, position);
CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;

-- The last version of each stream, with its state.
CREATE TABLE head (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    hash BLOB NOT NULL,
    snapshot BLOB NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
) STRICT;

-- Always empty: a guard that does not hold inserts a null here, which raises.
CREATE TABLE guard (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    held INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
) STRICT;

CREATE TABLE receipt (
    jurisdiction TEXT NOT NULL,
    key TEXT NOT NULL,
    actor TEXT NOT NULL,
    command BLOB NOT NULL,
    receipt TEXT NOT NULL,
    PRIMARY KEY (jurisdiction, key)
) STRICT;

CREATE TABLE wrapped_key (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    person TEXT NOT NULL,
    master TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    PRIMARY KEY (jurisdiction, stream, person)
) STRICT;
CREATE INDEX wrapped_key_person ON wrapped_key (jurisdiction, person, stream);

-- Timers and follow-ups. `lease_until` is also the time before which a failed one is not tried again.
CREATE TABLE job (
    jurisdiction TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    due INTEGER NOT NULL,
    stream TEXT NOT NULL,
    command BLOB NOT NULL,
    attempts INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, owner, name)
) STRICT;
CREATE INDEX job_due ON job (jurisdiction, due);

-- The outbox. `sent_at` is null until a messenger took the message.
CREATE TABLE message (
    jurisdiction TEXT NOT NULL,
    id TEXT NOT NULL,
    channel TEXT NOT NULL,
    to_index TEXT NOT NULL,
    body BLOB NOT NULL,
    about TEXT NOT NULL,
    at INTEGER NOT NULL,
    sent_at INTEGER,
    attempts INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, id)
) STRICT;
CREATE INDEX message_unsent ON message (jurisdiction, at) WHERE sent_at IS NULL;
CREATE INDEX message_at ON message (jurisdiction, at, id);
CREATE INDEX message_to ON message (jurisdiction, to_index, at, id);

-- Entries without a leaf number. The sealer empties it.
CREATE TABLE unsealed (
    jurisdiction TEXT NOT NULL,
    position INTEGER NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, position)
) STRICT;

CREATE TABLE leaf (
    jurisdiction TEXT NOT NULL,
    number INTEGER NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (jurisdiction, number)
) STRICT;
CREATE UNIQUE INDEX leaf_entry ON leaf (jurisdiction, stream, version);

-- Tiles of C2SP tlog-tiles; a partial tile is replaced by a wider one.
CREATE TABLE tile (
    jurisdiction TEXT NOT NULL,
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    width INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (jurisdiction, level, number)
) STRICT;

CREATE TABLE checkpoint (
    jurisdiction TEXT NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    note TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, size)
) STRICT;

-- Counts as they are appended; a job folds them into `tally_folded` and `tally_month`. `tally_act` holds the acts behind them.
CREATE TABLE tally (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    part INTEGER NOT NULL,
    name TEXT NOT NULL,
    organ TEXT NOT NULL,
    kind TEXT NOT NULL,
    date TEXT NOT NULL,
    by INTEGER NOT NULL,
    folding INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (jurisdiction, stream, version, part)
) STRICT;
CREATE INDEX tally_date ON tally (jurisdiction, date, name);

CREATE TABLE tally_folded (
    jurisdiction TEXT NOT NULL,
    date TEXT NOT NULL,
    name TEXT NOT NULL,
    organ TEXT NOT NULL,
    kind TEXT NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, date, name, organ, kind)
) STRICT;

CREATE TABLE tally_month (
    jurisdiction TEXT NOT NULL,
    month TEXT NOT NULL,
    name TEXT NOT NULL,
    organ TEXT NOT NULL,
    kind TEXT NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, month, name, organ, kind)
) STRICT;

CREATE TABLE tally_act (
    jurisdiction TEXT NOT NULL,
    name TEXT NOT NULL,
    stream TEXT NOT NULL,
    mark TEXT NOT NULL,
    organ TEXT NOT NULL,
    kind TEXT NOT NULL,
    date TEXT NOT NULL,
    by INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, name, stream, mark)
) STRICT;
CREATE INDEX tally_act_date ON tally_act (jurisdiction, name, date, stream, mark);
CREATE INDEX tally_act_organ ON tally_act (jurisdiction, name, organ, date, stream, mark);

CREATE TABLE setting (
    jurisdiction TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (jurisdiction, name)
) STRICT;

CREATE TABLE lease (
    jurisdiction TEXT NOT NULL,
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, name)
) STRICT;

CREATE TABLE session (
    jurisdiction TEXT NOT NULL,
    token_hash BLOB NOT NULL,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, token_hash)
) STRICT;
CREATE INDEX session_expires ON session (jurisdiction, expires_at);

-- One-time codes.
CREATE TABLE otp (
    jurisdiction TEXT NOT NULL,
    id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    subject TEXT NOT NULL,
    hash BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    used_at INTEGER,
    PRIMARY KEY (jurisdiction, id)
) STRICT;
CREATE INDEX otp_expires ON otp (jurisdiction, expires_at);

CREATE TABLE print_run (
    jurisdiction TEXT NOT NULL,
    id TEXT NOT NULL,
    organ TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    papers TEXT NOT NULL,
    blob TEXT NOT NULL,
    PRIMARY KEY (jurisdiction, id)
) STRICT;
CREATE INDEX print_run_organ ON print_run (jurisdiction, organ, at, id);

-- The read model.
CREATE TABLE work (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    task TEXT NOT NULL,
    organ TEXT,
    role TEXT,
    assignee TEXT,
    due_on TEXT,
    limit_id TEXT,
    title TEXT,
    party BLOB,
    kind TEXT,
    opened_at INTEGER,
    PRIMARY KEY (jurisdiction, stream, task)
) STRICT;
CREATE INDEX work_due ON work (jurisdiction, COALESCE(due_on, '9999-12-31'), stream, task);
CREATE INDEX work_organ ON work (jurisdiction, organ, COALESCE(due_on, '9999-12-31'), stream, task);
CREATE INDEX work_role ON work (jurisdiction, organ, role, COALESCE(due_on, '9999-12-31'), stream, task);
CREATE INDEX work_people ON work (jurisdiction, organ, role, assignee, COALESCE(due_on, '9999-12-31'));
CREATE INDEX work_assignee ON work (jurisdiction, assignee, COALESCE(due_on, '9999-12-31'), stream, task);

CREATE TABLE matter (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    number TEXT,
    source TEXT,
    organ TEXT,
    occurred_on TEXT,
    state TEXT,
    send INTEGER,
    kind TEXT,
    entry TEXT,
    sector TEXT,
    batch TEXT,
    subject_name BLOB,
    complainant BLOB,
    because TEXT,
    due_on TEXT,
    own_due_on TEXT,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
) STRICT;
CREATE INDEX matter_updated ON matter (jurisdiction, updated_at, stream);
CREATE INDEX matter_state ON matter (jurisdiction, state, updated_at, stream);
CREATE INDEX matter_organ ON matter (jurisdiction, organ, updated_at, stream);
CREATE INDEX matter_organ_state ON matter (jurisdiction, organ, state, send, updated_at, stream);
CREATE INDEX matter_batch ON matter (jurisdiction, batch, updated_at, stream);
CREATE INDEX matter_number ON matter (jurisdiction, number, stream);

CREATE TABLE paper (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    number TEXT,
    kind TEXT,
    issuer TEXT,
    about TEXT,
    matter TEXT,
    date TEXT,
    state TEXT,
    addressee BLOB,
    access TEXT,
    channel TEXT,
    served_on TEXT,
    blob TEXT,
    batch TEXT,
    desk TEXT,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
) STRICT;
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
    jurisdiction TEXT NOT NULL,
    code TEXT NOT NULL,
    paper TEXT,
    about TEXT,
    PRIMARY KEY (jurisdiction, code)
) STRICT;

CREATE TABLE dossier (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    number TEXT,
    organ TEXT,
    kind TEXT,
    entry TEXT,
    sector TEXT,
    state TEXT,
    stage TEXT,
    applied_on TEXT,
    matter TEXT,
    applicant BLOB,
    respondent BLOB,
    mediator TEXT,
    due_on TEXT,
    due_limit TEXT,
    confirmation TEXT,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
) STRICT;
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
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT,
    name BLOB,
    name_index TEXT,
    id_index TEXT,
    phone_index TEXT,
    PRIMARY KEY (jurisdiction, stream, person)
) STRICT;
CREATE INDEX takes_part_person ON takes_part (jurisdiction, person, stream);
CREATE INDEX takes_part_name ON takes_part (jurisdiction, name_index, stream, person);
CREATE INDEX takes_part_id ON takes_part (jurisdiction, id_index, stream, person);
CREATE INDEX takes_part_phone ON takes_part (jurisdiction, phone_index, stream, person);

CREATE TABLE confirmation (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    number TEXT,
    dossier TEXT,
    organ TEXT,
    court TEXT,
    state TEXT,
    filed_on TEXT,
    judge TEXT,
    due_on TEXT,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (jurisdiction, stream)
) STRICT;
CREATE INDEX confirmation_updated ON confirmation (jurisdiction, updated_at, stream);
CREATE INDEX confirmation_state ON confirmation (jurisdiction, state, updated_at, stream);
CREATE INDEX confirmation_court ON confirmation (jurisdiction, court, updated_at, stream);
CREATE INDEX confirmation_court_state ON confirmation (jurisdiction, court, state, updated_at, stream);
CREATE INDEX confirmation_organ ON confirmation (jurisdiction, organ, updated_at, stream);
CREATE INDEX confirmation_dossier ON confirmation (jurisdiction, dossier, updated_at, stream);
CREATE INDEX confirmation_number ON confirmation (jurisdiction, number, stream);

CREATE TABLE organ (
    jurisdiction TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT,
    phone TEXT,
    address TEXT,
    brand TEXT,
    online_on TEXT,
    rostered INTEGER,
    PRIMARY KEY (jurisdiction, code)
) STRICT;

CREATE TABLE staff (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    organ TEXT,
    post TEXT,
    name BLOB,
    name_index TEXT,
    phone BLOB,
    phone_index TEXT,
    active INTEGER,
    PRIMARY KEY (jurisdiction, stream)
) STRICT;
CREATE INDEX staff_organ ON staff (jurisdiction, organ, stream);
CREATE INDEX staff_phone ON staff (jurisdiction, phone_index, stream);
CREATE INDEX staff_name ON staff (jurisdiction, name_index, stream);

CREATE TABLE staff_key (
    jurisdiction TEXT NOT NULL,
    organ TEXT NOT NULL,
    id_index TEXT NOT NULL,
    stream TEXT,
    PRIMARY KEY (jurisdiction, organ, id_index)
) STRICT;

CREATE TABLE expert (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    name BLOB,
    employer TEXT,
    title TEXT,
    field TEXT,
    term_from TEXT,
    term_to TEXT,
    avoids TEXT,
    PRIMARY KEY (jurisdiction, stream)
) STRICT;

CREATE TABLE expert_key (
    jurisdiction TEXT NOT NULL,
    key_index TEXT NOT NULL,
    stream TEXT,
    PRIMARY KEY (jurisdiction, key_index)
) STRICT;

CREATE TABLE publicity (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    name TEXT,
    organ TEXT,
    date TEXT,
    manner TEXT,
    place TEXT,
    audience INTEGER,
    leaflets INTEGER,
    PRIMARY KEY (jurisdiction, stream)
) STRICT;
CREATE INDEX publicity_date ON publicity (jurisdiction, date, stream);
CREATE INDEX publicity_organ ON publicity (jurisdiction, organ, date, stream);

CREATE TABLE batch (
    jurisdiction TEXT NOT NULL,
    stream TEXT NOT NULL,
    kind TEXT,
    file TEXT,
    imported_at INTEGER NOT NULL,
    by TEXT,
    read INTEGER,
    stored INTEGER,
    updated INTEGER,
    unchanged INTEGER,
    refused INTEGER,
    state TEXT,
    PRIMARY KEY (jurisdiction, stream)
) STRICT;
CREATE INDEX batch_imported ON batch (jurisdiction, imported_at, stream);

-- What the planner is told about the shape of big tables, so that it takes the same index in an empty database and in
-- a full one. Rows, then rows for each leading part of the index. Never measured again: plans do not change by themselves.
ANALYZE;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('event', 'event_position', '100000 100000 1'),
    ('event', 'sqlite_autoindex_event_1', '100000 100000 1 1'),
    ('head', 'sqlite_autoindex_head_1', '100000 100000 1'),
    ('guard', 'sqlite_autoindex_guard_1', '100000 100000 1'),
    ('receipt', 'sqlite_autoindex_receipt_1', '100000 100000 1'),
    ('wrapped_key', 'sqlite_autoindex_wrapped_key_1', '100000 100000 1 1'),
    ('wrapped_key', 'wrapped_key_person', '100000 100000 1 1'),
    ('job', 'job_due', '5000 500 1'),
    ('job', 'sqlite_autoindex_job_1', '5000 500 1 1'),
    ('message', 'message_at', '100000 100000 1 1'),
    ('message', 'message_to', '100000 100000 5 1 1'),
    ('message', 'message_unsent', '100 100 1'),
    ('message', 'sqlite_autoindex_message_1', '100000 100000 1'),
    ('unsealed', 'sqlite_autoindex_unsealed_1', '5000 500 1'),
    ('leaf', 'leaf_entry', '100000 100000 1 1'),
    ('leaf', 'sqlite_autoindex_leaf_1', '100000 100000 1'),
    ('tile', 'sqlite_autoindex_tile_1', '100000 100000 33333 1'),
    ('checkpoint', 'sqlite_autoindex_checkpoint_1', '100000 100000 1'),
    ('tally', 'sqlite_autoindex_tally_1', '5000 500 1 1 1'),
    ('tally', 'tally_date', '5000 500 1 1'),
    ('tally_folded', 'sqlite_autoindex_tally_folded_1', '100000 100000 250 12 1 1'),
    ('tally_month', 'sqlite_autoindex_tally_month_1', '100000 100000 5000 250 12 1'),
    ('tally_act', 'sqlite_autoindex_tally_act_1', '100000 100000 5000 1 1'),
    ('tally_act', 'tally_act_date', '100000 100000 5000 12 1 1'),
    ('tally_act', 'tally_act_organ', '100000 100000 5000 250 1 1 1'),
    ('setting', 'sqlite_autoindex_setting_1', '100000 100000 1'),
    ('lease', 'sqlite_autoindex_lease_1', '100000 100000 1'),
    ('session', 'session_expires', '100000 100000 1'),
    ('session', 'sqlite_autoindex_session_1', '100000 100000 1'),
    ('otp', 'otp_expires', '100000 100000 1'),
    ('otp', 'sqlite_autoindex_otp_1', '100000 100000 1'),
    ('print_run', 'print_run_organ', '100000 100000 5000 1 1'),
    ('print_run', 'sqlite_autoindex_print_run_1', '100000 100000 1'),
    ('work', 'sqlite_autoindex_work_1', '100000 100000 1 1'),
    ('work', 'work_assignee', '100000 100000 333 1 1 1'),
    ('work', 'work_due', '100000 100000 250 1 1'),
    ('work', 'work_people', '100000 100000 5000 1000 100 1'),
    ('work', 'work_organ', '100000 100000 5000 12 1 1'),
    ('work', 'work_role', '100000 100000 5000 1000 2 1 1'),
    ('matter', 'matter_batch', '100000 100000 1000 1 1'),
    ('matter', 'matter_number', '100000 100000 1 1'),
    ('matter', 'matter_organ', '100000 100000 5000 1 1'),
    ('matter', 'matter_organ_state', '100000 100000 5000 500 250 1 1'),
    ('matter', 'matter_state', '100000 100000 10000 1 1'),
    ('matter', 'matter_updated', '100000 100000 1 1'),
    ('matter', 'sqlite_autoindex_matter_1', '100000 100000 1'),
    ('paper', 'paper_about', '100000 100000 2 1 1'),
    ('paper', 'paper_batch', '100000 100000 1000 1 1'),
    ('paper', 'paper_issuer', '100000 100000 5000 1 1'),
    ('paper', 'paper_issuer_desk', '100000 100000 5000 500 1 1'),
    ('paper', 'paper_issuer_kind', '100000 100000 5000 1000 100 1 1'),
    ('paper', 'paper_matter', '100000 100000 2 1 1'),
    ('paper', 'paper_number', '100000 100000 1 1'),
    ('paper', 'paper_desk', '100000 100000 10000 1 1'),
    ('paper', 'paper_updated', '100000 100000 1 1'),
    ('paper', 'sqlite_autoindex_paper_1', '100000 100000 1'),
    ('access', 'sqlite_autoindex_access_1', '100000 100000 1'),
    ('dossier', 'dossier_due', '100000 100000 250 1'),
    ('dossier', 'dossier_matter', '100000 100000 2 1 1'),
    ('dossier', 'dossier_mediator', '100000 100000 333 1 1'),
    ('dossier', 'dossier_mediator_due', '100000 100000 333 1 1'),
    ('dossier', 'dossier_number', '100000 100000 1 1'),
    ('dossier', 'dossier_organ', '100000 100000 5000 1 1'),
    ('dossier', 'dossier_organ_due', '100000 100000 5000 12 1'),
    ('dossier', 'dossier_organ_state', '100000 100000 5000 500 1 1'),
    ('dossier', 'dossier_state', '100000 100000 10000 1 1'),
    ('dossier', 'dossier_updated', '100000 100000 1 1'),
    ('dossier', 'sqlite_autoindex_dossier_1', '100000 100000 1'),
    ('takes_part', 'sqlite_autoindex_takes_part_1', '100000 100000 1 1'),
    ('takes_part', 'takes_part_id', '100000 100000 1 1 1'),
    ('takes_part', 'takes_part_name', '100000 100000 1 1 1'),
    ('takes_part', 'takes_part_person', '100000 100000 1 1'),
    ('takes_part', 'takes_part_phone', '100000 100000 1 1 1'),
    ('confirmation', 'confirmation_court', '100000 100000 33333 1 1'),
    ('confirmation', 'confirmation_court_state', '100000 100000 33333 3333 1 1'),
    ('confirmation', 'confirmation_dossier', '100000 100000 2 1 1'),
    ('confirmation', 'confirmation_number', '100000 100000 1 1'),
    ('confirmation', 'confirmation_organ', '100000 100000 5000 1 1'),
    ('confirmation', 'confirmation_state', '100000 100000 10000 1 1'),
    ('confirmation', 'confirmation_updated', '100000 100000 1 1'),
    ('confirmation', 'sqlite_autoindex_confirmation_1', '100000 100000 1'),
    ('organ', 'sqlite_autoindex_organ_1', '100000 100000 1'),
    ('staff', 'sqlite_autoindex_staff_1', '100000 100000 1'),
    ('staff', 'staff_name', '100000 100000 1 1'),
    ('staff', 'staff_organ', '100000 100000 5000 1'),
    ('staff', 'staff_phone', '100000 100000 1 1'),
    ('staff_key', 'sqlite_autoindex_staff_key_1', '100000 100000 5000 1'),
    ('expert', 'sqlite_autoindex_expert_1', '100000 100000 1'),
    ('expert_key', 'sqlite_autoindex_expert_key_1', '100000 100000 1'),
    ('publicity', 'publicity_date', '100000 100000 250 1'),
    ('publicity', 'publicity_organ', '100000 100000 5000 12 1'),
    ('publicity', 'sqlite_autoindex_publicity_1', '100000 100000 1'),
    ('batch', 'batch_imported', '100000 100000 1 1'),
    ('batch', 'sqlite_autoindex_batch_1', '100000 100000 1');
