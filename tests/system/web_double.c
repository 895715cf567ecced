/*
 * web_double.c - stands in for pvl-web under a real pvl and a real pvl-media.
 *
 * It opens one visit at its first start, asks every worker for what stands at
 * each start, and writes each thing it learns as a line to DATA/web.log, which
 * the test reads.  SIGTERM ends it.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ipc/media.h"
#include "ipc/supervisor.h"
#include "sys/seqpacket.h"

static int out = -1;

__attribute__((format(printf, 1, 2))) static void note(const char *format, ...)
{
	char line[200];
	va_list list;
	va_start(list, format);
	int n = vsnprintf(line, sizeof line, format, list);
	va_end(list);
	if (write(out, line, (size_t)n) < 0)
		_exit(1);
}

static void say(int fd, const struct media_message *m)
{
	uint8_t bytes[MEDIA_MESSAGE_MAX];
	size_t len;
	if (media_message_encode(m, bytes, sizeof bytes, &len) ||
	    seqpacket_send(fd, bytes_of(bytes, len), -1))
		note("cannot say %d\n", (int)m->type);
}

static void meet_worker(int fd, const struct supervisor_worker *w)
{
	struct media_message open = { .type = MEDIA_VISIT_OPEN,
				      .visit = { .visit = { 100 + w->index }, .lifetime_s = 600 } };
	struct media_message all = { .type = MEDIA_RESYNC };
	note("worker %d port %d starts %u\n", w->index, w->port, (unsigned)w->starts);
	if (access("opened", F_OK) != 0)
		say(fd, &open);
	say(fd, &all);
}

static void hear_supervisor(int *workers)
{
	uint8_t bytes[SUPERVISOR_MESSAGE_MAX];
	struct supervisor_message m, ready = { .type = SUPERVISOR_READY };
	size_t len;
	int fd = -1;
	enum err err = seqpacket_receive(WEB_FD_SUPERVISOR, bytes, sizeof bytes, &len, &fd);
	if (err == ERR_CLOSED)
		_exit(0);
	if (err || supervisor_message_decode(bytes_of(bytes, len), false, &m))
		return;
	if (m.type == SUPERVISOR_WORKER) {
		if (workers[m.worker.index] >= 0)
			close(workers[m.worker.index]);
		workers[m.worker.index] = fd;
		meet_worker(fd, &m.worker);
	} else if (!supervisor_message_encode(&ready, bytes, sizeof bytes, &len)) {
		close(open("opened", O_WRONLY | O_CREAT, 0600));
		note("started\n");
		(void)!seqpacket_send(WEB_FD_SUPERVISOR, bytes_of(bytes, len), -1);
	}
}

static void hear_media(int *fd, int index)
{
	uint8_t bytes[MEDIA_MESSAGE_MAX];
	struct media_message m;
	size_t len;
	enum err err = seqpacket_receive(*fd, bytes, sizeof bytes, &len, NULL);
	if (err == ERR_CLOSED) {
		note("media %d closed\n", index);
		close(*fd);
		*fd = -1;
	}
	if (err || media_message_decode(bytes_of(bytes, len), true, &m))
		return;
	if (m.type == MEDIA_HELLO)
		note("hello %d instance %016llx\n", index, (unsigned long long)m.hello.instance);
	if (m.type == MEDIA_VISIT_STANDS)
		note("stands %d visit %lld\n", index, (long long)m.visit.visit.n);
	if (m.type == MEDIA_VISIT_CLOSED)
		note("visit_closed %d\n", index);
	if (m.type == MEDIA_RESYNC_DONE)
		note("resynced %d\n", index);
	if (m.type == MEDIA_HEARTBEAT)
		note("heartbeat %d\n", index);
}

int main(int argc, char **argv)
{
	int workers[SUPERVISOR_WORKERS_MAX];
	for (int i = 0; i < SUPERVISOR_WORKERS_MAX; i++)
		workers[i] = -1;
	if (argc < 3 || strcmp(argv[1], "--data") != 0 || chdir(argv[2]) < 0)
		return 2;
	out = open("web.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	note("web pid %d\n", (int)getpid());
	for (;;) {
		struct pollfd fds[1 + SUPERVISOR_WORKERS_MAX] = { { .fd = WEB_FD_SUPERVISOR } };
		for (int i = 0; i < SUPERVISOR_WORKERS_MAX; i++)
			fds[1 + i].fd = workers[i];
		for (int i = 0; i <= SUPERVISOR_WORKERS_MAX; i++)
			fds[i].events = POLLIN;
		if (poll(fds, 1 + SUPERVISOR_WORKERS_MAX, -1) < 0)
			return 1;
		for (int i = 0; i < SUPERVISOR_WORKERS_MAX; i++)
			if (workers[i] >= 0 && fds[1 + i].revents)
				hear_media(&workers[i], i);
		if (fds[0].revents)
			hear_supervisor(workers);
	}
}
