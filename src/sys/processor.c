#include "sys/processor.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

#if defined(__x86_64__)
bool processor_has_aes_gcm(void)
{
	unsigned a, b, c, d;
	unsigned both = bit_AES | bit_PCLMUL;
	return __get_cpuid(1, &a, &b, &c, &d) == 1 && (c & both) == both;
}

bool processor_has_sha256(void)
{
	unsigned a, b, c, d;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) == 1 && (b & bit_SHA) != 0;
}
#elif defined(__aarch64__)
/* Bits of the kernel's Documentation/arch/arm64/elf_hwcaps.rst. */
enum {
	HAS_AES = 1 << 3,
	HAS_PMULL = 1 << 4,
	HAS_SHA2 = 1 << 6,
};

bool processor_has_aes_gcm(void)
{
	return (getauxval(AT_HWCAP) & (HAS_AES | HAS_PMULL)) == (HAS_AES | HAS_PMULL);
}

bool processor_has_sha256(void)
{
	return (getauxval(AT_HWCAP) & HAS_SHA2) != 0;
}
#else
bool processor_has_aes_gcm(void)
{
	return false;
}

bool processor_has_sha256(void)
{
	return false;
}
#endif
