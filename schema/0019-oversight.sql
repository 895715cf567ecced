-- 0019: oversight of running visits: what was done and said, who watched and why, what is drawn for watching.

-- Only ever added to; how a visit stands is the sum of its acts (domain/oversight.h).
CREATE TABLE visit_act (
	id INTEGER NOT NULL PRIMARY KEY,
	seq INTEGER NOT NULL, -- 1, 2, 3 … of the visit
	visit INTEGER NOT NULL,
	kind TEXT NOT NULL,
	act TEXT NOT NULL CHECK (act IN ('PAUSE', 'RESUME', 'MUTE', 'UNMUTE', 'BLANK', 'UNBLANK', 'WARN',
		'ACKNOWLEDGE', 'EXTEND', 'REPORT', 'NOT_PRIVATE')),
	side TEXT NOT NULL CHECK (side IN ('', 'PRISONER', 'VISITOR', 'BOTH')),
	amount INTEGER NOT NULL, -- EXTEND: minutes; RESUME: seconds that it stood still; ACKNOWLEDGE: the warning
	words TEXT NOT NULL,     -- the reason, the warning, what was reported
	words_cy TEXT NOT NULL,  -- a prepared warning in Welsh
	at INTEGER NOT NULL,
	by_account INTEGER REFERENCES account (id), -- NULL: the prison's terminal, or the service by rule
	UNIQUE (visit, seq),
	FOREIGN KEY (visit, kind) REFERENCES visit (id, kind),
	-- In a confidential visit staff can neither hide nor say anything.
	CHECK (kind = 'SOCIAL' OR act IN ('EXTEND', 'NOT_PRIVATE'))
) STRICT;

-- Who watched, and why.  No row can exist for a visit that is not social.
CREATE TABLE monitoring (
	id INTEGER NOT NULL PRIMARY KEY,
	visit INTEGER NOT NULL,
	kind TEXT NOT NULL CHECK (kind = 'SOCIAL'),
	officer INTEGER NOT NULL REFERENCES account (id),
	purpose TEXT NOT NULL CHECK (purpose IN ('ADMISSION', 'ASSIGNMENT', 'SAMPLE', 'INCIDENT', 'AUTHORISATION')),
	purpose_id INTEGER NOT NULL, -- of the incident or authorisation; else 0
	words TEXT NOT NULL CHECK (length(words) >= 10),
	at INTEGER NOT NULL,
	told TEXT NOT NULL CHECK (told IN ('', 'ACKNOWLEDGED', 'NO_ANSWER')), -- '': not yet, so nothing was seen
	left_at INTEGER NOT NULL, -- 0: until the visit ended, or still
	FOREIGN KEY (visit, kind) REFERENCES visit (id, kind)
) STRICT;
CREATE INDEX monitoring_visit ON monitoring (visit, at);
CREATE INDEX monitoring_officer ON monitoring (officer, at);

CREATE TABLE prepared_warning (
	id INTEGER NOT NULL PRIMARY KEY,
	prison TEXT NOT NULL, -- '': all
	place INTEGER NOT NULL,
	words TEXT NOT NULL CHECK (words <> ''),
	words_cy TEXT NOT NULL CHECK (words_cy <> ''),
	author INTEGER REFERENCES account (id),
	retired_at INTEGER NOT NULL -- 0: in use
) STRICT;
CREATE INDEX prepared_warning_prison ON prepared_warning (prison, place);

-- Visits of a day are drawn by seed and share (domain/oversight.h): anybody can draw them again.
CREATE TABLE watch_draw (
	prison TEXT NOT NULL REFERENCES prison (code),
	day INTEGER NOT NULL, -- local, since 1970
	seed INTEGER NOT NULL,
	share INTEGER NOT NULL CHECK (share BETWEEN 0 AND 100),
	drawn_at INTEGER NOT NULL,
	PRIMARY KEY (prison, day)
) STRICT;

INSERT INTO prepared_warning (id, prison, place, words, words_cy, author, retired_at) VALUES
	(1, '', 1, 'Please keep to the rules of the visit.', 'Cadwch at reolau’r ymweliad, os gwelwch yn dda.', NULL, 0),
	(2, '', 2, 'Please make sure that only people on the booking are in the picture.', 'Gwnewch yn siŵr mai dim ond y bobl sydd ar yr archeb sydd yn y llun.', NULL, 0),
	(3, '', 3, 'Please stay where the camera can see you.', 'Arhoswch lle gall y camera eich gweld.', NULL, 0),
	(4, '', 4, 'Please dress as you would for a visit in the prison.', 'Gwisgwch fel y byddech ar gyfer ymweliad yn y carchar.', NULL, 0),
	(5, '', 5, 'Please do not record this visit or take pictures of it.', 'Peidiwch â recordio’r ymweliad hwn na thynnu lluniau ohono.', NULL, 0),
	(6, '', 6, 'Please do not use offensive or threatening words.', 'Peidiwch â defnyddio geiriau sarhaus na bygythiol.', NULL, 0),
	(7, '', 7, 'Please do not let anybody else join by telephone or on another screen.', 'Peidiwch â gadael i neb arall ymuno dros y ffôn nac ar sgrin arall.', NULL, 0),
	(8, '', 8, 'This visit will be ended if it happens again.', 'Daw’r ymweliad hwn i ben os bydd hyn yn digwydd eto.', NULL, 0);

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'oversight_watch' AS name, 1 AS value, 'Staff may view visits; which ones, the service draws' AS reason
	UNION ALL SELECT 2, 'oversight_share', 10, 'One social visit in ten'
	UNION ALL SELECT 3, 'oversight_ratio', 6, 'Four to six pictures an officer can follow'
	UNION ALL SELECT 4, 'oversight_missing_minutes', 2, 'Time to turn to a visit that is to be watched'
	UNION ALL SELECT 5, 'oversight_missing_pause', 0, 'Nobody loses a visit because nobody is at the desk'
) AS first_values;
