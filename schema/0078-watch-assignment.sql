-- 0078: whom the duty governor assigned to watch a visit: the ground of watching by assignment.

CREATE TABLE watch_assignment (
	id INTEGER NOT NULL PRIMARY KEY,
	visit INTEGER NOT NULL,
	kind TEXT NOT NULL CHECK (kind = 'SOCIAL'),
	officer INTEGER NOT NULL REFERENCES account (id),
	assigned_by INTEGER NOT NULL REFERENCES account (id),
	reason TEXT NOT NULL CHECK (reason <> ''),
	at INTEGER NOT NULL,
	ended_at INTEGER NOT NULL, -- 0: until the visit is over
	FOREIGN KEY (visit, kind) REFERENCES visit (id, kind),
	CHECK (assigned_by <> officer)
) STRICT;
CREATE UNIQUE INDEX watch_assignment_once ON watch_assignment (visit, officer) WHERE ended_at = 0;
