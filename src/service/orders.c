#include "service/orders.h"

#include "service/pay_priv.h"
#include "store/prisoner.h"

enum {
	MAY_SEE = PRISON_STAFF | MAY(ROLE_INSPECTOR) | MAY(ROLE_SYSTEM),
	MAY_ADJUST = MAY(ROLE_VISITS_CLERK) | MAY(ROLE_DUTY_GOVERNOR),
	MAY_SET = MAY(ROLE_PRISON_ADMIN) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_SYSTEM),
	AMOUNT_MAX = 10000,
	ORDERS_MAX = 26, /* of one allocation: the CHECK of the table */
};

/* ---- looking ---- */

static enum err own(struct service *service, const struct actor *actor, struct arena *arena,
		    struct prisoner_number number, struct prisoner *out)
{
	enum err err = store_prisoner_find_by_number(service->store, arena, number, out);
	bool self = err == OK && actor->prisoner.n && actor->prisoner.n == out->id.n;
	return err == OK && !self && !actor_works_at(actor, out->prison) ? ERR_NOT_FOUND : err;
}

static enum err month_left(struct service *service, struct arena *arena,
			   const struct prisoner *prisoner, struct allowance_balance *out)
{
	struct store_entries entries = { 0 };
	struct policy policy = { 0 };
	enum err err = policy_load(service, prisoner->prison, &policy);
	if (err == OK || err == ERR_NOT_FOUND)
		err = store_ledger_list(service->store, arena, prisoner->id,
					local_month(service->now), &entries);
	if (err == OK)
		*out = allowance_sum(entries.list, entries.count,
				     policy.values[POLICY_ALLOWANCE_MINUTES_MONTH]);
	return err;
}

enum err orders_find(struct service *service, const struct actor *actor, struct arena *arena,
		     struct prisoner_number number, struct orders_view *out)
{
	struct orders_view view = { 0 };
	struct allowance_balance balance = { 0 };
	struct order_book *book = arena_new(arena, 1, sizeof *book);
	if (!actor_is_one_of(actor, MAY_SEE) && !actor->prisoner.n)
		return ERR_DENIED;
	enum err err = own(service, actor, arena, number, &view.prisoner);
	if (err == OK)
		err = pay_book(service, view.prisoner.id, book);
	if (err == OK)
		err = pay_rules(service, &view.prisoner, &view.rules);
	if (err == OK)
		err = month_left(service, arena, &view.prisoner, &balance);
	if (err == OK)
		err = store_order_history(service->store, arena, view.prisoner.id,
					  ORDERS_HISTORY_MAX, &view.lines);
	if (err != OK)
		return err;
	view.vo = order_balance(book, ORDER_VO);
	view.pvo = order_balance(book, ORDER_PVO);
	for (size_t i = 0; i < book->count; i++)
		view.accumulated += book->lots[i].accumulated ? book->lots[i].left : 0;
	view.minutes_left = balance.minutes;
	*out = view;
	return OK;
}

/* ---- by hand ---- */

static enum err adjust_orders(struct service *service, const struct actor *actor,
			      struct arena *arena, const struct prisoner *prisoner,
			      const struct allowance_adjustment *a, bool *done)
{
	struct order_book *book = arena_new(arena, 1, sizeof *book);
	struct order_changes *changes = arena_new(arena, 1, sizeof *changes);
	struct order_rules rules = { 0 };
	enum err err = pay_book(service, prisoner->id, book);
	if (err == OK)
		err = pay_rules(service, prisoner, &rules);
	if (err != OK)
		return err;
	*done = order_adjust(book, &rules, a->kind == ADJUST_VO ? ORDER_VO : ORDER_PVO, a->amount,
			     date_to_days(local_date(service->now)), service->random, changes);
	return *done ? pay_write(service, actor, prisoner->id, book, changes,
				 (struct visit_id){ 0 }, a->reason)
		     : OK;
}

static enum err give_month(struct service *service, const struct actor *actor,
			   const struct prisoner *prisoner, int64_t minutes)
{
	struct allowance_entry entry = {
		.id = id_next(service),
		.prisoner = prisoner->id,
		.month = local_month(service->now),
		.minutes = (int)minutes,
		.reason = ALLOWANCE_MONTH,
		.actor = actor->account,
		.at = service->now,
	};
	return store_ledger_append(service->store, &entry);
}

