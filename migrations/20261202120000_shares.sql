-- Snapshots of conversations that whoever has their link may read. A conversation has one link at most.
CREATE TABLE shares (
    -- 256 random bits in URL-safe base64. It is shown to its owner again and again, so it is no hash; it opens nothing
    -- but what stands beside it.
    token TEXT PRIMARY KEY NOT NULL,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conversation_id BLOB NOT NULL UNIQUE REFERENCES conversations (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    -- The name of whoever shares, at that time.
    author TEXT NOT NULL,
    -- The messages as JSON: they are written once and read as a whole.
    messages TEXT NOT NULL,
    -- Milliseconds since 1970-01-01 (UTC).
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX shares_of_user ON shares (user_id, created_at DESC);
