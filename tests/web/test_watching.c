/*
 * Staff act in a running visit and watch it.
 */
#include "tests/web/running.h"

#include "service/incident.h"
#include "service/staff.h"
#include "tests/store/places.h"
#include "tests/store/recorded.h"
#include "web/record_link.h"

static const struct session_mark NO_SESSION;

/* ---- watching ---- */

static void both_ends_know_before_the_first_packet(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	sign_in(&r->s, "monitor@wandsworth.example");
	assert_int_equal(join(r, "{}"), 409); /* live: why? */
	assert_int_equal(join(r, "{\"purpose\":\"SAMPLE\"}"), 409);
	assert_int_equal(join(r, "{\"purpose\":\"ASSIGNMENT\",\"words\":\"short\"}"), 409);
	CHECK(watched(r).count == 0);
	assert_int_equal(join(r, WATCH), 200);
	turn(r, 10);
	CHECK(told(&r->prisoner, "{\"present\":true,\"presence\":1}"));
	CHECK(told(&r->visitor, "{\"present\":true,\"presence\":1}"));
	CHECK(!monitor_gets_something(r));
	turn(r, 200);
	assert_int_equal(tell(r, &r->visitor, "{\"seen\":1}"), 204);
	turn(r, 10);
	CHECK(!monitor_gets_something(r)); /* one of two */
	assert_int_equal(tell(r, &r->prisoner, "{\"seen\":1}"), 204);
	turn(r, 10);
	CHECK(monitor_gets_something(r) && both_hear(r));
	CHECK(watched(r).count == 1 && watched(r).list[0].told && watched(r).list[0].acknowledged);
	close_rig(r);
	free(r);
}

static void who_does_not_answer_has_a_second_and_that_is_noted(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	sign_in(&r->s, "monitor@wandsworth.example");
	assert_int_equal(join(r, WATCH), 200);
	turn(r, 10);
	assert_int_equal(tell(r, &r->prisoner, "{\"seen\":2}"),
			 204); /* a number that was never told */
	assert_int_equal(tell(r, &r->visitor, "{\"seen\":1}"), 204);
	turn(r, 980);
	CHECK(!monitor_gets_something(r));
	CHECK(live_next(r->s.web.live).us <= r->s.web.now.us + 20000); /* it wakes for it */
	turn(r, 20);
	CHECK(monitor_gets_something(r));
	CHECK(watched(r).list[0].told && !watched(r).list[0].acknowledged);
	/* Gone: both are told so, and the bits go. */
	forget(r);
	for (int i = 0; i < 13; i++)
		turn(r, 1000);
	CHECK(told(&r->visitor, "{\"present\":false,"));
	CHECK(!monitor_gets_something(r) && watched(r).list[0].left_at.s);
	close_rig(r);
	free(r);
}

/* With a connection or before there is one. */
static void who_closes_the_page_watches_no_longer_at_once(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	json_t *seat;
	open_rig(r, social);
	sign_in(&r->s, "monitor@wandsworth.example");
	assert_int_equal(post_json(r, path_of(r, "/api/v1", "join"), WATCH, NULL, &seat), 200);
	const char *token = json_string_value(json_object_get(seat, "token"));
	turn(r, 10);
	turn(r, 1000);
	CHECK(told(&r->visitor, "{\"present\":true,") && monitor_gets_something(r));
	assert_int_equal(
	    post_json(r, path_of(r, "/api/v1", "say"), "{\"left\":false}", token, NULL), 422);
	assert_int_equal(post_json(r, path_of(r, "/api/v1", "say"), "{\"left\":true}", token, NULL),
			 204);
	turn(r, 0);
	CHECK(told(&r->visitor, "{\"present\":false,") &&
	      told(&r->prisoner, "{\"present\":false,"));
	CHECK(!monitor_gets_something(r) && watched(r).list[0].left_at.s != 0);
	assert_int_equal(post_json(r, path_of(r, "/api/v1", "say"), "{\"left\":true}", token, NULL),
			 401);
	assert_int_equal(tell(r, &r->visitor, "{\"left\":true}"),
			 409);                 /* who takes part leaves otherwise */
	assert_int_equal(join(r, WATCH), 200); /* and may come back */
	json_decref(seat);
	close_rig(r);
	free(r);
}

/* Staff watch to admit; free the reader. */
static struct event_reader *look_before_admission(struct rig *r)
{
	struct service *service = &r->s.estate.service;
	struct actor officer = estate_staff(&r->s.estate, ROLE_MONITOR, "WWI");
	officer.account = estate_family(&r->s.estate, "monitor@wandsworth.example").account;
	struct join found;
	struct live_seat seat;
	sign_in(&r->s, "monitor@wandsworth.example");
	CHECK(join_authorise(service, &officer, &r->s.estate.arena, r->reference, &found) == OK);
	struct live_sitter sitter = { .actor = &officer, .admission = true };
	CHECK(live_sit(r->s.web.live, &found, &sitter, &seat) == OK);
	struct event_reader *reader =
	    live_events(r->s.web.live, r->reference, str_from(seat.ticket), STR(""));
	CHECK(reader);
	turn(r, 10);
	turn(r, 1000);
	CHECK(monitor_gets_something(r));
	return reader;
}

static void minute_passes(struct rig *r)
{
	for (int i = 0; i < 62; i++)
		turn(r, 1000);
}

static void a_look_before_admission_ends_with_it(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	struct end *end = calloc(1, sizeof *end);
	end->reader = look_before_admission(r);
	read_events(end);
	minute_passes(r);
	CHECK(!monitor_gets_something(r));
	read_events(end);
	CHECK(told(end, "event: purpose"));
	event_reader_free(end->reader);
	free(end);
	close_rig(r);
	free(r);
}

/* A second device comes to a visit that has begun. */
static void latecomer_comes(struct rig *r, struct person_id who)
{
	struct service *service = &r->s.estate.service;
	struct actor booker = estate_family(&r->s.estate, "amina@family.example");
	char code[LINK_CODE_LEN + 1];
	CHECK(visit_link_make(service, &booker, r->reference, who, code) == OK);
	struct actor guest = places_guest(&r->s.estate, code);
	places_enter(&r->s.estate, &guest);
	live_reread(r->s.web.live, r->reference);
}

