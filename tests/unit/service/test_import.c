#include "tests/store/estate.h"
#include "tests/store/promises.h"

#include "base/assert.h"
#include "service/import.h"
#include "service/reference.h"
#include "service/review.h"
#include "service/safeguard.h"
#include "store/incentive.h"
#include "store/listed_contact.h"
#include "store/prison.h"
#include "store/prisoner.h"
#include "store/session_template.h"
#include "store/source.h"

/* EXAMPLES in the environment: docs/operating/examples; PVL_DATA: a folder of the public files. */

static struct import_report report;

static const struct import_report *take(struct estate *e, enum import_kind kind, const char *text,
					struct import_options options)
{
	CHECK(import_run(&e->service, &SYSTEM_ACTOR, kind, str_from(text), &options, &report) ==
	      OK);
	CHECK(report.added + report.changed + report.unchanged + report.left_out + report.bad ==
	      report.lines);
	return &report;
}

static const struct import_report *import(struct estate *e, enum import_kind kind, const char *text)
{
	return take(e, kind, text, (struct import_options){ 0 });
}

static void check_counts(const struct import_report *r, int added, int changed, int unchanged)
{
	for (int i = 0; i < r->fault_count && i < IMPORT_FAULTS_MAX; i++)
		print_message("# line %d %s: %s\n", r->faults[i].line, r->faults[i].field,
			      r->faults[i].why);
	assert_int_equal(r->fault_count, 0);
	CHECK(r->kept);
	assert_int_equal(r->added, added);
	assert_int_equal(r->changed, changed);
	assert_int_equal(r->unchanged, unchanged);
}

static void check_fault(const struct import_report *r, int at, int line, const char *field)
{
	CHECK(at < r->fault_count);
	assert_int_equal(r->faults[at].line, line);
	assert_string_equal(r->faults[at].field, field);
	CHECK(r->faults[at].why[0]);
}

static char *file_of(const char *folder, const char *name)
{
	static char text[1 << 20];
	char path[512];
	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	FILE *f = fopen(path, "rb");
	if (!f)
		return NULL;
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	(void)fclose(f);
	return text;
}

static struct prisoner prisoner_of(struct estate *e, const char *text)
{
	struct prisoner_number number;
	struct prisoner out = { 0 };
	CHECK(prisoner_number_of(str_from(text), &number));
	CHECK(store_prisoner_find_by_number(e->service.store, &e->arena, number, &out) == OK);
	return out;
}

static int64_t leaves(struct estate *e)
{
	static const char COUNT[] = "SELECT COUNT(*) FROM audit_leaf";
	return number(e->service.store, COUNT);
}

static void the_examples_of_the_manual_import_and_a_second_time_change_nothing(void **state)
{
	(void)state;
	static const struct {
		enum import_kind kind;
		const char *file;
		int added, changed, unchanged, left_out;
	} files[] = {
		{ IMPORT_REFERENCE_CODES, "reference-codes.csv", 3, 0, 0, 0 },
		{ IMPORT_PRISONS, "prisons.csv", 1, 0, 2, 1 },
		{ IMPORT_INCENTIVES, "incentives.csv", 3, 0, 0, 0 },
		{ IMPORT_PRISONERS, "prisoners.csv", 2, 2, 0, 0 },
		{ IMPORT_CONTACTS, "contacts.csv", 3, 0, 0, 0 },
		{ IMPORT_RESTRICTIONS, "restrictions.csv", 3, 0, 0, 0 },
		{ IMPORT_NON_ASSOCIATIONS, "non-associations.csv", 1, 0, 0, 0 },
		{ IMPORT_ALERTS, "alerts.csv", 2, 0, 0, 0 },
		{ IMPORT_REGIME_EVENTS, "regime-events.csv", 2, 0, 0, 0 },
		{ IMPORT_SESSIONS, "sessions.csv", 3, 0, 0, 0 },
	};
	struct estate e;
	estate_open(&e);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		const char *text = file_of(getenv("EXAMPLES"), files[i].file);
		CHECK(text != NULL);
		int64_t before = leaves(&e);
		check_counts(import(&e, files[i].kind, text), files[i].added, files[i].changed,
			     files[i].unchanged);
		assert_int_equal(report.left_out, files[i].left_out);
		/* Each row that is new or changed has its own leaf. */
		assert_int_equal(leaves(&e) - before, files[i].added + files[i].changed);
		int64_t after = leaves(&e), changes = store_changes(e.service.store);
		check_counts(import(&e, files[i].kind, text), 0, 0,
			     report.lines - files[i].left_out);
		assert_int_equal(leaves(&e), after);
		assert_int_equal(store_changes(e.service.store), changes);
	}
	struct prisoner p = prisoner_of(&e, "B1001AA");
	CHECK(str_is(p.name, "Hughes, Gareth") && str_is(p.wing, "B") && !p.convicted);
	p = prisoner_of(&e, "A1234BC");
	CHECK(str_is(p.wing, "A") && str_is(p.levels[0], "2") && str_is(p.levels[1], "014"));
	CHECK(str_is(p.incentive, "ENH"));
	struct store_listed_contacts listed;
	CHECK(store_listed_contact_list(e.service.store, &e.arena, prisoner_of(&e, "B1001AA").id,
					(struct date){ 1970, 11, 2 }, &listed) == OK);
	CHECK(listed.count == 1 && str_is(listed.list[0].relationship, "Mother"));
	CHECK(estate_leaves(&e) > 0); /* and the log verifies */
	estate_close(&e);
}

