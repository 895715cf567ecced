/*
 * picture.h - a photo that somebody sent, made again: a JPEG of bounded size
 * that holds its pixels and nothing else.
 *
 * JPEG, PNG and WebP are told apart by their first bytes, never by a name.  The
 * picture is turned as its camera noted (Exif, JPEG alone), made smaller where
 * it is larger than PICTURE_SIDE, and written anew: place, time and camera, and
 * whatever else the file carried, are gone.
 *
 * Computes alone: bytes in, bytes out.  It hands bytes from outside to three
 * libraries, so it runs in pvl-picture and nowhere else: a process that can do
 * nothing, for one picture.
 */
#ifndef PVL_PICTURE_PICTURE_H
#define PVL_PICTURE_PICTURE_H

#include "base/bytes.h"

enum {
	PICTURE_UPLOAD_MAX = 10 << 20, /* bytes: what telephones make, with room */
	PICTURE_PIXELS_MAX = 50000000, /* of the photo as sent */
	PICTURE_SIDE_MAX = 20000,      /* of the photo as sent */
	PICTURE_SHORT_SIDE_MIN = 300,  /* below it no document can be read */
	PICTURE_SIDE = 1600,           /* of the photo as kept, the longer one */
	PICTURE_MAX = 1 << 20,         /* bytes of the photo as kept */
};

/* Also the exit codes of pvl-picture; any other code: it was ended, and nothing is known. */
enum picture_verdict {
	PICTURE_OK = 0,
	PICTURE_OTHER_KIND = 10, /* no JPEG, PNG or WebP: a PDF, a film, a text */
	PICTURE_BROKEN = 11,     /* cut short or damaged, or of a form that is not read */
	PICTURE_TOO_LARGE = 12,  /* more pixels than PICTURE_PIXELS_MAX or PICTURE_SIDE_MAX */
	PICTURE_TOO_SMALL = 13,
	PICTURE_GAVE_UP = 14, /* it took too much time or memory, or ended in another way */
};

/* On PICTURE_OK *out is malloc'd, at most PICTURE_MAX bytes; else untouched. */
enum picture_verdict picture_remake(struct bytes upload, struct bytes *out);

#endif
