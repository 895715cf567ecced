#include "programs/objects/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "sys/clock.h"

enum {
	NAME_ROOM = 32,
	DIGITS = 16,
	SWEEP_MAX = 4096, /* copies that are looked at at once */
	EMPTY_S = 60,
};

struct spool {
	int folder;
	int fetched;
};

struct entry {
	struct segment_id segment;
	int64_t at; /* seconds, when it was last written */
	uint64_t bytes;
};

/* ---- names ---- */

static void name_of(struct segment_id segment, const char *end, char out[NAME_ROOM])
{
	(void)snprintf(out, NAME_ROOM, "%016llx%s", (unsigned long long)segment.n, end);
}

/* False: it is none of those names. */
static bool id_of(const char *name, const char *end, struct segment_id *out)
{
	uint64_t n = 0;
	for (size_t i = 0; i < DIGITS; i++) {
		static const char HEX[] = "0123456789abcdef";
		const char *digit = name[i] ? strchr(HEX, name[i]) : NULL;
		if (!digit)
			return false;
		n = n << 4 | (uint64_t)(digit - HEX);
	}
	if (strcmp(name + DIGITS, end) != 0 || n > INT64_MAX)
		return false;
	out->n = (int64_t)n;
	return true;
}

/* ---- life ---- */

enum err spool_open(const char *folder, struct spool **out)
{
	struct spool spool = { .folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	if (spool.folder < 0)
		return ERR_NOT_FOUND;
	if (mkdirat(spool.folder, OBJECTS_FETCHED, 0700) != 0 && errno != EEXIST) {
		close(spool.folder);
		return ERR_SYS;
	}
	spool.fetched = openat(spool.folder, OBJECTS_FETCHED, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (spool.fetched < 0) {
		close(spool.folder);
		return ERR_SYS;
	}
	*out = mem_new(1, sizeof **out);
	**out = spool;
	return OK;
}

void spool_close(struct spool *spool)
{
	if (!spool)
		return;
	close(spool->folder);
	close(spool->fetched);
	free(spool);
}

/* ---- looking ---- */

/* A stream of its own each time: its position is nobody else's. */
static DIR *list(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (fd >= 0 && !dir)
		close(fd);
	return dir;
}

static bool look_at(int folder, const char *name, struct entry *out)
{
	struct stat st;
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return false;
	out->at = st.st_mtim.tv_sec;
	out->bytes = (uint64_t)st.st_size;
	return true;
}

/* The oldest so far, in order; one that is newer than all of a full list is left for another look. */
static void insert(struct entry *oldest, size_t *count, const struct entry *new)
{
	size_t i = *count;
	if (*count == SPOOL_LIST_MAX && oldest[i - 1].at <= new->at)
		return;
	if (*count == SPOOL_LIST_MAX)
		i--;
	else
		(*count)++;
	for (; i > 0 && oldest[i - 1].at > new->at; i--)
		oldest[i] = oldest[i - 1];
	oldest[i] = *new;
}

enum err spool_look(const struct spool *spool, struct spool_seen *out)
{
	struct entry oldest[SPOOL_LIST_MAX], e;
	struct spool_seen seen = { 0 };
	struct dirent *entry;
	DIR *dir = list(spool->folder);
	if (!dir)
		return ERR_SYS;
	while ((entry = readdir(dir))) {
		if (id_of(entry->d_name, OBJECTS_ERASE, &e.segment)) {
			if (seen.erase.count < SPOOL_LIST_MAX)
				seen.erase.list[seen.erase.count++] = e.segment;
		} else if (id_of(entry->d_name, "", &e.segment) &&
			   look_at(spool->folder, entry->d_name, &e)) {
			seen.files++;
			seen.bytes += e.bytes;
			insert(oldest, &seen.waiting.count, &e);
		}
	}
	closedir(dir);
	for (size_t i = 0; i < seen.waiting.count; i++)
		seen.waiting.list[i] = oldest[i].segment;
	*out = seen;
	return OK;
}

/* ---- one segment ---- */

static enum err read_all(int fd, struct buf *out)
{
	char piece[64 << 10];
	ssize_t len;
	while ((len = read(fd, piece, sizeof piece)) > 0)
		buf_put(out, piece, (size_t)len);
	if (len < 0)
		return ERR_SYS;
	return buf_ok(out) ? OK : ERR_LIMIT;
}

/* Empty: pvl-record has only just made it and holds no lock yet, or died just then. */
static enum err read_empty(const struct spool *spool, struct segment_id segment, const char *name)
{
	struct entry e;
	if (!look_at(spool->folder, name, &e) || e.at + EMPTY_S > wall_now().s)
		return ERR_AGAIN;
	spool_sent(spool, segment);
	return ERR_NOT_FOUND;
}

enum err spool_read(const struct spool *spool, struct segment_id segment, struct buf *out)
{
	char name[NAME_ROOM];
	name_of(segment, "", name);
	int fd = openat(spool->folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_SYS;
	enum err err = flock(fd, LOCK_SH | LOCK_NB) == 0 ? OK : ERR_AGAIN;
	if (err == OK)
		err = read_all(fd, out);
	if (err == OK && out->len == 0)
		err = read_empty(spool, segment, name);
	close(fd);
	return err;
}

static void take_away(int folder, struct segment_id segment, const char *end)
{
	char name[NAME_ROOM];
	name_of(segment, end, name);
	(void)unlinkat(folder, name, 0);
}

void spool_sent(const struct spool *spool, struct segment_id segment)
{
	take_away(spool->folder, segment, "");
}

void spool_forget(const struct spool *spool, struct segment_id segment)
{
	take_away(spool->folder, segment, "");
	take_away(spool->fetched, segment, "");
}

void spool_erased(const struct spool *spool, struct segment_id segment)
{
	spool_forget(spool, segment);
	take_away(spool->folder, segment, OBJECTS_ERASE);
}

void spool_set_full(const struct spool *spool, bool full)
{
	int fd = -1;
	if (full)
		fd = openat(spool->folder, OBJECTS_FULL, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	else
		(void)unlinkat(spool->folder, OBJECTS_FULL, 0);
	if (fd >= 0)
		close(fd);
}

/* ---- copies ---- */

static bool write_all(int fd, struct bytes bytes)
{
	size_t done = 0;
	while (done < bytes.len) {
		ssize_t n = write(fd, bytes.at + done, bytes.len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

enum err spool_keep(const struct spool *spool, struct segment_id segment, struct bytes bytes)
{
	static const char half[] = "half";
	char name[NAME_ROOM];
	name_of(segment, "", name);
	int fd = openat(spool->fetched, half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return ERR_SYS;
	bool fine = write_all(fd, bytes);
	fine = close(fd) == 0 && fine;
	if (fine && renameat(spool->fetched, half, spool->fetched, name) == 0)
		return OK;
	(void)unlinkat(spool->fetched, half, 0);
	return ERR_SYS;
}

bool spool_has(const struct spool *spool, struct segment_id segment)
{
	char name[NAME_ROOM];
	struct entry e;
	name_of(segment, "", name);
	return look_at(spool->folder, name, &e) || look_at(spool->fetched, name, &e);
}

static int newest_first(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	return x->at < y->at ? 1 : x->at > y->at ? -1 : 0;
}

void spool_sweep(const struct spool *spool, struct wall before, uint64_t bytes_max)
{
	struct dirent *entry;
	size_t count = 0;
	uint64_t bytes = 0;
	DIR *dir = list(spool->fetched);
	if (!dir)
		return;
	struct entry *all = mem_new(SWEEP_MAX, sizeof *all);
	while (count < SWEEP_MAX && (entry = readdir(dir)))
		count += id_of(entry->d_name, "", &all[count].segment) &&
			 look_at(spool->fetched, entry->d_name, &all[count]);
	closedir(dir);
	qsort(all, count, sizeof *all, newest_first);
	for (size_t i = 0; i < count; i++) {
		bytes += all[i].bytes;
		if (bytes > bytes_max || all[i].at < before.s)
			take_away(spool->fetched, all[i].segment, "");
	}
	free(all);
}
