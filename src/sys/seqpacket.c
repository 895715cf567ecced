#include "sys/seqpacket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	/* Room for a resync of a full pvl-media while pvl-web is busy. */
	BUFFER_BYTES = 1 << 20,
};

union pass {
	size_t align; /* of struct cmsghdr */
	char room[CMSG_SPACE(sizeof(int))];
};

enum err seqpacket_pair(int ends[2])
{
	const int room = BUFFER_BYTES;
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
		return ERR_SYS;
	for (int i = 0; i < 2; i++) {
		/* Beyond net.core.wmem_max only root may; what we get is good enough. */
		if (setsockopt(pair[i], SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room) < 0)
			(void)setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
		ends[i] = pair[i];
	}
	return OK;
}

static enum err err_of_errno(void)
{
	if (errno == EAGAIN || errno == ENOBUFS)
		return ERR_AGAIN;
	return errno == EPIPE || errno == ECONNRESET || errno == ENOTCONN ? ERR_CLOSED : ERR_SYS;
}

bool seqpacket_is(int fd)
{
	int domain = 0, type = 0;
	socklen_t len = sizeof domain;
	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0 || domain != AF_UNIX)
		return false;
	len = sizeof type;
	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_SEQPACKET;
}

enum err seqpacket_send(int fd, struct bytes message, int pass)
{
	union pass control = { 0 };
	struct iovec iov = { .iov_len = message.len };
	memcpy(&iov.iov_base, &message.at, sizeof iov.iov_base); /* sendmsg only reads it */
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	if (pass >= 0) {
		m.msg_control = control.room;
		m.msg_controllen = sizeof control.room;
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof pass);
		memcpy(CMSG_DATA(c), &pass, sizeof pass);
	}
	ssize_t n;
	do
		n = sendmsg(fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	return n < 0 ? err_of_errno() : OK;
}

static int passed_fd(struct msghdr *m)
{
	int fd = -1;
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(c), sizeof fd);
	return fd;
}

enum err seqpacket_receive(int fd, uint8_t *at, size_t cap, size_t *len, int *passed)
{
	union pass control = { 0 };
	struct iovec iov = { .iov_base = at, .iov_len = cap };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	m.msg_control = control.room;
	m.msg_controllen = sizeof control.room;
	ssize_t n;
	do
		n = recvmsg(fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_of_errno();
	int got = passed_fd(&m);
	bool whole = n > 0 && !(m.msg_flags & MSG_TRUNC);
	if (got >= 0 && (!passed || !whole)) {
		close(got);
		got = -1;
	}
	if (!whole)
		return n == 0 ? ERR_CLOSED : ERR_LIMIT;
	*len = (size_t)n;
	if (passed)
		*passed = got;
	return OK;
}
