/*
 * pvl-record.c - writes recordings of social visits: packets in, sealed segments out.
 *
 * It gets the packets that the pvl-media processes pass on (ipc/record.h), knows
 * no name and no database, and holds a public key alone: what it has written it
 * cannot read again.  It may create files in one directory, and nothing else; where
 * they go from there is pvl-objects' work.
 *
 * What it tells pvl-web is numbered and kept until pvl-web says that it stands
 * in the database; a new pvl-web is told all of that anew.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "ipc/objects.h"
#include "ipc/record.h"
#include "ipc/ring.h"
#include "ipc/supervisor.h"
#include "recording/recorder.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/log_fd.h"
#include "sys/processor.h"
#include "sys/sandbox.h"
#include "sys/seqpacket.h"
#include "sys/shared_memory.h"
#include "sys/signals.h"

enum {
	OPEN_FILES_MAX = RECORDER_TRACKS_MAX + 64,
	NOTES_MAX = 8192, /* that wait for pvl-web; the oldest are forgotten, and are gaps then */
	BATCHES_PER_TURN = 64,
	LAST_TURNS = 16, /* a full ring of batches, twice */
	TICK_MS = 500,
	/* Between looks into the rings: to be woken would cost pvl-media a system call for each time.  What
	 * comes meanwhile has room there, of whole prisons. */
	LOOK_MS = 100,
	NAME_ROOM = 32,
	NOBODY = 65534,
	WATCHED = 2, /* signals, pvl-web */
};

static const struct sandbox_call calls[] = {
	{ SYS_poll, "wait" },
	{ SYS_recvmsg, "what pvl-web says" },
	{ SYS_sendmsg, "notes" },
	{ SYS_openat, "new files; Landlock bounds them" },
	{ SYS_write, "segments; log lines" },
	{ SYS_close, "segments" },
	{ SYS_ftruncate, "a chunk of which a part alone found room" },
	{ SYS_lseek, "likewise" },
	{ SYS_flock, "segments that are being written" },
	{ SYS_read, "signals" },
	{ SYS_clock_gettime, "time, where there is no vdso" },
	{ SYS_getrandom, "keys" },
	{ SYS_mmap, "memory" },
	{ SYS_munmap, "memory" },
	{ SYS_mremap, "memory" },
	{ SYS_mprotect, "memory" },
	{ SYS_madvise, "memory" },
	{ SYS_brk, "memory" },
	{ SYS_futex, "libraries' locks" },
	{ SYS_getpid, "libsodium's fork check; abort()" },
	{ SYS_rt_sigreturn, "signals" },
	{ SYS_rt_sigprocmask, "abort() of a failed ASSERT" },
	{ SYS_tgkill, "abort()" },
	{ SYS_gettid, "abort()" },
	{ SYS_restart_syscall, "after a stop" },
	{ SYS_exit_group, "the end" },
};

struct program {
	struct log log;
	struct random random;
	struct recorder *recorder;
	struct ring_reader media[SUPERVISOR_WORKERS_MAX];
	size_t media_len;
	int directory;
	int signals;
	uint64_t instance;
	uint64_t numbers;                          /* of notes, so far */
	size_t notes_first, notes_len, notes_sent; /* sent: of those that wait */
	struct record_note *notes;                 /* NOTES_MAX */
	int *files;                                /* by track; -1: none */
	uint64_t lost;                             /* packets */
	bool web_is_away;
};

/* ---- notes ---- */

static void send_note(struct program *p, const struct record_note *note, bool *fits)
{
	uint8_t out[RECORD_NOTE_MAX];
	size_t len = 0;
	enum err err = record_note_encode(note, out, sizeof out, &len);
	if (err == OK)
		err = seqpacket_send(RECORD_FD_CONTROL, bytes_of(out, len), -1);
	*fits = err == OK;
	p->web_is_away = err != OK;
}

static void send_notes(struct program *p)
{
	bool fits = true;
	while (fits && p->notes_sent < p->notes_len) {
		send_note(p, &p->notes[(p->notes_first + p->notes_sent) % NOTES_MAX], &fits);
		p->notes_sent += fits;
	}
}

static void drop_oldest(struct program *p)
{
	p->notes_first = (p->notes_first + 1) % NOTES_MAX;
	p->notes_len--;
	p->notes_sent -= p->notes_sent > 0;
}

static void take_note(void *owner, const struct record_note *note)
{
	struct program *p = owner;
	if (p->notes_len == NOTES_MAX)
		drop_oldest(p);
	struct record_note *kept = &p->notes[(p->notes_first + p->notes_len++) % NOTES_MAX];
	*kept = *note;
	kept->number = ++p->numbers;
	kept->instance = p->instance;
	send_notes(p);
}

static void tell_ready(struct program *p)
{
	bool fits;
	struct record_note ready = { .type = RECORD_READY, .instance = p->instance };
	send_note(p, &ready, &fits);
	p->notes_sent = 0;
	send_notes(p);
}

