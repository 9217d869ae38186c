// SPDX-License-Identifier: GPL-2.0-or-later
/* Diffs: which files and lines they have, series of patches, and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "render/diff.h"

/*
 * "PATH[ flags]:[ +NUMBER text][  NUMBER text][ -NUMBER text];" for each file: '|' separates lines.
 */
static char *describe(const struct diff *diff)
{
	static const char signs[] = {
		[DIFF_CONTEXT] = ' ', [DIFF_ADDED] = '+', [DIFF_REMOVED] = '-'
	};
	struct strbuf sb = STRBUF_INIT;
	char *text;

	for (size_t i = 0; i < diff->nr_files; i++) {
		const struct diff_file *f = &diff->files[i];

		strbuf_addf(&sb, "%s%s%s%s%s%s%s%s:", f->path, f->old_path ? " from " : "",
			    f->old_path ? f->old_path : "", f->is_new ? " new" : "",
			    f->is_deleted ? " deleted" : "", f->is_binary ? " binary" : "",
			    f->is_copied ? " copied" : "", f->is_mode_changed ? " mode" : "");
		for (size_t j = 0; j < f->nr_lines; j++)
			strbuf_addf(&sb, "%s%c%u %.*s", diff_begins_hunk(f, j) ? "@" : "|",
				    signs[f->lines[j].kind], f->lines[j].number,
				    (int)f->lines[j].length, f->lines[j].text);
		strbuf_addch(&sb, ';');
	}
	assert_null(strbuf_steal(&sb, &text));
	return text ? text : strdup("");
}

static void check(const char *text, const char *expected)
{
	struct diff *diff;
	struct error *err = diff_parse(text, strlen(text), &diff);

	if (err)
		fail_msg("%s", err->message);
	char *got = describe(diff);
	assert_string_equal(got, expected);
	free(got);
	diff_destroy(diff);
}

static void refuse(const char *text, const char *message)
{
	struct diff *diff;
	struct error *err = diff_parse(text, strlen(text), &diff);

	assert_non_null(err);
	if (!strstr(err->message, message))
		fail_msg("'%s' is not in '%s'", message, err->message);
	error_destroy(err);
}

#define HUNK  "@@ -1,3 +1,4 @@ int f(void)\n one\n-two\n+2\n+and\n three\n"
#define LINES "@ 1 one|-2 two|+2 2|+3 and| 4 three;"

static void test_paths(void **state)
{
	static const struct {
		const char *header, *file;
	} rows[] = {
		{ "diff --git a/fs/x.c b/fs/x.c\nindex 1..2 100644\n--- a/fs/x.c\n+++ b/fs/x.c\n",
		  "fs/x.c:" },
		{ "diff --git fs/x.c fs/x.c\n--- fs/x.c\n+++ fs/x.c\n", "fs/x.c:" },
		{ "diff --git i/fs/x.c w/fs/x.c\n--- i/fs/x.c\n+++ w/fs/x.c\n", "fs/x.c:" },
		{ "--- a/fs/x.c\t2024-01-01 00:00:00.0 +0000\n+++ b/fs/x.c\t2024-01-01\n",
		  "fs/x.c:" },
		{ "--- linux.orig/fs/x.c\n+++ linux/fs/x.c\n", "linux/fs/x.c:" },
		{ "--- fs/x.c.orig\n+++ fs/x.c\n", "fs/x.c:" },
		{ "--- a/x.c\n+++ a/x.c\n", "a/x.c:" },
		{ "diff --git a/a b.c b/a b.c\n--- a/a b.c\t\n+++ b/a b.c\t\n", "a b.c:" },
		{ "--- \"a/q\\\"\\303\\251\\t.c\"\n+++ \"b/q\\\"\\303\\251\\t.c\"\n",
		  "q\"\303\251\t.c:" },
		{ "diff --git a/x.c b/y.c\nsimilarity index 90%\nrename from x.c\nrename to y.c\n"
		  "--- a/x.c\n+++ b/y.c\n",
		  "y.c from x.c:" },
		{ "diff --git a/x.c b/y.c\ncopy from x.c\ncopy to y.c\n--- a/x.c\n+++ b/y.c\n",
		  "y.c from x.c copied:" },
		{ "diff --git a/x.c b/x.c\nold mode 100644\nnew mode 100755\n--- a/x.c\n+++ "
		  "b/x.c\n",
		  "x.c mode:" },
	};
	char text[512], expected[512];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		snprintf(text, sizeof(text), "%s" HUNK, rows[i].header);
		snprintf(expected, sizeof(expected), "%s" LINES, rows[i].file);
		check(text, expected);
	}
}

