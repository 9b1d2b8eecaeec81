-- +goose Up
-- For SQLite alone, which follows a row up to the last column that is asked for. PostgreSQL keeps long texts apart.
SELECT 1;

-- +goose Down
-- Forward only.
SELECT 1;
