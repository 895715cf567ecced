#include "sys/signals.h"

#include <signal.h>
#include <sys/signalfd.h>

enum err signals_open(const int *numbers, size_t count, int *fd)
{
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < count; i++)
		sigaddset(&set, numbers[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return ERR_SYS;
	*fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return *fd < 0 ? ERR_SYS : OK;
}
