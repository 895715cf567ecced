-- 0086: the wing acknowledges whoever stands by as it does visits.

ALTER TABLE standby ADD COLUMN acknowledged_at INTEGER; -- NULL: nobody did
ALTER TABLE standby ADD COLUMN acknowledged_by INTEGER REFERENCES account (id);
