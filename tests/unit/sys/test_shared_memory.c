#include "sys/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../check.h"

enum {
	LEN = 3 * 4096,
};

static void what_one_writes_another_reads(void **state)
{
	(void)state;
	int fd;
	CHECK(shared_memory_new(LEN, &fd) == OK);
	uint8_t *one = shared_memory_map(fd, LEN), *other = shared_memory_map(fd, LEN);
	CHECK(one != NULL && other != NULL && one != other);
	CHECK(other[LEN - 1] == 0);
	one[LEN - 1] = 7;
	CHECK(other[LEN - 1] == 7);
	munmap(one, LEN);
	munmap(other, LEN);
	close(fd);
}

static void nobody_makes_it_shorter_or_longer(void **state)
{
	(void)state;
	int fd;
	CHECK(shared_memory_new(LEN, &fd) == OK);
	CHECK(ftruncate(fd, 4096) < 0 && ftruncate(fd, 2 * LEN) < 0);
	CHECK(ftruncate(fd, 0) < 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) < 0);
	close(fd);
}

static void what_could_become_shorter_is_not_taken(void **state)
{
	(void)state;
	int fd = memfd_create("open", MFD_CLOEXEC | MFD_ALLOW_SEALING), pipes[2], made;
	CHECK(fd >= 0 && ftruncate(fd, LEN) == 0);
	CHECK(shared_memory_map(fd, LEN) == NULL);
	CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) == 0);
	CHECK(shared_memory_map(fd, LEN) == NULL);
	CHECK(pipe2(pipes, O_CLOEXEC) == 0 && shared_memory_map(pipes[0], LEN) == NULL);
	CHECK(shared_memory_map(-1, LEN) == NULL);
	CHECK(shared_memory_new(LEN, &made) == OK && shared_memory_map(made, LEN / 3) == NULL);
	close(fd);
	close(pipes[0]);
	close(pipes[1]);
	close(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_one_writes_another_reads),
		TEST(nobody_makes_it_shorter_or_longer),
		TEST(what_could_become_shorter_is_not_taken),
	};
	return RUN("sys/shared_memory", tests);
}
