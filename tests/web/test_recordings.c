/*
 * Recordings on the pages of staff: holding one by two people, and a viewing that ends when it must.
 */
#include "tests/store/recorded.h"
#include "tests/web/site.h"

#include "service/staff.h"
#include "web/keyring.h"
#include "web/viewings.h"

#define MONITOR  "monitor@wandsworth.example"
#define GOVERNOR "governor@wandsworth.example"
#define CONTACTS "contacts@wandsworth.example"

struct rig {
	struct site s;
	struct visit visit;
	struct session_started viewer; /* of whoever looks */
	struct access_id access;
	struct event_reader *reader;
	char events[4096];
};

static void open_rig(struct rig *r)
{
	memset(r, 0, sizeof *r);
	site_open(&r->s);
	r->s.web.keys = keyring_new();
	r->s.web.viewings = viewings_new();
	record_visit(&r->s.estate, &r->visit);
}

static void close_rig(struct rig *r)
{
	event_reader_free(r->reader);
	viewings_free(r->s.web.viewings);
	keyring_free(r->s.web.keys);
	site_close(&r->s);
}

static const char *path(struct rig *r, const char *rest)
{
	return arena_printf(&r->s.estate.arena, "/staff/recordings/%s%s", r->visit.reference.text,
			    rest);
}

/* ---- holding one ---- */

static void a_hold_is_asked_for_agreed_to_and_reviewed_on_pages(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r);
	sign_in(&r.s, MONITOR);
	struct answer a = ask(&r.s, path(&r, ""), NULL);
	CHECK(a.status == 200 && says(&a, "/hold\">Ask to keep it beyond its time"));
	a = ask(&r.s, path(&r, "/hold"), "matter=&reason=short");
	CHECK(a.status == 422 && says(&a, "Enter the matter") && says(&a, "Enter the review date"));
	static const char fields[] =
	    "matter=Inquest%%2012%%2F2026&reason=The%%20inquest%%20needs%%20it."
	    "&review-day=%s&review-month=%s&review-year=%s";
	struct arena *arena = &r.s.estate.arena;
	a = ask(&r.s, path(&r, "/hold"), arena_printf(arena, fields, "31", "3", "2027"));
	CHECK(a.status == 422 && says(&a, "later than the prison"));
	a = ask(&r.s, path(&r, "/hold"), arena_printf(arena, fields, "22", "11", "2026"));
	CHECK(a.status == 422 && says(&a, "must be in the future"));
	a = ask(&r.s, path(&r, "/hold"), arena_printf(arena, fields, "31", "1", "2027"));
	assert_int_equal(a.status, 303);
	a = ask(&r.s, path(&r, "?done=hold_asked"), NULL);
	CHECK(says(&a, "Inquest 12/2026") && says(&a, "Waiting") && !says(&a, "/decide"));

	sign_in(&r.s, GOVERNOR);
	a = ask(&r.s, "/staff/holds", NULL);
	CHECK(a.status == 200 && says(&a, "Sun 31 Jan"));
	const char *decide = arena_printf(arena, "/staff/holds/%s/decide",
					  between(&r.s, &a, "/staff/holds/", "/decide"));
	a = ask(&r.s, decide, NULL);
	CHECK(a.status == 200 && says(&a, "The inquest needs it."));
	a = ask(&r.s, decide, "decision=AGREED&reason=Necessary%20for%20it.");
	assert_int_equal(a.status, 303);
	a = ask(&r.s, decide, "decision=AGREED&reason=Necessary%20for%20it.");
	CHECK(a.status == 422 && says(&a, "Somebody has decided already"));

	sign_in(&r.s, CONTACTS);
	r.s.estate.service.now.s += 75 * 86400;
	sign_in(&r.s, CONTACTS); /* the other session is over by then */
	a = ask(&r.s, "/staff/recordings", NULL);
	CHECK(says(&a, "A review is due"));
	a = ask(&r.s, "/staff/holds", NULL);
	CHECK(says(&a, "Review overdue"));
	const char *review = arena_printf(arena, "/staff/holds/%s/review",
					  between(&r.s, &a, "/staff/holds/", "/review"));
	a = ask(&r.s, review, "decision=GOES_ON&reason=Not%20yet%20over.");
	CHECK(a.status == 422 && says(&a, "Enter the next review date"));
	a = ask(&r.s, review,
		"decision=GOES_ON&reason=Not%20yet%20over.&review-day=1&review-month=4&review-year="
		"2027");
	assert_int_equal(a.status, 303);
	a = ask(&r.s, "/staff/holds", NULL);
	CHECK(says(&a, "Thu 1 Apr") && !says(&a, "Review overdue"));
	a = ask(&r.s, review, "decision=ENDS&reason=The%20inquest%20is%20over.");
	assert_int_equal(a.status, 303);
	a = ask(&r.s, "/staff/holds", NULL);
	CHECK(says(&a, "No recording is held beyond its time."));
	close_rig(&r);
}

