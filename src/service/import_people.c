#include "service/import_priv.h"

#include "base/assert.h"
#include "service/custody.h"
#include "service/guard_priv.h"
#include "service/listing.h"
#include "service/safeguard.h"
#include "store/contact.h"
#include "store/incentive.h"
#include "store/non_association.h"
#include "store/prisoner.h"
#include "store/reference_code.h"
#include "store/restriction.h"

/* ---- prisoners ---- */

enum {
	PRISONER_NUMBER,
	PRISONER_NAME,
	PRISONER_BORN,
	PRISONER_PRISON,
	PRISONER_LOCATION,
	PRISONER_CATEGORY,
	PRISONER_INCENTIVE,
	PRISONER_STATUS,
	PRISONER_LANGUAGE,
};

enum {
	LEVEL_MAX = 40,
	CATEGORY_MAX = 3,
};

static void read_name(struct import *im, int column, struct str *out)
{
	*out = import_words(im, column, NAME_MAX_BYTES);
	if (!im->bad && !name_acceptable(*out))
		import_fault(im, column, "no name");
}

/* Of somebody who lives: not after today. */
static void read_birth(struct import *im, int column, struct date *out)
{
	if (import_date(im, column, out) && date_compare(*out, local_date(im->service->now)) > 0)
		import_fault(im, column, "a day that has not come yet");
}

/* "A-2-014": wing, landing, spur, cell, as far as they are known. */
static void read_location(struct import *im, struct prisoner *p)
{
	struct str rest = import_text(im, PRISONER_LOCATION);
	struct str *levels[LOCATION_LEVELS] = { &p->wing, &p->levels[0], &p->levels[1],
						&p->levels[2] };
	if (str_empty(rest))
		return;
	for (int i = 0; i < LOCATION_LEVELS; i++) {
		*levels[i] = str_cut(&rest, '-');
		if (levels[i]->len > LEVEL_MAX)
			import_fault(im, PRISONER_LOCATION, "a level of more than 40 bytes");
	}
	if (rest.len)
		import_fault(im, PRISONER_LOCATION, "more than four levels: write like A-2-014");
}

static void read_status(struct import *im, struct prisoner *p)
{
	struct str status = import_text(im, PRISONER_STATUS);
	if (str_empty(status))
		return;
	p->convicted = str_equal_nocase(status, STR("CONVICTED"));
	if (!p->convicted && !str_equal_nocase(status, STR("REMAND")))
		import_fault(im, PRISONER_STATUS, "write CONVICTED or REMAND");
}

static enum err read_incentive(struct import *im, struct prisoner *p)
{
	int64_t vo, pvo;
	struct str level = import_words(im, PRISONER_INCENTIVE, INCENTIVE_LEVEL_MAX);
	if (str_empty(level) || im->bad)
		return OK;
	enum err err =
	    store_incentive_find(im->service->store, p->prison, level, im->service->now, &vo, &pvo);
	p->incentive = level;
	return import_answer(im, err, PRISONER_INCENTIVE,
			     "neither the prison nor the country has amounts for this level: "
			     "import incentives first");
}

/* What the line says, over what is known (or the first values of somebody new). */
static enum err read_prisoner(struct import *im, struct prisoner *p)
{
	struct str category = import_words(im, PRISONER_CATEGORY, CATEGORY_MAX);
	enum err err = import_prison(im, PRISONER_PRISON, &p->prison);
	read_name(im, PRISONER_NAME, &p->name);
	read_birth(im, PRISONER_BORN, &p->born);
	read_location(im, p);
	read_status(im, p);
	if (!str_empty(category))
		p->category = category;
	return err == OK ? read_incentive(im, p) : err;
}

static bool read_language(struct import *im, enum language *out)
{
	struct str code = import_text(im, PRISONER_LANGUAGE);
	if (str_empty(code))
		return false;
	*out = language_of(code);
	if (str_is(code, language_code(*out)))
		return true;
	import_fault(im, PRISONER_LANGUAGE, "write en or cy");
	return false;
}

static bool same_prisoner(const struct prisoner *a, const struct prisoner *b)
{
	bool same = str_equal(a->name, b->name) && date_compare(a->born, b->born) == 0 &&
		    str_equal(a->wing, b->wing) && str_equal(a->category, b->category) &&
		    str_equal(a->incentive, b->incentive) && a->convicted == b->convicted;
	for (int i = 0; i < LOCATION_LEVELS - 1 && same; i++)
		same = str_equal(a->levels[i], b->levels[i]);
	return same;
}

