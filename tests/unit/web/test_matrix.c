#include "web/matrix.h"

#include "../check.h"

enum {
	PRISONER,
	VISITOR,
	SECOND, /* another visitor */
	OFFICER,
};

/* A live social visit of a prisoner, two visitors and an officer whose presence was shown. */
static struct matrix live(void)
{
	return (struct matrix){
		.social = true,
		.seats = {
			[PRISONER] = { .used = true, .role = MEDIA_PRISONER },
			[VISITOR] = { .used = true, .role = MEDIA_VISITOR, .admitted = true },
			[SECOND] = { .used = true, .role = MEDIA_VISITOR, .admitted = true },
			[OFFICER] = { .used = true, .role = MEDIA_MONITOR, .told = true },
		},
	};
}

static struct media_routes routes(const struct matrix *m)
{
	struct media_routes out = { 0 };
	memset(out.hears, 0xff, sizeof(out.hears));
	memset(out.sees, 0xff, sizeof(out.sees));
	out.recorded_sound = out.recorded_picture = out.hinted_picture = 0xff;
	matrix_routes(m, &out);
	return out;
}

static void check_rows(const uint8_t rows[MEDIA_ENDS_MAX], const uint8_t expected[4])
{
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++)
		assert_int_equal(rows[end], end < 4 ? expected[end] : 0);
}

static void who_meets_hears_and_sees_each_other_and_staff_receive(void **state)
{
	(void)state;
	struct matrix m = live();
	struct media_routes r = routes(&m);
	check_rows(r.hears, (const uint8_t[]){ 6, 5, 3, 7 });
	check_rows(r.sees, (const uint8_t[]){ 6, 5, 3, 7 });
}

static void a_pause_hides_both_ways_but_nothing_from_staff(void **state)
{
	(void)state;
	struct matrix m = live();
	m.paused = true;
	struct media_routes r = routes(&m);
	check_rows(r.hears, (const uint8_t[]){ 0, 0, 0, 7 });
	check_rows(r.sees, (const uint8_t[]){ 0, 0, 0, 7 });
}

static void who_is_muted_is_seen_and_who_is_blanked_is_heard(void **state)
{
	(void)state;
	struct matrix m = live();
	m.seats[PRISONER].muted = true;
	m.seats[VISITOR].blanked = true;
	struct media_routes r = routes(&m);
	check_rows(r.hears, (const uint8_t[]){ 6, 4, 2, 7 });
	check_rows(r.sees, (const uint8_t[]){ 4, 5, 1, 7 });
}

static void before_admission_staff_alone_see_the_visitor(void **state)
{
	(void)state;
	struct matrix m = live();
	m.seats[VISITOR].admitted = m.seats[SECOND].admitted = false;
	struct media_routes r = routes(&m);
	check_rows(r.hears, (const uint8_t[]){ 0, 0, 0, 6 });
	m.seats[SECOND].admitted = true;
	r = routes(&m);
	check_rows(r.sees, (const uint8_t[]){ 4, 0, 1, 7 });
	m.seats[VISITOR].refused = true;
	r = routes(&m);
	check_rows(r.hears, (const uint8_t[]){ 4, 0, 1, 5 });
}

static void until_both_ends_know_of_a_monitor_it_receives_nothing(void **state)
{
	(void)state;
	struct matrix m = live();
	m.seats[OFFICER].told = false;
	struct media_routes r = routes(&m);
	check_rows(r.hears, (const uint8_t[]){ 6, 5, 3, 0 });
	check_rows(r.sees, (const uint8_t[]){ 6, 5, 3, 0 });
}

