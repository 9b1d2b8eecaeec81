-- +goose Up
-- What the desks need: working copies with a version, who is editing, the sweep, and lists by their latest change.

-- version grows with each save and move of the copy; saved_by and saved_name say who made the latest.
ALTER TABLE working_copy ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE working_copy ADD COLUMN saved_by BIGINT REFERENCES users (id);
ALTER TABLE working_copy ADD COLUMN saved_name TEXT NOT NULL DEFAULT '';

-- What made the revision, as the audit trail names it; '' in revisions of older programs.
ALTER TABLE revision ADD COLUMN action TEXT NOT NULL DEFAULT '';

-- Folded words of title and summary; '' until the program has filled it.
ALTER TABLE news ADD COLUMN text_fold TEXT NOT NULL DEFAULT '';
CREATE INDEX news_unfolded ON news (id) WHERE text_fold = '';

-- coming: published, but its time had not come when it was written; the sweep clears it.
ALTER TABLE news ADD COLUMN coming BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE meeting ADD COLUMN coming BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX news_coming ON news (publish_at) WHERE coming = TRUE;
CREATE INDEX meeting_coming ON meeting (publish_at) WHERE coming = TRUE;
CREATE INDEX news_expiring ON news (status, expire_at) WHERE expire_at > 0;
CREATE INDEX meeting_expiring ON meeting (status, expire_at) WHERE expire_at > 0;

CREATE INDEX news_updated ON news (updated_at, id);
CREATE INDEX news_status_updated ON news (status, updated_at, id);
CREATE INDEX news_owner ON news (owner_id, status);
CREATE INDEX meeting_updated ON meeting (updated_at, id);
CREATE INDEX meeting_status_updated ON meeting (status, updated_at, id);
CREATE INDEX meeting_owner ON meeting (owner_id, status);

ALTER TABLE unit ADD COLUMN confirmed_on TEXT NOT NULL DEFAULT '';

-- Who has which record open, since when, and when that was last seen.
CREATE TABLE editing (
    kind      TEXT   NOT NULL,
    record_id BIGINT NOT NULL,
    user_id   BIGINT NOT NULL REFERENCES users (id),
    since     BIGINT NOT NULL,
    seen_at   BIGINT NOT NULL,
    PRIMARY KEY (kind, record_id, user_id)
);
CREATE INDEX editing_seen ON editing (seen_at);

-- Work that one copy of the program does for all: who does it, until when the others leave it alone.
CREATE TABLE lease (
    name       TEXT   PRIMARY KEY,
    holder     TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);

-- The slugs that a record had, for the views of its page.
CREATE INDEX old_slug_record ON old_slug (kind, record_id);

CREATE INDEX audit_record ON audit (kind, record_id, id);
CREATE INDEX audit_user ON audit (user_id, id);
CREATE INDEX audit_at ON audit (at);

-- +goose Down
-- Forward only.
SELECT 1;
