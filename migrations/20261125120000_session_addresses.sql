-- The IP address that a session was last used from; none when it is not known.
ALTER TABLE sessions ADD COLUMN address TEXT;
