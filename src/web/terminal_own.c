/*
 * What a prisoner sees and asks for at a terminal, after number and PIN.
 *
 * Each request carries the terminal's proof and, but for the sign-in, the token
 * that the page holds in memory.  Answers are in the prisoner's language.
 */
#include "web/terminal_api.h"

#include "base/assert.h"
#include "service/ask.h"
#include "service/incident.h"
#include "service/pin.h"
#include "web/proof.h"
#include "web/relationship.h"
#include "web/view.h"
#include "web/web.h"
#include "web/words.h"

enum {
	PIN_IDLE_PAGE_S = 60, /* the page signs off by itself; the server a little later */
	PIN_TYPED_MAX = 40,
};

/* ---- the view ---- */

static json_t *allowance_json(struct page *page, const struct own_view *own)
{
	json_t *lines = json_array();
	if (own->pays_minutes)
		json_array_append_new(
		    lines, view_word(page, "terminal.own.minutes",
				     json_pack("{s:I}", "minutes", (json_int_t)own->minutes_left)));
	if (own->pays_order) {
		json_array_append_new(
		    lines, view_word(page, "terminal.own.vo", json_pack("{s:i}", "vo", own->vo)));
		json_array_append_new(lines, view_word(page, "terminal.own.pvo",
						       json_pack("{s:i}", "pvo", own->pvo)));
	}
	return lines;
}

static json_t *visits_json(struct page *page, const struct own_view *own)
{
	json_t *out = json_array();
	for (size_t i = 0; i < own->visit_count; i++) {
		const struct visit *visit = &own->visits[i];
		bool waits = visit->state == VISIT_REQUESTED;
		json_array_append_new(
		    out, json_pack("{s:o, s:o, s:s}", "when", view_when(page, visit->start),
				   "visitors", view_names(visit), "note",
				   waits ? page_word(page, "terminal.own.requested") : ""));
	}
	return out;
}

static json_t *told_word(struct page *page, enum ask_state told, struct wall at)
{
	static const char *const WORDS[ASK_STATE_COUNT] = {
		[ASK_STAFF] = "terminal.own.told.STAFF",
		[ASK_OPEN] = "terminal.own.told.OPEN",
		[ASK_DECLINED] = "terminal.own.told.OPEN", /* never told: domain/ask.h */
		[ASK_LAPSED] = "terminal.own.told.OPEN",
		[ASK_REFUSED] = "terminal.own.told.REFUSED",
		[ASK_BOOKED] = "terminal.own.told.BOOKED",
	};
	return view_word(page, WORDS[told],
			 json_pack("{s:o}", "date", page_date(page, local_date(at))));
}

static json_t *people_json(struct page *page, const struct own_view *own)
{
	json_t *out = json_array();
	for (size_t i = 0; i < own->visitor_count; i++) {
		const struct own_visitor *v = &own->visitors[i];
		json_t *note = v->asked ? told_word(page, v->told, v->asked_at) : json_string("");
		json_array_append_new(
		    out, json_pack("{s:o, s:o, s:o, s:b, s:o}", "id", page_id(v->person.n), "name",
				   page_str(v->name), "relationship",
				   relationship_view(page, v->relationship_code, v->relationship),
				   "may", (int)(v->may == ASKING_OK), "note", note));
	}
	return out;
}

static json_t *contacts_json(struct page *page, const struct own_view *own)
{
	static const char *const WORDS[CONTACT_ASK_STATE_COUNT] = {
		[CONTACT_ASK_OPEN] = "terminal.own.contact.OPEN",
		[CONTACT_ASK_INVITED] = "terminal.own.contact.INVITED",
		[CONTACT_ASK_REFUSED] = "terminal.own.contact.REFUSED",
	};
	json_t *out = json_array();
	for (size_t i = 0; i < own->contact_count; i++)
		json_array_append_new(
		    out, json_pack("{s:o, s:s}", "name", page_str(own->contacts[i].name), "note",
				   page_word(page, WORDS[own->contacts[i].state])));
	return out;
}

/* How their appeal stands, or until when they may make one. */
static json_t *appeal_note(struct page *page, const struct own_decision *d)
{
	enum appeal theirs = d->incident.appeals[APPELLANT_PRISONER].state;
	if (theirs != APPEAL_NO)
		return json_string(
		    page_word(page, arena_printf(page->arena, "oversight.appeal_told.%s",
						 appeal_name(theirs))));
	if (!d->appeal_until.s)
		return json_string("");
	const char *path =
	    d->may == INCIDENT_OK ? "terminal.own.appeal_until" : "terminal.own.appeal_over";
	return view_word(page, path, json_pack("{s:o}", "when", view_when(page, d->appeal_until)));
}

