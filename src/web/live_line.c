#include "web/live_priv.h"

enum {
	SETTLED_S = 20, /* until then it is still being found out */
	NOTED_EACH_S = 10,
	OWNER_ROOM = 32,
};

/* A prison's line is that of its terminals, a household's that of its account; others are not remembered. */
static struct str owner_of(const struct live_visit *visit, size_t end, char out[OWNER_ROOM])
{
	const struct seat *seat = &visit->seats[end];
	int len = 0;
	if (visit->lab)
		return STR("");
	if (seat->role == MEDIA_PRISONER)
		len = snprintf(out, OWNER_ROOM, "prison %s", visit->prison.text);
	else if (seat->role == MEDIA_VISITOR && seat->account.n != 0)
		len = snprintf(out, OWNER_ROOM, "account %lld", (long long)seat->account.n);
	return str_of(out, (size_t)len);
}

void live_line_second(struct live *live, struct live_visit *visit,
		      const struct media_second *second)
{
	char room[OWNER_ROOM];
	for (size_t end = 0; end < LIVE_END_MONITOR; end++) {
		struct seat *seat = &visit->seats[end];
		if (!seat->used || second->ends[end].state != MEDIA_PEER_CONNECTED)
			continue;
		line_usual_second(&seat->line, second->ends[end].line_bps);
		struct str owner = owner_of(visit, end, room);
		if (seat->line.seconds >= SETTLED_S && seat->line.seconds % NOTED_EACH_S == 0 &&
		    !str_empty(owner))
			line_memory_note(live->lines, owner, seat->line.bps, live->service->now);
	}
}

uint32_t live_line_start_bps(const struct live *live, const struct live_visit *visit, uint8_t end)
{
	char room[OWNER_ROOM];
	const struct seat *seat = &visit->seats[end];
	struct str owner = owner_of(visit, end, room);
	if (seat->line.seconds >= SETTLED_S)
		return seat->line.bps; /* it comes back */
	if (seat->tested_bps != 0)
		return seat->tested_bps;
	return str_empty(owner) ? 0 : line_memory_bps(live->lines, owner, live->service->now);
}