/* One leaf for the record as a whole: what it says, and the language. */
static enum err write_prisoner(struct import *im, const struct prisoner *p, bool is_new,
			       const enum language *language)
{
	if (im->looking)
		return OK;
	struct use_case use;
	struct store *store = im->service->store;
	enum err err = use_case_begin(im->service, &use);
	if (err == OK)
		err = is_new ? store_prisoner_insert(store, p) : store_prisoner_update(store, p);
	if (err == OK && language)
		err = store_prisoner_set_language(store, p->id, *language);
	if (err == OK)
		err = audit_write(im->service, &im->actor,
				  &(struct audit_what){ .verb = is_new ? AUDIT_PRISONER_ADD
								       : AUDIT_PRISONER_CHANGE,
							.object = AUDIT_ON_PRISONER,
							.object_id = p->id.n,
							.prison = p->prison });
	return use_case_end(&use, err);
}

static enum err add_prisoner(struct import *im, struct prisoner_number number,
			     enum import_outcome *out)
{
	enum language language;
	struct prisoner p = { .id = { random_id(im->service->random) },
			      .number = number,
			      .incentive = STR("STD"),
			      .convicted = true };
	enum err err = read_prisoner(im, &p);
	bool speaks = read_language(im, &language);
	*out = IMPORTED_NEW;
	if (err != OK || im->bad)
		return err;
	return write_prisoner(im, &p, true, speaks ? &language : NULL);
}

/* Received from another prison: with all that follows from it. */
static enum err move_prisoner(struct import *im, const struct prisoner *p, struct prison_code to)
{
	if (im->looking)
		return OK;
	struct visits_touched before = { 0 }, after = { 0 };
	struct prisoner_movement m = {
		.number = p->number, .movement = MOVEMENT_TRANSFERRED, .to = to, .reason = IMPORTED
	};
	enum err err = guard_visits_of(im->service, im->arena, p->id, &before);
	if (err == OK)
		err = import_answer(im, prisoner_move(im->service, &im->actor, &m), PRISONER_PRISON,
				    "no transfer is possible from where the prisoner is: record "
				    "the movement by hand");
	if (err == OK)
		err = guard_visits_of(im->service, im->arena, p->id, &after);
	if (err == OK)
		im->report->called_off += (int)(before.count - after.count);
	return err;
}

static enum err change_prisoner(struct import *im, const struct prisoner *is,
				enum import_outcome *out)
{
	struct prisoner says = *is;
	enum language language, speaks = LANGUAGE_EN;
	enum err err = read_prisoner(im, &says);
	bool tells = read_language(im, &language);
	if (err == OK && tells)
		err = store_prisoner_language(im->service->store, is->id, &speaks);
	if (err != OK || im->bad)
		return err;
	bool moved = !prison_code_equal(is->prison, says.prison);
	bool other_language = tells && language != speaks;
	bool other = !same_prisoner(is, &says) || other_language;
	if (moved)
		err = move_prisoner(im, is, says.prison);
	if (err == OK && !im->bad && other)
		err = write_prisoner(im, &says, false, other_language ? &language : NULL);
	if (moved || other)
		*out = IMPORTED_CHANGED;
	return err;
}

static enum err prisoner_line(struct import *im, enum import_outcome *out)
{
	struct prisoner is = { 0 };
	struct prisoner_number number = { 0 };
	if (!prisoner_number_of(import_text(im, PRISONER_NUMBER), &number)) {
		import_fault(im, PRISONER_NUMBER, "no prisoner number: like A1234BC");
		return OK;
	}
	struct str part = str_from(number.text);
	import_once(im, PRISONER_NUMBER, &part, 1);
	enum err err = store_prisoner_find_by_number(im->service->store, im->arena, number, &is);
	if (err == ERR_NOT_FOUND)
		return add_prisoner(im, number, out);
	if (err == OK && !str_equal(str_from(is.number.text), part)) {
		import_fault(im, PRISONER_NUMBER,
			     "this number was merged into another one: send that");
		return OK;
	}
	return err == OK ? change_prisoner(im, &is, out) : err;
}

