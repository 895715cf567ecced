#include "sys/entropy.h"

#include <errno.h>
#include <sys/random.h>

#include "base/assert.h"

static void kernel_fill(struct random *self, void *at, size_t len)
{
	(void)self;
	uint8_t *out = at;
	while (len) {
		ssize_t n = getrandom(out, len, 0);
		if (n < 0 && errno == EINTR)
			continue;
		ASSERT(n > 0);
		out += n;
		len -= (size_t)n;
	}
}

struct random entropy_random(void)
{
	return (struct random){ .fill = kernel_fill };
}