static void a_look_before_admission_goes_on_while_somebody_waits(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	struct person_id grace = places_add(&r->s.estate, "Grace Example", GRACE_BORN);
	latecomer_comes(r, grace);
	struct event_reader *reader = look_before_admission(r);
	minute_passes(r);
	CHECK(monitor_gets_something(r));
	struct actor clerk = estate_staff(&r->s.estate, ROLE_VISITS_CLERK, "WWI");
	CHECK(visitor_admit(&r->s.estate.service, &clerk, r->reference, grace) == OK);
	live_reread(r->s.web.live, r->reference);
	turn(r, 1000);
	turn(r, 1000);
	CHECK(!monitor_gets_something(r));
	event_reader_free(reader);
	close_rig(r);
	free(r);
}

/* Whoever watches or reads the list loses both with the role, within a second. */
static void a_role_that_is_taken_away_ends_what_goes_on_in_it(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	sign_in(&r->s, "monitor@wandsworth.example");
	struct service *service = &r->s.estate.service;
	struct actor monitor = estate_staff(&r->s.estate, ROLE_MONITOR, "WWI");
	monitor.account = estate_family(&r->s.estate, "monitor@wandsworth.example").account;
	struct end *desk = calloc(2, sizeof *desk);
	desk[0].reader = live_staff_events(r->s.web.live, &monitor, &NO_SESSION, STR(""));
	struct actor clerk = estate_staff(&r->s.estate, ROLE_VISITS_CLERK, "WWI");
	desk[1].reader = live_staff_events(r->s.web.live, &clerk, &NO_SESSION, STR(""));
	CHECK(desk[0].reader && desk[1].reader);
	assert_int_equal(join(r, WATCH), 200);
	turn(r, 10);
	turn(r, 1000);
	CHECK(monitor_gets_something(r));
	read_events(&desk[0]);
	CHECK(told(&desk[0], "event: snapshot"));
	struct staff_role role = { ROLE_MONITOR, monitor.prison };
	CHECK(staff_role_revoke(service, &SYSTEM_ACTOR, monitor.account, role) == OK);
	turn(r, 1000);
	CHECK(!monitor_gets_something(r) && both_hear(r));
	CHECK(watched(r).list[0].left_at.s != 0);
	CHECK(told(&r->visitor, "{\"present\":false,"));
	char byte;
	read_events(&desk[0]);
	CHECK(event_reader_fill(desk[0].reader, &byte, 1) < 0);
	read_events(&desk[1]);
	CHECK(event_reader_fill(desk[1].reader, &byte, 1) == 0); /* somebody else's goes on */
	event_reader_free(desk[0].reader);
	event_reader_free(desk[1].reader);
	free(desk);
	close_rig(r);
	free(r);
}

static void nobody_watches_a_confidential_visit_by_page_or_api(void **state)
{
	(void)state;
	static const char *const purposes[] = { "ADMISSION", "ASSIGNMENT", "SAMPLE", "INCIDENT",
						"AUTHORISATION" };
	static const char *const people[] = { "monitor@wandsworth.example",
					      "governor@wandsworth.example",
					      "clerk@wandsworth.example",
					      "contacts@wandsworth.example",
					      "admin@wandsworth.example" };
	struct reference (*const kinds[])(struct rig *) = { legal, official };
	for (size_t k = 0; k < 2; k++) {
		struct rig *r = malloc(sizeof *r);
		open_rig(r, kinds[k]);
		for (size_t p = 0; p < ARRAY_LEN(people); p++) {
			sign_in(&r->s, people[p]);
			for (size_t i = 0; i < ARRAY_LEN(purposes); i++) {
				const char *body = arena_printf(
				    &r->s.estate.arena,
				    "{\"purpose\":\"%s\",\"words\":\"Security asks for it\"}",
				    purposes[i]);
				assert_int_equal(join(r, body), 403);
			}
			struct answer page = ask(&r->s, path_of(r, "/staff", "watch"), NULL);
			CHECK(page.status == 303 || page.status == 403);
			CHECK(!says(&page, "pvl-visit"));
			(void)ask(&r->s, path_of(r, "/staff", "act"), "act=PAUSE&why=LOOK");
			(void)ask(&r->s, path_of(r, "/staff", "act"), "act=MUTE_VISITOR&why=LOOK");
			(void)ask(&r->s, path_of(r, "/staff", "warn"), "warning=1&side=BOTH");
			turn(r, 1500);
			for (size_t i = 0; i < r->messages_len; i++)
				CHECK(r->messages[i].type != MEDIA_PEER_ADD);
			CHECK(both_hear(r) && !monitor_gets_something(r));
			CHECK(!told(&r->visitor, "\"present\":true"));
			CHECK(!told(&r->visitor, "\"paused\":true"));
			forget(r);
		}
		CHECK(watched(r).count == 0);
		/* pvl-media is told a kind for which it, too, has no monitors (flow/visit). */
		r->messages_len = 0;
		hello(r);
		close_rig(r);
		free(r);
	}
}

/* ---- acts ---- */

static struct answer act(struct rig *r, const char *form)
{
	return ask(&r->s, path_of(r, "/staff", "act"), form);
}

/* ---- lawyers ---- */

/* The main visitor is a verified solicitor, said yes to by two people. */
static struct account_id make_lawyer(struct rig *r)
{
	static const char INSERT[] =
	    "INSERT INTO professional (account, person, firm, profession, regulator_id, state, "
	    "asked_at, first_by, first_at, second_by, second_at, ended_at, reason) "
	    "SELECT v.booker, w.person, (SELECT MIN(id) FROM firm), 'SOLICITOR', 'SRA 1', "
	    "'VERIFIED', 1, (SELECT MIN(id) FROM account), 1, (SELECT MAX(id) FROM account), 1, 0, "
	    "'' FROM visit v JOIN visit_visitor w ON w.visit = v.id AND w.lead = 1 "
	    "WHERE v.reference = ?1";
	struct store *store = r->s.estate.service.store;
	CHECK(store_enter(store) == OK);
	struct query q = query_of(store, INSERT);
	query_text(&q, r->reference.text);
	CHECK(query_change(&q) == OK);
	CHECK(store_leave(store, true) == OK);
	return visit_of(r).booker;
}

static bool sent_to_media(const struct rig *r, enum media_type type)
{
	for (size_t i = 0; i < r->messages_len; i++)
		if (r->messages[i].type == type)
			return true;
	return false;
}