static void test_files(void **state)
{
	(void)state;
	check("", "");
	check("only words\n--- and a line\n", "");
	check("diff --git a/n.c b/n.c\nnew file mode 100644\nindex 0..1\n--- /dev/null\n+++ b/n.c\n"
	      "@@ -0,0 +1,2 @@\n+one\n+two\n\\ No newline at end of file\n",
	      "n.c new:@+1 one|+2 two;");
	check("diff --git a/d.c b/d.c\ndeleted file mode 100644\n--- a/d.c\n+++ /dev/null\n"
	      "@@ -1 +0,0 @@\n-one\n",
	      "d.c deleted:@-1 one;");
	check("diff --git a/e b/e\nnew file mode 100644\nindex 0..0\n", "e new:;");
	check("diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n",
	      "y from x:;");
	check("diff --git a/r.sh b/r.sh\nold mode 100644\nnew mode 100755\n", "r.sh mode:;");
	check("diff --git a/p.png b/p.png\nindex 1..2\nBinary files a/p.png and b/p.png differ\n",
	      "p.png binary:;");
	check("diff --git a/p.png b/p.png\nindex 1..2\nGIT binary patch\nliteral "
	      "3\nKc${NM-x\n\nliteral 0\nHcmV?d00001\n\n",
	      "p.png binary:;");
	check("Binary files a/p and b/p differ\n", "p binary:;");
	check("Only in a: x\ndiff -ru a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n" HUNK "Only in b: y\n",
	      "x.c:" LINES);
}

static void test_lines(void **state)
{
	(void)state;
	/* Removed lines that look like headers. */
	check("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a\n+++ b\n c\n", "x:@-1 -- a|+1 ++ b| 2 c;");
	/* No newline on both sides. */
	check("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline "
	      "at end of file\n",
	      "x:@-1 a|+1 b;");
	/* The end of the text without a newline; blanks at the ends of lines are gone. */
	check("--- a/x\n+++ b/x\n@@ -1,3 +1,4 @@\n a\n\n+b\n c", "x:@ 1 a| 2 |+3 b| 4 c;");
	check("--- a/x\r\n+++ b/x\r\n@@ -1 +1,2 @@\r\n a\r\n+b\r\n-- \r\n2.1\r\n", "x:@ 1 a|+2 b;");
	/* -U0: what has no lines stands after the line that is named. */
	check("--- a/x\n+++ b/x\n@@ -3,0 +4,2 @@\n+a\n+b\n@@ -9 +11,0 @@\n-c\n",
	      "x:@+4 a|+5 b@-12 c;");
	check("--- a/x\n+++ b/x\n@@ -1 +1 @@\n a\n@@ -5 +5 @@\n b\n", "x:@ 1 a@ 5 b;");
}

#define MAIL(n, of, body)                                                                          \
	"From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n"                 \
	"From: A <a@example.org>\nSubject: [PATCH " n "/" of "] x\n"                               \
	"Content-Transfer-Encoding: 8bit\n\nWords.\n---\n x.c | 2 +-\n 1 file changed\n\n" body    \
	"-- \n2.39.2\n\n"

