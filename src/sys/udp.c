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
	SEGMENTS_MIN = 2,
	SEGMENTS_BYTES = 64000, /* of one message, below the 65,507 of IPv4 */
	CLOCKS_APART_US = 50,
	CLOCKS_TRIES = 5,
};

/* What recvmmsg fills. */
struct udp_inbox_room {
	struct mmsghdr headers[UDP_IN_MAX];
	struct iovec parts[UDP_IN_MAX];
	struct sockaddr_storage from[UDP_IN_MAX];
	union {
		size_t align; /* of struct cmsghdr */
		char room[CMSG_SPACE(sizeof(struct timespec)) +
			  CMSG_SPACE(sizeof(struct in6_pktinfo))];
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

static bool is_any(const struct address *at)
{
	static const uint8_t zeros[sizeof at->ip];
	return memcmp(at->ip, zeros, sizeof zeros) == 0;
}

/* Each datagram is to tell to which address it came. */
static enum err ask_for_destinations(int fd, enum address_family family)
{
	int on = 1;
	int failed = family == ADDRESS_IPV6
			 ? setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on)
			 : setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof on);
	return failed ? ERR_SYS : OK;
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
	if (is_any(at) && ask_for_destinations(fd, at->family))
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
static struct mono arrival(struct timespec stamp, struct timespec wall, struct mono now)
{
	int64_t ago_us =
	    (int64_t)(wall.tv_sec - stamp.tv_sec) * 1000000 + (wall.tv_nsec - stamp.tv_nsec) / 1000;
	return ago_us > 0 && ago_us < 1000000 ? mono_add_us(now, -ago_us) : now;
}

/* The number of an own address; 0 when there is no room for one more. */
static uint8_t local_number(struct udp_locals *locals, const struct address *own)
{
	for (uint8_t i = 0; i < locals->count; i++)
		if (address_same_host(&locals->at[i], own))
			return (uint8_t)(i + 1);
	if (locals->count == UDP_LOCALS_MAX)
		return 0;
	locals->at[locals->count] = *own;
	return ++locals->count;
}

static bool is_of(const struct cmsghdr *c, int level, int type)
{
	return c->cmsg_level == level && c->cmsg_type == type;
}

static bool destination(struct cmsghdr *c, struct address *own)
{
	if (is_of(c, IPPROTO_IP, IP_PKTINFO)) {
		struct in_pktinfo info;
		uint8_t ip[4];
		memcpy(&info, CMSG_DATA(c), sizeof info);
		memcpy(ip, &info.ipi_spec_dst, sizeof ip);
		*own = address_ipv4(ip, 0);
		return true;
	}
	if (is_of(c, IPPROTO_IPV6, IPV6_PKTINFO)) {
		struct in6_pktinfo info;
		memcpy(&info, CMSG_DATA(c), sizeof info);
		*own = address_ipv6(info.ipi6_addr.s6_addr, 0);
		return !IN6_IS_ADDR_MULTICAST(&info.ipi6_addr);
	}
	return false;
}

static void read_control(struct msghdr *m, struct udp_locals *locals, struct timespec wall,
			 struct udp_in *in)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		struct address own;
		struct timespec stamp;
		if (is_of(c, SOL_SOCKET, SCM_TIMESTAMPNS)) {
			memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
			in->arrived = arrival(stamp, wall, in->arrived);
		} else if (locals && destination(c, &own)) {
			in->from.via = local_number(locals, &own);
		}
	}
}

/* Both clocks at one time: read again where the kernel let somebody else run in between. */
static struct mono both_clocks(struct timespec *wall)
{
	struct mono before, after;
	int tries = 0;
	do {
		before = mono_now();
		clock_gettime(CLOCK_REALTIME, wall);
		after = mono_now();
	} while (mono_diff_us(after, before) > CLOCKS_APART_US && ++tries < CLOCKS_TRIES);
	return after;
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
	struct mono now = both_clocks(&wall);
	for (int i = 0; i < n; i++) {
		struct msghdr *m = &r->headers[i].msg_hdr;
		struct udp_in *in = &inbox->in[inbox->count];
		if ((m->msg_flags & MSG_TRUNC) || !address_from_kernel(&r->from[i], &in->from)) {
			inbox->dropped++;
			continue;
		}
		in->at = r->bytes[i];
		in->len = r->headers[i].msg_len;
		in->arrived = now;
		read_control(m, inbox->locals, wall, in);
		inbox->count++;
	}
	return true;
}

#define UNINITIALISED __attribute__((uninitialized))

