/*
 * viewings.h - recordings that are being looked at now; each is asked every second whether it still may be.
 *
 * A viewing ends before its hour when the recording is closed or destroyed, when
 * the role of whoever looks is taken away, or when they are signed out, in
 * whichever process of the service that was done.  Then its keys are forgotten,
 * its page is told to let go of what it holds, and what is on its way is cut off.
 */
#ifndef PVL_WEB_VIEWINGS_H
#define PVL_WEB_VIEWINGS_H

#include "domain/playback.h"
#include "web/events.h"
#include "web/page.h"

enum {
	VIEWINGS_MAX = 64, /* at once */
	VIEWINGS_EVERY_MS = 1000,
};

enum viewing_kind {
	VIEWING_PLAYBACK,
	VIEWING_EXPORT, /* the access is an export's id */
};

struct viewings;

struct viewings *viewings_new(void);
void viewings_free(struct viewings *);
/* Whoever asks looks from now on.  False: too many look already. */
bool viewings_begin(struct page *page, struct access_id access, enum viewing_kind kind);
/* The stream that tells of the end; NULL: nobody looks, or too many read it. */
struct event_reader *viewings_events(struct viewings *, struct access_id, struct str last_id);
/* Something may have ended one: it is looked at in this turn. */
void viewings_look_now(struct viewings *);
/* In a turn's transaction. */
void viewings_tick(struct web *web);

#endif
