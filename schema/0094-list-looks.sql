-- 0094: lists that name people are read again and again by machines: whether a look at one is the same look is asked each time.

CREATE INDEX audit_leaf_list ON audit_leaf (account, verb, prison, at) WHERE object = 'list';
