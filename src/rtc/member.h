/*
 * member.h - one peer: a connection that sits on a seat of a visit, or is about to.
 *
 * ICE, DTLS, SRTP, its send m-lines (uplinks) and receive m-lines (slots).
 *
 * Timers, each by core_member_due():
 *	ice, dtls      their own
 *	feedback       NACK, PLI, transport-wide feedback: when there is something to say
 *	pace           pictures and probes that wait for the line
 *	report         each second, to a thin line each 2.5: sender and receiver reports
 *	silence        3 s without an authenticated packet of one who sends media (15 s of one
 *	               who only watches: its checks come every few seconds): LOST
 *	connecting     30 s to come to keys
 */
#ifndef PVL_RTC_MEMBER_H
#define PVL_RTC_MEMBER_H

#include "congestion/tiers.h"
#include "congestion/uplink_line.h"
#include "rtc/arrivals.h"
#include "rtc/core.h"
#include "rtc/ice.h"
#include "rtc/pace.h"
#include "rtc/slot.h"
#include "rtc/uplink.h"

struct member {
	bool used;
	struct peer_id id;
	uint32_t visit; /* in the table */
	uint8_t end;
	enum media_role role;
	bool own_page;
	int64_t known_bps; /* of its line, before it is learnt; 0: nothing */
	enum media_peer_state state;
	struct mono since; /* the offer came */
	struct mono heard; /* last authenticated packet */
	struct ice *ice;
	struct dtls *dtls;
	struct srtp *srtp; /* opens what comes; NULL until keys stand */
	struct leg leg;
	uint32_t ssrc; /* in whose name our feedback speaks */

	uint8_t twcc_id; /* of the header extension, as received */
	uint8_t send_time_id;
	struct uplink_line line_in; /* what its own line brings to us */
	struct arrivals arrivals;
	size_t uplinks_len;
	struct uplink uplinks[MEDIA_UPLINKS_MAX];
	size_t slots_len;
	struct slot *slots; /* as many as were offered */

	struct pace pace;          /* pictures that wait for its line */
	struct ladder ladder;      /* what its line carries of each person it sees */
	bool no_video;             /* not even the least picture */
	enum tier most;            /* of what it gets and sends, by its own wish */
	uint8_t sound_needs;       /* times that each frame of sound should go again */
	struct mono sound_lost;    /* it was last needed */
	struct mono pictures_lost; /* so were pictures sent twice */
	enum tier told;            /* what it was told to send */
	enum tier told_line;       /* and what of its own line */
	bool told_again;           /* and that each frame of sound is to go once more */
	bool again_in;             /* it should, since ... */
	struct mono lost_in;       /* ... its sound was last lost on its way to us */
	bool was_told;

	bool has_clock;    /* a sender report came */
	uint64_t ntp_plus; /* from its wall clock to ours: one for audio and video */
	struct mono report_at;
	uint64_t limit; /* bits/s it can receive, as it says (REMB); 0: never said */
	struct mono limit_at;

	struct mono audio_at; /* last authenticated audio */
	uint8_t heard_by;     /* ends to which its audio went in this second */
	uint32_t packets_in;  /* of this second */
	uint32_t bytes_in;
};

/* A checked offer for a visit that stands; CORE_NOBODY: no room, or it cannot be served. */
uint32_t member_add(struct core *core, uint32_t visit, const struct media_offer *offer,
		    struct mono now);
/* New ICE credentials, told in a PEER_ANSWER. */
void member_restart(struct core *core, uint32_t at, const struct media_restart *restart,
		    struct mono now);
/* Says goodbye, tells the visit and pvl-web, frees everything. */
void member_close(struct core *core, uint32_t at, enum media_reason reason, struct mono now);

/* Datagrams, by kind; the tuple of the last three was validated. */
void member_stun(struct core *core, uint32_t at, const struct address *from, struct bytes datagram,
		 struct mono now);
void member_dtls(struct core *core, uint32_t at, struct bytes datagram, struct mono now);
void member_rtp(struct core *core, uint32_t at, const struct address *from, uint8_t *datagram,
		size_t len, struct mono now);
void member_rtcp(struct core *core, uint32_t at, const struct address *from, uint8_t *datagram,
		 size_t len, struct mono now);
/* The way to a tuple is full, or no longer; a tuple is no more (rtc.h). */
void member_set_full(struct core *core, uint32_t at, const struct address *to, bool full,
		     struct mono now);
void member_tuple_gone(struct core *core, uint32_t at, const struct address *tuple,
		       struct mono now);
void member_tick(struct core *core, uint32_t at, struct mono now);

/* Somebody needs a key frame of this uplink. */
void member_want_key(struct core *core, uint32_t at, struct uplink *uplink, struct mono now);
/* The uplink of a kind; NULL if the peer does not send it. */
struct uplink *member_uplink(struct member *member, enum media_kind kind);
void member_tell_state(struct core *core, const struct member *member, enum media_reason reason);
void member_tell_slots(struct core *core, const struct member *member);

#endif
