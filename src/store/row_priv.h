/*
 * row_priv.h - columns that several tables have, as values.
 */
#ifndef PVL_STORE_ROW_PRIV_H
#define PVL_STORE_ROW_PRIV_H

#include "domain/role.h"
#include "domain/visit.h"
#include "store/query.h"

struct prison_code row_code(const struct query *q, int at);
struct prisoner_number row_number(const struct query *q, int at);
struct reference row_reference(const struct query *q, int at);
enum role row_role(const struct query *q, int at); /* ROLE_NOBODY where there is none */
struct date row_date(const struct query *q, int at);
/* At most cap bytes; what is shorter is filled up with zeros. */
void row_blob(const struct query *q, int at, uint8_t *out, size_t cap);

/* "A-2-014": what is there of four columns from first on, the wing and the levels in it. */
struct str row_location(const struct query *q, struct arena *arena, int first);

#endif
