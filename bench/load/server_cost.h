/*
 * server_cost.h - what a running server has used, from /proc.
 */
#ifndef PVL_BENCH_SERVER_COST_H
#define PVL_BENCH_SERVER_COST_H

#include <stdint.h>

struct server_cost {
	uint64_t cpu_ns;   /* all threads, user and kernel */
	uint64_t switches; /* times that its first thread went to sleep */
	/* Heap and stacks.  Not the pages of program and libraries: they are the page cache's, shared by
	 * all processes, and no peer adds to them. */
	uint64_t private_kib;
};

/* Zeros for pid 0, and for a process that has gone. */
struct server_cost server_cost(int pid);

#endif
