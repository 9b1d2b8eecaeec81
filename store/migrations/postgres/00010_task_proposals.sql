-- +goose Up
-- Authors also propose to close a task of a meeting: kind 'meeting', position that of the task from 0, data what proves it done.
ALTER TABLE proposal DROP CONSTRAINT proposal_kind_check;
ALTER TABLE proposal ADD CONSTRAINT proposal_kind_check CHECK (kind IN ('unit', 'person', 'meeting'));
ALTER TABLE proposal ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
CREATE INDEX proposal_record ON proposal (kind, record_id);

-- +goose Down
-- Forward only.
SELECT 1;
