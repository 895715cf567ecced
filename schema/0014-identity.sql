-- 0014: who visitors are: photos of a document and of a face, what was decided by them, and until when they are kept.

-- One of a person; what it was before stands in the log.
CREATE TABLE identity (
	person INTEGER NOT NULL PRIMARY KEY REFERENCES person (id),
	state TEXT NOT NULL CHECK (state IN ('DRAFT', 'SENT', 'ASKED_AGAIN', 'VERIFIED', 'REJECTED', 'EXPIRED')),
	document TEXT NOT NULL CHECK (document IN ('PASSPORT', 'DRIVING_LICENCE', 'PHOTO_CARD')),
	asked INTEGER NOT NULL CHECK (asked BETWEEN 0 AND 3), -- again: 1 the document, 2 the portrait
	problem TEXT NOT NULL CHECK (problem IN ('', 'UNCLEAR', 'CUT_OFF', 'OUT_OF_DATE', 'NOT_ACCEPTED', 'WRONG_PERSON',
		'FACE_HIDDEN')),
	changed_at INTEGER NOT NULL,
	sent_at INTEGER NOT NULL, -- 0: not yet
	decided_at INTEGER NOT NULL,
	decided_by INTEGER REFERENCES account (id),
	CHECK ((state = 'ASKED_AGAIN') = (asked <> 0)),
	CHECK ((asked <> 0) = (problem <> ''))
) STRICT;

-- sealed: XChaCha20-Poly1305 under a key that is not in the database, bound to person and picture.
CREATE TABLE identity_picture (
	person INTEGER NOT NULL REFERENCES identity (person),
	picture TEXT NOT NULL CHECK (picture IN ('DOCUMENT', 'PORTRAIT')),
	sealed BLOB NOT NULL,
	taken_at INTEGER NOT NULL,
	keep_until INTEGER NOT NULL,
	PRIMARY KEY (person, picture)
) STRICT;
CREATE INDEX identity_picture_due ON identity_picture (keep_until);

-- What the family is told of a rejection; the words of staff are for staff.
ALTER TABLE contact ADD COLUMN why TEXT NOT NULL DEFAULT ''
	CHECK (why IN ('', 'IDENTITY', 'RELATIONSHIP', 'DETAILS', 'DECISION'));

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT (SELECT MAX(seq) FROM prison_policy) + n, '', name, value, 0, NULL, reason FROM (
	SELECT 1 AS n, 'identity_needed' AS name, 1 AS value, 'Nobody is approved whose identity was not seen' AS reason
	UNION ALL SELECT 2, 'identity_age', 18, 'Children show no document; staff approve them with the adult'
	UNION ALL SELECT 3, 'contact_answer_days', 5, 'The public service of today: an answer within 5 working days'
	UNION ALL SELECT 4, 'identity_unfinished_days', 28, 'Photos that nobody sends are of no use'
	UNION ALL SELECT 5, 'identity_undecided_days', 90, 'Photos are not kept for a decision that does not come'
	UNION ALL SELECT 6, 'identity_document_days', 14, 'Time to appeal against the decision'
	UNION ALL SELECT 7, 'identity_portrait_days', 365, 'Staff compare it with the picture at each visit'
) AS first_values;
