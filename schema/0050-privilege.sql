-- 0050: who saw to it, after a recording was closed as privileged by mistake.

ALTER TABLE recording ADD COLUMN lock_settled_by INTEGER REFERENCES account (id); -- never who closed it
ALTER TABLE recording ADD COLUMN lock_settled_at INTEGER NOT NULL DEFAULT 0; -- 0: nobody yet