/* By headquarters, who have no prison and could not open the visit. */
static void a_revoked_lawyer_is_out_of_the_visit_in_that_turn(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	struct live_visit *visit;
	uint8_t end;
	open_rig(r, legal);
	struct account_id lawyer = make_lawyer(r);
	sign_in(&r->s, "admin@hq.example");
	const char *path =
	    arena_printf(&r->s.estate.arena, "/staff/professionals/%lld/end", (long long)lawyer.n);
	struct answer page = ask(&r->s, path, NULL);
	CHECK(page.status == 200 && says(&page, "Revoke"));
	page = ask(&r->s, path, "reason=");
	CHECK(page.status == 422 && says(&page, "Enter a reason") && both_hear(r));
	assert_int_equal(ask(&r->s, path, "reason=Struck+off.").status, 303);
	turn(r, 1);
	CHECK(told(&r->visitor, "event: refused") && told(&r->visitor, "Struck off."));
	CHECK(told(&r->prisoner, "event: ended"));
	CHECK(sent_to_media(r, MEDIA_VISIT_CLOSE));
	CHECK(live_token_check(r->s.web.live, r->reference, str_from(r->visitor.seat.token), &visit,
			       &end) != OK);
	assert_int_equal(visit_of(r).state, VISIT_COMPLETED);
	assert_int_equal(visit_of(r).end, END_STAFF);
	assert_int_equal(ask(&r->s, path, "reason=Again").status, 303);
	sign_in(&r->s, "clerk@wandsworth.example");
	page = ask(&r->s, arena_printf(&r->s.estate.arena, "/staff/visits/%s", r->reference.text),
		   NULL);
	CHECK(page.status == 200 && says(&page, "Struck off."));
	close_rig(r);
	free(r);
}

static void staff_admit_to_a_confidential_visit_by_name(void **state)
{
	(void)state;
	struct rig *r = calloc(1, sizeof *r);
	enum joining answer;
	site_open(&r->s);
	r->reference = legal(r);
	const char *path = arena_printf(&r->s.estate.arena, "/staff/visits/%s", r->reference.text);
	struct actor family = estate_family(&r->s.estate, "amina@family.example");
	CHECK(lobby_enter(&r->s.estate.service, &family, r->reference, &answer) == OK);
	sign_in(&r->s, "clerk@wandsworth.example");
	struct answer page = ask(&r->s, path, NULL);
	CHECK(page.status == 200 && says(&page, "This visit is confidential"));
	CHECK(says(&page, "/admit\"") && !says(&page, "pvl-visit\""));
	const char *form = arena_printf(&r->s.estate.arena, "person=%lld",
					(long long)visit_of(r).visitors[0].person.n);
	page = ask(&r->s, arena_printf(&r->s.estate.arena, "%s/admit", path), form);
	assert_int_equal(page.status, 303);
	CHECK(visit_of(r).visitors[0].admitted_at.s != 0);
	sign_in(&r->s, "contacts@wandsworth.example"); /* who admits nobody */
	page = ask(&r->s, path, NULL);
	CHECK(page.status == 200 && !says(&page, "This visit is confidential"));
	site_close(&r->s);
	free(r);
}

/* ---- acts ---- */

static void a_pause_reaches_pvl_media_in_the_turn_of_its_commit(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	sign_in(&r->s, "monitor@wandsworth.example");
	struct answer answer = act(r, "act=PAUSE&why=THIRD_PERSON&details=at%20the%20door");
	assert_int_equal(answer.status, 303);
	CHECK(both_hear(r)); /* not before the commit */
	turn(r, 0);
	CHECK(!both_hear(r) && r->routes.hears[VISITOR] == 0 && r->routes.sees[PRISONER] == 0);
	CHECK(told(&r->prisoner, "\"paused\":true") && told(&r->visitor, "\"paused\":true"));
	struct answer record = ask(&r->s, path_of(r, "/staff", "oversight"), NULL);
	CHECK(says(&record, "not on the booking: at the door"));
	/* Who comes back meanwhile, and a new pvl-media, change nothing. */
	struct actor family = estate_family(&r->s.estate, "amina@family.example");
	event_reader_free(r->visitor.reader);
	forget(r);
	sit(r, &family, &r->visitor);
	turn(r, 10);
	CHECK(r->messages_len > 0 && r->routes.hears[VISITOR] == 0);
	CHECK(told(&r->visitor, "\"oversight\":{\"paused\":true"));
	assert_int_equal(act(r, "act=RESUME&why=LOOK").status, 303);
	turn(r, 0);
	CHECK(both_hear(r));
	assert_int_equal(act(r, "act=MUTE_VISITOR&why=CONDUCT").status, 303);
	assert_int_equal(act(r, "act=BLANK_PRISONER&why=DRESS").status, 303);
	turn(r, 0);
	CHECK(r->routes.hears[PRISONER] == 0 && r->routes.sees[PRISONER] != 0);
	CHECK(r->routes.hears[VISITOR] != 0 && r->routes.sees[VISITOR] == 0);
	CHECK(told(&r->visitor, "\"muted\":[\"visitor\"],\"blanked\":[\"prisoner\"]"));
	close_rig(r);
	free(r);
}

static void a_new_web_process_takes_a_paused_visit_as_it_stands(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	sign_in(&r->s, "monitor@wandsworth.example");
	assert_int_equal(act(r, "act=PAUSE&why=LOOK").status, 303);
	turn(r, 0);
	event_reader_free(r->prisoner.reader);
	event_reader_free(r->visitor.reader);
	r->prisoner.reader = r->visitor.reader = NULL;
	/* The process dies; its successor hears what stands in pvl-media. */
	live_free(r->s.web.live);
	r->s.web.live = live_new(&r->s.estate.service, r->s.link, NULL, NULL);
	memset(&r->routes, 0xff, sizeof r->routes);
	struct visit visit = visit_of(r);
	say(r, &(struct media_message){ .type = MEDIA_VISIT_STANDS,
					.visit = { .visit = visit.id, .lifetime_s = 600 } });
	say(r, &(struct media_message){ .type = MEDIA_PEER_STATE,
					.state = { .visit = visit.id,
						   .peer = { 77 },
						   .end = LIVE_END_MONITOR,
						   .role = MEDIA_MONITOR,
						   .state = MEDIA_PEER_CONNECTED } });
	turn(r, 1000);
	CHECK(r->routes.visit.n == visit.id.n);
	CHECK(!both_hear(r) && !monitor_gets_something(r));
	/* And what staff do next is done, whoever has come back yet. */
	assert_int_equal(act(r, "act=RESUME&why=LOOK").status, 303);
	turn(r, 0);
	CHECK(both_hear(r) && !monitor_gets_something(r));
	close_rig(r);
	free(r);
}

