#include "tests/store/estate.h"
#include "tests/store/promises.h"

#include "base/assert.h"
#include "service/booking.h"
#include "service/service_priv.h"
#include "store/audit.h"
#include "store/contact.h"
#include "store/kept.h"
#include "store/kept_priv.h"
#include "store/message.h"
#include "store/policy.h"
#include "store/prison.h"
#include "store/query.h"
#include "store/source.h"
#include "store/visit.h"

enum {
	HELD_MINUTES = 30,
};

static const char CLOSE_ROOMS[] = "UPDATE room SET active = 0 WHERE prison = ?1";

static struct prison_code wandsworth(void)
{
	struct prison_code code = { 0 };
	CHECK(prison_code_of(STR("WWI"), &code));
	return code;
}

static struct layout layout_of(struct estate *e)
{
	struct layout layout = { 0 };
	CHECK(store_layout_find(e->service.store, &e->arena, wandsworth(), &layout) == OK);
	return layout;
}

/* A turn in which nobody else writes. */
static void begin_turn(struct estate *e)
{
	CHECK(store_enter(e->service.store) == OK);
	CHECK(store_will_write(e->service.store) == OK);
}

static void end_turn(struct estate *e)
{
	CHECK(store_leave(e->service.store, true) == OK);
}

static void set_ready(struct estate *e, bool ready)
{
	CHECK(store_prison_set_ready(e->service.store, wandsworth(), ready,
				     ready ? STR("") : STR("Flood"), STR(""),
				     e->service.now) == OK);
}

static void a_layout_is_read_once_a_turn(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	begin_turn(&e);
	struct actor booker = estate_family(&e, "ben@family.example");
	struct layout first = layout_of(&e);
	CHECK(first.templates.count > 0 && first.terminals.count > 0 && first.rooms.count > 0);
	CHECK(layout_of(&e).templates.list == first.templates.list);
	CHECK(store_enter(e.service.store) == OK);
	CHECK(store_mismatch_insert(e.service.store, booker.account, e.service.now) == OK);
	CHECK(store_leave(e.service.store, false) ==
	      OK); /* what does not touch it, undone or not */
	CHECK(layout_of(&e).templates.list == first.templates.list);
	end_turn(&e);
	estate_close(&e);
}

/* ---- what is changed in a turn ---- */

static void change_prison(struct estate *e, const struct layout *now)
{
	set_ready(e, !now->prison.ready);
}

static void change_room(struct estate *e, const struct layout *now)
{
	const struct room *room = &now->rooms.list[0];
	CHECK(store_room_set_use(e->service.store, room->id, !room->active, room->use) == OK);
}

static void add_room(struct estate *e, const struct layout *now)
{
	(void)now;
	struct room room = {
		.id = { 4711 }, .prison = wandsworth(), .name = STR("Attic"), .active = true
	};
	CHECK(store_room_insert(e->service.store, &room) == OK);
}

static void add_usage(struct estate *e, const struct layout *now)
{
	struct room_usage usage = { .id = { 4712 },
				    .room = now->rooms.list[0].id,
				    .weekdays = 2,
				    .start_minute = 600,
				    .end_minute = 660,
				    .use = ROOM_USE_LEGAL };
	CHECK(store_room_usage_insert(e->service.store, &usage,
				      estate_staff(e, ROLE_PRISON_ADMIN, "WWI").account,
				      STR("Test"), e->service.now) == OK);
}

static void retire_terminal(struct estate *e, const struct layout *now)
{
	size_t at = 0;
	while (!now->terminals.list[at].active)
		at++;
	CHECK(store_terminal_retire(e->service.store, now->terminals.list[at].id, STR("Broken")) ==
	      OK);
}

static void end_template(struct estate *e, const struct layout *now)
{
	CHECK(store_session_template_end(e->service.store, &now->templates.list[0],
					 (struct date){ 2026, 12, 24 }) == OK);
}

static void add_template(struct estate *e, const struct layout *now)
{
	struct session_group group = { 0 };
	struct session_template template = now->templates.list[0];
	template.id = (struct session_template_id){ 4713 };
	template.group_count = 1;
	template.groups = &group;
	group.value = STR("A");
	CHECK(store_session_template_insert(e->service.store, &template,
					    estate_staff(e, ROLE_PRISON_ADMIN, "WWI").account,
					    STR("Test"), e->service.now) == OK);
}

