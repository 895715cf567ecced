#include "sys/udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/network_priv.h"

enum {
	SEGMENTS_MIN = 3,       /* a shorter run gains nothing */
	SEGMENTS_BYTES = 64000, /* of one message, below the 65,507 of IPv4 */
};

/* What recvmmsg fills. */
struct udp_inbox_room {
	struct mmsghdr headers[UDP_IN_MAX];
	struct iovec parts[UDP_IN_MAX];
	struct sockaddr_storage from[UDP_IN_MAX];
	union {
		size_t align; /* of struct cmsghdr */
		char room[CMSG_SPACE(sizeof(struct timespec))];
	} control[UDP_IN_MAX];
	uint8_t bytes[UDP_IN_MAX][UDP_DATAGRAM];
};

/* Beyond net.core.*mem_max only root may; what we get otherwise is good enough. */
static void ask_for_buffers(int fd)
{
	int bytes = UDP_BUFFER;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

static enum err bind_to(int fd, const struct address *at)
{
	struct sockaddr_storage s;
	int on = 1;
	socklen_t len = address_to_kernel(at, &s);
	if (at->family == ADDRESS_IPV6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0)
		return ERR_SYS;
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0)
		return ERR_SYS;
	ask_for_buffers(fd);
	if (bind(fd, (struct sockaddr *)&s, len) == 0)
		return OK;
	return err_of_bind();
}

enum err udp_open(const struct address *at, int *fd)
{
	int family = at->family == ADDRESS_IPV6 ? AF_INET6 : AF_INET;
	int s = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_UDP);
	if (s < 0)
		return err_of_bind();
	enum err err = bind_to(s, at);
	if (err)
		close(s);
	else
		*fd = s;
	return err;
}

enum err udp_local(int fd, struct address *out)
{
	struct sockaddr_storage s = { 0 };
	socklen_t len = sizeof s;
	if (getsockname(fd, (struct sockaddr *)&s, &len) < 0 || !address_from_kernel(&s, out))
		return ERR_SYS;
	return OK;
}

void udp_inbox_init(struct udp_inbox *inbox)
{
	*inbox = (struct udp_inbox){ .room = mem_new(1, sizeof *inbox->room) };
	struct udp_inbox_room *r = inbox->room;
	for (size_t i = 0; i < UDP_IN_MAX; i++) {
		r->parts[i] = (struct iovec){ .iov_base = r->bytes[i], .iov_len = UDP_DATAGRAM };
		r->headers[i].msg_hdr.msg_iov = &r->parts[i];
		r->headers[i].msg_hdr.msg_iovlen = 1;
		r->headers[i].msg_hdr.msg_name = &r->from[i];
		r->headers[i].msg_hdr.msg_control = r->control[i].room;
	}
}

void udp_inbox_clear(struct udp_inbox *inbox)
{
	free(inbox->room);
	*inbox = (struct udp_inbox){ 0 };
}

/* The stamp is wall time; what has passed since then, taken off now, is monotonic: both clocks
 * were read at one time.  A clock that was set meanwhile must not move a packet by more than a
 * second. */
static struct mono arrival(struct msghdr *m, struct timespec wall, struct mono now)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	struct timespec t;
	if (!c || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS)
		return now;
	memcpy(&t, CMSG_DATA(c), sizeof t);
	int64_t ago_us =
	    (int64_t)(wall.tv_sec - t.tv_sec) * 1000000 + (wall.tv_nsec - t.tv_nsec) / 1000;
	return ago_us > 0 && ago_us < 1000000 ? mono_add_us(now, -ago_us) : now;
}

bool udp_receive(int fd, struct udp_inbox *inbox)
{
	struct udp_inbox_room *r = inbox->room;
	struct timespec wall;
	for (size_t i = 0; i < UDP_IN_MAX; i++) {
		r->headers[i].msg_hdr.msg_namelen = sizeof r->from[i];
		r->headers[i].msg_hdr.msg_controllen = sizeof r->control[i].room;
	}
	inbox->count = inbox->dropped = 0;
	int n;
	do /* an ICMP error that waits on the socket is no reason to stop reading */
		n = recvmmsg(fd, r->headers, UDP_IN_MAX, MSG_DONTWAIT, NULL);
	while (n < 0 && (errno == EINTR || errno == ECONNREFUSED));
	if (n <= 0)
		return false;
	clock_gettime(CLOCK_REALTIME, &wall);
	struct mono now = mono_now();
	for (int i = 0; i < n; i++) {
		struct msghdr *m = &r->headers[i].msg_hdr;
		struct udp_in *in = &inbox->in[inbox->count];
		if ((m->msg_flags & MSG_TRUNC) || !address_from_kernel(&r->from[i], &in->from)) {
			inbox->dropped++;
			continue;
		}
		in->at = r->bytes[i];
		in->len = r->headers[i].msg_len;
		in->arrived = arrival(m, wall, now);
		inbox->count++;
	}
	return true;
}

