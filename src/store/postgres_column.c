#include "base/assert.h"
#include "store/postgres_priv.h"

static int64_t big_endian(const uint8_t *at, int len)
{
	int64_t value = len > 0 && at[0] & 0x80 ? -1 : 0;
	for (int i = 0; i < len; i++)
		value = (int64_t)((uint64_t)value << 8 | at[i]);
	return value;
}

/* A sum of 64-bit numbers: base 10,000, the first digit weighs 10,000^weight (numeric.c). */
static int64_t whole_numeric(const uint8_t *at, int len)
{
	int64_t value = 0;
	int64_t digits = big_endian(at, 2);
	int64_t weight = big_endian(at + 2, 2);
	bool negative = at[4] == 0x40;
	for (int64_t i = 0; i <= weight; i++) {
		int64_t digit = 0;
		if (i < digits && 8 + 2 * i + 2 <= len)
			digit = big_endian(at + 8 + 2 * i, 2);
		value = value * 10000 + digit;
	}
	return negative ? -value : value;
}

int64_t pg_column_int(const PGresult *result, int row, int at)
{
	const uint8_t *value = (const uint8_t *)PQgetvalue(result, row, at);
	int len = PQgetlength(result, row, at);
	if (PQgetisnull(result, row, at))
		return 0;
	switch (PQftype(result, at)) {
	case TYPE_BOOL:
		return value[0] != 0;
	case TYPE_INT2:
	case TYPE_INT4:
	case TYPE_INT8:
		return big_endian(value, len);
	case TYPE_NUMERIC:
		return len >= 8 ? whole_numeric(value, len) : 0;
	default:
		ASSERT(!"a column that is no number");
		return 0;
	}
}

struct bytes pg_column_bytes(const PGresult *result, int row, int at)
{
	if (PQgetisnull(result, row, at))
		return bytes_of(NULL, 0);
	return bytes_of(PQgetvalue(result, row, at), (size_t)PQgetlength(result, row, at));
}
