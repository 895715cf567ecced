#include "web/live_priv.h"

#include "service/line.h"

enum {
	SETTLED_S = 20, /* until then it is still being found out */
	NOTED_EACH_S = 10,
	OWNER_ROOM = 32,
	WRITTEN_EACH_S = 60,
};

static const struct actor SYSTEM = { .role = ROLE_SYSTEM };

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

/* ---- what a prison's line carried, for all its visits together ---- */

/* NULL: there is no room for another prison until something is written. */
static struct line_told *told_of(struct live *live, struct prison_code prison, struct date day)
{
	for (size_t i = 0; i < live->told_len; i++)
		if (prison_code_equal(live->told[i].prison, prison) &&
		    date_compare(live->told[i].day.day, day) == 0)
			return &live->told[i];
	if (live->told_len == LINE_TOLD_MAX)
		return NULL;
	struct line_told *told = &live->told[live->told_len++];
	*told = (struct line_told){ .prison = prison, .day = { .day = day } };
	return told;
}

void live_line_told(struct live *live, const struct live_visit *visit,
		    const struct media_line *line)
{
	struct line_told *told;
	if (visit->lab)
		return;
	told = told_of(live, visit->prison, local_date(live->service->now));
	if (!told)
		return;
	line_way_second(&told->day.up, line->up_bps, line->up_full);
	line_way_second(&told->day.down, line->down_bps, line->down_full);
}

void live_line_tick(struct live *live, struct mono now)
{
	if (mono_diff_us(now, live->told_written) < WRITTEN_EACH_S * 1000000LL)
		return;
	live->told_written = now;
	for (size_t i = 0; i < live->told_len; i++) {
		struct line_told *told = &live->told[i];
		enum err err = line_note(live->service, &SYSTEM, told->prison, &told->day);
		if (err != OK)
			log_event(live->log, LOG_ERROR, "line_note",
				  LOG_WORD("err", err_name(err)));
		told->written = err == OK;
	}
}

void live_line_settle(struct live *live, bool committed)
{
	size_t kept = 0;
	for (size_t i = 0; i < live->told_len; i++) {
		struct line_told *told = &live->told[i];
		bool gone = told->written && committed;
		told->written = false;
		if (!gone)
			live->told[kept++] = *told;
	}
	live->told_len = kept;
}