static void test_series(void **state)
{
	(void)state;
	check(MAIL("0", "1", "")
		      MAIL("1", "1", "diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n" HUNK),
	      "x.c:" LINES);
	/* The second patch changes a line of the first one, and moves it. */
	check("--- a/x\n+++ b/x\n" HUNK
	      "--- a/x\n+++ b/x\n@@ -1,4 +1,5 @@\n+zero\n one\n-2\n+zwei\n and\n three\n",
	      "x:@+1 zero| 2 one|-3 two|+3 zwei|+4 and| 5 three;");
	/* What a patch added and a later one removes is as if it never was. */
	check("--- a/x\n+++ b/x\n" HUNK "--- a/x\n+++ b/x\n@@ -2,3 +2 @@\n-2\n-and\n three\n",
	      "x:@ 1 one|-2 two| 2 three;");
	/* A context line that a later patch removes. */
	check("--- a/x\n+++ b/x\n" HUNK "--- a/x\n+++ b/x\n@@ -3,2 +3 @@\n and\n-three\n",
	      "x:@ 1 one|-2 two|+2 2|+3 and|-4 three;");
	/* Hunks before and after move what is between. */
	check("--- a/x\n+++ b/x\n@@ -50,2 +50,3 @@\n a\n+b\n c\n"
	      "--- a/x\n+++ b/x\n@@ -10 +9,0 @@\n-z\n@@ -20,0 +20,3 @@\n+1\n+2\n+3\n@@ -90 +92,2 "
	      "@@\n y\n+z\n",
	      "x:@-10 z@+20 1|+21 2|+22 3@ 52 a|+53 b| 54 c@ 92 y|+93 z;");
	check("diff --git a/x b/y\nrename from x\nrename to y\n--- a/x\n+++ b/y\n" HUNK
	      "--- a/y\n+++ b/y\n@@ -3 +3,2 @@\n and\n+more\n"
	      "diff --git a/y b/z\nrename from y\nrename to z\n",
	      "z from x:@ 1 one|-2 two|+2 2|+3 and|+4 more| 5 three;");
	check("diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 "
	      "@@\n+a\n+b\n"
	      "--- a/n\n+++ b/n\n@@ -1,2 +1,2 @@\n-a\n+A\n b\n",
	      "n new:@+1 A|+2 b;");
	check("diff --git a/n b/n\ndeleted file mode 100644\n--- a/n\n+++ /dev/null\n@@ -1 +0,0 "
	      "@@\n-a\n"
	      "diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 "
	      "@@\n+b\n",
	      "n new:@+1 b;");
	refuse("--- a/x\n+++ b/x\n" HUNK
	       "--- a/x\n+++ b/x\n@@ -1,4 +1,3 @@\n one\n-two\n and\n three\n",
	       "line 13 of the diff does not follow from line 6,");
}

/* "diff --git" of a renamed file. */
#define MOVE(from, to)                                                                             \
	"diff --git a/" from " b/" to "\nsimilarity index 90%\nrename from " from                  \
	"\nrename to " to "\n"
#define NAMES_OF(from, to) "--- a/" from "\n+++ b/" to "\n"
#define EDIT_X		   "diff --git a/x b/x\nindex 1..2 100644\n" NAMES_OF("x", "x")
#define NEXT_MAIL	   "-- \n2.39\n\nFrom 1 Mon Sep 17 00:00:00 2001\n"

static void test_names_exchanged(void **state)
{
	(void)state;
	check(MOVE("x", "y") NAMES_OF("x", "y") HUNK MOVE("y", "x"),
	      "y from x:" LINES "x from y:;");
	check(MOVE("z", "x") MOVE("x", "y") NAMES_OF("x", "y") HUNK MOVE("y", "z"),
	      "x from z:;y from x:" LINES "z from y:;");
	check(MOVE("x", "y") MOVE("y", "z") NAMES_OF("y", "z") HUNK, "y from x:;z from y:" LINES);
	check(MOVE("y", "z") NAMES_OF("y", "z") HUNK MOVE("x", "y"),
	      "z from y:" LINES "y from x:;");
	/* What earlier patches did to the files goes with them. */
	check(EDIT_X HUNK NEXT_MAIL MOVE("y", "x") MOVE("x", "y"), "y from x:" LINES "x from y:;");
	check(EDIT_X HUNK NEXT_MAIL MOVE("w", "x") MOVE("x", "y"), "y from x:" LINES "x from w:;");
	check(EDIT_X HUNK NEXT_MAIL MOVE("w", "x") NAMES_OF("w", "x") "@@ -9 +9 @@\n-i\n+j\n",
	      "x deleted:;x from w:@-9 i|+9 j;");
	/* Exchanged, and exchanged again. */
	check(MOVE("x", "y") NAMES_OF("x", "y") HUNK MOVE("y", "x") MOVE("x", "y") MOVE("y", "x"),
	      "x from x:" LINES "y from y:;");
}

