#include "service/sample.h"

#include "base/assert.h"

#include "service/approval.h"
#include "service/legal.h"
#include "service/place.h"
#include "service/prison.h"
#include "service/service_priv.h"
#include "service/staff.h"
#include "service/terminal.h"
#include "store/account.h"
#include "store/contact.h"
#include "store/prison.h"
#include "store/prisoner.h"
#include "store/room.h"
#include "store/session_template.h"
#include "store/terminal.h"
#include "store/visit.h"

/* Prisons are real and public; all people are invented. */

static const struct actor SYSTEM = { .role = ROLE_SYSTEM };

static const struct sample_prison {
	const char *code;
	const char *name;
	const char *name_cy;
	const char *not_ready; /* NULL: ready */
	const char *not_ready_cy;
} PRISONS[] = {
	{ "WWI", "HMP Wandsworth", "", NULL, NULL },
	{ "LEI", "HMP Leeds", "", NULL, NULL },
	{ "CFI", "HMP Cardiff", "Carchar Caerdydd", NULL, NULL },
	{ "MRI", "HMP Manchester", "", NULL, NULL },
	{ "BZI", "HMP Bronzefield", "", NULL, NULL },
	{ "HBI", "HMP Hollesley Bay", "", "The broadband line is being upgraded.",
	  "Mae’r llinell band eang yn cael ei huwchraddio." },
	{ "KMI", "HMP Kirkham", "", "The network of the visits hall is being rebuilt.",
	  "Mae rhwydwaith y neuadd ymweliadau yn cael ei ailadeiladu." },
	{ "LYI", "HMP Leyhill", "", "The broadband line is being upgraded.",
	  "Mae’r llinell band eang yn cael ei huwchraddio." },
	{ "SLI", "HMP Swaleside", "", "The line is too slow until it is upgraded.",
	  "Mae’r llinell yn rhy araf nes iddi gael ei huwchraddio." },
	{ "MTI", "HMP The Mount", "", "The line is too slow until it is upgraded.",
	  "Mae’r llinell yn rhy araf nes iddi gael ei huwchraddio." },
	{ "WII", "HMP Warren Hill", "", "The broadband line is being upgraded.",
	  "Mae’r llinell band eang yn cael ei huwchraddio." },
	{ "STC3", "Oakhill Secure Training Centre", "",
	  "Equipment is there; the network is not open yet.",
	  "Mae’r offer yno; nid yw’r rhwydwaith ar agor eto." },
};

static const struct sample_prisoner {
	const char *number;
	const char *name;
	struct date born;
	const char *prison;
	const char *wing;
	const char *category;
	const char *incentive;
} PRISONERS[] = {
	{ "A1234BC", "Daniel Okoro", { 1988, 4, 12 }, "WWI", "A", "B", "STD" },
	{ "A2345CD", "Thomas Reed", { 1992, 9, 3 }, "WWI", "B", "C", "ENH" },
	{ "A3456DE", "Imran Sadiq", { 1979, 1, 27 }, "WWI", "C", "B", "BAS" },
	{ "A4567EF", "Peter Walsh", { 1985, 6, 30 }, "LEI", "A", "B", "STD" },
	{ "A5678FG", "Rhys Morgan", { 1990, 12, 8 }, "CFI", "B", "B", "STD" },
	{ "A6789GH", "Adam Nowak", { 1996, 2, 29 }, "MRI", "D", "A", "STD" },
	{ "A7890HJ", "Grace Bennett", { 1994, 8, 17 }, "BZI", "House 1", "", "ENH" },
	{ "A8901JK", "Colin Hart", { 1968, 11, 5 }, "HBI", "Bosmere", "D", "ENH" },
};

