-- What happened that administrators may want to know. Entries are added, and forgotten by their age; none is ever changed.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    -- Who did it, with the name of that time. No id when it was nobody who has an account. Nothing is referred to: an
    -- entry outlives the user.
    user_id BLOB CHECK (user_id IS NULL OR length(user_id) = 16),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    -- Whom or what it was done to; empty when there is nothing else than who did it.
    subject TEXT NOT NULL,
    -- The IP address that it was done from; none when it is not known.
    address TEXT,
    -- A JSON object of texts. Never a secret, never what somebody said.
    details TEXT NOT NULL
) STRICT;

CREATE INDEX audit_of_user ON audit (user_id, number);
CREATE INDEX audit_of_kind ON audit (kind, number);
CREATE INDEX audit_by_time ON audit (at);

CREATE TRIGGER audit_stays_as_it_is BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'entries of the audit log are never changed');
END;

-- The groups that may use a model. One that has no row is for everybody.
CREATE TABLE model_groups (
    -- As provider/model.
    model TEXT NOT NULL,
    group_name TEXT NOT NULL,
    PRIMARY KEY (model, group_name)
) STRICT, WITHOUT ROWID;

-- How much may be used; 0 for as much as anybody wants. Months and days are those of UTC.
CREATE TABLE limits (
    only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    -- In billionths of a US dollar, all users together.
    monthly_cost INTEGER NOT NULL CHECK (monthly_cost >= 0),
    -- The same of each user.
    monthly_cost_each INTEGER NOT NULL CHECK (monthly_cost_each >= 0),
    -- Read and written tokens of each user, but for those of the built-in model.
    daily_tokens_each INTEGER NOT NULL CHECK (daily_tokens_each >= 0)
) STRICT;

INSERT INTO limits VALUES (1, 0, 0, 0);

CREATE INDEX usage_by_day ON usage_days (day);