static json_t *decisions_json(struct page *page, const struct own_view *own)
{
	json_t *out = json_array();
	for (size_t i = 0; i < own->decision_count; i++) {
		const struct own_decision *d = &own->decisions[i];
		bool eased = incident_eased_by_other(&d->incident, APPELLANT_PRISONER);
		json_array_append_new(
		    out, json_pack(
			     "{s:o, s:o, s:o, s:o, s:o, s:s, s:b}", "id", page_id(d->incident.id.n),
			     "when", view_when(page, d->incident.decided_at), "told",
			     page_str(d->incident.told_prisoner), "note", appeal_note(page, d),
			     "reason", page_str(d->incident.appeals[APPELLANT_PRISONER].reason),
			     "eased", eased ? page_word(page, "oversight.incidents.eased") : "",
			     "may", (int)(d->may == INCIDENT_OK)));
	}
	return out;
}

/* The page's own sentences, for a page that was loaded in another language. */
static json_t *own_words(const struct page *page)
{
	const json_t *area = json_object_get(page_words(page), "terminal");
	return json_deep_copy(json_object_get(area, "own"));
}

/* Everything, in the prisoner's language; said: the path of what has just been done, or NULL. */
static void answer_own(struct page *page, const struct actor *actor, const char *token,
		       const char *said)
{
	struct own_view own;
	enum err err = own_find(page->service, actor, page->arena, &own);
	if (err != OK)
		return page_failed(page, err);
	page->lang = language_code(own.language);
	struct str rest = own.prisoner.name;
	json_t *view = json_pack(
	    "{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:i}", "language", page->lang, "name",
	    page_str(str_cut(&rest, ' ')), "allowance", allowance_json(page, &own), "visits",
	    visits_json(page, &own), "people", people_json(page, &own), "contacts",
	    contacts_json(page, &own), "decisions", decisions_json(page, &own), "words",
	    own_words(page), "said", said ? page_word(page, said) : "", "idle_s", PIN_IDLE_PAGE_S);
	if (token)
		json_object_set_new(view, "token", json_string(token));
	proof_answer(page, actor, view);
}

/* ---- signing in ---- */

struct attempt {
	struct actor terminal;
	struct pin_candidate candidate;
};

static void not_let_in(struct page *page)
{
	page_problem(page, 403, "pin", "The number or the PIN is not right, or it is closed.");
}

static void checked(struct page *page)
{
	const struct attempt *attempt = page->state;
	struct pin_session session;
	enum err err = ERR_DENIED;
	if (!page->hash_matches || !attempt->candidate.prisoner.n) {
		err = pin_wrong(page->service, &attempt->terminal, &attempt->candidate);
		return err == OK ? not_let_in(page) : page_failed(page, err);
	}
	err = pin_session_start(page->service, &attempt->terminal, &attempt->candidate, &session);
	if (err == ERR_DENIED)
		return not_let_in(page);
	if (err != OK)
		return page_failed(page, err);
	struct actor actor = attempt->terminal;
	actor.prisoner = attempt->candidate.prisoner;
	answer_own(page, &actor, session.token, NULL);
}

static bool may_try(struct page *page, const struct actor *terminal)
{
	const char *name = arena_printf(page->arena, "%lld", (long long)terminal->terminal.n);
	bool may = limits_take_name(page->web->limits, LIMIT_PIN_TERMINAL, str_from(name),
				    page->request->now);
	if (!may)
		page_problem(page, 429, "too-many", "Wait a moment before the next try.");
	return may;
}

static void sign_in(struct page *page)
{
	const json_t *body = page_body_json(page);
	struct attempt *attempt = arena_new(page->arena, 1, sizeof *attempt);
	char pin[PIN_LEN + 1];
	if (body == NULL || !proof_taken(page, body, &attempt->terminal))
		return;
	struct str number = proof_member(body, "number");
	struct str typed = proof_member(body, "pin");
	if (number.len > PIN_TYPED_MAX || typed.len > PIN_TYPED_MAX || !pin_of(typed, pin))
		return page_problem(page, 400, "pin_typed", "pin is six digits.");
	if (!may_try(page, &attempt->terminal))
		return;
	enum err err =
	    pin_candidate_find(page->service, &attempt->terminal, number, &attempt->candidate);
	if (err != OK)
		return page_failed(page, err);
	page_hash_check(page, str_from(pin), attempt->candidate.hash, checked, attempt);
}

/* ---- signed in ---- */

