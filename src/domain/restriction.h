/*
 * restriction.h - what a prison has laid down about a prisoner, a visitor or
 * the two of them, and what follows from it on a day.
 *
 * The codes are those of the prison service's reference data, and one of our
 * own: NO_CONTACT, an order (of a court, or of the governor) that two people
 * have no contact at all.
 *
 * A restriction on a visitor holds for the human being, not for an account:
 * whoever has the same name and date of birth is meant too.  Pure.
 */
#ifndef PVL_DOMAIN_RESTRICTION_H
#define PVL_DOMAIN_RESTRICTION_H

#include "domain/account.h"
#include "domain/prisoner.h"

enum restriction_code {
	RESTRICTION_ACC,    /* access requirements */
	RESTRICTION_BAN,    /* no visits until it ends */
	RESTRICTION_CCTV,   /* seat under a camera */
	RESTRICTION_CHILD,  /* child visitors to be vetted */
	RESTRICTION_CLOSED, /* closed visits; by video: always watched by staff */
	RESTRICTION_DIHCON, /* disability or health concerns */
	RESTRICTION_NONCON, /* non-contact visit; by video: always watched by staff */
	RESTRICTION_PREINF, /* previous information */
	RESTRICTION_RESTRICTED,
	RESTRICTION_NO_CONTACT,
	RESTRICTION_CODE_COUNT,
};

const char *restriction_code_name(enum restriction_code code); /* "BAN" */
/* RESTRICT, as one old system writes it, is RESTRICTED. */
bool restriction_code_of(struct str name, enum restriction_code *out);

enum restriction_on {
	RESTRICTION_ON_PRISONER,
	RESTRICTION_ON_VISITOR,
	RESTRICTION_ON_PAIR,
	RESTRICTION_ON_COUNT,
};

const char *restriction_on_name(enum restriction_on on); /* "PRISONER" */
bool restriction_on_of(struct str name, enum restriction_on *out);
/* Whether that code makes sense there: only two people can have no contact. */
bool restriction_fits(enum restriction_on on, enum restriction_code code);

ID_TYPE(restriction_id);

struct restriction {
	struct restriction_id id;
	enum restriction_on on;
	enum restriction_code code;
	struct prisoner_id prisoner; /* 0 on a visitor alone */
	struct person_id person;     /* 0: known by name and birth only, or on a prisoner */
	struct str visitor_name;     /* empty on a prisoner */
	struct date visitor_born;
	struct date from;
	struct date to; /* the last day; year 0: until it is ended */
	struct str comment;
	struct str authorised_by;
	struct wall ended_at; /* 0: stands */
};

bool restriction_holds(const struct restriction *restriction, struct date day);
/* Whether it speaks of this prisoner and, where it names a visitor, of that one. */
bool restriction_concerns(const struct restriction *restriction, struct prisoner_id prisoner,
			  const struct person *visitor);

/* What holds on a day. */
struct restriction_effect {
	bool no_contact; /* these two never meet */
	bool banned;
	bool closed;  /* only where staff watch all the time */
	bool watched; /* closed, or non-contact */
	bool review;  /* staff look at the request first */
	bool child;   /* children need a decision */
};

/* Of one restriction, whatever the day. */
struct restriction_effect restriction_effect_of(enum restriction_code code);
/* Of all that hold on that day: on the visitor and on the two; visitor NULL: on the prisoner alone. */
struct restriction_effect restrictions_on_day(const struct restriction *list, size_t count,
					      struct prisoner_id prisoner,
					      const struct person *visitor, struct date day);
/* The first day without a ban for these two, from day on; year 0: none in sight. */
struct date restrictions_ban_over(const struct restriction *list, size_t count,
				  struct prisoner_id prisoner, const struct person *visitor,
				  struct date day);

#endif
