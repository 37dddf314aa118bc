-- The shop's plane, version 2.

-- When an offer first came with a feed; 0 when that is not known: with the first feed, or before this version.
ALTER TABLE offer ADD COLUMN added_at INTEGER NOT NULL DEFAULT 0;
