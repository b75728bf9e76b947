//! The tables of the read model. One constant a table; `store` writes them, `store-read` reads them.
//! The SQL of `migrations/` must have exactly these columns (a test compares).

use crate::row::Table;

macro_rules! table {
    ($(#[$doc:meta])* $name:ident, $sql:literal, [$($key:literal),*], [$($column:literal),* $(,)?]) => {
        $(#[$doc])*
        pub static $name: Table = Table { name: $sql, key: &[$($key),*], columns: &[$($column),*] };
    };
}

table!(
    /// What a staff member must do next, by last day.
    WORK, "work", ["stream", "task"],
    ["organ", "role", "assignee", "due_on", "limit_id", "title", "party", "kind", "opened_at",
     "claims"]
);
table!(
    /// Enforcement matters with the proposal for a letter.
    MATTER, "matter", ["stream"],
    ["number", "source", "organ", "occurred_on", "state", "send", "kind", "entry", "sector", "batch", "subject_name",
     "complainant", "because", "due_on", "own_due_on", "updated_at"]
);
table!(
    /// Issued papers.
    PAPER, "paper", ["stream"],
    ["number", "kind", "issuer", "about", "matter", "date", "state", "addressee", "access", "channel", "served_on", "blob",
     "batch", "desk", "updated_at"]
);
table!(
    /// Access codes of letters: a code is given once.
    ACCESS, "access", ["code"], ["paper", "about"]
);
table!(
    /// Mediation cases.
    DOSSIER, "dossier", ["stream"],
    ["number", "organ", "kind", "entry", "sector", "state", "stage", "applied_on", "matter", "applicant", "respondent",
     "mediator", "due_on", "due_limit", "confirmation", "updated_at"]
);
table!(
    /// Who takes part in what: finds a party's own cases, and a case by name, ID number or phone.
    TAKES_PART, "takes_part", ["stream", "person"], ["role", "name", "name_index", "id_index", "phone_index"]
);
table!(
    /// Grams of open text, with the places where they stand: finds matters and cases of an organ by words.
    GRAM, "gram", ["list", "organ", "gram", "date", "stream"], ["places"]
);
table!(
    /// Confirmation applications on the court's docket.
    CONFIRMATION, "confirmation", ["stream"],
    ["number", "dossier", "organ", "court", "state", "filed_on", "judge", "due_on", "updated_at"]
);
table!(
    /// Organs as the roster fills them in.
    ORGAN, "organ", ["code"], ["name", "phone", "address", "brand", "online_on", "rostered"]
);
table!(
    /// Staff.
    STAFF, "staff", ["stream"], ["organ", "post", "name", "name_index", "phone", "phone_index", "active"]
);
table!(
    /// One staff member for each organ and ID number.
    STAFF_KEY, "staff_key", ["organ", "id_index"], ["stream"]
);
table!(
    /// The expert pool.
    EXPERT, "expert", ["stream"], ["name", "employer", "title", "field", "term_from", "term_to", "avoids"]
);
table!(
    /// One expert for each name, employer and phone.
    EXPERT_KEY, "expert_key", ["key_index"], ["stream"]
);
table!(
    /// Publicity events.
    PUBLICITY, "publicity", ["stream"], ["name", "organ", "date", "manner", "place", "audience", "leaflets"]
);
table!(
    /// Imported files.
    BATCH, "batch", ["stream"], ["kind", "file", "imported_at", "by", "read", "stored", "updated", "unchanged", "refused", "state"]
);

table!(
    /// Papers printed as one file.
    PRINT_RUN, "print_run", ["stream"], ["organ", "at", "by", "papers", "blob"]
);

/// All of them, for the schema test and for rebuilding.
pub static ALL: [&Table; 16] = [
    &WORK,
    &MATTER,
    &PAPER,
    &ACCESS,
    &DOSSIER,
    &TAKES_PART,
    &GRAM,
    &CONFIRMATION,
    &ORGAN,
    &STAFF,
    &STAFF_KEY,
    &EXPERT,
    &EXPERT_KEY,
    &PUBLICITY,
    &BATCH,
    &PRINT_RUN,
];
