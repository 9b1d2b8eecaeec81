-- +goose Up
-- How far each writer's journal of views was read: position, in its segment of that number.
ALTER TABLE hit_flush ADD COLUMN position BIGINT NOT NULL DEFAULT 0;

-- The order of slugs, so that the index finds a path that is made from one.
ALTER TABLE hit_page_total ALTER COLUMN path TYPE TEXT COLLATE "C";

-- Views summed up as they come, so that statistics cost the same however many pages and years there are: of pages by month, and of news and
-- meetings by the section in which they stood and who wrote them (0 for none), by day and by month.
CREATE TABLE hit_page_month (
    path  TEXT   NOT NULL,
    month TEXT   NOT NULL,
    views BIGINT NOT NULL,
    PRIMARY KEY (path, month)
);
CREATE TABLE hit_group (
    day        TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    section_id BIGINT NOT NULL,
    owner_id   BIGINT NOT NULL,
    views      BIGINT NOT NULL,
    PRIMARY KEY (day, kind, section_id, owner_id)
);
CREATE TABLE hit_group_month (
    month      TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    section_id BIGINT NOT NULL,
    owner_id   BIGINT NOT NULL,
    views      BIGINT NOT NULL,
    PRIMARY KEY (month, kind, section_id, owner_id)
);

INSERT INTO hit_page_month (path, month, views) SELECT path, SUBSTR(day, 1, 7), SUM(views) FROM hit_page GROUP BY path, SUBSTR(day, 1, 7);
INSERT INTO hit_group (day, kind, section_id, owner_id, views)
    SELECT h.day, 'news', n.section_id, COALESCE(n.owner_id, 0), SUM(h.views) FROM hit_page h JOIN news n ON n.id = COALESCE(
        (SELECT r.id FROM news r WHERE r.slug = SUBSTR(h.path, CASE WHEN h.path LIKE '/en/%' THEN 13 ELSE 10 END)),
        (SELECT o.record_id FROM old_slug o WHERE o.kind = 'news' AND o.slug = SUBSTR(h.path, CASE WHEN h.path LIKE '/en/%' THEN 13 ELSE 10 END)))
    WHERE h.path LIKE '/tin-tuc/%' OR h.path LIKE '/en/tin-tuc/%' GROUP BY h.day, n.section_id, COALESCE(n.owner_id, 0);
INSERT INTO hit_group (day, kind, section_id, owner_id, views)
    SELECT h.day, 'meeting', 0, COALESCE(n.owner_id, 0), SUM(h.views) FROM hit_page h JOIN meeting n ON n.id = COALESCE(
        (SELECT r.id FROM meeting r WHERE r.slug = SUBSTR(h.path, CASE WHEN h.path LIKE '/en/%' THEN 14 ELSE 11 END)),
        (SELECT o.record_id FROM old_slug o WHERE o.kind = 'meeting' AND o.slug = SUBSTR(h.path, CASE WHEN h.path LIKE '/en/%' THEN 14 ELSE 11 END)))
    WHERE h.path LIKE '/hoi-nghi/%' OR h.path LIKE '/en/hoi-nghi/%' GROUP BY h.day, COALESCE(n.owner_id, 0);
INSERT INTO hit_group_month (month, kind, section_id, owner_id, views)
    SELECT SUBSTR(day, 1, 7), kind, section_id, owner_id, SUM(views) FROM hit_group GROUP BY SUBSTR(day, 1, 7), kind, section_id, owner_id;

CREATE INDEX hit_group_owner ON hit_group (owner_id, day, views);
CREATE INDEX hit_page_month_most ON hit_page_month (month, views, path);
DROP INDEX hit_page_day;
CREATE INDEX hit_page_day ON hit_page (day, views, path);

-- +goose Down
-- Forward only.
SELECT 1;