static void one_bad_line_keeps_the_whole_file_out(void **state)
{
	(void)state;
	static const char FILE_TEXT[] = "number,name,born,prison\r\n"
					"B1001AA,New One,1990-01-01,WWI\r\n"
					"B1002A,Bad Number,1990-01-01,WWI\r\n"
					"B1003AC,,1990-02-30,QQQ\r\n"
					"B1004AD,Two Many,1990-01-01,WWI,more\r\n"
					"B1001AA,Twice,1990-01-01,WWI\r\n"
					"B1005AE,Not\x80Text,1990-01-01,WWI\r\n"
					"B1006AF,Unborn,2027-01-01,WWI\r\n";
	struct estate e;
	estate_open(&e);
	int64_t before = leaves(&e);
	const struct import_report *r = import(&e, IMPORT_PRISONERS, FILE_TEXT);
	CHECK(!r->kept);
	assert_int_equal(r->lines, 7);
	assert_int_equal(r->bad, 6);
	check_fault(r, 0, 3, "number");
	check_fault(r, 1, 4, "name");
	check_fault(r, 2, 5, "");
	check_fault(r, 3, 6, "number");
	check_fault(r, 4, 7, "");
	check_fault(r, 5, 8, "born");
	assert_int_equal(leaves(&e), before);
	struct prisoner_number number;
	struct prisoner out;
	CHECK(prisoner_number_of(STR("B1001AA"), &number));
	CHECK(store_prisoner_find_by_number(e.service.store, &e.arena, number, &out) ==
	      ERR_NOT_FOUND);
	/* Asked to, it keeps the good one, and names the others all the same. */
	r = take(&e, IMPORT_PRISONERS, FILE_TEXT, (struct import_options){ .leave_out_bad = true });
	CHECK(r->kept && r->added == 1 && r->bad == 6 && r->fault_count == 6);
	CHECK(str_is(prisoner_of(&e, "B1001AA").name, "New One"));
	estate_close(&e);
}

static void all_that_is_wrong_with_a_line_is_told(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	const struct import_report *r =
	    import(&e, IMPORT_PRISONERS,
		   "number,name,born,prison,location,incentive,status,language\n"
		   "B1003AC,One,1990-02-30,QQQ,A-1-2-3-4,XX,FREE,fr\n");
	static const char *const fields[] = { "prison", "born",     "location",
					      "status", "language", NULL };
	for (int i = 0; fields[i]; i++)
		check_fault(r, i, 2, fields[i]);
	assert_int_equal(r->fault_count, 5);
	assert_int_equal(r->bad, 1);
	estate_close(&e);
}

static void the_first_line_must_be_known(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int faults;
		int line;
		const char *field;
	} cases[] = {
		{ "", 1, 1, "" },
		{ "\n\n", 1, 3, "" },
		{ "number,name,born\nB1001AA,One,1990-01-01\n", 1, 1, "prison" },
		{ "number,name,born,prison,colour\n", 1, 1, "colour" },
		{ "number,name,born,prison,NAME\n", 1, 1, "NAME" },
		{ "number;name;born;prison\n", 5, 1, "number;name;born;prison" },
		{ "\"number,name\n", 1, 1, "" },
	};
	struct estate e;
	estate_open(&e);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct import_report *r = import(&e, IMPORT_PRISONERS, cases[i].text);
		CHECK(!r->kept && r->lines == 0);
		assert_int_equal(r->fault_count, cases[i].faults);
		check_fault(r, 0, cases[i].line, cases[i].field);
	}
	/* A first line alone is a file that says nothing. */
	CHECK(import(&e, IMPORT_PRISONERS, "number,name,born,prison\n")->kept);
	estate_close(&e);
}

static void faults_are_told_up_to_a_hundred_and_all_are_counted(void **state)
{
	(void)state;
	static char text[8192];
	size_t len = (size_t)snprintf(text, sizeof text, "group,code,description\n");
	for (int i = 0; i < 250; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "G,C%d,\n", i);
	struct estate e;
	estate_open(&e);
	const struct import_report *r = import(&e, IMPORT_REFERENCE_CODES, text);
	assert_int_equal(r->fault_count, 250);
	assert_int_equal(r->bad, 250);
	assert_int_equal(r->faults[IMPORT_FAULTS_MAX - 1].line, IMPORT_FAULTS_MAX + 1);
	estate_close(&e);
}

static void a_dry_run_tells_and_writes_nothing(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	int64_t before = leaves(&e);
	const struct import_report *r =
	    take(&e, IMPORT_PRISONS, "code,name\nNHI,HMP New Hall\nWWI,Wandsworth\n",
		 (struct import_options){ .dry_run = true });
	CHECK(!r->kept && r->added == 1 && r->changed == 1 && r->fault_count == 0);
	assert_int_equal(leaves(&e), before);
	struct prison prison;
	CHECK(store_prison_find(e.service.store, &e.arena, (struct prison_code){ "NHI" },
				&prison) == ERR_NOT_FOUND);
	estate_close(&e);
}

