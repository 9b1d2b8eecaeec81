-- +goose Up
-- Lists of news are counted and paged in the index alone: without expire_at each row, with its text, was read for that.
DROP INDEX news_newest;
DROP INDEX news_section;
DROP INDEX news_featured;
CREATE INDEX news_newest ON news (status, visibility, publish_at, id, expire_at, section_id);
CREATE INDEX news_section ON news (section_id, status, visibility, publish_at, id, expire_at);
CREATE INDEX news_featured ON news (featured, status, visibility, publish_at, id, expire_at, section_id);
