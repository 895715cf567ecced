/*
 * pvl-media.c - the packets: one process, one thread, one port, some of the visits.
 *
 * Pours the media core (rtc/) into the kernel (sys/): control messages and
 * datagrams in, datagrams and reports out.  It inherits its descriptors from
 * pvl (ipc/supervisor.h tells their numbers), opens none, reads no file, knows
 * no name and links no SQL.
 *
 * pvl-web may die and come back behind the same control socket.  Meanwhile the
 * visits go on; reports wait in a bounded queue, and if that was too small,
 * everything that stands is told anew once the queue is empty.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "ipc/media.h"
#include "ipc/ring.h"
#include "ipc/supervisor.h"
#include "programs/media/streams.h"
#include "rtc/backlog.h"
#include "rtc/rtc.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/large_pages.h"
#include "sys/log_fd.h"
#include "sys/loop.h"
#include "sys/sandbox.h"
#include "sys/seqpacket.h"
#include "sys/shared_memory.h"
#include "sys/tcp.h"
#include "sys/udp.h"

enum {
	VISITS_MAX = 512,
	PEERS_MAX = 2048,
	QUEUE_MAX = 512,      /* reports that wait for pvl-web */
	BATCHES_PER_TURN = 8, /* of UDP_IN_MAX: then other sockets get their turn */
	MESSAGES_PER_TURN = 64,
	OPEN_FILES_MAX = STREAMS_MAX + 64,
	STOP_MS = 300,    /* for the last close_notify to leave */
	REST_US = 500,    /* between turns when busy; half of it is added to a packet's delay */
	REST_PACKETS = 4, /* busy: so many come in REST_US; fewer do not pay for the rest */
	PACE_US = 20000,  /* over which that is measured */
	LARGE_PAGES_PEERS = 40, /* fewer cost less time than the pages would cost memory */
};

/* Everything the loop, the core and OpenSSL ask of the kernel from now on. */
static const struct sandbox_call calls[] = {
	{ SYS_epoll_pwait2, "wait" },
	{ SYS_clock_nanosleep, "rest" },
	{ SYS_epoll_ctl, "wait for room to write" },
	{ SYS_recvmmsg, "datagrams in" },
	{ SYS_sendmmsg, "datagrams out" },
	{ SYS_accept4, "media connections in (ICE over TCP)" },
	{ SYS_recvfrom, "datagrams out of such a connection" },
	{ SYS_sendto, "datagrams into it" },
	{ SYS_recvmsg, "control messages in" },
	{ SYS_sendmsg, "control messages out" },
	{ SYS_read, "signals" },
	{ SYS_write, "log lines" },
	{ SYS_close, "a media connection; a descriptor that came unasked; the end" },
	{ SYS_clock_gettime, "time, where there is no vdso" },
	{ SYS_gettimeofday, "OpenSSL's DTLS timer, likewise" },
	{ SYS_getrandom, "keys" },
	{ SYS_getpid, "OpenSSL's fork check" },
	{ SYS_mmap, "memory" },
	{ SYS_munmap, "memory" },
	{ SYS_mremap, "memory" },
	{ SYS_mprotect, "memory" },
	{ SYS_madvise, "memory" },
	{ SYS_brk, "memory" },
	{ SYS_futex, "OpenSSL's locks" },
	{ SYS_rt_sigprocmask, "abort() of a failed ASSERT" },
	{ SYS_rt_sigreturn, "signals" },
	{ SYS_gettid, "abort()" },
	{ SYS_tgkill, "abort()" },
	{ SYS_restart_syscall, "after a stop" },
	{ SYS_exit_group, "the end" },
};

struct queued {
	size_t len;
	uint8_t bytes[MEDIA_MESSAGE_MAX];
};

/* Datagrams of several inputs leave in one system call. */
struct batch {
	struct udp_sender sender; /* fd -1: this machine does not have that family */
	size_t count;
	struct udp_out out[UDP_OUT_MAX]; /* their bytes are the core's */
};

/* How many datagrams come.  A wake-up and the system calls of a turn cost as much as some of
 * them, so a busy process rests between turns and takes many at once. */
struct pace {
	struct mono since;
	int64_t packets;
	bool busy;
};

