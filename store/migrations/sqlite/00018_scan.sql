-- +goose Up
-- The guard against planted links.

-- Other sites to which links may lead. host is in lower case, without port and without a leading "www.".
CREATE TABLE approved_host (
    host    TEXT   PRIMARY KEY,
    user_id BIGINT REFERENCES users (id),
    actor   TEXT   NOT NULL,
    at      BIGINT NOT NULL
);

-- What the guard has found. finding_key is a hash over kind, place, record_id, path and value: what is found again is the same row.
-- scan is the number of the scan that saw it last.
CREATE TABLE finding (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    finding_key TEXT    NOT NULL UNIQUE,
    kind        TEXT    NOT NULL,
    place       TEXT    NOT NULL,
    record_id   BIGINT  NOT NULL DEFAULT 0,
    section_id  BIGINT  NOT NULL DEFAULT 0,
    path        TEXT    NOT NULL DEFAULT '',
    title       TEXT    NOT NULL DEFAULT '',
    field       TEXT    NOT NULL DEFAULT '',
    line        INTEGER NOT NULL DEFAULT 0,
    value       TEXT    NOT NULL DEFAULT '',
    excerpt     TEXT    NOT NULL DEFAULT '',
    state       TEXT    NOT NULL CHECK (state IN ('open', 'approved', 'down', 'gone')),
    user_id     BIGINT  REFERENCES users (id),
    actor       TEXT    NOT NULL DEFAULT '',
    first_at    BIGINT  NOT NULL,
    last_at     BIGINT  NOT NULL,
    decided_at  BIGINT  NOT NULL DEFAULT 0,
    scan        BIGINT  NOT NULL
);
CREATE INDEX finding_state ON finding (state, kind, id);
CREATE INDEX finding_record ON finding (place, record_id);
CREATE INDEX finding_value ON finding (kind, value);

-- +goose Down
-- Forward only.
SELECT 1;