/* What the changes above change, as one number. */
static int64_t sum_of(const struct layout *layout)
{
	int64_t sum = layout->prison.ready;
	for (size_t i = 0; i < layout->rooms.count; i++)
		sum += 10 + 3 * layout->rooms.list[i].active;
	for (size_t i = 0; i < layout->terminals.count; i++)
		sum += 1000 * layout->terminals.list[i].active;
	for (size_t i = 0; i < layout->templates.count; i++)
		sum += 100000 * (1 + (int64_t)layout->templates.list[i].group_count) +
		       layout->templates.list[i].valid_to.year;
	return sum + 10000000 * (int64_t)layout->usages.count;
}

static void what_changes_in_a_turn_is_seen_at_once_and_so_is_its_undoing(void **state)
{
	(void)state;
	static void (*const CHANGES[])(struct estate *, const struct layout *) = {
		change_prison,   change_room,  add_room,    add_usage,
		retire_terminal, end_template, add_template
	};
	struct estate e;
	estate_open(&e);
	begin_turn(&e);
	for (size_t i = 0; i < ARRAY_LEN(CHANGES); i++) {
		struct layout before = layout_of(&e);
		int64_t sum = sum_of(&before);
		CHECK(store_enter(e.service.store) == OK);
		CHANGES[i](&e, &before);
		struct layout after = layout_of(&e);
		int64_t changed = sum_of(&after);
		CHECK(changed != sum);
		CHECK(store_leave(e.service.store, false) == OK);
		struct layout undone = layout_of(&e);
		assert_int_equal(sum_of(&undone), sum);
		CHANGES[i](&e, &undone);
		struct layout again = layout_of(&e);
		assert_int_equal(sum_of(&again), changed);
	}
	end_turn(&e);
	estate_close(&e);
}

static enum source_status alerts_status(struct estate *e)
{
	struct source_state list[SOURCE_COUNT];
	CHECK(store_source_list(e->service.store, &e->arena, list) == OK);
	return list[0].status;
}

static void set_status(struct estate *e, enum source_status status)
{
	struct source_state state = { .source = (enum source)0,
				      .status = status,
				      .good_at = e->service.now,
				      .note = STR("Test") };
	CHECK(store_source_set(e->service.store, &state, (struct account_id){ 0 },
			       e->service.now) == OK);
}

static void a_source_that_fails_in_a_turn_fails_at_once_and_so_does_its_undoing(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	enum source_status before = alerts_status(&e);
	CHECK(before != SOURCE_DOWN);
	begin_turn(&e);
	assert_int_equal(alerts_status(&e), before);
	CHECK(store_enter(e.service.store) == OK);
	set_status(&e, SOURCE_DOWN);
	assert_int_equal(alerts_status(&e), SOURCE_DOWN);
	CHECK(store_leave(e.service.store, false) == OK);
	assert_int_equal(alerts_status(&e), before);
	set_status(&e, SOURCE_DOWN);
	assert_int_equal(alerts_status(&e), SOURCE_DOWN);
	end_turn(&e);
	begin_turn(&e);
	assert_int_equal(alerts_status(&e), SOURCE_DOWN);
	end_turn(&e);
	estate_close(&e);
}

static void write_leaf(struct estate *e)
{
	struct audit_record record = { .at = e->service.now,
				       .role = ROLE_SYSTEM,
				       .verb = AUDIT_PRISON_ADD,
				       .object = AUDIT_ON_PRISON };
	CHECK(store_audit_append(e->service.store, e->service.random, &record, STR("")) == OK);
}

static void write_message(struct estate *e, int64_t object)
{
	struct message m = {
		.id = { random_id(e->service.random) },
		.kind = MESSAGE_BOOKED,
		.account = estate_family(e, "ben@family.example").account,
		.object = object,
		.made_at = e->service.now,
	};
	CHECK(store_message_insert(e->service.store, &m) == OK);
}