static void a_new_prison_waits_and_a_closed_one_stops(void **state)
{
	(void)state;
	struct estate e;
	struct prison prison;
	estate_open(&e);
	check_counts(
	    import(&e, IMPORT_PRISONS, "code,name,active\nNHI,HMP New Hall,t\nLEI,HMP Leeds,f\n"),
	    1, 1, 0);
	CHECK(prison_find(&e.service, &e.arena, (struct prison_code){ "NHI" }, &prison) == OK);
	CHECK(!prison.ready && prison.not_ready_reason.len && prison.not_ready_reason_cy.len);
	CHECK(prison_find(&e.service, &e.arena, (struct prison_code){ "LEI" }, &prison) == OK);
	CHECK(!prison.ready && str_is(prison.not_ready_reason, "This prison is closed."));
	/* What the file does not say stays: Cardiff keeps its Welsh name. */
	check_counts(import(&e, IMPORT_PRISONS, "code,name,name_cy\nCFI,Cardiff,\n"), 0, 1, 0);
	CHECK(prison_find(&e.service, &e.arena, (struct prison_code){ "CFI" }, &prison) == OK);
	CHECK(str_is(prison.name_cy, "Carchar Caerdydd") && prison.ready);
	estate_close(&e);
}

static struct reference booked(struct estate *e)
{
	struct visit visit;
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, e->sample.joinable, &visit) == OK);
	CHECK(visit.state == VISIT_BOOKED || visit.state == VISIT_LOBBY);
	return visit.reference;
}

static size_t open_reviews(struct estate *e, struct reference reference)
{
	struct review_list reviews;
	size_t open = 0;
	struct actor clerk = estate_staff(e, ROLE_VISITS_CLERK, "WWI");
	CHECK(reviews_of(&e->service, &clerk, &e->arena, reference, &reviews) == OK);
	for (size_t i = 0; i < reviews.count; i++)
		open += reviews.list[i].state == REVIEW_OPEN;
	return open;
}

static void a_ban_that_is_imported_flags_the_visit_and_its_end_unflags_it(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct reference visit = booked(&e);
	size_t before = open_reviews(&e, visit);
	check_counts(
	    import(&e, IMPORT_RESTRICTIONS,
		   "prisoner,visitor_name,visitor_born,code,from,to,comment,authorised_by\n"
		   "A1234BC,amina  okoro,1990-05-02,BAN,2026-11-01,,Threats,Governor\n"),
	    1, 0, 0);
	CHECK(open_reviews(&e, visit) == before + 1);
	/* Another last day takes the place of the first. */
	check_counts(
	    import(&e, IMPORT_RESTRICTIONS,
		   "prisoner,visitor_name,visitor_born,code,from,to,comment,authorised_by\n"
		   "A1234BC,Amina Okoro,1990-05-02,BAN,2026-11-01,2027-03-01,Threats,"
		   "Governor\n"),
	    0, 1, 0);
	static const char STANDING[] = "SELECT COUNT(*) FROM restriction WHERE ended_at = 0";
	assert_int_equal(number(e.service.store, STANDING), 1);
	CHECK(open_reviews(&e, visit) == before + 1);
	check_counts(import(&e, IMPORT_RESTRICTIONS,
			    "prisoner,visitor_name,visitor_born,code,from,to,comment,authorised_by,"
			    "end_reason\n"
			    "A1234BC,Amina Okoro,1990-05-02,BAN,2026-11-01,,Threats,Governor,"
			    "Lifted on appeal\n"),
		     0, 1, 0);
	assert_int_equal(number(e.service.store, STANDING), 0);
	CHECK(open_reviews(&e, visit) == before);
	estate_close(&e);
}

/* However a name, a number or a code is written: imported again it is the same, and not twice in a file. */
static void a_restriction_is_the_same_in_other_letters(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	static const char HEAD[] = "prison,prisoner,visitor_name,visitor_born,code,from,to,"
				   "comment,authorised_by\n";
	static const char *const ONE[] = {
		",A1234BC,Siân Brand,1979-12-24,BAN,2026-11-01,,Threats,Governor\n",
		",a1234bc,SIÂN  BRAND,1979-12-24,BAN,2026-11-01,,Threats,Governor\n",
		"WWI,,Nell Brand,1979-12-24,BAN,2026-11-01,,Threats,Governor\n",
		"WWI,,nell brand,1979-12-24,BAN,2026-11-01,,Threats,Governor\n",
	};
	static const char STANDING[] = "SELECT COUNT(*) FROM restriction WHERE ended_at = 0";
	char text[400];
	int64_t before = number(e.service.store, STANDING);
	for (size_t i = 0; i < ARRAY_LEN(ONE); i++) {
		(void)snprintf(text, sizeof text, "%s%s", HEAD, ONE[i]);
		bool again = i % 2 == 1;
		check_counts(import(&e, IMPORT_RESTRICTIONS, text), !again, 0, again);
	}
	assert_int_equal(number(e.service.store, STANDING), before + 2);
	for (size_t i = 0; i < ARRAY_LEN(ONE); i += 2) {
		(void)snprintf(text, sizeof text, "%s%s%s", HEAD, ONE[i], ONE[i + 1]);
		check_fault(import(&e, IMPORT_RESTRICTIONS, text), 0, 3, "");
		CHECK(!report.kept);
	}
	assert_int_equal(number(e.service.store, STANDING), before + 2);
	estate_close(&e);
}

