// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames are packed and found again, at every border; damage to their bytes does no harm. */
#include "symbolize/image/tests/elf_text.h"
#include "symbolize/index/tests/index_text.h"

/* The linker's --wrap: calls of calloc() come here, in the library too. */
void *__real_calloc(size_t nr, size_t size);
void *__wrap_calloc(size_t nr, size_t size);

static bool calloc_fails;
static size_t nr_failed;

void *__wrap_calloc(size_t nr, size_t size)
{
	if (!calloc_fails)
		return __real_calloc(nr, size);
	nr_failed++;
	return NULL;
}

/*
 * functions are as in index_text.h; scopes "0" and "1^0@b6:3": function, the scope that it was
 * inlined into, file, line and column of the call; places "8:0@a10:2": offset, scope, file, line
 * and column.
 * '-' is always none. Expected: the frames at each offset that is asked for.
 */
static const struct frames_case {
	const char *name;
	const char *functions, *scopes, *places, *asked, *frames;
} cases[] = {
	{ "nothing", "", "", "", "0 15 4294967295", "sym@-0:0 sym@-0:0 -@-0:0" },
	{ "before the first place, at its first byte, and up to the end", "f:a1", "0", "4:0@a2:3",
	  "3 4 5 4294967294", "sym@-0:0 f@a2:3 f@a2:3 f@a2:3" },
	{ "behind the end of a sequence", "f:a1", "0", "4:0@a2:3 8:-@-0:0 12:0@a2:3", "4 7 8 11 12",
	  "f@a2:3 f@a2:3 sym@-0:0 sym@-0:0 f@a2:3" },
	{ "code of the function without a line", "f:a1", "0", "4:0@a0:0 8:0@-0:0", "4 8",
	  "f@a0:0 f@-0:0" },
	{ "lines go up and down", "f:a1", "0", "0:0@a100:1 1:0@a99:1 2:0@a2147483647:0 3:0@a1:9",
	  "0 1 2 3", "f@a100:1 f@a99:1 f@a2147483647:0 f@a1:9" },
	{ "another file within a function, and back", "f:a1", "0", "0:0@a5:0 4:0@b7:0 8:0@a6:0",
	  "0 4 8", "f@a5:0 f@b7:0 f@a6:0" },
	{ "nested", "f:a1 g:b20 h:c30", "0 1^0@a5:7 2^1@b22:8",
	  "0:0@a2:1 4:1@b21:2 8:2@c31:3 12:1@b23:4 16:0@a6:5", "0 4 8 12 16",
	  "f@a2:1 g@b21:2<f@a5:7 h@c31:3<g@b22:8<f@a5:7 g@b23:4<f@a5:7 f@a6:5" },
	{ "the call is in another file than the function around it", "f:a1 g:b20",
	  "0 1^0@c5:7 1^0@-0:0", "0:1@b21:0 4:2@b21:0", "0 4", "g@b21:0<f@c5:7 g@b21:0<f@-0:0" },
	{ "functions of no file", "f:-0 g:-0", "0 1^0@a5:7", "0:1@b2:1 4:0@a6:1", "0 4",
	  "g@b2:1<f@a5:7 f@a6:1" },
	{ "a scope without a name has that of the symbol, if it is the innermost", "g:b20",
	  "- 0^0@a5:7", "0:0@a3:1 4:1@b21:2", "0 4", "sym@a3:1 g@b21:2<-@a5:7" },
	{ "the largest offset", "f:a1", "0", "0:0@a1:1 4294967295:0@a2:2", "4294967294 4294967295",
	  "f@a1:1 f@a2:2" },
};

static void frames_scope(struct index_draft *d, const char *word)
{
	struct index_scope s = { INDEX_NONE, INDEX_NONE, INDEX_NONE, 0, 0 };
	char function[8], file;

	if (sscanf(word, "%7[-0-9]^%u@%c%u:%u", function, &s.parent, &file, &s.line, &s.column) ==
	    5)
		s.file = text_file(file);
	if (*function != '-')
		s.function = strtoul(function, NULL, 10);
	assert_non_null(index_scope_vector_append(&d->scopes, &s));
}

