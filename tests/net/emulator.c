/*
 * emulator.c - a bad line between two network namespaces, in real time.
 *
 *	emulator NAMESPACE_A NAMESPACE_B LINE_A_TO_B LINE_B_TO_A [SEED]
 *
 * Makes a TUN device "line" in each namespace (names as of `ip netns`) and carries what enters
 * one to the other as emulated_line.h says, both ways; addresses and routes are the caller's.
 * LINE is words such as "rate=64k queue=300 delay=40 loss=5%"; "" carries all at once.
 * A line of such words on its standard input is what both directions are from then on.
 * Prints "ready", then each second one line of JSON: for each direction what came in, went
 * out, was lost and dropped, bytes, and the longest wait.  Ends with SIGTERM, SIGINT, or
 * with its parent.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "emulated_line.h"

enum {
	PACKET_MAX = 2048,
	WAITING_MAX = 4096,
	WORDS_MAX = 512,
	TCP = 6,
	UDP = 17,
};

struct waiting {
	struct mono at;
	uint64_t order;
	size_t len;
	uint8_t bytes[PACKET_MAX];
};

struct direction {
	int from;
	int to;
	struct emulated_line line;
	uint64_t order;
	size_t len;
	struct waiting *heap[WAITING_MAX + 1]; /* least first, from 1 */
};

static volatile sig_atomic_t stopped;

static void stop(int number)
{
	(void)number;
	stopped = 1;
}

static void fail(const char *what)
{
	fprintf(stderr, "emulator: %s: %s\n", what, strerror(errno));
	exit(1);
}

static struct mono now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct mono){ .us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 };
}

/* ---- devices ---- */

static int open_device(const char *name)
{
	char path[256];
	snprintf(path, sizeof path, "/var/run/netns/%s", name);
	int space = open(path, O_RDONLY | O_CLOEXEC);
	if (space < 0 || setns(space, CLONE_NEWNET) < 0)
		fail(path);
	close(space);
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	struct ifreq device = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	snprintf(device.ifr_name, sizeof device.ifr_name, "line");
	if (fd < 0 || ioctl(fd, TUNSETIFF, &device) < 0)
		fail("/dev/net/tun");
	return fd;
}

/* ---- what is on its way ---- */

static bool earlier(const struct waiting *a, const struct waiting *b)
{
	return a->at.us < b->at.us || (a->at.us == b->at.us && a->order < b->order);
}

static void push(struct direction *d, struct waiting *w)
{
	size_t i = ++d->len;
	for (; i > 1 && earlier(w, d->heap[i / 2]); i /= 2)
		d->heap[i] = d->heap[i / 2];
	d->heap[i] = w;
}

static struct waiting *pop(struct direction *d)
{
	struct waiting *first = d->heap[1];
	struct waiting *last = d->heap[d->len--];
	size_t i = 1;
	while (2 * i <= d->len) {
		size_t next = 2 * i;
		if (next < d->len && earlier(d->heap[next + 1], d->heap[next]))
			next++;
		if (!earlier(d->heap[next], last))
			break;
		d->heap[i] = d->heap[next];
		i = next;
	}
	d->heap[i] = last;
	return first;
}

/* Of an IP packet without extension headers: TCP, UDP …; *body is what it carries. */
static int protocol_of(const uint8_t *packet, size_t len, const uint8_t **body)
{
	size_t head = packet[0] >> 4 == 6 ? 40 : (size_t)(packet[0] & 15) * 4;
	if (len < 20 || len < head + 4)
		return 0;
	*body = packet + head;
	return packet[0] >> 4 == 6 ? packet[6] : packet[9];
}

static bool may_pass(const struct direction *d, const struct waiting *w)
{
	const uint8_t *body = NULL;
	if (protocol_of(w->bytes, w->len, &body) != TCP)
		return true;
	return emulated_line_lets_tcp(&d->line.config, (uint16_t)(body[0] << 8 | body[1]),
				      (uint16_t)(body[2] << 8 | body[3]));
}

static bool is_udp(const struct waiting *w)
{
	const uint8_t *body = NULL;
	return protocol_of(w->bytes, w->len, &body) == UDP;
}