/* ---- privileged by mistake ---- */

static void what_was_closed_stands_on_the_start_page_until_somebody_sees_to_it(void **state)
{
	(void)state;
	struct rig r;
	open_rig(&r);
	sign_in(&r.s, MONITOR);
	struct answer a =
	    ask(&r.s, path(&r, "/lock"), "reason=The%20visitor%20is%20a%20solicitor.");
	assert_int_equal(a.status, 303);
	a = ask(&r.s, "/staff", NULL);
	CHECK(a.status == 200 && !says(&a, "#settle")); /* not theirs to see to */
	a = ask(&r.s, path(&r, ""), NULL);
	CHECK(a.status == 200 && !says(&a, "/settle\"") && says(&a, "Not yet"));
	assert_int_equal(ask(&r.s, path(&r, "/settle"), "reason=Told.").status, 403);
	sign_in(&r.s, GOVERNOR);
	a = ask(&r.s, "/staff", NULL);
	CHECK(a.status == 200 && says(&a, "The recording is closed; see to what follows"));
	CHECK(says(&a, path(&r, "#settle")));
	a = ask(&r.s, path(&r, ""), NULL);
	CHECK(a.status == 200 && says(&a, "/settle\""));
	a = ask(&r.s, path(&r, "/settle"), "reason=");
	CHECK(a.status == 422 && says(&a, "Write down what was done"));
	a = ask(&r.s, path(&r, "/settle"), "reason=The%20solicitor%20was%20told%20by%20letter.");
	assert_int_equal(a.status, 303);
	a = ask(&r.s, path(&r, "?done=recording_settled"), NULL);
	CHECK(says(&a, "What was done has been kept.") && !says(&a, "/settle\"") &&
	      !says(&a, "Not yet"));
	assert_int_equal(ask(&r.s, path(&r, "/settle"), "reason=Again.").status, 409);
	a = ask(&r.s, "/staff", NULL);
	CHECK(!says(&a, "#settle"));
	close_rig(&r);
}

/* ---- a viewing ends ---- */

static void read_events(struct rig *r)
{
	size_t len = strlen(r->events);
	long got;
	while ((got = event_reader_fill(r->reader, r->events + len, sizeof r->events - 1 - len)) >
	       0)
		len += (size_t)got;
	r->events[len] = '\0';
}

static void second(struct rig *r)
{
	r->s.web.now = mono_add_ms(r->s.web.now, VIEWINGS_EVERY_MS);
	viewings_tick(&r->s.web);
	read_events(r);
}