struct media {
	struct log log;
	struct random random;
	struct rtc *rtc;
	struct loop *loop;
	struct watch control;
	struct watch udp4;
	struct watch udp6; /* fd -1: this machine has no IPv6 */
	struct streams *streams;
	struct batch out4;
	struct batch out6;
	struct udp_inbox inbox;
	struct backlog backlog4;
	struct backlog backlog6;
	struct udp_locals locals;
	struct pace pace;
	struct ring_writer record; /* packets for pvl-record go there */
	int hints;                 /* key frames for pvl-hints; -1: nobody takes them */
	struct mono last;          /* never goes back, whatever a packet's stamp says */
	uint32_t turn_us_max;
	bool large_pages; /* from LARGE_PAGES_PEERS on, for good */
	bool stopping;
	struct mono stop_at;
	bool told_less; /* reports were lost: all must be told anew */
	size_t queue_first;
	size_t queue_len;
	struct queued *queue;
	struct media_message report; /* being told; too long to be made anew for each datagram */
	struct rtc_datagram leaving[UDP_OUT_MAX];
	size_t standing_len; /* while stopping: visits to close */
	struct visit_id standing[VISITS_MAX];
};

/* --- reports to pvl-web --------------------------------------------------- */

/* A newer one says the same better. */
static bool may_be_left_out(enum media_type type)
{
	return type == MEDIA_SECOND || type == MEDIA_HEARTBEAT || type == MEDIA_LINE;
}

static void queue_put(struct media *m, const struct queued *q, enum media_type type)
{
	if (may_be_left_out(type))
		return;
	if (m->queue_len == QUEUE_MAX) {
		m->told_less = true;
		return;
	}
	if (m->queue_len == 0)
		(void)!loop_change(m->loop, &m->control, LOOP_READ | LOOP_WRITE);
	m->queue[(m->queue_first + m->queue_len++) % QUEUE_MAX] = *q;
}

static void queue_flush(struct media *m)
{
	while (m->queue_len) {
		struct queued *q = &m->queue[m->queue_first];
		if (seqpacket_send(m->control.fd, bytes_of(q->bytes, q->len), -1) == ERR_AGAIN)
			return;
		m->queue_first = (m->queue_first + 1) % QUEUE_MAX;
		m->queue_len--;
	}
	(void)!loop_change(m->loop, &m->control, LOOP_READ);
}

/* Until then they are off; what stands already stays as it is. */
static void choose_pages(struct media *m, uint32_t peers)
{
	if (!m->large_pages && peers >= LARGE_PAGES_PEERS)
		m->large_pages = large_pages_allow(true);
}

static void tell_web(struct media *m, struct media_message *report)
{
	struct queued q = { 0 };
	if (report->type == MEDIA_HEARTBEAT) {
		report->heartbeat.turn_us_max = m->turn_us_max;
		m->turn_us_max = 0;
		choose_pages(m, report->heartbeat.peers);
	}
	if (report->type == MEDIA_VISIT_STANDS && m->stopping && m->standing_len < VISITS_MAX)
		m->standing[m->standing_len++] = report->visit.visit;
	if (media_message_encode(report, q.bytes, sizeof q.bytes, &q.len)) {
		log_event(&m->log, LOG_ERROR, "report_too_long", LOG_INT("type", report->type));
		return;
	}
	if (m->queue_len ||
	    seqpacket_send(m->control.fd, bytes_of(q.bytes, q.len), -1) == ERR_AGAIN)
		queue_put(m, &q, report->type);
}

/* --- the one invariant: after each input, everything that comes out ------- */

static void batch_flush(struct media *m, struct batch *b)
{
	size_t lost = b->count;
	if (b->count && b->sender.fd >= 0)
		lost = udp_send(&b->sender, b->out, b->count);
	if (lost)
		rtc_send_refused(m->rtc, lost);
	b->count = 0;
}

static void put(struct media *m, const struct rtc_datagram *d)
{
	if (d->to.tcp) {
		if (!streams_send(m->streams, &d->to, d->bytes, m->last))
			rtc_send_refused(m->rtc, 1);
		return;
	}
	struct batch *b = d->to.family == ADDRESS_IPV4 ? &m->out4 : &m->out6;
	b->out[b->count++] = (struct udp_out){ .to = d->to, .bytes = d->bytes };
}

