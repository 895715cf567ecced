-- 0056: how people are reached beside e-mail: a mobile number, a postal address, and what they chose.

-- mobile: E.164, '': none.  The address: its first line and postcode are '' together, where there is none.
CREATE TABLE reach (
	account INTEGER NOT NULL PRIMARY KEY REFERENCES account (id),
	mobile TEXT NOT NULL,
	texts INTEGER NOT NULL CHECK (texts IN (0, 1)), -- text messages, too, beside e-mail
	line1 TEXT NOT NULL,
	line2 TEXT NOT NULL,
	town TEXT NOT NULL,
	county TEXT NOT NULL,
	postcode TEXT NOT NULL,
	changed_at INTEGER NOT NULL,
	CHECK ((line1 = '') = (postcode = ''))
) STRICT;

-- A number that its owner has yet to show is theirs.  The code itself stands nowhere (service/reach.h).
CREATE TABLE mobile_code (
	account INTEGER NOT NULL PRIMARY KEY REFERENCES account (id),
	mobile TEXT NOT NULL CHECK (mobile <> ''),
	made_at INTEGER NOT NULL,
	until_at INTEGER NOT NULL, -- 0: used, or guessed at too often
	tries INTEGER NOT NULL,
	day INTEGER NOT NULL, -- days since 1970, in which so many were asked for
	asked INTEGER NOT NULL
) STRICT;
CREATE INDEX mobile_code_mobile ON mobile_code (mobile, day);
CREATE INDEX mobile_code_made ON mobile_code (made_at);

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'letter_days' AS name, 3 AS value, 'A letter takes two days to print and one by first class post' AS reason
	UNION ALL SELECT 2, 'text_notice_hours', 72, 'Not everybody reads email within three days'
) AS first_values;