static void take_message(struct program *p, const struct record_note *m)
{
	if (m->type == RECORD_HELLO)
		tell_ready(p);
	while (m->type == RECORD_STORED && p->notes_len > 0 &&
	       p->notes[p->notes_first].number <= m->number)
		drop_oldest(p);
}

/* ---- files ---- */

static void file_name(int64_t segment, char out[NAME_ROOM])
{
	snprintf(out, NAME_ROOM, "%016llx", (unsigned long long)segment);
}

/* pvl-objects has found as many waiting as may. */
static bool is_full(const struct program *p)
{
	int fd = openat(p->directory, OBJECTS_FULL, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* The lock says that it is being written; the kernel lets go of it when we die. */
static enum err create(void *owner, size_t track, int64_t segment)
{
	struct program *p = owner;
	char name[NAME_ROOM];
	if (is_full(p)) {
		log_event(&p->log, LOG_ERROR, "folder_full");
		return ERR_LIMIT;
	}
	file_name(segment, name);
	int fd = openat(p->directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		log_event(&p->log, LOG_ERROR, "segment_not_created", LOG_INT("errno", errno));
		return ERR_SYS;
	}
	(void)flock(fd, LOCK_EX | LOCK_NB);
	p->files[track] = fd;
	return OK;
}

/* All of it or nothing: a part of a chunk would be of no use. */
static enum err append(void *owner, size_t track, struct bytes bytes)
{
	struct program *p = owner;
	int fd = p->files[track];
	size_t done = 0;
	while (done < bytes.len) {
		ssize_t n = write(fd, bytes.at + done, bytes.len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (done == bytes.len)
		return OK;
	log_event(&p->log, LOG_ERROR, "segment_not_written", LOG_INT("errno", errno));
	off_t end = lseek(fd, 0, SEEK_CUR);
	if (end >= (off_t)done)
		(void)!ftruncate(fd, end - (off_t)done);
	return ERR_SYS;
}

static void close_file(void *owner, size_t track)
{
	struct program *p = owner;
	if (p->files[track] >= 0)
		close(p->files[track]);
	p->files[track] = -1;
}

/* ---- what comes in ---- */

/* What pvl-media wrote is nobody's packets: they are lost, whose ever they were. */
static void not_understood(struct program *p, const char *event)
{
	log_event(&p->log, LOG_ERROR, event);
	recorder_lost(p->recorder, 1, mono_now());
}

static void take_batch(struct program *p, struct bytes in)
{
	struct reader packets;
	struct record_packet packet;
	uint32_t lost;
	enum err err = record_batch_read(in, &packets, &lost);
	if (err == OK && lost > 0) {
		log_event(&p->log, LOG_WARN, "packets_lost", LOG_INT("count", lost));
		recorder_lost(p->recorder, lost, mono_now());
	}
	while (err == OK) {
		err = record_packet_next(&packets, &packet);
		if (err == OK)
			recorder_packet(p->recorder, &packet);
	}
	if (err != ERR_NOT_FOUND)
		not_understood(p, "batch_not_understood");
}

/* How many batches there were, up to BATCHES_PER_TURN. */
static int read_media(struct program *p, struct ring_reader *from)
{
	static uint8_t in[RECORD_BATCH_MAX];
	size_t len;
	for (int batches = 0; batches < BATCHES_PER_TURN; batches++) {
		enum err err = ring_take(from, in, sizeof in, &len);
		if (err == ERR_BAD)
			not_understood(p, "ring_not_understood");
		if (err != OK)
			return batches;
		take_batch(p, bytes_of(in, len));
	}
	return BATCHES_PER_TURN;
}

/* The most batches that one pvl-media had written. */
static int read_all_media(struct program *p)
{
	int most = 0;
	for (size_t i = 0; i < p->media_len; i++) {
		int batches = read_media(p, &p->media[i]);
		most = batches > most ? batches : most;
	}
	return most;
}

/* ERR_CLOSED: pvl has gone. */
static enum err read_web(struct program *p)
{
	uint8_t in[RECORD_NOTE_MAX];
	struct record_note message;
	size_t len;
	for (;;) {
		enum err err = seqpacket_receive(RECORD_FD_CONTROL, in, sizeof in, &len, NULL);
		if (err != OK)
			return err == ERR_AGAIN ? OK : err;
		if (record_note_decode(bytes_of(in, len), true, &message) == OK)
			take_message(p, &message);
		else
			log_event(&p->log, LOG_WARN, "nonsense", LOG_INT("bytes", len));
	}
}

/* ---- the loop ---- */

static void tick(struct program *p)
{
	struct mono now = mono_now();
	recorder_set_epoch(p->recorder, wall_now_ms() - now.us / 1000);
	recorder_tick(p->recorder, now);
	send_notes(p);
}

static enum err run(struct program *p)
{
	struct pollfd fds[WATCHED] = { { .fd = p->signals, .events = POLLIN },
				       { .fd = RECORD_FD_CONTROL, .events = POLLIN } };
	struct mono ticked = { 0 };
	enum err err = OK;
	int batches = 0;
	while (err == OK) {
		if (poll(fds, WATCHED, batches < BATCHES_PER_TURN ? LOOK_MS : 0) < 0 &&
		    errno != EINTR)
			return ERR_SYS;
		batches = read_all_media(p);
		if ((fds[0].revents & POLLIN) != 0)
			break;
		if (mono_diff_us(mono_now(), ticked) >= TICK_MS * 1000) {
			ticked = mono_now();
			tick(p);
		}
		if (fds[1].revents != 0)
			err = read_web(p);
	}
	for (int turn = 0; turn < LAST_TURNS && batches == BATCHES_PER_TURN; turn++)
		batches = read_all_media(p);
	recorder_stop(p->recorder, mono_now());
	send_notes(p);
	return err == ERR_CLOSED ? OK : err;
}

/* ---- opening ---- */

static enum err open_signals(struct program *p)
{
	const int numbers[] = { SIGTERM, SIGINT };
	return signals_open(numbers, ARRAY_LEN(numbers), &p->signals);
}

static struct sealed_means means_of_processor(void)
{
	return (struct sealed_means){
		.cipher = processor_has_aes_gcm() ? SEALED_AES_256_GCM : SEALED_CHACHA20_POLY1305,
		.hash = processor_has_sha256() ? SEALED_SHA_256 : SEALED_BLAKE2B_256,
	};
}

/* OpenSSL reads its configuration once, which the sandbox would not let it. */
static enum err open_libraries(void)
{
	return sodium_init() < 0 || OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL) != 1
		   ? ERR_SYS
		   : OK;
}

static enum err open_recorder(struct program *p)
{
	struct recorder_config config = {
		.sink = { .owner = p,
			  .create = create,
			  .write = append,
			  .close = close_file,
			  .note = take_note },
		.random = &p->random,
		.means = means_of_processor(),
	};
	ssize_t len = pread(RECORD_FD_KEY, config.public_key, sizeof config.public_key, 0);
	close(RECORD_FD_KEY);
	if (len != (ssize_t)sizeof config.public_key)
		return ERR_BAD;
	p->notes = mem_new(NOTES_MAX, sizeof *p->notes);
	p->files = mem_new(RECORDER_TRACKS_MAX, sizeof *p->files);
	for (size_t i = 0; i < RECORDER_TRACKS_MAX; i++)
		p->files[i] = -1;
	p->instance = random_u64(&p->random);
	p->recorder = recorder_new(&config);
	recorder_set_epoch(p->recorder, wall_now_ms() - mono_now().us / 1000);
	return OK;
}

/* As many as there are workers. */
static void open_rings(struct program *p)
{
	for (int fd = RECORD_FD_MEDIA; fd < RECORD_FD_MEDIA_END; fd++) {
		struct ring *ring = shared_memory_map(fd, sizeof *ring);
		if (ring != NULL)
			p->media[p->media_len++] = ring_reader_of(ring);
		(void)close(fd);
	}
}

/* Whoever owns the data reads the files; a directory of root's becomes nobody's, where nobody can get. */
static enum err enter_sandbox(struct program *p, const char *directory)
{
	struct sandbox_report report;
	struct sandbox_path paths[] = { { .path = directory, .write = true } };
	struct stat owner;
	p->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->directory < 0 || fstat(p->directory, &owner) != 0)
		return ERR_NOT_FOUND;
	struct sandbox_plan plan = { .uid = owner.st_uid,
				     .gid = owner.st_gid,
				     .keep_user = owner.st_uid == 0,
				     .open_files_max = OPEN_FILES_MAX,
				     .calls = calls,
				     .calls_len = ARRAY_LEN(calls),
				     .paths = paths,
				     .paths_len = ARRAY_LEN(paths) };
	return sandbox_enter(&plan, &p->log, &report);
}

int main(int argc, char **argv)
{
	static struct program p;
	p.log = log_fd("pvl-record", LOG_INFO, STDERR_FILENO);
	if (argc != 3 || !str_is(str_from(argv[1]), "--directory"))
		return 2;
	p.random = entropy_random();
	open_rings(&p);
	enum err err = open_libraries();
	if (err == OK)
		err = open_recorder(&p);
	if (err == OK)
		err = open_signals(&p);
	if (err == OK)
		err = enter_sandbox(&p, argv[2]);
	if (err == OK) {
		log_event(&p.log, LOG_INFO, "ready");
		tell_ready(&p);
		err = run(&p);
	}
	if (err != OK)
		log_event(&p.log, LOG_ERROR, "cannot_run", LOG_WORD("err", err_name(err)));
	recorder_free(p.recorder);
	free(p.notes);
	free(p.files);
	return err == OK ? 0 : 1;
}