static void frames_place(struct index_draft *d, const char *word)
{
	struct index_place p = { .scope = INDEX_NONE };
	char scope[8], file;

	assert_int_equal(
		sscanf(word, "%u:%7[-0-9]@%c%u:%u", &p.offset, scope, &file, &p.line, &p.column),
		5);
	if (*scope != '-')
		p.scope = strtoul(scope, NULL, 10);
	p.file = text_file(file);
	assert_true(draft_add_place(d, &p));
}

/* A draft with three files and one symbol of all code but the last byte. */
static void draft_init(struct index_draft *d)
{
	*d = (struct index_draft){ .path = "/boot/image" };
	assert_ok(intern_create(&d->strings));
	text_id(d, "");
	for (char path[] = "/src/a.c"; path[5] <= 'c'; path[5]++)
		assert_non_null(index_file_vector_append(&d->files,
							 &(struct index_file){ text_id(d, path) }));
	text_parse(d, NULL, "sym@0+4294967295", " ", text_symbol);
	text_parse(d, NULL, ".text@0+4294967295", " ", text_section);
}

/* Destroys the draft. */
static struct index *draft_index(struct index_draft *d)
{
	struct index *index;

	assert_ok(index_sort_names(d));
	assert_ok(index_own(d));
	assert_ok(index_draft_finish(d, &index));
	index_draft_deinit(d);
	return index;
}

static struct index *frames_index(const struct frames_case *c)
{
	const char *scopes = c->scopes, *places = c->places;
	struct index_draft draft;
	char word[64];

	draft_init(&draft);
	text_parse(&draft, NULL, c->functions, " ", text_function);
	while (elf_next_word(&scopes, word, sizeof(word)))
		frames_scope(&draft, word);
	while (elf_next_word(&places, word, sizeof(word)))
		frames_place(&draft, word);
	return draft_index(&draft);
}

static void add_frames(struct strbuf *text, const struct index *index, uint32_t offset)
{
	struct index_frame frames[8];
	size_t nr = index_frames_at(index, offset, frames, 8);

	assert_in_range(nr, 1, 8);
	strbuf_addstr(text, text->len ? " " : "");
	for (size_t i = 0; i < nr; i++) {
		const char *path = index_file_path(index, frames[i].file);

		strbuf_addf(text, "%s%s@%c%u:%u", i ? "<" : "",
			    frames[i].function ? frames[i].function : "-", path ? path[5] : '-',
			    frames[i].line, frames[i].column);
	}
}

static void test_cases(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		_cleanup_index_ struct index *index = frames_index(&cases[i]);
		_cleanup_strbuf_ struct strbuf text = STRBUF_INIT;
		const char *asked = cases[i].asked;
		char word[16];

		while (elf_next_word(&asked, word, sizeof(word)))
			add_frames(&text, index, strtoul(word, NULL, 10));
		wrong += differs(cases[i].name, "frames", &text, cases[i].frames);
	}
	assert_int_equal(wrong, 0);
}

/* A caller that has room for few frames gets the innermost ones. */
static void test_max(void **state)
{
	_cleanup_index_ struct index *index = frames_index(&cases[6]);
	struct index_frame frames[4];

	(void)state;
	assert_int_equal(index_frames_at(index, 8, frames, 0), 0);
	for (size_t max = 1; max <= 4; max++) {
		assert_int_equal(index_frames_at(index, 8, frames, max), max < 3 ? max : 3);
		assert_string_equal(frames[0].function, "h");
	}
}

#define SCOPES 1000
#define PLACES 5000

/* Many chunks of places and scopes. */
struct many {
	struct index_scope scopes[SCOPES];
	struct index_place places[PLACES];
	struct index *index;
};

static uint32_t random_id(uint32_t nr)
{
	return rand() % 8 ? rand() % nr : INDEX_NONE;
}

