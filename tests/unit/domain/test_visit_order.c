#include "tests/unit/check.h"

#include "base/assert.h"
#include "domain/visit_order.h"

enum {
	DAY = 20000,
	UNITS_MAX = 2000,
	STEPS = 700,
};

static const struct order_rules RULES = {
	.vo_amount = 2,
	.pvo_amount = 1,
	.vo_days = 14,
	.pvo_days = 28,
	.accumulate_days = 28,
	.pvo_life_days = 28,
	.cap = 26,
	.refund_life_days = 14,
	.allocates = true,
};

struct desk {
	struct order_book book;
	struct random random;
	struct order_changes changes;
};

static struct desk desk_of(uint64_t seed)
{
	return (struct desk){ .random = random_seeded(seed) };
}

static void days(struct desk *d, const struct order_rules *rules, int64_t from, int64_t to)
{
	for (int64_t day = from; day <= to; day++) {
		d->changes.count = 0;
		order_day(&d->book, rules, day, &d->random, &d->changes);
	}
}

static void holds(const struct desk *d, int vo, int pvo)
{
	assert_int_equal(order_balance(&d->book, ORDER_VO), vo);
	assert_int_equal(order_balance(&d->book, ORDER_PVO), pvo);
}

static struct order_entry use(struct desk *d, enum order_need need)
{
	d->changes.count = 0;
	order_use(&d->book, need, &d->changes);
	assert_int_equal(d->changes.count, 1);
	return d->changes.list[0];
}

static void refund(struct desk *d, struct order_entry used, int64_t day)
{
	d->changes.count = 0;
	order_refund(&d->book, &RULES, &used, day, &d->random, &d->changes);
}