/* One udp_send() under way: messages made of runs of datagrams. */
struct outbox {
	struct mmsghdr headers[UDP_OUT_MAX];
	struct iovec parts[UDP_OUT_MAX];
	struct sockaddr_storage to[UDP_OUT_MAX];
	union {
		size_t align; /* of struct cmsghdr */
		char room[CMSG_SPACE(sizeof(uint16_t)) + CMSG_SPACE(sizeof(struct in6_pktinfo))];
	} control[UDP_OUT_MAX];
	size_t first[UDP_OUT_MAX]; /* datagram with which the message begins */
	size_t runs[UDP_OUT_MAX];  /* datagrams in it */
	unsigned count;
};

/* How many datagrams from here have one destination and size; the last may be shorter. */
static size_t run_length(const struct udp_out *out, size_t count)
{
	size_t n = 1;
	size_t len = out[0].bytes.len;
	while (n < count && out[n - 1].bytes.len == len && out[n].bytes.len <= len &&
	       out[n].bytes.len > 0 && (n + 1) * len <= SEGMENTS_BYTES &&
	       address_equal(&out[n].to, &out[0].to))
		n++;
	return n >= SEGMENTS_MIN && len > 0 ? n : 1;
}

/* One more control message, in the room that msg_control points to. */
static void control_add(struct msghdr *m, int level, int type, const void *data, size_t len)
{
	struct cmsghdr c = { .cmsg_level = level, .cmsg_type = type, .cmsg_len = CMSG_LEN(len) };
	uint8_t *at = (uint8_t *)m->msg_control + m->msg_controllen;
	memcpy(at, &c, sizeof c);
	memcpy(at + CMSG_LEN(0), data, len);
	m->msg_controllen += CMSG_SPACE(len);
}

/* From the own address to which the peer wrote. */
static void control_local(struct msghdr *m, const struct udp_locals *locals,
			  const struct address *to)
{
	if (!locals || to->via == 0 || to->via > locals->count)
		return;
	const struct address *own = &locals->at[to->via - 1];
	if (own->family == ADDRESS_IPV4) {
		struct in_pktinfo info = { 0 };
		memcpy(&info.ipi_spec_dst, own->ip, sizeof info.ipi_spec_dst);
		control_add(m, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
	} else {
		struct in6_pktinfo info = { 0 };
		memcpy(&info.ipi6_addr, own->ip, sizeof info.ipi6_addr);
		control_add(m, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
	}
}

static void outbox_fill(struct outbox *box, const struct udp_sender *sender,
			const struct udp_out *out, size_t from, size_t count, bool segments)
{
	box->count = 0;
	while (from < count) {
		unsigned i = box->count++;
		struct msghdr *m = &box->headers[i].msg_hdr;
		size_t run = segments ? run_length(out + from, count - from) : 1;
		uint16_t size = (uint16_t)out[from].bytes.len;
		box->first[i] = from;
		box->runs[i] = run;
		*m = (struct msghdr){ .msg_name = &box->to[i],
				      .msg_iov = &box->parts[from],
				      .msg_control = box->control[i].room };
		m->msg_namelen = address_to_kernel(&out[from].to, &box->to[i]);
		m->msg_iovlen = run;
		control_local(m, sender->locals, &out[from].to);
		if (run > 1)
			control_add(m, SOL_UDP, UDP_SEGMENT, &size, sizeof size);
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

/* One datagram is what the kernel could not take: the others still get their chance.
 * SIZE_MAX, or the first datagram of a run that was refused with what refuses segments. */
static size_t outbox_send(struct udp_sender *sender, struct outbox *box, struct udp_out *out)
{
	unsigned done = 0;
	while (done < box->count) {
		int n = sendmmsg(sender->fd, box->headers + done, box->count - done, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && box->runs[done] > 1 && (errno == EINVAL || errno == EIO))
			return box->first[done];
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
	UNINITIALISED struct outbox box; /* 18 KiB, of which two datagrams need a twentieth */
	size_t lost = 0;
	ASSERT(count <= UDP_OUT_MAX);
	for (size_t i = 0; i < count; i++) {
		box.parts[i].iov_len = out[i].bytes.len;
		memcpy(&box.parts[i].iov_base, &out[i].bytes.at, sizeof box.parts[i].iov_base);
	}
	outbox_fill(&box, sender, out, 0, count, !sender->no_segments);
	size_t refused = outbox_send(sender, &box, out);
	if (refused < count) {
		outbox_fill(&box, sender, out, refused, count, false);
		(void)outbox_send(sender, &box, out);
		/* Otherwise it was not the segments: an own address that is gone, say. */
		sender->no_segments = out[refused].fate == UDP_SENT;
	}
	for (size_t i = 0; i < count; i++)
		lost += out[i].fate != UDP_SENT;
	return lost;
}
