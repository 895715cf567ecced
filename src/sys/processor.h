/*
 * processor.h - what the processor has instructions for, so that the faster of two ciphers or hashes is taken.
 *
 * False where it is not known.
 */
#ifndef PVL_SYS_PROCESSOR_H
#define PVL_SYS_PROCESSOR_H

#include <stdbool.h>

bool processor_has_aes_gcm(void); /* AES and its product without carries */
bool processor_has_sha256(void);

#endif
