-- The customers' plane, version 2.

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
