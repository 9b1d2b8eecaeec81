-- +goose Up
-- Times are Unix seconds, days are ISO text ('' when unknown), texts are NFC. 0 in a time means never.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT    NOT NULL UNIQUE,
    full_name     TEXT    NOT NULL,
    email         TEXT    NOT NULL DEFAULT '',
    role          TEXT    NOT NULL CHECK (role IN ('staff', 'author', 'editor', 'admin')),
    password_hash TEXT    NOT NULL DEFAULT '',
    totp_secret   TEXT    NOT NULL DEFAULT '',
    totp_step     BIGINT  NOT NULL DEFAULT 0,
    disabled      BOOLEAN NOT NULL DEFAULT FALSE,
    created_at    BIGINT  NOT NULL,
    updated_at    BIGINT  NOT NULL
);

CREATE TABLE session (
    id_hash    TEXT   PRIMARY KEY,
    user_id    BIGINT REFERENCES users (id),
    data       TEXT   NOT NULL DEFAULT '',
    agent      TEXT   NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_users ON session (user_id);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE media (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    hash        TEXT    NOT NULL UNIQUE,
    name        TEXT    NOT NULL,
    mime        TEXT    NOT NULL,
    bytes       BIGINT  NOT NULL,
    width       INTEGER NOT NULL DEFAULT 0,
    height      INTEGER NOT NULL DEFAULT 0,
    alt         TEXT    NOT NULL DEFAULT '',
    caption     TEXT    NOT NULL DEFAULT '',
    credit      TEXT    NOT NULL DEFAULT '',
    uploaded_by BIGINT  REFERENCES users (id),
    created_at  BIGINT  NOT NULL
);

-- Which record uses which file, be it as cover, photo, attachment or inside a text: media is public only while a public record uses it.
CREATE TABLE media_use (
    media_id  BIGINT NOT NULL REFERENCES media (id),
    kind      TEXT   NOT NULL,
    record_id BIGINT NOT NULL,
    PRIMARY KEY (kind, record_id, media_id)
);
CREATE INDEX media_use_media ON media_use (media_id);

CREATE TABLE section (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    slug      TEXT    NOT NULL UNIQUE,
    name      TEXT    NOT NULL,
    name_en   TEXT    NOT NULL DEFAULT '',
    parent_id BIGINT  REFERENCES section (id),
    position  INTEGER NOT NULL DEFAULT 0,
    notice    BOOLEAN NOT NULL DEFAULT FALSE
);

CREATE TABLE users_section (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    section_id BIGINT NOT NULL REFERENCES section (id),
    PRIMARY KEY (user_id, section_id)
);

CREATE TABLE news (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    slug           TEXT    NOT NULL UNIQUE,
    title          TEXT    NOT NULL,
    summary        TEXT    NOT NULL DEFAULT '',
    body           TEXT    NOT NULL DEFAULT '',
    html           TEXT    NOT NULL DEFAULT '',
    html_version   INTEGER NOT NULL DEFAULT 0,
    section_id     BIGINT  NOT NULL REFERENCES section (id),
    byline         TEXT    NOT NULL DEFAULT '',
    source         TEXT    NOT NULL DEFAULT '',
    cover_media_id BIGINT  REFERENCES media (id),
    cover_alt      TEXT    NOT NULL DEFAULT '',
    cover_caption  TEXT    NOT NULL DEFAULT '',
    featured       BOOLEAN NOT NULL DEFAULT FALSE,
    status         TEXT    NOT NULL CHECK (status IN ('draft', 'review', 'returned', 'published', 'archived')),
    status_note    TEXT    NOT NULL DEFAULT '',
    visibility     TEXT    NOT NULL CHECK (visibility IN ('public', 'internal')),
    publish_at     BIGINT  NOT NULL DEFAULT 0,
    expire_at      BIGINT  NOT NULL DEFAULT 0,
    revision       INTEGER NOT NULL DEFAULT 1,
    owner_id       BIGINT  REFERENCES users (id),
    created_at     BIGINT  NOT NULL,
    updated_at     BIGINT  NOT NULL
);
CREATE INDEX news_newest ON news (status, visibility, publish_at, id);
CREATE INDEX news_section ON news (section_id, status, visibility, publish_at, id);
CREATE INDEX news_featured ON news (featured, status, visibility, publish_at, id);
CREATE INDEX news_html_version ON news (html_version);

CREATE TABLE tag (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT    NOT NULL UNIQUE,
    name TEXT    NOT NULL
);

CREATE TABLE news_tag (
    news_id  BIGINT  NOT NULL REFERENCES news (id),
    tag_id   BIGINT  NOT NULL REFERENCES tag (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (news_id, tag_id)
);
CREATE INDEX news_tag_tag ON news_tag (tag_id);

CREATE TABLE attachment (
    kind      TEXT    NOT NULL,
    record_id BIGINT  NOT NULL,
    position  INTEGER NOT NULL,
    media_id  BIGINT  NOT NULL REFERENCES media (id),
    title     TEXT    NOT NULL,
    PRIMARY KEY (kind, record_id, position)
);

CREATE TABLE unit (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    slug         TEXT    NOT NULL UNIQUE,
    name         TEXT    NOT NULL,
    name_en      TEXT    NOT NULL DEFAULT '',
    sort_key     TEXT    NOT NULL,
    parent_id    BIGINT  REFERENCES unit (id),
    position     INTEGER NOT NULL DEFAULT 0,
    address      TEXT    NOT NULL DEFAULT '',
    email        TEXT    NOT NULL DEFAULT '',
    from_day     TEXT    NOT NULL DEFAULT '',
    until_day    TEXT    NOT NULL DEFAULT '',
    successor_id BIGINT  REFERENCES unit (id),
    revision     INTEGER NOT NULL DEFAULT 1,
    updated_at   BIGINT  NOT NULL
);

CREATE TABLE person (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    slug           TEXT    NOT NULL UNIQUE,
    name           TEXT    NOT NULL,
    honorific      TEXT    NOT NULL DEFAULT '',
    sort_key       TEXT    NOT NULL,
    email          TEXT    NOT NULL DEFAULT '',
    photo_media_id BIGINT  REFERENCES media (id),
    photo_alt      TEXT    NOT NULL DEFAULT '',
    confirmed_on   TEXT    NOT NULL DEFAULT '',
    revision       INTEGER NOT NULL DEFAULT 1,
    updated_at     BIGINT  NOT NULL
);

CREATE TABLE post (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id BIGINT  NOT NULL REFERENCES person (id),
    unit_id   BIGINT  NOT NULL REFERENCES unit (id),
    title     TEXT    NOT NULL,
    title_en  TEXT    NOT NULL DEFAULT '',
    rank      INTEGER NOT NULL,
    from_day  TEXT    NOT NULL DEFAULT '',
    until_day TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX post_person ON post (person_id);
CREATE INDEX post_unit ON post (unit_id);

CREATE TABLE number (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    unit_id   BIGINT  REFERENCES unit (id),
    person_id BIGINT  REFERENCES person (id),
    position  INTEGER NOT NULL,
    kind      TEXT    NOT NULL CHECK (kind IN ('office', 'mobile', 'fax', 'hotline')),
    e164      TEXT    NOT NULL,
    official  BOOLEAN NOT NULL,
    CHECK ((unit_id IS NULL) <> (person_id IS NULL))
);
CREATE INDEX number_unit ON number (unit_id);
CREATE INDEX number_person ON number (person_id);

CREATE TABLE meeting (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    slug         TEXT    NOT NULL UNIQUE,
    title        TEXT    NOT NULL,
    text_fold    TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    start_at     BIGINT  NOT NULL,
    end_at       BIGINT  NOT NULL DEFAULT 0,
    place        TEXT    NOT NULL DEFAULT '',
    summary      TEXT    NOT NULL DEFAULT '',
    html         TEXT    NOT NULL DEFAULT '',
    html_version INTEGER NOT NULL DEFAULT 0,
    news_id      BIGINT  REFERENCES news (id),
    status       TEXT    NOT NULL CHECK (status IN ('draft', 'review', 'returned', 'published', 'archived')),
    status_note  TEXT    NOT NULL DEFAULT '',
    visibility   TEXT    NOT NULL CHECK (visibility IN ('public', 'internal')),
    publish_at   BIGINT  NOT NULL DEFAULT 0,
    expire_at    BIGINT  NOT NULL DEFAULT 0,
    revision     INTEGER NOT NULL DEFAULT 1,
    owner_id     BIGINT  REFERENCES users (id),
    created_at   BIGINT  NOT NULL,
    updated_at   BIGINT  NOT NULL
);
CREATE INDEX meeting_start ON meeting (status, visibility, start_at, id);
CREATE INDEX meeting_news ON meeting (news_id);
CREATE INDEX meeting_html_version ON meeting (html_version);

CREATE TABLE meeting_participant (
    meeting_id    BIGINT  NOT NULL REFERENCES meeting (id),
    position      INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    name_fold     TEXT    NOT NULL,
    held_position TEXT    NOT NULL DEFAULT '',
    role          TEXT    NOT NULL CHECK (role IN ('chair', 'secretary', 'attendee', 'signer')),
    person_id     BIGINT  REFERENCES person (id),
    PRIMARY KEY (meeting_id, position)
);
CREATE INDEX meeting_participant_role ON meeting_participant (role, name_fold);

CREATE TABLE meeting_figure (
    meeting_id BIGINT  NOT NULL REFERENCES meeting (id),
    position   INTEGER NOT NULL,
    label      TEXT    NOT NULL,
    value      TEXT    NOT NULL,
    unit       TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (meeting_id, position)
);

CREATE TABLE meeting_conclusion (
    meeting_id BIGINT  NOT NULL REFERENCES meeting (id),
    position   INTEGER NOT NULL,
    text       TEXT    NOT NULL,
    PRIMARY KEY (meeting_id, position)
);

CREATE TABLE meeting_task (
    meeting_id BIGINT  NOT NULL REFERENCES meeting (id),
    position   INTEGER NOT NULL,
    text       TEXT    NOT NULL,
    unit_id    BIGINT  REFERENCES unit (id),
    due_day    TEXT    NOT NULL DEFAULT '',
    done       BOOLEAN NOT NULL DEFAULT FALSE,
    proof      TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (meeting_id, position)
);
CREATE INDEX meeting_task_open ON meeting_task (done, due_day);

CREATE TABLE meeting_agreement (
    meeting_id BIGINT  NOT NULL REFERENCES meeting (id),
    position   INTEGER NOT NULL,
    title      TEXT    NOT NULL,
    PRIMARY KEY (meeting_id, position)
);

CREATE TABLE meeting_party (
    meeting_id BIGINT  NOT NULL,
    agreement  INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    PRIMARY KEY (meeting_id, agreement, position),
    FOREIGN KEY (meeting_id, agreement) REFERENCES meeting_agreement (meeting_id, position)
);

CREATE TABLE meeting_photo (
    meeting_id BIGINT  NOT NULL REFERENCES meeting (id),
    position   INTEGER NOT NULL,
    media_id   BIGINT  NOT NULL REFERENCES media (id),
    alt        TEXT    NOT NULL,
    caption    TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (meeting_id, position)
);

-- The working copy of a published record: what readers do not see yet.
CREATE TABLE working_copy (
    kind          TEXT    NOT NULL,
    record_id     BIGINT  NOT NULL,
    base_revision INTEGER NOT NULL,
    status        TEXT    NOT NULL CHECK (status IN ('draft', 'review', 'returned')),
    status_note   TEXT    NOT NULL DEFAULT '',
    data          TEXT    NOT NULL,
    owner_id      BIGINT  REFERENCES users (id),
    updated_at    BIGINT  NOT NULL,
    PRIMARY KEY (kind, record_id)
);

-- What a record was at each of its revisions, as JSON.
CREATE TABLE revision (
    kind      TEXT    NOT NULL,
    record_id BIGINT  NOT NULL,
    number    INTEGER NOT NULL,
    name      TEXT    NOT NULL DEFAULT '',
    data      TEXT    NOT NULL,
    user_id   BIGINT  REFERENCES users (id),
    actor     TEXT    NOT NULL,
    at        BIGINT  NOT NULL,
    PRIMARY KEY (kind, record_id, number)
);

-- Append-only; holds names of fields, never their values. hash covers the entry and the hash before it.
CREATE TABLE audit (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        BIGINT NOT NULL,
    user_id   BIGINT NOT NULL,
    actor     TEXT   NOT NULL,
    action    TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    record_id BIGINT NOT NULL,
    fields    TEXT   NOT NULL,
    previous  TEXT   NOT NULL UNIQUE,
    hash      TEXT   NOT NULL
);

-- Slugs that a record had before: never given to another record, and answered with a redirect.
CREATE TABLE old_slug (
    kind      TEXT   NOT NULL,
    slug      TEXT   NOT NULL,
    record_id BIGINT NOT NULL,
    PRIMARY KEY (kind, slug)
);

CREATE TABLE redirect (
    from_path  TEXT   PRIMARY KEY,
    to_path    TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE linked_site (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT    NOT NULL,
    url      TEXT    NOT NULL UNIQUE,
    position INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE menu_item (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    parent_id BIGINT  REFERENCES menu_item (id),
    position  INTEGER NOT NULL DEFAULT 0,
    label     TEXT    NOT NULL,
    label_en  TEXT    NOT NULL DEFAULT '',
    href      TEXT    NOT NULL
);

CREATE TABLE login_failure (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT    NOT NULL,
    address TEXT    NOT NULL,
    at      BIGINT  NOT NULL
);
CREATE INDEX login_failure_at ON login_failure (at);

CREATE TABLE recovery_code (
    user_id   BIGINT  NOT NULL REFERENCES users (id),
    code_hash TEXT    NOT NULL,
    used_at   BIGINT  NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, code_hash)
);

-- +goose Down
-- Forward only.
SELECT 1;
