-- Folders that users put conversations into.
CREATE TABLE folders (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    -- The order in which its user wants them.
    position INTEGER NOT NULL,
    -- Shown closed.
    closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX folders_of_user ON folders (user_id, position);

-- Since when it stands above all others.
ALTER TABLE conversations ADD COLUMN pinned_at INTEGER;
-- Since when it is out of the way: not listed, but found.
ALTER TABLE conversations ADD COLUMN archived_at INTEGER;
-- A folder of the same user. What is in a folder that goes stays.
ALTER TABLE conversations ADD COLUMN folder_id BLOB REFERENCES folders (id) ON DELETE SET NULL;

CREATE INDEX conversations_of_folder ON conversations (folder_id) WHERE folder_id IS NOT NULL;

-- The parts of the list, each in its order.
CREATE INDEX pinned_conversations ON conversations (user_id, updated_at DESC, id DESC)
WHERE archived_at IS NULL AND pinned_at IS NOT NULL;
CREATE INDEX conversations_in_folders ON conversations (user_id, updated_at DESC, id DESC)
WHERE archived_at IS NULL AND pinned_at IS NULL AND folder_id IS NOT NULL;
CREATE INDEX loose_conversations ON conversations (user_id, updated_at DESC, id DESC)
WHERE archived_at IS NULL AND pinned_at IS NULL AND folder_id IS NULL;
CREATE INDEX archived_conversations ON conversations (user_id, archived_at DESC, id DESC)
WHERE archived_at IS NOT NULL;