static void a_warning_is_shown_to_each_in_their_language_until_they_have_read_it(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	sign_in(&r->s, "monitor@wandsworth.example");
	struct answer bad = ask(&r->s, path_of(r, "/staff", "warn"), "warning=99&side=BOTH");
	assert_int_equal(bad.status, 422);
	CHECK(says(&bad, "Choose a warning"));
	assert_int_equal(ask(&r->s, path_of(r, "/staff", "warn"), "warning=3&side=BOTH").status,
			 303);
	turn(r, 0);
	CHECK(told(&r->visitor,
		   "\"text\":\"Please stay where the camera can see you.\",\"lang\":\"en\""));
	CHECK(told(&r->prisoner, "Arhoswch lle gall y camera eich gweld.\",\"lang\":\"cy\""));
	char id[32];
	const char *at = strstr(r->visitor.events, "\"warning\":{\"id\":\"");
	CHECK(at && sscanf(at, "\"warning\":{\"id\":\"%31[0-9]", id) == 1);
	forget(r);
	assert_int_equal(
	    tell(r, &r->visitor, arena_printf(&r->s.estate.arena, "{\"acknowledge\":\"%s\"}", id)),
	    204);
	turn(r, 0);
	CHECK(told(&r->visitor, "\"warning\":null") && told(&r->prisoner, "\"lang\":\"cy\""));
	/* In the officer's own words, to one end. */
	assert_int_equal(ask(&r->s, path_of(r, "/staff", "warn"),
			     "warning=own&words=Sit%20down%2C%20please.&side=PRISONER")
			     .status,
			 303);
	forget(r);
	turn(r, 0);
	CHECK(told(&r->prisoner, "\"text\":\"Sit down, please.\",\"lang\":\"en\""));
	CHECK(!told(&r->visitor, "Sit down"));
	close_rig(r);
	free(r);
}

static void each_side_can_call_staff(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	struct actor clerk = estate_staff(&r->s.estate, ROLE_VISITS_CLERK, "WWI");
	struct event_reader *staff = live_staff_events(r->s.web.live, &clerk, &NO_SESSION, STR(""));
	char events[EVENTS_ROOM];
	assert_int_equal(tell(r, &r->visitor, "{\"report\":\"\"}"), 204);
	turn(r, 0);
	long len = event_reader_fill(staff, events, sizeof events - 1);
	CHECK(len > 0);
	events[len] = '\0';
	CHECK(strstr(events, "\"flags\":[\"reported\""));
	assert_int_equal(tell(r, &r->visitor, "{\"not_private\":true}"), 409);
	assert_int_equal(tell(r, &r->visitor, "{\"seen\":1,\"report\":\"\"}"), 422);
	assert_int_equal(tell(r, &r->visitor, "{\"seen\":-1}"), 422);
	event_reader_free(staff);
	close_rig(r);
	open_rig(r, legal);
	assert_int_equal(tell(r, &r->prisoner, "{\"report\":\"\"}"), 409);
	assert_int_equal(tell(r, &r->prisoner, "{\"not_private\":true}"), 204);
	turn(r, 0);
	CHECK(told(&r->visitor, "\"not_private\":true") &&
	      told(&r->prisoner, "\"not_private\":true"));
	close_rig(r);
	free(r);
}

/* The letter that pvl-media was told last; '?': it was told nothing. */
static char bound(const struct rig *r)
{
	char tier = '?';
	for (size_t i = 0; i < r->messages_len; i++)
		if (r->messages[i].type == MEDIA_PEER_MOST)
			tier = (char)r->messages[i].most.tier;
	return tier;
}

static void a_person_may_want_less(void **state)
{
	(void)state;
	static const struct {
		const char *body;
		int status;
		char tier;
	} CASES[] = {
		{ "{\"data\":\"less\"}", 204, 'D' }, { "{\"data\":\"sound\"}", 204, 'G' },
		{ "{\"data\":\"all\"}", 204, 0 },    { "{\"data\":\"none\"}", 422, '?' },
		{ "{\"data\":7}", 422, '?' },        { "{\"data\":\"less\",\"seen\":1}", 422, '?' },
	};
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
		forget(r);
		assert_int_equal(tell(r, &r->visitor, CASES[i].body), CASES[i].status);
		turn(r, 0);
		assert_int_equal(bound(r), CASES[i].tier);
	}
	close_rig(r);
	free(r);
}

/* A page that is loaded again, and a connection that is made anew. */
static void what_a_person_wants_is_kept_and_told_to_the_others(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	assert_int_equal(tell(r, &r->visitor, "{\"data\":\"sound\"}"), 204);
	turn(r, 0);
	CHECK(told(&r->prisoner, "\"data\":\"sound\""));
	struct actor family = estate_family(&r->s.estate, "amina@family.example");
	event_reader_free(r->visitor.reader);
	forget(r);
	sit(r, &family, &r->visitor);
	turn(r, 10);
	CHECK(told(&r->visitor, "event: snapshot") && told(&r->visitor, "\"data\":\"sound\""));
	assert_int_equal(bound(r), 'G');
	assert_int_equal(tell(r, &r->visitor, "{\"data\":\"all\"}"), 204);
	turn(r, 0);
	forget(r);
	struct actor terminal = estate_terminal(&r->s.estate);
	event_reader_free(r->prisoner.reader);
	sit(r, &terminal, &r->prisoner);
	turn(r, 10);
	assert_int_equal(bound(r), '?'); /* they never wanted less */
	CHECK(told(&r->prisoner, "event: snapshot") && !told(&r->prisoner, "\"data\":\"sound\""));
	close_rig(r);
	free(r);
}

/* ---- what should be watched ---- */

