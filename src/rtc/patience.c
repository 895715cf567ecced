#include "rtc/patience.h"

#include "rtc/visit.h"

enum {
	SPARE_US = 20000,     /* until what is missing is asked for, and what is asked for sent */
	SLOW_MFPS = 10000,    /* of fewer pictures a receiver waits less by itself */
	SAME_US = 30000,      /* round trips waver by so much */
	LOST_OUT_OF_1000 = 5, /* of what goes to the receiver */
};

/* That a packet is missing shows with the next picture; what is missing comes a round trip later. */
static int64_t repeat_us(const struct leg *leg, const struct tier_numbers *sent)
{
	return leg_rtt_us(leg) + INT64_C(1000000000) / sent->video_mfps + SPARE_US;
}

static int64_t needed_us(const struct member *to, const struct member *from)
{
	const struct tier_numbers *sent = tier_numbers(from->ladder.kind, from->told);
	int64_t us = 0;
	if (sent->video_mfps == 0)
		return 0;
	if (from->again_in)
		us = repeat_us(&from->leg, sent);
	if (to->leg.lost_of_1000 >= LOST_OUT_OF_1000 && sent->video_mfps < SLOW_MFPS)
		us = us > repeat_us(&to->leg, sent) ? us : repeat_us(&to->leg, sent);
	return us <= PATIENCE_MOST_US ? us : 0;
}

/* More at once, less when it was not needed for long: each change is seen. */
static void look_at(struct slot *slot, int64_t us, struct mono now)
{
	if (us > slot->wait_us - SAME_US)
		slot->waited = now;
	bool more = us > slot->wait_us + SAME_US || (us > 0 && slot->wait_us == 0);
	bool less = us < slot->wait_us && mono_diff_us(now, slot->waited) >= PATIENCE_US;
	if (!more && !less)
		return;
	slot->wait_us = us;
	slot->waits = true;
}

void patience_second(struct core *core, const struct visit *visit, struct mono now)
{
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		if (visit->seats[end].now == CORE_NOBODY)
			continue;
		const struct member *to = &core->members[visit->seats[end].now];
		for (size_t i = 0; i < to->slots_len; i++) {
			struct slot *slot = &to->slots[i];
			if (slot->line.kind == MEDIA_VIDEO && slot->source != MEDIA_NO_END)
				look_at(slot, needed_us(to, &core->members[slot->from]), now);
		}
	}
}
