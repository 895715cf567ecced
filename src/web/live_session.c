#include "web/live_priv.h"

#include <string.h>

#include "service/terminal.h"

enum {
	LOOK_EVERY_S =
	    5, /* for what another process has ended; what this one ends is seen at once */
};

/* Taking part is use: nobody grows idle in a visit. */
static bool takes_part(const struct seat *seat)
{
	return live_seat_connected(seat) || seat->ring.readers_len > 0;
}

/* Where the database cannot say, it does. */
static bool key_stands(struct live *live, const struct seat *seat)
{
	struct session_mark now = { 0 };
	enum err err = terminal_mark(live->service, seat->actor.terminal, &now);
	if (err == OK)
		return memcmp(&now, &seat->mark, sizeof(now)) == 0;
	return err != ERR_NOT_FOUND;
}

static bool stands(struct live *live, const struct seat *seat)
{
	bool stands = true;
	if (seat->by_key)
		return key_stands(live, seat);
	return account_session_stands(live->service, &seat->mark, takes_part(seat), &stands) !=
		   OK ||
	       stands;
}

static void sign_out(struct live *live, struct live_visit *visit, size_t end)
{
	struct seat *seat = &visit->seats[end];
	event_publish(&seat->ring, "signed_out", "{}");
	live_vacate(live, visit, end);
	live_watch_end(live, visit, seat);
	seat->mark = (struct session_mark){ 0 };
}

/* It is read anew with this turn's commit: whoever is refused by that is told why, and out. */
static bool is_read_anew(const struct live *live, const struct live_visit *visit)
{
	for (size_t i = 0; i < live->changes_len; i++)
		if (strcmp(live->changes[i].reference.text, visit->reference.text) == 0)
			return true;
	return false;
}

void live_heed_sessions(struct live *live, struct live_visit *visit, struct mono now)
{
	bool due = mono_diff_us(now, visit->sessions_looked) >= LOOK_EVERY_S * 1000000LL ||
		   live->sessions_ended != live->service->sessions_ended;
	if (visit->lab || live_is_over(visit) || !due)
		return;
	if (is_read_anew(live, visit)) {
		visit->sessions_looked = (struct mono){ 0 }; /* at the next look, within a second */
		return;
	}
	visit->sessions_looked = now;
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		const struct seat *seat = &visit->seats[end];
		if (seat->used && !session_mark_empty(&seat->mark) && !stands(live, seat))
			sign_out(live, visit, end);
	}
}