static void set_rules(struct rig *r, int64_t watch, int64_t pause)
{
	static const char SET[] =
	    "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, reason) "
	    "SELECT MAX(seq) + 1, 'WWI', ?2, ?1, ?3, NULL, 'Test' FROM prison_policy";
	const struct {
		const char *name;
		int64_t value;
	} rules[] = { { "oversight_watch", watch }, { "oversight_missing_pause", pause } };
	CHECK(store_enter(r->s.estate.service.store) == OK);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		struct query q = query_of(r->s.estate.service.store, SET);
		query_int(&q, rules[i].value);
		query_text(&q, rules[i].name);
		query_int(&q, r->s.estate.service.now.s);
		CHECK(query_change(&q) == OK);
	}
	CHECK(store_leave(r->s.estate.service.store, true) == OK);
}

static void a_visit_that_nobody_watches_is_an_alarm_and_by_rule_a_pause(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	set_rules(r, WATCH_ALL, 1);
	for (int i = 0; i < 118; i++)
		turn(r, 1000);
	CHECK(both_hear(r));
	for (int i = 0; i < 6; i++)
		turn(r, 1000);
	CHECK(!both_hear(r) && told(&r->visitor, "\"paused\":true"));
	sign_in(&r->s, "monitor@wandsworth.example");
	struct answer live = ask(&r->s, "/staff/desk", NULL);
	CHECK(live.status == 200);
	assert_int_equal(join(r, WATCH), 200);
	turn(r, 10);
	turn(r, 1000);
	turn(r, 1000);
	turn(r, 1000);
	CHECK(both_hear(r) && monitor_gets_something(r));
	/* What an officer paused does not go on by itself. */
	assert_int_equal(act(r, "act=PAUSE&why=LOOK").status, 303);
	for (int i = 0; i < 4; i++)
		turn(r, 1000);
	CHECK(!both_hear(r));
	close_rig(r);
	free(r);
}

static bool is_refused(struct rig *r, const char *wish, const char *says)
{
	json_t *problem = NULL;
	int status = post_json(r, path_of(r, "/api/v1", "join"), wish, NULL, &problem);
	const char *message = json_string_value(json_object_get(problem, "userMessage"));
	bool refused = status == 409 && message != NULL && strstr(message, says) != NULL;
	json_decref(problem);
	return refused;
}

/* Whoever is assigned watches until the governor ends it, and reads why not. */
static void an_officer_is_assigned_on_pages_and_watches_no_longer_than_that(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	struct arena *arena = &r->s.estate.arena;
	set_rules(r, WATCH_SHARE, 0);
	sign_in(&r->s, "monitor@wandsworth.example");
	CHECK(is_refused(r, WATCH, "Ask the duty governor to assign you"));
	const char *page = path_of(r, "/staff", "assign");
	assert_int_equal(ask(&r->s, page, NULL).status, 403);
	struct account_id officer =
	    estate_family(&r->s.estate, "monitor@wandsworth.example").account;
	sign_in(&r->s, "governor@wandsworth.example");
	struct answer a =
	    ask(&r->s, arena_printf(arena, "/staff/visits/%s", r->reference.text), NULL);
	CHECK(says(&a, "Assign an officer"));
	a = ask(&r->s, page, "officer=&reason=");
	CHECK(a.status == 422 && says(&a, "Choose an officer") &&
	      says(&a, "Write why this visit is to be watched"));
	const char *wish =
	    arena_printf(arena, "officer=%lld&reason=The%%20wing%%20asks", (long long)officer.n);
	assert_int_equal(ask(&r->s, page, wish).status, 303);
	a = ask(&r->s, page, wish);
	CHECK(a.status == 422 && says(&a, "This officer is assigned already"));
	const char *end =
	    arena_printf(arena, "%s/%s/end", page, between(&r->s, &a, "/assign/", "/end"));
	sign_in(&r->s, "monitor@wandsworth.example");
	assert_int_equal(join(r, WATCH), 200);
	turn(r, 10);
	turn(r, 1000);
	CHECK(monitor_gets_something(r) && watched(r).list[0].purpose_id != 0);
	a = ask(&r->s, path_of(r, "/staff", "oversight"), NULL);
	CHECK(says(&a, "The wing asks"));
	sign_in(&r->s, "governor@wandsworth.example");
	assert_int_equal(ask(&r->s, end, "").status, 303);
	turn(r, 1000);
	turn(r, 1000);
	CHECK(!monitor_gets_something(r) && both_hear(r));
	CHECK(watched(r).list[0].left_at.s != 0);
	set_rules(r, WATCH_NOBODY, 0);
	a = ask(&r->s, page, wish);
	CHECK(a.status == 422 && says(&a, "an assignment would open nothing"));
	sign_in(&r->s, "monitor@wandsworth.example");
	CHECK(is_refused(r, WATCH, "Write down an incident first"));
	close_rig(r);
	free(r);
}

static void pages_say_what_is_wrong(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	sign_in(&r->s, "monitor@wandsworth.example");
	struct answer a = act(r, "why=LOOK");
	CHECK(a.status == 422 && says(&a, "Choose what to do"));
	a = act(r, "act=PAUSE");
	CHECK(a.status == 422 && says(&a, "Choose a reason"));
	a = ask(&r->s, path_of(r, "/staff", "watch"), NULL);
	CHECK(a.status == 200 && says(&a, "data-button=\"PAUSE\">") &&
	      says(&a, "data-button=\"RESUME\" hidden>"));
	a = ask(&r->s, "/staff/warnings", NULL);
	CHECK(a.status == 200 && says(&a, "Arhoswch lle gall") && !says(&a, "Add the warning"));
	sign_in(&r->s, "admin@wandsworth.example");
	a = ask(&r->s, "/staff/warnings", "words=Please%20wait.&words_cy=");
	CHECK(a.status == 422 && says(&a, "Write the warning in Welsh"));
	a = ask(&r->s, "/staff/warnings", "words=Please%20wait.&words_cy=Arhoswch.");
	assert_int_equal(a.status, 303);
	a = ask(&r->s, a.location, NULL);
	CHECK(says(&a, "Please wait.") && says(&a, "The warning can be used now."));
	const char *id = between(&r->s, &a, "action=\"/staff/warnings/", "/retire");
	a = ask(&r->s, arena_printf(&r->s.estate.arena, "/staff/warnings/%s/retire", id), "");
	assert_int_equal(a.status, 303);
	close_rig(r);
	free(r);
}

