#include "domain/restriction.h"

static const struct {
	const char *name;
	struct restriction_effect effect;
} CODES[RESTRICTION_CODE_COUNT] = {
	[RESTRICTION_ACC] = { "ACC", { .review = true } },
	[RESTRICTION_BAN] = { "BAN", { .banned = true } },
	[RESTRICTION_CCTV] = { "CCTV", { .review = true } },
	[RESTRICTION_CHILD] = { "CHILD", { .review = true, .child = true } },
	[RESTRICTION_CLOSED] = { "CLOSED", { .closed = true, .watched = true } },
	[RESTRICTION_DIHCON] = { "DIHCON", { .review = true } },
	[RESTRICTION_NONCON] = { "NONCON", { .watched = true, .review = true } },
	[RESTRICTION_PREINF] = { "PREINF", { .review = true } },
	[RESTRICTION_RESTRICTED] = { "RESTRICTED", { .review = true } },
	[RESTRICTION_NO_CONTACT] = { "NO_CONTACT", { .no_contact = true } },
};

static const char *const ONS[RESTRICTION_ON_COUNT] = {
	[RESTRICTION_ON_PRISONER] = "PRISONER",
	[RESTRICTION_ON_VISITOR] = "VISITOR",
	[RESTRICTION_ON_PAIR] = "PAIR",
};

const char *restriction_code_name(enum restriction_code code)
{
	return CODES[code < RESTRICTION_CODE_COUNT ? code : RESTRICTION_RESTRICTED].name;
}

bool restriction_code_of(struct str name, enum restriction_code *out)
{
	if (str_is(name, "RESTRICT")) {
		*out = RESTRICTION_RESTRICTED;
		return true;
	}
	for (unsigned i = 0; i < RESTRICTION_CODE_COUNT; i++) {
		if (str_is(name, CODES[i].name)) {
			*out = (enum restriction_code)i;
			return true;
		}
	}
	return false;
}

const char *restriction_on_name(enum restriction_on on)
{
	return ONS[on < RESTRICTION_ON_COUNT ? on : RESTRICTION_ON_PRISONER];
}

bool restriction_on_of(struct str name, enum restriction_on *out)
{
	for (unsigned i = 0; i < RESTRICTION_ON_COUNT; i++) {
		if (str_is(name, ONS[i])) {
			*out = (enum restriction_on)i;
			return true;
		}
	}
	return false;
}

bool restriction_fits(enum restriction_on on, enum restriction_code code)
{
	if (on >= RESTRICTION_ON_COUNT || code >= RESTRICTION_CODE_COUNT)
		return false;
	if (code == RESTRICTION_NO_CONTACT)
		return on == RESTRICTION_ON_PAIR;
	return code != RESTRICTION_CHILD || on != RESTRICTION_ON_VISITOR;
}

bool restriction_holds(const struct restriction *r, struct date day)
{
	if (r->ended_at.s || date_compare(day, r->from) < 0)
		return false;
	return !r->to.year || date_compare(day, r->to) <= 0;
}

static bool is_visitor(const struct restriction *r, const struct person *visitor)
{
	if (!visitor)
		return false;
	if (r->person.n && r->person.n == visitor->id.n)
		return true;
	return date_compare(r->visitor_born, visitor->born) == 0 &&
	       prisoner_name_matches(r->visitor_name, visitor->name);
}

bool restriction_concerns(const struct restriction *r, struct prisoner_id prisoner,
			  const struct person *visitor)
{
	bool this_prisoner = r->prisoner.n == prisoner.n;
	switch (r->on) {
	case RESTRICTION_ON_PRISONER:
		return this_prisoner;
	case RESTRICTION_ON_VISITOR:
		return is_visitor(r, visitor);
	case RESTRICTION_ON_PAIR:
		return this_prisoner && is_visitor(r, visitor);
	case RESTRICTION_ON_COUNT:
		break;
	}
	return false;
}

struct restriction_effect restriction_effect_of(enum restriction_code code)
{
	return CODES[code < RESTRICTION_CODE_COUNT ? code : RESTRICTION_RESTRICTED].effect;
}

struct restriction_effect restrictions_on_day(const struct restriction *list, size_t count,
					      struct prisoner_id prisoner,
					      const struct person *visitor, struct date day)
{
	struct restriction_effect all = { 0 };
	for (size_t i = 0; i < count; i++) {
		bool ours = (list[i].on == RESTRICTION_ON_PRISONER) == !visitor;
		if (!ours || !restriction_holds(&list[i], day) ||
		    !restriction_concerns(&list[i], prisoner, visitor))
			continue;
		struct restriction_effect one = restriction_effect_of(list[i].code);
		all.no_contact |= one.no_contact;
		all.banned |= one.banned;
		all.closed |= one.closed;
		all.watched |= one.watched;
		all.review |= one.review;
		all.child |= one.child;
	}
	return all;
}

struct date restrictions_ban_over(const struct restriction *list, size_t count,
				  struct prisoner_id prisoner, const struct person *visitor,
				  struct date day)
{
	/* Each round goes past the end of one ban at least. */
	for (size_t round = 0; round <= count; round++) {
		struct date next = day;
		for (size_t i = 0; i < count; i++) {
			const struct restriction *r = &list[i];
			if (r->code != RESTRICTION_BAN || !restriction_holds(r, next) ||
			    !restriction_concerns(r, prisoner, visitor))
				continue;
			if (!r->to.year)
				return (struct date){ 0 };
			next = date_add_days(r->to, 1);
		}
		if (date_compare(next, day) == 0)
			return day;
		day = next;
	}
	return day;
}
