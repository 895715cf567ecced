#include "programs/cli/vault_files.h"

#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"
#include "sys/entropy.h"
#include "sys/files.h"
#include "sys/slots.h"
#include "tlog/note.h"

enum {
	LINE_MAX_LEN = 512,
};

static bool path_in(const char *directory, const char *name, char out[PATH_MAX])
{
	int n = snprintf(out, PATH_MAX, "%s/%s", directory, name);
	return n > 0 && n < PATH_MAX;
}

/* The log's name: nobody needs to reach it, it only has to be no other log's. */
static void name_log(struct random *random, char out[NOTE_NAME_MAX])
{
	char host[64] = "";
	(void)gethostname(host, sizeof host - 1);
	snprintf(out, NOTE_NAME_MAX, "%s/prison-video-link/%08x", host[0] ? host : "localhost",
		 random_u32(random));
}

static enum err write_public(const char *directory, const struct note_key *key)
{
	char path[PATH_MAX];
	struct buf line = buf_of(LINE_MAX_LEN);
	if (!path_in(directory, "audit.vkey", path))
		return ERR_LIMIT;
	note_key_write(key, &line);
	buf_char(&line, '\n');
	enum err err = file_write(path, buf_bytes(&line), 0644);
	buf_clear(&line);
	return err;
}

static enum err make_key(const char *directory, const char *path)
{
	struct random random = entropy_random();
	uint8_t seed[NOTE_SEED_LEN];
	char name[NOTE_NAME_MAX];
	struct note_signer signer;
	struct buf line = buf_of(LINE_MAX_LEN);
	random_fill(&random, seed, sizeof seed);
	name_log(&random, name);
	enum err err = note_signer_make(str_from(name), NOTE_SIGNATURE, seed, &signer);
	if (err == OK)
		err = note_secret_write(str_from(name), NOTE_SIGNATURE, seed, &line);
	if (err == OK)
		err = write_public(directory, &signer.key);
	if (err == OK)
		err = file_create(path, buf_bytes(&line), 0600);
	mem_wipe(seed, sizeof seed);
	mem_wipe(&signer, sizeof signer);
	mem_wipe(line.at, line.len);
	buf_clear(&line);
	return err;
}

static enum err open_key(const char *directory, int *fd)
{
	char path[PATH_MAX];
	if (!path_in(directory, "audit.key", path))
		return ERR_LIMIT;
	enum err err = access(path, F_OK) == 0 ? OK : make_key(directory, path);
	*fd = err == OK ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	return err == OK && *fd < 0 ? ERR_DENIED : err;
}

static enum err open_memory(const char *directory, int *fd)
{
	char path[PATH_MAX];
	if (!path_in(directory, "audit.memory", path))
		return ERR_LIMIT;
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0)
		return ERR_DENIED;
	/* Room for both places now: a disk that is full later does not stop the signing. */
	return posix_fallocate(*fd, 0, 2 * SLOT_SIZE) == 0 ? OK : ERR_LIMIT;
}

static enum err make_recording_key(const char *secret_path, const char *public_path)
{
	uint8_t public[crypto_box_PUBLICKEYBYTES], secret[crypto_box_SECRETKEYBYTES];
	if (sodium_init() < 0 || crypto_box_keypair(public, secret) != 0)
		return ERR_CRYPTO;
	enum err err = file_write(public_path, bytes_of(public, sizeof public), 0644);
	if (err == OK)
		err = file_create(secret_path, bytes_of(secret, sizeof secret), 0600);
	mem_wipe(secret, sizeof secret);
	return err;
}

static enum err open_recording(const char *directory, struct vault_files *out)
{
	char secret[PATH_MAX], public[PATH_MAX];
	if (!path_in(directory, "recording.key", secret) ||
	    !path_in(directory, "recording.pub", public))
		return ERR_LIMIT;
	enum err err = access(secret, F_OK) == 0 ? OK : make_recording_key(secret, public);
	out->recording = err == OK ? open(secret, O_RDONLY | O_CLOEXEC) : -1;
	out->recording_public = err == OK ? open(public, O_RDONLY | O_CLOEXEC) : -1;
	return err == OK && (out->recording < 0 || out->recording_public < 0) ? ERR_DENIED : err;
}

enum err vault_files_open(const char *directory, struct vault_files *out)
{
	*out = (struct vault_files){
		.key = -1, .memory = -1, .recording = -1, .recording_public = -1
	};
	enum err err = directory_make(directory);
	if (err == OK)
		err = open_key(directory, &out->key);
	if (err == OK)
		err = open_memory(directory, &out->memory);
	if (err == OK)
		err = open_recording(directory, out);
	if (err == OK)
		return OK;
	fprintf(stderr,
		"pvl: cannot keep the keys of the audit log and of recordings in %s (%s); choose a "
		"directory "
		"outside of the data with --vault\n",
		directory, err_name(err));
	vault_files_close(out);
	return err;
}

void vault_files_close(struct vault_files *files)
{
	if (files->key >= 0)
		close(files->key);
	if (files->memory >= 0)
		close(files->memory);
	if (files->recording >= 0)
		close(files->recording);
	if (files->recording_public >= 0)
		close(files->recording_public);
}
