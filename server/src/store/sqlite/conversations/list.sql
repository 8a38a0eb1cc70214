WITH listed AS (
    SELECT * FROM (
        SELECT id, title, updated_at, pinned_at, folder_id FROM conversations
        WHERE user_id = ?1 AND archived_at IS NULL AND pinned_at IS NOT NULL
        ORDER BY updated_at DESC, id DESC LIMIT ?2
    ) UNION ALL SELECT * FROM (
        SELECT id, title, updated_at, pinned_at, folder_id FROM conversations
        WHERE user_id = ?1 AND archived_at IS NULL AND pinned_at IS NULL AND folder_id IS NOT NULL
        ORDER BY updated_at DESC, id DESC LIMIT ?2
    ) UNION ALL SELECT * FROM (
        SELECT id, title, updated_at, pinned_at, folder_id FROM conversations
        WHERE user_id = ?1 AND archived_at IS NULL AND pinned_at IS NULL AND folder_id IS NULL
        ORDER BY updated_at DESC, id DESC LIMIT ?2
    )
)
SELECT id AS "id!: Key", title AS "title!", updated_at AS "updated_at!",
    pinned_at IS NOT NULL AS "pinned!: bool", folder_id AS "folder?: Key",
    EXISTS (SELECT 1 FROM turns WHERE conversation_id = listed.id AND state = 'running')
        AS "running!: bool"
FROM listed
ORDER BY updated_at DESC, id DESC
