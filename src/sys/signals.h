/*
 * signals.h - signals as something to read: blocked, and taken from a descriptor (signalfd(2)).
 */
#ifndef PVL_SYS_SIGNALS_H
#define PVL_SYS_SIGNALS_H

#include <stddef.h>

#include "base/err.h"

/* *fd: close-on-exec and non-blocking, of the caller; each read gives a struct signalfd_siginfo. */
MUST_USE enum err signals_open(const int *numbers, size_t count, int *fd);

#endif
