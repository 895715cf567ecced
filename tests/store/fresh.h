/*
 * fresh.h - an empty database for a test: a file, or a schema of its own in a PostgreSQL.
 *
 * STORE in the environment says which kind ("sqlite:" unless set; tools/with-postgres sets it).
 */
#ifndef PVL_TESTS_FRESH_H
#define PVL_TESTS_FRESH_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/check.h"

enum {
	FRESH_ROOM = 300,
};

struct fresh {
	char where[FRESH_ROOM]; /* for store_open() */
	char folder[64];        /* of the file; empty on PostgreSQL */
	char schema[48];
};

static inline bool on_postgres(void)
{
	const char *where = getenv("STORE");
	return where && strncmp(where, "postgres", 8) == 0;
}

/* Past the store, as somebody with psql would. */
static inline void fresh_psql(const char *sql)
{
	char command[256];
	(void)snprintf(command, sizeof command,
		       "PGOPTIONS=--client-min-messages=warning psql -q \"$STORE\" -c \"%s\"", sql);
	CHECK(system(command) == 0);
}

static inline void fresh_make(struct fresh *f)
{
	static int number;
	char sql[96];
	*f = (struct fresh){ 0 };
	if (!on_postgres()) {
		(void)snprintf(f->folder, sizeof f->folder, "/tmp/pvl-store-XXXXXX");
		CHECK(mkdtemp(f->folder) != NULL);
		(void)snprintf(f->where, sizeof f->where, "sqlite:%s/a.db", f->folder);
		return;
	}
	(void)snprintf(f->schema, sizeof f->schema, "test_%d_%d", (int)getpid(), ++number);
	(void)snprintf(sql, sizeof sql, "CREATE SCHEMA %s", f->schema);
	fresh_psql(sql);
	(void)snprintf(f->where, sizeof f->where, "%s&options=-csearch_path%%3D%s", getenv("STORE"),
		       f->schema);
}

static inline void fresh_remove(struct fresh *f)
{
	static const char *const ENDS[] = { "", "-wal", "-shm" };
	char text[160];
	if (!f->folder[0]) {
		(void)snprintf(text, sizeof text,
			       "SET client_min_messages = warning; DROP SCHEMA %s CASCADE",
			       f->schema);
		fresh_psql(text);
		return;
	}
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(text, sizeof text, "%s/a.db%s", f->folder, ENDS[i]);
		(void)unlink(text);
	}
	(void)rmdir(f->folder);
}

#endif
