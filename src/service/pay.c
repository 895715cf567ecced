#include "service/pay_priv.h"

#include "store/incentive.h"
#include "store/ledger.h"
#include "store/prisoner.h"

/* ---- visiting orders ---- */

enum err pay_book_of(struct service *service, const struct store_custody *custody,
		     struct order_book *out)
{
	enum err err = store_order_book(service->store, custody->prisoner, out);
	out->vo_day = custody->vo_day;
	out->pvo_day = custody->pvo_day;
	return err;
}

enum err pay_book(struct service *service, struct prisoner_id prisoner, struct order_book *out)
{
	struct store_custody custody;
	enum err err = store_custody_find(service->store, prisoner, &custody);
	return err == OK ? pay_book_of(service, &custody, out) : err;
}

static enum err write_days(struct service *service, struct prisoner_id prisoner,
			   const struct order_book *after)
{
	struct store_custody custody;
	enum err err = store_custody_find(service->store, prisoner, &custody);
	if (err != OK || (custody.vo_day == after->vo_day && custody.pvo_day == after->pvo_day))
		return err;
	custody.vo_day = after->vo_day;
	custody.pvo_day = after->pvo_day;
	return store_custody_set(service->store, &custody);
}

enum err pay_entries(struct service *service, const struct actor *actor,
		     struct prisoner_id prisoner, const struct order_changes *changes,
		     struct visit_id visit, enum adjust_reason adjust)
{
	enum err err = OK;
	for (size_t i = 0; i < changes->count && err == OK; i++) {
		bool by_hand = changes->list[i].type == ORDER_ADJUSTED;
		struct store_order_entry entry = {
			.id = id_next(service),
			.prisoner = prisoner,
			.entry = changes->list[i],
			.visit = visit,
			.adjust = by_hand ? adjust : ADJUST_NONE,
			.actor = actor->account,
			.at = service->now,
		};
		err = store_order_append(service->store, &entry);
	}
	return err;
}

enum err pay_write(struct service *service, const struct actor *actor, struct prisoner_id prisoner,
		   const struct order_book *after, const struct order_changes *changes,
		   struct visit_id visit, enum adjust_reason adjust)
{
	enum err err = pay_entries(service, actor, prisoner, changes, visit, adjust);
	return err == OK ? write_days(service, prisoner, after) : err;
}

enum err pay_rules(struct service *service, const struct prisoner *prisoner,
		   struct order_rules *out)
{
	struct policy policy = { 0 };
	int64_t vo = 0, pvo = 0;
	enum err err = policy_load(service, prisoner->prison, &policy);
	bool known = err == OK;
	if (known)
		err = store_incentive_find(service->store, prisoner->prison, prisoner->incentive,
					   service->now, &vo, &pvo);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	*out = order_rules_of(&policy, vo, pvo);
	out->allocates = known && err == OK && prisoner->convicted;
	return OK;
}

static enum err take_order(struct service *service, const struct actor *actor, struct arena *arena,
			   enum order_need need, const struct visit *visit)
{
	struct order_book *book = arena_new(arena, 1, sizeof *book);
	struct order_changes *changes = arena_new(arena, 1, sizeof *changes);
	enum err err = pay_book(service, visit->prisoner, book);
	if (err != OK)
		return err;
	order_use(book, need, changes);
	return pay_write(service, actor, visit->prisoner, book, changes, visit->id, ADJUST_NONE);
}

static enum err order_back(struct service *service, const struct actor *actor, struct arena *arena,
			   const struct visit *visit)
{
	struct order_book *book = arena_new(arena, 1, sizeof *book);
	struct order_changes *changes = arena_new(arena, 1, sizeof *changes);
	struct order_entry used = { 0 };
	struct order_rules rules = { 0 };
	struct prisoner prisoner = { 0 };
	enum err err = store_order_used(service->store, visit->id, &used);
	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	err = store_prisoner_find(service->store, arena, visit->prisoner, &prisoner);
	if (err == OK)
		err = pay_rules(service, &prisoner, &rules);
	if (err == OK)
		err = pay_book(service, visit->prisoner, book);
	if (err != OK)
		return err;
	order_refund(book, &rules, &used, date_to_days(local_date(service->now)), service->random,
		     changes);
	return pay_write(service, actor, visit->prisoner, book, changes, visit->id, ADJUST_NONE);
}

