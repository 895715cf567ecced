/*
 * pvl-hints.c - looks at a picture of each side now and then, and tells pvl-web what an officer may be told.
 *
 * It gets key frames alone, of social visits whose prison has switched hints on
 * (rtc/tap.h), decodes them, keeps a few numbers of each (hints/look.h) and
 * forgets the picture; of faces (hints/faces.h) remains how many.  It knows no
 * name, opens no file and no connection, and nothing that it says changes a visit.
 * What a hostile picture does to the decoder costs the hints, and nothing else.
 *
 * It is bounded in memory, by TRACKS_MAX, and in time: the lowest share of the
 * processor that others leave, and at most LOOKS_PER_SECOND pictures.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>

#include "base/assert.h"
#include "base/mem.h"
#include "hints/hints.h"
#include "ipc/record.h"
#include "ipc/supervisor.h"
#include "recording/frames.h"
#include "sys/clock.h"
#include "sys/log_fd.h"
#include "sys/sandbox.h"
#include "sys/seqpacket.h"
#include "sys/signals.h"

enum {
	OPEN_FILES_MAX = 32,
	TRACKS_MAX = 512,
	FORGET_MS = 120000,   /* a track without pictures */
	LOOK_EVERY_MS = 2000, /* of one track */
	LOOKS_PER_SECOND = 20,
	PIXELS_MAX = 1920 * 1088,
	BATCHES_PER_TURN = 32,
	TICK_MS = 1000,
	NICE = 15,
	WATCHED = 2 + SUPERVISOR_WORKERS_MAX,
	CODECS = 2,
};
#define MEMORY_MAX (1ULL << 30) /* bytes of address space */

static const struct sandbox_call calls[] = {
	{ SYS_poll, "wait" },
	{ SYS_recvmsg, "packets" },
	{ SYS_sendmsg, "notes" },
	{ SYS_write, "log lines" },
	{ SYS_read, "signals" },
	{ SYS_close, "the end" },
	{ SYS_clock_gettime, "time, where there is no vdso" },
	{ SYS_mmap, "memory" },
	{ SYS_munmap, "memory" },
	{ SYS_mremap, "memory" },
	{ SYS_mprotect, "memory" },
	{ SYS_madvise, "memory" },
	{ SYS_brk, "memory" },
	{ SYS_futex, "libraries' locks" },
	{ SYS_getpid, "abort()" },
	{ SYS_rt_sigreturn, "signals" },
	{ SYS_rt_sigprocmask, "abort() of a failed ASSERT" },
	{ SYS_tgkill, "abort()" },
	{ SYS_gettid, "abort()" },
	{ SYS_restart_syscall, "after a stop" },
	{ SYS_exit_group, "the end" },
};

/* The picture of one end of a visit. */
struct track {
	bool used;
	struct visit_id visit;
	uint8_t end;
	struct frames frames;
	struct hints hints;
	struct mono heard;
	struct mono looked; /* at the last one; 0: none */
};

struct program {
	struct log log;
	int signals;
	vpx_codec_ctx_t
	    decoders[CODECS]; /* VP8, VP9: a key frame needs nothing of those before it */
	bool has_decoder[CODECS];
	struct track *tracks; /* TRACKS_MAX */
	struct faces *faces;
	struct mono second;
	int looks; /* in this second */
	uint64_t looked, left_out, not_decoded;
};

/* ---- tracks ---- */

static void forget(struct track *t)
{
	frames_clear(&t->frames);
	*t = (struct track){ 0 };
}

/* NULL: no room. */
static struct track *find(struct program *p, const struct record_packet *packet)
{
	struct track *free_one = NULL;
	for (size_t i = 0; i < TRACKS_MAX; i++) {
		struct track *t = &p->tracks[i];
		if (t->used && t->visit.n == packet->visit.n && t->end == packet->end)
			return t;
		if (!t->used && free_one == NULL)
			free_one = t;
	}
	if (free_one == NULL)
		return NULL;
	*free_one = (struct track){ .used = true, .visit = packet->visit, .end = packet->end };
	frames_init(&free_one->frames, packet->codec);
	return free_one;
}

static void forget_silent(struct program *p, struct mono now)
{
	for (size_t i = 0; i < TRACKS_MAX; i++)
		if (p->tracks[i].used && mono_diff_us(now, p->tracks[i].heard) > FORGET_MS * 1000LL)
			forget(&p->tracks[i]);
}