/* Over every combination: no bit of a monitor in a visit that is not social, none from a monitor ever. */
static void no_state_gives_a_monitor_a_legal_visit_or_a_voice(void **state)
{
	(void)state;
	for (unsigned bits = 0; bits < 1u << 10; bits++) {
		struct matrix m = live();
		m.social = bits & 1;
		m.over = bits & 2;
		m.paused = bits & 4;
		m.seats[VISITOR].admitted = bits & 8;
		m.seats[VISITOR].refused = bits & 16;
		m.seats[VISITOR].muted = bits & 32;
		m.seats[PRISONER].blanked = bits & 64;
		m.seats[OFFICER].told = bits & 128;
		m.seats[OFFICER].admitted = bits & 256;
		m.seats[SECOND].used = bits & 512;
		struct media_routes r = routes(&m);
		for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
			assert_int_equal((r.hears[end] | r.sees[end]) & 1 << OFFICER, 0);
			assert_int_equal((r.hears[end] | r.sees[end]) & 1 << end, 0);
			if (m.over || (m.paused && end != OFFICER))
				assert_int_equal(r.hears[end] | r.sees[end], 0);
		}
		if (!m.social || m.over || !m.seats[OFFICER].told)
			assert_int_equal(r.hears[OFFICER] | r.sees[OFFICER], 0);
	}
}

static void a_recording_holds_what_one_side_could_hear_and_see_of_the_other(void **state)
{
	(void)state;
	struct matrix m = live();
	struct media_routes r = routes(&m);
	CHECK(r.recorded_sound == 0 && r.recorded_picture == 0); /* not unless it is to be */
	m.recorded = true;
	r = routes(&m);
	CHECK(r.recorded_sound == 7 && r.recorded_picture == 7);
	m.seats[PRISONER].muted = true;
	m.seats[VISITOR].blanked = true;
	r = routes(&m);
	CHECK(r.recorded_sound == 6 && r.recorded_picture == 5);
	m.seats[SECOND].admitted = false;
	r = routes(&m);
	CHECK(r.recorded_sound == 2 && r.recorded_picture == 1);
	m.seats[VISITOR].admitted = false; /* nobody is there to meet */
	r = routes(&m);
	CHECK(r.recorded_sound == 0 && r.recorded_picture == 0);
}

static void
a_machine_sees_what_one_side_can_see_of_the_other_where_the_prison_wants_it(void **state)
{
	(void)state;
	struct matrix m = live();
	CHECK(routes(&m).hinted_picture == 0);
	m.hinted = true;
	CHECK(routes(&m).hinted_picture == 7 && routes(&m).recorded_picture == 0);
	m.seats[PRISONER].muted = true; /* it hears nothing anyhow */
	m.seats[VISITOR].blanked = true;
	CHECK(routes(&m).hinted_picture == 5);
	m.seats[SECOND].admitted = false;
	CHECK(routes(&m).hinted_picture == 1);
	m.seats[VISITOR].admitted = false;
	CHECK(routes(&m).hinted_picture == 0);
	for (int why = 0; why < 3; why++) {
		m = live();
		m.hinted = true;
		m.paused = why == 0;
		m.over = why == 1;
		m.social = why != 2;
		CHECK(routes(&m).hinted_picture == 0);
	}
}

static void nothing_is_recorded_in_a_pause_after_the_end_or_of_a_legal_visit(void **state)
{
	(void)state;
	for (int why = 0; why < 3; why++) {
		struct matrix m = live();
		m.recorded = true;
		m.paused = why == 0;
		m.over = why == 1;
		m.social = why != 2;
		struct media_routes r = routes(&m);
		CHECK(r.recorded_sound == 0 && r.recorded_picture == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_recording_holds_what_one_side_could_hear_and_see_of_the_other),
		TEST(a_machine_sees_what_one_side_can_see_of_the_other_where_the_prison_wants_it),
		TEST(nothing_is_recorded_in_a_pause_after_the_end_or_of_a_legal_visit),
		TEST(who_meets_hears_and_sees_each_other_and_staff_receive),
		TEST(a_pause_hides_both_ways_but_nothing_from_staff),
		TEST(who_is_muted_is_seen_and_who_is_blanked_is_heard),
		TEST(before_admission_staff_alone_see_the_visitor),
		TEST(until_both_ends_know_of_a_monitor_it_receives_nothing),
		TEST(no_state_gives_a_monitor_a_legal_visit_or_a_voice),
	};
	return RUN("web/matrix", tests);
}
