-- What both planes stand on: which version each has, and the last transaction of each program that writes, so
-- that a commit whose answer was lost can be asked for.
CREATE TABLE IF NOT EXISTS schema_version (plane text NOT NULL PRIMARY KEY, version integer NOT NULL);
CREATE TABLE IF NOT EXISTS writer (
    id bigint NOT NULL PRIMARY KEY,
    batch bigint NOT NULL,
    seen timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);
-- How far a shop has been carried over from a directory: a row for each table, and one without a name for the whole.
CREATE TABLE IF NOT EXISTS carried (
    name text NOT NULL PRIMARY KEY,
    source text NOT NULL,
    rows bigint NOT NULL,
    is_whole boolean NOT NULL
);
-- Programs that have not written for long are gone.
DELETE FROM writer WHERE seen < now() - interval '90 days';
