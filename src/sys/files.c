#include "sys/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static enum err err_of_errno(void)
{
	switch (errno) {
	case ENOENT:
	case ENOTDIR:
		return ERR_NOT_FOUND;
	case EACCES:
	case EPERM:
		return ERR_DENIED;
	case ENOSPC:
	case EDQUOT:
		return ERR_LIMIT;
	default:
		return ERR_SYS;
	}
}

static enum err read_all(int fd, struct buf *out)
{
	char part[16384];
	for (;;) {
		ssize_t n = read(fd, part, sizeof part);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_of_errno();
		if (n == 0)
			return OK;
		buf_put(out, part, (size_t)n);
		if (!buf_ok(out))
			return ERR_LIMIT;
	}
}

enum err file_read(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_of_errno();
	enum err err = read_all(fd, out);
	close(fd);
	return err;
}

/* Its position is shared with whoever inherited it, too. */
enum err file_read_inherited(int fd, struct buf *out)
{
	char part[4096];
	off_t at = 0;
	ssize_t n;
	while ((n = pread(fd, part, sizeof part, at)) > 0) {
		buf_put(out, part, (size_t)n);
		at += n;
	}
	enum err err = n < 0 ? err_of_errno() : buf_ok(out) ? OK : ERR_LIMIT;
	mem_wipe(part, sizeof part);
	close(fd);
	return err;
}

enum err file_read_inherited_line(int fd, char *out, size_t room)
{
	struct buf text = buf_of(room);
	enum err err = file_read_inherited(fd, &text);
	struct str line = str_trim(buf_view(&text));
	if (err == OK && (line.len == 0 || line.len >= room))
		err = ERR_BAD;
	if (err == OK) {
		memcpy(out, line.at, line.len);
		out[line.len] = '\0';
	}
	if (text.at)
		mem_wipe(text.at, text.len);
	buf_clear(&text);
	return err;
}

static enum err write_all(int fd, struct bytes b)
{
	while (b.len) {
		ssize_t n = write(fd, b.at, b.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_of_errno();
		b = bytes_slice(b, (size_t)n, b.len);
	}
	return fsync(fd) == 0 ? OK : err_of_errno();
}

/* The directory's entry must last too. */
static enum err sync_directory_of(const char *path)
{
	char directory[PATH_MAX] = ".";
	const char *slash = strrchr(path, '/');
	if (slash)
		snprintf(directory, sizeof directory, "%.*s", (int)(slash - path) + 1, path);
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_of_errno();
	enum err err = fsync(fd) == 0 ? OK : err_of_errno();
	close(fd);
	return err;
}

static enum err write_beside(const char *path, const char *beside, struct bytes bytes, mode_t mode)
{
	int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return err_of_errno();
	enum err err = fchmod(fd, mode) == 0 ? write_all(fd, bytes) : err_of_errno();
	close(fd);
	if (!err && rename(beside, path) < 0)
		err = err_of_errno();
	if (err)
		unlink(beside);
	return err;
}

enum err file_write(const char *path, struct bytes bytes, mode_t mode)
{
	char beside[PATH_MAX];
	int n = snprintf(beside, sizeof beside, "%s.new", path);
	if (n < 0 || (size_t)n >= sizeof beside)
		return ERR_LIMIT;
	enum err err = write_beside(path, beside, bytes, mode);
	return err ? err : sync_directory_of(path);
}

enum err file_create(const char *path, struct bytes bytes, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return errno == EEXIST ? ERR_CONFLICT : err_of_errno();
	enum err err = fchmod(fd, mode) == 0 ? write_all(fd, bytes) : err_of_errno();
	close(fd);
	if (err != OK)
		unlink(path);
	return err != OK ? err : sync_directory_of(path);
}

enum err directory_make(const char *path)
{
	char part[PATH_MAX];
	int n = snprintf(part, sizeof part, "%s", path);
	if (n <= 0 || (size_t)n >= sizeof part)
		return ERR_LIMIT;
	for (char *p = part + 1;; p++) {
		if (*p && *p != '/')
			continue;
		char end = *p;
		*p = 0;
		if (mkdir(part, 0700) < 0 && errno != EEXIST)
			return err_of_errno();
		if (!end)
			break;
		*p = end;
	}
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? OK : ERR_CONFLICT;
}
