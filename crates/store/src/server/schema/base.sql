-- What both planes stand on: which version each has, and the last transaction of each program that writes, so
-- that a commit whose answer was lost can be asked for.
CREATE TABLE IF NOT EXISTS schema_version (plane text NOT NULL PRIMARY KEY, version integer NOT NULL);
CREATE TABLE IF NOT EXISTS writer (
    id bigint NOT NULL PRIMARY KEY,
    batch bigint NOT NULL,
    seen timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_scale_factor = 0);
-- Programs that have not written for long are gone.
DELETE FROM writer WHERE seen < now() - interval '90 days';
