-- Files that users attach. What is in them lies beside the database, named by its hash.
CREATE TABLE files (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- SHA-256 of the file.
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    -- SHA-256 of its text in UTF-8: the file itself, or what was read out of it.
    text_hash BLOB CHECK (text_hash IS NULL OR length(text_hash) = 32),
    name TEXT NOT NULL CHECK (name <> ''),
    media_type TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('image', 'text')),
    -- Pixels.
    width INTEGER,
    height INTEGER,
    bytes INTEGER NOT NULL,
    -- What it takes beside the database, with its text.
    stored_bytes INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK ((kind = 'image') = (width IS NOT NULL AND height IS NOT NULL)),
    CHECK ((kind = 'text') = (text_hash IS NOT NULL))
) STRICT;

CREATE INDEX files_of_user ON files (user_id);

CREATE TABLE message_files (
    message_id BLOB NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    -- The order in which they were attached.
    position INTEGER NOT NULL,
    -- Several versions of a message may have the same file.
    file_id BLOB NOT NULL REFERENCES files (id),
    PRIMARY KEY (message_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX messages_of_file ON message_files (file_id);

-- A file that was sent goes with the last message that has it, by whatever way that goes.
CREATE TRIGGER file_without_message AFTER DELETE ON message_files
BEGIN
    DELETE FROM files WHERE id = OLD.file_id AND NOT EXISTS (SELECT 1 FROM message_files WHERE file_id = OLD.file_id);
END;
