-- The full text indexes. They hold words, no texts (contentless), so each text is stored once; rows can be deleted by
-- their number alone, so a trigger can't put an index out of step with what it indexes. The owner is indexed beside the
-- text: what others wrote is not even looked at.
CREATE VIRTUAL TABLE message_search USING fts5 (
    owner, text, content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE VIRTUAL TABLE title_search USING fts5 (
    owner, title, content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);

-- The number under which a conversation's title is indexed. Rows of conversations have none that VACUUM keeps.
CREATE TABLE title_numbers (
    number INTEGER PRIMARY KEY,
    conversation_id BLOB NOT NULL UNIQUE REFERENCES conversations (id) ON DELETE CASCADE
) STRICT;

-- Letters of scripts that put no spaces between words, or stick endings to them, for which an index of words is of no
-- use: Thai, Lao, Myanmar, Khmer, Chinese, Japanese, Korean.
CREATE VIEW unspaced_scripts AS SELECT '*[฀-໿က-႟ᄀ-ᇿក-៿⺀-鿿ꥠ-꥿가-퟿豈-﫿ｦ-ﾟ𠀀-𿿽]*' AS pattern;

-- Whose messages and titles have such letters, by the number under which they are indexed: they are looked through.
CREATE TABLE unspaced_messages (number INTEGER PRIMARY KEY, user_id BLOB NOT NULL) STRICT;
CREATE TABLE unspaced_titles (number INTEGER PRIMARY KEY, user_id BLOB NOT NULL) STRICT;

CREATE INDEX unspaced_messages_of_user ON unspaced_messages (user_id, number);
CREATE INDEX unspaced_titles_of_user ON unspaced_titles (user_id, number);

-- What can be found: neither what is deleted nor what is still being written.
CREATE VIEW searchable_messages AS
SELECT messages.number, conversations.user_id, messages.text,
    messages.text GLOB (SELECT pattern FROM unspaced_scripts) AS unspaced
FROM messages JOIN conversations ON conversations.id = messages.conversation_id
WHERE messages.deleted_at IS NULL AND messages.text <> ''
    AND NOT EXISTS (SELECT 1 FROM turns WHERE turns.reply_id = messages.id AND turns.state = 'running');

CREATE VIEW searchable_titles AS
SELECT title_numbers.number, conversations.id, conversations.user_id, conversations.title,
    conversations.title GLOB (SELECT pattern FROM unspaced_scripts) AS unspaced
FROM title_numbers JOIN conversations ON conversations.id = title_numbers.conversation_id;

-- A reply is indexed once, when its turn has ended, and not with each piece that arrives.
CREATE TRIGGER search_said AFTER INSERT ON messages WHEN NEW.author = 'user'
BEGIN
    INSERT INTO message_search (rowid, owner, text)
    SELECT number, hex(user_id), text FROM searchable_messages WHERE number = NEW.number;
    INSERT INTO unspaced_messages SELECT number, user_id FROM searchable_messages WHERE number = NEW.number AND unspaced;
END;

CREATE TRIGGER search_changed AFTER UPDATE OF text, deleted_at ON messages
WHEN NOT EXISTS (SELECT 1 FROM turns WHERE reply_id = NEW.id AND state = 'running')
BEGIN
    DELETE FROM message_search WHERE rowid = OLD.number;
    DELETE FROM unspaced_messages WHERE number = OLD.number;
    INSERT INTO message_search (rowid, owner, text)
    SELECT number, hex(user_id), text FROM searchable_messages WHERE number = NEW.number;
    INSERT INTO unspaced_messages SELECT number, user_id FROM searchable_messages WHERE number = NEW.number AND unspaced;
END;

CREATE TRIGGER search_gone AFTER DELETE ON messages
BEGIN
    DELETE FROM message_search WHERE rowid = OLD.number;
    DELETE FROM unspaced_messages WHERE number = OLD.number;
END;

CREATE TRIGGER search_replied AFTER UPDATE OF state ON turns WHEN OLD.state = 'running' AND NEW.state <> 'running'
BEGIN
    INSERT INTO message_search (rowid, owner, text)
    SELECT number, hex(user_id), text FROM searchable_messages
    WHERE number = (SELECT number FROM messages WHERE id = NEW.reply_id);
    INSERT INTO unspaced_messages
    SELECT number, user_id FROM searchable_messages
    WHERE number = (SELECT number FROM messages WHERE id = NEW.reply_id) AND unspaced;
END;

-- A reply that comes with its end.
CREATE TRIGGER search_replied_at_once AFTER INSERT ON turns WHEN NEW.state <> 'running'
BEGIN
    UPDATE messages SET text = text WHERE id = NEW.reply_id;
END;

CREATE TRIGGER search_titled AFTER INSERT ON conversations
BEGIN
    INSERT INTO title_numbers (conversation_id) VALUES (NEW.id);
    INSERT INTO title_search (rowid, owner, title)
    SELECT number, hex(user_id), title FROM searchable_titles WHERE id = NEW.id;
    INSERT INTO unspaced_titles SELECT number, user_id FROM searchable_titles WHERE id = NEW.id AND unspaced;
END;

CREATE TRIGGER search_retitled AFTER UPDATE OF title ON conversations
BEGIN
    DELETE FROM title_numbers WHERE conversation_id = OLD.id;
    INSERT INTO title_numbers (conversation_id) VALUES (NEW.id);
    INSERT INTO title_search (rowid, owner, title)
    SELECT number, hex(user_id), title FROM searchable_titles WHERE id = NEW.id;
    INSERT INTO unspaced_titles SELECT number, user_id FROM searchable_titles WHERE id = NEW.id AND unspaced;
END;

CREATE TRIGGER search_untitled AFTER DELETE ON title_numbers
BEGIN
    DELETE FROM title_search WHERE rowid = OLD.number;
    DELETE FROM unspaced_titles WHERE number = OLD.number;
END;

-- What is there already.
INSERT INTO title_numbers (conversation_id) SELECT id FROM conversations ORDER BY created_at, id;
INSERT INTO title_search (rowid, owner, title) SELECT number, hex(user_id), title FROM searchable_titles ORDER BY number;
INSERT INTO unspaced_titles SELECT number, user_id FROM searchable_titles WHERE unspaced;
INSERT INTO message_search (rowid, owner, text) SELECT number, hex(user_id), text FROM searchable_messages ORDER BY number;
INSERT INTO unspaced_messages SELECT number, user_id FROM searchable_messages WHERE unspaced;