static void take_in(struct direction *d, struct mono at)
{
	for (;;) {
		struct waiting *w = malloc(sizeof *w);
		ssize_t len = w ? read(d->from, w->bytes, sizeof w->bytes) : -1;
		if (len <= 0) {
			free(w);
			return;
		}
		w->len = (size_t)len;
		w->order = d->order++;
		bool room = d->len < WAITING_MAX;
		if (room && may_pass(d, w) &&
		    emulated_line_carry(&d->line, w->len, is_udp(w), at, &w->at))
			push(d, w);
		else
			free(w);
	}
}

static void let_out(struct direction *d, struct mono at)
{
	while (d->len > 0 && !mono_before(at, d->heap[1]->at)) {
		struct waiting *w = pop(d);
		if (write(d->to, w->bytes, w->len) < 0 && errno != EAGAIN && errno != EIO &&
		    errno != EINVAL)
			fail("write");
		free(w);
	}
}

/* ---- time ---- */

static int wait_ms(const struct direction *a, const struct direction *b, struct mono second,
		   struct mono at)
{
	struct mono next = second;
	if (a->len > 0)
		next = mono_min(next, a->heap[1]->at);
	if (b->len > 0)
		next = mono_min(next, b->heap[1]->at);
	int64_t us = mono_diff_us(next, at);
	return us <= 0 ? 0 : (int)((us + 999) / 1000);
}

static void print_direction(const struct direction *d, size_t second)
{
	static const struct line_second nothing;
	const struct line_second *s = second < d->line.seconds ? &d->line.second[second] : &nothing;
	printf("{\"in\":%u,\"out\":%u,\"bytes\":%u,\"lost\":%u,\"dropped\":%u,\"queue_ms\":%u}",
	       s->packets_in, s->packets_out, s->bytes_out, s->lost, s->dropped, s->queue_ms_max);
}

static void print_second(const struct direction *a, const struct direction *b, size_t second)
{
	printf("{\"second\":%zu,\"there\":", second);
	print_direction(a, second);
	printf(",\"back\":");
	print_direction(b, second);
	printf("}\n");
	fflush(stdout);
}

static struct line_config parse(const char *words)
{
	struct line_config config;
	char bad[32];
	if (!line_config_parse(words, &config, bad)) {
		fprintf(stderr, "emulator: '%s' is not understood\n", bad);
		exit(2);
	}
	return config;
}

/* False: nobody will say anything any more. */
static bool heed(struct direction *a, struct direction *b)
{
	char words[WORDS_MAX];
	if (!fgets(words, sizeof words, stdin))
		return false;
	words[strcspn(words, "\n")] = '\0';
	a->line.config = b->line.config = parse(words);
	return true;
}

static void run(struct direction *a, struct direction *b)
{
	struct mono start = now();
	int told = STDIN_FILENO;
	setvbuf(stdin, NULL, _IONBF, 0); /* poll() is to see what is left */
	size_t second = 0;
	a->line.start = b->line.start = start;
	while (!stopped) {
		struct mono at = now();
		struct mono due = mono_add_ms(start, (int64_t)(second + 1) * 1000);
		if (!mono_before(at, due))
			print_second(a, b, second++);
		take_in(a, at);
		take_in(b, at);
		let_out(a, at);
		let_out(b, at);
		struct pollfd fds[] = { { .fd = a->from, .events = POLLIN },
					{ .fd = b->from, .events = POLLIN },
					{ .fd = told, .events = POLLIN } };
		if (poll(fds, 3, wait_ms(a, b, due, now())) > 0 && fds[2].revents != 0 &&
		    !heed(a, b))
			told = -1;
	}
}

static void lay(struct direction *d, const char *words, uint64_t seed)
{
	struct line_config config = parse(words);
	emulated_line_init(&d->line, &config, seed, now());
}

int main(int argc, char **argv)
{
	static struct direction there, back;
	if (argc < 5) {
		fprintf(stderr, "usage: emulator NAMESPACE_A NAMESPACE_B LINE_A_TO_B LINE_B_TO_A "
				"[SEED]\n");
		return 2;
	}
	uint64_t seed = argc > 5 ? strtoull(argv[5], NULL, 10) : 1;
	lay(&there, argv[3], seed);
	lay(&back, argv[4], seed + 1);
	there.from = back.to = open_device(argv[1]);
	there.to = back.from = open_device(argv[2]);
	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	printf("ready\n");
	fflush(stdout);
	run(&there, &back);
	return 0;
}
