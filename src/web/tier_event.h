/*
 * tier_event.h - the event that tells a page what to send, and what its line carries.
 */
#ifndef PVL_WEB_TIER_EVENT_H
#define PVL_WEB_TIER_EVENT_H

#include <jansson.h>

#include "ipc/media.h"

/* docs/protocols/signalling.md, event "tier".  A new reference. */
json_t *tier_json(const struct media_tier *tier);

#endif
