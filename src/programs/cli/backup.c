/*
 * backup.c - pvl backup TARGET | pvl restore SOURCE: everything that the service keeps, as one folder.
 *
 *	TARGET/pvl.db       the database, as a file of SQLite, from either kind of store
 *	TARGET/data/...     all other files of the data folder
 *	TARGET/manifest     what must be there: leaves and root of the audit log, SHA-256 of each file
 *
 * A backup is taken while the service runs.  Its folder has its name only once it is whole and on
 * disk.  A restore proves everything before it puts anything in place, and never replaces.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/hex.h"
#include "programs/cli/command.h"
#include "programs/cli/where.h"
#include "service/audit.h"
#include "store/copy.h"
#include "sys/clock.h"
#include "sys/files.h"
#include "sys/log_fd.h"

#define MANIFEST_HEAD "prison-video-link backup 1"

enum {
	PATH_ROOM = 1024,
	MANIFEST_MAX = 16 << 20,
	DEPTH_MAX = 8, /* folders in the data folder */
	HASH_LEN = crypto_hash_sha256_BYTES,
	HASH_TEXT = 2 * HASH_LEN,
};

struct job {
	const char *folder; /* TARGET or SOURCE */
	char data[PATH_ROOM];
	struct where where;
	struct log log;
	struct buf manifest;
};

static enum err say(enum err err, const char *what, const char *name)
{
	if (err == ERR_CONFLICT)
		fprintf(stderr, "pvl: %s is there already: %s\n", what, name);
	else
		fprintf(stderr, "pvl: %s: %s: %s\n", what, name, err_name(err));
	return err;
}

static bool join(char out[PATH_ROOM], const char *folder, const char *name)
{
	int len = snprintf(out, PATH_ROOM, "%s/%s", folder, name);
	return len > 0 && len < PATH_ROOM;
}

/* ---- files ---- */

static bool copy_bytes(int from, int to, uint8_t hash[HASH_LEN])
{
	static uint8_t piece[1 << 16];
	crypto_hash_sha256_state state;
	ssize_t len;
	(void)crypto_hash_sha256_init(&state);
	while ((len = read(from, piece, sizeof piece)) > 0) {
		(void)crypto_hash_sha256_update(&state, piece, (size_t)len);
		if (to >= 0 && write(to, piece, (size_t)len) != len)
			return false;
	}
	(void)crypto_hash_sha256_final(&state, hash);
	return len == 0 && (to < 0 || fsync(to) == 0);
}

/* to NULL: only its hash.  Never replaces. */
static enum err file_copy(const char *from, const char *to, char hash[HASH_TEXT + 1])
{
	uint8_t raw[HASH_LEN];
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int out = in >= 0 && to ? open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
	bool ok = in >= 0 && (!to || out >= 0) && copy_bytes(in, out, raw);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	if (!ok)
		return ERR_SYS;
	hex_encode(bytes_of(raw, sizeof raw), hash);
	return OK;
}

static bool is_database(const char *name)
{
	return str_starts(str_from(name), "pvl.db") || str_starts(str_from(name), "restore.db");
}

static enum err note_file(struct job *j, const char *hash, const char *name)
{
	if (strchr(name, '\n'))
		return ERR_BAD;
	buf_printf(&j->manifest, "file %s %s\n", hash, name);
	return buf_ok(&j->manifest) ? OK : ERR_LIMIT;
}

static enum err save_folder(struct job *j, const char *relative, int depth);

/* relative: "data/…", as it will stand in the backup. */
static enum err save_one(struct job *j, const char *relative, int depth)
{
	char from[PATH_ROOM], to[PATH_ROOM], hash[HASH_TEXT + 1];
	struct stat st;
	if (!join(from, j->data, relative + sizeof "data/" - 1) || !join(to, j->folder, relative))
		return ERR_LIMIT;
	if (lstat(from, &st) != 0)
		return OK; /* it has gone meanwhile */
	if (S_ISDIR(st.st_mode))
		return mkdir(to, 0700) == 0 ? save_folder(j, relative, depth + 1) : ERR_SYS;
	if (!S_ISREG(st.st_mode))
		return OK;
	enum err err = file_copy(from, to, hash);
	return err == OK ? note_file(j, hash, relative) : say(err, "cannot copy", from);
}