static enum err adjust_minutes(struct service *service, const struct actor *actor,
			       struct arena *arena, const struct prisoner *prisoner,
			       const struct allowance_adjustment *a, bool *done)
{
	struct allowance_balance balance = { 0 };
	struct allowance_entry entry = {
		.id = id_next(service),
		.prisoner = prisoner->id,
		.month = local_month(service->now),
		.minutes = a->amount,
		.reason = ALLOWANCE_ADJUSTED,
		.adjust = a->reason,
		.actor = actor->account,
		.at = service->now,
	};
	enum err err = month_left(service, arena, prisoner, &balance);
	*done = err == OK && balance.minutes + a->amount >= 0;
	if (!*done)
		return err;
	if (!balance.given)
		err = give_month(service, actor, prisoner, balance.minutes);
	return err == OK ? store_ledger_append(service->store, &entry) : err;
}

static enum err adjust(struct service *service, const struct actor *actor, struct arena *arena,
		       const struct allowance_adjustment *a, bool *done)
{
	struct prisoner prisoner = { 0 };
	enum err err = own(service, actor, arena, a->number, &prisoner);
	if (err == OK)
		err = a->kind == ADJUST_MINUTES
			  ? adjust_minutes(service, actor, arena, &prisoner, a, done)
			  : adjust_orders(service, actor, arena, &prisoner, a, done);
	if (err != OK || !*done)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_ALLOWANCE_ADJUST,
						 .object = AUDIT_ON_PRISONER,
						 .object_id = prisoner.id.n,
						 .amount = a->amount,
						 .prison = prisoner.prison,
						 .words = a->words });
}

enum err allowance_adjust(struct service *service, const struct actor *actor,
			  const struct allowance_adjustment *a, bool *done)
{
	bool governors = a->reason == ADJUST_GOVERNOR || a->reason == ADJUST_EXTRA_VISIT;
	*done = false;
	if (!actor_is_one_of(actor, MAY_ADJUST) || (governors && actor->role != ROLE_DUTY_GOVERNOR))
		return ERR_DENIED;
	if (a->kind >= ADJUST_KIND_COUNT || !a->amount || a->amount > AMOUNT_MAX ||
	    a->amount < -AMOUNT_MAX || a->reason == ADJUST_NONE ||
	    a->reason >= ADJUST_REASON_COUNT || !reason_acceptable(a->words))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = adjust(service, actor, &arena, a, done);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* ---- amounts of levels ---- */

enum err incentive_set(struct service *service, const struct actor *actor,
		       const struct incentive_change *c)
{
	if (!actor_is_one_of(actor, MAY_SET))
		return ERR_DENIED;
	if (!actor_works_at(actor, c->prison))
		return ERR_NOT_FOUND;
	if (str_empty(c->level) || c->level.len > INCENTIVE_LEVEL_MAX || c->vo < 0 || c->pvo < 0 ||
	    c->vo > ORDERS_MAX || c->pvo > ORDERS_MAX || !reason_acceptable(c->reason))
		return ERR_BAD;
	struct use_case use;
	struct incentive_amount amount = { .level = c->level,
					   .vo = c->vo,
					   .pvo = c->pvo,
					   .valid_from = service->now,
					   .reason = c->reason };
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = store_incentive_insert(service->store, c->prison, &amount, actor->account);
	if (err == OK)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = AUDIT_INCENTIVE_SET,
							.object = AUDIT_ON_PRISON,
							.amount = c->vo * 100 + c->pvo,
							.prison = c->prison,
							.words = c->reason });
	return use_case_end(&use, err);
}

enum err incentives_find(struct service *service, const struct actor *actor, struct arena *arena,
			 struct prison_code prison, struct incentive_amounts *out)
{
	if (!role_is_staff(actor->role))
		return ERR_DENIED;
	if (!actor_works_at(actor, prison))
		return ERR_NOT_FOUND;
	return store_incentive_list(service->store, arena, prison, out);
}

static bool is_named_before(const struct incentive_amounts *all, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_equal(all->list[k].level, all->list[i].level))
			return true;
	return false;
}

/* Adds the level if what it gives now is too little. */
static enum err add_if_below(struct service *service, struct arena *arena,
			     struct prison_code prison, struct str level, int64_t vo_days,
			     const char **out)
{
	int64_t vo = 0, pvo = 0;
	enum err err = store_incentive_find(service->store, prison, level, service->now, &vo, &pvo);
	if (err == ERR_NOT_FOUND) /* from later on */
		return OK;
	if (err == OK && !order_floor_met(vo, vo_days))
		*out = arena_printf(arena, "%s%s%.*s", *out, **out ? ", " : "", STR_FMT(level));
	return err;
}

