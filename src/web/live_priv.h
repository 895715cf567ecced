/*
 * live_priv.h - a running visit and its seats, shared by the files behind live.h.
 *
 * live.c        the visits of this process, and its turn
 * live_seat.c   who sits where: tokens, tickets, taking over
 * live_session.c  whether they are still signed in
 * live_media.c  what pvl-media is told and what it says
 * live_clock.c  the minutes that count, and when a visit ends
 * live_lost.c   the seconds that were lost, and by what
 * live_line.c   what a line carried the last time, and where a connection begins
 * live_recording.c  whether it is recorded, and what is missing
 * live_hints.c  what a machine finds odd in its pictures
 * live_oversight.c  what staff do in it, who watches, and that both ends know before they do
 * live_event.c  the event streams of people and of staff
 * live_home.c   which visits are ours, where several services share a database
 */
#ifndef PVL_WEB_LIVE_PRIV_H
#define PVL_WEB_LIVE_PRIV_H

#include "base/map.h"
#include "domain/device.h"
#include "domain/line_found.h"
#include "service/oversight.h"
#include "web/hints_link.h"
#include "web/line_memory.h"
#include "web/live.h"
#include "web/record_link.h"
#include "web/web.h"

enum {
	ANSWERS_MAX = 64,  /* of one turn and those shortly before */
	CHANGES_MAX = 256, /* live_changed() of one turn */
	NAME_ROOM = 400,
};

enum news {
	NEWS_STATE = 1,
	NEWS_PEOPLE = 2,
	NEWS_CLOCK = 4,
	NEWS_MONITOR = 8,
	NEWS_ENDED = 64,
	NEWS_RECONNECT = 128,
	NEWS_OVERSIGHT = 256,
	NEWS_RECORDING = 512,
};

/* How much of the visit a person wants to get and to send. */
enum data_wish {
	DATA_ALL,
	DATA_LESS,
	DATA_SOUND,
	DATA_WISH_COUNT,
};

/* What a peer was answered: to name its slots by mid. */
struct slot_names {
	struct peer_id peer;
	uint8_t len;
	enum media_kind kind[MEDIA_SLOTS_MAX];
	char mid[MEDIA_SLOTS_MAX][MEDIA_MID_MAX + 1];
};

/*
 * Of a monitor's seat.  It is shown to both ends from the moment it is taken; its bits in the matrix
 * stand when both ends have said that they see it, or a second later.
 */
struct watcher {
	bool here;
	bool admission;
	struct monitoring_id id; /* 0: in a lab */
	uint32_t presence;       /* the number under which both ends are told */
	struct mono announced;   /* 0: not yet */
	struct mono seen;        /* last connected or reading */
	bool told_now;           /* in this turn's transaction */
	bool told;
};

struct seat {
	bool used;
	enum media_role role;
	struct account_id account;
	struct actor actor;       /* who sits there */
	struct session_mark mark; /* by what they came; empty: nothing is asked */
	bool by_key;              /* of their terminal, else of their session */
	bool welsh;
	uint32_t presence_seen; /* the newest monitor's number that its page has shown */
	struct watcher watcher;
	uint8_t token[32]; /* SHA-256 of it, and of the ticket */
	uint8_t ticket[32];
	struct mono token_until;
	struct peer_id peer;    /* connected, or the newest */
	struct peer_id waiting; /* offered, takes over when connected */
	struct peer_id asked;   /* pvl-media has not answered for it yet */
	enum media_peer_state state;
	bool left;     /* by DELETE */
	bool vanished; /* its connection ended for silence: its line is dead, not its page */
	uint32_t generation;
	struct slot_names names[2];
	uint32_t slots_epoch;
	uint8_t slots_len;
	uint8_t source[MEDIA_SLOTS_MAX];
	struct slot_names *shown;
	bool slots_news;
	enum data_wish data;    /* that its person wants to get and to send */
	struct media_tier tier; /* send 0: nothing was told */
	bool tier_news;
	uint32_t tested_bps;    /* what its page found before it joined; 0: nothing */
	struct line_usual line; /* of its line, in this visit */
	struct event_ring ring;
	struct live_visit *visit;
};

