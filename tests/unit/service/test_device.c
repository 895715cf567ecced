/*
 * Several devices in one visit: who may sit at which, how links let people in, and what one device
 * does to the others.
 */
#include "tests/store/places.h"

#include "base/assert.h"
#include "service/device.h"
#include "service/oversight.h"

struct scene {
	struct estate e;
	struct actor amina, clerk, terminal;
	struct person_id grace; /* born before Amina: visitors[1] */
	struct person_id omar;
};

static void open_scene(struct scene *s)
{
	estate_open(&s->e);
	s->amina = estate_family(&s->e, "amina@family.example");
	s->clerk = estate_staff(&s->e, ROLE_VISITS_CLERK, "WWI");
	s->terminal = estate_terminal(&s->e);
	s->grace = places_add(&s->e, "Grace Example", GRACE_BORN);
	s->omar = places_add(&s->e, "Omar Example", (struct date){ 1970, 1, 5 });
}

static struct visit now_is(struct scene *s)
{
	return places_visit(&s->e);
}

static size_t at(struct scene *s, struct person_id person)
{
	struct visit visit = now_is(s);
	return visit_visitor_find(&visit, person);
}

static enum device_state state_of(struct scene *s, struct person_id person)
{
	struct visit visit = now_is(s);
	return device_state_of(&visit, visit_visitor_find(&visit, person));
}

static struct join join_as(struct scene *s, const struct actor *actor)
{
	struct join join;
	CHECK(join_authorise(&s->e.service, actor, &s->e.arena, s->e.sample.joinable, &join) == OK);
	return join;
}

static void enter(struct scene *s, const struct actor *actor)
{
	places_enter(&s->e, actor);
}

static struct actor link_guest(struct scene *s, struct person_id person, char *code)
{
	CHECK(visit_link_make(&s->e.service, &s->amina, s->e.sample.joinable, person, code) == OK);
	return places_guest(&s->e, code);
}

static enum err admit(struct scene *s, struct person_id person)
{
	return visitor_admit(&s->e.service, &s->clerk, s->e.sample.joinable, person);
}

static enum err refuse(struct scene *s, struct person_id person)
{
	return visitor_refuse(&s->e.service, &s->clerk, s->e.sample.joinable, person,
			      STR("Another person"));
}

static enum err choose(struct scene *s, const struct actor *actor, struct person_id who)
{
	struct device_choice choice = { .count = who.n ? 1 : 0, .with = { who } };
	return device_choose(&s->e.service, actor, s->e.sample.joinable, &choice);
}

/* An account that bears Grace's name, in which the prison approved a person of that name and birth. */
static struct actor account_named(struct scene *s, const char *email, const char *name,
				  struct date born, bool approved)
{
	struct account_new new = { .email = str_from(email),
				   .name = str_from(name),
				   .password_hash = STR("h") };
	struct actor actor = { .role = ROLE_FAMILY };
	CHECK(account_create(&s->e.service, &new, &actor.account) == OK);
	if (approved)
		(void)places_person(&s->e, actor.account, name, born);
	return actor;
}