static void flush(struct media *m)
{
	size_t count;
	while ((count = rtc_send(m->rtc, m->leaving, UDP_OUT_MAX)) > 0) {
		for (size_t i = 0; i < count; i++)
			put(m, &m->leaving[i]);
		batch_flush(m, &m->out4);
		batch_flush(m, &m->out6);
	}
	streams_flush(m->streams, m->last);
}

/* One way: nothing is ever read from there.  What finds no room is a gap in a recording, not a delay here. */
static void pass_recorded(struct media *m)
{
	struct bytes batch = rtc_recorded(m->rtc, m->last);
	if (batch.len > 0)
		rtc_recorded_taken(m->rtc, ring_put(&m->record, batch));
}

static void pass_hinted(struct media *m)
{
	struct bytes batch = rtc_hinted(m->rtc, m->last);
	if (batch.len > 0)
		rtc_hinted_taken(m->rtc,
				 m->hints >= 0 && seqpacket_send(m->hints, batch, -1) == OK);
}

static void drain(struct media *m)
{
	while (rtc_report(m->rtc, &m->report))
		tell_web(m, &m->report);
	pass_recorded(m);
	pass_hinted(m);
	if (rtc_waiting(m->rtc) >= UDP_OUT_MAX)
		flush(m);
}

static struct mono forward(struct media *m, struct mono now)
{
	if (mono_before(m->last, now))
		m->last = now;
	return m->last;
}

/* --- what comes in -------------------------------------------------------- */

static void pace_count(struct pace *pace, size_t packets, struct mono now)
{
	int64_t us = mono_diff_us(now, pace->since);
	pace->packets += (int64_t)packets;
	if (us < PACE_US)
		return;
	*pace = (struct pace){ .since = now, .busy = pace->packets * REST_US >= REST_PACKETS * us };
}

static bool is_full(const struct udp_inbox *inbox)
{
	return inbox->count + inbox->dropped == UDP_IN_MAX;
}

/* The kernel's stamp tells how long the oldest datagram has waited for us. */
static void notice_backlog(struct media *m, struct backlog *backlog)
{
	struct mono now = mono_now();
	struct mono oldest = m->inbox.count > 0 ? m->inbox.in[0].arrived : now;
	rtc_set_clock(m->rtc, now);
	backlog_batch(backlog, mono_diff_us(now, oldest), is_full(&m->inbox), now);
	rtc_set_behind(m->rtc, m->backlog4.behind || m->backlog6.behind);
}

static void datagrams_ready(struct watch *watch, unsigned what, struct mono now)
{
	struct media *m = watch->owner;
	struct backlog *backlog = watch == &m->udp4 ? &m->backlog4 : &m->backlog6;
	(void)what;
	if (m->pace.busy)
		loop_rest(m->loop, mono_add_us(now, REST_US));
	for (int batch = 0; batch < BATCHES_PER_TURN; batch++) {
		bool any = udp_receive(watch->fd, &m->inbox);
		notice_backlog(m, backlog);
		if (!any)
			return;
		pace_count(&m->pace, m->inbox.count, now);
		for (size_t i = 0; i < m->inbox.count; i++) {
			struct udp_in *in = &m->inbox.in[i];
			rtc_receive(m->rtc, &in->from, in->at, in->len, forward(m, in->arrived));
			drain(m);
		}
		flush(m);
		if (!is_full(&m->inbox))
			return;
	}
}

/* --- and in TCP connections ------------------------------------------------ */

static void stream_datagram(void *owner, const struct address *from, uint8_t *at, size_t len,
			    struct mono now)
{
	struct media *m = owner;
	rtc_receive(m->rtc, from, at, len, forward(m, now));
	drain(m);
}

static void stream_full(void *owner, const struct address *to, bool full, struct mono now)
{
	struct media *m = owner;
	rtc_set_full(m->rtc, to, full, forward(m, now));
	drain(m);
}

static void stream_gone(void *owner, const struct address *from, struct mono now)
{
	struct media *m = owner;
	rtc_address_gone(m->rtc, from, forward(m, now));
	drain(m);
}

/* Closes every visit, so that browsers hear close_notify and not silence. */
static void begin_stop(struct media *m, struct mono now)
{
	struct media_message all = { .type = MEDIA_RESYNC };
	if (m->stopping)
		return;
	m->stopping = true;
	m->stop_at = mono_add_ms(now, STOP_MS);
	rtc_control(m->rtc, &all, now);
	drain(m);
	for (size_t i = 0; i < m->standing_len; i++) {
		struct media_message close = { .type = MEDIA_VISIT_CLOSE,
					       .close = { .visit = m->standing[i],
							  .reason = MEDIA_REASON_ENDED } };
		rtc_control(m->rtc, &close, now);
		drain(m);
	}
	log_event(&m->log, LOG_INFO, "stopping", LOG_INT("visits", m->standing_len));
}

