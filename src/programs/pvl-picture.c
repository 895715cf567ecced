/*
 * pvl-picture.c - one photo that somebody sent, made again (picture/picture.h).
 *
 * usage: pvl-picture LENGTH: reads so many bytes from descriptor 3, writes the
 * new photo to descriptor 4, exits with enum picture_verdict.  Between the two
 * it may do nothing but ask for memory: no file, no socket, 256 MiB, 2 seconds.
 * sys/decoder.h starts it, and ends it when it takes too long.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/str.h"
#include "picture/picture.h"
#include "sys/sandbox.h"
#include "sys/whole.h"

enum {
	FD_IN = 3,
	FD_OUT = 4,
	MEMORY_MAX = 256 << 20,
	CPU_S_MAX = 2,
};

static const struct sandbox_call calls[] = {
	{ SYS_write, "the photo; the line of a failed ASSERT" },
	{ SYS_mmap, "memory" },
	{ SYS_munmap, "memory" },
	{ SYS_mremap, "memory" },
	{ SYS_mprotect, "memory" },
	{ SYS_madvise, "memory" },
	{ SYS_brk, "memory" },
	{ SYS_futex, "libraries' locks" },
	{ SYS_rt_sigreturn, "signals" },
	{ SYS_exit_group, "the end" },
};

static enum err enter_sandbox(void)
{
	struct sandbox_report report;
	struct sandbox_plan plan = { .keep_user = true, /* whoever starts us chose it */
				     .open_files_max =
					 8, /* no more than the sandbox itself needs */
				     .memory_max = MEMORY_MAX,
				     .cpu_s_max = CPU_S_MAX,
				     .calls = calls,
				     .calls_len = ARRAY_LEN(calls) };
#ifdef __SANITIZE_ADDRESS__
	plan.memory_max = 0; /* its shadow alone is terabytes */
#endif
	return sandbox_enter(&plan, NULL, &report);
}

/* _exit: what was allocated goes with the process. */
int main(int argc, char **argv)
{
	uint64_t len = 0;
	struct bytes out = { 0 };
	if (argc != 2 || !str_u64(str_from(argv[1]), PICTURE_UPLOAD_MAX, &len) || len == 0)
		return 2;
	uint8_t *in = malloc(len);
	if (in == NULL || !whole_read(FD_IN, in, len) || enter_sandbox() != OK)
		return PICTURE_GAVE_UP;
	enum picture_verdict verdict = picture_remake(bytes_of(in, len), &out);
	if (verdict == PICTURE_OK && !whole_write(FD_OUT, out))
		verdict = PICTURE_GAVE_UP;
	_exit((int)verdict);
}
