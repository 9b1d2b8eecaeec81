-- +goose Up
-- What several copies of the program on one database tell each other. SQLite has one copy, and leaves these as they are.

-- Who serves the records: a row for each start of the program. seen_at is by the database's clock; clock_ahead is how far the copy's own is
-- ahead of that, in milliseconds; backup_every the longest time between two of its scheduled backups, in seconds.
CREATE TABLE copy (
    id             TEXT   PRIMARY KEY,
    name           TEXT   NOT NULL,
    program        TEXT   NOT NULL,
    schema_version BIGINT NOT NULL,
    content        TEXT   NOT NULL,
    began_at       BIGINT NOT NULL,
    seen_at        BIGINT NOT NULL,
    clock_ahead    BIGINT NOT NULL,
    backup_every   BIGINT NOT NULL
);

-- n grows with each change of records, so that a copy knows that another one has made a change.
CREATE TABLE change_count (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    n  BIGINT  NOT NULL
);
INSERT INTO change_count (id, n) VALUES (1, 0);

-- What was done last under the lease: the day, say, whose work is done.
ALTER TABLE lease ADD COLUMN done TEXT NOT NULL DEFAULT '';

-- +goose Down
-- Forward only.
SELECT 1;
