-- +goose Up
-- Lists that are paged and counted without walking them: who stands in which list, and how many stand in each part of it.
-- Triggers keep both, so that no way of writing can forget them; news_listed and meeting_listed say what is true.
--
-- A list's number is that of what it hangs on times 100, plus its sort, plus 1 for the one of viewers inside, which holds internal
-- records too: 10 news, 12 news of a section, 14 news with a tag, 18 featured news, 20 meetings, 22 meetings of a kind. News stand at the
-- time of their publication, meetings at their start. Whatever is published stands there, be its time to come or over: readers of the
-- lists leave that out.

CREATE TABLE listing (
    list BIGINT NOT NULL,
    at   BIGINT NOT NULL,
    id   BIGINT NOT NULL,
    PRIMARY KEY (list, at, id)
) WITHOUT ROWID;

-- A part of a list reaches from (at, id) to the next part of its level and holds n entries. The first one of each level begins before
-- every entry; parts of level 2 begin where parts of level 1 do. The program splits what has grown large.
CREATE TABLE listing_part (
    list  BIGINT  NOT NULL,
    level INTEGER NOT NULL,
    at    BIGINT  NOT NULL,
    id    BIGINT  NOT NULL,
    n     BIGINT  NOT NULL,
    PRIMARY KEY (list, level, at, id)
) WITHOUT ROWID;
CREATE INDEX listing_part_large ON listing_part (n) WHERE n > 512;

-- The kinds that meetings have or had, to number their lists by.
CREATE TABLE meeting_kind (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT    NOT NULL UNIQUE
);
INSERT INTO meeting_kind (name) SELECT DISTINCT kind FROM meeting ORDER BY kind;

CREATE VIEW news_listed (list, at, id) AS
SELECT 10 + v.inside, n.publish_at, n.id FROM news n JOIN (SELECT 0 AS inside UNION ALL SELECT 1) v ON v.inside = 1 OR n.visibility = 'public'
    WHERE n.status = 'published'
UNION ALL SELECT n.section_id * 100 + 12 + v.inside, n.publish_at, n.id FROM news n JOIN (SELECT 0 AS inside UNION ALL SELECT 1) v ON v.inside = 1 OR n.visibility = 'public'
    WHERE n.status = 'published'
UNION ALL SELECT x.tag_id * 100 + 14 + v.inside, n.publish_at, n.id FROM news n JOIN (SELECT 0 AS inside UNION ALL SELECT 1) v ON v.inside = 1 OR n.visibility = 'public'
    JOIN news_tag x ON x.news_id = n.id WHERE n.status = 'published'
UNION ALL SELECT 18 + v.inside, n.publish_at, n.id FROM news n JOIN (SELECT 0 AS inside UNION ALL SELECT 1) v ON v.inside = 1 OR n.visibility = 'public'
    WHERE n.status = 'published' AND n.featured = TRUE;

CREATE VIEW meeting_listed (list, at, id) AS
SELECT 20 + v.inside, m.start_at, m.id FROM meeting m JOIN (SELECT 0 AS inside UNION ALL SELECT 1) v ON v.inside = 1 OR m.visibility = 'public'
    WHERE m.status = 'published'
UNION ALL SELECT k.id * 100 + 22 + v.inside, m.start_at, m.id FROM meeting m JOIN (SELECT 0 AS inside UNION ALL SELECT 1) v ON v.inside = 1 OR m.visibility = 'public'
    JOIN meeting_kind k ON k.name = m.kind WHERE m.status = 'published';

INSERT INTO listing (list, at, id) SELECT list, at, id FROM (SELECT list, at, id FROM news_listed UNION ALL SELECT list, at, id FROM meeting_listed) AS l
    ORDER BY list, at, id;
INSERT INTO listing_part (list, level, at, id, n) SELECT l.list, v.level, -9223372036854775807, 0, l.n
    FROM (SELECT list, COUNT(*) AS n FROM listing GROUP BY list) AS l CROSS JOIN (SELECT 1 AS level UNION ALL SELECT 2) v;

-- +goose StatementBegin
CREATE TRIGGER listing_added AFTER INSERT ON listing BEGIN
    INSERT INTO listing_part (list, level, at, id, n) SELECT NEW.list, v.level, -9223372036854775807, 0, 0 FROM (SELECT 1 AS level UNION ALL SELECT 2) v
        WHERE NOT EXISTS (SELECT 1 FROM listing_part WHERE list = NEW.list);
    UPDATE listing_part SET n = n + 1 WHERE list = NEW.list AND level = 1 AND (at, id) = (SELECT at, id FROM listing_part
        WHERE list = NEW.list AND level = 1 AND (at, id) <= (NEW.at, NEW.id) ORDER BY at DESC, id DESC LIMIT 1);
    UPDATE listing_part SET n = n + 1 WHERE list = NEW.list AND level = 2 AND (at, id) = (SELECT at, id FROM listing_part
        WHERE list = NEW.list AND level = 2 AND (at, id) <= (NEW.at, NEW.id) ORDER BY at DESC, id DESC LIMIT 1);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER listing_removed AFTER DELETE ON listing BEGIN
    UPDATE listing_part SET n = n - 1 WHERE list = OLD.list AND level = 1 AND (at, id) = (SELECT at, id FROM listing_part
        WHERE list = OLD.list AND level = 1 AND (at, id) <= (OLD.at, OLD.id) ORDER BY at DESC, id DESC LIMIT 1);
    UPDATE listing_part SET n = n - 1 WHERE list = OLD.list AND level = 2 AND (at, id) = (SELECT at, id FROM listing_part
        WHERE list = OLD.list AND level = 2 AND (at, id) <= (OLD.at, OLD.id) ORDER BY at DESC, id DESC LIMIT 1);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER news_listed_added AFTER INSERT ON news WHEN NEW.status = 'published' BEGIN
    INSERT INTO listing (list, at, id) SELECT list, at, id FROM news_listed WHERE id = NEW.id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER news_listed_before BEFORE UPDATE OF status, visibility, publish_at, section_id, featured ON news
