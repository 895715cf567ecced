#include "domain/pin.h"

enum pin_state pin_state_of(int64_t failures, struct wall failed_at, const struct policy *policy,
			    struct wall now)
{
	int64_t tries = policy->values[POLICY_PIN_TRIES];
	int64_t pause_s = policy->values[POLICY_PIN_PAUSE_MINUTES] * 60;
	if (failures >= policy->values[POLICY_PIN_TRIES_MAX])
		return PIN_CLOSED;
	if (failures < tries || failures % tries != 0)
		return PIN_OPEN;
	return now.s < failed_at.s + pause_s ? PIN_PAUSED : PIN_OPEN;
}

bool pin_of(struct str typed, char out[PIN_LEN + 1])
{
	size_t n = 0;
	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.at[i];
		if (c == ' ')
			continue;
		if (c < '0' || c > '9' || n == PIN_LEN)
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return n == PIN_LEN;
}
