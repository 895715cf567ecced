/*
 * dependency.h - the mandatory fields of the dependency descriptor (AV1 RTP specification, appendix A).
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

/* ERR_SHORT below three bytes. */
MUST_USE enum err dependency_parse(struct bytes value, struct dependency *out);

#endif