/* A visitor's device, as the database has it. */
struct place {
	enum device_state state;
	char names[NAME_ROOM];  /* of who sits there */
	char reason[NAME_ROOM]; /* of a refusal */
};

enum {
	LIVE_WARNING_ROOM = WARNING_MAX + 1
};

struct live_warning {
	struct act_id id; /* 0: none */
	bool acknowledged;
	char words[LIVE_WARNING_ROOM];
	char words_cy[LIVE_WARNING_ROOM];
};

/* What the acts of the visit add up to (domain/oversight.h). */
struct live_oversight {
	int64_t acts;
	bool paused;
	bool paused_by_rule;
	bool reported;
	bool not_private;
	int extra_s;
	bool muted[SIDE_COUNT];
	bool blanked[SIDE_COUNT];
	struct live_warning warning[SIDE_COUNT];
};

struct live_visit {
	bool used;
	bool lab;
	struct visit_id id;
	struct reference reference;
	enum media_visit_kind kind;
	enum visit_state state;
	enum visit_end end;
	struct prison_code prison;
	char prisoner[NAME_ROOM];
	struct place places[PARTY_MAX];
	char place[NAME_ROOM];
	char reason[NAME_ROOM];
	bool admitted; /* one of the devices */
	/* A bit per end, for after the commit. */
	uint8_t admitted_news;
	uint8_t refused_news;
	uint8_t unseated;
	struct wall must_end;
	int booked_s;
	int used_s;    /* told by pvl-media, all of it */
	int pending_s; /* of these not written yet */
	int written_s; /* in this turn's transaction */
	bool clock_running;
	bool held;            /* staff keep the two sides apart */
	struct wall slot_end; /* what is lost after it, and after what is added, was not booked */
	struct lost_clock lost_clock;
	struct lost_time lost;         /* of the whole visit */
	struct lost_time lost_pending; /* of these not written yet */
	struct lost_time lost_written; /* in this turn's transaction */
	bool lost_is_added;            /* nobody waits for the terminal: it is added at the end */
	struct mono second_at;         /* pvl-media told of a second */
	struct mono together;          /* the last in which both heard */
	struct mono clock_told;
	struct mono all_away; /* since when; 0: not */
	struct mono closed_at;
	struct line_budget line; /* of its prison, as the rules have it */
	int line_weight;
	bool signs;
	size_t worker; /* SUPERVISOR_WORKERS_MAX: lies nowhere */
	uint32_t epoch;
	bool routes_due;
	unsigned news;
	struct live_oversight oversight;
	uint32_t presence; /* of the newest monitor */
	bool duty_known;
	struct watch_duty duty;
	struct mono live_since;         /* 0: not live */
	struct mono unwatched;          /* nobody watches since; 0: not looked at */
	bool missing;                   /* nobody watches what is to be watched */
	bool recording_known;           /* the rules have been asked */
	bool to_record;                 /* it is recorded, and its pages say so */
	bool recorder_up;               /* pvl-record is there */
	bool to_hint;                   /* a machine looks at its pictures, as its prison wants */
	uint8_t hints[HINT_KIND_COUNT]; /* what it finds now, a bit per end */
	bool recording_gap;             /* something is missing in the recording now */
	bool tell_neighbours;           /* how it stands; in the next turn's transaction */
	struct mono told_neighbours;
	struct mono sessions_looked;
	struct seat seats[MEDIA_ENDS_MAX];
};

struct change {
	struct reference reference;
	struct actor actor;
};

struct staff_ring {
	struct prison_code prison;
	struct event_ring ring;
	struct live *live;
};

enum {
	LINE_TOLD_MAX = 200, /* prisons; there are some 120 */
};

/* What came over a prison's line, since it was last written. */
struct line_told {
	struct prison_code prison;
	struct line_day day;
	bool written; /* in this turn's transaction */
};