static const struct sample_staff {
	const char *who;
	const char *email;
	const char *name;
	enum role role;
	const char *prison;
	enum role also; /* ROLE_NOBODY: nothing */
} STAFF[] = {
	{ "Visits clerk, Wandsworth", "clerk@wandsworth.example", "Ruth Palmer", ROLE_VISITS_CLERK,
	  "WWI", ROLE_NOBODY },
	{ "Monitor, Wandsworth", "monitor@wandsworth.example", "Joe Lister", ROLE_MONITOR, "WWI",
	  ROLE_NOBODY },
	{ "Contacts authoriser, Wandsworth", "contacts@wandsworth.example", "Nadia Rahman",
	  ROLE_CONTACTS_AUTHORISER, "WWI", ROLE_NOBODY },
	{ "Duty governor, Wandsworth", "governor@wandsworth.example", "Helen Frost",
	  ROLE_DUTY_GOVERNOR, "WWI", ROLE_NOBODY },
	{ "Prison admin, Wandsworth", "admin@wandsworth.example", "Sam Ortiz", ROLE_PRISON_ADMIN,
	  "WWI", ROLE_NOBODY },
	{ "Visits clerk, Cardiff", "clerk@cardiff.example", "Elin Price", ROLE_VISITS_CLERK, "CFI",
	  ROLE_NOBODY },
	{ "Clerk and prison admin, Leeds", "staff@leeds.example", "Ian Fox", ROLE_VISITS_CLERK,
	  "LEI", ROLE_PRISON_ADMIN },
	{ "Headquarters, analyst", "analyst@hq.example", "Mark Dunne", ROLE_HQ_ANALYST, "",
	  ROLE_NOBODY },
	{ "Headquarters, administrator", "admin@hq.example", "Priya Nair", ROLE_HQ_ADMIN, "",
	  ROLE_NOBODY },
	{ "Operator", "operator@hq.example", "Lena Fischer", ROLE_OPERATOR, "", ROLE_NOBODY },
	{ "Inspector", "inspector@hq.example", "Olive Grant", ROLE_INSPECTOR, "", ROLE_NOBODY },
};

static const struct sample_family {
	const char *who;
	const char *email;
	const char *name;
	enum language language;
	struct date born;
	const char *child; /* NULL: none */
	struct date child_born;
	const char *prisoner;     /* number */
	const char *relationship; /* a code */
	bool approved;
} FAMILIES[] = {
	{ "Family, approved",
	  "amina@family.example",
	  "Amina Okoro",
	  LANGUAGE_EN,
	  { 1990, 5, 2 },
	  "Zara Okoro",
	  { 2017, 10, 21 },
	  "A1234BC",
	  "WIFE",
	  true },
	{ "Family, waiting for approval",
	  "ben@family.example",
	  "Ben Reed",
	  LANGUAGE_EN,
	  { 1966, 3, 19 },
	  NULL,
	  { 0 },
	  "A2345CD",
	  "FA",
	  false },
	{ "Family, approved, second visit",
	  "farah@family.example",
	  "Farah Sadiq",
	  LANGUAGE_EN,
	  { 1982, 7, 11 },
	  NULL,
	  { 0 },
	  "A3456DE",
	  "SIS",
	  true },
	{ "Family, Welsh",
	  "carys@family.example",
	  "Carys Morgan",
	  LANGUAGE_CY,
	  { 1961, 2, 1 },
	  NULL,
	  { 0 },
	  "A5678FG",
	  "MOT",
	  true },
};

/* Verified by two people of Wandsworth, as any lawyer is; the first has the client and the requests. */
static const struct sample_lawyer {
	const char *who;
	const char *email;
	const char *name;
	const char *firm;
	enum profession profession;
	const char *regulator_id;
	struct date born;
	bool verified;
} LAWYERS[] = {
	{ "Solicitor",
	  "solicitor@hale.example",
	  "Miriam Hale",
	  "Hale and Osei",
	  PROFESSION_SOLICITOR,
	  "SRA 512345",
	  { 1981, 3, 14 },
	  true },
	{ "Barrister",
	  "barrister@temple.example",
	  "Owen Carter",
	  "Temple Row Chambers",
	  PROFESSION_BARRISTER,
	  "BSB 654321",
	  { 1974, 9, 30 },
	  true },
	{ "Interpreter",
	  "interpreter@words.example",
	  "Ida Novak",
	  "Words Across",
	  PROFESSION_INTERPRETER,
	  "NRPSI 12345",
	  { 1986, 1, 30 },
	  true },
	{ "Legal executive, not verified yet",
	  "executive@hale.example",
	  "Tom Adeyemi",
	  "Hale and Osei",
	  PROFESSION_LEGAL_EXECUTIVE,
	  "CILEX 77654",
	  { 1993, 6, 8 },
	  false },
};

