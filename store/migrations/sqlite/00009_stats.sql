-- +goose Up
-- The statistics of the desks sum views up by day, for all pages.
CREATE INDEX hit_page_day ON hit_page (day, path, views);

-- +goose Down
-- Forward only.
SELECT 1;
