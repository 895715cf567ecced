/*
 * assert.h - checks that stay in production.
 *
 * ASSERT is for our own bugs only: it writes the place to stderr and aborts,
 * and the supervisor starts the program again.  Never use it on input from
 * outside: a bad packet drops the packet, a bad form gets an answer.
 */
#ifndef PVL_BASE_ASSERT_H
#define PVL_BASE_ASSERT_H

#define ASSERT(x)    ((x) ? (void)0 : assert_failed(#x, __FILE__, __LINE__))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

_Noreturn void assert_failed(const char *what, const char *file, int line);

#endif
