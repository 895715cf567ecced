/*
 * large_pages.h - whether what is touched from now on may lie in pages of 2 MB.
 *
 * For a program whose allocator asks for them (GLIBC_TUNABLES of the supervisor).
 * They spare a busy program translation misses and cost an idle one memory: up to
 * a page of it that nobody uses.  prctl(2), PR_SET_THP_DISABLE; a kernel without
 * large pages does not mind.
 */
#ifndef PVL_SYS_LARGE_PAGES_H
#define PVL_SYS_LARGE_PAGES_H

#include <stdbool.h>

/* False: it was refused.  Inside a sandbox only with sandbox_plan.large_pages. */
bool large_pages_allow(bool allowed);

#endif
