/*
 * banned.h - libc functions that have hurt others; using one does not compile.
 *
 * After git's header of the same name.  Included on the compiler's command
 * line for everything in src/.
 */
#ifndef PVL_BASE_BANNED_H
#define PVL_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets
#pragma GCC poison atoi atol atoll rand srand random_r gmtime localtime ctime asctime
#pragma GCC poison tmpnam mktemp

#endif
