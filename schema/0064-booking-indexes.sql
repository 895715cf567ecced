-- 0064: the indexes that a booking reads and writes hold what is looked for, and no more.

-- A place is a visit's or an application's: the other index held a NULL for each.
DROP INDEX slot_use_visit;
DROP INDEX slot_use_application;
CREATE INDEX slot_use_visit ON slot_use (visit) WHERE visit IS NOT NULL;
CREATE INDEX slot_use_application ON slot_use (application) WHERE application IS NOT NULL;

-- Whether a visit reaches into a time is seen in the index: the rows of the whole day before are not fetched.
DROP INDEX visit_prison;
CREATE INDEX visit_prison ON visit (prison, start_at, minutes);
