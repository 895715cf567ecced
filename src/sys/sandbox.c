#include "sys/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/assert.h"

enum {
	NOBODY = 65534,
};

/* Access rights by Landlock ABI (linux/landlock.h of Debian 12 knows up to 2). */
enum {
	LANDLOCK_TRUNCATE = 1 << 14, /* ABI 3 */
	LANDLOCK_IOCTL = 1 << 15,    /* ABI 5 */
	LANDLOCK_ABI1 = (1 << 13) - 1,
	LANDLOCK_REFER = 1 << 13, /* ABI 2 */
	LANDLOCK_READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
	/* On a single file the kernel takes these alone. */
	LANDLOCK_FILE = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
			LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_TRUNCATE | LANDLOCK_IOCTL,
};

static enum err limit(int what, uint64_t most)
{
	struct rlimit r = { .rlim_cur = most, .rlim_max = most };
	return setrlimit((__rlimit_resource_t)what, &r) == 0 ? OK : ERR_SYS;
}

static enum err set_limits(const struct sandbox_plan *plan)
{
	enum err err = limit(RLIMIT_CORE, 0);
	if (!err)
		err = limit(RLIMIT_NOFILE, plan->open_files_max);
	if (!err && plan->memory_max)
		err = limit(RLIMIT_AS, plan->memory_max);
	if (!err && plan->cpu_s_max)
		err = limit(RLIMIT_CPU, plan->cpu_s_max);
	return err;
}

/* Root without capabilities may touch what belongs to root, and nothing else. */
static enum err drop_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };
	return syscall(SYS_capset, &head, none) == 0 ? OK : ERR_SYS;
}

static enum err drop_user(const struct sandbox_plan *plan)
{
	uid_t uid = plan->uid ? plan->uid : NOBODY;
	gid_t gid = plan->gid ? plan->gid : NOBODY;
	if (geteuid() != 0)
		return OK;
	if (plan->keep_user)
		return drop_capabilities();
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return ERR_SYS;
	return setuid(0) < 0 ? OK : ERR_SYS; /* there must be no way back */
}

static int landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	return abi > 0 ? (int)abi : 0;
}

static uint64_t rights_of(int abi)
{
	uint64_t rights = LANDLOCK_ABI1;
	if (abi >= 2)
		rights |= LANDLOCK_REFER;
	if (abi >= 3)
		rights |= LANDLOCK_TRUNCATE;
	if (abi >= 5)
		rights |= LANDLOCK_IOCTL;
	return rights;
}

static enum err allow_path(int ruleset, const struct sandbox_path *path, uint64_t rights)
{
	struct stat st;
	struct landlock_path_beneath_attr rule = { .parent_fd =
						       open(path->path, O_PATH | O_CLOEXEC) };
	if (rule.parent_fd < 0)
		return ERR_NOT_FOUND;
	rule.allowed_access =
	    path->write ? rights & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE : LANDLOCK_READ;
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed_access &= LANDLOCK_FILE;
	long done = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
	return done == 0 ? OK : ERR_SYS;
}

/* True when in force; a kernel without Landlock is reported, not fatal. */
static enum err enter_landlock(const struct sandbox_plan *plan, struct sandbox_report *report)
{
	struct landlock_ruleset_attr attr = { .handled_access_fs = 0 };
	report->landlock_abi = landlock_abi();
	if (report->landlock_abi == 0)
		return OK;
	attr.handled_access_fs = rights_of(report->landlock_abi);
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (ruleset < 0)
		return ERR_SYS;
	enum err err = OK;
	for (size_t i = 0; !err && i < plan->paths_len; i++)
		err = allow_path(ruleset, &plan->paths[i], attr.handled_access_fs);
	if (!err && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		err = ERR_SYS;
	close(ruleset);
	report->landlock = !err;
	return err;
}

static enum err enter_seccomp(const struct sandbox_plan *plan, struct sandbox_report *report)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!filter)
		return ERR_SYS;
	int bad = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0); /* set already */
	for (size_t i = 0; !bad && i < plan->calls_len; i++)
		bad = seccomp_rule_add(filter, SCMP_ACT_ALLOW, plan->calls[i].number, 0);
	if (!bad && plan->large_pages)
		bad = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SYS_prctl, 1,
				       SCMP_A0(SCMP_CMP_EQ, PR_SET_THP_DISABLE));
	if (!bad)
		bad = seccomp_load(filter);
	seccomp_release(filter);
	report->seccomp = !bad;
	report->calls = (uint32_t)plan->calls_len;
	return bad ? ERR_SYS : OK;
}

bool sandbox_user_may(uint32_t uid, uint32_t gid, const char *path, int mode)
{
	if (setgroups(0, NULL) < 0 || setegid(gid) < 0 || seteuid(uid) < 0)
		return false;
	bool may = faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0;
	ASSERT(seteuid(0) == 0 && setegid(0) == 0);
	return may;
}

static enum err enter(const struct sandbox_plan *plan, struct sandbox_report *report)
{
	enum err err = set_limits(plan);
	if (!err)
		err = drop_user(plan);
	if (err)
		return err;
	report->uid = getuid();
	report->no_new_privs = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
	report->undumpable = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
	if (!report->no_new_privs || !report->undumpable)
		return ERR_SYS;
	if (!plan->starts_programs)
		err = enter_landlock(plan, report);
	return err ? err : enter_seccomp(plan, report);
}

enum err sandbox_enter(const struct sandbox_plan *plan, struct log *log,
		       struct sandbox_report *report)
{
	struct sandbox_report r = { 0 };
	enum err err = enter(plan, &r);
	log_event(log, err ? LOG_ERROR : LOG_INFO, err ? "sandbox_failed" : "sandbox",
		  LOG_INT("uid", r.uid), LOG_INT("no_new_privs", r.no_new_privs),
		  LOG_INT("seccomp", r.seccomp), LOG_INT("calls", r.calls),
		  LOG_INT("landlock", r.landlock), LOG_INT("landlock_abi", r.landlock_abi),
		  LOG_WORD("result", err_name(err)));
	*report = r;
	return err;
}
