#include "sys/slots.h"

#include <sys/mman.h>
#include <unistd.h>

#include "../check.h"

static uint8_t record[SLOT_RECORD_MAX];
static size_t len;

static int new_file(void)
{
	int fd = memfd_create("slots", MFD_CLOEXEC);
	CHECK(fd >= 0);
	return fd;
}

static void write_text(struct slots *slots, const char *text)
{
	CHECK(slots_write(slots, bytes_from_text(text)) == OK);
}

static bool holds(int fd, const char *text)
{
	struct slots slots;
	return slots_open(fd, &slots, record, &len) == OK &&
	       bytes_equal(bytes_of(record, len), bytes_from_text(text));
}

static void the_newest_record_is_read(void **state)
{
	(void)state;
	struct slots slots;
	int fd = new_file();
	CHECK(slots_open(fd, &slots, record, &len) == ERR_NOT_FOUND);
	write_text(&slots, "one");
	CHECK(holds(fd, "one"));
	write_text(&slots, "two");
	CHECK(holds(fd, "two"));
	CHECK(slots_open(fd, &slots, record, &len) == OK && slots.number == 2);
	write_text(&slots, "");
	CHECK(holds(fd, ""));
	close(fd);
}

/* A power cut leaves any part of the new record, and of what stood there before. */
static void a_torn_write_leaves_the_record_before(void **state)
{
	(void)state;
	uint8_t before[2 * SLOT_SIZE] = { 0 }, after[2 * SLOT_SIZE] = { 0 };
	struct slots slots;
	int fd = new_file();
	CHECK(slots_open(fd, &slots, record, &len) == ERR_NOT_FOUND);
	write_text(&slots, "old, which was kept");
	write_text(&slots, "kept");
	CHECK(pread(fd, before, sizeof before, 0) == (ssize_t)sizeof before);
	write_text(&slots, "new");
	CHECK(pread(fd, after, sizeof after, 0) == (ssize_t)sizeof after);
	for (size_t cut = 0; cut <= SLOT_SIZE; cut += cut < 80 ? 1 : 512) {
		uint8_t torn[2 * SLOT_SIZE];
		memcpy(torn, before, sizeof torn);
		memcpy(torn + SLOT_SIZE, after + SLOT_SIZE, cut);
		CHECK(pwrite(fd, torn, sizeof torn, 0) == (ssize_t)sizeof torn);
		CHECK(holds(fd, "kept") || holds(fd, "new"));
	}
	close(fd);
}

static void a_first_record_that_never_came_whole_is_none(void **state)
{
	(void)state;
	struct slots slots;
	int fd = new_file();
	CHECK(slots_open(fd, &slots, record, &len) == ERR_NOT_FOUND);
	write_text(&slots, "first");
	CHECK(pwrite(fd, "x", 1, SLOT_SIZE + 20) == 1);
	CHECK(slots_open(fd, &slots, record, &len) == ERR_NOT_FOUND);
	close(fd);
}

static void damage_to_both_places_is_told(void **state)
{
	(void)state;
	struct slots slots;
	int fd = new_file();
	CHECK(slots_open(fd, &slots, record, &len) == ERR_NOT_FOUND);
	write_text(&slots, "one");
	write_text(&slots, "two");
	CHECK(pwrite(fd, "x", 1, 15) == 1);
	CHECK(holds(fd, "one"));
	CHECK(pwrite(fd, "x", 1, SLOT_SIZE + 15) == 1);
	CHECK(slots_open(fd, &slots, record, &len) == ERR_BAD);
	close(fd);
}

static void a_disk_that_refuses_is_told(void **state)
{
	(void)state;
	struct slots slots;
	int fd = new_file();
	CHECK(slots_open(fd, &slots, record, &len) == ERR_NOT_FOUND);
	write_text(&slots, "one");
	slots.fd = -1;
	CHECK(slots_write(&slots, bytes_from_text("two")) == ERR_SYS && slots.number == 1);
	CHECK(holds(fd, "one"));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_newest_record_is_read),
		TEST(a_torn_write_leaves_the_record_before),
		TEST(a_first_record_that_never_came_whole_is_none),
		TEST(damage_to_both_places_is_told),
		TEST(a_disk_that_refuses_is_told),
	};
	return RUN("sys/slots", tests);
}