static struct reference_drift drift_of(struct estate *e)
{
	struct reference_drift drift;
	CHECK(reference_drift_find(&e->service, &e->arena, &drift) == OK);
	return drift;
}

/* Edge case 3: RESTRICT here and RESTRICTED there; what differs from the imported list is told. */
static void codes_that_drift_apart_are_noticed(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	CHECK(drift_of(&e).unknown == 0 && drift_of(&e).missing == 0); /* there is no list */
	check_counts(import(&e, IMPORT_REFERENCE_CODES,
			    "group,code,description\n"
			    "RESTRICTION,ACC,x\nRESTRICTION,BAN,x\nRESTRICTION,CCTV,x\n"
			    "RESTRICTION,CHILD,x\nRESTRICTION,CLOSED,x\nRESTRICTION,DIHCON,x\n"
			    "RESTRICTION,NONCON,x\nRESTRICTION,RESTRICT,x\n"
			    "RELATIONSHIP,SHOUTING,x\n"),
		     9, 0, 0);
	assert_int_equal(drift_of(&e).unknown, 0);
	assert_int_equal(drift_of(&e).missing, 1); /* PREINF */
	check_counts(import(&e, IMPORT_REFERENCE_CODES,
			    "group,code,description\n"
			    "RESTRICTION,PREINF,x\nRESTRICTION,SHOUTING,x\n"),
		     2, 0, 0);
	assert_int_equal(drift_of(&e).unknown, 1);
	assert_int_equal(drift_of(&e).missing, 0);
	estate_close(&e);
}

/* No code that the program knows is one that the database refuses. */
static void every_code_of_a_restriction_can_be_stored(void **state)
{
	(void)state;
	struct estate e;
	char text[300];
	estate_open(&e);
	for (unsigned c = 0; c < RESTRICTION_CODE_COUNT; c++) {
		enum restriction_code code = (enum restriction_code)c;
		bool alone = restriction_fits(RESTRICTION_ON_PRISONER, code);
		(void)snprintf(
		    text, sizeof text,
		    "prisoner,visitor_name,visitor_born,code,from,comment,authorised_by\n"
		    "A1234BC,%s,%s,2026-11-01,c,a\n",
		    alone ? "," : "Nell Brand,1979-12-24", restriction_code_name(code));
		check_counts(import(&e, IMPORT_RESTRICTIONS, text), 1, 0, 0);
	}
	estate_close(&e);
}

static void restrictions_say_whom_they_are_on(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		const char *field;
	} cases[] = {
		{ ",,,,BAN,2026-11-01,,c,a", "prisoner" },
		{ ",,Nell Brand,1979-12-24,BAN,2026-11-01,,c,a", "prison" },
		{ ",A1234BC,Nell Brand,,BAN,2026-11-01,,c,a", "visitor_born" },
		{ ",A1234BC,,1979-12-24,BAN,2026-11-01,,c,a", "visitor_born" },
		{ ",A1234BC,,,NO_CONTACT,2026-11-01,,c,a", "code" },
		{ ",A1234BC,,,SHOUTING,2026-11-01,,c,a", "code" },
		{ ",A1234BC,,,CLOSED,2026-11-01,2026-10-01,c,a", "" },
		{ ",Z9999ZZ,,,CLOSED,2026-11-01,,c,a", "prisoner" },
		{ ",A1234BC,,,CLOSED,,,c,a", "from" },
	};
	struct estate e;
	estate_open(&e);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[300];
		(void)snprintf(text, sizeof text,
			       "prison,prisoner,visitor_name,visitor_born,code,from,to,comment,"
			       "authorised_by\n%s\n",
			       cases[i].line);
		check_fault(import(&e, IMPORT_RESTRICTIONS, text), 0, 2, cases[i].field);
		CHECK(!report.kept && report.bad == 1);
	}
	estate_close(&e);
}

static void non_associations_are_one_pair_in_either_order(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	static const char HEAD[] = "prisoner_1,prisoner_2,reason,scope,comment\n";
	char text[400];
	(void)snprintf(text, sizeof text, "%s%s", HEAD, "A1234BC,A2345CD,THREAT,WING,Threats\n");
	check_counts(import(&e, IMPORT_NON_ASSOCIATIONS, text), 1, 0, 0);
	(void)snprintf(text, sizeof text, "%s%s", HEAD, "A2345CD,A1234BC,THREAT,WING,Threats\n");
	check_counts(import(&e, IMPORT_NON_ASSOCIATIONS, text), 0, 0, 1);
	(void)snprintf(text, sizeof text, "%s%s", HEAD,
		       "A2345CD,A1234BC,THREAT,WING,Threats\nA1234BC,A2345CD,THREAT,CELL,Other\n"
		       "A1234BC,A1234BC,THREAT,CELL,Self\n");
	const struct import_report *r = import(&e, IMPORT_NON_ASSOCIATIONS, text);
	check_fault(r, 0, 3, "");
	check_fault(r, 1, 4, "prisoner_2");
	estate_close(&e);
}