const struct import_table IMPORT_OF_PRISONERS = {
	.kind = IMPORT_PRISONERS,
	.columns = { [PRISONER_NUMBER] = { "number", true },
		     [PRISONER_NAME] = { "name", true },
		     [PRISONER_BORN] = { "born", true },
		     [PRISONER_PRISON] = { "prison", true },
		     [PRISONER_LOCATION] = { "location", false },
		     [PRISONER_CATEGORY] = { "category", false },
		     [PRISONER_INCENTIVE] = { "incentive", false },
		     [PRISONER_STATUS] = { "status", false },
		     [PRISONER_LANGUAGE] = { "language", false } },
	.read_past = "",
	.line = prisoner_line,
};

/* ---- contacts: whom a prison has on its list ---- */

enum {
	CONTACT_PRISONER,
	CONTACT_NAME,
	CONTACT_BORN,
	CONTACT_RELATIONSHIP,
	CONTACT_IS_APPROVED,
};

/* What the line would do, or does. */
static enum err list_contact(struct import *im, const struct listing *says,
			     enum import_outcome *out)
{
	static const enum import_outcome OUTCOMES[] = { [LISTING_SAME] = IMPORTED_SAME,
							[LISTING_NEW] = IMPORTED_NEW,
							[LISTING_CHANGED] = IMPORTED_CHANGED };
	enum listing_change change = LISTING_SAME;
	enum err err = im->looking ? listing_look(im->service, im->arena, says, &change)
				   : listing_set(im->service, &im->actor, im->arena, says, &change);
	if (err == OK)
		*out = OUTCOMES[change];
	return err;
}

static enum err contact_line(struct import *im, enum import_outcome *out)
{
	struct prisoner prisoner = { 0 };
	struct listing says = { 0 };
	enum err err = import_prisoner(im, CONTACT_PRISONER, &prisoner);
	read_name(im, CONTACT_NAME, &says.name);
	read_birth(im, CONTACT_BORN, &says.born);
	(void)import_yes(im, CONTACT_IS_APPROVED, &says.approved);
	says.relationship = import_words(im, CONTACT_RELATIONSHIP, RELATIONSHIP_MAX);
	struct str parts[] = { str_from(prisoner.number.text),
			       prisoner_name_key(im->arena, says.name),
			       import_text(im, CONTACT_BORN) };
	if (!im->bad)
		import_once(im, CONTACT_NAME, parts, ARRAY_LEN(parts));
	if (err != OK || im->bad)
		return err;
	says.prisoner = prisoner.id;
	return list_contact(im, &says, out);
}

const struct import_table IMPORT_OF_CONTACTS = {
	.kind = IMPORT_CONTACTS,
	.columns = { [CONTACT_PRISONER] = { "prisoner", true },
		     [CONTACT_NAME] = { "name", true },
		     [CONTACT_BORN] = { "born", true },
		     [CONTACT_RELATIONSHIP] = { "relationship", true },
		     [CONTACT_IS_APPROVED] = { "approved", true } },
	.read_past = "",
	.line = contact_line,
};

/* ---- restrictions ---- */

enum {
	RESTRICTION_PRISON,
	RESTRICTION_PRISONER,
	RESTRICTION_VISITOR_NAME,
	RESTRICTION_VISITOR_BORN,
	RESTRICTION_CODE,
	RESTRICTION_FROM,
	RESTRICTION_TO,
	RESTRICTION_COMMENT,
	RESTRICTION_AUTHORISED_BY,
	RESTRICTION_END_REASON,
};

static enum err read_restriction(struct import *im, struct restriction_new *says)
{
	struct prisoner prisoner = { 0 };
	struct prison_code prison = { 0 };
	says->visitor_name = import_words(im, RESTRICTION_VISITOR_NAME, NAME_MAX_BYTES);
	bool visitor = !str_empty(says->visitor_name);
	enum err err = import_prisoner(im, RESTRICTION_PRISONER, &prisoner);
	if (err == OK)
		err = import_prison(im, RESTRICTION_PRISON, &prison);
	says->prisoner = prisoner.id;
	if (import_date(im, RESTRICTION_VISITOR_BORN, &says->visitor_born) != visitor && !im->bad)
		import_fault(im, RESTRICTION_VISITOR_BORN,
			     "a visitor needs name and date of birth, both or none");
	(void)import_date(im, RESTRICTION_FROM, &says->from);
	(void)import_date(im, RESTRICTION_TO, &says->to);
	says->comment = import_text(im, RESTRICTION_COMMENT);
	says->authorised_by = import_words(im, RESTRICTION_AUTHORISED_BY, AUTHORISED_MAX);
	if (!restriction_code_of(import_text(im, RESTRICTION_CODE), &says->code))
		import_fault(im, RESTRICTION_CODE, "no code of a restriction");
	says->on = !visitor        ? RESTRICTION_ON_PRISONER
		   : prisoner.id.n ? RESTRICTION_ON_PAIR
				   : RESTRICTION_ON_VISITOR;
	if (!im->bad && !visitor && !prisoner.id.n)
		import_fault(im, RESTRICTION_PRISONER, "neither a prisoner nor a visitor");
	if (!im->bad && prison_code_empty(im->actor.prison))
		import_fault(im, RESTRICTION_PRISON,
			     "needed where there is no prisoner: who laid it down");
	if (!im->bad && !restriction_fits(says->on, says->code))
		import_fault(im, RESTRICTION_CODE,
			     "not for this: on a prisoner, a visitor or both");
	return err;
}

