/*
 * live.h - the visits that are running: seats, connections, clock, event streams.
 *
 * What must survive stands in the database (service/live.h); this is what may be
 * lost with the process: tokens, who is connected, where in which pvl-media a
 * visit lies.  In a turn: live_collect() takes what pvl-media said, requests do
 * their work, live_tick() does what is due; after the commit live_release()
 * sends control messages and events.
 *
 * Seats ("ends"): 0 the prisoner, 1 … 4 the visitors' devices (domain/device.h),
 * 5 … 7 staff who watch.  matrix.h says who hears and sees whom.
 */
#ifndef PVL_WEB_LIVE_H
#define PVL_WEB_LIVE_H

#include "service/live.h"
#include "service/oversight.h"
#include "web/events.h"
#include "web/homes.h"
#include "web/media_link.h"
#include "web/neighbours.h"
#include "web/page.h"

enum {
	LIVE_VISITS_MAX = 2048,
	LIVE_TOKEN_ROOM = 44,
	LIVE_TOKEN_S = 300, /* without connection or event stream */
	LIVE_END_PRISONER = 0,
	LIVE_END_VISITOR = 1, /* the main visitor's device, and the first */
	LIVE_END_MONITOR = LIVE_END_VISITOR + PARTY_MAX, /* the first one */
	LIVE_STAFF_RINGS_MAX = 160,
	LIVE_STAFF_READERS_MAX = 256,     /* pages with the list of one prison that are open */
	LIVE_STAFF_READERS_EACH_MAX = 16, /* of one officer */
};

struct live;
struct live_visit;

/* neighbours: NULL: no other process may be there. */
struct live *live_new(struct service *service, struct media_link *link,
		      struct neighbours *neighbours, struct log *log);
void live_free(struct live *live);
struct record_link;
/* Whose pvl-record writes visits of these; NULL: nothing is recorded. */
void live_set_recorder(struct live *live, struct record_link *recorder);
struct hints_link;
/* Whose pvl-hints looks at them; NULL: none does. */
void live_set_hints(struct live *live, struct hints_link *hints);
/* Where other services may have visits; NULL: there are none. */
void live_set_homes(struct live *live, struct homes *homes);

/*
 * For page handlers: something about this visit was changed in the database.
 * It is read again after the commit, as this actor may see it, and media,
 * clocks and streams follow.
 */
void live_changed(struct page *page, struct reference reference);

/* Something changed in the database, and no page of that visit's own actors did it. */
void live_reread(struct live *live, struct reference reference);

/* Who sits down. */
struct live_sitter {
	const struct actor *actor;
	bool welsh;
	struct monitoring_id
	    monitoring; /* of a monitor: its row; what is seen is only seen after it */
	bool admission; /* its purpose */
	struct session_mark
	    mark;          /* by what they came, while that stands; empty: nothing is asked */
	bool by_key;       /* the mark is of their terminal's key, else of their session */
	uint32_t line_bps; /* what the page found that its line brings; 0: it did not look */
};

struct live_seat {
	uint8_t end;
	char token[LIVE_TOKEN_ROOM];
	char ticket[LIVE_TOKEN_ROOM]; /* of the event stream */
};

/* Takes (over) the seat of that actor; ERR_LIMIT: no room; ERR_CONFLICT: the visit lives in another service. */
MUST_USE enum err live_sit(struct live *live, const struct join *join,
			   const struct live_sitter *sitter, struct live_seat *out);
/* A visit without booking, for labs; seats of all ends.  visitors: 1 … PARTY_MAX devices. */
struct live_lab {
	enum media_visit_kind kind;
	size_t visitors;
	size_t monitors; /* none in a legal one */
	bool signs;
};

MUST_USE enum err live_lab_open(struct live *live, const struct live_lab *lab,
				struct reference *reference, struct live_seat *seats,
				size_t *seats_len);
bool live_lab_close(struct live *live, struct reference reference);

/* The seat to which a token gives the right; ERR_DENIED. */
MUST_USE enum err live_token_check(struct live *live, struct reference reference, struct str token,
				   struct live_visit **visit, uint8_t *end);
/*
 * How much its person wants to get and to send, now and when they come back: "all", "less" or
 * "sound".  False: that is no word of ours.
 */
bool live_wants(struct live *live, struct live_visit *visit, uint8_t end, struct str data);
/* Its page shows that staff watch; presence: the number of the event. */
void live_seen(struct live_visit *visit, uint8_t end, uint32_t presence);
const struct actor *live_actor(const struct live_visit *visit, uint8_t end);
/* Sends an offer on its way (its visit, peer, end and role are filled in here). ERR_AGAIN: no pvl-media is up. */
MUST_USE enum err live_offer(struct live *live, struct live_visit *visit, uint8_t end,
			     struct media_offer *offer);
MUST_USE enum err live_restart(struct live *live, struct live_visit *visit, uint8_t end,
			       struct media_restart *restart);
/* False: no such peer of that seat. */
bool live_leave(struct live *live, struct live_visit *visit, uint8_t end, struct peer_id peer);
/* A monitor has closed the page: connection or none yet, it is told to nobody that they watch. False: no monitor. */
bool live_stop_watching(struct live *live, struct live_visit *visit, uint8_t end);
bool live_has_peer(const struct live_visit *visit, uint8_t end, struct peer_id peer);
/* For page handlers: whoever has that seat is put out of it, after the commit. */
void live_unseat(struct page *page, struct reference reference, uint8_t end);
/* Whether somebody took that seat, here or in another service. */
bool live_is_seated(const struct live *live, struct reference reference, uint8_t end);
/* The process in which the visit lies. */
const struct media_worker *live_worker(const struct live *live, const struct live_visit *visit);
struct reference live_reference(const struct live_visit *visit);
/* Before a visit is ended in this turn: the seconds that were heard and not written yet count, too. */
void live_write_heard(struct live *live, struct reference reference);
/* ICE generation of a seat, for the ETag. */
uint32_t live_generation(const struct live_visit *visit, uint8_t end);

/* Peers whose PEER_ANSWER or PEER_REFUSED came in this turn; then what it was.  MEDIA_REASON_NONE: pvl-media is gone. */
bool live_next_answer(struct live *live, uint64_t *peer);
bool live_answer_find(const struct live *live, struct peer_id peer, struct media_message *out);

/* The event stream of a seat; NULL: no such visit, ticket or room. */
struct event_reader *live_events(struct live *live, struct reference reference, struct str ticket,
				 struct str last_id);
/* The stream of lists for staff of a prison, while that person holds that role and is signed in; an
 * empty mark: nothing is asked of a session. An officer's oldest stream above
 * LIVE_STAFF_READERS_EACH_MAX ends with "replaced"; NULL: the prison's are LIVE_STAFF_READERS_MAX. */
struct event_reader *live_staff_events(struct live *live, const struct actor *actor,
				       const struct session_mark *session, struct str last_id);

void live_collect(struct live *live, struct mono now);
void live_tick(struct live *live, struct mono now);
void live_release(struct live *live, bool committed, struct mono now);
/* When the next tick is due. */
struct mono live_next(const struct live *live);

struct live_counts {
	size_t visits;
	size_t connected;
	uint64_t reconnects;
	uint64_t offers;
};
struct live_counts live_counts(const struct live *live);
struct media_link *live_link(const struct live *live);
struct homes *live_homes(const struct live *live);

#endif
