#include "sys/tcp.h"

#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

#include "sys/network_priv.h"

enum {
	BACKLOG = 512,
};

static enum err listen_at(int fd, const struct address *at)
{
	struct sockaddr_storage s;
	socklen_t len = address_to_kernel(at, &s);
	int on = 1, off = 0;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
		return ERR_SYS;
	if (at->family == ADDRESS_IPV6 &&
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) < 0)
		return ERR_SYS;
	if (bind(fd, (struct sockaddr *)&s, len) < 0 || listen(fd, BACKLOG) < 0)
		return err_of_bind();
	return OK;
}

enum err tcp_listen(const struct address *at, int *fd)
{
	int family = at->family == ADDRESS_IPV6 ? AF_INET6 : AF_INET;
	int s = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s < 0)
		return err_of_bind();
	enum err err = listen_at(s, at);
	if (err)
		close(s);
	else
		*fd = s;
	return err;
}
