-- The groups that the user's provider named last, as a JSON array of texts.
ALTER TABLE users ADD COLUMN groups TEXT NOT NULL DEFAULT '[]';
-- Since when the user may not enter, whatever the provider says.
ALTER TABLE users ADD COLUMN disabled_at INTEGER;

-- The session's other end at the sign-in provider; none after a login link.
ALTER TABLE sessions ADD COLUMN provider TEXT;
ALTER TABLE sessions ADD COLUMN provider_sid TEXT;
-- Sealed.
ALTER TABLE sessions ADD COLUMN provider_tokens BLOB;
-- When the provider was asked last whether the user may still enter; none where it can't be asked.
ALTER TABLE sessions ADD COLUMN provider_asked_at INTEGER;

CREATE INDEX sessions_of_sid ON sessions (provider, provider_sid) WHERE provider_sid IS NOT NULL;
CREATE INDEX sessions_to_ask ON sessions (provider_asked_at) WHERE provider_asked_at IS NOT NULL;

CREATE TABLE used_logout_tokens (
    -- SHA-256 of the provider's id, the issuer and the token's id.
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    expires_at INTEGER NOT NULL
) STRICT;

-- Users' pictures, fetched once from where the provider says.
CREATE TABLE pictures (
    user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- The address that it came from.
    source TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BLOB NOT NULL CHECK (length(bytes) <= 1048576),
    fetched_at INTEGER NOT NULL
) STRICT;
