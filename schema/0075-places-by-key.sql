-- 0075: a booking writes twenty entries fewer.  The places of a visit are found by their keys, and the orders of a
-- prisoner by the index of months.
DROP INDEX slot_use_visit;
DROP INDEX ledger_entry_lot;
