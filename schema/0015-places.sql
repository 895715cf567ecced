-- 0015: several devices in one visit: who sits where, and personal links for visitors without an account.

-- adult: may have a device; by the rule of the day on which it was booked.
ALTER TABLE visit_visitor ADD COLUMN adult INTEGER NOT NULL DEFAULT 0 CHECK (adult IN (0, 1));
-- The visitor of this visit at whose device they sit (their own: themselves).  NULL: nobody said yet.
ALTER TABLE visit_visitor ADD COLUMN sits_with INTEGER REFERENCES person (id);
-- When their own device was first in the lobby; 0: it was not.
ALTER TABLE visit_visitor ADD COLUMN came_at INTEGER NOT NULL DEFAULT 0;

-- Booked before: 18 years are 6575 days, and all sat at the main visitor's device.
UPDATE visit_visitor SET adult = 1 WHERE lead = 1 OR EXISTS (
	SELECT 1 FROM visit v, person p WHERE v.id = visit_visitor.visit AND p.id = visit_visitor.person
		AND v.start_at / 86400 - p.born >= 6575);
UPDATE visit_visitor SET
	sits_with = (SELECT w.person FROM visit_visitor w WHERE w.visit = visit_visitor.visit AND w.lead = 1),
	came_at = CASE WHEN lead = 1 THEN (SELECT v.lobby_at FROM visit v WHERE v.id = visit_visitor.visit) ELSE 0 END
	WHERE EXISTS (SELECT 1 FROM visit v WHERE v.id = visit_visitor.visit AND v.visitor_seen = 1);

-- One for each visitor who is to join from a device of their own and has no account.  It ends with the visit.
CREATE TABLE visit_link (
	id INTEGER NOT NULL PRIMARY KEY,
	visit INTEGER NOT NULL,
	person INTEGER NOT NULL,
	code_hash BLOB NOT NULL UNIQUE, -- the code itself is stored nowhere
	made_by INTEGER NOT NULL REFERENCES account (id),
	made_at INTEGER NOT NULL,
	used_at INTEGER NOT NULL, -- last; 0: never
	UNIQUE (visit, person),
	FOREIGN KEY (visit, person) REFERENCES visit_visitor (visit, person)
) STRICT;

-- A session now belongs to an account, a terminal or the bearer of a link.
CREATE TABLE web_session_next (
	token BLOB NOT NULL PRIMARY KEY,
	csrf TEXT NOT NULL,
	account INTEGER REFERENCES account (id),
	terminal INTEGER REFERENCES terminal (id),
	link INTEGER REFERENCES visit_link (id),
	role TEXT NOT NULL,
	prison TEXT NOT NULL,
	seen INTEGER NOT NULL,
	idle_s INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	CHECK (CASE WHEN account IS NULL THEN 0 ELSE 1 END + CASE WHEN terminal IS NULL THEN 0 ELSE 1 END
		+ CASE WHEN link IS NULL THEN 0 ELSE 1 END = 1),
	CHECK ((role = 'guest') = (link IS NOT NULL))
) STRICT;
INSERT INTO web_session_next (token, csrf, account, terminal, link, role, prison, seen, idle_s, expires)
	SELECT token, csrf, account, terminal, NULL, role, prison, seen, idle_s, expires FROM web_session;
DROP TABLE web_session;
ALTER TABLE web_session_next RENAME TO web_session;
CREATE INDEX web_session_expires ON web_session (expires);
CREATE INDEX web_session_terminal ON web_session (terminal);
CREATE INDEX web_session_link ON web_session (link);
