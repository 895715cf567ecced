/*
 * opening.h - whether a recording may be opened, by what the audit log itself says.
 *
 * pvl-web is not believed: whoever had taken it over could say anything.  What
 * counts are three records under the tree that pvl-vault has built leaf by leaf:
 *
 *	recording.ask     an account asked to see the recording of this visit
 *	recording.agree   another account, in another role, agreed to just that
 *	recording.open    the first account has begun to look, not long ago; or
 *	recording.export  a third account, in a third role, hands out a copy, not long ago
 *
 * Such records can be forged by whoever holds pvl-web, but not without standing
 * in the log for ever, under heads that others keep.
 */
#ifndef PVL_PROGRAMS_VAULT_OPENING_H
#define PVL_PROGRAMS_VAULT_OPENING_H

#include "base/clock.h"
#include "ipc/vault.h"
#include "tlog/tree.h"

enum {
	OPENINGS_MAX = 64,
	OPENING_S = 3600,     /* one viewing */
	OPENING_SKEW_S = 120, /* between pvl-web's clock and ours */
};

struct opening {
	uint64_t number; /* 0: none */
	struct visit_id visit;
	struct wall until;
};

/* number is the caller's to give. */
bool opening_of(const struct tlog_tree *tree, const struct vault_message *message, struct wall now,
		struct opening *out);

#endif