/* One udp_send() under way: messages made of runs of datagrams. */
struct outbox {
	struct mmsghdr headers[UDP_OUT_MAX];
	struct iovec parts[UDP_OUT_MAX];
	struct sockaddr_storage to[UDP_OUT_MAX];
	union {
		size_t align; /* of struct cmsghdr */
		char room[CMSG_SPACE(sizeof(uint16_t))];
	} control[UDP_OUT_MAX];
	size_t first[UDP_OUT_MAX]; /* datagram with which the message begins */
	size_t runs[UDP_OUT_MAX];  /* datagrams in it */
	unsigned count;
};

/* How many datagrams from here have one size and destination. */
static size_t run_length(const struct udp_out *out, size_t count)
{
	size_t n = 1;
	size_t len = out[0].bytes.len;
	while (n < count && out[n].bytes.len == len && (n + 1) * len <= SEGMENTS_BYTES &&
	       address_equal(&out[n].to, &out[0].to))
		n++;
	return n >= SEGMENTS_MIN && len > 0 ? n : 1;
}

static void set_segment(struct msghdr *m, void *room, size_t room_len, uint16_t size)
{
	m->msg_control = room;
	m->msg_controllen = room_len;
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	c->cmsg_level = SOL_UDP;
	c->cmsg_type = UDP_SEGMENT;
	c->cmsg_len = CMSG_LEN(sizeof size);
	memcpy(CMSG_DATA(c), &size, sizeof size);
}

static void outbox_fill(struct outbox *box, const struct udp_out *out, size_t from, size_t count,
			bool segments)
{
	box->count = 0;
	while (from < count) {
		unsigned i = box->count++;
		struct msghdr *m = &box->headers[i].msg_hdr;
		size_t run = segments ? run_length(out + from, count - from) : 1;
		box->first[i] = from;
		box->runs[i] = run;
		*m = (struct msghdr){ .msg_name = &box->to[i], .msg_iov = &box->parts[from] };
		m->msg_namelen = address_to_kernel(&out[from].to, &box->to[i]);
		m->msg_iovlen = run;
		if (run > 1)
			set_segment(m, box->control[i].room, sizeof box->control[i].room,
				    (uint16_t)out[from].bytes.len);
		from += run;
	}
}

static enum udp_fate fate_of_errno(void)
{
	return errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM ? UDP_FULL : UDP_REFUSED;
}

static void set_fates(struct udp_out *out, size_t first, size_t count, enum udp_fate fate)
{
	for (size_t i = 0; i < count; i++)
		out[first + i].fate = fate;
}

/* One datagram is what the kernel could not take: the others still get their chance. */
static size_t outbox_send(struct udp_sender *sender, struct outbox *box, struct udp_out *out)
{
	unsigned done = 0;
	while (done < box->count) {
		int n = sendmmsg(sender->fd, box->headers + done, box->count - done, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && box->runs[done] > 1 && (errno == EINVAL || errno == EIO)) {
			sender->no_segments = true;
			return box->first[done];
		}
		unsigned moved = n > 0 ? (unsigned)n : 1;
		enum udp_fate fate = n > 0 ? UDP_SENT : fate_of_errno();
		for (unsigned i = done; i < done + moved; i++) {
			set_fates(out, box->first[i], box->runs[i], fate);
			sender->messages += fate == UDP_SENT;
			sender->segmented += fate == UDP_SENT && box->runs[i] > 1;
		}
		done += moved;
	}
	return SIZE_MAX;
}

size_t udp_send(struct udp_sender *sender, struct udp_out *out, size_t count)
{
	struct outbox box;
	size_t from = 0, lost = 0;
	ASSERT(count <= UDP_OUT_MAX);
	for (size_t i = 0; i < count; i++) {
		box.parts[i].iov_len = out[i].bytes.len;
		memcpy(&box.parts[i].iov_base, &out[i].bytes.at, sizeof box.parts[i].iov_base);
	}
	do {
		outbox_fill(&box, out, from, count, !sender->no_segments);
		from = outbox_send(sender, &box, out);
	} while (from < count); /* once more without segments */
	for (size_t i = 0; i < count; i++)
		lost += out[i].fate != UDP_SENT;
	return lost;
}