/* One at Wandsworth has a time; at Hollesley Bay there are none yet, so that request waits. */
static const struct sample_request {
	const char *prisoner; /* number */
	enum waiting_cause cause;
	int deadline_days; /* from the first day on */
	int minutes;
	bool interpreter; /* comes along */
} REQUESTS[] = {
	{ "A2345CD", WAITING_FOR_HEARING, 16, 45, true },
	{ "A8901JK", WAITING_FOR_PAROLE, 40, 60, false },
};

/*
 * Wandsworth of the sample is open day and night and lets people in early, so
 * that whoever starts the demonstration can join a visit at once; it gives minutes
 * for a visit a day, as each start books one more; and it watches all social
 * visits, so that the watch desk has something to show.
 */
static const struct sample_policy {
	enum policy_name name;
	int64_t value;
} WANDSWORTH_POLICY[] = {
	{ POLICY_NOTICE_HOURS, 0 },
	{ POLICY_LOBBY_MINUTES, 30 },
	{ POLICY_ALLOWANCE_MINUTES_MONTH, 900 },
	{ POLICY_OVERSIGHT_WATCH, WATCH_ALL },
};

enum {
	SLOT_MINUTES = 30,
	SLOT_S = SLOT_MINUTES * 60,
	EVERY_DAY = 0xfe,
	MONDAY_TO_FRIDAY = 0x3e,
	SATURDAY_AND_SUNDAY = 0xc0,
	TRIES = 4, /* slots looked at for the visit to join */
};

_Static_assert(ARRAY_LEN(STAFF) + ARRAY_LEN(FAMILIES) + ARRAY_LEN(LAWYERS) <= SAMPLE_SIGN_INS_MAX,
	       "room for all");

static struct prison_code code_of(const char *text)
{
	struct prison_code code = { 0 };
	(void)prison_code_of(str_from(text), &code);
	return code;
}

static struct wall slot_after(struct wall now)
{
	return (struct wall){ (now.s + SLOT_S - 1) / SLOT_S * SLOT_S };
}

/* One row that only the service itself may make, with its leaf. */
static enum err write_one(struct service *service, enum err wrote, struct audit_what what)
{
	return wrote == OK ? audit_write(service, &SYSTEM, &what) : wrote;
}

static enum err add_prison(struct service *service, const struct sample_prison *p)
{
	struct use_case use;
	struct prison prison = {
		.code = code_of(p->code),
		.name = str_from(p->name),
		.name_cy = str_from(p->name_cy),
		.ready = !p->not_ready,
		.not_ready_reason = str_from(p->not_ready),
		.not_ready_reason_cy = str_from(p->not_ready_cy),
	};
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = write_one(service, store_prison_insert(service->store, &prison),
				(struct audit_what){ .verb = AUDIT_PRISON_ADD,
						     .object = AUDIT_ON_PRISON,
						     .prison = prison.code });
	return use_case_end(&use, err);
}

static enum err add_room(struct service *service, struct prison_code prison, const char *name,
			 const char *terminal)
{
	struct room_new new = { .name = str_from(name), .use = ROOM_USE_SHARED };
	struct room_id room;
	struct terminal_id id;
	enum err err = room_add(service, &SYSTEM, prison, &new, &room);
	return err == OK ? terminal_add(service, &SYSTEM, prison, room, str_from(terminal), &id)
			 : err;
}

