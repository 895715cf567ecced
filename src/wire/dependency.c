#include "wire/dependency.h"

enum err dependency_parse(struct bytes value, struct dependency *out)
{
	if (value.len < 3)
		return ERR_SHORT;
	*out = (struct dependency){
		.frame_start = value.at[0] & 0x80,
		.frame_end = value.at[0] & 0x40,
		.template_id = value.at[0] & 0x3f,
		.frame_number = get_u16(value.at + 1),
		.has_structure = value.len > 3 && (value.at[3] & 0x80),
	};
	return OK;
}
