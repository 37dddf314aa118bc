-- The shop's plane, version 1: one writer at a time, any number of processes.

-- One number for the whole plane; each transaction that changes something raises it.
CREATE TABLE plane (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL);
INSERT INTO plane VALUES (1, 0);

-- A document that was deleted keeps its row without a body, so that followers hear of it.
CREATE TABLE document (
    shop INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    plane_version INTEGER NOT NULL,
    PRIMARY KEY (shop, kind, name)
) WITHOUT ROWID;
CREATE INDEX document_changed ON document (plane_version);
CREATE TABLE document_past (
    shop INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (shop, kind, name, version)
) WITHOUT ROWID;

CREATE TABLE session (
    token BLOB NOT NULL PRIMARY KEY,
    staff TEXT NOT NULL,
    created INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    until INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_staff ON session (staff);

-- What decisions need of an offer, narrow enough to be searched whole; the text stands apart.
CREATE TABLE offer (
    shop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    product INTEGER NOT NULL,
    category TEXT NOT NULL,
    minor INTEGER,
    currency TEXT NOT NULL,
    available INTEGER NOT NULL,
    stock INTEGER,
    search TEXT NOT NULL,
    digest INTEGER NOT NULL,
    PRIMARY KEY (shop, number)
) WITHOUT ROWID;
CREATE TABLE offer_text (
    shop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shop, number)
) WITHOUT ROWID;
CREATE TABLE catalogue (shop INTEGER NOT NULL PRIMARY KEY, version INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE category (
    shop INTEGER NOT NULL,
    id TEXT NOT NULL,
    parent TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (shop, id)
) WITHOUT ROWID;
CREATE TABLE price_change (
    shop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    old INTEGER,
    new INTEGER,
    currency TEXT NOT NULL,
    PRIMARY KEY (shop, number, at)
) WITHOUT ROWID;

-- An import gathers here what the feed says; unchanged offers only sign in, without their text.
CREATE TABLE import (
    shop INTEGER NOT NULL PRIMARY KEY,
    token INTEGER NOT NULL,
    begun_at INTEGER NOT NULL
);
CREATE TABLE offer_next (
    shop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    body TEXT,
    id TEXT,
    product INTEGER,
    category TEXT,
    minor INTEGER,
    currency TEXT,
    available INTEGER,
    stock INTEGER,
    search TEXT,
    digest INTEGER,
    PRIMARY KEY (shop, number)
) WITHOUT ROWID;
CREATE TABLE category_next (
    shop INTEGER NOT NULL,
    id TEXT NOT NULL,
    parent TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (shop, id)
) WITHOUT ROWID;
CREATE TABLE import_report (
    seq INTEGER PRIMARY KEY,
    shop INTEGER NOT NULL,
    at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    imported INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    broken INTEGER NOT NULL,
    examples TEXT NOT NULL
);
CREATE INDEX import_report_shop ON import_report (shop, seq);
