-- +goose Up
-- Where records came from that were imported from another portal: key names the item there, hash what was read of it. An item whose origin is
-- here is not imported again.
CREATE TABLE origin (
    source    TEXT   NOT NULL,
    key       TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    record_id BIGINT NOT NULL,
    hash      TEXT   NOT NULL,
    PRIMARY KEY (source, key)
);

-- The files from which media were made, by the SHA-256 of their bytes before they were encoded.
CREATE TABLE origin_file (
    hash     TEXT   PRIMARY KEY,
    media_id BIGINT NOT NULL REFERENCES media (id) ON DELETE CASCADE
);
CREATE INDEX origin_file_media ON origin_file (media_id);

-- +goose Down
-- Forward only.
SELECT 1;
