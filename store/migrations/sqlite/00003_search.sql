-- +goose Up
-- id grows with the record's date, so that "newest first" is the order of the key (the store makes it).
CREATE TABLE search_doc (
    id         INTEGER PRIMARY KEY,
    kind       TEXT    NOT NULL,
    ref        TEXT    NOT NULL,
    lang       TEXT    NOT NULL DEFAULT '',
    title      TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    visibility TEXT    NOT NULL,
    date       BIGINT  NOT NULL DEFAULT 0,
    publish_at BIGINT  NOT NULL DEFAULT 0,
    expire_at  BIGINT  NOT NULL DEFAULT 0,
    hash       TEXT    NOT NULL DEFAULT '',
    UNIQUE (kind, ref, lang)
);

-- Words folded by the store (title, summary, body), words as written where they carry marks (the same three), and the filters as words.
CREATE VIRTUAL TABLE search_index USING fts5 (
    title, summary, body, title_exact, summary_exact, body_exact, filter,
    content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0"
);

-- +goose Down
-- Forward only.
SELECT 1;