/* ---- pictures ---- */

static void tell(struct program *p, const struct track *t, struct hint_note *note)
{
	uint8_t out[HINTS_NOTE_MAX];
	size_t len = 0;
	note->visit = t->visit;
	note->end = t->end;
	enum err err = hint_note_encode(note, out, sizeof out, &len);
	if (err == OK)
		err = seqpacket_send(HINTS_FD_CONTROL, bytes_of(out, len), -1);
	if (err != OK)
		log_event(&p->log, LOG_WARN, "not_told", LOG_WORD("err", err_name(err)));
}

static void open_decoder(struct program *p, size_t i)
{
	vpx_codec_iface_t *const all[CODECS] = { vpx_codec_vp8_dx(), vpx_codec_vp9_dx() };
	vpx_codec_dec_cfg_t config = { .threads = 1 };
	p->has_decoder[i] = vpx_codec_dec_init(&p->decoders[i], all[i], &config, 0) == VPX_CODEC_OK;
}

static void close_decoder(struct program *p, size_t i)
{
	if (p->has_decoder[i])
		vpx_codec_destroy(&p->decoders[i]);
	p->has_decoder[i] = false;
}

/* NULL: it cannot be decoded.  What a broken picture has left behind is no burden to the next. */
static vpx_image_t *decode(struct program *p, enum codec codec, struct bytes frame)
{
	vpx_codec_iter_t iter = NULL;
	size_t i = codec == CODEC_VP9;
	if (p->has_decoder[i] && vpx_codec_decode(&p->decoders[i], frame.at, (unsigned)frame.len,
						  NULL, 0) == VPX_CODEC_OK)
		return vpx_codec_get_frame(&p->decoders[i], &iter);
	close_decoder(p, i);
	open_decoder(p, i);
	return NULL;
}

/* Browsers send 4:2:0; nothing else is looked at. */
static bool film_of(const vpx_image_t *image, struct film *out)
{
	if (image == NULL || image->fmt != VPX_IMG_FMT_I420 || image->stride[VPX_PLANE_Y] <= 0 ||
	    image->stride[VPX_PLANE_U] <= 0 ||
	    image->stride[VPX_PLANE_U] != image->stride[VPX_PLANE_V])
		return false;
	*out = (struct film){ .luma = { .at = image->planes[VPX_PLANE_Y],
					.stride = (size_t)image->stride[VPX_PLANE_Y],
					.width = image->d_w,
					.height = image->d_h },
			      .u = image->planes[VPX_PLANE_U],
			      .v = image->planes[VPX_PLANE_V],
			      .colour_stride = (size_t)image->stride[VPX_PLANE_U] };
	return true;
}

static bool may_look(struct program *p, struct track *t, const struct frame_out *frame)
{
	struct mono now = mono_now();
	if (t->looked.us != 0 && mono_diff_us(frame->at, t->looked) < LOOK_EVERY_MS * 1000)
		return false;
	if (mono_diff_us(now, p->second) >= 1000000) {
		p->second = now;
		p->looks = 0;
	}
	if (p->looks >= LOOKS_PER_SECOND) {
		p->left_out++;
		return false;
	}
	t->looked = frame->at;
	p->looks++;
	return true;
}

static void look(struct program *p, struct track *t, const struct frame_out *frame)
{
	struct film film;
	struct seen seen;
	struct hint_note note;
	if (!frame->key || frame->width == 0 || frame->width * frame->height > PIXELS_MAX ||
	    !may_look(p, t, frame))
		return;
	if (!film_of(decode(p, t->frames.codec, frame->data), &film) ||
	    !look_of(&film.luma, &seen.look)) {
		p->not_decoded++;
		return;
	}
	p->looked++;
	seen.faces = faces_find(p->faces, &film);
	hints_picture(&t->hints, &seen, frame->at);
	while (hints_next(&t->hints, &note))
		tell(p, t, &note);
}

