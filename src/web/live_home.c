#include "web/live_priv.h"

void live_set_homes(struct live *live, struct homes *homes)
{
	live->homes = homes;
}

struct homes *live_homes(const struct live *live)
{
	return live->homes;
}

void live_forsake(struct live *live, struct live_visit *visit)
{
	log_event(live->log, LOG_WARN, "visit_taken_over", LOG_INT("visit", visit->id.n));
	live_send_close(live, visit);
	live_visit_free(live, visit);
}

void live_mind_homes(struct live *live, struct mono now)
{
	if (!homes_turn(live->homes, now))
		return;
	for (size_t i = 0; i < live->visits_len; i++) {
		struct live_visit *visit = &live->visits[i];
		if (visit->used && !visit->lab && !homes_is_ours(live->homes, visit->id))
			live_forsake(live, visit);
	}
}
