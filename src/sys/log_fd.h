/*
 * log_fd.h - a log whose lines go to a file descriptor, with the wall time.
 *
 * A line is one write(2) and never blocks for long: standard error is a
 * terminal, a file or systemd's journal.  The fd is borrowed.
 */
#ifndef PVL_SYS_LOG_FD_H
#define PVL_SYS_LOG_FD_H

#include "base/log.h"

/* program is a word of the source, such as "pvl-media". */
struct log log_fd(const char *program, enum log_level level, int fd);

#endif