/* Each key frame stands for itself: nothing of an earlier one is waited for. */
static void take(struct program *p, const struct record_packet *packet)
{
	struct frame_out frame;
	if (packet->codec != CODEC_VP8 && packet->codec != CODEC_VP9)
		return;
	struct track *t = find(p, packet);
	if (t == NULL)
		return;
	t->heard = packet->at;
	if (packet->key) {
		frames_clear(&t->frames);
		frames_init(&t->frames, packet->codec);
	}
	if (t->frames.codec != packet->codec)
		return;
	frames_put(&t->frames, packet);
	while (frames_next(&t->frames, &frame))
		look(p, t, &frame);
}

static void read_media(struct program *p, int fd)
{
	static uint8_t in[RECORD_BATCH_MAX];
	struct reader packets;
	struct record_packet packet;
	uint32_t lost;
	size_t len;
	for (int i = 0; i < BATCHES_PER_TURN; i++) {
		if (seqpacket_receive(fd, in, sizeof in, &len, NULL) != OK)
			return;
		if (record_batch_read(bytes_of(in, len), &packets, &lost) != OK)
			continue;
		while (record_packet_next(&packets, &packet) == OK)
			take(p, &packet);
	}
}

/* ---- the loop ---- */

static size_t watch_all(const struct program *p, struct pollfd *fds)
{
	size_t n = 0;
	fds[n++] = (struct pollfd){ .fd = p->signals, .events = POLLIN };
	fds[n++] = (struct pollfd){ .fd = HINTS_FD_CONTROL };
	for (int fd = HINTS_FD_MEDIA; fd < HINTS_FD_MEDIA_END; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			fds[n++] = (struct pollfd){ .fd = fd, .events = POLLIN };
	return n;
}

static void tell_counts(struct program *p)
{
	log_event(&p->log, LOG_INFO, "looked", LOG_INT("pictures", p->looked),
		  LOG_INT("left_out", p->left_out), LOG_INT("not_decoded", p->not_decoded));
}

static enum err run(struct program *p, struct pollfd *fds, size_t count)
{
	struct mono ticked = mono_now();
	for (;;) {
		if (poll(fds, count, TICK_MS) < 0 && errno != EINTR)
			return ERR_SYS;
		if (fds[0].revents != 0 || fds[1].revents != 0) { /* asked to stop; pvl has gone */
			tell_counts(p);
			return OK;
		}
		for (size_t i = 2; i < count; i++)
			if ((fds[i].revents & POLLIN) != 0)
				read_media(p, fds[i].fd);
		if (mono_diff_us(mono_now(), ticked) < FORGET_MS * 1000LL)
			continue;
		ticked = mono_now();
		forget_silent(p, ticked);
		tell_counts(p);
	}
}

/* ---- opening ---- */

static enum err open_signals(struct program *p)
{
	const int numbers[] = { SIGTERM, SIGINT };
	return signals_open(numbers, ARRAY_LEN(numbers), &p->signals);
}

static enum err enter_sandbox(struct program *p)
{
	struct sandbox_report report;
	struct sandbox_plan plan = { .open_files_max = OPEN_FILES_MAX,
				     .memory_max = MEMORY_MAX,
				     .calls = calls,
				     .calls_len = ARRAY_LEN(calls) };
	return sandbox_enter(&plan, &p->log, &report);
}

int main(void)
{
	static struct program p;
	struct pollfd fds[WATCHED];
	p.log = log_fd("pvl-hints", LOG_INFO, STDERR_FILENO);
	if (!seqpacket_is(HINTS_FD_CONTROL)) {
		log_event(&p.log, LOG_ERROR, "started_by_hand");
		return 2;
	}
	(void)!setpriority(PRIO_PROCESS, 0, NICE);
	p.tracks = mem_new(TRACKS_MAX, sizeof *p.tracks);
	p.faces = faces_new();
	for (size_t i = 0; i < CODECS; i++)
		open_decoder(&p, i);
	enum err err = open_signals(&p);
	size_t count = watch_all(&p, fds);
	if (err == OK)
		err = enter_sandbox(&p);
	if (err == OK) {
		log_event(&p.log, LOG_INFO, "ready");
		err = run(&p, fds, count);
	}
	if (err != OK)
		log_event(&p.log, LOG_ERROR, "cannot_run", LOG_WORD("err", err_name(err)));
	for (size_t i = 0; i < TRACKS_MAX; i++)
		forget(&p.tracks[i]);
	for (size_t i = 0; i < CODECS; i++)
		close_decoder(&p, i);
	faces_free(p.faces);
	free(p.tracks);
	return err == OK ? 0 : 1;
}
