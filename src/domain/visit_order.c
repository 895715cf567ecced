#include "domain/visit_order.h"

#include "base/assert.h"

static const char *const KINDS[ORDER_KIND_COUNT] = { [ORDER_VO] = "VO", [ORDER_PVO] = "PVO" };

static const char *const TYPES[ORDER_TYPE_COUNT] = {
	[ORDER_ALLOCATED] = "ALLOCATION",
	[ORDER_ACCUMULATED] = "ACCUMULATION",
	[ORDER_EXPIRED] = "EXPIRATION",
	[ORDER_USED] = "ALLOCATION_USED_BY_VISIT",
	[ORDER_REFUNDED] = "ALLOCATION_REFUNDED_BY_VISIT_CANCELLED",
	[ORDER_REPAID] = "NEGATIVE_BALANCE_REPAID",
	[ORDER_RESET] = "PRISONER_BALANCE_RESET",
	[ORDER_MERGED] = "ALLOCATION_ADDED_AFTER_PRISONER_MERGE",
	[ORDER_ADJUSTED] = "MANUAL_PRISONER_BALANCE_ADJUSTMENT",
};

static const char *const NEEDS[ORDER_NEED_COUNT] = {
	[ORDER_NEED_NONE] = "NONE",
	[ORDER_NEED_ANY] = "VO_PVO",
	[ORDER_NEED_VO] = "VO",
	[ORDER_NEED_PVO] = "PVO",
};

static bool find(struct str name, const char *const *names, unsigned count, unsigned *out)
{
	for (unsigned i = 0; i < count; i++) {
		if (str_is(name, names[i])) {
			*out = i;
			return true;
		}
	}
	return false;
}

const char *order_kind_name(enum order_kind kind)
{
	return KINDS[kind < ORDER_KIND_COUNT ? kind : ORDER_VO];
}

bool order_kind_of(struct str name, enum order_kind *out)
{
	unsigned i;
	if (!find(name, KINDS, ORDER_KIND_COUNT, &i))
		return false;
	*out = (enum order_kind)i;
	return true;
}

const char *order_type_name(enum order_type type)
{
	return TYPES[type < ORDER_TYPE_COUNT ? type : ORDER_ALLOCATED];
}

bool order_type_of(struct str name, enum order_type *out)
{
	unsigned i;
	if (!find(name, TYPES, ORDER_TYPE_COUNT, &i))
		return false;
	*out = (enum order_type)i;
	return true;
}

const char *order_need_name(enum order_need need)
{
	return NEEDS[need < ORDER_NEED_COUNT ? need : ORDER_NEED_NONE];
}

bool order_need_of(struct str name, enum order_need *out)
{
	unsigned i;
	if (!find(name, NEEDS, ORDER_NEED_COUNT, &i))
		return false;
	*out = (enum order_need)i;
	return true;
}

struct order_rules order_rules_of(const struct policy *policy, int64_t vo_amount,
				  int64_t pvo_amount)
{
	return (struct order_rules){
		.vo_amount = vo_amount,
		.pvo_amount = pvo_amount,
		.vo_days = policy->values[POLICY_ORDER_VO_DAYS],
		.pvo_days = policy->values[POLICY_ORDER_PVO_DAYS],
		.accumulate_days = policy->values[POLICY_ORDER_ACCUMULATE_DAYS],
		.pvo_life_days = policy->values[POLICY_ORDER_PVO_LIFE_DAYS],
		.cap = policy->values[POLICY_ORDER_CAP],
		.refund_life_days = policy->values[POLICY_ORDER_REFUND_LIFE_DAYS],
		.allocates = true,
	};
}

static int held(const struct order_book *book, enum order_kind kind)
{
	int sum = 0;
	for (size_t i = 0; i < book->count; i++)
		if (book->lots[i].kind == kind)
			sum += book->lots[i].left;
	return sum;
}

int order_balance(const struct order_book *book, enum order_kind kind)
{
	return held(book, kind) - (kind == ORDER_VO ? book->owed : 0);
}

/* ---- adding entries up ---- */

static struct order_lot *lot_of(struct order_book *book, int64_t id)
{
	for (size_t i = 0; i < book->count; i++)
		if (book->lots[i].id == id)
			return &book->lots[i];
	return NULL;
}

static bool apply_owed(struct order_book *book, const struct order_entry *entry)
{
	if (entry->kind != ORDER_VO || book->owed - entry->amount < 0)
		return false;
	book->owed -= entry->amount;
	return true;
}

static bool lot_open(struct order_book *book, const struct order_entry *entry)
{
	if (entry->amount < 0 || book->count == ORDER_LOTS_MAX)
		return false;
	book->lots[book->count++] = (struct order_lot){
		.id = entry->lot,
		.kind = entry->kind,
		.day = entry->lot_day,
		.keep_until = entry->keep_until,
		.left = entry->amount,
	};
	return true;
}