static enum source_status status_of(struct estate *e, enum source source)
{
	struct source_state states[SOURCE_COUNT];
	CHECK(store_source_list(e->service.store, &e->arena, states) == OK);
	return states[source].status;
}

static void an_alert_that_is_imported_flags_the_visit_and_its_end_unflags_it(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	static const char STANDING[] = "SELECT COUNT(*) FROM alert WHERE ended_at = 0";
	int64_t stood = number(e.service.store, STANDING);
	struct reference visit = booked(&e);
	size_t before = open_reviews(&e, visit);
	check_counts(import(&e, IMPORT_ALERTS, "prisoner,code,from\nA1234BC,rdv,2026-11-01\n"), 1,
		     0, 0);
	CHECK(open_reviews(&e, visit) == before + 1);
	/* Another last day takes its place; what the line leaves empty stays. */
	check_counts(import(&e, IMPORT_ALERTS,
			    "prisoner,code,from,to,comment\n"
			    "A1234BC,RDV,2026-11-01,2027-03-01,\n"),
		     0, 1, 0);
	assert_int_equal(number(e.service.store, STANDING), stood + 1);
	CHECK(open_reviews(&e, visit) == before + 1);
	/* One that the list of codes does not know makes staff look as well. */
	check_counts(import(&e, IMPORT_ALERTS,
			    "prisoner,code,from,to,end_reason\n"
			    "A1234BC,RDV,2026-11-01,,Reviewed and closed\n"
			    "A1234BC,QQ1,2026-11-01,,\n"),
		     1, 1, 0);
	CHECK(open_reviews(&e, visit) == before + 1);
	check_counts(import(&e, IMPORT_ALERTS,
			    "prisoner,code,from,to,end_reason\n"
			    "A1234BC,QQ1,2026-11-01,,Closed\nA1234BC,SO,2026-11-02,,Never was\n"),
		     0, 1, 1);
	assert_int_equal(number(e.service.store, STANDING), stood);
	CHECK(open_reviews(&e, visit) == before);
	estate_close(&e);
}

static void bad_alerts_keep_the_file_out_and_the_source_down(void **state)
{
	(void)state;
	struct estate e;
	struct import_options daily = { .daily = true };
	estate_open(&e);
	const struct import_report *r = import(&e, IMPORT_ALERTS,
					       "prisoner,code,from,to\n"
					       "A1234BC,RDV,2026-11-01,\n"
					       "A1234BC,R-DV,2026-11-01,\n"
					       "A1234BC,RDV,2026-13-01,\n"
					       "A1234BC,SO,2026-11-02,2026-11-01\n"
					       "Z9999ZZ,SO,2026-11-02,\n"
					       "a1234bc,rdv,2026-11-01,\n");
	CHECK(!r->kept && r->bad == 5);
	check_fault(r, 0, 3, "code");
	check_fault(r, 1, 4, "from");
	check_fault(r, 2, 5, "to");
	check_fault(r, 3, 6, "prisoner");
	check_fault(r, 4, 7, "");
	CHECK(status_of(&e, SOURCE_ALERTS) == SOURCE_KEPT_HERE);
	CHECK(take(&e, IMPORT_ALERTS, "prisoner,code,from\nA1234BC,RDV,2026-11-01\n", daily)->kept);
	CHECK(status_of(&e, SOURCE_ALERTS) == SOURCE_UP);
	CHECK(!import(&e, IMPORT_ALERTS, "prisoner,code\nA1234BC,RDV\n")->kept);
	CHECK(status_of(&e, SOURCE_ALERTS) == SOURCE_DOWN);
	CHECK(import(&e, IMPORT_ALERTS, "prisoner,code,from\nA1234BC,RDV,2026-11-01\n")->kept);
	CHECK(status_of(&e, SOURCE_ALERTS) == SOURCE_UP);
	estate_close(&e);
}

/* A line of regime-events over the visit that is booked. */
static const char *dentist_at(struct estate *e, int minutes, const char *cancelled)
{
	static char text[200];
	struct visit visit = { 0 };
	char day[DATE_TEXT_ROOM];
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, e->sample.joinable, &visit) == OK);
	struct local_time at = local_of(visit.start);
	date_write(at.date, day);
	int end = at.minute + minutes;
	(void)snprintf(text, sizeof text,
		       "prisoner,code,date,start,end,cancelled\n"
		       "A1234BC,mede,%s,%02d:%02d,%02d:%02d,%s\n",
		       day, at.minute / 60, at.minute % 60, end / 60, end % 60, cancelled);
	return text;
}

