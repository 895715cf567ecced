/*
 * event_json.h - an event for another system, as it is sent: the envelope of the prison service, signed.
 */
#ifndef PVL_WEB_EVENT_JSON_H
#define PVL_WEB_EVENT_JSON_H

#include "base/arena.h"
#include "service/webhook.h"

struct event_text {
	const char *body;    /* JSON */
	const char *headers; /* lines "name: value", parted by \n (ipc/notify.h) */
};

/*
 * X-PVL-Signature is the HMAC-SHA256 with the webhook's secret over X-PVL-Timestamp, a full stop
 * and the body, in hex; X-PVL-Delivery stays the same when an event is sent again.
 * public_url: where we are, without a slash at the end; NULL: nobody said.
 */
void event_text_make(struct arena *arena, const struct webhook_item *item, const char *public_url,
		     struct wall now, struct event_text *out);

#endif
