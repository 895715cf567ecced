-- 0020: Seconds in which the two sides of a visit could not hear each other, by cause (domain/lost.h).

ALTER TABLE visit ADD COLUMN lost_prison_line INTEGER NOT NULL DEFAULT 0 CHECK (lost_prison_line >= 0);
ALTER TABLE visit ADD COLUMN lost_terminal INTEGER NOT NULL DEFAULT 0 CHECK (lost_terminal >= 0);
ALTER TABLE visit ADD COLUMN lost_visitor_line INTEGER NOT NULL DEFAULT 0 CHECK (lost_visitor_line >= 0);
ALTER TABLE visit ADD COLUMN lost_service INTEGER NOT NULL DEFAULT 0 CHECK (lost_service >= 0);
ALTER TABLE visit ADD COLUMN lost_staff INTEGER NOT NULL DEFAULT 0 CHECK (lost_staff >= 0);
ALTER TABLE visit ADD COLUMN lost_nobody INTEGER NOT NULL DEFAULT 0 CHECK (lost_nobody >= 0);

INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason)
SELECT MAX(seq) + 1, '', 'lost_added_minutes', 30, 0, NULL,
	'Time that a fault took is given back at the end, while nobody waits for the terminal' FROM prison_policy;
