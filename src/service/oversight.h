/*
 * oversight.h - staff act in a running visit, watch it, and everybody can read what was done.
 */
#ifndef PVL_SERVICE_OVERSIGHT_H
#define PVL_SERVICE_OVERSIGHT_H

#include "domain/oversight.h"
#include "service/service.h"
#include "store/account.h"
#include "store/oversight.h"

/*
 * One act, written with its leaf.  wish: act, side, amount, words (and words_cy of a prepared
 * warning); the rest is filled in here.
 *
 *	PAUSE … WARN, EXTEND          monitor, duty governor, visits clerk of the prison
 *	PAUSE, RESUME                 also ROLE_SYSTEM, where the prison's rule says so
 *	ACKNOWLEDGE, REPORT,          the booker or a guest for the visitors' side, the terminal for the
 *	NOT_PRIVATE                   prisoner's; side is theirs, whatever the wish says
 *
 * *answer ACT_OK: done; any other: nothing was written.
 */
MUST_USE enum err visit_do(struct service *, const struct actor *, struct reference,
			   const struct visit_act *wish, enum act_answer *answer);

/* How a visit stands; for pvl-web itself (ROLE_SYSTEM). */
MUST_USE enum err oversight_sum(struct service *, const struct actor *, struct arena *,
				struct visit_id, struct oversight *out);

/* A visit in the lobby or live, by its id; for pvl-web itself (ROLE_SYSTEM).  ERR_NOT_FOUND. */
MUST_USE enum err visit_standing(struct service *, const struct actor *, struct arena *,
				 struct visit_id, struct visit *out);

struct oversight_record {
	struct visit visit;
	struct oversight sum;
	struct store_acts acts;
	struct store_monitorings watched;
	struct store_assignments assigned;
};

/* For staff of the prison and inspectors. */
MUST_USE enum err oversight_find(struct service *, const struct actor *, struct arena *,
				 struct reference, struct oversight_record *out);

/* ---- watching ---- */

struct watch_wish {
	enum purpose purpose;
	struct str words; /* at least PURPOSE_WORDS_MIN characters; of ADMISSION and SAMPLE ours */
};

/*
 * The officer is about to watch: nothing is seen before the row stands.  A monitor, duty governor
 * or visits clerk of the prison; social visits alone, else ERR_DENIED.  Rules: watch_allowed().
 * An earlier one of the same officer in that visit ends.
 */
MUST_USE enum err monitoring_begin(struct service *, const struct actor *, struct reference,
				   const struct watch_wish *, enum watch_answer *answer,
				   struct monitoring_id *out);
/* ROLE_SYSTEM: both ends know (acknowledged), or had a second to. */
MUST_USE enum err monitoring_told(struct service *, const struct actor *, struct monitoring_id,
				  bool acknowledged);
/* ROLE_SYSTEM; ERR_NOT_FOUND: it has ended already. */
MUST_USE enum err monitoring_end(struct service *, const struct actor *, struct monitoring_id);

/* ROLE_SYSTEM.  Whether its ground is still there: the incident open, the authorisation or the
 * assignment not ended.  Of one that is not known: false. */
MUST_USE enum err monitoring_stands(struct service *, const struct actor *, struct monitoring_id,
				    bool *out);

/* What a prison's rule asks of a visit, and the draw that says so. */
struct watch_duty {
	enum watch_need need;
	int64_t missing_s; /* without a monitor for so long: staff are told */
	bool missing_pauses;
	int64_t ratio; /* visits that one officer may watch */
};

/* ROLE_SYSTEM.  The first question of a day draws, with a leaf. */
MUST_USE enum err watch_duty_find(struct service *, const struct actor *, const struct visit *,
				  struct watch_duty *out);

/* ---- who is assigned to watch ---- */

enum assign_answer {
	ASSIGN_OK,
	ASSIGN_RECORDED_ONLY, /* the prison's rule: it would open nothing */
	ASSIGN_OVER,          /* the visit is, or was called off */
	ASSIGN_ALREADY,
	ASSIGN_NOT_OFFICER, /* holds no role there in which visits are watched, or assigns themselves */
	ASSIGN_ANSWER_COUNT,
};

const char *assign_answer_name(enum assign_answer answer); /* "ALREADY" */
/* Duty governor of the prison, never themselves: that officer may watch that social visit. */
MUST_USE enum err watch_assign(struct service *, const struct actor *, struct reference,
			       struct account_id officer, struct str reason,
			       enum assign_answer *answer);
/* Duty governor of the prison; whoever watches by it stops.  ERR_NOT_FOUND: ended already. */
MUST_USE enum err watch_assignment_end(struct service *, const struct actor *, struct reference,
				       struct assignment_id);
/* Duty governor: whom they may assign there, themselves left out; an account once. */
MUST_USE enum err watch_officers_find(struct service *, const struct actor *, struct arena *,
				      struct store_staff *out);

/* ---- prepared warnings ---- */

/* For staff of the prison. */
MUST_USE enum err warnings_find(struct service *, const struct actor *, struct arena *,
				struct store_warnings *out);
MUST_USE enum err warning_find(struct service *, const struct actor *, struct arena *,
			       struct warning_id, struct warning *out);
/* Prison administrator or duty governor, for their prison. */
MUST_USE enum err warning_add(struct service *, const struct actor *, struct str words,
			      struct str words_cy);
/* A national one: ERR_DENIED. */
MUST_USE enum err warning_retire(struct service *, const struct actor *, struct warning_id);

#endif