/* "git show --format= A B" writes nothing between two patches: objects tell them apart. */
static void test_patches_without_headers(void **state)
{
#define INDEX(old, new)	 "index " old ".." new " 100644\n"
#define X_TO_Y		 MOVE("x", "y") INDEX("e8823e1", "a86ab4f") NAMES_OF("x", "y") HUNK
#define Y_TO_Z(old, new) MOVE("y", "z") INDEX(old, new) NAMES_OF("y", "z") "@@ -9 +9 @@\n-i\n+j\n"
#define NEW_X                                                                                      \
	"diff --git a/x b/x\nnew file mode 100644\n" INDEX(                                        \
		"0000000", "e8823e1") "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+b\n"

	static const char moved_on[] = "z from x:@ 1 one|-2 two|+2 2|+3 and| 4 three@-9 i|+9 j;";

	(void)state;
	check(X_TO_Y Y_TO_Z("a86ab4f", "64c9105"), moved_on);
	check(X_TO_Y Y_TO_Z("a86ab4f12", "64c910512"), moved_on);
	check(X_TO_Y Y_TO_Z("b86ab4f", "64c9105"), "y from x:" LINES "z from y:@-9 i|+9 j;");
	check(NEW_X MOVE("x", "y") INDEX("e8823e1", "64c9105")
		      NAMES_OF("x", "y") "@@ -1 +1 @@\n-b\n+c\n",
	      "y from x new:@+1 c;");
	check(NEW_X MOVE("x", "y") INDEX("f8823e1", "64c9105")
		      NAMES_OF("x", "y") "@@ -1 +1 @@\n-d\n+c\n",
	      "x new:@+1 b;y from x:@-1 d|+1 c;");
}

/* A path is given anew and its file moved away, after a mail that edited that file. */
static void test_begun_anew(void **state)
{
#define NEW(path, line)                                                                            \
	"diff --git a/" path " b/" path "\nnew file mode 100644\nindex 0..3\n--- /dev/null\n+++ "  \
	"b/" path "\n@@ -0,0 +1 @@\n+" line "\n"

	(void)state;
	check(EDIT_X HUNK NEXT_MAIL NEW("x", "n") MOVE("x", "y"), "y from x:" LINES "x new:@+1 n;");
	check(EDIT_X HUNK NEXT_MAIL MOVE("x", "a") NEW("x", "n"), "a from x:" LINES "x new:@+1 n;");
	/* What git 2.39 writes with -B -M -C -C if the file has the content of another one. */
	check(EDIT_X HUNK NEXT_MAIL "diff --git a/c b/x\nsimilarity index 100%\n"
				    "copy from c\ncopy to x\n" MOVE("x", "y"),
	      "y from x:" LINES "x from c copied:;");
	/* The next patches are of the file that has the path then. */
	check(EDIT_X HUNK NEXT_MAIL NEW("x", "n") MOVE("x", "y") NEXT_MAIL
	      "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n n\n+m\n",
	      "y from x:" LINES "x new:@+1 n|+2 m;");
	/* Nothing moves it away: another version of the series, perhaps. */
	check(NEW("x", "v1") NEXT_MAIL NEW("w", "w") NEXT_MAIL NEW("x", "v2"),
	      "x new:@+1 v2;w new:@+1 w;");
	check(EDIT_X HUNK NEXT_MAIL NEW("x", "n") NEW("y", "y"), "x new:@+1 n;y new:@+1 y;");
}

