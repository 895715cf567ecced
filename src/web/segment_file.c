#include "web/segment_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "recording/sealed.h"
#include "sys/files.h"

enum {
	PATH_ROOM = 4200,
};

/* Where it may lie, in the order in which it is looked for. */
static const char *const PLACES[] = { "", OBJECTS_FETCHED "/" };
enum {
	PLACES_LEN = sizeof PLACES / sizeof PLACES[0],
};

static void path_of(const char *folder, size_t place, struct segment_id segment, const char *end,
		    char out[PATH_ROOM])
{
	(void)snprintf(out, PATH_ROOM, "%s/%s%016llx%s", folder, PLACES[place],
		       (unsigned long long)segment.n, end);
}

bool segment_file_is_here(const char *folder, struct segment_id segment)
{
	char path[PATH_ROOM];
	for (size_t i = 0; i < PLACES_LEN; i++) {
		path_of(folder, i, segment, "", path);
		if (access(path, F_OK) == 0)
			return true;
	}
	return false;
}

int segment_file_open(const char *folder, struct segment_id segment)
{
	char path[PATH_ROOM];
	int fd = -1;
	for (size_t i = 0; fd < 0 && i < PLACES_LEN; i++) {
		path_of(folder, i, segment, "", path);
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	return fd;
}

/* Whoever had its key could have sealed something else with it; the hash is in the audit log. */
static enum err check_hash(struct bytes file, const struct segment_row *segment)
{
	uint8_t hash[RECORD_HASH_LEN];
	if (segment->state != SEGMENT_WHOLE)
		return OK;
	enum err err = sealed_file_hash(file, hash);
	if (err == OK && memcmp(hash, segment->hash, sizeof hash) == 0)
		return OK;
	return err == ERR_CRYPTO ? err : ERR_DENIED;
}

enum err segment_file_read(int fd, const struct segment_row *segment,
			   const uint8_t key[VAULT_KEY_LEN], struct buf *out)
{
	bool whole = false;
	struct buf file = buf_of(SEGMENT_FILE_MAX);
	struct sealed_name name = { .visit = segment->visit,
				    .segment = segment->id.n,
				    .end = (uint8_t)segment->seat };
	enum err err = fd < 0 ? ERR_NOT_FOUND : file_read_inherited(fd, &file);
	if (err == OK)
		err = check_hash(buf_bytes(&file), segment);
	if (err == OK)
		err = sealed_read(buf_bytes(&file), key, &name, &whole, out);
	buf_clear(&file);
	return err;
}

/* The wish comes first: it outlives us, and pvl-objects does the rest. */
void segment_file_erase(const char *folder, struct segment_id segment, bool stored)
{
	char path[PATH_ROOM];
	path_of(folder, 0, segment, OBJECTS_ERASE, path);
	int fd = stored ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
	if (fd >= 0)
		close(fd);
	for (size_t i = 0; i < PLACES_LEN; i++) {
		path_of(folder, i, segment, "", path);
		(void)unlink(path);
	}
}
