// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opening an image: check its machine, read its executable sections, find its
 * debug info and symbols. Also the accessors of image.h.
 */
#include "symbolize/image/image.h"

#include <string.h>
#include <sys/stat.h>

#include "base/search.h"
#include "symbolize/image/private.h"

static struct error *image_check_machine(struct image *image)
{
	uint16_t machine = image->main.machine;
	const char *name = machine_name(machine);

	image->machine = machine_find(machine);
	if (image->machine)
		return NULL;
	if (!name)
		return error_create(ERROR_UNSUPPORTED, "'%s' is for an unknown machine (%u)",
				    image->main.path, machine);
	return error_hint(error_create(ERROR_UNSUPPORTED, "'%s' is for %s", image->main.path, name),
			  "only x86_64 kernels can be read, %s not yet", name);
}

static int compare_sections(const void *va, const void *vb)
{
	const struct image_section *a = va, *b = vb;

	if (a->address != b->address)
		return compare_values(a->address, b->address);
	return compare_values(a->size, b->size);
}

static struct error *add_section(struct image *image, Elf_Scn *scn, const GElf_Shdr *shdr)
{
	const struct elf_file *file = &image->main;
	struct image_section s = { .name = elf_file_section_name(file, scn) };
	Elf_Data *data = elf_getdata(scn, NULL);

	if (!data || !data->d_buf || data->d_size != shdr->sh_size)
		return elf_error(file->path, s.name);
	s.address = file->addresses[elf_ndxscn(scn)];
	s.size = data->d_size;
	s.data = data->d_buf;
	s.is_known = s.address < file->known_end;
	if (s.address + s.size < s.address)
		return error_create(ERROR_FORMAT, "'%s' has a broken section '%s'", file->path,
				    s.name);
	return image_section_vector_append(&image->sections, &s) ? NULL : &error_no_memory;
}

static struct error *image_read_sections(struct image *image)
{
	struct image_section_vector *v = &image->sections;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	struct error *err;

	while ((scn = elf_nextscn(image->main.elf, scn))) {
		if (!gelf_getshdr(scn, &shdr) || !(shdr.sh_flags & SHF_ALLOC) ||
		    !(shdr.sh_flags & SHF_EXECINSTR) || shdr.sh_type != SHT_PROGBITS ||
		    !shdr.sh_size)
			continue;
		err = add_section(image, scn, &shdr);
		if (err)
			return err;
	}
	if (v->len)
		qsort(v->data, v->len, sizeof(*v->data), compare_sections);
	for (size_t i = 1; i < v->len; i++)
		if (v->data[i].address < v->data[i - 1].address + v->data[i - 1].size)
			return error_create(ERROR_FORMAT, "'%s' has overlapping sections '%s'",
					    image->main.path, v->data[i].name);
	return NULL;
}

/* A separate debug file repeats the headers of its main file: type and machine must agree. */
static struct error *image_prepare_debug(struct image *image)
{
	struct elf_file *debug = &image->debug;

	if (debug->type != image->main.type || debug->machine != image->main.machine)
		return error_create(ERROR_MISMATCH, "'%s' is not the debug file of '%s'",
				    debug->path, image->main.path);
	return elf_file_prepare(debug, image->machine, image->budget);
}

static struct error *image_load_debug(struct image *image, const struct image_options *options)
{
	const char *const *dirs = options ? options->debug_dirs : NULL;
	struct error *err = NULL;

	image->has_debug = true;
	if (!elf_file_has_dwarf(&image->main)) {
		err = image_find_debug(image, dirs);
		if (err && err->code == ERROR_NOT_FOUND && options && options->allow_no_debug) {
			error_destroy(err);
			image->has_debug = false;
			return NULL;
		}
		if (!err)
			err = image_prepare_debug(image);
	}
	if (!err)
		err = image_find_alt(image, dirs);
	return err ? err : strbuf_check(&image->looked_at);
}