static void many_init(struct many *m)
{
	struct index_draft draft;

	srand(1);
	draft_init(&draft);
	text_parse(&draft, NULL, "f:a1 g:b1000000 h:c30 i:-0 j:a77", " ", text_function);
	for (uint32_t i = 0; i < SCOPES; i++) {
		m->scopes[i] = (struct index_scope){ i ? random_id(i) : INDEX_NONE, random_id(5),
						     random_id(3), rand(), rand() };
		if (m->scopes[i].parent == INDEX_NONE) {
			m->scopes[i].file = INDEX_NONE;
			m->scopes[i].line = m->scopes[i].column = 0;
		}
		assert_non_null(index_scope_vector_append(&draft.scopes, &m->scopes[i]));
	}
	for (uint32_t i = 0, offset = 0; i < PLACES; i++) {
		offset += 1 + (rand() % 4 ? rand() % 20 : rand() % 500000);
		m->places[i] = (struct index_place){ offset, random_id(SCOPES), random_id(3),
						     rand(), rand() };
		assert_true(draft_add_place(&draft, &m->places[i]));
	}
	m->index = draft_index(&draft);
}

static const char *name_of(uint32_t function)
{
	static const char *const names[] = { "f", "g", "h", "i", "j" };

	return function == INDEX_NONE ? "-" : names[function];
}

static void check_place(const struct many *m, uint32_t offset, const struct index_place *p)
{
	struct index_frame frames[INDEX_FRAMES_MAX];
	size_t nr = index_frames_at(m->index, offset, frames, INDEX_FRAMES_MAX), i = 0;
	const struct index_scope *s = p->scope == INDEX_NONE ? NULL : &m->scopes[p->scope];

	assert_string_equal(frames[0].function,
			    s && s->function != INDEX_NONE ? name_of(s->function) : "sym");
	assert_int_equal(frames[0].file, p->file);
	assert_int_equal(frames[0].line, p->line);
	assert_int_equal(frames[0].column, p->column);
	for (i = 1; s && s->parent != INDEX_NONE; i++) {
		const struct index_scope *parent = &m->scopes[s->parent];

		assert_true(i < nr);
		assert_string_equal(frames[i].function ? frames[i].function : "-",
				    name_of(parent->function));
		assert_int_equal(frames[i].file, s->file);
		assert_int_equal(frames[i].line, s->line);
		assert_int_equal(frames[i].column, s->column);
		s = parent;
	}
	assert_int_equal(i, nr);
}

static void test_many(void **state)
{
	static const struct index_place none = { 0, INDEX_NONE, INDEX_NONE, 0, 0 };
	static struct many m;

	(void)state;
	many_init(&m);
	check_place(&m, m.places[0].offset - 1, &none);
	for (size_t i = 0; i < PLACES; i++) {
		check_place(&m, m.places[i].offset, &m.places[i]);
		if (i + 1 < PLACES)
			check_place(&m, m.places[i + 1].offset - 1, &m.places[i]);
	}
	index_destroy(m.index);
}

struct visits {
	const struct many *m;
	size_t next; /* place */
};

static void check_visit(void *arg, uint32_t offset, uint32_t end, uint32_t file, uint32_t line)
{
	struct visits *v = arg;
	const struct index_place *p;

	do {
		assert_true(v->next < PLACES);
		p = &v->m->places[v->next++];
	} while (p->file == INDEX_NONE || !p->line);
	assert_int_equal(offset, p->offset);
	assert_int_equal(end, v->next < PLACES ? p[1].offset : UINT32_MAX);
	assert_int_equal(file, p->file);
	assert_int_equal(line, p->line);
}

static void test_each_line(void **state)
{
	static struct many m;
	struct visits visits = { &m };

	(void)state;
	many_init(&m);
	index_each_line(m.index, check_visit, &visits);
	while (visits.next < PLACES &&
	       (m.places[visits.next].file == INDEX_NONE || !m.places[visits.next].line))
		visits.next++;
	assert_int_equal(visits.next, PLACES);
	index_destroy(m.index);
}

static void check_number(void *arg, uint32_t offset, uint32_t end, uint32_t file, uint32_t line)
{
	assert_true(file < *(size_t *)arg);
	assert_true(offset < end && line);
}

