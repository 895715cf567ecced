#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/assert.h"
#include "store/rows_text.h"

static void rows_that_are_inserted_together_count_their_parameters_on(void **state)
{
	(void)state;
	static const struct {
		const char *sql;
		int parameters, rows;
		const char *text;
	} CASES[] = {
		{ "INSERT INTO t (a) VALUES ($1)", 1, 1, "INSERT INTO t (a) VALUES ($1)" },
		{ "INSERT INTO t (a, b) VALUES ($1, $2)", 2, 3,
		  "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4), ($5, $6)" },
		{ "INSERT INTO t (a, b, c) VALUES ($2, '$1', $1) ON CONFLICT (a) DO NOTHING", 2, 2,
		  "INSERT INTO t (a, b, c) VALUES ($2, '$1', $1), ($4, '$1', $3) "
		  "ON CONFLICT (a) DO NOTHING" },
		{ "INSERT INTO t (a, b) VALUES ($1, $12)", 12, 2,
		  "INSERT INTO t (a, b) VALUES ($1, $12), ($13, $24)" },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		assert_true(rows_text_fits(CASES[i].sql));
		char *text = rows_text(CASES[i].sql, CASES[i].parameters, CASES[i].rows);
		assert_string_equal(text, CASES[i].text);
		free(text);
	}
}

static void what_is_more_than_rows_goes_alone(void **state)
{
	(void)state;
	static const char *const CASES[] = {
		"",
		"SELECT 1",
		"UPDATE t SET a = ?1",
		"DELETE FROM t",
		"INSERT INTO t (a) SELECT ?1",
		"INSERT INTO t (a) VALUES (?1",
		"INSERT INTO t (a) VALUES ((SELECT MAX(a) + 1 FROM t))",
		"INSERT INTO t (a) VALUES (NULLIF(?1, ''))",
		"INSERT INTO t (a) VALUES (?1) ON CONFLICT (a) DO UPDATE SET b = excluded.b",
		"INSERT INTO t (a) VALUES (?1) ON CONFLICT (a) WHERE b = ?2 DO NOTHING",
		"INSERT INTO t (a) VALUES (?1) RETURNING a",
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		assert_false(rows_text_fits(CASES[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_that_are_inserted_together_count_their_parameters_on),
		cmocka_unit_test(what_is_more_than_rows_goes_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
