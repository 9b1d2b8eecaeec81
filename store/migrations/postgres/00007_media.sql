-- +goose Up
-- Files that were put away, the folded words by which the desk finds files, and which records' revisions name a file.

ALTER TABLE media ADD COLUMN archived_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE media ADD COLUMN text_fold TEXT NOT NULL DEFAULT '';

-- A file that a revision names is kept, so that the revision can be looked at and restored.
CREATE TABLE media_revision (
    media_id  BIGINT NOT NULL REFERENCES media (id),
    kind      TEXT COLLATE "C" NOT NULL,
    record_id BIGINT NOT NULL,
    PRIMARY KEY (media_id, kind, record_id)
);
INSERT INTO media_revision (media_id, kind, record_id) SELECT media_id, kind, record_id FROM media_use;

-- +goose Down
-- Forward only.
SELECT 1;