static struct error *image_load_symbols(struct image *image)
{
	struct error *err = NULL;

	if (elf_file_has_symbols(&image->main))
		err = image_read_symbols(image, &image->main);
	else if (image->debug.elf && elf_file_has_symbols(&image->debug))
		err = image_read_symbols(image, &image->debug);
	if (!err && !image->symbols.len)
		err = error_hint(
			error_create(ERROR_NOT_FOUND, "'%s' has no symbols", image->main.path),
			"it was stripped; use the one from the build tree or its debug "
			"package");
	return err;
}

static struct error *image_load(struct image *image, const struct image_options *options)
{
	struct error *err = image_check_machine(image);

	if (!err && elf_file_is_debug_only(&image->main))
		err = error_hint(error_create(ERROR_NOT_FOUND,
					      "'%s' has debug info but no code: it is the separate "
					      "debug file of another file",
					      image->main.path),
				 "name that other file; its debug info is looked for beside it, in "
				 ".debug/ there, and by build id in /usr/lib/debug/.build-id and "
				 "below --debug-dir");
	if (!err)
		err = elf_file_prepare(&image->main, image->machine, image->budget);
	if (!err)
		err = image_read_sections(image);
	if (!err)
		err = image_load_debug(image, options);
	if (!err)
		err = image_load_symbols(image);
	return err;
}

void image_forget_files(const struct image *image)
{
	elf_file_forget(&image->main);
	elf_file_forget(&image->debug);
	elf_file_forget(&image->alt);
}

/* image->main must be open. Takes image, also on failure. */
static struct error *image_finish(struct image *image, const struct image_options *options,
				  struct image **ret)
{
	image->log = options ? options->log : NULL;
	struct error *err = image_load(image, options);
	if (err) {
		image_close(image);
		return err;
	}
	image_forget_files(image);
	*ret = image;
	return NULL;
}

static struct image *image_alloc(void)
{
	_cleanup_free_ struct budget *budget = calloc(1, sizeof(*budget));
	struct image *image = calloc(1, sizeof(*image));

	if (!image || !budget) {
		free(image);
		return NULL;
	}
	image->budget = steal_ptr(&budget);
	image->main.fd = image->debug.fd = image->alt.fd = -1;
	return image;
}

struct error *image_open(const char *path, const struct image_options *options, struct image **ret)
{
	struct image *image = image_alloc();

	if (!image)
		return &error_no_memory;
	struct error *err = elf_file_init(&image->main, path, image->budget);
	if (err) {
		image_close(image);
		return err;
	}
	return image_finish(image, options, ret);
}

struct error *image_open_memory(const void *data, size_t size, const char *name,
				const struct image_options *options, struct image **ret)
{
	struct image *image = image_alloc();

	if (!image)
		return &error_no_memory;
	struct error *err = elf_file_init_memory(&image->main, data, size, name, image->budget);
	if (err) {
		image_close(image);
		return err;
	}
	return image_finish(image, options, ret);
}

void image_close(struct image *image)
{
	if (!image)
		return;
	image_section_vector_deinit(&image->sections);
	image_symbol_vector_deinit(&image->symbols);
	strbuf_deinit(&image->looked_at);
	elf_file_deinit(&image->alt);
	elf_file_deinit(&image->debug);
	elf_file_deinit(&image->main);
	free(image->budget);
	free(image);
}

struct error *image_identify(const char *path, struct image_identity *ret)
{
	struct budget budget = { 0 };
	struct elf_file file;
	struct error *err = elf_file_init(&file, path, &budget);

	if (err)
		return err;
	*ret = (struct image_identity){
		.build_id = file.build_id,
		.is_module = file.type == ET_REL,
		.has_dwarf = elf_file_has_dwarf(&file),
		.is_debug_only = elf_file_is_debug_only(&file),
		.has_symbols = elf_file_has_symbols(&file),
	};
	elf_file_deinit(&file);
	return NULL;
}

