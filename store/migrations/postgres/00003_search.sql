-- +goose Up
-- id grows with the record's date, so that "newest first" is the order of the key (the store makes it).
CREATE TABLE search_doc (
    id         BIGINT PRIMARY KEY,
    kind       TEXT   NOT NULL,
    ref        TEXT   NOT NULL,
    lang       TEXT   NOT NULL DEFAULT '',
    title      TEXT   NOT NULL,
    text       TEXT   NOT NULL,
    visibility TEXT   NOT NULL,
    date       BIGINT NOT NULL DEFAULT 0,
    publish_at BIGINT NOT NULL DEFAULT 0,
    expire_at  BIGINT NOT NULL DEFAULT 0,
    hash       TEXT   NOT NULL DEFAULT '',
    UNIQUE (kind, ref, lang)
);

-- Words folded by the store and words as written where they carry marks, with weights A title, B summary, C body; D holds the filters.
CREATE TABLE search_index (
    id    BIGINT   PRIMARY KEY REFERENCES search_doc (id) ON DELETE CASCADE,
    words TSVECTOR NOT NULL
);
CREATE INDEX search_index_words ON search_index USING gin (words);

-- +goose Down
-- Forward only.
SELECT 1;