/* What waited for an earlier pvl-web is of no use to the one that asks for everything. */
static void take_message(struct media *m, const struct media_message *message, struct mono now)
{
	if (message->type == MEDIA_RESYNC) {
		m->queue_len = 0;
		m->told_less = false;
		(void)!loop_change(m->loop, &m->control, LOOP_READ);
	}
	if (!m->stopping)
		rtc_control(m->rtc, message, now);
	drain(m);
}

static enum err take_one(struct media *m, struct mono now)
{
	struct media_message message;
	uint8_t in[MEDIA_MESSAGE_MAX];
	size_t len;
	enum err err = seqpacket_receive(m->control.fd, in, sizeof in, &len, NULL);
	if (err)
		return err == ERR_LIMIT ? OK : err;
	if (media_message_decode(bytes_of(in, len), false, &message) == OK)
		take_message(m, &message, now);
	else
		log_event(&m->log, LOG_ERROR, "control_not_understood", LOG_INT("bytes", len));
	return OK;
}

/* Closed means that pvl has gone too, for it keeps a copy of the other end. */
static void control_ready(struct watch *watch, unsigned what, struct mono now)
{
	struct media *m = watch->owner;
	enum err err = OK;
	now = forward(m, now);
	for (int i = 0; !err && i < MESSAGES_PER_TURN; i++)
		err = take_one(m, now);
	if (what & LOOP_WRITE)
		queue_flush(m);
	if (err != ERR_CLOSED)
		return;
	loop_forget(m->loop, &m->control);
	begin_stop(m, now);
}

static void got_signal(void *owner, int number, struct mono now)
{
	struct media *m = owner;
	(void)number;
	begin_stop(m, forward(m, now));
}

/* --- time ----------------------------------------------------------------- */

static bool next(void *owner, struct mono *at)
{
	struct media *m = owner;
	struct mono tick;
	bool timed = rtc_next(m->rtc, at);
	if (streams_next(m->streams, &tick)) {
		*at = timed ? mono_min(*at, tick) : tick;
		timed = true;
	}
	if (m->stopping)
		*at = timed ? mono_min(*at, m->stop_at) : m->stop_at;
	return timed || m->stopping;
}

static void tell_anew(struct media *m, struct mono now)
{
	struct media_message all = { .type = MEDIA_RESYNC };
	m->told_less = false;
	rtc_control(m->rtc, &all, now);
	drain(m);
}

static void after_turn(void *owner, struct mono now)
{
	struct media *m = owner;
	struct mono due, began = now;
	now = forward(m, now);
	if (rtc_next(m->rtc, &due) && !mono_before(now, due)) {
		rtc_tick(m->rtc, now);
		drain(m);
	}
	streams_tick(m->streams, now);
	if (m->told_less && m->queue_len == 0)
		tell_anew(m, now);
	pass_recorded(m);
	pass_hinted(m);
	flush(m);
	if (m->stopping && !mono_before(now, m->stop_at))
		loop_stop(m->loop);
	int64_t us = mono_diff_us(mono_now(), began);
	if (us > m->turn_us_max)
		m->turn_us_max = (uint32_t)us;
}

/* --- the story ------------------------------------------------------------ */

/* --index N --port PORT; pvl is the only one who calls us. */
static bool read_arguments(int argc, char **argv, uint16_t *port)
{
	uint64_t index, number;
	if (argc != 5 || !str_is(str_from(argv[1]), "--index") ||
	    !str_is(str_from(argv[3]), "--port"))
		return false;
	if (!str_u64(str_from(argv[2]), SUPERVISOR_WORKERS_MAX - 1, &index) ||
	    !str_u64(str_from(argv[4]), 65535, &number))
		return false;
	*port = (uint16_t)number;
	return true;
}

static bool has_udp6(void)
{
	struct address at;
	return udp_local(MEDIA_FD_UDP6, &at) == OK;
}