const char *image_path(const struct image *image)
{
	return image->main.path;
}

const char *image_debug_path(const struct image *image)
{
	return image->debug.elf ? image->debug.path : image->main.path;
}

uint64_t image_size(const struct image *image)
{
	const struct elf_file *files[] = { &image->main, &image->debug, &image->alt };
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		sum += files[i]->weight;
	return sum;
}

const char *image_truncated(const struct image *image)
{
	const struct elf_file *files[] = { &image->main, &image->debug, &image->alt };
	struct stat st;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		if (files[i]->elf && files[i]->fd >= 0 && !files[i]->memory &&
		    !fstat(files[i]->fd, &st) && (uint64_t)st.st_size < files[i]->size)
			return files[i]->path;
	return NULL;
}

void image_set_unit_guard(struct image *image, const struct unit_guard *guard)
{
	image->guard = guard;
}

const struct unit_guard *image_unit_guard(const struct image *image)
{
	return image->guard;
}

const struct build_id *image_build_id(const struct image *image)
{
	return &image->main.build_id;
}

const char *image_machine(const struct image *image)
{
	return image->machine->name;
}

uint16_t image_elf_machine(const struct image *image)
{
	return image->machine->elf_machine;
}

bool image_is_module(const struct image *image)
{
	return image->main.type == ET_REL;
}

const char *image_looked_at(const struct image *image, size_t *ret_size)
{
	*ret_size = image->looked_at.len;
	return strbuf_str(&image->looked_at);
}

bool image_lacks_supplement(const struct image *image)
{
	return image->lacks_supplement;
}

bool image_has_debug(const struct image *image)
{
	return image->has_debug;
}

const struct image_section *image_sections(const struct image *image, size_t *ret_nr)
{
	*ret_nr = image->sections.len;
	return image->sections.data;
}

const struct image_symbol *image_symbols(const struct image *image, size_t *ret_nr)
{
	*ret_nr = image->symbols.len;
	return image->symbols.data;
}

static bool read_table(const struct elf_file *file, Elf_Scn *scn, const char *name,
		       struct image_bytes *ret)
{
	GElf_Shdr shdr;

	if (strcmp(elf_file_section_name(file, scn), name) || !gelf_getshdr(scn, &shdr) ||
	    shdr.sh_type == SHT_NOBITS)
		return false;
	Elf_Data *data = elf_getdata(scn, NULL);
	if (!data || !data->d_buf)
		return false;
	*ret = (struct image_bytes){ data->d_buf, data->d_size, file->addresses[elf_ndxscn(scn)] };
	return true;
}

bool image_table(const struct image *image, enum kernel_table table, size_t *after,
		 struct image_bytes *ret)
{
	const struct elf_file *file = &image->main;
	const char *name = image->machine->tables[table];
	Elf_Scn *scn = *after ? elf_getscn(file->elf, *after) : NULL;

	if (!name)
		return false;
	while ((scn = elf_nextscn(file->elf, scn)))
		if (read_table(file, scn, name, ret)) {
			*after = elf_ndxscn(scn);
			return true;
		}
	return false;
}

const uint8_t *image_data_at(const struct image *image, uint64_t address, size_t *ret_size)
{
	return elf_file_at(&image->main, address, ret_size);
}

const struct image_section *image_find_section(const struct image *image, uint64_t address)
{
	const struct image_section_vector *v = &image->sections;
	size_t after = search_first(v->len, i, v->data[i].address > address);
	const struct image_section *s = after ? &v->data[after - 1] : NULL;

	return s && address - s->address < s->size ? s : NULL;
}

const uint8_t *image_code_at(const struct image *image, uint64_t address, size_t *ret_size)
{
	const struct image_section *s = image_find_section(image, address);

	if (!s)
		return NULL;
	*ret_size = s->size - (address - s->address);
	return s->data + (address - s->address);
}
