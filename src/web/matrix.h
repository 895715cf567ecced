/*
 * matrix.h - who hears and sees whom, from what stands of a visit.  Pure.
 *
 * The only place where a bit of MEDIA_ROUTES is set.  Default deny:
 *
 *	prisoner ↔ visitors     once admitted, while nobody paused the visit; without the sound of who
 *	                        is muted and the picture of who is blanked
 *	visitor ↔ visitor       likewise
 *	… → monitor             social visits alone, and only when both ends were told that staff
 *	                        watch; a visitor in the lobby too, so that staff can admit them.  Pause,
 *	                        mute and blank do not hide anything from staff: they decide by it
 *	monitor → …             never
 *	… → pvl-record          of a social visit that is to be recorded, what one side can hear and see
 *	                        of the other: nothing in a pause, nothing of who is muted or blanked,
 *	                        nobody before admission
 *	… → pvl-hints           likewise pictures alone, where the prison wants hints
 */
#ifndef PVL_WEB_MATRIX_H
#define PVL_WEB_MATRIX_H

#include "ipc/media.h"

struct matrix_seat {
	bool used;
	enum media_role role;
	bool admitted; /* of a visitor; the prisoner always is */
	bool refused;  /* of a visitor */
	bool told;     /* of a monitor: both ends know */
	bool muted;    /* the other side does not hear it */
	bool blanked;  /* the other side does not see it */
};

struct matrix {
	bool social;
	bool over;
	bool paused;
	bool recorded; /* it is to be, and its pages say so */
	bool hinted;   /* its prison wants a machine to look */
	struct matrix_seat seats[MEDIA_ENDS_MAX];
};

/* Whether the prisoner and somebody else may hear each other by these routes. */
bool matrix_together(const struct matrix *matrix, const struct media_routes *routes);
/* Fills all but visit and epoch. */
void matrix_routes(const struct matrix *matrix, struct media_routes *out);

#endif
