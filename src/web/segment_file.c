#include "web/segment_file.h"

#include <stdio.h>

#include "recording/sealed.h"
#include "sys/files.h"

enum {
	PATH_ROOM = 4200,
};

enum err segment_file_read(const char *folder, const struct segment_row *segment,
			   const uint8_t key[VAULT_KEY_LEN], struct buf *out)
{
	char path[PATH_ROOM];
	bool whole = false;
	struct buf file = buf_of(SEGMENT_FILE_MAX);
	struct sealed_name name = { .visit = segment->visit,
				    .segment = segment->id.n,
				    .end = (uint8_t)segment->seat };
	snprintf(path, sizeof path, "%s/%016llx", folder, (unsigned long long)segment->id.n);
	enum err err = file_read(path, &file);
	if (err == OK)
		err = sealed_read(buf_bytes(&file), key, &name, &whole, out);
	buf_clear(&file);
	return err;
}
