/*
 * book.c - many families that book over HTTP at once, for bench/bookings.
 *
 *	book PORT CLIENTS FILE SKIP COUNT START TERMINALS MODE ACKNOWLEDGED
 *
 * FILE is of estate fill; families SKIP … SKIP+COUNT-1 each want one visit.  MODE spread: every family another
 * place, so that all can have it.  MODE rush: each has its favourites, early days above all, and asks for the next one
 * when one is taken.
 * One line of JSON tells how it went, and what it cost here beside the server; ACKNOWLEDGED gets the reference of each
 * visit that was answered for.
 *
 * Each client is a connection that is kept, with one request at a time.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	SLOT_S = 1800,
	DAY_SLOTS = 16,
	ANSWER_MAX = 65536,
	REQUEST_MAX = 1024,
	TRIES_MAX = 12,
	RUSH_DAYS = 24,
	WAIT_S = 900,
};

struct family {
	char cookie[64];
	char csrf[64];
	long long prisoner;
	long long person;
	int prison;
	int number; /* within its prison */
	int tries;
	int slot;
	double first_us; /* when it first asked */
	bool served;
};

struct client {
	int fd;
	struct family *family;
	double sent_us;
	size_t len;
	char answer[ANSWER_MAX];
};

struct run {
	int port, terminals;
	bool rush;
	long long start;
	struct family *families;
	int count, next, done;
	int booked, refused, failed;
	int by_status[6];
	double *took_us;
	int took_len;
	double begun_us, last_us;
	FILE *acknowledged;
};

static double now_us(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(1);
}

static long number(const char *text)
{
	return strtol(text, NULL, 10);
}