/* git format-patch -B -M calls a file that moved away a copy if its path was given anew. */
static void test_copied(void **state)
{
#define COPY(from, to)                                                                             \
	"diff --git a/" from " b/" to "\nsimilarity index 100%\ncopy from " from "\ncopy to " to   \
	"\n"
#define REWRITE_X                                                                                  \
	"diff --git a/x b/x\ndissimilarity index 100%\nindex 2..3 100644\n" NAMES_OF(              \
		"x", "x") "@@ -1,4 +1 @@\n-one\n-2\n-and\n-three\n+n\n"
#define LINK_X                                                                                     \
	"diff --git a/x b/x\ndeleted file mode 100644\nindex 2..0\n--- a/x\n+++ /dev/null\n"       \
	"@@ -1,4 +0,0 @@\n-one\n-2\n-and\n-three\n"                                                \
	"diff --git a/x b/x\nnew file mode 120000\nindex 0..4\n--- /dev/null\n+++ b/x\n"           \
	"@@ -0,0 +1 @@\n+n\n\\ No newline at end of file\n"

	(void)state;
	/* The lines that earlier patches changed are the copy's, whatever becomes of the file. */
	check(EDIT_X HUNK NEXT_MAIL REWRITE_X COPY("x", "y"),
	      "x:@-1 one|-1 two|-1 three|+1 n;y from x copied:" LINES);
	check(EDIT_X HUNK NEXT_MAIL COPY("x", "a") REWRITE_X,
	      "x:@-1 one|-1 two|-1 three|+1 n;a from x copied:" LINES);
	check(EDIT_X HUNK NEXT_MAIL LINK_X COPY("x", "y"), "x new:@+1 n;y from x copied:" LINES);
	check(EDIT_X HUNK NEXT_MAIL COPY("x", "y") NAMES_OF("x", "y") "@@ -9 +9 @@\n-i\n+j\n",
	      "x:" LINES "y from x copied:@ 1 one|-2 two|+2 2|+3 and| 4 three@-9 i|+9 j;");
	check(MOVE("w", "x") NAMES_OF("w", "x") HUNK NEXT_MAIL COPY("x", "y"),
	      "x from w:" LINES "y from w copied:" LINES);
	/* Without an earlier patch a copy has no lines of its own. */
	check(EDIT_X HUNK COPY("x", "y"), "x:" LINES "y from x copied:;");
	check(COPY("x", "y") NEXT_MAIL EDIT_X HUNK, "y from x copied:;x:" LINES);
}

/* The same moves in patches of their own are of one file. */
static void test_moved_on(void **state)
{
	static const char binary[] =
		"diff --git a/p b/p\nindex 1..2\nGIT binary patch\nliteral 1\nIcmZ\n\n"
		"delta 1\nIcmZ\n\n";
	static const struct diff_text texts[] = {
		{ MOVE("x", "y"), strlen(MOVE("x", "y")), NULL },
		{ MOVE("y", "x"), strlen(MOVE("y", "x")), NULL },
	};
	char text[1024];
	struct diff *diff;

	(void)state;
	check(MOVE("x", "y") NAMES_OF("x", "y") HUNK NEXT_MAIL MOVE("y", "z"), "z from x:" LINES);
	check(MOVE("x", "y") "\ncommit 1\n" MOVE("y", "x"), "x from x:;");
	snprintf(text, sizeof(text), "%s%s%s", MOVE("x", "y"), binary, MOVE("y", "x"));
	check(text, "y from x:;p binary:;x from y:;");
	snprintf(text, sizeof(text), "%s%s%s%s", MOVE("x", "y"), binary, NEXT_MAIL, MOVE("y", "x"));
	check(text, "x from x:;p binary:;");
	assert_null(diff_parse_texts(texts, 2, &diff));
	assert_int_equal(diff->nr_files, 1);
	diff_destroy(diff);
}

/* The last part of a mail may end with lines of git, which the words after it must not change. */
static void test_words(void **state)
{
#define BODY "Subject: words\n\ncopy from user\nrename to z\nold mode 1\nnew file mode 1\n---\n"

	static const struct diff_text texts[] = {
		{ MOVE("x", "y"), strlen(MOVE("x", "y")), NULL },
		{ NAMES_OF("w", "w") HUNK, strlen(NAMES_OF("w", "w") HUNK), NULL },
	};
	struct diff *diff;

	(void)state;
	check(EDIT_X HUNK NEXT_MAIL MOVE("x", "y") NEXT_MAIL BODY, "y from x:" LINES);
	check(EDIT_X HUNK NEXT_MAIL MOVE("x", "y") "\ncopy from user\n", "y from x:" LINES);
	check(MOVE("x", "y") NEXT_MAIL BODY NAMES_OF("w", "w") HUNK, "y from x:;w:" LINES);
	check(EDIT_X HUNK "Binary files a/w and b/w differ\n", "x:" LINES "w binary:;");
	assert_null(diff_parse_texts(texts, 2, &diff));
	assert_int_equal(diff->nr_files, 2);
	diff_destroy(diff);
}

