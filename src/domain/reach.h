/*
 * reach.h - how a person is reached: e-mail, text message, letter; and which of them tells what.
 *
 * E-mail always tells where there is an address.  A text message is for what
 * cannot wait: reminders, offers, and changes of a visit that is near.  A letter
 * is for those without e-mail, and never for what is over before it arrives.
 *
 * Pure.  Numbers are kept as E.164 (ITU-T) has them: "+447700900123".  Addresses
 * are those of the United Kingdom, as GOV.UK Notify prints them: no line begins
 * with a sign that it refuses (docs.notifications.service.gov.uk, "letters").
 */
#ifndef PVL_DOMAIN_REACH_H
#define PVL_DOMAIN_REACH_H

#include "domain/message.h"
#include "domain/policy.h"

enum {
	MOBILE_MAX = 16, /* + and 15 digits */
	MOBILE_SHOWN_ROOM = 24,
	POSTCODE_MAX = 8,      /* "SW1A 1AA" */
	ADDRESS_LINE_MAX = 70, /* characters, of one line */
	ADDRESS_LINE_BYTES = 280,
};

enum mobile_verdict {
	MOBILE_OK,
	MOBILE_BAD,      /* no telephone number */
	MOBILE_LANDLINE, /* of the United Kingdom, but not one that takes text messages */
};

/* As people write it: "07700 900123", "+44 (0)7700 900123", "0044 7700-900123", abroad "+33 6 …". */
enum mobile_verdict mobile_of(struct str typed, char out[MOBILE_MAX + 1]);
/* "07700 900123"; abroad as it is kept. */
void mobile_shown(const char *mobile, char out[MOBILE_SHOWN_ROOM]);

/* "sw1a1aa" → "SW1A 1AA"; false: it has not the form of one. */
bool postcode_of(struct str typed, char out[POSTCODE_MAX + 1]);
/* Text that may stand in a line of an address; an empty one, too. */
bool address_line_acceptable(struct str line);

struct postal {
	struct str line1; /* empty: there is no address */
	struct str line2;
	struct str town;
	struct str county;
	struct str postcode; /* as postcode_of() gives it */
};

bool postal_empty(const struct postal *postal);
/* line1, town and postcode are there, and each is acceptable. */
bool postal_acceptable(const struct postal *postal);

struct reach {
	bool email;
	char mobile[MOBILE_MAX + 1]; /* empty: none */
	bool texts;                  /* by text message, too */
	struct postal postal;
};

/* What is to be told, so far as it decides the way. */
struct reach_news {
	enum message_kind kind;
	struct wall at;   /* when it goes out */
	struct wall till; /* what it is about begins, or must be answered by; 0: nothing */
};

/* Of the account itself, or a code: it goes one way or not at all. */
bool reach_goes_one_way(enum message_kind kind);

#define REACH_BY(channel) (1U << (channel))
/* The channels, as bits; 0: nobody can be told in time. */
unsigned reach_channels(const struct reach *reach, const struct reach_news *news,
			const struct policy *policy);

#endif
