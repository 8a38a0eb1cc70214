-- The end of the branch that is shown; without one it is the branch that was written to last.
ALTER TABLE conversations ADD COLUMN leaf_id BLOB CHECK (leaf_id IS NULL OR length(leaf_id) = 16);
-- How models shall answer, as JSON; empty for as they do.
ALTER TABLE conversations ADD COLUMN parameters TEXT NOT NULL DEFAULT '';

-- Deleted, and not yet forgotten. Messages that were deleted together have the same moment.
ALTER TABLE messages ADD COLUMN deleted_at INTEGER;
-- What stands for this message and all before it when a model is asked.
ALTER TABLE messages ADD COLUMN summary TEXT;

CREATE INDEX deleted_messages ON messages (deleted_at) WHERE deleted_at IS NOT NULL;

-- 'length' when a complete turn was ended by the most tokens that it might write.
ALTER TABLE turns ADD COLUMN stop_reason TEXT CHECK (stop_reason IN ('length'));
ALTER TABLE turns ADD COLUMN cached_tokens INTEGER;
ALTER TABLE turns ADD COLUMN reasoning_tokens INTEGER;
-- In billionths of a US dollar.
ALTER TABLE turns ADD COLUMN cost INTEGER;

-- What turns used, by day in UTC. It outlives the conversations.
CREATE TABLE usage_days (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Days since 1970-01-01.
    day INTEGER NOT NULL,
    model TEXT NOT NULL,
    turns INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (user_id, day, model)
) STRICT, WITHOUT ROWID;