static enum err add_session(struct service *service, struct prison_code prison, unsigned weekdays,
			    int from, int to, int minutes)
{
	struct use_case use;
	struct session_template t = {
		.id = { random_id(service->random) },
		.prison = prison,
		.weekdays = weekdays,
		.start_minute = from,
		.end_minute = to,
		.slot_minutes = minutes,
		.every_weeks = 1,
		.valid_from = local_date(service->now),
		.active = true,
		.kinds = (1U << VISIT_KIND_COUNT) - 1,
		.clients = SESSION_FAMILY | SESSION_STAFF,
		.open_capacity = SESSION_CAPACITY_NONE,
		.closed_capacity = SESSION_CAPACITY_NONE,
		.includes = (1U << GROUP_KIND_COUNT) - 1,
	};
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = write_one(service,
				store_session_template_insert(service->store, &t, SYSTEM.account,
							      STR("Sample data"), service->now),
				(struct audit_what){ .verb = AUDIT_SESSION_ADD,
						     .object = AUDIT_ON_SESSION,
						     .object_id = t.id.n,
						     .prison = prison });
	return use_case_end(&use, err);
}

static enum err add_sessions(struct service *service, struct prison_code prison)
{
	if (prison_code_equal(prison, code_of("WWI")))
		return add_session(service, prison, EVERY_DAY, 0, 24 * 60, SLOT_MINUTES);
	enum err err =
	    add_session(service, prison, MONDAY_TO_FRIDAY, 9 * 60, 12 * 60, SLOT_MINUTES);
	if (err == OK)
		err = add_session(service, prison, EVERY_DAY, 13 * 60 + 30, 16 * 60 + 30,
				  SLOT_MINUTES);
	if (err == OK)
		err = add_session(service, prison, SATURDAY_AND_SUNDAY, 18 * 60, 20 * 60, 60);
	return err;
}

static enum err furnish(struct service *service, const struct sample_prison *p)
{
	struct prison_code prison = code_of(p->code);
	enum err err = add_prison(service, p);
	if (err == OK)
		err = add_room(service, prison, "Video room 1", "Terminal 1");
	if (err == OK)
		err = add_room(service, prison, "Video room 2", "Terminal 2");
	return err == OK ? add_sessions(service, prison) : err;
}

static enum err add_prisoner(struct service *service, const struct sample_prisoner *p)
{
	struct use_case use;
	struct prisoner prisoner = {
		.id = { random_id(service->random) },
		.name = str_from(p->name),
		.born = p->born,
		.prison = code_of(p->prison),
		.wing = str_from(p->wing),
		.category = str_from(p->category),
		.incentive = str_from(p->incentive),
		.convicted = true,
	};
	if (!prisoner_number_of(str_from(p->number), &prisoner.number))
		return ERR_BAD;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = write_one(service, store_prisoner_insert(service->store, &prisoner),
				(struct audit_what){ .verb = AUDIT_PRISONER_ADD,
						     .object = AUDIT_ON_PRISONER,
						     .object_id = prisoner.id.n,
						     .prison = prisoner.prison });
	return use_case_end(&use, err);
}

static enum err add_staff(struct service *service, const struct sample_staff *s, struct str hash)
{
	struct account_id id = { 0 };
	enum err err = staff_account_create(service, &SYSTEM,
					    &(struct account_new){ .email = str_from(s->email),
								   .name = str_from(s->name),
								   .password_hash = hash },
					    &id);
	struct prison_code prison = code_of(s->prison);
	if (err == OK)
		err = staff_role_grant(service, &SYSTEM, id,
				       (struct staff_role){ .role = s->role, .prison = prison });
	if (err == OK && s->also != ROLE_NOBODY)
		err = staff_role_grant(service, &SYSTEM, id,
				       (struct staff_role){ .role = s->also, .prison = prison });
	return err;
}

static const struct sample_prisoner *prisoner_numbered(const char *number)
{
	for (size_t i = 0; i < ARRAY_LEN(PRISONERS); i++)
		if (str_is(str_from(number), PRISONERS[i].number))
			return &PRISONERS[i];
	return &PRISONERS[0];
}

