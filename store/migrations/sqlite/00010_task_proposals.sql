-- +goose Up
-- Authors also propose to close a task of a meeting: kind 'meeting', position that of the task from 0, data what proves it done.
ALTER TABLE proposal RENAME TO proposal_before;
CREATE TABLE proposal (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    kind          TEXT    NOT NULL CHECK (kind IN ('unit', 'person', 'meeting')),
    record_id     INTEGER NOT NULL DEFAULT 0,
    base_revision INTEGER NOT NULL DEFAULT 0,
    version       INTEGER NOT NULL DEFAULT 1,
    status        TEXT    NOT NULL CHECK (status IN ('review', 'returned')),
    note          TEXT    NOT NULL DEFAULT '',
    name          TEXT    NOT NULL,
    data          TEXT    NOT NULL,
    owner_id      INTEGER NOT NULL REFERENCES users (id),
    updated_at    INTEGER NOT NULL,
    position      INTEGER NOT NULL DEFAULT 0
);
INSERT INTO proposal SELECT id, kind, record_id, base_revision, version, status, note, name, data, owner_id, updated_at, 0 FROM proposal_before;
DROP TABLE proposal_before;
CREATE INDEX proposal_owner ON proposal (owner_id);
CREATE INDEX proposal_record ON proposal (kind, record_id);

-- +goose Down
-- Forward only.
SELECT 1;
