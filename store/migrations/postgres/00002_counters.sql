-- +goose Up
-- Counters may lag a crash; days are days in Vietnam. No address is stored: visitors are hashes under a salt of the day.

CREATE TABLE hit_total (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    views BIGINT  NOT NULL
);
INSERT INTO hit_total (id, views) VALUES (1, 0);

CREATE TABLE hit_day (
    day      TEXT COLLATE "C"   PRIMARY KEY,
    views    BIGINT NOT NULL DEFAULT 0,
    visits   BIGINT NOT NULL DEFAULT 0,
    visitors BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE hit_page (
    path  TEXT   NOT NULL,
    day   TEXT COLLATE "C"   NOT NULL,
    views BIGINT NOT NULL,
    PRIMARY KEY (path, day)
);

CREATE TABLE hit_page_total (
    path  TEXT   PRIMARY KEY,
    views BIGINT NOT NULL
);

CREATE TABLE hit_visitor (
    day     TEXT COLLATE "C"   NOT NULL,
    visitor TEXT   NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (day, visitor)
);

CREATE TABLE hit_online (
    visitor TEXT   PRIMARY KEY,
    seen_at BIGINT NOT NULL
);
CREATE INDEX hit_online_seen ON hit_online (seen_at);

CREATE TABLE hit_salt (
    day  TEXT COLLATE "C" PRIMARY KEY,
    salt TEXT NOT NULL
);

-- +goose Down
-- Forward only.
SELECT 1;