static void orders_come_every_14_and_28_days_by_the_amounts_of_the_level(void **state)
{
	(void)state;
	static const struct {
		int64_t vo, pvo; /* of the level */
		int day;
		int vo_held, pvo_held;
	} CASES[] = {
		{ 2, 1, 0, 2, 1 },   { 2, 1, 13, 2, 1 },  { 2, 1, 14, 4, 1 },   { 2, 1, 28, 6, 1 },
		{ 1, 0, 28, 3, 0 },  { 0, 0, 28, 0, 0 },  { 1, 3, 55, 4, 3 },   { 1, 3, 56, 5, 3 },
		{ 6, 0, 42, 24, 0 }, { 6, 0, 56, 26, 0 }, { 6, 0, 300, 26, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct desk d = desk_of(i);
		struct order_rules rules = RULES;
		rules.vo_amount = CASES[i].vo;
		rules.pvo_amount = CASES[i].pvo;
		days(&d, &rules, DAY, DAY + CASES[i].day);
		holds(&d, CASES[i].vo_held, CASES[i].pvo_held);
	}
}

static void a_level_that_gives_no_visiting_orders_gives_its_privileged_ones(void **state)
{
	(void)state;
	struct desk d = desk_of(1);
	struct order_rules rules = RULES;
	rules.vo_amount = 0;
	days(&d, &rules, DAY, DAY + 27);
	holds(&d, 0, 1);
}

static void a_day_that_ran_gives_nothing_when_it_runs_again(void **state)
{
	(void)state;
	struct desk d = desk_of(1);
	days(&d, &RULES, DAY, DAY + 28);
	for (int64_t day = DAY + 15; day <= DAY + 28; day++) {
		d.changes.count = 0;
		order_day(&d.book, &RULES, day, &d.random, &d.changes);
		assert_int_equal(d.changes.count, 0);
	}
}

static void visiting_orders_accumulate_after_28_days_and_privileged_ones_expire(void **state)
{
	(void)state;
	struct desk d = desk_of(1);
	struct order_rules rules = RULES;
	days(&d, &rules, DAY, DAY + 27);
	rules.pvo_amount = 0;
	for (size_t i = 0; i < d.book.count; i++)
		CHECK(!d.book.lots[i].accumulated);
	days(&d, &rules, DAY + 28, DAY + 28);
	holds(&d, 6, 0);
	int accumulated = 0;
	for (size_t i = 0; i < d.book.count; i++)
		accumulated += d.book.lots[i].accumulated ? d.book.lots[i].left : 0;
	assert_int_equal(accumulated, 2);
}

static void the_oldest_privileged_order_goes_first_then_the_oldest_order_then_debt(void **state)
{
	(void)state;
	struct desk d = desk_of(1);
	days(&d, &RULES, DAY, DAY + 14);
	assert_int_equal(use(&d, ORDER_NEED_ANY).kind, ORDER_PVO);
	struct order_entry first = use(&d, ORDER_NEED_ANY);
	CHECK(first.kind == ORDER_VO && first.lot_day == DAY);
	CHECK(use(&d, ORDER_NEED_ANY).lot_day == DAY);
	CHECK(use(&d, ORDER_NEED_ANY).lot_day == DAY + 14);
	CHECK(use(&d, ORDER_NEED_ANY).lot_day == DAY + 14);
	CHECK(!order_suffices(&d.book, ORDER_NEED_ANY));
	CHECK(use(&d, ORDER_NEED_ANY).lot == 0);
	holds(&d, -1, 0);
}

static void a_session_takes_only_the_orders_it_names(void **state)
{
	(void)state;
	static const struct {
		enum order_need need;
		int vo, pvo; /* before */
		bool suffices;
		int vo_after, pvo_after;
	} CASES[] = {
		{ ORDER_NEED_VO, 1, 1, true, 0, 1 },    { ORDER_NEED_PVO, 1, 1, true, 1, 0 },
		{ ORDER_NEED_ANY, 1, 1, true, 1, 0 },   { ORDER_NEED_ANY, 1, 0, true, 0, 0 },
		{ ORDER_NEED_VO, 0, 1, false, -1, 1 },  { ORDER_NEED_PVO, 1, 0, false, 0, 0 },
		{ ORDER_NEED_ANY, 0, 0, false, -1, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct desk d = desk_of(i);
		if (CASES[i].vo)
			CHECK(
			    order_adjust(&d.book, &RULES, ORDER_VO, 1, DAY, &d.random, &d.changes));
		if (CASES[i].pvo)
			CHECK(order_adjust(&d.book, &RULES, ORDER_PVO, 1, DAY, &d.random,
					   &d.changes));
		assert_int_equal(order_suffices(&d.book, CASES[i].need), CASES[i].suffices);
		if (CASES[i].need != ORDER_NEED_PVO || CASES[i].pvo) {
			(void)use(&d, CASES[i].need);
			holds(&d, CASES[i].vo_after, CASES[i].pvo_after);
		}
	}
	struct desk d = desk_of(9);
	order_use(&d.book, ORDER_NEED_NONE, &d.changes);
	CHECK(!d.changes.count && order_suffices(&d.book, ORDER_NEED_NONE));
}

static void debt_is_repaid_by_the_next_orders(void **state)
{
	(void)state;
	struct desk d = desk_of(1);
	for (int i = 0; i < 3; i++)
		(void)use(&d, ORDER_NEED_ANY);
	holds(&d, -3, 0);
	days(&d, &RULES, DAY, DAY);
	holds(&d, -1, 1);
	CHECK(!order_suffices(&d.book, ORDER_NEED_VO));
	days(&d, &RULES, DAY + 14, DAY + 14);
	holds(&d, 1, 1);
	assert_int_equal(d.book.owed, 0);
}

/* Edge case 2: an order that comes back old would expire the same night. */
static void what_comes_back_lives_at_least_two_weeks(void **state)
{
	(void)state;
	struct desk d = desk_of(1);
	struct order_rules rules = RULES;
	days(&d, &rules, DAY, DAY);
	rules.pvo_amount = 0;
	struct order_entry used = use(&d, ORDER_NEED_PVO);
	days(&d, &rules, DAY + 1, DAY + 40);
	refund(&d, used, DAY + 40);
	days(&d, &rules, DAY + 41, DAY + 53);
	assert_int_equal(order_balance(&d.book, ORDER_PVO), 1);
	days(&d, &rules, DAY + 54, DAY + 54);
	assert_int_equal(order_balance(&d.book, ORDER_PVO), 0);
}

static void an_order_comes_back_to_its_lot_except_above_the_cap(void **state)
{
	(void)state;
	struct desk d = desk_of(1);
	CHECK(order_adjust(&d.book, &RULES, ORDER_VO, 26, DAY, &d.random, &d.changes));
	struct order_entry used = use(&d, ORDER_NEED_VO);
	CHECK(order_adjust(&d.book, &RULES, ORDER_VO, 1, DAY + 1, &d.random, &d.changes));
	refund(&d, used, DAY + 2);
	assert_int_equal(d.changes.count, 0);
	holds(&d, 26, 0);
	used = use(&d, ORDER_NEED_VO);
	refund(&d, used, DAY + 2);
	assert_int_equal(d.changes.list[0].lot, used.lot);
	holds(&d, 26, 0);
}

static void an_owed_visit_that_is_cancelled_pays_the_debt_or_gives_a_new_order(void **state)
{
	(void)state;
	struct desk d = desk_of(1);
	struct order_entry owed = use(&d, ORDER_NEED_ANY);
	refund(&d, owed, DAY);
	holds(&d, 0, 0);
	owed = use(&d, ORDER_NEED_ANY);
	days(&d, &RULES, DAY, DAY); /* repays it */
	holds(&d, 1, 1);
	refund(&d, owed, DAY + 1);
	holds(&d, 2, 1);
}

static void by_hand_the_balance_stays_between_nothing_and_the_cap(void **state)
{
	(void)state;
	static const struct {
		int before, amount, after;
		bool may;
	} CASES[] = {
		{ 0, 1, 1, true },  { 0, 26, 26, true },   { 0, 27, 0, false },
		{ 3, -3, 0, true }, { 3, -4, 3, false },   { 0, -1, 0, false },
		{ 3, 0, 3, false }, { 26, 1, 26, false },  { -2, 1, -1, true },
		{ -2, 3, 1, true }, { -2, -1, -2, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		struct desk d = desk_of(i);
		for (int n = CASES[i].before; n < 0; n++)
			(void)use(&d, ORDER_NEED_ANY);
		if (CASES[i].before > 0)
			CHECK(order_adjust(&d.book, &RULES, ORDER_VO, CASES[i].before, DAY,
					   &d.random, &d.changes));
		assert_int_equal(order_adjust(&d.book, &RULES, ORDER_VO, CASES[i].amount, DAY,
					      &d.random, &d.changes),
				 CASES[i].may);
		holds(&d, CASES[i].after, 0);
	}
}

static void a_new_admission_has_and_owes_nothing(void **state)
{
	(void)state;
	struct desk d = desk_of(1);
	days(&d, &RULES, DAY, DAY + 30);
	order_reset(&d.book, &d.changes);
	holds(&d, 0, 0);
	(void)use(&d, ORDER_NEED_ANY);
	order_reset(&d.book, &d.changes);
	holds(&d, 0, 0);
	days(&d, &RULES, DAY + 31, DAY + 31); /* and gets orders at once */
	holds(&d, 2, 1);
}

static void merged_numbers_add_up_with_the_age_of_each_lot(void **state)
{
	(void)state;
	struct desk a = desk_of(1), b = desk_of(2);
	struct order_changes out = { 0 };
	days(&a, &RULES, DAY, DAY);
	days(&b, &RULES, DAY + 10, DAY + 10);
	for (int i = 0; i < 5; i++)
		(void)use(&b, ORDER_NEED_ANY);
	holds(&b, -2, 0);
	a.changes.count = 0;
	order_merge(&b.book, &a.book, &out, &a.changes);
	holds(&a, 0, 1);
	holds(&b, 0, 0);
	assert_int_equal(a.book.vo_day, DAY + 10);
}

/* ---- random histories against a model that keeps every single order ---- */

struct unit {
	enum order_kind kind;
	int64_t day, keep, lot;
	bool gone;
};

struct model {
	struct unit units[UNITS_MAX];
	size_t count;
	int owed;
};

static int model_held(const struct model *m, enum order_kind kind)
{
	int n = 0;
	for (size_t i = 0; i < m->count; i++)
		n += !m->units[i].gone && m->units[i].kind == kind;
	return n;
}

static struct unit *model_oldest(struct model *m, enum order_kind kind)
{
	struct unit *found = NULL;
	for (size_t i = 0; i < m->count; i++) {
		struct unit *u = &m->units[i];
		if (u->gone || u->kind != kind)
			continue;
		if (!found || u->day < found->day || (u->day == found->day && u->lot < found->lot))
			found = u;
	}
	return found;
}

static void model_give(struct model *m, enum order_kind kind, int n, int64_t day, int64_t lot)
{
	for (; n > 0; n--) {
		if (kind == ORDER_VO && m->owed > 0) {
			m->owed--;
			continue;
		}
		assert_true(m->count < UNITS_MAX);
		m->units[m->count++] = (struct unit){ .kind = kind, .day = day, .lot = lot };
	}
}

static void model_expire(struct model *m, int64_t day)
{
	for (size_t i = 0; i < m->count; i++) {
		struct unit *u = &m->units[i];
		if (u->kind == ORDER_PVO && day >= u->day + RULES.pvo_life_days && day >= u->keep)
			u->gone = true;
	}
	while (model_held(m, ORDER_VO) > RULES.cap)
		model_oldest(m, ORDER_VO)->gone = true;
}

/* The lot of the grant among the changes: the model must know it, and nothing else of them. */
static int64_t granted(const struct order_changes *c, enum order_kind kind)
{
	for (size_t i = 0; i < c->count; i++)
		if ((c->list[i].type == ORDER_ALLOCATED || c->list[i].type == ORDER_ADJUSTED) &&
		    c->list[i].kind == kind && c->list[i].amount >= 0)
			return c->list[i].lot;
	return 0;
}

struct history {
	struct desk desk;
	struct model model;
	struct random dice;
	int64_t sum[ORDER_KIND_COUNT]; /* of all amounts ever written */
	struct order_entry used[STEPS];
	size_t used_count;
	int64_t day;
};

static void written(struct history *h)
{
	for (size_t i = 0; i < h->desk.changes.count; i++)
		h->sum[h->desk.changes.list[i].kind] += h->desk.changes.list[i].amount;
}

static void step_day(struct history *h)
{
	h->day++;
	order_day(&h->desk.book, &RULES, h->day, &h->desk.random, &h->desk.changes);
	if ((h->day - DAY - 1) % 14 == 0)
		model_give(&h->model, ORDER_VO, 2, h->day, granted(&h->desk.changes, ORDER_VO));
	if ((h->day - DAY - 1) % 28 == 0)
		model_give(&h->model, ORDER_PVO, 1, h->day, granted(&h->desk.changes, ORDER_PVO));
	model_expire(&h->model, h->day);
}

static void step_use(struct history *h)
{
	struct unit *unit = model_oldest(&h->model, ORDER_PVO);
	if (!unit)
		unit = model_oldest(&h->model, ORDER_VO);
	order_use(&h->desk.book, ORDER_NEED_ANY, &h->desk.changes);
	h->used[h->used_count] = h->desk.changes.list[0];
	assert_int_equal(h->used[h->used_count].lot, unit ? unit->lot : 0);
	h->used_count++;
	if (unit)
		unit->gone = true;
	else
		h->model.owed++;
}

static void model_refund(struct history *h, const struct order_entry *used)
{
	struct model *m = &h->model;
	if (!used->lot && m->owed > 0) {
		m->owed--;
		return;
	}
	if (used->kind == ORDER_VO && model_held(m, ORDER_VO) == RULES.cap)
		return;
	int64_t lot = used->lot ? used->lot : h->desk.changes.list[0].lot;
	for (size_t i = 0; i < m->count; i++) /* the lot's others are kept as long */
		if (m->units[i].lot == lot && h->day + 14 > m->units[i].keep)
			m->units[i].keep = h->day + 14;
	assert_true(m->count < UNITS_MAX);
	m->units[m->count++] = (struct unit){ .kind = used->kind,
					      .day = used->lot ? used->lot_day : h->day,
					      .keep = h->day + 14,
					      .lot = lot };
}

static void step_refund(struct history *h)
{
	if (!h->used_count)
		return;
	size_t at = (size_t)random_below(&h->dice, h->used_count);
	struct order_entry used = h->used[at];
	h->used[at] = h->used[--h->used_count];
	order_refund(&h->desk.book, &RULES, &used, h->day, &h->desk.random, &h->desk.changes);
	model_refund(h, &used);
}

static void step_adjust(struct history *h)
{
	enum order_kind kind = random_below(&h->dice, 3) ? ORDER_VO : ORDER_PVO;
	int amount = (int)random_below(&h->dice, 9) - 4;
	int after = model_held(&h->model, kind) - (kind == ORDER_VO ? h->model.owed : 0) + amount;
	bool may = amount && after <= RULES.cap && (amount > 0 || after >= 0);
	assert_int_equal(order_adjust(&h->desk.book, &RULES, kind, amount, h->day, &h->desk.random,
				      &h->desk.changes),
			 may);
	if (may && amount > 0)
		model_give(&h->model, kind, amount, h->day, granted(&h->desk.changes, kind));
	for (; may && amount < 0; amount++)
		model_oldest(&h->model, kind)->gone = true;
}

static uint64_t history_run(uint64_t seed)
{
	struct history *h = calloc(1, sizeof *h);
	uint64_t trace = 0;
	h->desk.random = random_seeded(seed);
	h->dice = random_seeded(seed + 1000);
	h->day = DAY;
	for (int i = 0; i < STEPS; i++) {
		uint64_t what = random_below(&h->dice, 10);
		h->desk.changes.count = 0;
		if (what < 6)
			step_day(h);
		else if (what < 8)
			step_use(h);
		else if (what == 8)
			step_refund(h);
		else
			step_adjust(h);
		written(h);
		int vo = model_held(&h->model, ORDER_VO) - h->model.owed;
		assert_int_equal(order_balance(&h->desk.book, ORDER_VO), vo);
		assert_int_equal(h->sum[ORDER_VO], vo);
		assert_int_equal(h->desk.book.owed, h->model.owed);
		assert_int_equal(order_balance(&h->desk.book, ORDER_PVO),
				 model_held(&h->model, ORDER_PVO));
		assert_int_equal(h->sum[ORDER_PVO], model_held(&h->model, ORDER_PVO));
		trace = trace * 31 + (uint64_t)vo;
	}
	free(h);
	return trace;
}

static void no_history_is_wrong_by_one(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++)
		(void)history_run(seed);
}

static void the_same_seed_gives_the_same_ledger(void **state)
{
	(void)state;
	CHECK(history_run(7) == history_run(7));
	CHECK(history_run(7) != history_run(8));
}

static void a_damaged_ledger_does_not_add_up(void **state)
{
	(void)state;
	struct order_book book = { 0 };
	struct order_entry e = { .type = ORDER_USED, .kind = ORDER_VO, .lot = 5, .amount = -1 };
	CHECK(!order_apply(&book, &e)); /* taken from a lot that was never given */
	e = (struct order_entry){ .type = ORDER_REFUNDED, .kind = ORDER_VO, .amount = 1 };
	CHECK(!order_apply(&book, &e)); /* repaid what nobody owes */
	e = (struct order_entry){ .type = ORDER_USED, .kind = ORDER_PVO, .amount = -1 };
	CHECK(!order_apply(&book, &e)); /* privileged orders are never owed */
	e = (struct order_entry){
		.type = ORDER_ALLOCATED, .kind = ORDER_VO, .lot = 5, .amount = 1
	};
	CHECK(order_apply(&book, &e));
	e.amount = -2;
	CHECK(!order_apply(&book, &e));
	e.kind = ORDER_PVO;
	e.amount = -1;
	CHECK(!order_apply(&book, &e));
}

static void every_name_is_found_again(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ORDER_TYPE_COUNT; i++) {
		enum order_type type;
		CHECK(order_type_of(str_from(order_type_name((enum order_type)i)), &type));
		assert_int_equal(type, i);
	}
	for (unsigned i = 0; i < ORDER_KIND_COUNT; i++) {
		enum order_kind kind;
		CHECK(order_kind_of(str_from(order_kind_name((enum order_kind)i)), &kind));
		assert_int_equal(kind, i);
	}
	for (unsigned i = 0; i < ORDER_NEED_COUNT; i++) {
		enum order_need need;
		CHECK(order_need_of(str_from(order_need_name((enum order_need)i)), &need));
		assert_int_equal(need, i);
	}
}

/* Rule 35 gives a convicted prisoner two visits in every four weeks. */
static void two_visits_in_four_weeks_are_the_floor(void **state)
{
	(void)state;
	static const struct {
		int64_t vo, vo_days;
		bool met;
	} cases[] = {
		{ 1, 14, true },  { 0, 14, false },   { 2, 28, true },
		{ 1, 28, false }, { 1, 15, false },   { 2, 29, false },
		{ 1, 7, true },   { 26, 366, false }, { 26, 364, true },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		CHECK(order_floor_met(cases[i].vo, cases[i].vo_days) == cases[i].met);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(orders_come_every_14_and_28_days_by_the_amounts_of_the_level),
		TEST(a_level_that_gives_no_visiting_orders_gives_its_privileged_ones),
		TEST(a_day_that_ran_gives_nothing_when_it_runs_again),
		TEST(visiting_orders_accumulate_after_28_days_and_privileged_ones_expire),
		TEST(the_oldest_privileged_order_goes_first_then_the_oldest_order_then_debt),
		TEST(a_session_takes_only_the_orders_it_names),
		TEST(debt_is_repaid_by_the_next_orders),
		TEST(what_comes_back_lives_at_least_two_weeks),
		TEST(an_order_comes_back_to_its_lot_except_above_the_cap),
		TEST(an_owed_visit_that_is_cancelled_pays_the_debt_or_gives_a_new_order),
		TEST(by_hand_the_balance_stays_between_nothing_and_the_cap),
		TEST(a_new_admission_has_and_owes_nothing),
		TEST(merged_numbers_add_up_with_the_age_of_each_lot),
		TEST(no_history_is_wrong_by_one),
		TEST(the_same_seed_gives_the_same_ledger),
		TEST(two_visits_in_four_weeks_are_the_floor),
		TEST(a_damaged_ledger_does_not_add_up),
		TEST(every_name_is_found_again),
	};
	return RUN("domain/visit_order", tests);
}
