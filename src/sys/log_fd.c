#include "sys/log_fd.h"

#include <unistd.h>

#include "sys/clock.h"

static void write_line(struct log *log, const char *line, unsigned long len)
{
	/* A log that cannot be written must not stop the service. */
	ssize_t n = write(log->fd, line, len);
	(void)n;
}

static int64_t stamp(struct log *log)
{
	(void)log;
	return wall_now_ms();
}

struct log log_fd(const char *program, enum log_level level, int fd)
{
	return (struct log){
		.program = program, .level = level, .write = write_line, .wall_ms = stamp, .fd = fd
	};
}