static bool same_restriction(const struct restriction *r, const struct restriction_new *says)
{
	return r->on == says->on && r->code == says->code && r->prisoner.n == says->prisoner.n &&
	       date_compare(r->from, says->from) == 0 &&
	       (says->on == RESTRICTION_ON_PRISONER ||
		(date_compare(r->visitor_born, says->visitor_born) == 0 &&
		 prisoner_name_matches(r->visitor_name, says->visitor_name)));
}

/* The one that stands and is meant by the line; *id 0: none. */
static enum err standing(struct import *im, const struct restriction_new *says,
			 struct restriction *out)
{
	struct restriction_list list = { 0 };
	enum err err = store_restriction_list_for(
	    im->service->store, im->arena, says->prisoner, &says->visitor_born,
	    says->on == RESTRICTION_ON_VISITOR ? 1 : 0, &list);
	for (size_t i = 0; i < list.count && err == OK; i++)
		if (same_restriction(&list.list[i], says))
			*out = list.list[i];
	return err;
}

static enum err end_standing(struct import *im, const struct restriction *is, struct str why)
{
	if (im->looking)
		return OK;
	return is->id.n ? import_answer(im, restriction_end(im->service, &im->actor, is->id, why),
					RESTRICTION_END_REASON, "it cannot be ended so")
			: OK;
}

static enum err save_restriction(struct import *im, const struct restriction_new *says,
				 const struct restriction *is, enum import_outcome *out)
{
	struct restriction_id id;
	if (is->id.n && date_compare(is->to, says->to) == 0 &&
	    str_equal(is->comment, says->comment) &&
	    str_equal(is->authorised_by, says->authorised_by))
		return OK;
	*out = is->id.n ? IMPORTED_CHANGED : IMPORTED_NEW;
	enum err err = end_standing(im, is, REPLACED);
	if (err != OK || im->bad || im->looking)
		return err;
	return import_answer(im, restriction_add(im->service, &im->actor, says, &id), -1,
			     "it cannot be laid down so: look at the dates, the comment and who "
			     "authorised it");
}

static enum err restriction_line(struct import *im, enum import_outcome *out)
{
	struct restriction is = { 0 };
	struct restriction_new says = { 0 };
	struct str why = import_text(im, RESTRICTION_END_REASON);
	enum err err = read_restriction(im, &says);
	struct str parts[] = {
		str_from(arena_printf(im->arena, "%lld", (long long)says.prisoner.n)),
		prisoner_name_key(im->arena, says.visitor_name),
		import_text(im, RESTRICTION_VISITOR_BORN),
		str_from(restriction_code_name(says.code)), import_text(im, RESTRICTION_FROM)
	};
	if (err == OK && !im->bad)
		import_once(im, -1, parts, ARRAY_LEN(parts));
	if (err == OK && !im->bad)
		err = standing(im, &says, &is);
	if (err != OK || im->bad)
		return err;
	if (str_empty(why))
		return save_restriction(im, &says, &is, out);
	*out = is.id.n ? IMPORTED_CHANGED : IMPORTED_SAME;
	return end_standing(im, &is, why);
}

