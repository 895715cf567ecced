/*
 * govuk.h - GOV.UK Notify's API: what is asked, and what its answers mean.
 *
 * Pure, after docs.notifications.service.gov.uk (REST API).  A request bears a
 * JSON Web Token (RFC 7519), HS256 under the secret half of the API key, good for
 * 30 seconds.  The service has one template a channel, with the holes ((subject))
 * and ((body)) (a letter: its address lines too): the words are ours.
 */
#ifndef PVL_NOTIFY_GOVUK_H
#define PVL_NOTIFY_GOVUK_H

#include "base/buf.h"
#include "base/clock.h"
#include "ipc/notify.h"

enum {
	GOVUK_ID_LEN = 36, /* a UUID */
	GOVUK_BODY_MAX = 64 << 10,
	GOVUK_TOKEN_MAX = 512,
	GOVUK_ADDRESS_LINES = 7,
};

/* The parts of "name-<service id>-<secret>". */
struct govuk_key {
	char service[GOVUK_ID_LEN + 1];
	char secret[GOVUK_ID_LEN + 1];
};

bool govuk_key_of(struct str text, struct govuk_key *out);
/* "eyJ….eyJ….x"; false: out is full. */
bool govuk_token(const struct govuk_key *key, struct wall now, struct buf *out);

/* "/v2/notifications/email" */
const char *govuk_path(enum notify_channel channel);
/* JSON for it; reference: how it is found again.  false: out is full. */
bool govuk_body(const struct notify_send *send, const char *template_id, const char *reference,
		struct buf *out);
/* "00f3…": the message's id. */
void govuk_reference(uint64_t id, char out[17]);

struct govuk_answer {
	enum notify_outcome outcome;
	char id[GOVUK_ID_LEN + 1]; /* empty: none was told */
	char problem[40];
	uint32_t retry_after_s;
};

/* Of what was sent.  status 0: no answer came.  retry_after: the header's seconds, 0: none. */
struct govuk_answer govuk_sent(long status, struct str body, uint32_t retry_after);
/* Of a question what became of it: TAKEN while it is under way; LATER: ask again. */
struct govuk_answer govuk_asked(long status, struct str body);
/* Of a question for a reference: TAKEN where it is known there; REFUSED where it is not. */
struct govuk_answer govuk_looked_up(long status, struct str body);

#endif
