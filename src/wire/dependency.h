/*
 * dependency.h - the dependency descriptor (AV1 RTP specification, appendix A): its mandatory
 * fields, and of a template structure to which layer each template belongs.
 */
#ifndef PVL_WIRE_DEPENDENCY_H
#define PVL_WIRE_DEPENDENCY_H

#include "base/bytes.h"
#include "base/err.h"

struct dependency {
	bool frame_start;
	bool frame_end;
	uint8_t template_id; /* 6 bits */
	uint16_t frame_number;
	bool has_structure; /* a new template structure follows: sent with key frames */
};

enum {
	DEPENDENCY_TEMPLATES_MAX = 64
};

/* Of the stream, from one structure to the next. */
struct dependency_layers {
	uint8_t offset; /* id of the first template */
	uint8_t len;    /* 0: no structure came yet */
	uint8_t temporal[DEPENDENCY_TEMPLATES_MAX];
};

/* ERR_SHORT below three bytes. */
MUST_USE enum err dependency_parse(struct bytes value, struct dependency *out);
/* Of a descriptor with a structure.  ERR_SHORT, or ERR_BAD for more templates than there are ids. */
MUST_USE enum err dependency_parse_layers(struct bytes value, struct dependency_layers *out);
/* The temporal layer of a frame with this template; 0 if the structure is not known. */
uint8_t dependency_temporal(const struct dependency_layers *layers, uint8_t template_id);

#endif