static enum err save_folder(struct job *j, const char *relative, int depth)
{
	char path[PATH_ROOM], name[PATH_ROOM];
	enum err err = depth < DEPTH_MAX ? OK : ERR_LIMIT;
	if (!join(path, j->data, relative + sizeof "data" - 1))
		return ERR_LIMIT;
	DIR *dir = err == OK ? opendir(path) : NULL;
	for (struct dirent *e; dir && err == OK && (e = readdir(dir)) != NULL;) {
		bool dots = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
		if (dots || (depth == 0 && is_database(e->d_name)))
			continue;
		err = join(name, relative, e->d_name) ? save_one(j, name, depth) : ERR_LIMIT;
	}
	if (dir)
		closedir(dir);
	return err;
}

/* ---- the log of a store ---- */

static enum err log_of(const char *where, struct log *log, struct audit_verdict *out)
{
	struct service service = { .log = log, .now = wall_now() };
	enum err err = store_open_to_read(where, log, &service.store);
	if (err == OK)
		err = audit_verify(&service, &(struct audit_trust){ 0 }, out);
	store_close(service.store);
	return err;
}

static void root_text(const struct audit_verdict *verdict, char out[2 * 32 + 1])
{
	hex_encode(bytes_of(verdict->root, sizeof verdict->root), out);
}

/* ---- backup ---- */

static enum err save_database(struct job *j)
{
	char path[PATH_ROOM], where[WHERE_ROOM], hash[HASH_TEXT + 1], root[65];
	struct audit_verdict verdict;
	if (!join(path, j->folder, "pvl.db"))
		return ERR_LIMIT;
	enum err err = store_copy_out(j->where.text, path, &j->log);
	if (err != OK)
		return say(err, "the database cannot be read", j->data);
	(void)snprintf(where, sizeof where, "sqlite:%s", path);
	err = log_of(where, &j->log, &verdict);
	if (err != OK)
		return say(err, "the audit log does not verify", path);
	root_text(&verdict, root);
	buf_printf(&j->manifest, "leaves %lld\nroot %s\n", (long long)verdict.leaves, root);
	err = file_copy(path, NULL, hash);
	return err == OK ? note_file(j, hash, "pvl.db") : err;
}

static enum err save_manifest(struct job *j)
{
	char path[PATH_ROOM];
	if (!join(path, j->folder, "manifest"))
		return ERR_LIMIT;
	return file_write(path, buf_bytes(&j->manifest), 0600);
}

/* Reading a WAL database leaves its two helpers beside it; they are empty. */
static void tidy(const struct job *j)
{
	static const char *const ENDS[] = { "pvl.db-wal", "pvl.db-shm" };
	char path[PATH_ROOM];
	for (size_t i = 0; i < ARRAY_LEN(ENDS); i++)
		if (join(path, j->folder, ENDS[i]))
			(void)unlink(path);
}

static enum err backup(struct job *j)
{
	char data[PATH_ROOM], partial[PATH_ROOM];
	const char *target = j->folder;
	if (access(target, F_OK) == 0)
		return say(ERR_CONFLICT, "the target", target);
	int len = snprintf(partial, sizeof partial, "%s.partial", target);
	if (len < 0 || len >= PATH_ROOM || mkdir(partial, 0700) != 0)
		return say(ERR_SYS, "cannot make", partial);
	j->folder = partial;
	buf_text(&j->manifest, MANIFEST_HEAD "\n");
	enum err err = save_database(j);
	if (err == OK)
		err = join(data, partial, "data") && mkdir(data, 0700) == 0 ? OK : ERR_SYS;
	if (err == OK)
		err = save_folder(j, "data", 0);
	tidy(j);
	if (err == OK)
		err = save_manifest(j);
	if (err == OK && rename(partial, target) != 0)
		err = ERR_SYS;
	if (err != OK)
		return say(err, "no backup was made; what there is of it is in", partial);
	sync();
	printf("%s\n%s", target, strchr(buf_cstr(&j->manifest), '\n') + 1);
	return OK;
}

