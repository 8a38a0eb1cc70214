-- Providers of models that administrators add, beside those of the settings.
CREATE TABLE model_providers (
    id TEXT NOT NULL PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 60),
    name TEXT NOT NULL,
    dialect TEXT NOT NULL,
    address TEXT NOT NULL,
    -- In LobeChat's grammar; empty for all that it lists.
    model_list TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    -- Sealed for this id and the origin of this address: under another one nothing opens them. Empty without a key.
    sealed_keys TEXT NOT NULL,
    keys INTEGER NOT NULL CHECK (keys >= 0),
    updated_at INTEGER NOT NULL,
    -- Counts changes.
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