/* ---- incidents and authorisations ---- */

static void an_incident_is_decided_told_and_appealed_against_on_pages(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	struct arena *arena = &r->s.estate.arena;
	sign_in(&r->s, "monitor@wandsworth.example");
	const char *new = path_of(r, "/staff", "incident");
	struct answer a = ask(&r->s, new, "type=RECORDING&ago=0");
	CHECK(a.status == 422 && says(&a, "Choose how serious it is") &&
	      says(&a, "Write what was seen and heard"));
	a = ask(&r->s, new, "type=RECORDING&severity=MEDIUM&ago=500&evidence=A%20telephone");
	CHECK(a.status == 422 && says(&a, "before the visit began"));
	a = ask(&r->s, new, "type=RECORDING&severity=MEDIUM&ago=0&evidence=A%20telephone");
	assert_int_equal(a.status, 303);
	struct str rest = str_from(a.location);
	const char *one = arena_text(arena, str_cut(&rest, '?'));
	a = ask(&r->s, one, "outcome=RESTRICTION&counts=NO&follow_up=Seen&told=No%20more");
	CHECK(a.status == 422 && says(&a, "Only the duty governor decides"));
	a = ask(&r->s, "/staff/incidents", NULL);
	CHECK(a.status == 200 && says(&a, "Recording, or another screen") && says(&a, "Open"));
	sign_in(&r->s, "governor@wandsworth.example");
	a = ask(&r->s, one, "outcome=WARNING&counts=NO&follow_up=Seen&told=");
	CHECK(a.status == 422 && says(&a, "Write what the visitor is told about this outcome"));
	a = ask(&r->s, one,
		"outcome=WARNING&counts=NO&follow_up=Seen&told=No%20recording%2C%20please.");
	assert_int_equal(a.status, 303);
	sign_in(&r->s, "amina@family.example");
	const char *visit = arena_printf(arena, "/visits/%s", r->reference.text);
	a = ask(&r->s, visit, NULL);
	CHECK(a.status == 200 && says(&a, "No recording, please.") && !says(&a, "A telephone"));
	const char *appeal = arena_printf(arena, "/visits/%s/appeal/%s", r->reference.text,
					  between(&r->s, &a, "/appeal/", "\""));
	CHECK(says(&a, "You can appeal until "));
	struct wall now = r->s.estate.service.now;
	r->s.estate.service.now.s += 100 * 86400;
	sign_in(&r->s, "amina@family.example"); /* the session is over */
	a = ask(&r->s, visit, NULL);
	CHECK(says(&a, "The time to appeal ended: ") && !says(&a, "/appeal/"));
	a = ask(&r->s, appeal, "words=Late");
	CHECK(a.status == 422 && says(&a, "too late to appeal"));
	r->s.estate.service.now = now;
	sign_in(&r->s, "amina@family.example");
	a = ask(&r->s, appeal, "words=");
	CHECK(a.status == 422 && says(&a, "Write why the decision is wrong"));
	assert_int_equal(ask(&r->s, appeal, "words=It%20was%20the%20baby%20alarm.").status, 303);
	a = ask(&r->s, visit, NULL);
	CHECK(says(&a, "You have appealed.") && !says(&a, "/appeal/"));
	sign_in(&r->s, "ben@family.example");
	assert_int_equal(ask(&r->s, appeal, "words=Mine").status, 404);
	sign_in(&r->s, "governor@wandsworth.example");
	a = ask(&r->s, arena_printf(arena, "%s/appeal/VISITOR", one),
		"decision=ALLOWED&reason=Yes");
	CHECK(a.status == 422 && says(&a, "You made the decision"));
	a = ask(&r->s, one, NULL);
	CHECK(says(&a, "/appeal/VISITOR\"") && says(&a, "It was the baby alarm."));
	a = ask(&r->s, arena_printf(arena, "%s/appeal/PRISONER", one),
		"decision=ALLOWED&reason=Yes");
	CHECK(a.status == 422 && says(&a, "There is no appeal to decide on"));
	a = ask(&r->s, arena_printf(arena, "%s/appeal/NOBODY", one), "decision=ALLOWED&reason=Yes");
	assert_int_equal(a.status, 404);
	sign_in(&r->s, "inspector@hq.example");
	a = ask(&r->s, "/staff/incidents", NULL);
	CHECK(a.status == 200 && says(&a, "href=\"/staff/incidents?prison=WWI\""));
	a = ask(&r->s, "/staff/incidents?prison=LEI", NULL);
	CHECK(a.status == 200 && !says(&a, "Recording, or another screen"));
	a = ask(&r->s, "/staff/incidents?prison=WWI", NULL);
	CHECK(says(&a, "Recording, or another screen") &&
	      says(&a, "href=\"/staff/authorisations?prison=WWI\""));
	a = ask(&r->s, one, NULL);
	CHECK(a.status == 200 && says(&a, "A telephone") && !says(&a, "<textarea"));
	close_rig(r);
	free(r);
}

