/*
 * check.h - what every unit test includes: cmocka, with its needed headers.
 */
#ifndef PVL_TESTS_CHECK_H
#define PVL_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* RUN("base/map", tests): the group's name stands before each test's in the report. */
#define RUN(name, tests) cmocka_run_group_tests_name((name), (tests), NULL, NULL)
#define TEST(function)   cmocka_unit_test(function)
#define CHECK(x)         assert_true(x)

#endif
