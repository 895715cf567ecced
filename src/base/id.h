/*
 * id.h - one type per kind of thing, so that mixing two ids does not compile.
 *
 * Ids are random, 63 bits, never 0; 0 means "none".
 */
#ifndef PVL_BASE_ID_H
#define PVL_BASE_ID_H

#include <stdbool.h>
#include <stdint.h>

#define ID_TYPE(name)                                                                              \
	struct name {                                                                              \
		int64_t n;                                                                         \
	}

ID_TYPE(account_id);
ID_TYPE(person_id);
ID_TYPE(prisoner_id);
ID_TYPE(contact_id);
ID_TYPE(room_id);
ID_TYPE(terminal_id);
ID_TYPE(session_template_id);
ID_TYPE(visit_id);
ID_TYPE(application_id); /* a time held while somebody fills in the form */
ID_TYPE(freed_id);       /* a time that became free */
ID_TYPE(offer_id);       /* of one, to somebody who waits */
ID_TYPE(standby_id);     /* of somebody who waits, for the places of others */
ID_TYPE(exclude_date_id);
ID_TYPE(place_block_id);
ID_TYPE(room_usage_id);
ID_TYPE(regime_event_id);
ID_TYPE(review_id);
ID_TYPE(visit_link_id); /* by which a visitor without an account joins one visit */
ID_TYPE(act_id);
ID_TYPE(monitoring_id);
ID_TYPE(assignment_id);
ID_TYPE(warning_id);
ID_TYPE(incident_id);
ID_TYPE(authorisation_id);
ID_TYPE(access_id);  /* somebody asks to see a recording */
ID_TYPE(segment_id); /* of a recording */
ID_TYPE(legal_hold_id);
ID_TYPE(export_id); /* a recording is handed out */
ID_TYPE(peer_id);   /* one connection of one participant to pvl-media */
ID_TYPE(ask_id);    /* what a prisoner asks for at a terminal */

#endif
