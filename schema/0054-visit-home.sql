-- 0054: several services on one database: in which of them a visit lives.

-- One that does not beat for some seconds is dead, by the clock of whoever looks.
CREATE TABLE service_alive (
	name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
	run INTEGER NOT NULL, -- of its process
	beat INTEGER NOT NULL, -- rises
	taken INTEGER NOT NULL -- visits that others took over from it
) STRICT;

CREATE TABLE visit_home (
	visit INTEGER NOT NULL PRIMARY KEY REFERENCES visit (id),
	service TEXT NOT NULL REFERENCES service_alive (name)
) STRICT;
CREATE INDEX visit_home_service ON visit_home (service);
