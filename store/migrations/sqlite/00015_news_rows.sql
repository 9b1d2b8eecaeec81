-- +goose Up
-- An item's texts go to the end of its row. SQLite keeps what of a row does not fit into a page in a chain of others and has to follow it up to
-- the last column that is asked for: who wanted to know whether an item is published read its text.
ALTER TABLE news ADD COLUMN html_last TEXT NOT NULL DEFAULT '';
ALTER TABLE news ADD COLUMN body_last TEXT NOT NULL DEFAULT '';
UPDATE news SET html_last = html, body_last = body, html = '', body = '';
ALTER TABLE news DROP COLUMN html;
ALTER TABLE news DROP COLUMN body;
ALTER TABLE news RENAME COLUMN html_last TO html;
ALTER TABLE news RENAME COLUMN body_last TO body;

-- +goose Down
-- Forward only.
SELECT 1;
