-- +goose Up
-- What the directory's desk keeps beside the records.

-- What authors propose for the directory: a form as typed. record_id is 0 for a new entry.
CREATE TABLE proposal (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          TEXT    NOT NULL CHECK (kind IN ('unit', 'person')),
    record_id     INTEGER NOT NULL DEFAULT 0,
    base_revision INTEGER NOT NULL DEFAULT 0,
    version       INTEGER NOT NULL DEFAULT 1,
    status        TEXT    NOT NULL CHECK (status IN ('review', 'returned')),
    note          TEXT    NOT NULL DEFAULT '',
    name          TEXT    NOT NULL,
    data          TEXT    NOT NULL,
    owner_id      INTEGER NOT NULL REFERENCES users (id),
    updated_at    INTEGER NOT NULL
);
CREATE INDEX proposal_owner ON proposal (owner_id);

-- Files of contacts between their preview and their import, for a day.
CREATE TABLE contact_import (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id   INTEGER NOT NULL REFERENCES users (id),
    name       TEXT    NOT NULL,
    data       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX contact_import_owner ON contact_import (owner_id);

-- +goose Down
-- Forward only.
SELECT 1;
