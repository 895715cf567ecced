/*
 * vault_files.h - what pvl-vault keeps, in a directory that pvl-web cannot open.
 *
 *	DIR/audit.key     the key that signs the heads of the log (tlog/note.h); only pvl reads it
 *	DIR/audit.vkey    its public half, for whoever verifies the log
 *	DIR/audit.memory  how far pvl-vault is (sys/slots.h)
 *	DIR/recording.key opens what pvl-record sealed (X25519, 32 bytes)
 *	DIR/recording.pub its public half, to which pvl-record seals
 *
 * They are made at the first start.  The directory stands beside the data, not
 * in it: who copies the data or its backup has no key.
 */
#ifndef PVL_PROGRAMS_CLI_VAULT_FILES_H
#define PVL_PROGRAMS_CLI_VAULT_FILES_H

#include "base/err.h"

struct vault_files {
	int key;              /* to be read */
	int memory;           /* to be read and written */
	int recording;        /* to be read */
	int recording_public; /* to be read */
};

/* Tells on stderr what could not be opened. */
MUST_USE enum err vault_files_open(const char *directory, struct vault_files *out);
void vault_files_close(struct vault_files *files);

#endif