static void test_refused(void **state)
{
#define NAMES "--- a/x\n+++ b/x\n"
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ NAMES "@@ -1,3 +1,4 @@\n one\n-two\n", "line 5 of the diff: the hunk is cut" },
		{ NAMES "@@ -1,3 +1,4 @@\n one\ndiff --git a/y b/y\n",
		  "line 5 of the diff: the hunk is cut, or" },
		{ NAMES "@@ -1,1 +1,1 @@\n one\n+two\n",
		  "line 5 of the diff: the hunk has more lines" },
		{ NAMES "@@ -1,1 +1,1 @@\n one\n two\n",
		  "line 5 of the diff: the hunk has more lines" },
		{ NAMES "@@ -1,2 +1,1 @@\n one\n two\n",
		  "line 5 of the diff: the hunk has more lines" },
		{ NAMES "@@ -1,1 +1,2 @@\n one\n-two\n",
		  "line 5 of the diff: the hunk has more lines" },
		{ NAMES "@@ -x +1 @@\n one\n", "line 3 of the diff: this does not begin a hunk" },
		{ NAMES "@@ -0 +1 @@\n one\n", "line 3 of the diff: this does not begin a hunk" },
		{ NAMES "@@ -1,4294967295 +1 @@\n one\n",
		  "line 3 of the diff: this does not begin a hunk" },
		{ NAMES "@@ -2147483647 +1 @@\n one\n",
		  "line 3 of the diff: this does not begin a hunk" },
		{ NAMES "@@ -9 +9 @@\n one\n@@ -3 +3 @@\n two\n",
		  "line 5 of the diff: the hunk begins before" },
		{ "@@ -1 +1 @@\n one\n", "line 1 of the diff: a hunk, but" },
		{ "--- \"a/x\n+++ b/x\n@@ -1 +1 @@\n one\n",
		  "line 1 of the diff: this is not a path" },
		{ "--- a/x\n+++ \"b/\\q\"\n", "line 2 of the diff: this is not a path" },
		{ "--- a/x\n+++ \"b/\\000\"\n", "line 2 of the diff: this is not a path" },
		{ "diff --cc x\nindex 1,2..3\n--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n",
		  "line 1 of the diff: this is a combined" },
		{ NAMES "@@@ -1 -1 +1 @@@\n", "line 3 of the diff: this is a combined" },
		{ "*** a/x\n--- b/x\n***************\n*** 1 ****\n",
		  "line 3 of the diff: this is a context" },
		{ "12,14c12\n< one\n---\n> two\n", "line 1 of the diff: this is a normal diff" },
		{ "diff -r a/x b/x\n5a6\n> one\n", "line 2 of the diff: this is a normal diff" },
		{ "5d4\n< one\n", "line 1 of the diff: this is a normal diff" },
		{ "Subject: x\nContent-Transfer-Encoding: base64\n\nLS0tIGE=\n",
		  "line 2 of the diff: the mail is encoded" },
		{ "Subject: x\ncontent-transfer-encoding:  Quoted-Printable\n\nx\n",
		  "line 2 of the diff: the mail is encoded" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		refuse(rows[i].text, rows[i].message);
}

/* Each of many patches passes over the lines of all before it. */
static void test_steps(void **state)
{
	struct strbuf sb = STRBUF_INIT;
	struct diff *diff;

	(void)state;
	for (int i = 1; i <= 20000; i++)
		strbuf_addf(&sb, NAMES "@@ -%d,0 +%d @@\n+x\n", i, i + 1);
	struct error *err = diff_parse(strbuf_str(&sb), sb.len, &diff);
	assert_non_null(err);
	assert_int_equal(err->code, ERROR_UNSUPPORTED);
	error_destroy(err);
	strbuf_deinit(&sb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_series),
		cmocka_unit_test(test_names_exchanged),
		cmocka_unit_test(test_begun_anew),
		cmocka_unit_test(test_copied),
		cmocka_unit_test(test_moved_on),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_patches_without_headers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