enum err incentives_below_floor(struct service *service, const struct actor *actor,
				struct arena *arena, struct prison_code prison, int64_t vo_days,
				const char **out)
{
	struct incentive_amounts all = { 0 };
	struct policy policy;
	*out = "";
	enum err err = incentives_find(service, actor, arena, prison, &all);
	if (err == OK)
		err = policy_load(service, prison, &policy);
	if (err == OK && vo_days == 0)
		vo_days = policy.values[POLICY_ORDER_VO_DAYS];
	for (size_t i = 0; err == OK && i < all.count; i++)
		if (!is_named_before(&all, i))
			err = add_if_below(service, arena, prison, all.list[i].level, vo_days, out);
	return err;
}

/* ---- what each night brings ---- */

struct night {
	struct prisoner prisoner;
	struct order_book book;
	struct order_rules rules;
	struct order_changes changes;
	struct store_custody custody;
	int64_t first;
	int64_t today;
};

static enum err night_load(struct service *service, struct arena *arena, struct prisoner_id id,
			   struct night *out)
{
	enum err err = store_prisoner_find(service->store, arena, id, &out->prisoner);
	if (err == OK)
		err = store_custody_find(service->store, id, &out->custody);
	if (err == OK)
		err = pay_book_of(service, &out->custody, &out->book);
	if (err == OK)
		err = pay_rules(service, &out->prisoner, &out->rules);
	if (err != OK)
		return err;
	out->today = date_to_days(local_date(service->now));
	out->first = out->custody.run_day ? out->custody.run_day + 1 : out->today;
	if (out->first < out->today - ORDERS_CATCH_UP_DAYS)
		out->first = out->today - ORDERS_CATCH_UP_DAYS;
	return OK;
}

/* Without a change nothing is written: a look tells, before anything is begun. */
static bool night_is_due(const struct night *night, struct arena *arena, struct random dice)
{
	struct night *copy = arena_new(arena, 1, sizeof *copy);
	*copy = *night;
	for (int64_t day = copy->first; day <= copy->today && !copy->changes.count; day++)
		order_day(&copy->book, &copy->rules, day, &dice, &copy->changes);
	return copy->changes.count > 0;
}

static enum err night_write(struct service *service, const struct actor *actor, struct night *night)
{
	const struct visit_id none = { 0 };
	int64_t entries = 0;
	enum err err = OK;
	for (int64_t day = night->first; day <= night->today && err == OK; day++) {
		night->changes.count = 0;
		order_day(&night->book, &night->rules, day, service->random, &night->changes);
		entries += (int64_t)night->changes.count;
		err = pay_entries(service, actor, night->prisoner.id, &night->changes, none,
				  ADJUST_NONE);
	}
	if (err != OK)
		return err;
	night->custody.vo_day = night->book.vo_day;
	night->custody.pvo_day = night->book.pvo_day;
	night->custody.run_day = night->today;
	err = store_custody_set(service->store, &night->custody);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_ORDERS_RUN,
						 .object = AUDIT_ON_PRISONER,
						 .object_id = night->prisoner.id.n,
						 .amount = entries,
						 .prison = night->prisoner.prison });
}

static enum err run_one(struct service *service, const struct actor *actor, struct prisoner_id id,
			size_t *changed)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	struct night *night = arena_new(&arena, 1, sizeof *night);
	bool stands = store_is_alone(service->store);
	enum err err = night_load(service, &arena, id, night);
	if (err == OK && night_is_due(night, &arena, random_seeded((uint64_t)id.n))) {
		err = use_case_begin(service, &use);
		if (err == OK && !stands) /* again: what was read before may have changed */
			err = night_load(service, &arena, id, night);
		if (err == OK)
			err = night_write(service, actor, night);
		err = use_case_end(&use, err);
		*changed += err == OK;
	}
	arena_clear(&arena);
	return err;
}

enum err orders_run(struct service *service, const struct actor *actor, struct prisoner_id *after,
		    size_t *changed)
{
	struct store_prisoner_ids ids = { 0 };
	struct arena arena;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	*changed = 0;
	arena_init(&arena);
	enum err err =
	    store_custody_list_held(service->store, &arena, *after, ORDERS_RUN_MAX, &ids);
	for (size_t i = 0; i < ids.count && err == OK; i++) {
		err = run_one(service, actor, ids.list[i], changed);
		*after = ids.list[i];
	}
	if (err == OK && ids.count < ORDERS_RUN_MAX)
		*after = (struct prisoner_id){ 0 };
	arena_clear(&arena);
	return err;
}
