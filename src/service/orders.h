/*
 * orders.h - the allowances of a prisoner: what there is, what came and went,
 * what is changed by hand, and what each night brings.
 */
#ifndef PVL_SERVICE_ORDERS_H
#define PVL_SERVICE_ORDERS_H

#include "service/service.h"
#include "store/incentive.h"
#include "store/ledger.h"

enum {
	ORDERS_HISTORY_MAX = 100,
	ORDERS_RUN_MAX = 50,       /* prisoners in one call of orders_run() */
	ORDERS_CATCH_UP_DAYS = 400 /* days missed that are made up for */
};

struct orders_view {
	struct prisoner prisoner;
	int vo; /* owed ones count as negative */
	int pvo;
	int accumulated;                /* of the VOs */
	int64_t minutes_left;           /* video, of the month of now */
	struct order_rules rules;       /* in force for them now */
	struct store_order_lines lines; /* newest first */
};

/* Staff of the prison, inspector, the prisoner; by number, also one that was merged. */
MUST_USE enum err orders_find(struct service *, const struct actor *, struct arena *,
			      struct prisoner_number, struct orders_view *out);

enum adjust_kind {
	ADJUST_VO,
	ADJUST_PVO,
	ADJUST_MINUTES, /* of the month of now */
	ADJUST_KIND_COUNT,
};

struct allowance_adjustment {
	struct prisoner_number number;
	enum adjust_kind kind;
	int amount; /* + given, - taken; not 0 */
	enum adjust_reason reason;
	struct str words; /* why, in words; needed */
};

/*
 * Visits clerk or duty governor; an extra visit (Prison Rules r35(3)) and a
 * governor's adjustment by the governor alone.  *done false: the balance would
 * leave 0 … the cap (minutes: fall below 0), and nothing is changed.
 */
MUST_USE enum err allowance_adjust(struct service *, const struct actor *,
				   const struct allowance_adjustment *, bool *done);

struct incentive_change {
	struct prison_code prison; /* empty: the national amounts; HQ admin alone */
	struct str level;
	int64_t vo;
	int64_t pvo;
	struct str reason;
};

/* What a prison gives at a level, from now on.  Prison admin, HQ admin. */
MUST_USE enum err incentive_set(struct service *, const struct actor *,
				const struct incentive_change *);
MUST_USE enum err incentives_find(struct service *, const struct actor *, struct arena *,
				  struct prison_code, struct incentive_amounts *out);

/*
 * The levels whose amounts in force are below the floor (order_floor_met), with commas between;
 * empty: none.  vo_days 0: by the rule in force.  Nothing is refused: whoever sets them is told.
 */
MUST_USE enum err incentives_below_floor(struct service *, const struct actor *, struct arena *,
					 struct prison_code, int64_t vo_days, const char **out);

/*
 * What the days up to today bring to the next prisoners after *after, each in
 * a transaction of its own; *after moves on, and is 0 when all have had it.
 * May be called as often as one likes: a day counts once.  actor: ROLE_SYSTEM.
 */
MUST_USE enum err orders_run(struct service *, const struct actor *, struct prisoner_id *after,
			     size_t *changed);

#endif
