// SPDX-License-Identifier: GPL-2.0-or-later
/* What Makefiles of the kernel say of objects. */
#include "base/tests/assert.h"

#include "base/strbuf.h"
#include "symbolize/source/kbuild.h"

static const char makefile[] = "# obj-$(CONFIG_NO) += plain.o\n"
			       "obj-y := plain.o \\\n"
			       "\tnext.o dir/\n"
			       "obj-$(CONFIG_ONE) += one.o # one.o\n"
			       "obj-$(CONFIG_SUB)\t+= sub/\n"
			       "obj-$(CONFIG_BIG) += big.o\n"
			       "big-y := part.o\n"
			       "big-$(CONFIG_PART) += other.o\n"
			       "big-objs += third.o\r\n"
			       "ifdef CONFIG_IF\n"
			       "obj-$(CONFIG_TWO) += two.o\n"
			       "else\n"
			       "obj-y += else.o\n"
			       "endif\n"
			       "ifeq ($(CONFIG_EQ),y)\nobj-y += eq.o\nendif\n"
			       "loop-y := loop.o\n"
			       "KCOV_INSTRUMENT_one.o := n\n"
			       "KCOV_INSTRUMENT_two.o := y\n"
			       "# KCOV_INSTRUMENT := n\n"
			       "CFLAGS_x.o = -DA=1";

static void check(const char *target, const char *want)
{
	struct kbuild_options options = { .nr = 0 };
	_cleanup_strbuf_ struct strbuf sb = STRBUF_INIT;

	strbuf_addstr(&sb,
		      kbuild_find(makefile, sizeof(makefile) - 1, target, &options) ? "yes" : "no");
	for (uint32_t i = 0; i < options.nr; i++)
		strbuf_addf(&sb, " %.*s", (int)options.options[i].length, options.options[i].name);
	assert_string_equal(strbuf_str(&sb), want);
}

static void test_options(void **state)
{
	(void)state;
	check("plain.o", "yes");
	check("next.o", "yes");
	check("dir/", "yes");
	check("one.o", "yes CONFIG_ONE");
	check("sub/", "yes CONFIG_SUB");
	check("part.o", "yes CONFIG_BIG");
	check("other.o", "yes CONFIG_PART CONFIG_BIG");
	check("third.o", "yes CONFIG_BIG");
	check("two.o", "yes CONFIG_TWO CONFIG_IF");
	check("else.o", "yes");
	check("eq.o", "yes CONFIG_EQ");
	check("none.o", "no");
	check("loop.o", "yes");
}

static void test_instrumented(void **state)
{
	static const char all[] = "A := b\nKCOV_INSTRUMENT\t:= n\n";
	size_t size = sizeof(makefile) - 1;

	(void)state;
	assert_int_equal(kbuild_not_instrumented(makefile, size, "one.o", true), 19);
	assert_int_equal(kbuild_not_instrumented(makefile, size, "two.o", true), 0);
	assert_int_equal(kbuild_not_instrumented(makefile, size, "plain.o", true), 0);
	assert_int_equal(kbuild_not_instrumented(all, sizeof(all) - 1, "x.o", true), 2);
	assert_int_equal(kbuild_not_instrumented(all, sizeof(all) - 1, "x.o", false), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_instrumented),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