/* Any bytes in the arrays of frames: each lookup ends, and gives numbers that exist. */
static void look_up_all(const struct many *m)
{
	size_t nr_files;

	index_files(m->index, &nr_files);
	index_each_line(m->index, check_number, &nr_files);
	for (size_t i = 0; i < PLACES; i += 50) {
		struct index_frame frames[INDEX_FRAMES_MAX];
		size_t nr =
			index_frames_at(m->index, m->places[i].offset, frames, INDEX_FRAMES_MAX);

		assert_in_range(nr, 1, INDEX_FRAMES_MAX);
		for (size_t n = 0; n < nr; n++) {
			assert_true(frames[n].file == INDEX_NONE || frames[n].file < nr_files);
			assert_true(!frames[n].function || strlen(frames[n].function) < 8);
		}
	}
}

/* Overwrites random bytes of one of the arrays of frames. */
static void damage(struct many *m, int n)
{
	static const enum index_array arrays[] = { INDEX_PLACE_CHUNKS, INDEX_PLACES,
						   INDEX_SCOPE_CHUNKS, INDEX_SCOPES };
	const struct index_array_header *a = &m->index->header->arrays[arrays[n % 4]];
	unsigned char *bytes = m->index->memory; /* the block is its beginning */
	size_t size = (size_t)a->nr * a->size;

	for (int flips = rand() % 50; flips >= 0; flips--)
		bytes[a->offset + rand() % size] = rand();
}

static void test_damaged(void **state)
{
	static struct many m;

	(void)state;
	many_init(&m);
	for (int n = 0; n < 2000; n++) {
		damage(&m, n);
		look_up_all(&m);
		if (n % 200 == 199) {
			index_destroy(m.index);
			many_init(&m);
			srand(n);
		}
	}
	index_destroy(m.index);
}

static void add_visit(void *arg, uint32_t offset, uint32_t end, uint32_t file, uint32_t line)
{
	strbuf_addf(arg, "%u-%u %u:%u\n", offset, end, file, line);
}

/*
 * Without memory for the functions of all scopes, each scope is looked up when it is needed. The
 * lines are the same, those of a damaged index too.
 */
static void test_no_memory(void **state)
{
	static struct many m;

	(void)state;
	many_init(&m);
	for (int n = 0; n < 100; n++) {
		_cleanup_strbuf_ struct strbuf expected = STRBUF_INIT, lines = STRBUF_INIT;

		index_each_line(m.index, add_visit, &expected);
		nr_failed = 0;
		calloc_fails = true;
		index_each_line(m.index, add_visit, &lines);
		calloc_fails = false;
		assert_int_equal(nr_failed, 1);
		assert_true(n || expected.len);
		/* Thousands of lines: too long for a message. */
		assert_true(!strcmp(strbuf_str(&lines), strbuf_str(&expected)));
		damage(&m, n);
	}
	index_destroy(m.index);
}

/* Of each array only the beginning is there: nothing behind it is read. */
static void test_cut(void **state)
{
	static const enum index_array arrays[] = { INDEX_PLACE_CHUNKS, INDEX_PLACES,
						   INDEX_SCOPE_CHUNKS, INDEX_SCOPES };
	static struct many m;

	(void)state;
	many_init(&m);
	for (size_t i = 0; i < 4; i++) {
		struct index_header *header = (struct index_header *)m.index->block;
		struct index_array_header *a = &header->arrays[arrays[i]];
		uint32_t nr = a->nr;

		for (uint32_t n = 0; n < 20; n++) {
			a->nr = n < 10 ? n : nr * (n - 10) / 10;
			look_up_all(&m);
		}
		a->nr = nr;
	}
	index_destroy(m.index);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),	  cmocka_unit_test(test_max),
		cmocka_unit_test(test_many),	  cmocka_unit_test(test_each_line),
		cmocka_unit_test(test_damaged),	  cmocka_unit_test(test_cut),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests_name("frames", tests, NULL, NULL);
}
