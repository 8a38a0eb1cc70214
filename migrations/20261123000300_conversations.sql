CREATE TABLE conversations (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title TEXT NOT NULL CHECK (title <> ''),
    -- Who made the title: cut from the first message, a model, or the user, who has the last word.
    title_source TEXT NOT NULL CHECK (title_source IN ('prompt', 'model', 'user')),
    created_at INTEGER NOT NULL,
    -- When something was last said.
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX conversations_of_user ON conversations (user_id, updated_at DESC, id DESC);

CREATE TABLE messages (
    -- The order in which messages were made. A full text index can refer to it: VACUUM keeps it.
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    conversation_id BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    -- The message that this one follows. Several may follow one: branches.
    parent_id BLOB,
    author TEXT NOT NULL CHECK (author IN ('user', 'assistant')),
    text TEXT NOT NULL,
    -- The model's thinking.
    reasoning TEXT NOT NULL DEFAULT '',
    -- The number of the last event of the turn that text and reasoning hold.
    seq INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    UNIQUE (conversation_id, id),
    -- A parent is in the same conversation. It does not cascade: a long conversation would be deleted message by
    -- message down the chain, and SQLite goes no deeper than 1000.
    FOREIGN KEY (conversation_id, parent_id) REFERENCES messages (conversation_id, id)
) STRICT;

CREATE INDEX messages_in_order ON messages (conversation_id, number);
CREATE INDEX messages_of_parent ON messages (conversation_id, parent_id);
