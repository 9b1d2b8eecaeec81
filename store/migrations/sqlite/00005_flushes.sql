-- +goose Up
-- The last batch of hits that each buffer has counted: a batch whose commit went unanswered is not counted again.

CREATE TABLE hit_flush (
    buffer TEXT   PRIMARY KEY,
    number BIGINT NOT NULL,
    at     BIGINT NOT NULL
);

-- +goose Down
-- Forward only.
SELECT 1;