static int dial(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		die("connect");
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static void send_request(struct run *r, struct client *c)
{
	char text[REQUEST_MAX];
	struct family *f = c->family;
	long long start = r->start + f->slot / DAY_SLOTS * 86400LL + f->slot % DAY_SLOTS * SLOT_S;
	int len = snprintf(text, sizeof text,
			   "POST /book/%lld/%lld/%lld-30 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
			   "Cookie: pvl=%s\r\nX-CSRF-Token: %s\r\nContent-Length: 0\r\n\r\n",
			   f->prisoner, f->person, start, r->port, f->cookie, f->csrf);
	c->len = 0;
	c->sent_us = now_us();
	if (!f->tries++)
		f->first_us = c->sent_us;
	if (write(c->fd, text, (size_t)len) != len)
		die("write");
}

/* The n-th favourite of a family, among 24 days: a third of all first wishes is for the first one. */
static int favourite(const struct family *f, int n)
{
	uint64_t x = (uint64_t)f->prisoner + (uint64_t)n * 0x9e3779b97f4a7c15U;
	x = (x ^ x >> 31) * 0xbf58476d1ce4e5b9U;
	x ^= x >> 29;
	double u = (double)(x >> 11) / (double)(1ULL << 53);
	int day = (int)(RUSH_DAYS * u * u * u);
	return day * DAY_SLOTS + (int)(x % DAY_SLOTS);
}

/* Every family its own place, terminal by terminal; or what it likes best. */
static int wish(const struct run *r, const struct family *f)
{
	return r->rush ? favourite(f, f->tries) : f->number / r->terminals;
}

static bool next_family(struct run *r, struct client *c)
{
	if (r->next == r->count)
		return false;
	c->family = &r->families[r->next++];
	c->family->slot = wish(r, c->family);
	send_request(r, c);
	return true;
}

static void acknowledge(struct run *r, const struct client *c)
{
	const char *at = strstr(c->answer, "\r\nLocation: /visits/");
	if (!at)
		return;
	at += sizeof "\r\nLocation: /visits/" - 1;
	fprintf(r->acknowledged, "%.*s %d %d\n", (int)strcspn(at, "/"), at, c->family->prison,
		c->family->slot);
}

/* Whether this family is done. */
static bool settle(struct run *r, struct client *c, int status)
{
	struct family *f = c->family;
	r->by_status[status / 100 % 6]++;
	if (status == 303) {
		r->booked++;
		f->served = true;
		acknowledge(r, c);
		return true;
	}
	if (status == 409 && r->rush && f->tries < TRIES_MAX) {
		f->slot = wish(r, f);
		return false;
	}
	if (status == 409)
		r->refused++;
	else
		r->failed++;
	return true;
}

/* Length of the whole answer, or 0 while it is not known. */
static size_t answer_len(const struct client *c)
{
	const char *end = strstr(c->answer, "\r\n\r\n");
	const char *length = strcasestr(c->answer, "\r\nContent-Length:");
	if (!end)
		return 0;
	size_t head = (size_t)(end - c->answer) + 4;
	return head + (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
}

/* False: the connection is over. */
static bool on_answer(struct run *r, struct client *c)
{
	ssize_t len = read(c->fd, c->answer + c->len, ANSWER_MAX - 1 - c->len);
	if (len < 0 && errno == EAGAIN)
		return true;
	if (len <= 0)
		die("the server closed a connection");
	c->len += (size_t)len;
	c->answer[c->len] = '\0';
	size_t whole = answer_len(c);
	if (!whole || c->len < whole)
		return true;
	r->last_us = now_us();
	r->took_us[r->took_len++] = r->last_us - c->sent_us;
	if (settle(r, c, (int)number(c->answer + sizeof "HTTP/1.1 " - 1))) {
		r->done++;
		return next_family(r, c);
	}
	send_request(r, c);
	return true;
}

static void read_families(struct run *r, const char *path, int skip)
{
	static int per_prison[1000];
	FILE *f = fopen(path, "r");
	struct family family;
	r->families = calloc((size_t)r->count, sizeof *r->families);
	for (int i = 0; f && i < skip + r->count; i++) {
		memset(&family, 0, sizeof family);
		if (fscanf(f, "%63s %63s %lld %lld %d", family.cookie, family.csrf,
			   &family.prisoner, &family.person, &family.prison) != 5)
			die("too few families");
		family.number = per_prison[family.prison % 1000]++;
		if (i >= skip)
			r->families[i - skip] = family;
	}
	if (!f || fclose(f) != 0)
		die(path);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double quantile(const struct run *r, double q)
{
	return r->took_len ? r->took_us[(int)((r->took_len - 1) * q)] / 1000 : 0;
}

/* Of the families that went without: how many asked first earlier than half of those who were served. */
static double late_served(const struct run *r)
{
	double *served = calloc((size_t)r->count, sizeof *served);
	int served_len = 0, without = 0, early = 0;
	for (int i = 0; i < r->count; i++)
		if (r->families[i].served)
			served[served_len++] = r->families[i].first_us;
	qsort(served, (size_t)served_len, sizeof *served, by_size);
	double half = served_len ? served[served_len / 2] : 0;
	for (int i = 0; i < r->count; i++) {
		without += !r->families[i].served;
		early += !r->families[i].served && r->families[i].first_us < half;
	}
	free(served);
	return without ? (double)early / without : 0;
}

static void report(struct run *r)
{
	double took = (r->last_us - r->begun_us) / 1e6;
	qsort(r->took_us, (size_t)r->took_len, sizeof *r->took_us, by_size);
	printf("{\"families\": %d, \"requests\": %d, \"booked\": %d, \"refused\": %d, \"failed\": "
	       "%d, \"5xx\": %d, "
	       "\"seconds\": %.3f, \"per_s\": %.1f, \"p50_ms\": %.2f, \"p99_ms\": %.2f, "
	       "\"early_without\": %.3f, \"generator_cpu_ms\": %.3f}\n",
	       r->count, r->took_len, r->booked, r->refused, r->failed, r->by_status[5], took,
	       r->booked / took, quantile(r, 0.5), quantile(r, 0.99), late_served(r),
	       (double)clock() * 1000 / CLOCKS_PER_SEC / r->took_len);
}

static void go(struct run *r, int clients)
{
	struct epoll_event events[256];
	struct client *list = calloc((size_t)clients, sizeof *list);
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	for (int i = 0; i < clients; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = &list[i] };
		list[i].fd = dial(r->port);
		(void)epoll_ctl(epoll, EPOLL_CTL_ADD, list[i].fd, &event);
	}
	r->begun_us = now_us();
	for (int i = 0; i < clients; i++)
		(void)next_family(r, &list[i]);
	while (r->done < r->count && now_us() - r->begun_us < WAIT_S * 1e6) {
		int n = epoll_wait(epoll, events, 256, 1000);
		for (int i = 0; i < n; i++)
			(void)on_answer(r, events[i].data.ptr);
	}
	for (int i = 0; i < clients; i++)
		close(list[i].fd);
	free(list);
	close(epoll);
}

int main(int argc, char **argv)
{
	if (argc != 10)
		return 2;
	struct run r = { .port = (int)number(argv[1]),
			 .count = (int)number(argv[5]),
			 .start = number(argv[6]),
			 .terminals = (int)number(argv[7]),
			 .rush = strcmp(argv[8], "rush") == 0,
			 .acknowledged = fopen(argv[9], "w") };
	if (!r.acknowledged)
		die(argv[9]);
	read_families(&r, argv[3], (int)number(argv[4]));
	r.took_us = calloc((size_t)r.count * TRIES_MAX, sizeof *r.took_us);
	go(&r, (int)number(argv[2]));
	report(&r);
	if (fclose(r.acknowledged) != 0)
		die(argv[9]);
	free(r.took_us);
	free(r.families);
	return r.done == r.count ? 0 : 1;
}