/* The monitor looks at it, and a key is in memory for that. */
static void begin_to_look(struct rig *r)
{
	static const uint8_t key[VAULT_KEY_LEN] = { 9 };
	struct answer a;
	open_rig(r);
	sign_in(&r->s, MONITOR);
	r->viewer = r->s.session;
	CHECK(ask(&r->s, path(r, "/ask"), "reason=An%20incident%20was%20reported.").status == 303);
	sign_in(&r->s, GOVERNOR);
	a = ask(&r->s, "/staff/recordings", NULL);
	const char *id = between(&r->s, &a, "/staff/playback/", "/decide");
	CHECK(ask(&r->s, arena_printf(&r->s.estate.arena, "/staff/playback/%s/decide", id),
		  "decision=AGREED&reason=Necessary%20for%20it.")
		  .status == 303);
	r->access.n = strtoll(id, NULL, 10);
	r->s.session = r->viewer;
	const char *page = arena_printf(&r->s.estate.arena, "/staff/playback/%s", id);
	CHECK(ask(&r->s, arena_printf(&r->s.estate.arena, "%s/open", page), "").status == 303);
	a = ask(&r->s, page, NULL);
	CHECK(a.status == 200 && says(&a, "/events\""));
	keyring_put(r->s.web.keys, r->access, (struct segment_id){ 5 }, r->visit.id, key,
		    wall_add_s(r->s.estate.service.now, 3600));
	r->reader = viewings_events(r->s.web.viewings, r->access, STR(""));
	CHECK(r->reader != NULL);
	second(r);
	CHECK(strstr(r->events, "event: closed") == NULL);
}

static bool has_key(struct rig *r)
{
	uint8_t key[VAULT_KEY_LEN];
	return keyring_find(r->s.web.keys, r->access, (struct segment_id){ 5 },
			    r->s.estate.service.now, key);
}

static void ended_with(struct rig *r, const char *why)
{
	char byte;
	CHECK(strstr(r->events, "event: closed") != NULL && strstr(r->events, why) != NULL);
	CHECK(event_reader_fill(r->reader, &byte, 1) < 0 && !has_key(r));
	CHECK(viewings_events(r->s.web.viewings, r->access, STR("")) == NULL);
	close_rig(r);
}

static void privilege_ends_a_viewing_that_is_open(void **state)
{
	(void)state;
	struct rig r;
	begin_to_look(&r);
	CHECK(has_key(&r));
	sign_in(&r.s, GOVERNOR);
	CHECK(ask(&r.s, path(&r, "/lock"), "reason=The%20visitor%20is%20a%20solicitor.").status ==
	      303);
	viewings_tick(&r.s.web); /* in the same turn: not a second later */
	read_events(&r);
	ended_with(&r, "LOCKED");
}

static void so_does_the_end_of_the_role(void **state)
{
	(void)state;
	struct rig r;
	begin_to_look(&r);
	struct actor monitor = estate_family(&r.s.estate, MONITOR);
	struct staff_role role = { ROLE_MONITOR, r.visit.prison };
	CHECK(staff_role_revoke(&r.s.estate.service, &SYSTEM_ACTOR, monitor.account, role) == OK);
	second(&r);
	ended_with(&r, "NO_ROLE");
}

static void and_signing_out_and_the_end_of_the_hour(void **state)
{
	(void)state;
	struct rig r;
	begin_to_look(&r);
	CHECK(account_session_end(&r.s.estate.service, str_from(r.viewer.token)) == OK);
	second(&r);
	ended_with(&r, "NO_ROLE");
	begin_to_look(&r);
	for (int minute = 0; minute < 60; minute++) { /* somebody is there all the time */
		r.s.estate.service.now.s += 60;
		CHECK(account_session_touch(&r.s.estate.service, str_from(r.viewer.token)) == OK);
	}
	second(&r);
	ended_with(&r, "OVER");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_hold_is_asked_for_agreed_to_and_reviewed_on_pages),
		TEST(what_was_closed_stands_on_the_start_page_until_somebody_sees_to_it),
		TEST(privilege_ends_a_viewing_that_is_open),
		TEST(so_does_the_end_of_the_role),
		TEST(and_signing_out_and_the_end_of_the_hour),
	};
	return RUN("web/recordings", tests);
}