/* Asks as the family does and, where it is approved, decides as the prison does. */
static enum err add_contact(struct service *service, const struct actor *family,
			    const struct sample_family *f, const char *name, struct date born,
			    const char *relationship)
{
	const struct sample_prisoner *prisoner = prisoner_numbered(f->prisoner);
	struct actor governor = { .role = ROLE_DUTY_GOVERNOR, .prison = code_of(prisoner->prison) };
	struct contact_request request = {
		.prisoner_number = str_from(prisoner->number),
		.prisoner_name = str_from(prisoner->name),
		.prisoner_born = prisoner->born,
		.relationship_code = str_from(relationship),
	};
	enum contact_answer answer = CONTACT_ANSWER_NO_MATCH;
	struct contact_id contact = { 0 };
	enum err err = person_add(service, family,
				  &(struct person_new){ .name = str_from(name), .born = born },
				  &request.person);
	if (err == OK)
		err = contact_request(service, family, &request, &answer, &contact);
	if (err == OK && answer != CONTACT_ANSWER_ASKED)
		err = ERR_BAD;
	if (err == OK && f->approved)
		err = contact_decide(service, &governor, contact, CONTACT_APPROVED,
				     STR("Sample data"));
	return err;
}

static enum err add_family(struct service *service, const struct sample_family *f, struct str hash)
{
	struct actor family = { .role = ROLE_FAMILY };
	enum err err = account_create(service,
				      &(struct account_new){ .email = str_from(f->email),
							     .name = str_from(f->name),
							     .password_hash = hash,
							     .language = f->language },
				      &family.account);
	if (err == OK)
		err = add_contact(service, &family, f, f->name, f->born, f->relationship);
	if (err == OK && f->child)
		err = add_contact(service, &family, f, f->child, f->child_born, "DAU");
	return err;
}

/* Somebody of the sample, in that role. */
static enum err actor_of(struct service *service, struct arena *arena, const char *email,
			 enum role role, struct actor *out)
{
	struct str hash;
	*out = (struct actor){ .role = role };
	return store_account_find_hash(service->store, arena, str_from(email), &out->account,
				       &hash);
}

static enum err verify(struct service *service, struct arena *arena, struct account_id lawyer)
{
	static const struct {
		const char *email;
		enum role role;
	} OFFICERS[] = { { "contacts@wandsworth.example", ROLE_CONTACTS_AUTHORISER },
			 { "governor@wandsworth.example", ROLE_DUTY_GOVERNOR } };
	enum err err = OK;
	for (size_t i = 0; i < ARRAY_LEN(OFFICERS) && err == OK; i++) {
		struct actor officer;
		enum approval_answer answer;
		err = actor_of(service, arena, OFFICERS[i].email, OFFICERS[i].role, &officer);
		officer.prison = code_of("WWI");
		if (err == OK)
			err = professional_say_yes(service, &officer, lawyer, &answer);
	}
	return err;
}

static enum err add_lawyer(struct service *service, struct arena *arena,
			   const struct sample_lawyer *l, struct str hash)
{
	struct actor lawyer = { .role = ROLE_FAMILY };
	const struct professional_new new = { .firm = str_from(l->firm),
					      .profession = l->profession,
					      .regulator_id = str_from(l->regulator_id),
					      .born = l->born };
	enum err err = account_create(service,
				      &(struct account_new){ .email = str_from(l->email),
							     .name = str_from(l->name),
							     .password_hash = hash },
				      &lawyer.account);
	if (err == OK)
		err = professional_ask(service, &lawyer, &new);
	return err == OK && l->verified ? verify(service, arena, lawyer.account) : err;
}

/* The first of the times that is not today: what is booked today is the families'. */
static struct legal_time tomorrow_or_later(struct service *service, const struct legal_times *found)
{
	for (size_t i = 0; i < found->count; i++)
		if (date_compare(local_date(found->times[i].start), local_date(service->now)) > 0)
			return found->times[i];
	return (struct legal_time){ 0 };
}

