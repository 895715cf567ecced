/*
 * effect.h - which booked visits a change touches: what the page shows before
 * it is saved, and what goes to review when it is.
 */
#ifndef PVL_SERVICE_EFFECT_H
#define PVL_SERVICE_EFFECT_H

#include "domain/booking.h"
#include "service/service.h"

enum change_mode {
	CHANGE_SAVE,
	CHANGE_PREVIEW, /* tells the effects and changes nothing */
};

struct effect {
	struct visit_id visit;
	struct reference reference;
	struct prison_code prison;
	struct str prisoner_name;
	struct wall start;
	int minutes;
	struct verdict broken; /* the rules that say no from now on, and did not before */
};

struct effect_list {
	size_t count;
	struct effect *list; /* earliest first */
};

#endif
