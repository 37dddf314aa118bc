-- The shop's plane, version 2.

-- Texts of templates as they were in force, by their digest, so that a message can be shown as it was sent.
CREATE TABLE template_text (
    shop INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (shop, digest)
) WITHOUT ROWID;

-- The log: who did what, when, from where. A change of a document and its entry are one transaction. `changes` holds
-- fields with their values before and after, never a secret; `ip` is emptied after 90 days.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    shop INTEGER NOT NULL,
    at INTEGER NOT NULL,
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    ip TEXT NOT NULL,
    route TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    changes TEXT NOT NULL
);
CREATE INDEX audit_shop ON audit (shop, seq);
CREATE INDEX audit_actor ON audit (shop, actor, seq);
CREATE INDEX audit_ip ON audit (shop, at) WHERE ip <> '';

-- A session tells its owner which browser it is and where it was begun.
ALTER TABLE session ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN ip TEXT NOT NULL DEFAULT '';

-- When a key was last used; apart from its document, which would otherwise change with each use.
CREATE TABLE key_use (
    shop INTEGER NOT NULL,
    name TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (shop, name)
) WITHOUT ROWID;

-- When an offer first came with a feed; 0 when that is not known: with the first feed, or before this version.
ALTER TABLE offer ADD COLUMN added_at INTEGER NOT NULL DEFAULT 0;
