#include "web/live_priv.h"

#include "service/standby.h"

enum {
	HEARING_BATCH_S = 10, /* seconds counted before they are written */
	LEFT_WAIT_S = 30,     /* all away and one of them left: over */
};

static const struct actor system_actor = { .role = ROLE_SYSTEM };

static void write_hearing(struct live *live, struct live_visit *visit)
{
	if (visit->pending_s <= 0 || visit->lab)
		return;
	if (visit_hearing(live->service, &system_actor, visit->id, visit->pending_s) != OK)
		return;
	visit->written_s += visit->pending_s;
	visit->pending_s = 0;
	if (visit->state == VISIT_LOBBY || visit->state == VISIT_BOOKED) {
		visit->state = VISIT_LIVE;
		visit->news |= NEWS_STATE;
	}
}

void live_write_heard(struct live *live, struct reference reference)
{
	struct live_visit *visit = live_visit_of(live, reference);
	if (visit == NULL || live_is_over(visit))
		return;
	live_lost_write(live, visit);
	write_hearing(live, visit);
}

void live_settle_hearing(struct live_visit *visit, bool committed)
{
	live_lost_settle(visit, committed);
	if (!committed)
		visit->pending_s += visit->written_s;
	visit->written_s = 0;
}

void live_on_second(struct live *live, struct live_visit *visit, const struct media_second *second,
		    struct mono now)
{
	bool running = second->both_hear && visit->admitted && !live_is_over(visit);
	bool due = mono_diff_us(now, visit->clock_told) > HEARING_BATCH_S * 1000000LL;
	int heard = live_lost_second(live, visit, second, now);
	live_line_second(live, visit, second);
	visit->used_s += heard;
	visit->pending_s += heard;
	if (running != visit->clock_running || (running && due)) {
		visit->clock_running = running;
		visit->clock_told = now;
		visit->news |= NEWS_CLOCK;
	}
	if (running)
		live_lost_write(live, visit);
	bool first = visit->state != VISIT_LIVE && visit->pending_s > 0;
	if (first || visit->pending_s >= HEARING_BATCH_S || (!running && visit->pending_s > 0))
		write_hearing(live, visit);
}

static void enter_end(struct live *live, struct reference reference, enum visit_end shown)
{
	struct live_visit *visit = live_visit_of(live, reference);
	neighbours_tell_changed(live->neighbours, reference);
	if (visit == NULL)
		return;
	visit->end = shown;
	live_enter_state(live, visit, VISIT_COMPLETED, live->ticked);
}

/* shown: what it becomes, where the service finds out that somebody never came. */
static void end_visit(struct live *live, struct reference reference, enum visit_end end,
		      enum visit_end shown)
{
	live_write_heard(live, reference);
	enum err err = visit_end(live->service, &system_actor, reference, end, STR(""));
	if (err != OK && err != ERR_CONFLICT)
		log_event(live->log, LOG_ERROR, "visit_end", LOG_WORD("err", err_name(err)));
	if (err == OK)
		enter_end(live, reference, shown);
}

/* What is left of it is somebody else's; where nobody can have it, it is as if nobody had stood by. */
static void end_one(struct live *live, const struct visit_due *due)
{
	struct reference called = { 0 };
	enum err err = ERR_CONFLICT;
	if (due->hand_over)
		err = standby_hand_over(live->service, &system_actor, due->reference, &called);
	if (err == OK) {
		enter_end(live, due->reference, due->end);
		neighbours_tell_changed(live->neighbours, called);
	} else if (err != ERR_CONFLICT) {
		log_event(live->log, LOG_ERROR, "hand_over", LOG_WORD("err", err_name(err)));
	} else if (!due->early) {
		end_visit(live, due->reference, END_TIME, due->end);
	}
}

void live_end_due(struct live *live)
{
	struct visit_due_list due;
	struct arena arena;
	arena_init(&arena);
	if (visits_due_to_end(live->service, &system_actor, &arena, &due) == OK)
		for (size_t i = 0; i < due.count; i++)
			end_one(live, &due.list[i]);
	arena_clear(&arena);
}

/* Of those who meet: whether all are away, whether one of them left, and whether nobody just dropped. */
struct going {
	bool away;
	bool one_left;
	bool all_left;
};

static struct going going_of(const struct live_visit *visit)
{
	struct going going = { .away = true, .all_left = true };
	for (size_t end = 0; end < LIVE_END_MONITOR; end++) {
		const struct seat *seat = &visit->seats[end];
		bool expected = end < LIVE_END_VISITOR || seat->used;
		going.away &= seat->peer.n == 0;
		going.one_left |= seat->left;
		going.all_left &= !expected || seat->left;
	}
	return going;
}

void live_end_left(struct live *live, struct live_visit *visit, struct mono now)
{
	struct going going = going_of(visit);
	if (visit->lab || visit->state != VISIT_LIVE || !going.away || !going.one_left) {
		visit->all_away = (struct mono){ 0 };
		return;
	}
	if (visit->all_away.us == 0)
		visit->all_away = now;
	bool long_enough = mono_diff_us(now, visit->all_away) > LEFT_WAIT_S * 1000000LL;
	if (going.all_left || long_enough)
		end_visit(live, visit->reference, END_LEFT, END_LEFT);
}