static void find_tcp_ports(uint16_t ports[MEDIA_TCP_PORTS])
{
	struct address at;
	for (int fd = MEDIA_FD_TCP; fd < MEDIA_FD_TCP_END; fd++)
		if (tcp_local(fd, &at) == OK)
			ports[(fd - MEDIA_FD_TCP) / 2] = at.port;
}

static void set_up_core(struct media *m, uint16_t port)
{
	struct rtc_config config = { .visits_max = VISITS_MAX,
				     .peers_max = PEERS_MAX,
				     .port = port,
				     .wall = wall_now(),
				     .random = &m->random,
				     .log = &m->log };
	find_tcp_ports(config.tcp_ports);
	m->last = mono_now();
	m->rtc = rtc_new(&config, m->last);
}

static void set_up(struct media *m, uint16_t port)
{
	struct streams_owner above = {
		.owner = m, .datagram = stream_datagram, .full = stream_full, .gone = stream_gone
	};
	int v6 = has_udp6() ? MEDIA_FD_UDP6 : -1;
	m->random = entropy_random();
	set_up_core(m, port);
	m->streams = streams_new(m->loop, &above, &m->random);
	m->queue = mem_new(QUEUE_MAX, sizeof *m->queue);
	m->control = (struct watch){ .fd = MEDIA_FD_CONTROL, .ready = control_ready, .owner = m };
	m->udp4 = (struct watch){ .fd = MEDIA_FD_UDP4, .ready = datagrams_ready, .owner = m };
	m->udp6 = (struct watch){ .fd = v6, .ready = datagrams_ready, .owner = m };
	m->out4.sender.fd = MEDIA_FD_UDP4;
	m->out6.sender.fd = v6;
	m->out4.sender.locals = m->out6.sender.locals = &m->locals;
	udp_inbox_init(&m->inbox);
	m->inbox.locals = &m->locals;
}

static enum err watch_all(struct media *m)
{
	enum err err = loop_watch(m->loop, &m->control, LOOP_READ);
	if (!err)
		err = loop_watch(m->loop, &m->udp4, LOOP_READ);
	if (!err && m->udp6.fd >= 0)
		err = loop_watch(m->loop, &m->udp6, LOOP_READ);
	for (int fd = MEDIA_FD_TCP; !err && fd < MEDIA_FD_TCP_END; fd++) {
		struct address at;
		if (tcp_local(fd, &at) == OK)
			err = streams_listen(m->streams, fd);
	}
	return err;
}

static enum err enter_sandbox(struct media *m)
{
	struct sandbox_plan plan = { .open_files_max = OPEN_FILES_MAX,
				     .large_pages = true,
				     .calls = calls,
				     .calls_len = ARRAY_LEN(calls) };
	struct sandbox_report report;
	return sandbox_enter(&plan, &m->log, &report);
}

static void clear(struct media *m)
{
	udp_inbox_clear(&m->inbox);
	streams_free(m->streams);
	rtc_free(m->rtc);
	loop_close(m->loop);
	free(m->queue);
}

int main(int argc, char **argv)
{
	static const int numbers[] = { SIGTERM, SIGINT };
	struct media *m = mem_new(1, sizeof *m);
	struct loop_hooks hooks = { .owner = m, .next = next, .after_turn = after_turn };
	struct signal_watch signals = { .got = got_signal, .owner = m };
	uint16_t port;
	m->log = log_fd("pvl-media", LOG_INFO, STDERR_FILENO);
	(void)large_pages_allow(false);
	if (!read_arguments(argc, argv, &port)) {
		log_event(&m->log, LOG_ERROR, "started_by_hand");
		free(m);
		return 2;
	}
	m->hints = seqpacket_is(MEDIA_FD_HINTS) ? MEDIA_FD_HINTS : -1;
	m->record = ring_writer_of(shared_memory_map(MEDIA_FD_RECORD, sizeof(struct ring)));
	(void)close(MEDIA_FD_RECORD);
	if (loop_open(&hooks, &m->loop)) {
		free(m);
		return 1;
	}
	set_up(m, port);
	enum err err = watch_all(m);
	if (!err)
		err = signal_watch_open(m->loop, &signals, numbers, ARRAY_LEN(numbers));
	if (!err)
		err = enter_sandbox(m);
	if (!err) {
		drain(m);
		err = loop_run(m->loop);
		signal_watch_close(m->loop, &signals);
	}
	clear(m);
	free(m);
	return err ? 1 : 0;
}