/* ---- restore ---- */

struct manifest {
	int64_t leaves;
	char root[65];
};

/* A name that stays below the folder. */
static bool is_inside(struct str name)
{
	bool known = str_is(name, "pvl.db") || str_starts(name, "data/");
	char text[PATH_ROOM];
	if (!known || name.len >= sizeof text)
		return false;
	memcpy(text, name.at, name.len);
	text[name.len] = '\0';
	return !strstr(text, "/../") && !strstr(text, "//");
}

static enum err check_file(struct job *j, struct str line)
{
	char path[PATH_ROOM], name[PATH_ROOM], hash[HASH_TEXT + 1];
	struct str wanted = str_cut(&line, ' ');
	if (!is_inside(line))
		return ERR_BAD;
	(void)snprintf(name, sizeof name, "%.*s", STR_FMT(line));
	if (!join(path, j->folder, name) || file_copy(path, NULL, hash) != OK)
		return say(ERR_NOT_FOUND, "of the backup lacks", name);
	return str_is(wanted, hash) ? OK : say(ERR_CRYPTO, "is not as it was saved", path);
}

/* each: what to do with "HASH NAME" of every file. */
static enum err manifest_walk(struct job *j, struct manifest *m,
			      enum err (*each)(struct job *, struct str))
{
	struct str rest = buf_view(&j->manifest);
	struct str line = str_cut(&rest, '\n');
	enum err err = str_is(line, MANIFEST_HEAD) ? OK : ERR_BAD;
	while (err == OK && rest.len) {
		uint64_t number = 0;
		line = str_cut(&rest, '\n');
		struct str word = str_cut(&line, ' ');
		if (str_is(word, "file"))
			err = each(j, line);
		else if (str_is(word, "leaves") && str_u64(line, INT64_MAX, &number))
			m->leaves = (int64_t)number;
		else if (str_is(word, "root") && line.len == 64)
			(void)snprintf(m->root, sizeof m->root, "%.*s", STR_FMT(line));
		else
			err = ERR_BAD;
	}
	return err == OK && !m->root[0] ? ERR_BAD : err;
}

static enum err put_file(struct job *j, struct str line)
{
	char from[PATH_ROOM], to[PATH_ROOM], name[PATH_ROOM], hash[HASH_TEXT + 1];
	(void)str_cut(&line, ' ');
	if (!str_starts(line, "data/"))
		return OK;
	(void)snprintf(name, sizeof name, "%.*s", STR_FMT(line));
	if (!join(from, j->folder, name) || !join(to, j->data, name + sizeof "data/" - 1))
		return ERR_LIMIT;
	char *slash = strrchr(to, '/');
	*slash = '\0';
	enum err err = directory_make(to);
	*slash = '/';
	if (err == OK)
		err = file_copy(from, to, hash);
	return err == OK ? OK : say(err, "cannot write", to);
}

static enum err must_not_be_there(struct job *j, struct str line)
{
	char to[PATH_ROOM], name[PATH_ROOM];
	(void)str_cut(&line, ' ');
	if (!str_starts(line, "data/"))
		return OK;
	(void)snprintf(name, sizeof name, "%.*s", STR_FMT(line));
	if (!join(to, j->data, name + sizeof "data/" - 1))
		return ERR_LIMIT;
	return access(to, F_OK) == 0 ? say(ERR_CONFLICT, "a file of the service", to) : OK;
}