static void who_may_join_and_at_which_seat(void **state)
{
	(void)state;
	struct scene s;
	char code[LINK_CODE_LEN + 1];
	open_scene(&s);
	struct date other = { 1962, 4, 2 };
	struct actor bearer = link_guest(&s, s.omar, code);
	struct actor elsewhere = bearer;
	elsewhere.visit.n ^= 1;
	struct actor strange = bearer;
	strange.person.n ^= 1;
	struct actor own = account_named(&s, "g1@x.example", "grace example", GRACE_BORN, true);
	struct actor unborn = account_named(&s, "g2@x.example", "Grace Example", other, true);
	struct actor unknown = account_named(&s, "g3@x.example", "Grace Example", other, false);
	struct actor renamed = account_named(&s, "g4@x.example", "Greta Other", GRACE_BORN, true);
	struct actor ben = estate_family(&s.e, "ben@family.example");
	struct actor leeds = estate_staff(&s.e, ROLE_MONITOR, "LEI");
	struct actor hq = estate_staff(&s.e, ROLE_HQ_ADMIN, NULL);
	struct actor nobody = { .role = ROLE_GUEST };
	const struct {
		const struct actor *actor;
		enum err err;
		enum end_role role;
		size_t holder;
	} cases[] = {
		{ &s.amina, OK, END_ROLE_VISITOR, 0 },
		{ &own, OK, END_ROLE_VISITOR, at(&s, s.grace) },
		{ &bearer, OK, END_ROLE_VISITOR, at(&s, s.omar) },
		{ &s.terminal, OK, END_ROLE_PRISONER, 0 },
		{ &s.clerk, OK, END_ROLE_MONITOR, 0 },
		{ &elsewhere, ERR_NOT_FOUND, 0, 0 },
		{ &strange, ERR_NOT_FOUND, 0, 0 },
		{ &unborn, ERR_NOT_FOUND, 0, 0 },
		{ &unknown, ERR_NOT_FOUND, 0, 0 },
		{ &renamed, ERR_NOT_FOUND, 0, 0 },
		{ &ben, ERR_NOT_FOUND, 0, 0 },
		{ &leeds, ERR_NOT_FOUND, 0, 0 },
		{ &hq, ERR_NOT_FOUND, 0, 0 },
		{ &nobody, ERR_NOT_FOUND, 0, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct join join = { 0 };
		enum err err = join_authorise(&s.e.service, cases[i].actor, &s.e.arena,
					      s.e.sample.joinable, &join);
		if (err != cases[i].err ||
		    (err == OK && (join.role != cases[i].role || join.holder != cases[i].holder)))
			fail_msg("case %zu: %d, role %d, holder %zu", i, err, join.role,
				 join.holder);
	}
	CHECK(at(&s, s.grace) != at(&s, s.omar) && at(&s, s.grace) > 0);
	/* A bearer and another account see nothing else of the visit. */
	struct visit visit;
	CHECK(visit_find(&s.e.service, &own, &s.e.arena, s.e.sample.joinable, &visit) ==
	      ERR_NOT_FOUND);
	CHECK(visit_find(&s.e.service, &bearer, &s.e.arena, s.e.sample.joinable, &visit) ==
	      ERR_NOT_FOUND);
	CHECK(visit_cancel(&s.e.service, &bearer, s.e.sample.joinable, STR("")) != OK);
	estate_close(&s.e);
}

static void who_has_an_own_account_finds_the_visit_there(void **state)
{
	(void)state;
	struct scene s;
	struct visit_list list;
	open_scene(&s);
	struct actor own = account_named(&s, "g1@x.example", "Grace Example", GRACE_BORN, true);
	struct actor other = account_named(&s, "g3@x.example", "Grace Example", GRACE_BORN, false);
	CHECK(visits_invited(&s.e.service, &own, &s.e.arena, &list) == OK);
	CHECK(list.count == 1 &&
	      str_is(str_from(list.list[0].reference.text), s.e.sample.joinable.text));
	CHECK(visits_invited(&s.e.service, &other, &s.e.arena, &list) == OK && list.count == 0);
	CHECK(visits_invited(&s.e.service, &s.amina, &s.e.arena, &list) == OK && list.count == 0);
	CHECK(visits_invited(&s.e.service, &s.clerk, &s.e.arena, &list) == ERR_DENIED);
	estate_close(&s.e);
}

static void each_device_is_admitted_for_itself(void **state)
{
	(void)state;
	struct scene s;
	char code[LINK_CODE_LEN + 1];
	open_scene(&s);
	struct actor bearer = link_guest(&s, s.grace, code);
	struct person_id amina = now_is(&s).visitors[0].person;
	CHECK(admit(&s, s.grace) == ERR_CONFLICT); /* no lobby yet */
	enter(&s, &s.terminal);
	CHECK(admit(&s, s.grace) == ERR_CONFLICT); /* nobody sits there */
	enter(&s, &bearer);
	CHECK(state_of(&s, s.grace) == DEVICE_WAITING && state_of(&s, amina) == DEVICE_EXPECTED);
	CHECK(admit(&s, s.grace) == OK);
	CHECK(!join_as(&s, &bearer).in_lobby);
	CHECK(join_as(&s, &s.amina).in_lobby);
	CHECK(admit(&s, amina) == ERR_CONFLICT);
	enter(&s, &s.amina);
	CHECK(admit(&s, amina) == OK);
	CHECK(!join_as(&s, &s.amina).in_lobby);
	CHECK(state_of(&s, s.omar) == DEVICE_EXPECTED);
	/* Once more into the lobby writes nothing. */
	int64_t leaves = estate_leaves(&s.e);
	enter(&s, &s.amina);
	CHECK(estate_leaves(&s.e) == leaves);
	estate_close(&s.e);
}

static enum watch_answer look_before_admission(struct scene *s)
{
	struct watch_wish wish = { .purpose = PURPOSE_ADMISSION };
	struct monitoring_id id;
	enum watch_answer answer;
	CHECK(monitoring_begin(&s->e.service, &s->clerk, s->e.sample.joinable, &wish, &answer,
			       &id) == OK);
	return answer;
}

/* Whoever comes when the visit has begun is compared with their identity like everybody, without another reason. */
static void a_latecomer_is_looked_at_before_admission(void **state)
{
	(void)state;
	struct scene s;
	char code[LINK_CODE_LEN + 1];
	open_scene(&s);
	struct person_id amina = now_is(&s).visitors[0].person;
	CHECK(look_before_admission(&s) == WATCH_OK);
	enter(&s, &s.amina);
	enter(&s, &s.terminal);
	CHECK(admit(&s, amina) == OK);
	CHECK(visit_hearing(&s.e.service, &SYSTEM_ACTOR, now_is(&s).id, 10) == OK);
	CHECK(now_is(&s).state == VISIT_LIVE && look_before_admission(&s) == WATCH_BEGUN);
	struct actor grace = link_guest(&s, s.grace, code);
	enter(&s, &grace);
	CHECK(look_before_admission(&s) == WATCH_OK);
	CHECK(admit(&s, s.grace) == OK);
	CHECK(look_before_admission(&s) == WATCH_BEGUN);
	estate_close(&s.e);
}

static void nobody_sits_at_two_devices(void **state)
{
	(void)state;
	struct scene s;
	char code[LINK_CODE_LEN + 1];
	open_scene(&s);
	struct person_id amina = now_is(&s).visitors[0].person;
	struct person_id stranger = { 77 };
	struct actor grace = link_guest(&s, s.grace, code);
	CHECK(choose(&s, &s.amina, s.omar) == OK);
	CHECK(choose(&s, &grace, s.omar) == ERR_CONFLICT); /* claimed already */
	CHECK(choose(&s, &grace, amina) == ERR_CONFLICT);  /* has a device of her own */
	CHECK(choose(&s, &grace, stranger) == ERR_BAD);
	CHECK(choose(&s, &grace, s.grace) == ERR_BAD);
	enter(&s, &s.amina);
	enter(&s, &grace);
	CHECK(state_of(&s, s.omar) == DEVICE_NONE);
	/* With Omar beside her, undecided, Amina waits. */
	CHECK(admit(&s, amina) == OK && state_of(&s, amina) == DEVICE_WAITING);
	CHECK(choose(&s, &s.amina, (struct person_id){ 0 }) == ERR_CONFLICT); /* admitted by now */
	CHECK(admit(&s, s.omar) == OK && state_of(&s, amina) == DEVICE_ADMITTED);
	/* Admitted there, he is not let in from elsewhere. */
	struct actor omar = link_guest(&s, s.omar, code);
	CHECK(join_as(&s, &omar).answer == JOINING_ELSEWHERE);
	CHECK(choose(&s, &omar, (struct person_id){ 0 }) == ERR_CONFLICT);
	estate_close(&s.e);
}

static void who_was_only_named_by_another_may_come_alone(void **state)
{
	(void)state;
	struct scene s;
	char code[LINK_CODE_LEN + 1];
	open_scene(&s);
	struct person_id amina = now_is(&s).visitors[0].person;
	CHECK(choose(&s, &s.amina, s.omar) == OK);
	enter(&s, &s.amina);
	struct actor omar = link_guest(&s, s.omar, code);
	CHECK(join_as(&s, &omar).answer == JOINING_OK);
	enter(&s, &omar);
	CHECK(state_of(&s, s.omar) == DEVICE_WAITING);
	CHECK(admit(&s, amina) == OK && state_of(&s, amina) == DEVICE_ADMITTED);
	estate_close(&s.e);
}

static void a_refused_device_does_not_end_the_visit_for_the_others(void **state)
{
	(void)state;
	struct scene s;
	char code[LINK_CODE_LEN + 1];
	open_scene(&s);
	struct person_id amina = now_is(&s).visitors[0].person;
	struct actor grace = link_guest(&s, s.grace, code);
	enter(&s, &s.terminal);
	enter(&s, &s.amina);
	enter(&s, &grace);
	CHECK(refuse(&s, amina) == OK); /* the main visitor, even */
	CHECK(now_is(&s).state == VISIT_LOBBY);
	CHECK(join_as(&s, &s.amina).answer == JOINING_REFUSED);
	CHECK(admit(&s, s.grace) == OK && !join_as(&s, &grace).in_lobby);
	CHECK(visit_hearing(&s.e.service, &SYSTEM_ACTOR, now_is(&s).id, 60) == OK);
	CHECK(visit_end(&s.e.service, &SYSTEM_ACTOR, s.e.sample.joinable, END_LEFT, STR("")) == OK);
	struct visit visit = now_is(&s);
	CHECK(visit.state == VISIT_COMPLETED && visit.end == END_LEFT &&
	      visit.counted_minutes == 1);
	estate_close(&s.e);
}

static void the_outcome_says_who_did_not_come(void **state)
{
	(void)state;
	static const struct {
		bool terminal, amina, grace, refused;
		enum visit_end end;
	} cases[] = {
		{ true, false, false, false, END_VISITOR_ABSENT },
		{ true, false, true, false, END_FAULT },
		{ false, false, true, false, END_PRISONER_ABSENT },
		{ true, true, false, true, END_REFUSED }, /* Grace could still have come */
		{ true, true, true, true, END_FAULT },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct scene s;
		char code[LINK_CODE_LEN + 1];
		open_scene(&s);
		struct actor grace = link_guest(&s, s.grace, code);
		struct visit before = now_is(&s);
		if (cases[i].terminal)
			enter(&s, &s.terminal);
		if (cases[i].amina)
			enter(&s, &s.amina);
		if (cases[i].grace)
			enter(&s, &grace);
		if (cases[i].refused)
			CHECK(refuse(&s, before.visitors[0].person) == OK);
		CHECK(now_is(&s).state == VISIT_LOBBY);
		s.e.service.now = wall_add_s(before.start, 15 * 60 + 1);
		CHECK(visit_end(&s.e.service, &SYSTEM_ACTOR, s.e.sample.joinable, END_TIME,
				STR("")) == OK);
		if (now_is(&s).end != cases[i].end)
			fail_msg("case %zu: %s", i, visit_end_name(now_is(&s).end));
		estate_close(&s.e);
	}
}

static void everybody_refused_ends_it(void **state)
{
	(void)state;
	struct scene s;
	open_scene(&s);
	struct person_id amina = now_is(&s).visitors[0].person;
	enter(&s, &s.amina);
	CHECK(refuse(&s, s.grace) == OK && refuse(&s, s.omar) == OK);
	CHECK(now_is(&s).state == VISIT_LOBBY);
	CHECK(refuse(&s, amina) == OK);
	CHECK(now_is(&s).state == VISIT_CANCELLED && now_is(&s).end == END_REFUSED);
	estate_close(&s.e);
}

static void codes_that_do_not_work_all_look_the_same(void **state)
{
	(void)state;
	struct scene s;
	struct visit_link_bearer bearer;
	char code[LINK_CODE_LEN + 1], later[LINK_CODE_LEN + 1];
	open_scene(&s);
	struct service *service = &s.e.service;
	CHECK(visit_link_make(service, &s.amina, s.e.sample.joinable, s.grace, code) == OK);
	CHECK(visit_link_use(service, STR("0000-0000-0000-0000"), &bearer) == ERR_NOT_FOUND);
	CHECK(visit_link_use(service, STR("short"), &bearer) == ERR_NOT_FOUND);
	CHECK(visit_link_use(service, STR(""), &bearer) == ERR_NOT_FOUND);
	/* As people type it. */
	char typed[64];
	snprintf(typed, sizeof(typed), " %.4s-%.4s %.8s", code, code + 4, code + 8);
	for (char *c = typed; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	CHECK(visit_link_use(service, str_from(typed), &bearer) == OK);
	/* A new one puts the old one, and its bearer, out. */
	struct account_session session;
	CHECK(visit_link_make(service, &s.amina, s.e.sample.joinable, s.grace, later) == OK);
	CHECK(visit_link_use(service, str_from(code), &bearer) == ERR_NOT_FOUND);
	CHECK(visit_link_use(service, str_from(later), &bearer) == OK);
	char token[TOKEN_TEXT_LEN + 1];
	memcpy(token, bearer.session.token, sizeof(token));
	CHECK(account_session_find(service, &s.e.arena, str_from(token), &session) == OK);
	CHECK(visit_link_revoke(service, &s.amina, s.e.sample.joinable, s.grace) == OK);
	CHECK(account_session_find(service, &s.e.arena, str_from(token), &session) ==
	      ERR_NOT_FOUND);
	CHECK(visit_link_use(service, str_from(later), &bearer) == ERR_NOT_FOUND);
	CHECK(visit_link_revoke(service, &s.amina, s.e.sample.joinable, s.grace) == ERR_NOT_FOUND);
	/* It ends with the visit. */
	CHECK(visit_link_make(service, &s.amina, s.e.sample.joinable, s.grace, code) == OK);
	CHECK(visit_link_use(service, str_from(code), &bearer) == OK);
	CHECK(visit_cancel(service, &s.amina, s.e.sample.joinable, STR("")) == ERR_CONFLICT ||
	      now_is(&s).state == VISIT_CANCELLED);
	CHECK(now_is(&s).state == VISIT_CANCELLED);
	CHECK(account_session_find(service, &s.e.arena, str_from(bearer.session.token), &session) ==
	      ERR_NOT_FOUND);
	CHECK(visit_link_use(service, str_from(code), &bearer) == ERR_NOT_FOUND);
	CHECK(visit_link_make(service, &s.amina, s.e.sample.joinable, s.grace, code) ==
	      ERR_CONFLICT);
	estate_close(&s.e);
}

static void only_the_booker_sends_links_and_only_to_adults_of_the_booking(void **state)
{
	(void)state;
	struct scene s;
	char code[LINK_CODE_LEN + 1];
	struct visit_link_places places;
	open_scene(&s);
	struct service *service = &s.e.service;
	struct visit visit = now_is(&s);
	struct actor ben = estate_family(&s.e, "ben@family.example");
	struct person_id child = visit.visitors[visit.visitor_count - 1].person;
	CHECK(!visit.visitors[visit.visitor_count - 1].adult);
	CHECK(visit_link_make(service, &ben, visit.reference, s.grace, code) == ERR_NOT_FOUND);
	CHECK(visit_link_make(service, &s.clerk, visit.reference, s.grace, code) == ERR_DENIED);
	CHECK(visit_link_make(service, &s.amina, visit.reference, child, code) == ERR_BAD);
	CHECK(visit_link_make(service, &s.amina, visit.reference, visit.visitors[0].person, code) ==
	      ERR_BAD);
	CHECK(visit_link_make(service, &s.amina, visit.reference, s.omar, code) == OK);
	CHECK(visit_link_places_find(service, &s.amina, &s.e.arena, &visit, &places) == OK);
	CHECK(places.count == 2);
	for (size_t i = 0; i < places.count; i++)
		CHECK(places.list[i].linked ==
			  (visit.visitors[places.list[i].visitor].person.n == s.omar.n) &&
		      !places.list[i].used);
	/* No code stands in the database. */
	static const char FIND[] = "SELECT COUNT(*) FROM visit_link WHERE code_hash = ?1";
	struct query q = query_of(service->store, FIND);
	query_bytes(&q, bytes_from_text(code));
	CHECK(query_row(&q) && query_column(&q, 0) == 0);
	CHECK(query_end(&q) == OK);
	estate_close(&s.e);
}

static void a_code_used_again_is_looked_at_again(void **state)
{
	(void)state;
	struct scene s;
	char code[LINK_CODE_LEN + 1];
	open_scene(&s);
	struct actor grace = link_guest(&s, s.grace, code);
	enter(&s, &grace);
	CHECK(admit(&s, s.grace) == OK && !join_as(&s, &grace).in_lobby);
	struct actor again = places_guest(&s.e, code);
	CHECK(join_as(&s, &again).in_lobby && join_as(&s, &again).answer == JOINING_OK);
	CHECK(admit(&s, s.grace) == OK && !join_as(&s, &again).in_lobby);
	CHECK(visit_link_revoke(&s.e.service, &s.amina, s.e.sample.joinable, s.grace) == OK);
	CHECK(state_of(&s, s.grace) == DEVICE_WAITING);
	estate_close(&s.e);
}

static void an_approval_withdrawn_stops_that_device_and_no_other(void **state)
{
	(void)state;
	struct scene s;
	enum joining answer;
	char code[LINK_CODE_LEN + 1];
	open_scene(&s);
	struct actor grace = link_guest(&s, s.grace, code);
	static const char WITHDRAW[] =
	    "UPDATE contact SET state = 'REJECTED', reason = 'Withdrawn' "
	    "WHERE person = ?1";
	struct query q = query_of(s.e.service.store, WITHDRAW);
	query_int(&q, s.grace.n);
	CHECK(query_change(&q) == OK);
	CHECK(join_as(&s, &grace).answer == JOINING_REFUSED);
	CHECK(lobby_enter(&s.e.service, &grace, s.e.sample.joinable, &answer) == OK);
	CHECK(answer == JOINING_REFUSED);
	CHECK(join_as(&s, &s.amina).answer == JOINING_OK);
	CHECK(join_as(&s, &s.terminal).answer == JOINING_OK);
	/* At Amina's side she stops Amina's device, too. */
	CHECK(choose(&s, &s.amina, s.grace) == OK);
	CHECK(join_as(&s, &s.amina).answer == JOINING_REFUSED);
	estate_close(&s.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_may_join_and_at_which_seat),
		TEST(who_has_an_own_account_finds_the_visit_there),
		TEST(each_device_is_admitted_for_itself),
		TEST(a_latecomer_is_looked_at_before_admission),
		TEST(nobody_sits_at_two_devices),
		TEST(who_was_only_named_by_another_may_come_alone),
		TEST(a_refused_device_does_not_end_the_visit_for_the_others),
		TEST(the_outcome_says_who_did_not_come),
		TEST(everybody_refused_ends_it),
		TEST(codes_that_do_not_work_all_look_the_same),
		TEST(only_the_booker_sends_links_and_only_to_adults_of_the_booking),
		TEST(a_code_used_again_is_looked_at_again),
		TEST(an_approval_withdrawn_stops_that_device_and_no_other),
	};
	return RUN("service/device", tests);
}