static bool lot_change(struct order_book *book, struct order_lot *lot,
		       const struct order_entry *entry)
{
	if (lot->kind != entry->kind || lot->left + entry->amount < 0)
		return false;
	lot->left += entry->amount;
	if (entry->keep_until > lot->keep_until)
		lot->keep_until = entry->keep_until;
	if (entry->type == ORDER_ACCUMULATED)
		lot->accumulated = true;
	if (!lot->left)
		*lot = book->lots[--book->count];
	return true;
}

bool order_apply(struct order_book *book, const struct order_entry *entry)
{
	if (entry->type == ORDER_ALLOCATED && entry->kind == ORDER_VO)
		book->vo_day = entry->lot_day;
	if (entry->type == ORDER_ALLOCATED && entry->kind == ORDER_PVO)
		book->pvo_day = entry->lot_day;
	if (!entry->lot)
		return apply_owed(book, entry);
	struct order_lot *lot = lot_of(book, entry->lot);
	if (lot)
		return lot_change(book, lot, entry);
	return entry->amount ? lot_open(book, entry) : true;
}

/* Makes an entry true and written. */
static void change(struct order_book *book, struct order_changes *out, struct order_entry entry)
{
	bool fits = order_apply(book, &entry);
	ASSERT(fits && out->count < ORDER_CHANGES_MAX);
	out->list[out->count++] = entry;
}

/* So many of the lot go (negative) or come. */
static struct order_entry of_lot(enum order_type type, const struct order_lot *lot, int amount)
{
	return (struct order_entry){ .type = type,
				     .kind = lot->kind,
				     .lot = lot->id,
				     .lot_day = lot->day,
				     .keep_until = lot->keep_until,
				     .amount = amount };
}

/* The one granted first; of one day's, the first in the book, whatever its id. */
static struct order_lot *oldest(struct order_book *book, enum order_kind kind)
{
	struct order_lot *found = NULL;
	for (size_t i = 0; i < book->count; i++) {
		struct order_lot *lot = &book->lots[i];
		if (lot->kind != kind)
			continue;
		if (!found || lot->day < found->day ||
		    (lot->day == found->day && lot->id < found->id))
			found = lot;
	}
	return found;
}

/* ---- what a day brings ---- */

static void grant(struct order_book *book, enum order_type type, enum order_kind kind, int amount,
		  int64_t day, struct random *random, struct order_changes *out)
{
	struct order_entry entry = { .type = type,
				     .kind = kind,
				     .lot = random_id(random),
				     .lot_day = day,
				     .amount = amount };
	change(book, out, entry);
	int repaid = kind == ORDER_VO && book->owed < amount ? book->owed : amount;
	if (kind != ORDER_VO || !repaid)
		return;
	struct order_entry take = entry, give = entry;
	take.type = give.type = ORDER_REPAID;
	take.amount = -repaid;
	give.amount = repaid;
	give.lot = 0;
	change(book, out, take);
	change(book, out, give);
}

static void accumulate(struct order_book *book, const struct order_rules *rules, int64_t day,
		       struct order_changes *out)
{
	for (size_t i = 0; i < book->count; i++) {
		struct order_lot *lot = &book->lots[i];
		if (lot->kind == ORDER_VO && !lot->accumulated &&
		    day - lot->day >= rules->accumulate_days)
			change(book, out, of_lot(ORDER_ACCUMULATED, lot, 0));
	}
}

static void allocate(struct order_book *book, const struct order_rules *rules, int64_t day,
		     struct random *random, struct order_changes *out)
{
	if (!rules->allocates || (book->vo_day && day - book->vo_day < rules->vo_days))
		return;
	bool pvo_due = !book->pvo_day || day - book->pvo_day >= rules->pvo_days;
	grant(book, ORDER_ALLOCATED, ORDER_VO, (int)rules->vo_amount, day, random, out);
	if (pvo_due) /* only on a day of VOs */
		grant(book, ORDER_ALLOCATED, ORDER_PVO, (int)rules->pvo_amount, day, random, out);
}

static struct order_lot *expired_pvo(struct order_book *book, const struct order_rules *rules,
				     int64_t day)
{
	for (size_t i = 0; i < book->count; i++) {
		struct order_lot *lot = &book->lots[i];
		if (lot->kind == ORDER_PVO && day - lot->day >= rules->pvo_life_days &&
		    day >= lot->keep_until)
			return lot;
	}
	return NULL;
}

static void expire(struct order_book *book, const struct order_rules *rules, int64_t day,
		   struct order_changes *out)
{
	struct order_lot *lot;
	while ((lot = expired_pvo(book, rules, day)))
		change(book, out, of_lot(ORDER_EXPIRED, lot, -lot->left));
	int over;
	while ((over = held(book, ORDER_VO) - (int)rules->cap) > 0) {
		lot = oldest(book, ORDER_VO);
		change(book, out,
		       of_lot(ORDER_EXPIRED, lot, -(over < lot->left ? over : lot->left)));
	}
}