static enum err check_log(struct job *j, const struct manifest *m, const char *where)
{
	char root[65];
	struct audit_verdict verdict;
	enum err err = log_of(where, &j->log, &verdict);
	if (err != OK)
		return err;
	root_text(&verdict, root);
	return verdict.leaves == m->leaves && strcmp(root, m->root) == 0 ? OK : ERR_CRYPTO;
}

/* Brings the saved database up to date in a file beside its place. */
static enum err stage(struct job *j, const struct manifest *m, char path[PATH_ROOM])
{
	char from[PATH_ROOM], where[WHERE_ROOM], hash[HASH_TEXT + 1];
	struct store *store = NULL;
	if (!join(path, j->data, "restore.db") || !join(from, j->folder, "pvl.db"))
		return ERR_LIMIT;
	(void)unlink(path); /* of a restore that was stopped */
	enum err err = file_copy(from, path, hash);
	(void)snprintf(where, sizeof where, "sqlite:%s", path);
	if (err == OK)
		err = store_open(where, &j->log, &store);
	store_close(store);
	return err == OK ? check_log(j, m, where) : err;
}

static enum err restore(struct job *j)
{
	char path[PATH_ROOM];
	struct manifest m = { 0 };
	if (!join(path, j->folder, "manifest") || file_read(path, &j->manifest) != OK)
		return say(ERR_NOT_FOUND, "this is no backup", j->folder);
	enum err err = manifest_walk(j, &m, check_file);
	if (err == OK)
		err = directory_make(j->data);
	if (err == OK)
		err = manifest_walk(j, &m, must_not_be_there);
	if (err != OK)
		return say(err, "nothing was restored from", j->folder);
	err = stage(j, &m, path);
	if (err == OK)
		err = store_copy_in(path, j->where.text, &j->log);
	(void)unlink(path);
	if (err == ERR_CONFLICT)
		return say(err, "a database with something in it", j->data);
	if (err == OK)
		err = check_log(j, &m, j->where.text);
	if (err == OK)
		err = manifest_walk(j, &m, put_file);
	if (err != OK)
		return say(err, "the restore did not end well", j->folder);
	printf("%lld leaves verify; root %s\n", (long long)m.leaves, m.root);
	return OK;
}

/* ---- options ---- */

static void usage(FILE *to)
{
	fprintf(
	    to,
	    "usage: pvl backup TARGET [OPTIONS]    saves everything into the new folder TARGET\n"
	    "       pvl restore SOURCE [OPTIONS]   puts a backup where there is nothing "
	    "yet\n\n" WHERE_HELP "\n"
	    "A backup is taken while the service runs, and can be restored into either kind of\n"
	    "database.\n");
}

static bool read_options(struct job *j, int argc, char **argv)
{
	const char *data = "pvl-data";
	bool good = argc >= 2 && argc % 2 == 0 && argv[1][0] != '-';
	j->where = where_default();
	j->folder = argv[1];
	for (int i = 2; good && i < argc; i += 2) {
		good = where_set(&j->where, argv[i], argv[i + 1]);
		if (strcmp(argv[i], "--data") == 0)
			data = argv[i + 1];
	}
	int len = snprintf(j->data, sizeof j->data, "%s", data);
	return good && len > 0 && len < PATH_ROOM;
}

static int run(int argc, char **argv, enum err (*verb)(struct job *))
{
	static struct job j;
	j.log = log_fd("pvl", LOG_WARN, STDERR_FILENO);
	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		return EXIT_DONE;
	}
	if (!read_options(&j, argc, argv)) {
		usage(stderr);
		return EXIT_USAGE;
	}
	umask(077);
	j.manifest = buf_of(MANIFEST_MAX);
	enum err err = sodium_init() < 0 ? ERR_SYS : verb(&j);
	buf_clear(&j.manifest);
	return err == OK ? EXIT_DONE : EXIT_FAILED;
}

int backup_run(int argc, char **argv)
{
	return run(argc, argv, backup);
}

int restore_run(int argc, char **argv)
{
	return run(argc, argv, restore);
}