/* The log has no gap, and no message the number of another: whatever was undone, told twice or erased. */
static void numbers_go_on_from_the_last_that_stands(void **state)
{
	(void)state;
	static const char GAPS[] = "SELECT MAX(seq) - COUNT(*) FROM audit_leaf";
	static const char TOLD[] = "SELECT COUNT(*) FROM message WHERE object < 10";
	struct estate e;
	estate_open(&e);
	struct store *store = e.service.store;
	int64_t leaves = number(store, "SELECT COUNT(*) FROM audit_leaf");
	begin_turn(&e);
	for (int i = 0; i < 3; i++) {
		write_leaf(&e);
		write_message(&e, 1 + i);
		write_message(&e, 1); /* told already */
		CHECK(store_enter(store) == OK);
		write_leaf(&e);
		write_leaf(&e);
		write_message(&e, 7);
		CHECK(store_leave(store, false) == OK);
		assert_int_equal(number(store, GAPS), 0);
	}
	write_leaf(&e);
	CHECK(store_leave(store, false) == OK); /* the whole turn */
	assert_int_equal(number(store, TOLD), 0);
	begin_turn(&e);
	write_leaf(&e);
	write_message(&e, 1);
	write_message(&e, 2);
	end_turn(&e);
	write_leaf(&e); /* outside of any turn */
	write_message(&e, 3);
	begin_turn(&e);
	write_leaf(&e);
	write_message(&e, 4);
	end_turn(&e);
	assert_int_equal(number(store, GAPS), 0);
	assert_int_equal(number(store, "SELECT COUNT(*) FROM audit_leaf"), leaves + 3);
	assert_int_equal(number(store, TOLD), 4);
	estate_close(&e);
}

/* Statements are known by their text: each way of writing, and what is not understood. */
static void a_statement_that_writes_what_is_kept_is_known(void **state)
{
	(void)state;
	static const struct {
		const char *sql;
		bool writes;
	} CASES[] = {
		{ "SELECT ready FROM prison", false },
		{ "INSERT INTO prison (code) VALUES (?1)", true },
		{ "INSERT INTO room(id) VALUES (?1)", true },
		{ "UPDATE session_template SET active = 0", true },
		{ "DELETE FROM session_group WHERE template = ?1", true },
		{ "DELETE FROM terminal", true },
		{ "INSERT INTO room_usage (id) VALUES (?1)", true },
		{ "INSERT INTO prison_policy (seq) SELECT 1", true },
		{ "INSERT INTO visit (id) VALUES (?1)", false },
		{ "UPDATE prisoner SET wing = ?1", false },
		{ "DELETE FROM terminal_challenge WHERE terminal = ?1", false },
		{ "WITH x AS (SELECT 1) UPDATE prison SET ready = 0", true },
		{ "", true },
	};
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		CHECK(kept_is_written_by(CASES[i].sql) == CASES[i].writes);
}

/* ---- by what is booked ---- */

/* A family's request at the first time from now on that nothing forbids. */
static struct verdict book_next(struct estate *e, struct visit_request *request)
{
	struct actor booker = estate_family(e, "amina@family.example");
	struct verdict verdict = { 0 };
	struct reference out;
	CHECK(visit_book(&e->service, &booker, request, &verdict, &out) == OK);
	return verdict;
}

static struct visit_request find_request(struct estate *e)
{
	struct visit visit = { 0 };
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, e->sample.joinable, &visit) == OK);
	struct visit_request request = { .kind = VISIT_SOCIAL,
					 .prisoner = visit.prisoner,
					 .person_count = 1,
					 .persons = { visit.visitors[0].person },
					 .minutes = HELD_MINUTES };
	for (size_t i = 0; i < visit.visitor_count; i++)
		if (visit.visitors[i].lead)
			request.persons[0] = visit.visitors[i].person;
	return request;
}

/* Books in a turn until a booking is clean, so that all that can be kept is kept; the next time is as free. */
static struct visit_request book_one(struct estate *e)
{
	struct visit_request request = find_request(e);
	for (int64_t slot = ESTATE_NOW.s / 1800 + 48 * 4; slot < ESTATE_NOW.s / 1800 + 48 * 12;
	     slot++) {
		request.start = (struct wall){ slot * 1800 };
		if (verdict_clean(book_next(e, &request)))
			return request;
	}
	CHECK(!"no time is free");
	return request;
}

static void a_booking_goes_by_what_changed_earlier_in_its_turn(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	begin_turn(&e);
	struct visit_request request = book_one(&e);
	request.start = wall_add_s(request.start, 86400);
	set_ready(&e, false);
	CHECK(verdict_has(book_next(&e, &request), BOOKING_PRISON_NOT_READY));
	set_ready(&e, true);
	CHECK(!verdict_has(book_next(&e, &request), BOOKING_PRISON_NOT_READY));
	struct query q = query_of(e.service.store, CLOSE_ROOMS);
	query_text(&q, wandsworth().text);
	CHECK(query_change(&q) == OK);
	request.start = wall_add_s(request.start, 86400);
	CHECK(!verdict_clean(book_next(&e, &request)));
	end_turn(&e);
	estate_close(&e);
}

