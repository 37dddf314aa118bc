-- The customers' plane, version 1. Every table of customer state begins its key with bucket and shop.
-- Hashes of 64 bits are stored as signed integers with the same bits; moments are milliseconds since 1970.

-- One row that each commit rewrites, and what the database knows of itself.
CREATE TABLE head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL,
    commit_number INTEGER NOT NULL,
    now INTEGER NOT NULL
);
INSERT INTO head VALUES (1, 0, 0, 0);
CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Hot is read and written with every event; warm stands apart so that a hot write does not move it.
CREATE TABLE profile (
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    hot BLOB NOT NULL,
    PRIMARY KEY (bucket, shop, id)
) WITHOUT ROWID;
CREATE TABLE warm (
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    id INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (bucket, shop, id)
) WITHOUT ROWID;

-- When a profile must be looked at by itself: a lower bound, only for profiles that have one.
CREATE TABLE due (
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    profile INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (bucket, shop, profile)
) WITHOUT ROWID;
CREATE INDEX due_at ON due (at);

CREATE TABLE identity (
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    door INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    value TEXT NOT NULL,
    profile INTEGER NOT NULL,
    strength INTEGER NOT NULL,
    since INTEGER NOT NULL,
    moves INTEGER NOT NULL,
    moves_day INTEGER NOT NULL,
    PRIMARY KEY (bucket, shop, door)
) WITHOUT ROWID;
-- The identities of one profile lie in any buckets; the list of customers shows the newest first.
CREATE INDEX identity_profile ON identity (shop, profile);
CREATE INDEX identity_since ON identity (shop, since, door);

-- Appended, so that bodies fill pages; the unique index is the dedupe.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    profile INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE UNIQUE INDEX event_number ON event (bucket, shop, number);
CREATE INDEX event_profile ON event (bucket, shop, profile, at);

CREATE TABLE seen (
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (bucket, shop, number)
) WITHOUT ROWID;

-- The order of the columns is the order in which messages are read.
CREATE TABLE message (
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    id INTEGER NOT NULL,
    profile INTEGER NOT NULL,
    address INTEGER NOT NULL,
    journey TEXT NOT NULL,
    step TEXT NOT NULL,
    template TEXT NOT NULL,
    channel TEXT NOT NULL,
    lane INTEGER NOT NULL,
    state INTEGER NOT NULL,
    due INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    approved_at INTEGER,
    handed_at INTEGER,
    ended_at INTEGER,
    opened_at INTEGER,
    machine_opened_at INTEGER,
    clicked_at INTEGER,
    machine_clicked_at INTEGER,
    ended_badly_at INTEGER,
    reason TEXT NOT NULL,
    tries INTEGER NOT NULL,
    why TEXT NOT NULL,
    notes TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE UNIQUE INDEX message_id ON message (bucket, shop, id);
CREATE INDEX message_profile ON message (bucket, shop, profile, created_at);
CREATE INDEX message_created ON message (shop, created_at, id);
CREATE INDEX message_journey ON message (shop, journey, created_at, id);
-- Approved: what may be sent. Claimed, handing, unknown: what needs a second look.
CREATE INDEX message_outbox ON message (lane, not_before) WHERE state = 1;
CREATE INDEX message_open ON message (state, shop, created_at, id) WHERE state IN (2, 3, 6);

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    profile INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX journal_profile ON journal (bucket, shop, profile, at);

CREATE TABLE "order" (
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    door INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (bucket, shop, door)
) WITHOUT ROWID;
CREATE TABLE credit (
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    door INTEGER NOT NULL,
    journey TEXT NOT NULL,
    step TEXT NOT NULL,
    message INTEGER NOT NULL,
    at INTEGER NOT NULL,
    minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    PRIMARY KEY (bucket, shop, door)
) WITHOUT ROWID;
CREATE INDEX credit_at ON credit (shop, at, journey, step, currency, minor);

CREATE TABLE address (
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    door INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (bucket, shop, door)
) WITHOUT ROWID;

CREATE TABLE letter (
    seq INTEGER PRIMARY KEY,
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE UNIQUE INDEX letter_number ON letter (bucket, shop, number);

CREATE TABLE parked (
    seq INTEGER PRIMARY KEY,
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    reason TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE UNIQUE INDEX parked_number ON parked (bucket, shop, number);
CREATE INDEX parked_at ON parked (shop, at, number);

-- Sums of the shop, not state of a customer: no bucket.
CREATE TABLE count (
    shop INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    journey TEXT NOT NULL,
    step TEXT NOT NULL,
    metric TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (shop, hour, journey, step, metric)
) WITHOUT ROWID;