WHEN OLD.status = 'published' AND (NEW.status, NEW.visibility, NEW.publish_at, NEW.section_id, NEW.featured) <> (OLD.status, OLD.visibility, OLD.publish_at, OLD.section_id, OLD.featured) BEGIN
    DELETE FROM listing WHERE (list, at, id) IN (SELECT list, at, id FROM news_listed WHERE id = OLD.id);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER news_listed_after AFTER UPDATE OF status, visibility, publish_at, section_id, featured ON news
WHEN NEW.status = 'published' AND (NEW.status, NEW.visibility, NEW.publish_at, NEW.section_id, NEW.featured) <> (OLD.status, OLD.visibility, OLD.publish_at, OLD.section_id, OLD.featured) BEGIN
    INSERT INTO listing (list, at, id) SELECT list, at, id FROM news_listed WHERE id = NEW.id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER news_listed_removed BEFORE DELETE ON news WHEN OLD.status = 'published' BEGIN
    DELETE FROM listing WHERE (list, at, id) IN (SELECT list, at, id FROM news_listed WHERE id = OLD.id);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER news_tag_listed_added AFTER INSERT ON news_tag BEGIN
    INSERT INTO listing (list, at, id) SELECT list, at, id FROM news_listed WHERE id = NEW.news_id AND list IN (NEW.tag_id * 100 + 14, NEW.tag_id * 100 + 15);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER news_tag_listed_removed BEFORE DELETE ON news_tag BEGIN
    DELETE FROM listing WHERE (list, at, id) IN (SELECT list, at, id FROM news_listed WHERE id = OLD.news_id AND list IN (OLD.tag_id * 100 + 14, OLD.tag_id * 100 + 15));
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER meeting_listed_added AFTER INSERT ON meeting WHEN NEW.status = 'published' BEGIN
    INSERT INTO meeting_kind (name) SELECT NEW.kind WHERE NOT EXISTS (SELECT 1 FROM meeting_kind WHERE name = NEW.kind);
    INSERT INTO listing (list, at, id) SELECT list, at, id FROM meeting_listed WHERE id = NEW.id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER meeting_listed_before BEFORE UPDATE OF status, visibility, start_at, kind ON meeting
WHEN OLD.status = 'published' AND (NEW.status, NEW.visibility, NEW.start_at, NEW.kind) <> (OLD.status, OLD.visibility, OLD.start_at, OLD.kind) BEGIN
    DELETE FROM listing WHERE (list, at, id) IN (SELECT list, at, id FROM meeting_listed WHERE id = OLD.id);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER meeting_listed_after AFTER UPDATE OF status, visibility, start_at, kind ON meeting
WHEN NEW.status = 'published' AND (NEW.status, NEW.visibility, NEW.start_at, NEW.kind) <> (OLD.status, OLD.visibility, OLD.start_at, OLD.kind) BEGIN
    INSERT INTO meeting_kind (name) SELECT NEW.kind WHERE NOT EXISTS (SELECT 1 FROM meeting_kind WHERE name = NEW.kind);
    INSERT INTO listing (list, at, id) SELECT list, at, id FROM meeting_listed WHERE id = NEW.id;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER meeting_listed_removed BEFORE DELETE ON meeting WHEN OLD.status = 'published' BEGIN
    DELETE FROM listing WHERE (list, at, id) IN (SELECT list, at, id FROM meeting_listed WHERE id = OLD.id);
END;
-- +goose StatementEnd

-- What is published and not to be seen now is looked up by its time.
CREATE INDEX news_publish ON news (status, publish_at);
CREATE INDEX meeting_publish ON meeting (status, publish_at);
CREATE INDEX meeting_end ON meeting (status, end_at) WHERE end_at > 0;

-- The lists took the place of these.
DROP INDEX news_newest;
DROP INDEX news_section;
DROP INDEX news_featured;
DROP INDEX meeting_start;
CREATE INDEX news_section ON news (section_id, status, publish_at, id, expire_at, visibility);
CREATE INDEX meeting_start ON meeting (start_at);
DROP INDEX meeting_news;
CREATE INDEX meeting_news ON meeting (news_id, start_at, id);
DROP INDEX news_tag_tag;
CREATE INDEX news_tag_tag ON news_tag (tag_id, news_id);

-- +goose Down
-- Forward only.
SELECT 1;