/* ---- minutes ---- */

static enum err take_minutes(struct service *service, const struct actor *actor,
			     const struct plan *plan, const struct visit *visit)
{
	struct allowance_entry entry = {
		.id = id_next(service),
		.prisoner = visit->prisoner,
		.month = local_month(visit->start),
		.minutes =
		    (int)plan_policy(plan, service->now)->values[POLICY_ALLOWANCE_MINUTES_MONTH],
		.reason = ALLOWANCE_MONTH,
		.actor = actor->account,
		.at = service->now,
	};
	enum err err = OK;
	if (!plan_balance(plan, visit->start).given)
		err = store_ledger_append(service->store, &entry);
	entry.id = id_next(service);
	entry.minutes = -booking_cost_minutes(visit->kind, visit_paid_minutes(visit));
	entry.reason = ALLOWANCE_BOOKED;
	entry.visit = visit->id;
	return err == OK ? store_ledger_append(service->store, &entry) : err;
}

/* keep: minutes that the visit has used. */
static enum err minutes_back(struct service *service, const struct actor *actor,
			     const struct visit *visit, enum allowance_reason reason, int keep)
{
	struct allowance_entry back = {
		.id = id_next(service),
		.prisoner = visit->prisoner,
		.reason = reason,
		.visit = visit->id,
		.actor = actor->account,
		.at = service->now,
	};
	int paid = 0;
	enum err err = store_ledger_paid(service->store, visit->id, &back.month, &paid);
	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	back.minutes = paid - keep;
	return back.minutes > 0 ? store_ledger_append(service->store, &back) : OK;
}

enum err pay_correct(struct service *service, const struct actor *actor, const struct visit *visit,
		     int minutes)
{
	struct allowance_entry entry = {
		.id = id_next(service),
		.prisoner = visit->prisoner,
		.minutes = minutes,
		.reason = ALLOWANCE_ADJUSTED,
		.adjust = ADJUST_CORRECTIVE,
		.visit = visit->id,
		.actor = actor->account,
		.at = service->now,
	};
	int paid = 0;
	enum err err = store_ledger_paid(service->store, visit->id, &entry.month, &paid);
	if (err != OK) /* it was paid with an order, or costs nothing */
		return err == ERR_NOT_FOUND ? OK : err;
	return store_ledger_append(service->store, &entry);
}

/* ---- a visit ---- */

enum err pay_take(struct service *service, const struct actor *actor, struct arena *arena,
		  const struct plan *plan, const struct plan_choice *choice,
		  const struct visit *visit)
{
	int64_t pays = plan_policy(plan, visit->start)->values[POLICY_VIDEO_PAYS];
	enum err err = OK;
	if (visit->kind != VISIT_SOCIAL)
		return OK;
	if (pays != VIDEO_PAYS_ORDER)
		err = take_minutes(service, actor, plan, visit);
	if (err == OK && pays != VIDEO_PAYS_MINUTES && plan->prisoner.convicted)
		err = take_order(service, actor, arena, choice->order_need, visit);
	return err;
}

enum err pay_give_back(struct service *service, const struct actor *actor, struct arena *arena,
		       const struct visit *visit)
{
	enum err err = minutes_back(service, actor, visit, ALLOWANCE_CANCELLED, 0);
	return err == OK ? order_back(service, actor, arena, visit) : err;
}

enum err pay_settle(struct service *service, const struct actor *actor, struct arena *arena,
		    const struct visit *visit)
{
	enum err err =
	    minutes_back(service, actor, visit, ALLOWANCE_UNUSED, visit->counted_minutes);
	bool held = visit->counted_minutes > 0;
	return err == OK && !held ? order_back(service, actor, arena, visit) : err;
}

enum err pay_forgive(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct visit *visit)
{
	enum err err = pay_correct(service, actor, visit, visit->counted_minutes);
	return err == OK ? order_back(service, actor, arena, visit) : err;
}
