#include "sys/tcp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "sys/network_priv.h"

enum {
	BACKLOG = 512,
};

static enum err listen_at(int fd, const struct address *at, bool one_family)
{
	struct sockaddr_storage s;
	socklen_t len = address_to_kernel(at, &s);
	int on = 1, alone = one_family;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
		return ERR_SYS;
	if (at->family == ADDRESS_IPV6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &alone, sizeof alone) < 0)
		return ERR_SYS;
	if (bind(fd, (struct sockaddr *)&s, len) < 0 || listen(fd, BACKLOG) < 0)
		return err_of_bind();
	return OK;
}

/* Linux hands these on from the listening socket to its connections. */
static enum err prepare_for_media(int fd)
{
	int on = 1, unsent = TCP_UNSENT_BYTES;
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent) < 0 ||
	    setsockopt(fd, IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, &on, sizeof on) < 0)
		return ERR_SYS;
	return OK;
}

static enum err open_at(const struct address *at, bool media, int *fd)
{
	int family = at->family == ADDRESS_IPV6 ? AF_INET6 : AF_INET;
	int s = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s < 0)
		return err_of_bind();
	enum err err = media ? prepare_for_media(s) : OK;
	if (!err)
		err = listen_at(s, at, media);
	if (err)
		close(s);
	else
		*fd = s;
	return err;
}

enum err tcp_listen(const struct address *at, int *fd)
{
	return open_at(at, false, fd);
}

enum err tcp_listen_media(const struct address *at, int *fd)
{
	return open_at(at, true, fd);
}

enum err tcp_local(int fd, struct address *out)
{
	struct sockaddr_storage s = { 0 };
	socklen_t len = sizeof s, known = sizeof(int);
	int listens = 0;
	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &known) < 0 || !listens ||
	    getsockname(fd, (struct sockaddr *)&s, &len) < 0 || !address_from_kernel(&s, out))
		return ERR_SYS;
	out->tcp = true;
	return OK;
}

static enum err err_of_accept(void)
{
	switch (errno) {
	case EAGAIN:
		return ERR_AGAIN;
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		return ERR_LIMIT;
	default: /* accept(2): errors of the new connection itself are told here */
		return ERR_CLOSED;
	}
}

enum err tcp_accept(int listener, int *fd, struct address *from)
{
	struct sockaddr_storage s = { 0 };
	socklen_t len = sizeof s;
	int got = accept4(listener, (struct sockaddr *)&s, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (got < 0)
		return err_of_accept();
	if (!address_from_kernel(&s, from)) {
		close(got);
		return ERR_CLOSED;
	}
	from->tcp = true;
	*fd = got;
	return OK;
}

enum err tcp_read(int fd, uint8_t *at, size_t cap, size_t *len)
{
	ssize_t n = recv(fd, at, cap, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? ERR_AGAIN : ERR_CLOSED;
	*len = (size_t)n;
	return n > 0 ? OK : ERR_CLOSED;
}

enum err tcp_write(int fd, struct bytes bytes, size_t *len)
{
	ssize_t n = send(fd, bytes.at, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? ERR_AGAIN : ERR_CLOSED;
	*len = (size_t)n;
	return OK;
}
