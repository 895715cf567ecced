-- 0037: how visitors know prisoners, by the codes of the prison service; who comes along without counting as a
-- visitor; what somebody needs so that they can take part.

-- Words stand in front/words/<language>/relationships.json.  own_words: the code says nothing without them.
CREATE TABLE relationship (
	code TEXT NOT NULL PRIMARY KEY,
	type TEXT NOT NULL CHECK (type IN ('SOCIAL', 'OFFICIAL')),
	place INTEGER NOT NULL UNIQUE, -- in a list of choices
	own_words INTEGER NOT NULL CHECK (own_words IN (0, 1))
) STRICT;
INSERT INTO relationship (place, code, type, own_words)
SELECT place, code, 'SOCIAL', CASE WHEN code = 'OTHER' THEN 1 ELSE 0 END FROM (
	SELECT 1 AS place, 'MOT' AS code
	UNION ALL SELECT 2, 'FA'
	UNION ALL SELECT 3, 'PART'
	UNION ALL SELECT 4, 'WIFE'
	UNION ALL SELECT 5, 'HUS'
	UNION ALL SELECT 6, 'GIF'
	UNION ALL SELECT 7, 'BOF'
	UNION ALL SELECT 8, 'CLW'
	UNION ALL SELECT 9, 'CLH'
	UNION ALL SELECT 10, 'DAU'
	UNION ALL SELECT 11, 'SON'
	UNION ALL SELECT 12, 'SIS'
	UNION ALL SELECT 13, 'BRO'
	UNION ALL SELECT 14, 'GMOT'
	UNION ALL SELECT 15, 'GFA'
	UNION ALL SELECT 16, 'GDAU'
	UNION ALL SELECT 17, 'GSON'
	UNION ALL SELECT 18, 'AUNT'
	UNION ALL SELECT 19, 'UN'
	UNION ALL SELECT 20, 'NIE'
	UNION ALL SELECT 21, 'NEP'
	UNION ALL SELECT 22, 'COU'
	UNION ALL SELECT 23, 'SMOT'
	UNION ALL SELECT 24, 'SFA'
	UNION ALL SELECT 25, 'SDAU'
	UNION ALL SELECT 26, 'SSON'
	UNION ALL SELECT 27, 'SSIS'
	UNION ALL SELECT 28, 'SBRO'
	UNION ALL SELECT 29, 'HSIS'
	UNION ALL SELECT 30, 'HBRO'
	UNION ALL SELECT 31, 'FOP'
	UNION ALL SELECT 32, 'GUA'
	UNION ALL SELECT 33, 'ILP'
	UNION ALL SELECT 34, 'FRI'
	UNION ALL SELECT 35, 'OTHER'
) AS social_codes
UNION ALL
SELECT place, code, 'OFFICIAL', CASE WHEN code = 'OTH' THEN 1 ELSE 0 END FROM (
	SELECT 101 AS place, 'SOL' AS code
	UNION ALL SELECT 102, 'PROB'
	UNION ALL SELECT 103, 'COM'
	UNION ALL SELECT 104, 'SWO'
	UNION ALL SELECT 105, 'POL'
	UNION ALL SELECT 106, 'DR'
	UNION ALL SELECT 107, 'DART'
	UNION ALL SELECT 108, 'PRE'
	UNION ALL SELECT 109, 'IMAM'
	UNION ALL SELECT 110, 'RABBI'
	UNION ALL SELECT 111, 'PV'
	UNION ALL SELECT 112, 'FW'
	UNION ALL SELECT 113, 'FLO'
	UNION ALL SELECT 114, 'RW'
	UNION ALL SELECT 115, 'RESPRA'
	UNION ALL SELECT 116, 'LAC'
	UNION ALL SELECT 117, 'TEA'
	UNION ALL SELECT 118, 'YJW'
	UNION ALL SELECT 119, 'YJST'
	UNION ALL SELECT 120, 'YJSCM'
	UNION ALL SELECT 121, 'YOTOM'
	UNION ALL SELECT 122, 'YOTWORKER'
	UNION ALL SELECT 123, 'RO'
	UNION ALL SELECT 124, 'OFS'
	UNION ALL SELECT 125, 'POM'
	UNION ALL SELECT 126, 'PPA'
	UNION ALL SELECT 127, 'CA'
	UNION ALL SELECT 128, 'CUSPO'
	UNION ALL SELECT 129, 'CUSPO2'
	UNION ALL SELECT 130, 'OTH'
) AS official_codes;

-- NULL: in own words alone, which stand in relationship.
ALTER TABLE contact ADD COLUMN relationship_code TEXT REFERENCES relationship (code);
ALTER TABLE contact ADD COLUMN part TEXT NOT NULL DEFAULT 'VISITOR'
	CHECK (part IN ('VISITOR', 'SUPPORTER', 'INTERPRETER'));

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + 1, '', 'supporters_max', 1, 0, NULL,
	'Equality Act 2010: whoever needs help to take part brings it without giving up a place';

-- Of somebody for visits to one prisoner.  minutes: how much longer their visits may be.
CREATE TABLE adjustment (
	id INTEGER NOT NULL PRIMARY KEY,
	contact INTEGER NOT NULL REFERENCES contact (id),
	kind TEXT NOT NULL CHECK (kind IN ('SIGN', 'LONGER', 'OTHER')),
	words TEXT NOT NULL, -- as the booker says it
	state TEXT NOT NULL CHECK (state IN ('ASKED', 'AGREED', 'REFUSED', 'WITHDRAWN')),
	minutes INTEGER NOT NULL CHECK (minutes BETWEEN 0 AND 120 AND minutes % 5 = 0),
	asked_at INTEGER NOT NULL,
	decided_by INTEGER REFERENCES account (id),
	decided_at INTEGER NOT NULL,
	reason TEXT NOT NULL, -- of the prison; the booker reads it
	CHECK (kind <> 'OTHER' OR words <> ''),
	CHECK ((state = 'ASKED') = (decided_at = 0)),
	CHECK (state <> 'REFUSED' OR reason <> ''),
	CHECK ((kind = 'LONGER' AND state = 'AGREED') = (minutes > 0))
) STRICT;
CREATE UNIQUE INDEX adjustment_once ON adjustment (contact, kind) WHERE state IN ('ASKED', 'AGREED');
CREATE INDEX adjustment_state ON adjustment (state, asked_at);
CREATE INDEX adjustment_contact ON adjustment (contact, state);

-- Minutes of the visit that an adjustment makes it longer by: no allowance pays for them.
ALTER TABLE visit ADD COLUMN free_minutes INTEGER NOT NULL DEFAULT 0 CHECK (free_minutes BETWEEN 0 AND minutes);