/* Books where there is a time, as the lawyer does; else the request waits. */
static enum err request_legal(struct service *service, struct arena *arena,
			      const struct sample_request *r)
{
	const struct sample_prisoner *prisoner = prisoner_numbered(r->prisoner);
	const struct legal_ask ask = {
		.prisoner_number = str_from(prisoner->number),
		.prisoner_born = prisoner->born,
		.cause = r->cause,
		.deadline = date_add_days(local_date(service->now), r->deadline_days),
		.minutes = r->minutes,
		.other_count = r->interpreter,
		.others = { str_from(LAWYERS[2].email) },
	};
	struct legal_times *found = arena_new(arena, 1, sizeof *found);
	enum legal_answer answer = LEGAL_FINE;
	struct reference reference;
	struct verdict verdict;
	struct actor lawyer;
	enum err err = actor_of(service, arena, LAWYERS[0].email, ROLE_FAMILY, &lawyer);
	if (err == OK)
		err = legal_times_find(service, &lawyer, arena, &ask, found);
	if (err == OK)
		err = legal_book(service, &lawyer, &ask, tomorrow_or_later(service, found), &answer,
				 &verdict, &reference);
	return err == OK && answer != LEGAL_FINE ? ERR_BAD : err;
}

static enum err set_policies(struct service *service)
{
	struct arena arena;
	struct effect_list effects;
	enum err err = OK;
	arena_init(&arena);
	for (size_t i = 0; i < ARRAY_LEN(WANDSWORTH_POLICY) && err == OK; i++) {
		struct policy_setting set = {
			.prison = code_of("WWI"),
			.name = WANDSWORTH_POLICY[i].name,
			.value = WANDSWORTH_POLICY[i].value,
			.valid_from = service->now,
			.reason = STR("Sample data: a visit can be tried at any time"),
		};
		err = policy_set(service, &SYSTEM, &arena, &set, &effects);
	}
	arena_clear(&arena);
	return err;
}

static enum err fill(struct service *service, struct arena *arena, struct str hash)
{
	enum err err = OK;
	for (size_t i = 0; i < ARRAY_LEN(PRISONS) && err == OK; i++)
		err = furnish(service, &PRISONS[i]);
	for (size_t i = 0; i < ARRAY_LEN(PRISONERS) && err == OK; i++)
		err = add_prisoner(service, &PRISONERS[i]);
	for (size_t i = 0; i < ARRAY_LEN(STAFF) && err == OK; i++)
		err = add_staff(service, &STAFF[i], hash);
	for (size_t i = 0; i < ARRAY_LEN(FAMILIES) && err == OK; i++)
		err = add_family(service, &FAMILIES[i], hash);
	for (size_t i = 0; i < ARRAY_LEN(LAWYERS) && err == OK; i++)
		err = add_lawyer(service, arena, &LAWYERS[i], hash);
	return err == OK ? set_policies(service) : err;
}

/* A visit of the family that can be joined now and has not nearly ended. */
static enum err find_joinable(struct service *service, const struct actor *family,
			      struct arena *arena, struct visit *out)
{
	struct visit_list mine;
	struct policy policy;
	enum err err = visits_mine(service, family, arena, &mine);
	if (err == OK)
		err = policy_load(service, code_of("WWI"), &policy);
	for (size_t i = 0; err == OK && i < mine.count; i++) {
		const struct visit *visit = &mine.list[i];
		bool time_left = visit_slot_end(visit).s > service->now.s + SLOT_S / 2;
		if (time_left && visit_joining(visit, &policy, service->now) == JOINING_OK) {
			*out = *visit;
			return OK;
		}
	}
	return err == OK ? ERR_NOT_FOUND : err;
}

/* Everyone of the family who is approved, for the prisoner they know. */
static enum err request_for(struct service *service, const struct actor *family,
			    struct arena *arena, struct visit_request *out)
{
	struct contact_list contacts;
	enum err err = contacts_mine(service, family, arena, &contacts);
	if (err != OK || !contacts.count)
		return err == OK ? ERR_NOT_FOUND : err;
	*out = (struct visit_request){ .prisoner = contacts.list[0].prisoner.id,
				       .minutes = SLOT_MINUTES };
	for (size_t i = 0; i < contacts.count && out->person_count < PARTY_MAX; i++)
		if (contacts.list[i].state == CONTACT_APPROVED &&
		    contacts.list[i].prisoner.id.n == out->prisoner.n)
			out->persons[out->person_count++] = contacts.list[i].person.id;
	return OK;
}

