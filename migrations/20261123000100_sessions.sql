CREATE TABLE sessions (
    -- SHA-256 of the session's id. The id itself is in the browser and nowhere else.
    id_hash BLOB NOT NULL PRIMARY KEY CHECK (length(id_hash) = 32),
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

CREATE INDEX sessions_of_user ON sessions (user_id);
