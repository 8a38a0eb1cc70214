-- What an imported conversation was called where it comes from, as program:id. The same again is not imported twice.
ALTER TABLE conversations ADD COLUMN origin TEXT;

CREATE UNIQUE INDEX imported_conversations ON conversations (user_id, origin) WHERE origin IS NOT NULL;
