-- +goose Up
-- The search index in blocks (store/searchblocks.go): each word begins with the letter of its level and three digits for its block.
CREATE TABLE search_block (
    number BIGINT PRIMARY KEY,
    items  BIGINT NOT NULL, -- records in it now
    apart  BIGINT NOT NULL, -- records that came into it and that not everybody finds: internal ones, articles of one language
    newest BIGINT NOT NULL  -- no search_doc.id in it is above
);
ALTER TABLE search_doc ADD COLUMN block BIGINT NOT NULL DEFAULT 0;
CREATE INDEX search_doc_publish ON search_doc (publish_at);
CREATE INDEX search_doc_expire ON search_doc (expire_at) WHERE expire_at > 0;

UPDATE search_doc SET block = placed.block
    FROM (SELECT id, CASE WHEN kind IN ('unit', 'person') THEN 40000 ELSE (row_number() OVER (ORDER BY id) - 1) / 32768 END AS block FROM search_doc) AS placed
    WHERE placed.id = search_doc.id;
INSERT INTO search_block (number, items, apart, newest)
    SELECT block, count(*), sum(CASE WHEN visibility <> 'public' OR lang <> '' THEN 1 ELSE 0 END), max(id) FROM search_doc GROUP BY block;

-- The words of the old index, from itself: those with weight A, the title's, belong to all three levels, those with B, the summary's, to two.
DROP INDEX search_index_words;
UPDATE search_index SET words = made.words FROM (
    SELECT id, CAST(string_agg(lexeme, ' ') AS TSVECTOR) AS words FROM (
        SELECT i.id, '''' || level || substr('0123456789abcdefghijklmnopqrstuvwxyz', CAST(d.block / 1296 AS INTEGER) + 1, 1)
            || substr('0123456789abcdefghijklmnopqrstuvwxyz', CAST(d.block / 36 % 36 AS INTEGER) + 1, 1)
            || substr('0123456789abcdefghijklmnopqrstuvwxyz', CAST(d.block % 36 AS INTEGER) + 1, 1) || w.lexeme || ''':' || string_agg(CAST(position AS TEXT), ',') AS lexeme
        FROM search_index AS i JOIN search_doc AS d ON d.id = i.id, unnest(i.words) AS w (lexeme, positions, weights),
            unnest(w.positions, w.weights) AS p (position, weight) JOIN (VALUES ('t', 'A'), ('h', 'A'), ('h', 'B'), ('a', 'A'), ('a', 'B'), ('a', 'C'), ('f', 'D'))
            AS l (level, of_weight) ON of_weight = weight
        WHERE weight <> 'D' OR w.lexeme NOT IN ('lvi', 'len')
        GROUP BY i.id, d.block, level, w.lexeme
        UNION ALL
        SELECT id, '''f' || substr('0123456789abcdefghijklmnopqrstuvwxyz', CAST(block / 1296 AS INTEGER) + 1, 1)
            || substr('0123456789abcdefghijklmnopqrstuvwxyz', CAST(block / 36 % 36 AS INTEGER) + 1, 1)
            || substr('0123456789abcdefghijklmnopqrstuvwxyz', CAST(block % 36 AS INTEGER) + 1, 1) || 'o' || lang || ''''
        FROM search_doc WHERE lang <> ''
    ) AS lexemes GROUP BY id
) AS made WHERE made.id = search_index.id;
CREATE INDEX search_index_words ON search_index USING gin (words);

-- What a search asks of the index is planned by the index of words alone: walking the records instead would unpack the words of each.
-- Records with all the words that are shown at that second, the newest first, at most so many, and whether they have the phrases; NULL for none.
-- +goose StatementBegin
CREATE FUNCTION search_found(all_words TSQUERY, phrases TSQUERY, now BIGINT, most BIGINT) RETURNS TABLE (id BIGINT, has_phrases BOOLEAN) LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off AS $$ BEGIN
    RETURN QUERY SELECT f.id, phrases IS NULL OR f.words @@ phrases FROM (SELECT i.id, i.words FROM search_index i WHERE i.words @@ all_words AND i.id NOT IN (
            SELECT d.id FROM search_doc d WHERE d.publish_at > now UNION ALL SELECT d.id FROM search_doc d WHERE d.expire_at > 0 AND d.expire_at <= now)
        ORDER BY i.id DESC LIMIT most) AS f ORDER BY f.id DESC;
END $$;
-- +goose StatementEnd

-- How many records have all the words, at most so many.
-- +goose StatementBegin
CREATE FUNCTION search_common(all_words TSQUERY, most BIGINT) RETURNS BIGINT LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_indexscan = off AS $$ BEGIN
    RETURN (SELECT COUNT(*) FROM (SELECT 1 FROM search_index i WHERE i.words @@ all_words LIMIT most) AS f);
END $$;
-- +goose StatementEnd
