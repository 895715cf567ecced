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

/*
 * Ids that one statement asks for together, " … IN (" ROW_TOGETHER ")": the text is the same however
 * many they are, and 0 stands for those that are not there.
 */
enum {
	ROW_TOGETHER_MAX = 32
};
#define ROW_TOGETHER                                                                               \
	"?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, "   \
	"?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32"
/* How many of count the statement that begins at the at-th asks for. */
size_t row_together(size_t count, size_t at);

/* "A-2-014": what is there of four columns from first on, the wing and the levels in it. */
struct str row_location(const struct query *q, struct arena *arena, int first);

#endif
