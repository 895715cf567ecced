/*
 * pvl-paper.c - one document made into a PDF (paper/pdf.h).
 *
 * usage: pvl-paper LENGTH: reads so many bytes from descriptor 3, writes the PDF to
 * descriptor 4, exits with 0; 1: it is no document, or too long.  Before the first byte
 * of the document is looked at it gives up all but memory and the files of the
 * fonts, which it may read: no other file, no socket, 512 MiB, 4 seconds.
 * sys/decoder.h starts it, and ends it when it takes too long.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/assert.h"
#include "paper/document.h"
#include "paper/pdf.h"
#include "sys/sandbox.h"
#include "sys/whole.h"

enum {
	FD_IN = 3,
	FD_OUT = 4,
	MEMORY_MAX = 512 << 20,
	CPU_S_MAX = 4,
};

static const char FONTS[] = "/usr/share/fonts/truetype/dejavu"; /* fonts-dejavu-core */

static const struct sandbox_call calls[] = {
	{ SYS_write, "the file; the line of a failed ASSERT" },
	{ SYS_mmap, "memory" },
	{ SYS_munmap, "memory" },
	{ SYS_mremap, "memory" },
	{ SYS_mprotect, "memory" },
	{ SYS_madvise, "memory" },
	{ SYS_brk, "memory" },
	{ SYS_futex, "libraries' locks" },
	{ SYS_clone, "a thread of pango's, for each size of letters: it computes as we do" },
	{ SYS_clone3, "likewise" },
	{ SYS_set_robust_list, "a thread begins" },
	{ SYS_rseq, "a thread begins" },
	{ SYS_rt_sigprocmask, "a thread begins" },
	{ SYS_sched_getaffinity, "a thread begins" },
	{ SYS_exit, "a thread ends" },
	{ SYS_sigaltstack, "a thread begins and ends, sanitized" },
	{ SYS_gettid, "a thread begins, sanitized" },
	{ SYS_getpid, "a thread begins, sanitized" },
	{ SYS_openat, "the fonts (Landlock: nothing else)" },
	{ SYS_read, "the fonts" },
	{ SYS_lseek, "the fonts" },
	{ SYS_fstat, "the fonts" },
	{ SYS_newfstatat, "the fonts" },
	{ SYS_fcntl, "the fonts" },
	{ SYS_access, "the fonts" },
	{ SYS_clock_gettime, "the file's date, where there is no vdso" },
	{ SYS_close, "the fonts" },
	{ SYS_rt_sigreturn, "signals" },
	{ SYS_exit_group, "the end" },
};

static enum err enter_sandbox(void)
{
	static const struct sandbox_path paths[] = { { .path = FONTS } };
	struct sandbox_report report;
	struct sandbox_plan plan = { .keep_user = true, /* whoever starts us chose it */
				     .open_files_max = 32,
				     .memory_max = MEMORY_MAX,
				     .cpu_s_max = CPU_S_MAX,
				     .calls = calls,
				     .calls_len = ARRAY_LEN(calls),
				     .paths = paths,
				     .paths_len = ARRAY_LEN(paths) };
#ifdef __SANITIZE_ADDRESS__
	plan.memory_max = 0; /* its shadow alone is terabytes */
#endif
	return sandbox_enter(&plan, NULL, &report);
}

/* _exit: what was allocated goes with the process. */
int main(int argc, char **argv)
{
	uint64_t len = 0;
	struct pdf *pdf;
	struct buf out = buf_of(PDF_MAX);
	if (argc != 2 || !str_u64(str_from(argv[1]), DOCUMENT_MAX, &len) || len == 0)
		return 2;
	char *in = malloc(len);
	if (in == NULL || !whole_read(FD_IN, in, len) || enter_sandbox() != OK ||
	    pdf_open(FONTS, &pdf) != OK)
		return 2;
	enum err err = pdf_write(pdf, str_of(in, len), &out);
	struct str view = buf_view(&out);
	_exit(err == OK && whole_write(FD_OUT, bytes_of(view.at, view.len)) ? 0 : 1);
}