/* The governor says which restriction; it stands on the prisoner's page, and an appeal ends it. */
static void a_restriction_is_decided_on_the_page_of_an_incident(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	struct arena *arena = &r->s.estate.arena;
	struct visit visit = visit_of(r);
	const char *prisoner = arena_printf(arena, "/staff/people/%s", visit.prisoner_number.text);
	sign_in(&r->s, "monitor@wandsworth.example");
	assert_int_equal(ask(&r->s, arena_printf(arena, "/staff/visits/%s/end", r->reference.text),
			     "why=VISITOR_CONDUCT&details=&reason=Over")
			     .status,
			 303);
	struct wall end = visit_of(r).ended_at;
	CHECK(end.s != 0);
	r->s.estate.service.now.s += 300;
	struct answer a = ask(&r->s, path_of(r, "/staff", "incident"),
			      "type=CONDUCT&severity=HIGH&ago=0&evidence=Shouting");
	assert_int_equal(a.status, 303);
	struct str rest = str_from(a.location);
	const char *one = arena_text(arena, str_cut(&rest, '?'));
	a = ask(&r->s, one, NULL);
	CHECK(a.status == 200 && !says(&a, "name=\"code\""));
	static const char DECISION[] = "outcome=RESTRICTION&counts=NO&follow_up=Seen"
				       "&told=No%20visits&told_prisoner=No%20visits%20for%20you";
	sign_in(&r->s, "governor@wandsworth.example");
	a = ask(&r->s, one, NULL);
	CHECK(says(&a, "name=\"code\"") && says(&a, "put to review"));
	a = ask(&r->s, one, DECISION);
	CHECK(a.status == 422 && says(&a, "Choose what kind of restriction it is") &&
	      says(&a, "Choose whom the restriction holds for"));
	const char *whom =
	    arena_printf(arena, "&code=BAN&whom=%lld", (long long)visit.visitors[0].person.n);
	a = ask(&r->s, one,
		arena_printf(arena, "%s%s&until-day=1&until-month=&until-year=", DECISION, whom));
	CHECK(a.status == 422 && says(&a, "Enter a real date"));
	a = ask(
	    &r->s, one,
	    arena_printf(arena, "%s%s&until-day=1&until-month=1&until-year=2020", DECISION, whom));
	CHECK(a.status == 422 && says(&a, "This restriction cannot be entered"));
	a = ask(&r->s, prisoner, NULL);
	CHECK(a.status == 200 && !says(&a, "Seen"));
	a = ask(&r->s, one,
		"outcome=RESTRICTION&counts=NO&follow_up=Seen&told=No%20visits&told_prisoner="
		"&code=BAN&whom=0");
	CHECK(a.status == 422 && says(&a, "write what the prisoner is told"));
	assert_int_equal(ask(&r->s, one, arena_printf(arena, "%s%s", DECISION, whom)).status, 303);
	a = ask(&r->s, prisoner, NULL);
	CHECK(says(&a, "Seen") && says(&a, "Ban"));
	a = ask(&r->s, one, NULL);
	CHECK(says(&a, "No visits for you") &&
	      says(&a, "An appeal of either side that is allowed"));
	sign_in(&r->s, "amina@family.example");
	const char *path = arena_printf(arena, "/visits/%s", r->reference.text);
	a = ask(&r->s, path, NULL);
	CHECK(says(&a, "No visits") && !says(&a, "No visits for you"));
	const char *appeal =
	    arena_printf(arena, "%s/appeal/%s", path, between(&r->s, &a, "/appeal/", "\""));
	assert_int_equal(ask(&r->s, appeal, "words=It%20was%20the%20dog.").status, 303);
	struct incident_id id = { (int64_t)strtoll(strrchr(one, '/') + 1, NULL, 10) };
	struct actor second = estate_staff(&r->s.estate, ROLE_DUTY_GOVERNOR, "WWI");
	second.account = estate_family(&r->s.estate, "admin@wandsworth.example").account;
	enum incident_answer answer;
	CHECK(incident_appeal_decide(&r->s.estate.service, &second, id, APPELLANT_VISITOR, true,
				     STR("Believed."), &answer) == OK &&
	      answer == INCIDENT_OK);
	sign_in(&r->s, "governor@wandsworth.example");
	a = ask(&r->s, prisoner, NULL);
	CHECK(!says(&a, "Seen"));
	/* The prisoner's appeal is allowed too: the visitor reads that, and none of its words. */
	sign_in(&r->s, "amina@family.example");
	a = ask(&r->s, path, NULL);
	CHECK(says(&a, "Your appeal was allowed.") && !says(&a, "Somebody else"));
	struct actor self = { .role = ROLE_TERMINAL, .prison = visit.prison };
	self.prisoner = visit.prisoner;
	CHECK(incident_appeal(&r->s.estate.service, &self, id, STR("I was quiet."), &answer) ==
		  OK &&
	      answer == INCIDENT_OK);
	a = ask(&r->s, path, NULL);
	CHECK(!says(&a, "Somebody else"));
	CHECK(incident_appeal_decide(&r->s.estate.service, &second, id, APPELLANT_PRISONER, true,
				     STR("Heard him."), &answer) == OK &&
	      answer == INCIDENT_OK);
	a = ask(&r->s, path, NULL);
	CHECK(says(&a, "Somebody else") && !says(&a, "quiet") && !says(&a, "Heard"));
	close_rig(r);
	free(r);
}

static void an_authorisation_is_asked_for_and_granted_on_pages(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	open_rig(r, social);
	struct arena *arena = &r->s.estate.arena;
	sign_in(&r->s, "monitor@wandsworth.example");
	assert_int_equal(
	    join(r, "{\"purpose\":\"AUTHORISATION\",\"words\":\"By the authorisation\"}"), 409);
	struct answer a = ask(&r->s, "/staff/authorisations/new",
			      "number=A0000AA&days=28&necessity=short&proportionality=");
	CHECK(a.status == 422 && says(&a, "why less would not do"));
	a = ask(&r->s, "/staff/authorisations/new",
		arena_printf(arena,
			     "number=%s&days=28&necessity=Threats%%20were%%20made%%20last%%20time."
			     "&proportionality=Recordings%%20come%%20too%%20late%%20for%%20it.",
			     visit_of(r).prisoner_number.text));
	assert_int_equal(a.status, 303);
	struct str rest = str_from(a.location);
	const char *one = arena_text(arena, str_cut(&rest, '?'));
	assert_int_equal(ask(&r->s, one, "decision=GRANTED&reason=Mine").status, 403);
	sign_in(&r->s, "governor@wandsworth.example");
	a = ask(&r->s, one, "decision=REVOKED&reason=Too%20early");
	CHECK(a.status == 422 && says(&a, "This cannot be decided now"));
	assert_int_equal(ask(&r->s, one, "decision=GRANTED&reason=Necessary.").status, 303);
	sign_in(&r->s, "monitor@wandsworth.example");
	assert_int_equal(
	    join(r, "{\"purpose\":\"AUTHORISATION\",\"words\":\"By the authorisation\"}"), 200);
	CHECK(watched(r).list[0].purpose_id != 0);
	CHECK(ask(&r->s, "/staff/authorisations/authorisations.csv", NULL).status == 403);
	sign_in(&r->s, "governor@wandsworth.example");
	a = ask(&r->s, "/staff/authorisations", NULL);
	CHECK(says(&a, "href=\"/staff/authorisations/authorisations.csv"));
	int64_t leaves = estate_leaves(&r->s.estate);
	a = ask(&r->s, "/staff/authorisations/authorisations.csv", NULL);
	CHECK(a.status == 200 && says(&a, "\"GRANTED\",\"Threats were made last time.\"") &&
	      says(&a, "\"Necessary.\"\r\n"));
	assert_int_equal(estate_leaves(&r->s.estate), leaves + 1);
	a = ask(&r->s, "/staff/officers", NULL);
	CHECK(a.status == 200 && says(&a, "Watched by an authorisation"));
	close_rig(r);
	free(r);
}

