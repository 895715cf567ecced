#include "domain/message.h"

#include "base/assert.h"

enum {
	WAIT_FIRST_S = 30,
	WAIT_MOST_S = 3600,
	DOUBLINGS_MAX = 7,       /* 30 s × 2^7 is more than an hour */
	ASK_UNTIL_S = 3 * 86400, /* Notify gives up on an e-mail after 72 hours */
};

static const char *const KINDS[MESSAGE_KIND_COUNT] = {
	[MESSAGE_REQUESTED] = "REQUESTED",
	[MESSAGE_BOOKED] = "BOOKED",
	[MESSAGE_APPROVED] = "APPROVED",
	[MESSAGE_MOVED] = "MOVED",
	[MESSAGE_CANCELLED] = "CANCELLED",
	[MESSAGE_ENDED] = "ENDED",
	[MESSAGE_NOT_HELD] = "NOT_HELD",
	[MESSAGE_REMINDER] = "REMINDER",
	[MESSAGE_CONTACT_APPROVED] = "CONTACT_APPROVED",
	[MESSAGE_CONTACT_REJECTED] = "CONTACT_REJECTED",
	[MESSAGE_PHOTO_AGAIN] = "PHOTO_AGAIN",
	[MESSAGE_ADJUSTMENT_AGREED] = "ADJUSTMENT_AGREED",
	[MESSAGE_ADJUSTMENT_REFUSED] = "ADJUSTMENT_REFUSED",
	[MESSAGE_INCIDENT] = "INCIDENT",
	[MESSAGE_APPEAL] = "APPEAL",
	[MESSAGE_OFFER] = "OFFER",
	[MESSAGE_STANDBY] = "STANDBY",
	[MESSAGE_STANDBY_AGREED] = "STANDBY_AGREED",
	[MESSAGE_STANDBY_CALLED] = "STANDBY_CALLED",
	[MESSAGE_STANDBY_ENDED] = "STANDBY_ENDED",
	[MESSAGE_PASSWORD] = "PASSWORD",
	[MESSAGE_PASSWORD_SET] = "PASSWORD_SET",
	[MESSAGE_STAFF_ACCOUNT] = "STAFF_ACCOUNT",
	[MESSAGE_WAITING_ENDED] = "WAITING_ENDED",
	[MESSAGE_WAITING_AGAIN] = "WAITING_AGAIN",
	[MESSAGE_PROFESSIONAL_VERIFIED] = "PROFESSIONAL_VERIFIED",
	[MESSAGE_PROFESSIONAL_ENDED] = "PROFESSIONAL_ENDED",
	[MESSAGE_RECORDING_PRIVILEGED] = "RECORDING_PRIVILEGED",
	[MESSAGE_CODE] = "CODE",
};

static const char *const CHANNELS[MESSAGE_CHANNEL_COUNT] = {
	[MESSAGE_EMAIL] = "EMAIL",
	[MESSAGE_SMS] = "SMS",
	[MESSAGE_LETTER] = "LETTER",
};

static const char *const STATES[MESSAGE_STATE_COUNT] = {
	[MESSAGE_WAITING] = "WAITING",     [MESSAGE_SENDING] = "SENDING",
	[MESSAGE_SENT] = "SENT",           [MESSAGE_DELIVERED] = "DELIVERED",
	[MESSAGE_BOUNCED] = "BOUNCED",     [MESSAGE_FAILED] = "FAILED",
	[MESSAGE_WITHDRAWN] = "WITHDRAWN",
};

static const char *const PROVIDERS[MESSAGE_PROVIDER_COUNT] = {
	[MESSAGE_BY_NOBODY] = "",
	[MESSAGE_BY_LOCAL] = "LOCAL",
	[MESSAGE_BY_SMTP] = "SMTP",
	[MESSAGE_BY_NOTIFY] = "NOTIFY",
};

#define TO(state) (1U << (state))

static const unsigned NEXT[MESSAGE_STATE_COUNT] = {
	[MESSAGE_WAITING] = TO(MESSAGE_SENDING) | TO(MESSAGE_WITHDRAWN) | TO(MESSAGE_FAILED),
	[MESSAGE_SENDING] =
	    TO(MESSAGE_WAITING) | TO(MESSAGE_SENT) | TO(MESSAGE_BOUNCED) | TO(MESSAGE_FAILED),
	[MESSAGE_SENT] =
	    TO(MESSAGE_SENT) | TO(MESSAGE_DELIVERED) | TO(MESSAGE_BOUNCED) | TO(MESSAGE_FAILED),
};

static bool find(const char *const *names, unsigned count, struct str name, unsigned *out)
{
	for (unsigned i = 0; i < count; i++) {
		if (!str_is(name, names[i]))
			continue;
		*out = i;
		return true;
	}
	return false;
}

const char *message_kind_name(enum message_kind kind)
{
	return kind < MESSAGE_KIND_COUNT ? KINDS[kind] : "";
}

bool message_kind_of(struct str name, enum message_kind *out)
{
	unsigned at;
	bool found = find(KINDS, MESSAGE_KIND_COUNT, name, &at);
	if (found)
		*out = (enum message_kind)at;
	return found;
}

bool message_has_calendar(enum message_kind kind)
{
	return kind == MESSAGE_BOOKED || kind == MESSAGE_APPROVED || kind == MESSAGE_MOVED ||
	       kind == MESSAGE_CANCELLED || kind == MESSAGE_STANDBY_CALLED;
}

const char *message_channel_name(enum message_channel channel)
{
	return channel < MESSAGE_CHANNEL_COUNT ? CHANNELS[channel] : "";
}

bool message_channel_of(struct str name, enum message_channel *out)
{
	unsigned at;
	bool found = find(CHANNELS, MESSAGE_CHANNEL_COUNT, name, &at);
	if (found)
		*out = (enum message_channel)at;
	return found;
}

const char *message_state_name(enum message_state state)
{
	return state < MESSAGE_STATE_COUNT ? STATES[state] : "";
}

bool message_state_of(struct str name, enum message_state *out)
{
	unsigned at;
	bool found = find(STATES, MESSAGE_STATE_COUNT, name, &at);
	if (found)
		*out = (enum message_state)at;
	return found;
}

bool message_may_become(enum message_state from, enum message_state to)
{
	return from < MESSAGE_STATE_COUNT && (NEXT[from] & TO(to)) != 0;
}

const char *message_provider_name(enum message_provider provider)
{
	return provider < MESSAGE_PROVIDER_COUNT ? PROVIDERS[provider] : "";
}

bool message_provider_of(struct str name, enum message_provider *out)
{
	unsigned at;
	bool found = find(PROVIDERS, MESSAGE_PROVIDER_COUNT, name, &at);
	if (found)
		*out = (enum message_provider)at;
	return found;
}

int64_t message_wait_s(int attempts, int64_t at_least_s, struct random *random)
{
	int doublings = attempts < 1 ? 0 : attempts - 1;
	if (doublings > DOUBLINGS_MAX)
		doublings = DOUBLINGS_MAX;
	int64_t wait = (int64_t)WAIT_FIRST_S << doublings;
	if (wait > WAIT_MOST_S)
		wait = WAIT_MOST_S;
	wait = wait / 2 + (int64_t)random_below(random, (uint64_t)wait + 1);
	return wait > at_least_s ? wait : at_least_s;
}

int64_t message_ask_again_s(int64_t since_sent_s)
{
	if (since_sent_s < 5 * 60)
		return 60;
	if (since_sent_s < 3600)
		return 10 * 60;
	return since_sent_s < ASK_UNTIL_S ? 3600 : 0;
}