static int64_t hold_minutes(struct estate *e)
{
	struct policy policy = { 0 };
	CHECK(policy_load(&e->service, wandsworth(), &policy) == OK);
	return policy.values[POLICY_HOLD_MINUTES];
}

static void set_hold(struct estate *e, int64_t minutes)
{
	CHECK(store_policy_insert(e->service.store, wandsworth(), POLICY_HOLD_MINUTES, minutes,
				  e->service.now, estate_staff(e, ROLE_PRISON_ADMIN, "WWI").account,
				  STR("Test")) == OK);
}

static void a_rule_that_changes_in_a_turn_holds_at_once_and_so_does_its_undoing(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	begin_turn(&e);
	int64_t before = hold_minutes(&e);
	CHECK(store_enter(e.service.store) == OK);
	set_hold(&e, before + 7);
	assert_int_equal(hold_minutes(&e), before + 7);
	CHECK(store_leave(e.service.store, false) == OK);
	assert_int_equal(hold_minutes(&e), before);
	set_hold(&e, before + 9);
	assert_int_equal(hold_minutes(&e), before + 9);
	end_turn(&e);
	assert_int_equal(hold_minutes(&e), before + 9);
	estate_close(&e);
}

/* ---- what others change ---- */

static void set_ready_elsewhere(struct store *other, bool ready)
{
	CHECK(store_prison_set_ready(other, wandsworth(), ready, ready ? STR("") : STR("Flood"),
				     STR(""), ESTATE_NOW) == OK);
}

static void what_others_changed_is_seen_by_the_next_turn(void **state)
{
	(void)state;
	struct estate e;
	struct store *other = NULL;
	estate_open_shared(&e, ESTATE_NOW, 1);
	CHECK(store_open(e.fresh.where, NULL, &other) == OK);
	begin_turn(&e);
	CHECK(layout_of(&e).prison.ready);
	end_turn(&e);
	set_ready_elsewhere(other, false);
	begin_turn(&e);
	CHECK(!layout_of(&e).prison.ready);
	end_turn(&e);
	store_close(other);
	estate_close(&e);
}

/* PostgreSQL, where a turn may read before it is alone, or stop being so. */
static void nothing_is_kept_while_others_may_write(void **state)
{
	(void)state;
	struct estate e;
	struct store *other = NULL;
	estate_open_shared(&e, ESTATE_NOW, 1);
	struct store *store = e.service.store;
	CHECK(store_open(e.fresh.where, NULL, &other) == OK);
	CHECK(store_enter(store) == OK);
	CHECK(layout_of(&e).prison.ready);
	set_ready_elsewhere(other, false);
	CHECK(!layout_of(&e).prison.ready);
	CHECK(store_enter(store) == OK && store_will_write(store) == OK);
	CHECK(!layout_of(&e).prison.ready);
	CHECK(store_leave(store, false) == OK); /* gives the lock back … */
	CHECK(store_enter(store) == OK);
	CHECK(!layout_of(&e).prison.ready); /* … by the time this is sent */
	set_ready_elsewhere(other, true);
	CHECK(store_will_write(store) == OK);
	CHECK(layout_of(&e).prison.ready);
	CHECK(store_leave(store, true) == OK);
	CHECK(store_leave(store, true) == OK);
	store_close(other);
	estate_close(&e);
}

#define ON_BOTH                                                                                    \
	TEST(a_layout_is_read_once_a_turn),                                                        \
	    TEST(what_changes_in_a_turn_is_seen_at_once_and_so_is_its_undoing),                    \
	    TEST(a_source_that_fails_in_a_turn_fails_at_once_and_so_does_its_undoing),             \
	    TEST(numbers_go_on_from_the_last_that_stands),                                         \
	    TEST(a_statement_that_writes_what_is_kept_is_known),                                   \
	    TEST(a_booking_goes_by_what_changed_earlier_in_its_turn),                              \
	    TEST(a_rule_that_changes_in_a_turn_holds_at_once_and_so_does_its_undoing),             \
	    TEST(what_others_changed_is_seen_by_the_next_turn)

int main(void)
{
	const struct CMUnitTest on_both[] = { ON_BOTH };
	const struct CMUnitTest with_a_server[] = {
		ON_BOTH,
		TEST(nothing_is_kept_while_others_may_write),
	};
	if (on_postgres())
		return RUN("store/kept", with_a_server);
	return RUN("store/kept", on_both);
}