/* The next slot from a time on that the rules allow. */
static enum err book_from(struct service *service, const struct actor *family, struct arena *arena,
			  struct wall from, struct reference *out)
{
	struct visit_request request;
	struct verdict verdict = { 0 };
	bool booked = false;
	enum err err = request_for(service, family, arena, &request);
	for (int i = 0; i < TRIES && err == OK && !booked; i++) {
		request.start = wall_add_s(slot_after(from), (int64_t)i * SLOT_S);
		err = visit_book(service, family, &request, &verdict, out);
		booked = err == OK && verdict_clean(verdict);
	}
	return err == OK && !booked ? ERR_CONFLICT : err;
}

/* The second family's visit an hour later, so that the day sheet has more than one. */
static enum err book_later(struct service *service, struct arena *arena)
{
	struct actor family;
	struct reference reference;
	struct visit visit;
	enum err err = actor_of(service, arena, FAMILIES[2].email, ROLE_FAMILY, &family);
	if (err == OK)
		err = find_joinable(service, &family, arena, &visit);
	if (err != ERR_NOT_FOUND)
		return err;
	err = book_from(service, &family, arena, wall_add_s(service->now, 2 * SLOT_S), &reference);
	return err == ERR_CONFLICT ? OK : err;
}

static enum err make_joinable(struct service *service, struct arena *arena, struct sample *out)
{
	struct actor family;
	struct visit visit = { 0 };
	struct wall expires;
	enum err err = actor_of(service, arena, FAMILIES[0].email, ROLE_FAMILY, &family);
	if (err == OK)
		err = find_joinable(service, &family, arena, &visit);
	if (err == ERR_NOT_FOUND) {
		struct reference reference = { 0 };
		err = book_from(service, &family, arena, service->now, &reference);
		if (err == OK)
			err = store_visit_find(service->store, arena, reference, &visit);
	}
	if (err == OK)
		err = terminal_enrol_code_create(service, &SYSTEM, visit.terminal, out->enrol_code,
						 &expires);
	out->joinable = visit.reference;
	out->joinable_start = visit.start;
	out->terminal = visit.terminal;
	return err;
}

static void list_sign_ins(struct sample *out)
{
	for (size_t i = 0; i < ARRAY_LEN(FAMILIES); i++)
		out->sign_ins[out->count++] =
		    (struct sample_sign_in){ .who = str_from(FAMILIES[i].who),
					     .email = str_from(FAMILIES[i].email),
					     .role = ROLE_FAMILY };
	for (size_t i = 0; i < ARRAY_LEN(LAWYERS); i++)
		out->sign_ins[out->count++] =
		    (struct sample_sign_in){ .who = str_from(LAWYERS[i].who),
					     .email = str_from(LAWYERS[i].email),
					     .role = ROLE_FAMILY };
	for (size_t i = 0; i < ARRAY_LEN(STAFF); i++)
		out->sign_ins[out->count++] =
		    (struct sample_sign_in){ .who = str_from(STAFF[i].who),
					     .email = str_from(STAFF[i].email),
					     .role = STAFF[i].role };
}

static enum err fill_and_book(struct service *service, struct arena *arena, struct str hash,
			      struct sample *out)
{
	struct actor family;
	enum err err = actor_of(service, arena, FAMILIES[0].email, ROLE_FAMILY, &family);
	bool empty = err == ERR_NOT_FOUND;
	if (empty)
		err = fill(service, arena, hash);
	if (err == OK)
		err = make_joinable(service, arena, out);
	if (err == OK && empty)
		err = book_later(service, arena);
	for (size_t i = 0; i < ARRAY_LEN(REQUESTS) && err == OK && empty; i++)
		err = request_legal(service, arena, &REQUESTS[i]);
	return err;
}

enum err sample_fill(struct service *service, struct arena *arena, struct str password_hash,
		     struct sample *out)
{
	struct sample sample = { 0 };
	enum err err = store_enter(service->store);
	if (err != OK)
		return err;
	list_sign_ins(&sample);
	err = fill_and_book(service, arena, password_hash, &sample);
	enum err left = store_leave(service->store, err == OK);
	if (err == OK && left == OK)
		*out = sample;
	return err == OK ? left : err;
}
