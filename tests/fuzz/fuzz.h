/*
 * fuzz.h - what a fuzz harness is: one function that takes any bytes.
 *
 * The same file serves two runs: tools/fuzz links it with libFuzzer, and
 * replay.c feeds it the seeds and changed seeds as an ordinary test.  A
 * harness ASSERTs what must hold for every input; it never prints.
 */
#ifndef PVL_TESTS_FUZZ_H
#define PVL_TESTS_FUZZ_H

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

/* For results that do not matter. */
static inline void any(enum err err)
{
	ASSERT(err <= ERR_CRYPTO);
}

#endif
