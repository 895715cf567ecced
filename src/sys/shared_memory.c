#include "sys/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SEALS = F_SEAL_SHRINK | F_SEAL_GROW,
};

enum err shared_memory_new(size_t len, int *fd)
{
	int made = memfd_create("pvl", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (made < 0)
		return ERR_SYS;
	if (ftruncate(made, (off_t)len) < 0 || fcntl(made, F_ADD_SEALS, SEALS | F_SEAL_SEAL) < 0) {
		close(made);
		return ERR_SYS;
	}
	*fd = made;
	return OK;
}

void *shared_memory_map(int fd, size_t len)
{
	struct stat file;
	int seals = fcntl(fd, F_GET_SEALS);
	if (seals < 0 || (seals & SEALS) != SEALS || fstat(fd, &file) < 0 ||
	    file.st_size != (off_t)len)
		return NULL;
	void *at = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return at == MAP_FAILED ? NULL : at;
}