struct live {
	struct service *service;
	struct media_link *link;
	struct neighbours *neighbours;
	struct homes *homes;          /* NULL: every visit is ours */
	struct record_link *recorder; /* NULL: none */
	unsigned recorder_generation;
	struct hints_link *hints; /* NULL: none */
	unsigned hints_generation;
	struct line_memory *lines;
	struct line_told told[LINE_TOLD_MAX]; /* of the lines of prisons, not written yet */
	size_t told_len;
	struct mono told_written;
	unsigned connection; /* of the database, in the last turn */
	struct log *log;
	struct map by_id;
	struct live_visit *visits;
	size_t visits_len; /* slots ever used */
	size_t changes_len;
	struct change changes[CHANGES_MAX];
	size_t answers_first, answers_len;
	struct media_message answers[ANSWERS_MAX];
	size_t answers_told;
	struct staff_ring staff[LIVE_STAFF_RINGS_MAX];
	size_t staff_len;
	struct mono ticked;      /* now of this turn */
	struct mono swept;       /* the last second that was looked at */
	unsigned sessions_ended; /* of the service, when they were looked at */
	struct mono know_due;    /* until then both ends may say that they know of a monitor */
	struct live_counts counts;
};

/* ---- live.c ---- */

struct live_visit *live_visit_find(const struct live *live, struct visit_id id);
struct live_visit *live_visit_of(const struct live *live, struct reference reference);
/* NULL: LIVE_VISITS_MAX stand already. */
struct live_visit *live_visit_new(struct live *live, struct visit_id id);
/* A visit that stands in pvl-media, from the database; NULL: none of ours, over, or no room. */
struct live_visit *live_adopt(struct live *live, struct visit_id id);
bool live_is_over(const struct live_visit *visit);
/* In a turn's transaction: nothing of it is here any more; its readers' streams end. */
void live_visit_free(struct live *live, struct live_visit *visit);
bool live_seat_connected(const struct seat *seat);
/* What is told and sent when a state begins is noted for after the commit; media is closed at the end. */
void live_enter_state(struct live *live, struct live_visit *visit, enum visit_state state,
		      struct mono now);
/* As the database has it; what that changes for media and people is noted. */
void live_take_visit(struct live *live, struct live_visit *visit, const struct visit *v,
		     struct mono now);

/* ---- live_home.c ---- */

/* First of a turn: visits that another service has taken over are dropped here. */
void live_mind_homes(struct live *live, struct mono now);
/* Another service has it: its people find their way there, and nothing of it is written here. */
void live_forsake(struct live *live, struct live_visit *visit);

/* ---- live_oversight.c ---- */

/* Reads the acts; what they change for media and people is noted. */
void live_take_oversight(struct live *live, struct live_visit *visit);
/* As whoever sits there in that role is told it. */
json_t *live_oversight_json(const struct live_visit *visit, enum media_role role, bool welsh);
json_t *live_flags_json(const struct live_visit *visit);
bool live_is_watched(const struct live_visit *visit);
void live_watch_begin(struct live_visit *visit, struct seat *seat, struct monitoring_id id,
		      bool admission, struct mono now);
/* In a turn's transaction: its row ends too. */
void live_watch_end(struct live *live, struct live_visit *visit, struct seat *seat);
/* The event that tells both ends of monitors has been published. */
void live_announced(struct live_visit *visit, struct mono now);
/* Monitors of whom both ends know are noted in the database; when to ask again. */
struct mono live_watch_due(struct live *live, struct live_visit *visit, struct mono now);
/* They may see from now on, if that was committed. */
void live_settle_watch(struct live_visit *visit, bool committed);
void live_oversight_second(struct live *live, struct live_visit *visit, struct mono now);

/* ---- live_hints.c ---- */

void live_decide_hints(struct live *live, struct live_visit *visit);
/* In a turn's transaction: what pvl-hints said is written down and shown. */
void live_hear_hints(struct live *live);
void live_hint_flags(const struct live_visit *visit, json_t *flags);

/* ---- live_recording.c ---- */

