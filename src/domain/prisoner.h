/*
 * prisoner.h - a person in prison, and the number by which prisons know them.
 */
#ifndef PVL_DOMAIN_PRISONER_H
#define PVL_DOMAIN_PRISONER_H

#include "base/arena.h"
#include "domain/local_time.h"
#include "domain/prison.h"

enum {
	PRISONER_NUMBER_LEN = 7,
	LOCATION_LEVELS = 4, /* wing, landing, spur, cell: as the prison divides itself */
};

struct prisoner_number {
	char text[PRISONER_NUMBER_LEN + 1];
};

/* ^[A-Z]\d{4}[A-Z]{2}$ after trimming, in either case (A1234BC). */
bool prisoner_number_of(struct str text, struct prisoner_number *out);

struct prisoner {
	struct prisoner_id id;
	struct prisoner_number number;
	struct str name;
	struct date born;
	struct prison_code prison;
	struct str
	    wing; /* the housing location's first level, and the three below it; empty: unknown */
	struct str levels[LOCATION_LEVELS - 1];
	struct str category;  /* "B"; empty: none */
	struct str incentive; /* "STD" */
	bool convicted;       /* else on remand */
};

/* Family and given names written differently in case and spacing are the same name; accents count. */
bool prisoner_name_matches(struct str a, struct str b);
/* Equal for names that match, and for no others; for comparing alone. */
struct str prisoner_name_key(struct arena *, struct str name);

#endif
