/*
 * certificate.h - a certificate that this machine signs for itself, so that other devices on the
 * desk can reach a demonstration by HTTPS (browsers give a camera to no plain HTTP page).
 */
#ifndef PVL_PROGRAMS_CLI_CERTIFICATE_H
#define PVL_PROGRAMS_CLI_CERTIFICATE_H

#include "base/address.h"
#include "base/err.h"

/*
 * Writes key (P-256, mode 0600) and certificate (a year, for localhost and the addresses), both
 * PEM, unless both files are there already.
 */
MUST_USE enum err certificate_make(const char *certificate_path, const char *key_path,
				   const struct address *addresses, size_t addresses_len);

#endif
