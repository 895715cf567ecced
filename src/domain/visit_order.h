/*
 * visit_order.h - visiting orders (VO, PVO) of a prisoner, as a ledger of lots.
 *
 * What is granted on one day is a lot.  Every change is an entry that is only
 * ever added; the balance is the sum of amounts.  An entry names its lot; lot
 * 0 holds what is owed: a visit booked by staff without any order left.
 *
 * Life of a VO: AVAILABLE, after accumulate_days ACCUMULATED; both together
 * never more than the cap, the oldest expire.  A PVO expires after its life.
 * Taken: the oldest PVO, else the oldest VO, else owed.  What is owed is
 * repaid by the next that is granted.  What comes back after a cancellation
 * does not expire for a while, however old it is.
 *
 * Pure: a book and the rules in, entries out; order_apply() adds them up.
 * Days are local, since 1970.  Source: hmpps-visit-allocation-api, Prison
 * Rules r35.
 */
#ifndef PVL_DOMAIN_VISIT_ORDER_H
#define PVL_DOMAIN_VISIT_ORDER_H

#include "base/random.h"
#include "base/str.h"
#include "domain/policy.h"

enum order_kind {
	ORDER_VO,
	ORDER_PVO,
	ORDER_KIND_COUNT,
};

const char *order_kind_name(enum order_kind kind); /* "VO" */
bool order_kind_of(struct str name, enum order_kind *out);

/* Why an entry was made: VisitOrderHistoryType of the prison service, one kind an entry. */
enum order_type {
	ORDER_ALLOCATED,
	ORDER_ACCUMULATED, /* amount 0: only its state changes */
	ORDER_EXPIRED,
	ORDER_USED,
	ORDER_REFUNDED,
	ORDER_REPAID, /* a pair: taken from a lot, given to what is owed */
	ORDER_RESET,
	ORDER_MERGED,
	ORDER_ADJUSTED,
	ORDER_TYPE_COUNT,
};

const char *order_type_name(enum order_type type); /* "ALLOCATION_USED_BY_VISIT" */
bool order_type_of(struct str name, enum order_type *out);

/*
 * Whether so many VOs every vo_days come to two visits in every four weeks, which Prison Rules
 * r35(2)(b) gives a convicted prisoner.  A PVO is a privilege and does not count.
 */
bool order_floor_met(int64_t vo, int64_t vo_days);

enum {
	ORDER_LOTS_MAX = 400,     /* not used up, of one prisoner: two caps, and refunds beyond */
	ORDER_CHANGES_MAX = 1000, /* entries that one change may need */
};

/* What is left of one day's grant. */
struct order_lot {
	int64_t id;
	enum order_kind kind;
	int64_t day;        /* granted */
	int64_t keep_until; /* does not expire before that day; 0: nothing keeps it */
	bool accumulated;
	int left; /* above 0 */
};

struct order_book {
	int owed;       /* VOs, never negative */
	int64_t vo_day; /* of the last allocation; 0: never */
	int64_t pvo_day;
	size_t count;
	struct order_lot lots[ORDER_LOTS_MAX];
};

struct order_entry {
	enum order_type type;
	enum order_kind kind;
	int64_t lot; /* 0: what is owed */
	int64_t lot_day;
	int64_t keep_until;
	int amount;
};

struct order_changes {
	size_t count;
	struct order_entry list[ORDER_CHANGES_MAX];
};

/* The parameters, as a policy and the prison's incentive level give them. */
struct order_rules {
	int64_t vo_amount;
	int64_t pvo_amount;
	int64_t vo_days;
	int64_t pvo_days;
	int64_t accumulate_days;
	int64_t pvo_life_days;
	int64_t cap;
	int64_t refund_life_days;
	bool allocates; /* not before conviction */
};

struct order_rules order_rules_of(const struct policy *policy, int64_t vo_amount,
				  int64_t pvo_amount);

/* Owed ones count as negative. */
int order_balance(const struct order_book *book, enum order_kind kind);
/* Adds an entry up; false (and nothing done) if it does not fit the book: the ledger is damaged. */
bool order_apply(struct order_book *book, const struct order_entry *entry);

/*
 * What one day brings: accumulation, allocation, repayment, expiry.  Called
 * once for each day in order; the book is brought up to date too.  So is it by
 * all functions below.
 */
void order_day(struct order_book *book, const struct order_rules *rules, int64_t day,
	       struct random *random, struct order_changes *out);

/* What a session asks for. */
enum order_need {
	ORDER_NEED_ANY, /* a PVO, else a VO */
	ORDER_NEED_NONE,
	ORDER_NEED_VO,
	ORDER_NEED_PVO,
	ORDER_NEED_COUNT,
};

const char *order_need_name(enum order_need need); /* "VO_PVO" */
bool order_need_of(struct str name, enum order_need *out);

/* So many of each are enough, so that nothing would be owed. */
bool order_met(enum order_need need, int vo, int pvo);
bool order_suffices(const struct order_book *book, enum order_need need);
void order_use(struct order_book *book, enum order_need need, struct order_changes *out);
/*
 * used: the entry that the visit made.  The same lot gets it back, unless the
 * VOs are at their cap; one that was owed pays back what is owed, else becomes
 * a new VO.
 */
void order_refund(struct order_book *book, const struct order_rules *rules,
		  const struct order_entry *used, int64_t day, struct random *random,
		  struct order_changes *out);
/* By hand; false: the balance would leave 0 … cap.  What is added repays what is owed first. */
bool order_adjust(struct order_book *book, const struct order_rules *rules, enum order_kind kind,
		  int amount, int64_t day, struct random *random, struct order_changes *out);
/* A new admission begins with nothing, neither had nor owed. */
void order_reset(struct order_book *book, struct order_changes *out);
/* Two numbers were one person: all of from goes over to to, each lot with its age. */
void order_merge(struct order_book *from, struct order_book *to, struct order_changes *from_out,
		 struct order_changes *to_out);

#endif