/* The prisoner who is signed in there; false after answering. */
static bool who(struct page *page, const json_t *body, struct actor *out)
{
	struct actor terminal;
	if (body == NULL || !proof_taken(page, body, &terminal))
		return false;
	enum err err = pin_session_find(page->service, &terminal, proof_member(body, "token"), out);
	if (err == ERR_DENIED)
		page_problem(page, 403, "signed_off", "Nobody is signed in here by that token.");
	else if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void home(struct page *page)
{
	const json_t *body = page_body_json(page);
	struct actor actor;
	if (!who(page, body, &actor))
		return;
	struct str language = proof_member(body, "language");
	enum err err = OK;
	if (str_is(language, "en") || str_is(language, "cy"))
		err = own_choose_language(page->service, &actor, language_of(language));
	if (err != OK)
		return page_failed(page, err);
	answer_own(page, &actor, NULL, NULL);
}

static void ask_visit(struct page *page)
{
	static const char *const SAID[ASKING_COUNT] = {
		[ASKING_OK] = "terminal.own.said.OK",
		[ASKING_OFF] = "terminal.own.said.OFF",
		[ASKING_UNKNOWN] = "terminal.own.said.UNKNOWN",
		[ASKING_STANDS] = "terminal.own.said.STANDS",
	};
	const json_t *body = page_body_json(page);
	struct actor actor;
	enum asking answer = ASKING_UNKNOWN;
	uint64_t person = 0;
	if (!who(page, body, &actor))
		return;
	if (!str_u64(proof_member(body, "person"), INT64_MAX, &person))
		return page_problem(page, 400, "ask_person", "person is the id of a visitor.");
	enum err err =
	    ask_for_visit(page->service, &actor, (struct person_id){ (int64_t)person }, &answer);
	if (err != OK)
		return page_failed(page, err);
	answer_own(page, &actor, NULL, SAID[answer]);
}

static void ask_contact(struct page *page)
{
	const json_t *body = page_body_json(page);
	struct actor actor;
	if (!who(page, body, &actor))
		return;
	enum err err = ask_for_contact(page->service, &actor, proof_member(body, "name"),
				       proof_member(body, "relationship"));
	if (err == ERR_BAD)
		return page_problem(page, 400, "ask_contact",
				    "name and relationship are needed, at most 100 and 40 long.");
	if (err == ERR_LIMIT)
		return page_problem(page, 409, "ask_limit", "Too many requests wait for staff.");
	if (err != OK)
		return page_failed(page, err);
	answer_own(page, &actor, NULL, "terminal.own.said.contact");
}

static void appeal(struct page *page)
{
	const json_t *body = page_body_json(page);
	struct actor actor;
	enum incident_answer answer = INCIDENT_OK;
	uint64_t id = 0;
	if (!who(page, body, &actor))
		return;
	struct str words = proof_member(body, "words");
	if (!str_u64(proof_member(body, "incident"), INT64_MAX, &id))
		return page_problem(page, 400, "appeal_which", "incident is the id of a decision.");
	enum err err = incident_appeal(page->service, &actor, (struct incident_id){ (int64_t)id },
				       words, &answer);
	if (err == ERR_BAD)
		return page_problem(page, 400, "appeal_words",
				    "words are needed, at most 500 bytes.");
	if (err != OK)
		return page_failed(page, err);
	if (answer == INCIDENT_APPEAL_LATE)
		return page_problem(page, 409, "appeal_late", "The time to appeal is over.");
	answer_own(page, &actor, NULL,
		   answer == INCIDENT_OK ? "terminal.own.said.appeal"
					 : "terminal.own.said.appealed_before");
}

static void sign_out(struct page *page)
{
	const json_t *body = page_body_json(page);
	struct actor terminal;
	if (body == NULL || !proof_taken(page, body, &terminal))
		return;
	enum err err = pin_session_end(page->service, &terminal, proof_member(body, "token"));
	if (err != OK && err != ERR_NOT_FOUND) /* over already: what was wanted */
		return page_failed(page, err);
	proof_answer(page, &terminal, json_object());
}

enum {
	OWN_BODY_MAX = 4096
};

static const struct route rows[] = {
	{ METHOD_POST, "/api/v1/terminal/prisoner/sign-in", WHO_PROOF, BODY_JSON, OWN_BODY_MAX,
	  ROUTE_API, sign_in },
	{ METHOD_POST, "/api/v1/terminal/prisoner/home", WHO_PROOF, BODY_JSON, OWN_BODY_MAX,
	  ROUTE_API, home },
	{ METHOD_POST, "/api/v1/terminal/prisoner/visit", WHO_PROOF, BODY_JSON, OWN_BODY_MAX,
	  ROUTE_API, ask_visit },
	{ METHOD_POST, "/api/v1/terminal/prisoner/contact", WHO_PROOF, BODY_JSON, OWN_BODY_MAX,
	  ROUTE_API, ask_contact },
	{ METHOD_POST, "/api/v1/terminal/prisoner/appeal", WHO_PROOF, BODY_JSON, OWN_BODY_MAX,
	  ROUTE_API, appeal },
	{ METHOD_POST, "/api/v1/terminal/prisoner/sign-out", WHO_PROOF, BODY_JSON, OWN_BODY_MAX,
	  ROUTE_API, sign_out },
};
const struct route_group terminal_own_routes = { rows, ARRAY_LEN(rows) };
