-- +goose Up
-- How far each writer's journal of views was read: position, in its segment of that number.
ALTER TABLE hit_flush ADD COLUMN position BIGINT NOT NULL DEFAULT 0;

-- +goose Down
-- Forward only.
SELECT 1;
