-- The customers' plane, version 2.

-- Messages that are looked for by why they were not sent, or by a state that few are in.
CREATE INDEX message_reason ON message (shop, reason, created_at, id) WHERE reason <> '';
CREATE INDEX message_rare ON message (state, shop, created_at, id) WHERE state IN (1, 5, 8);

-- The search of customers. Browsers' ids are found whole only: nobody types the beginning of one.
CREATE INDEX identity_value ON identity (shop, kind, value) WHERE kind IN (1, 2, 3, 4);
-- Names and order ids of profiles in small letters, a word each; a part of the profile, and erased with it.
CREATE TABLE word (
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    profile INTEGER NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (bucket, shop, profile, word)
) WITHOUT ROWID;
CREATE INDEX word_word ON word (shop, word, profile);

-- What an order owes to blocks of recommendations: replaced whole with every write of the order.
CREATE TABLE block_credit (
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    door INTEGER NOT NULL,
    block TEXT NOT NULL,
    arm TEXT NOT NULL,
    currency TEXT NOT NULL,
    at INTEGER NOT NULL,
    units INTEGER NOT NULL,
    minor INTEGER NOT NULL,
    PRIMARY KEY (bucket, shop, door, block, arm, currency)
) WITHOUT ROWID;
CREATE INDEX block_credit_at ON block_credit (shop, at, block, arm, currency, units, minor);

-- With the message, so that those that earned anything can be counted.
DROP INDEX credit_at;
CREATE INDEX credit_at ON credit (shop, at, journey, step, currency, minor, message);

-- Who placed an order that stands, and when, so that those who came back can be counted. Orders of before this version
-- have no row until they are reported again: of them it is unknown.
CREATE TABLE placed (
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    door INTEGER NOT NULL,
    profile INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (bucket, shop, door)
) WITHOUT ROWID;
CREATE INDEX placed_by ON placed (shop, profile, at);

-- The hours of `count` by whole days since 1970: a month is thirty times fewer rows. Written beside each count.
CREATE TABLE count_day (
    shop INTEGER NOT NULL,
    day INTEGER NOT NULL,
    journey TEXT NOT NULL,
    step TEXT NOT NULL,
    metric TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (shop, day, journey, step, metric)
) WITHOUT ROWID;
INSERT INTO count_day SELECT shop, hour / 24, journey, step, metric, sum(n) FROM count GROUP BY 1, 2, 3, 4, 5;

-- What arrived at a program that does not own the buckets, until the owner applies it. Only a database that several
-- programs share ever has rows here.
CREATE TABLE inbox (
    seq INTEGER PRIMARY KEY,
    bucket INTEGER NOT NULL,
    shop INTEGER NOT NULL,
    number INTEGER NOT NULL,
    at INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE UNIQUE INDEX inbox_number ON inbox (bucket, shop, number);