const struct import_table IMPORT_OF_RESTRICTIONS = {
	.kind = IMPORT_RESTRICTIONS,
	.columns = { [RESTRICTION_PRISON] = { "prison", false },
		     [RESTRICTION_PRISONER] = { "prisoner", false },
		     [RESTRICTION_VISITOR_NAME] = { "visitor_name", false },
		     [RESTRICTION_VISITOR_BORN] = { "visitor_born", false },
		     [RESTRICTION_CODE] = { "code", true },
		     [RESTRICTION_FROM] = { "from", true },
		     [RESTRICTION_TO] = { "to", false },
		     [RESTRICTION_COMMENT] = { "comment", true },
		     [RESTRICTION_AUTHORISED_BY] = { "authorised_by", true },
		     [RESTRICTION_END_REASON] = { "end_reason", false } },
	.read_past = "",
	.line = restriction_line,
};

/* ---- non-associations ---- */

enum {
	PAIR_ONE,
	PAIR_OTHER,
	PAIR_REASON,
	PAIR_SCOPE,
	PAIR_COMMENT,
	PAIR_END_REASON,
};

static enum err standing_pair(struct import *im, struct prisoner_id one, struct prisoner_id other,
			      struct non_association *out)
{
	struct non_association_list list = { 0 };
	enum err err = store_non_association_list_of(im->service->store, im->arena, one, &list);
	for (size_t i = 0; i < list.count && err == OK; i++)
		if (non_association_other(&list.list[i], one).n == other.n)
			*out = list.list[i];
	return err;
}

static enum err end_pair(struct import *im, const struct non_association *is, struct str why)
{
	if (im->looking)
		return OK;
	return is->id.n
		   ? import_answer(im, non_association_end(im->service, &im->actor, is->id, why),
				   PAIR_END_REASON, "it cannot be ended so")
		   : OK;
}

static enum err save_pair(struct import *im, const struct non_association_new *says,
			  const struct non_association *is, enum import_outcome *out)
{
	struct non_association_id id;
	if (is->id.n && is->reason == says->reason && is->scope == says->scope &&
	    str_equal(is->comment, says->comment))
		return OK;
	*out = is->id.n ? IMPORTED_CHANGED : IMPORTED_NEW;
	enum err err = end_pair(im, is, REPLACED);
	if (err != OK || im->bad || im->looking)
		return err;
	return import_answer(im, non_association_add(im->service, &im->actor, says, &id), -1,
			     "it cannot be laid down so: look at the comment");
}

static enum err pair_line(struct import *im, enum import_outcome *out)
{
	struct prisoner one = { 0 }, other = { 0 };
	struct non_association is = { 0 };
	struct non_association_new says = { .comment = import_text(im, PAIR_COMMENT) };
	struct str why = import_text(im, PAIR_END_REASON);
	enum err err = import_prisoner(im, PAIR_OTHER, &other);
	if (err == OK)
		err = import_prisoner(im, PAIR_ONE, &one);
	if (!non_association_reason_of(import_text(im, PAIR_REASON), &says.reason))
		import_fault(im, PAIR_REASON, "no reason that is known");
	if (!non_association_scope_of(import_text(im, PAIR_SCOPE), &says.scope))
		import_fault(im, PAIR_SCOPE, "write CELL, LANDING or WING");
	if (err != OK || im->bad)
		return err;
	if (one.id.n == other.id.n) {
		import_fault(im, PAIR_OTHER, "both numbers are one prisoner");
		return OK;
	}
	bool ordered = one.id.n < other.id.n;
	struct str parts[] = { str_from(ordered ? one.number.text : other.number.text),
			       str_from(ordered ? other.number.text : one.number.text) };
	import_once(im, -1, parts, ARRAY_LEN(parts));
	says.one = one.id;
	says.other = other.number;
	err = standing_pair(im, one.id, other.id, &is);
	if (err != OK || im->bad)
		return err;
	if (str_empty(why))
		return save_pair(im, &says, &is, out);
	*out = is.id.n ? IMPORTED_CHANGED : IMPORTED_SAME;
	return end_pair(im, &is, why);
}

const struct import_table IMPORT_OF_NON_ASSOCIATIONS = {
	.kind = IMPORT_NON_ASSOCIATIONS,
	.columns = { [PAIR_ONE] = { "prisoner_1", true },
		     [PAIR_OTHER] = { "prisoner_2", true },
		     [PAIR_REASON] = { "reason", true },
		     [PAIR_SCOPE] = { "scope", true },
		     [PAIR_COMMENT] = { "comment", true },
		     [PAIR_END_REASON] = { "end_reason", false } },
	.read_past = "",
	.line = pair_line,
};
