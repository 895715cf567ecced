/*
 * virtual_clock.h - the clock that OpenSSL sees, set by the test.
 *
 * OpenSSL measures its DTLS timer with gettimeofday().  A program that links
 * virtual_clock.c answers that call itself, so a handshake over a lossy line
 * runs in virtual time and repeats itself exactly.
 */
#ifndef PVL_TESTS_VIRTUAL_CLOCK_H
#define PVL_TESTS_VIRTUAL_CLOCK_H

#include "base/clock.h"

void virtual_clock_set(struct mono now);

#endif
