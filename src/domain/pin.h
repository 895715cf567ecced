/*
 * pin.h - when a prisoner's PIN is looked at, and when it is not.
 *
 * Wings are shared: others know the number and can watch.  So a few wrong PINs
 * bring a pause (nobody is shut out for long by another), and many in a row
 * close the PIN until staff set a new one.
 */
#ifndef PVL_DOMAIN_PIN_H
#define PVL_DOMAIN_PIN_H

#include "base/clock.h"
#include "base/str.h"
#include "domain/policy.h"

enum {
	PIN_LEN = 6, /* digits, made at random by the service: never chosen, so never a birthday */
};

enum pin_state {
	PIN_OPEN,   /* a try counts */
	PIN_PAUSED, /* not now: too many in a row */
	PIN_CLOSED, /* staff must set a new one */
};

/* failures in a row, the last of them at failed_at. */
enum pin_state pin_state_of(int64_t failures, struct wall failed_at, const struct policy *policy,
			    struct wall now);
/* PIN_LEN digits, spaces between them left out; false if it is none. */
bool pin_of(struct str typed, char out[PIN_LEN + 1]);

#endif
