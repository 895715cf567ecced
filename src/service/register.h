/*
 * register.h - registers of a prison as a whole, for who inspects it: authorisations to monitor,
 * and disclosures: recordings and copies of people's data that were handed out.  Each time that
 * one is taken is a leaf.
 */
#ifndef PVL_SERVICE_REGISTER_H
#define PVL_SERVICE_REGISTER_H

#include "service/service.h"
#include "store/data_copy.h"
#include "store/incident.h"
#include "store/playback.h"

enum {
	REGISTER_ROWS_MAX = 20000,
};

/* Duty governor, for their prison, or an inspector, for any.  ERR_LIMIT: more rows than that. */
MUST_USE enum err authorisations_register(struct service *, const struct actor *, struct arena *,
					  struct prison_code, struct store_authorisations *out);

struct disclosures {
	struct store_exports exports;
	struct store_data_copies
	    copies; /* of its prisoners' data; to inspectors of all visitors' too */
};

MUST_USE enum err disclosures_register(struct service *, const struct actor *, struct arena *,
				       struct prison_code, struct disclosures *out);

#endif
