/*
 * oracle.h - libsrtp2, to compare our SRTP with.
 *
 * Loaded at run time: some of its function names are ours, too.
 */
#ifndef PVL_TESTS_RTC_ORACLE_H
#define PVL_TESTS_RTC_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rtc/srtp.h"

struct oracle;

/* One direction, any SSRC; it ends the program if libsrtp2 is not there. */
struct oracle *oracle_new(const struct srtp_key *key, enum srtp_direction direction);
void oracle_free(struct oracle *oracle);
/* In place, with room to grow; false: refused. */
bool oracle_protect(struct oracle *oracle, uint8_t *packet, size_t *len);
bool oracle_unprotect(struct oracle *oracle, uint8_t *packet, size_t *len);
bool oracle_protect_rtcp(struct oracle *oracle, uint8_t *packet, size_t *len);
bool oracle_unprotect_rtcp(struct oracle *oracle, uint8_t *packet, size_t *len);

#endif