static void a_regime_event_flags_the_visit_and_its_cancelling_unflags_it(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct reference visit = booked(&e);
	size_t before = open_reviews(&e, visit);
	check_counts(import(&e, IMPORT_REGIME_EVENTS, dentist_at(&e, 45, "")), 1, 0, 0);
	CHECK(open_reviews(&e, visit) == before + 1);
	check_counts(import(&e, IMPORT_REGIME_EVENTS, dentist_at(&e, 45, "no")), 0, 0, 1);
	check_counts(import(&e, IMPORT_REGIME_EVENTS, dentist_at(&e, 60, "")), 0, 1, 0);
	CHECK(open_reviews(&e, visit) == before + 1);
	static const char STANDING[] = "SELECT COUNT(*) FROM regime_event WHERE removed_at = 0";
	assert_int_equal(number(e.service.store, STANDING), 1);
	check_counts(import(&e, IMPORT_REGIME_EVENTS, dentist_at(&e, 60, "yes")), 0, 1, 0);
	check_counts(import(&e, IMPORT_REGIME_EVENTS, dentist_at(&e, 60, "yes")), 0, 0, 1);
	assert_int_equal(number(e.service.store, STANDING), 0);
	CHECK(open_reviews(&e, visit) == before);
	estate_close(&e);
}

static void bad_regime_events_are_named_and_old_ones_left_out(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	const struct import_report *r = import(&e, IMPORT_REGIME_EVENTS,
					       "prisoner,code,date,start,end,cancelled\n"
					       "A1234BC,GYM,2026-12-01,09:00,10:00,\n"
					       "A1234BC,MEDE,2026-12-01,10:00,10:00,\n"
					       "A1234BC,MEDE,2026-02-30,10:00,11:00,\n"
					       "A1234BC,MEDE,2026-12-01,25:00,11:00,\n"
					       "A1234BC,MEDE,2026-12-01,09:00,,\n"
					       "A1234BC,MEDE,2026-12-01,09:00,10:00,perhaps\n"
					       "A1234BC,MEDE,2026-12-01,09:00,10:00,\n"
					       "a1234bc,mede,2026-12-01,0900,11:00,\n");
	static const char *const fields[] = { "code", "end", "date", "start", "end", "cancelled" };
	CHECK(!r->kept && r->bad == 7);
	for (int i = 0; i < (int)(sizeof fields / sizeof fields[0]); i++)
		check_fault(r, i, i + 2, fields[i]);
	check_fault(r, 6, 9, "");
	r = import(&e, IMPORT_REGIME_EVENTS,
		   "prisoner,code,date,start,end\nA1234BC,MEDE,2020-12-01,09:00,10:00\n");
	CHECK(r->kept && r->left_out == 1 && r->added == 0);
	estate_close(&e);
}

static void a_prisoner_in_another_prison_is_received_there(void **state)
{
	(void)state;
	struct estate e;
	estate_open(&e);
	struct reference visit = booked(&e);
	static const char MOVED_OFF[] = "SELECT COUNT(*) FROM visit WHERE end_kind IN "
					"('PRISONER_MOVED', 'AUTO_REJECTED')";
	assert_int_equal(number(e.service.store, MOVED_OFF), 0);
	static const char FILE_TEXT[] = "number,name,born,prison,location\n"
					"A1234BC,Daniel Okoro,1988-04-12,LEI,C-1\n";
	/* Told before it is done, and then done. */
	int told = take(&e, IMPORT_PRISONERS, FILE_TEXT, (struct import_options){ .dry_run = true })
		       ->called_off;
	CHECK(told > 0);
	CHECK(str_is(str_from(prisoner_of(&e, "A1234BC").prison.text), "WWI"));
	check_counts(import(&e, IMPORT_PRISONERS, FILE_TEXT), 0, 1, 0);
	assert_int_equal(report.called_off, told);
	assert_int_equal(number(e.service.store, MOVED_OFF), told);
	struct prisoner p = prisoner_of(&e, "A1234BC");
	CHECK(str_is(str_from(p.prison.text), "LEI") && str_is(p.wing, "C"));
	struct visit off = { 0 }; /* it waits there for another time: service/refill */
	CHECK(visit_find(&e.service, &SYSTEM_ACTOR, &e.arena, visit, &off) == OK);
	assert_int_equal(off.end, END_PRISONER_MOVED);
	estate_close(&e);
}

static void who_is_struck_off_the_list_is_no_longer_approved_here(void **state)
{
	(void)state;
	struct estate e;
	struct contact_list contacts;
	estate_open(&e);
	struct actor amina = estate_family(&e, "amina@family.example");
	check_counts(import(&e, IMPORT_CONTACTS,
			    "prisoner,name,born,relationship,approved\n"
			    "A1234BC,Amina Okoro,1990-05-02,wife,yes\n"),
		     1, 0, 0);
	CHECK(open_reviews(&e, booked(&e)) == 0);
	struct actor authoriser = estate_staff(&e, ROLE_CONTACTS_AUTHORISER, "WWI");
	struct contact_case_list pending;
	struct contact_case c;
	CHECK(contacts_decided(&e.service, &authoriser, &e.arena, &pending) == OK);
	size_t shown = 0;
	for (size_t i = 0; i < pending.count; i++) {
		CHECK(contact_find(&e.service, &authoriser, &e.arena, pending.list[i].contact.id,
				   &c) == OK);
		bool amina_herself = str_is(c.contact.person.name, "Amina Okoro");
		CHECK(c.listed == amina_herself);
		shown += c.listed && c.listed_approved && str_is(c.listed_as, "wife");
	}
	assert_int_equal(shown, 1);
	check_counts(import(&e, IMPORT_CONTACTS,
			    "prisoner,name,born,relationship,approved\n"
			    "A1234BC,Amina Okoro,1990-05-02,wife,no\n"),
		     0, 1, 0);
	CHECK(contacts_mine(&e.service, &amina, &e.arena, &contacts) == OK);
	size_t rejected = 0;
	for (size_t i = 0; i < contacts.count; i++)
		rejected += contacts.list[i].state == CONTACT_REJECTED;
	assert_int_equal(rejected, 1);
	CHECK(open_reviews(&e, booked(&e)) > 0);
	estate_close(&e);
}

