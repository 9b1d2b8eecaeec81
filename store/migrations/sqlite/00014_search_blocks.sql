-- +goose Up
-- The search index in blocks (store/searchblocks.go): each word begins with the letter of its level and three digits for its block.
CREATE TABLE search_block (
    number INTEGER PRIMARY KEY,
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

-- The words of the old index, from itself: those of the title belong to all three levels, and "0" ends each part that phrases are found in.
CREATE TABLE search_part (level TEXT, place INTEGER, col TEXT);
INSERT INTO search_part VALUES
    ('t', 1, 'title'), ('t', 2, 'title_exact'),
    ('h', 3, 'title'), ('h', 4, 'summary'), ('h', 5, 'title_exact'), ('h', 6, 'summary_exact'),
    ('a', 7, 'title'), ('a', 8, 'summary'), ('a', 9, 'body'), ('a', 10, 'title_exact'), ('a', 11, 'summary_exact'), ('a', 12, 'body_exact'),
    ('f', 13, 'filter');
CREATE VIRTUAL TABLE search_word USING fts5vocab (search_index, instance);
CREATE VIRTUAL TABLE search_blocked USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'ascii');
INSERT INTO search_blocked (rowid, words)
    SELECT id, group_concat(word, ' ' ORDER BY place, offset) FROM (
        SELECT d.id, place, offset,
            level || substr('0123456789abcdefghijklmnopqrstuvwxyz', block / 1296 + 1, 1) || substr('0123456789abcdefghijklmnopqrstuvwxyz', block / 36 % 36 + 1, 1)
            || substr('0123456789abcdefghijklmnopqrstuvwxyz', block % 36 + 1, 1) || term AS word
        FROM search_word AS w CROSS JOIN search_doc AS d ON d.id = w.doc JOIN search_part AS p ON p.col = w.col
        WHERE term NOT IN ('lvi', 'len') OR w.col <> 'filter'
        UNION ALL
        SELECT id, place, 1000000000, '0' FROM search_doc CROSS JOIN search_part WHERE col IN ('title', 'summary', 'body')
        UNION ALL
        SELECT id, 13, 1000000000,
            'f' || substr('0123456789abcdefghijklmnopqrstuvwxyz', block / 1296 + 1, 1) || substr('0123456789abcdefghijklmnopqrstuvwxyz', block / 36 % 36 + 1, 1)
            || substr('0123456789abcdefghijklmnopqrstuvwxyz', block % 36 + 1, 1) || 'o' || lang
        FROM search_doc WHERE lang <> ''
    ) GROUP BY id;
DROP TABLE search_word;
DROP TABLE search_part;
DROP TABLE search_index;
ALTER TABLE search_blocked RENAME TO search_index;
-- What search merges in quiet moments: two segments of a size are enough.
INSERT INTO search_index (search_index, rank) VALUES ('usermerge', 2);