void order_day(struct order_book *book, const struct order_rules *rules, int64_t day,
	       struct random *random, struct order_changes *out)
{
	accumulate(book, rules, day, out);
	allocate(book, rules, day, random, out);
	expire(book, rules, day, out);
}

/* ---- visits ---- */

/* The lot to take from; NULL: it would be owed. */
static struct order_lot *to_take(struct order_book *book, enum order_need need)
{
	struct order_lot *lot = NULL;
	if (need == ORDER_NEED_ANY || need == ORDER_NEED_PVO)
		lot = oldest(book, ORDER_PVO);
	if (!lot && (need == ORDER_NEED_ANY || need == ORDER_NEED_VO))
		lot = oldest(book, ORDER_VO);
	return lot;
}

bool order_met(enum order_need need, int vo, int pvo)
{
	switch (need) {
	case ORDER_NEED_NONE:
		return true;
	case ORDER_NEED_ANY:
		return pvo > 0 || vo > 0;
	case ORDER_NEED_VO:
		return vo > 0;
	case ORDER_NEED_PVO:
		return pvo > 0;
	case ORDER_NEED_COUNT:
		break;
	}
	return false;
}

bool order_suffices(const struct order_book *book, enum order_need need)
{
	return order_met(need, order_balance(book, ORDER_VO), order_balance(book, ORDER_PVO));
}

void order_use(struct order_book *book, enum order_need need, struct order_changes *out)
{
	if (need == ORDER_NEED_NONE)
		return;
	struct order_lot *lot = to_take(book, need);
	if (lot)
		change(book, out, of_lot(ORDER_USED, lot, -1));
	else
		change(book, out,
		       (struct order_entry){ .type = ORDER_USED, .kind = ORDER_VO, .amount = -1 });
}

void order_refund(struct order_book *book, const struct order_rules *rules,
		  const struct order_entry *used, int64_t day, struct random *random,
		  struct order_changes *out)
{
	struct order_entry back = *used;
	back.type = ORDER_REFUNDED;
	back.amount = -used->amount;
	if (!used->lot && book->owed >= back.amount) {
		change(book, out, back);
		return;
	}
	if (used->kind == ORDER_VO && held(book, ORDER_VO) + back.amount > (int)rules->cap)
		return;
	if (!used->lot) {
		back.lot = random_id(random);
		back.lot_day = day;
	}
	back.keep_until = day + rules->refund_life_days;
	change(book, out, back);
}

/* ---- by hand, and people who come and go ---- */

static void take_oldest(struct order_book *book, enum order_type type, enum order_kind kind,
			int amount, struct order_changes *out)
{
	while (amount > 0) {
		struct order_lot *lot = oldest(book, kind);
		int n = amount < lot->left ? amount : lot->left;
		change(book, out, of_lot(type, lot, -n));
		amount -= n;
	}
}

bool order_adjust(struct order_book *book, const struct order_rules *rules, enum order_kind kind,
		  int amount, int64_t day, struct random *random, struct order_changes *out)
{
	int after = order_balance(book, kind) + amount;
	if (!amount || after > (int)rules->cap || (amount < 0 && after < 0))
		return false;
	if (amount > 0)
		grant(book, ORDER_ADJUSTED, kind, amount, day, random, out);
	else
		take_oldest(book, ORDER_ADJUSTED, kind, -amount, out);
	return true;
}

static void forgive(struct order_book *book, enum order_type type, struct order_changes *out)
{
	if (book->owed)
		change(
		    book, out,
		    (struct order_entry){ .type = type, .kind = ORDER_VO, .amount = book->owed });
}

void order_reset(struct order_book *book, struct order_changes *out)
{
	while (book->count)
		change(book, out, of_lot(ORDER_RESET, &book->lots[0], -book->lots[0].left));
	forgive(book, ORDER_RESET, out);
	book->vo_day = book->pvo_day = 0;
}

void order_merge(struct order_book *from, struct order_book *to, struct order_changes *from_out,
		 struct order_changes *to_out)
{
	int owed = from->owed;
	to->vo_day = to->vo_day > from->vo_day ? to->vo_day : from->vo_day;
	to->pvo_day = to->pvo_day > from->pvo_day ? to->pvo_day : from->pvo_day;
	while (from->count) {
		struct order_entry go = of_lot(ORDER_MERGED, &from->lots[0], -from->lots[0].left);
		struct order_entry come = go;
		come.amount = -go.amount;
		change(from, from_out, go);
		change(to, to_out, come);
	}
	forgive(from, ORDER_MERGED, from_out);
	if (owed)
		change(to, to_out,
		       (struct order_entry){
			   .type = ORDER_MERGED, .kind = ORDER_VO, .amount = -owed });
}

/* ---- the floor of the Prison Rules ---- */

enum {
	FLOOR_VISITS = 2,
	FLOOR_DAYS = 28,
};

bool order_floor_met(int64_t vo, int64_t vo_days)
{
	return vo * FLOOR_DAYS >= FLOOR_VISITS * vo_days;
}