/* Whether it is to be recorded, once and for the whole visit. */
void live_decide_recording(struct live *live, struct live_visit *visit);
/* What was closed to everybody is not recorded any further. */
void live_heed_lock(struct live *live, struct live_visit *visit);
/* It is being recorded, as far as is known. */
bool live_is_recorded(const struct live_visit *visit);
json_t *live_recording_json(const struct live_visit *visit);
/* What pvl-record has told in this turn, and whether one has come or gone. */
void live_hear_recorder(struct live *live);

/* ---- live_media.c ---- */

void live_send_routes(struct live *live, struct live_visit *visit);
void live_send_close(struct live *live, struct live_visit *visit);
/* It lives until must_end as that stands now. */
void live_send_life(struct live *live, const struct live_visit *visit);
/* "all", "less" or "sound". */
const char *live_data_word(const struct seat *seat);
/* Its connections end, and its token and stream with them. */
void live_vacate(struct live *live, struct live_visit *visit, size_t end);
void live_on_message(struct live *live, size_t worker, const struct media_message *m,
		     struct mono now);
void live_worker_lost(struct live *live, size_t worker);

/* ---- live_seat.c ---- */

/* Somebody sits there whom this process did not seat. */
void live_seat_adopt(struct live *live, struct live_visit *visit, uint8_t end,
		     enum media_role role);

/* ---- live_session.c ---- */

/* Who was signed out, or whose terminal is another device's now, is out of the seat. */
void live_heed_sessions(struct live *live, struct live_visit *visit, struct mono now);

/* ---- live_clock.c ---- */

/* What a turn that was not committed had written is pending again. */
void live_settle_hearing(struct live_visit *visit, bool committed);
void live_on_second(struct live *live, struct live_visit *visit, const struct media_second *second,
		    struct mono now);
/* Ends what is due by the clock, of all visits in the database. */
void live_end_due(struct live *live);
/* Ends the visit when all are away and one of them pressed Leave. */
void live_end_left(struct live *live, struct live_visit *visit, struct mono now);

/* ---- live_lost.c ---- */

/* One second was told (NULL: none came, pvl-media does not have the visit).  What it adds to the time heard. */
int live_lost_second(struct live *live, struct live_visit *visit, const struct media_second *second,
		     struct mono now);
/* Seconds of which pvl-media told nothing. */
void live_lost_tick(struct live *live, struct live_visit *visit, struct mono now);
/* Writes what is pending. */
void live_lost_write(struct live *live, struct live_visit *visit);
void live_lost_settle(struct live_visit *visit, bool committed);
/* For the event 'clock'. */
json_t *live_lost_json(const struct live_visit *visit);

/* ---- live_line.c ---- */

void live_line_second(struct live *live, struct live_visit *visit,
		      const struct media_second *second);
/* At which rate a connection of that seat is to begin; 0: nothing is known. */
void live_line_told(struct live *live, const struct live_visit *visit,
		    const struct media_line *line);
/* Each minute what came over the prisons' lines is written, and kept if that is undone. */
void live_line_tick(struct live *live, struct mono now);
void live_line_settle(struct live *live, bool committed);
uint32_t live_line_start_bps(const struct live *live, const struct live_visit *visit, uint8_t end);

/* ---- live_event.c ---- */

/* The place of a visitor's end; NULL for other ends. */
const struct place *live_place(const struct live_visit *visit, size_t end);
/* The first event of a seat's stream (events.h); the ring's owner is the seat. */
void live_seat_snapshot(struct event_ring *ring, const struct event_reader *reader,
			struct buf *out);
void live_publish(struct event_ring *ring, const char *name, json_t *data);
/* How it stands, for staff's list. */
json_t *live_staff_row(const struct live_visit *visit);
/* The stream of a prison; NULL: nobody reads it, or (make) no room. */
struct staff_ring *live_staff_ring(struct live *live, struct prison_code prison, bool make);
/* Of whoever reads it and no longer holds the role in which they began, or is no longer signed in. */
void live_end_streams(struct live *live, struct staff_ring *staff);
/* Publishes the visit's news. */
void live_tell(struct live *live, struct live_visit *visit);

#endif
