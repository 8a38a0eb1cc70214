CREATE TABLE turns (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    conversation_id BLOB NOT NULL,
    -- The user's message, and the reply that this turn writes.
    parent_id BLOB NOT NULL,
    reply_id BLOB NOT NULL UNIQUE,
    -- Chosen by the sender: the same key again is the same turn.
    send_key BLOB NOT NULL CHECK (length(send_key) = 16),
    -- As provider/model, and the name that it had.
    model TEXT NOT NULL,
    model_name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'complete', 'stopped', 'failed', 'interrupted')),
    failure_kind TEXT,
    failure_message TEXT,
    input_tokens INTEGER,
    output_tokens INTEGER,
    started_at INTEGER NOT NULL,
    first_reasoning_at INTEGER,
    first_text_at INTEGER,
    ended_at INTEGER,
    UNIQUE (user_id, send_key),
    CHECK ((state = 'running') = (ended_at IS NULL)),
    CHECK ((state = 'failed') = (failure_kind IS NOT NULL AND failure_message IS NOT NULL)),
    FOREIGN KEY (conversation_id, parent_id) REFERENCES messages (conversation_id, id) ON DELETE CASCADE,
    FOREIGN KEY (conversation_id, reply_id) REFERENCES messages (conversation_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX turns_of_parent ON turns (conversation_id, parent_id);
CREATE INDEX running_turns ON turns (conversation_id) WHERE state = 'running';
