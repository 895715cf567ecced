/*
 * entropy.h - the kernel's randomness as a struct random; good for keys.
 *
 * Ends the program when the kernel has none to give.
 */
#ifndef PVL_SYS_ENTROPY_H
#define PVL_SYS_ENTROPY_H

#include "base/random.h"

struct random entropy_random(void);

#endif