/* ---- recording ---- */

/* pvl-web's link to a pvl-record, which this test stands for too. */
struct recorder_rig {
	struct loop *loop;
	struct record_link *link;
	int end; /* pvl-record's, of the newest */
};

/* A pvl-record comes, in the place of an earlier one. */
static void come(struct recorder_rig *rec, struct rig *r, uint64_t instance)
{
	struct record_note ready = { .type = RECORD_READY, .instance = instance };
	uint8_t out[RECORD_NOTE_MAX];
	size_t len;
	int ends[2];
	if (rec->end > 0)
		close(rec->end);
	CHECK(seqpacket_pair(ends) == OK);
	rec->end = ends[1];
	record_link_take(rec->link, ends[0]);
	CHECK(record_note_encode(&ready, out, sizeof out, &len) == OK);
	CHECK(seqpacket_send(rec->end, bytes_of(out, len), -1) == OK);
	record_link_turn(rec->link, &r->s.estate.service, r->s.web.now);
	CHECK(record_link_is_up(rec->link));
}

static void begin_recording(struct recorder_rig *rec, struct rig *r)
{
	*rec = (struct recorder_rig){ 0 };
	CHECK(loop_open(&(struct loop_hooks){ 0 }, &rec->loop) == OK);
	rec->link = record_link_new(rec->loop, NULL);
	live_set_recorder(r->s.web.live, rec->link);
	come(rec, r, 7);
}

static bool is_recorded(const struct rig *r)
{
	return r->routes.recorded_sound != 0 || r->routes.recorded_picture != 0;
}

static void what_is_closed_as_privileged_is_not_recorded_any_further(void **state)
{
	(void)state;
	struct rig *r = malloc(sizeof *r);
	struct recorder_rig rec;
	struct visit visit;
	open_rig(r, social);
	CHECK(!is_recorded(r)); /* no pvl-record is there */
	begin_recording(&rec, r);
	record_visit(&r->s.estate, &visit);
	turn(r, 10);
	CHECK(is_recorded(r) && told(&r->visitor, "event: recording\n") &&
	      told(&r->visitor, "{\"on\":true}"));
	forget(r);
	sign_in(&r->s, "monitor@wandsworth.example");
	const char *lock =
	    arena_printf(&r->s.estate.arena, "/staff/recordings/%s/lock", visit.reference.text);
	assert_int_equal(ask(&r->s, lock, "reason=").status, 422);
	turn(r, 0);
	CHECK(is_recorded(r));
	assert_int_equal(ask(&r->s, lock, "reason=The%20visitor%20is%20a%20solicitor.").status,
			 303);
	CHECK(is_recorded(r)); /* not before the commit */
	turn(r, 0);
	CHECK(!is_recorded(r) && both_hear(r));
	CHECK(told(&r->visitor, "{\"on\":false}") && told(&r->prisoner, "{\"on\":false}"));
	/* Nor when somebody comes back, or another pvl-record, or another pvl-web. */
	struct actor family = estate_family(&r->s.estate, "amina@family.example");
	event_reader_free(r->visitor.reader);
	sit(r, &family, &r->visitor);
	turn(r, 1000);
	CHECK(!is_recorded(r));
	come(&rec, r, 8);
	memset(&r->routes, 0xff, sizeof r->routes);
	live_reread(r->s.web.live, r->reference);
	assert_int_equal(
	    ask(&r->s, path_of(r, "/staff", "act"), "act=MUTE_VISITOR&why=CONDUCT").status, 303);
	turn(r, 1000);
	CHECK(r->routes.visit.n == visit.id.n && !is_recorded(r));
	event_reader_free(r->prisoner.reader);
	event_reader_free(r->visitor.reader);
	r->prisoner.reader = r->visitor.reader = NULL;
	live_free(r->s.web.live);
	r->s.web.live = live_new(&r->s.estate.service, r->s.link, NULL, NULL);
	live_set_recorder(r->s.web.live, rec.link);
	memset(&r->routes, 0xff, sizeof r->routes);
	sit(r, &family, &r->visitor);
	turn(r, 1000);
	CHECK(r->routes.visit.n == visit.id.n && !is_recorded(r));
	close_rig(r);
	record_link_free(rec.link);
	loop_close(rec.loop);
	close(rec.end);
	free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(both_ends_know_before_the_first_packet),
		TEST(who_does_not_answer_has_a_second_and_that_is_noted),
		TEST(who_closes_the_page_watches_no_longer_at_once),
		TEST(a_look_before_admission_ends_with_it),
		TEST(a_look_before_admission_goes_on_while_somebody_waits),
		TEST(a_role_that_is_taken_away_ends_what_goes_on_in_it),
		TEST(nobody_watches_a_confidential_visit_by_page_or_api),
		TEST(a_revoked_lawyer_is_out_of_the_visit_in_that_turn),
		TEST(staff_admit_to_a_confidential_visit_by_name),
		TEST(a_pause_reaches_pvl_media_in_the_turn_of_its_commit),
		TEST(a_new_web_process_takes_a_paused_visit_as_it_stands),
		TEST(a_warning_is_shown_to_each_in_their_language_until_they_have_read_it),
		TEST(a_person_may_want_less),
		TEST(what_a_person_wants_is_kept_and_told_to_the_others),
		TEST(each_side_can_call_staff),
		TEST(a_visit_that_nobody_watches_is_an_alarm_and_by_rule_a_pause),
		TEST(an_officer_is_assigned_on_pages_and_watches_no_longer_than_that),
		TEST(pages_say_what_is_wrong),
		TEST(an_incident_is_decided_told_and_appealed_against_on_pages),
		TEST(a_restriction_is_decided_on_the_page_of_an_incident),
		TEST(an_authorisation_is_asked_for_and_granted_on_pages),
		TEST(what_is_closed_as_privileged_is_not_recorded_any_further),
	};
	return RUN("web/watching", tests);
}