static void a_changed_session_goes_on_from_today_and_flags_what_it_no_longer_holds(void **state)
{
	(void)state;
	struct estate e;
	struct store_session_templates templates;
	struct prison_code wwi = { "WWI" };
	estate_open(&e);
	/* The sample's session of Wandsworth: every day, all day; its name is empty. */
	check_counts(import(&e, IMPORT_SESSIONS,
			    "prison,weekdays,start,end,minutes\nWWI,mon-sun,00:00,24:00,30\n"),
		     0, 0, 1);
	CHECK(open_reviews(&e, booked(&e)) == 0);
	check_counts(import(&e, IMPORT_SESSIONS,
			    "prison,weekdays,start,end,minutes\nWWI,mon-sun,00:00,01:00,30\n"),
		     0, 1, 0);
	CHECK(store_session_template_list(e.service.store, &e.arena, wwi, &templates) == OK);
	assert_int_equal(templates.count, 1);
	assert_int_equal(templates.list[0].end_minute, 60);
	CHECK(open_reviews(&e, booked(&e)) > 0);
	static const struct {
		const char *line;
		const char *field;
	} cases[] = {
		{ "WWI,noday,09:00,10:00,30,,,", "weekdays" },
		{ "WWI,mon,9,10:00,30,,,", "start" },
		{ "WWI,mon,10:00,09:00,30,,,", "start" },
		{ "WWI,mon,09:00,10:00,33,,,", "start" },
		{ "WWI,mon,09:00,10:00,30,attic,,", "room" },
		{ "WWI,mon,09:00,10:00,30,,karaoke,", "kinds" },
		{ "WWI,mon,09:00,10:00,30,,,500", "open_capacity" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[300];
		(void)snprintf(text, sizeof text,
			       "prison,weekdays,start,end,minutes,room,kinds,open_capacity\n%s\n",
			       cases[i].line);
		check_fault(import(&e, IMPORT_SESSIONS, text), 0, 2, cases[i].field);
		CHECK(!report.kept);
	}
	estate_close(&e);
}

static void a_source_lives_from_imports_only_when_told_so(void **state)
{
	(void)state;
	static const char GOOD[] = "prisoner,code,from,comment,authorised_by\n"
				   "A2345CD,CLOSED,2026-11-01,c,a\n";
	static const char BAD[] = "prisoner,code,from,comment,authorised_by\n"
				  "A2345CD,WHAT,2026-11-01,c,a\n";
	struct estate e;
	struct import_options daily = { .daily = true };
	struct import_options lenient = { .leave_out_bad = true };
	estate_open(&e);
	CHECK(import(&e, IMPORT_RESTRICTIONS, GOOD)->kept);
	CHECK(!import(&e, IMPORT_RESTRICTIONS, BAD)->kept);
	CHECK(status_of(&e, SOURCE_RESTRICTIONS) == SOURCE_KEPT_HERE);
	CHECK(!take(&e, IMPORT_RESTRICTIONS, BAD, daily)->kept);
	CHECK(status_of(&e, SOURCE_RESTRICTIONS) == SOURCE_KEPT_HERE);
	CHECK(take(&e, IMPORT_RESTRICTIONS, GOOD, daily)->kept);
	CHECK(status_of(&e, SOURCE_RESTRICTIONS) == SOURCE_UP);
	CHECK(!import(&e, IMPORT_RESTRICTIONS, BAD)->kept);
	CHECK(status_of(&e, SOURCE_RESTRICTIONS) == SOURCE_DOWN);
	/* Half a file does not make it current. */
	CHECK(take(&e, IMPORT_RESTRICTIONS, BAD, lenient)->kept);
	CHECK(status_of(&e, SOURCE_RESTRICTIONS) == SOURCE_DOWN);
	CHECK(import(&e, IMPORT_RESTRICTIONS, GOOD)->kept);
	CHECK(status_of(&e, SOURCE_RESTRICTIONS) == SOURCE_UP);
	CHECK(status_of(&e, SOURCE_NON_ASSOCIATIONS) == SOURCE_KEPT_HERE);
	estate_close(&e);
}

static void only_the_service_and_operators_import(void **state)
{
	(void)state;
	struct estate e;
	struct import_options none = { 0 };
	estate_open(&e);
	struct actor clerk = estate_staff(&e, ROLE_VISITS_CLERK, "WWI");
	CHECK(import_run(&e.service, &clerk, IMPORT_PRISONS, STR("code,name\n"), &none, &report) ==
	      ERR_DENIED);
	struct actor operator= estate_staff(&e, ROLE_OPERATOR, NULL);
	CHECK(import_run(&e.service, &operator, IMPORT_PRISONS, STR("code,name\nNHI,New Hall\n"),
			 &none, &report) == OK);
	CHECK(report.kept);
	estate_close(&e);
}

/* The public files, where they are; the counts are those of the files. */
static void the_public_files_import(void **state)
{
	(void)state;
	const char *data = getenv("PVL_DATA");
	struct estate e;
	struct import_options lenient = { .leave_out_bad = true };
	if (!data || !data[0] || !file_of(data, "prisons.csv")) {
		print_message("# skipped: no public data files (PVL_DATA says where they are)\n");
		return;
	}
	estate_open(&e);
	const struct import_report *r = import(&e, IMPORT_PRISONS, file_of(data, "prisons.csv"));
	CHECK(r->kept && r->lines == 173 && r->left_out == 48 && r->added + r->changed == 125);
	r = import(&e, IMPORT_REFERENCE_CODES, file_of(data, "contact_reference_data.csv"));
	CHECK(r->kept && r->lines == 128 && r->added == 128);

	/* Prisons that are closed or no prisons are named; so is Hull's "enable". */
	r = import(&e, IMPORT_INCENTIVES, file_of(data, "prison_incentive_visit_orders.csv"));
	CHECK(!r->kept && r->lines == 587 && r->bad > 0);
	r = take(&e, IMPORT_INCENTIVES, file_of(data, "prison_incentive_visit_orders.csv"),
		 lenient);
	CHECK(r->kept && r->added > 300 && r->left_out > 0);
	int64_t vo = 0, pvo = 0;
	CHECK(store_incentive_find(e.service.store, (struct prison_code){ "KMI" }, STR("STD"),
				   e.service.now, &vo, &pvo) == OK);
	assert_int_equal(vo, 2);
	assert_int_equal(pvo, 2);

	r = import(&e, IMPORT_SESSIONS, file_of(data, "prison_visit_hours.csv"));
	CHECK(!r->kept && r->lines == 515);
	int hull = 0;
	for (int i = 0; i < r->fault_count && i < IMPORT_FAULTS_MAX; i++)
		hull += strcmp(r->faults[i].field, "enabled") == 0;
	assert_int_equal(hull, 6);
	r = take(&e, IMPORT_SESSIONS, file_of(data, "prison_visit_hours.csv"), lenient);
	CHECK(r->kept && r->added > 300);
	/* Nobody can book them, until somebody says so. */
	static const char ACTIVE[] =
	    "SELECT COUNT(*) FROM session_template WHERE active = 1 AND name LIKE 'In person: %'";
	static const char ALL[] =
	    "SELECT COUNT(*) FROM session_template WHERE name LIKE 'In person: %'";
	assert_int_equal(number(e.service.store, ACTIVE), 0);
	int64_t all = number(e.service.store, ALL);
	CHECK(all > 400);
	r = take(&e, IMPORT_SESSIONS, file_of(data, "prison_visit_hours.csv"), lenient);
	CHECK(r->kept && r->added == 0 && r->changed == 0);
	lenient.activate = true;
	r = take(&e, IMPORT_SESSIONS, file_of(data, "prison_visit_hours.csv"), lenient);
	CHECK(r->kept && r->added == 0 && r->changed > 300);
	assert_int_equal(number(e.service.store, ACTIVE), all);
	CHECK(estate_leaves(&e) > 0);
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_examples_of_the_manual_import_and_a_second_time_change_nothing),
		TEST(one_bad_line_keeps_the_whole_file_out),
		TEST(all_that_is_wrong_with_a_line_is_told),
		TEST(the_first_line_must_be_known),
		TEST(faults_are_told_up_to_a_hundred_and_all_are_counted),
		TEST(a_dry_run_tells_and_writes_nothing),
		TEST(a_new_prison_waits_and_a_closed_one_stops),
		TEST(a_ban_that_is_imported_flags_the_visit_and_its_end_unflags_it),
		TEST(a_restriction_is_the_same_in_other_letters),
		TEST(codes_that_drift_apart_are_noticed),
		TEST(every_code_of_a_restriction_can_be_stored),
		TEST(restrictions_say_whom_they_are_on),
		TEST(non_associations_are_one_pair_in_either_order),
		TEST(an_alert_that_is_imported_flags_the_visit_and_its_end_unflags_it),
		TEST(bad_alerts_keep_the_file_out_and_the_source_down),
		TEST(a_regime_event_flags_the_visit_and_its_cancelling_unflags_it),
		TEST(bad_regime_events_are_named_and_old_ones_left_out),
		TEST(a_prisoner_in_another_prison_is_received_there),
		TEST(who_is_struck_off_the_list_is_no_longer_approved_here),
		TEST(a_changed_session_goes_on_from_today_and_flags_what_it_no_longer_holds),
		TEST(a_source_lives_from_imports_only_when_told_so),
		TEST(only_the_service_and_operators_import),
		TEST(the_public_files_import),
	};
	return RUN("service/import", tests);
}
