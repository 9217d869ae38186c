// SPDX-License-Identifier: GPL-2.0-or-later
/* Names that mean something for the flow of control: keywords of C, and the kernel's macros. */
#include <string.h>

#include "symbolize/source/private.h"

struct row {
	const char *name;
	enum word word;
};

static const struct row rows[] = {
	{ "if", WORD_IF },
	{ "else", WORD_ELSE },
	{ "while", WORD_WHILE },
	{ "do", WORD_DO },
	{ "for", WORD_FOR },
	{ "switch", WORD_SWITCH },
	{ "case", WORD_CASE },
	{ "default", WORD_DEFAULT },
	{ "goto", WORD_GOTO },
	{ "return", WORD_RETURN },
	{ "break", WORD_BREAK },
	{ "continue", WORD_CONTINUE },
	{ "asm", WORD_ASM },
	{ "__asm__", WORD_ASM },
	{ "__asm", WORD_ASM },
	/* Linux: compiler-gcc.h, compiler_types.h. */
	{ "asm_goto_output", WORD_ASM_GOTO },
	{ "asm_volatile_goto", WORD_ASM_GOTO },
	{ "asm_inline", WORD_ASM },

	{ "void", WORD_TYPE },
	{ "char", WORD_TYPE },
	{ "short", WORD_TYPE },
	{ "int", WORD_TYPE },
	{ "long", WORD_TYPE },
	{ "float", WORD_TYPE },
	{ "double", WORD_TYPE },
	{ "signed", WORD_TYPE },
	{ "__signed__", WORD_TYPE },
	{ "unsigned", WORD_TYPE },
	{ "bool", WORD_TYPE },
	{ "_Bool", WORD_TYPE },
	{ "const", WORD_TYPE },
	{ "volatile", WORD_TYPE },
	{ "register", WORD_TYPE },
	{ "auto", WORD_TYPE },
	{ "extern", WORD_TYPE },
	{ "typedef", WORD_TYPE },
	{ "inline", WORD_TYPE },
	{ "__inline__", WORD_TYPE },
	{ "__inline", WORD_TYPE },
	{ "__auto_type", WORD_TYPE },
	{ "static", WORD_STATIC },
	{ "struct", WORD_STRUCT },
	{ "union", WORD_STRUCT },
	{ "enum", WORD_STRUCT },
	{ "typeof", WORD_TYPEOF },
	{ "__typeof__", WORD_TYPEOF },
	{ "__typeof", WORD_TYPEOF },
	{ "typeof_unqual", WORD_TYPEOF },
	{ "typeof_member", WORD_TYPEOF },
	{ "__unqual_scalar_typeof", WORD_TYPEOF },
	{ "sizeof", WORD_SIZEOF },
	{ "alignof", WORD_SIZEOF },
	{ "__alignof__", WORD_SIZEOF },
	{ "_Alignof", WORD_SIZEOF },
	{ "offsetof", WORD_SIZEOF },
	{ "offsetofend", WORD_SIZEOF },
	{ "sizeof_field", WORD_SIZEOF },
	{ "__builtin_offsetof", WORD_SIZEOF },
	{ "__builtin_constant_p", WORD_SIZEOF },
	{ "__builtin_types_compatible_p", WORD_SIZEOF },
	{ "ARRAY_SIZE", WORD_SIZEOF },
	{ "BUILD_BUG_ON", WORD_SIZEOF },
	{ "BUILD_BUG_ON_ZERO", WORD_SIZEOF },
	{ "BUILD_BUG_ON_MSG", WORD_SIZEOF },
	{ "BUILD_BUG_ON_NOT_POWER_OF_2", WORD_SIZEOF },
	{ "static_assert", WORD_SIZEOF },
	{ "_Static_assert", WORD_SIZEOF },

	{ "__attribute__", WORD_ATTRIBUTE },
	{ "__attribute", WORD_ATTRIBUTE },
	{ "__declspec", WORD_ATTRIBUTE },
	{ "_Alignas", WORD_ATTRIBUTE },
	{ "__extension__", WORD_ATTRIBUTE },
	/* Linux: compiler_attributes.h, compiler_types.h, and of other headers. */
	{ "__acquires", WORD_ATTRIBUTE },
	{ "__acquires_shared", WORD_ATTRIBUTE },
	{ "__aligned", WORD_ATTRIBUTE },
	{ "__alloc_size", WORD_ATTRIBUTE },
	{ "__assume_aligned", WORD_ATTRIBUTE },
	{ "__cleanup", WORD_ATTRIBUTE },
	{ "__cond_acquires", WORD_ATTRIBUTE },
	{ "__cond_lock", WORD_ATTRIBUTE },
	{ "__counted_by", WORD_ATTRIBUTE },
	{ "__diag_ignore", WORD_ATTRIBUTE },
	{ "__diagnose_as", WORD_ATTRIBUTE },
	{ "__fix_address", WORD_ATTRIBUTE },
	{ "__format_arg", WORD_ATTRIBUTE },
	{ "__free", WORD_ATTRIBUTE },
	{ "__gcc_attribute", WORD_ATTRIBUTE },
	{ "__guarded_by", WORD_ATTRIBUTE },
	{ "__malloc", WORD_ATTRIBUTE },
	{ "__mode", WORD_ATTRIBUTE },
	{ "__must_hold", WORD_ATTRIBUTE },
	{ "__must_hold_shared", WORD_ATTRIBUTE },
	{ "__no_kasan_or_inline", WORD_ATTRIBUTE },
	{ "__nonnull", WORD_ATTRIBUTE },
	{ "__printf", WORD_ATTRIBUTE },
	{ "__realloc_size", WORD_ATTRIBUTE },
	{ "__releases", WORD_ATTRIBUTE },
	{ "__releases_shared", WORD_ATTRIBUTE },
	{ "__scanf", WORD_ATTRIBUTE },
	{ "__section", WORD_ATTRIBUTE },
	{ "__strftime", WORD_ATTRIBUTE },
	{ "__target", WORD_ATTRIBUTE },
	{ "__vsyscall", WORD_ATTRIBUTE },

	{ "__label__", WORD_LABEL },
	{ "likely", WORD_LIKELY },
	{ "unlikely", WORD_LIKELY },
	{ "likely_notrace", WORD_LIKELY },
	{ "unlikely_notrace", WORD_LIKELY },
	{ "true", WORD_CONSTANT },
	{ "false", WORD_CONSTANT },
	{ "IS_ENABLED", WORD_CONSTANT },
	{ "IS_BUILTIN", WORD_CONSTANT },
	{ "IS_MODULE", WORD_CONSTANT },
	{ "IS_REACHABLE", WORD_CONSTANT },

	/* Linux: those that tools/objtool/noreturns.h lists, and macros. */
	{ "BUG", WORD_NO_RETURN },
	{ "BUILD_BUG", WORD_NO_RETURN },
	{ "__builtin_trap", WORD_NO_RETURN },
	{ "__builtin_unreachable", WORD_NO_RETURN },
	{ "__fortify_panic", WORD_NO_RETURN },
	{ "__kunit_abort", WORD_NO_RETURN },
	{ "__module_put_and_kthread_exit", WORD_NO_RETURN },
	{ "__stack_chk_fail", WORD_NO_RETURN },
	{ "bch2_trans_in_restart_error", WORD_NO_RETURN },
	{ "bch2_trans_restart_error", WORD_NO_RETURN },
	{ "cpu_bringup_and_idle", WORD_NO_RETURN },
	{ "cpu_startup_entry", WORD_NO_RETURN },
	{ "cpuidle_play_dead", WORD_NO_RETURN },
	{ "do_exit", WORD_NO_RETURN },
	{ "do_group_exit", WORD_NO_RETURN },
	{ "do_task_dead", WORD_NO_RETURN },
	{ "ex_handler_msr_mce", WORD_NO_RETURN },
	{ "fortify_panic", WORD_NO_RETURN },
	{ "kthread_complete_and_exit", WORD_NO_RETURN },
	{ "kthread_exit", WORD_NO_RETURN },
	{ "kunit_try_catch_throw", WORD_NO_RETURN },
	{ "machine_real_restart", WORD_NO_RETURN },
	{ "make_task_dead", WORD_NO_RETURN },
	{ "module_put_and_kthread_exit", WORD_NO_RETURN },
	{ "mpt_halt_firmware", WORD_NO_RETURN },
	{ "nmi_panic_self_stop", WORD_NO_RETURN },
	{ "panic", WORD_NO_RETURN },
	{ "panic_smp_self_stop", WORD_NO_RETURN },
	{ "play_dead", WORD_NO_RETURN },
	{ "rest_init", WORD_NO_RETURN },
	{ "rewind_stack_and_make_dead", WORD_NO_RETURN },
	{ "rust_begin_unwind", WORD_NO_RETURN },
	{ "rust_helper_BUG", WORD_NO_RETURN },
	{ "sev_es_terminate", WORD_NO_RETURN },
	{ "start_kernel", WORD_NO_RETURN },
	{ "stop_this_cpu", WORD_NO_RETURN },
	{ "unreachable", WORD_NO_RETURN },
	{ "x86_64_start_kernel", WORD_NO_RETURN },
	{ "x86_64_start_reservations", WORD_NO_RETURN },
	{ "xen_cpu_bringup_again", WORD_NO_RETURN },
	{ "xen_start_kernel", WORD_NO_RETURN },

	/* Linux: cleanup.h, acoutput.h. */
	{ "return_ptr", WORD_RETURN_MACRO },
	{ "return_ACPI_STATUS", WORD_RETURN_MACRO },
	{ "return_PTR", WORD_RETURN_MACRO },
	{ "return_STR", WORD_RETURN_MACRO },
	{ "return_UINT32", WORD_RETURN_MACRO },
	{ "return_UINT8", WORD_RETURN_MACRO },
	{ "return_VALUE", WORD_RETURN_MACRO },
	{ "return_VOID", WORD_RETURN_MACRO },
	/*
	 * zstd: error_private.h. Linux: kunit/static_stub.h, drm_exec.h, drm_mipi_dsi.h,
	 * bcachefs/error.h, enic/vnic_vic.h, ath5k/eeprom.h.
	 */
	{ "CHECK_F", WORD_JUMP_MACRO },
	{ "CHECK_V_F", WORD_JUMP_MACRO },
	{ "FORWARD_IF_ERROR", WORD_JUMP_MACRO },
	{ "RETURN_ERROR", WORD_RETURN_MACRO },
	{ "RETURN_ERROR_IF", WORD_JUMP_MACRO },
	{ "KUNIT_STATIC_STUB_REDIRECT", WORD_JUMP_MACRO },
	{ "drm_exec_retry_on_contention", WORD_JUMP_MACRO },
	{ "mipi_dsi_dcs_write_seq", WORD_JUMP_MACRO },
	{ "mipi_dsi_generic_write_seq", WORD_JUMP_MACRO },
	{ "bkey_fsck_err", WORD_JUMP_MACRO },
	{ "bkey_fsck_err_on", WORD_JUMP_MACRO },
	{ "fsck_err", WORD_JUMP_MACRO },
	{ "fsck_err_on", WORD_JUMP_MACRO },
	{ "mustfix_fsck_err", WORD_JUMP_MACRO },
	{ "mustfix_fsck_err_on", WORD_JUMP_MACRO },
	{ "VIC_PROVINFO_ADD_TLV", WORD_JUMP_MACRO },
	{ "AR5K_EEPROM_READ", WORD_JUMP_MACRO },
	{ "AR5K_EEPROM_READ_HDR", WORD_JUMP_MACRO },
	/* Linux: drm_modeset_lock.h, headers of ath9k, ath10k to ath12k, iwlegacy. */
	{ "DRM_MODESET_LOCK_ALL_BEGIN", WORD_LABEL_MACRO },
	{ "DRM_MODESET_LOCK_ALL_END", WORD_LABEL_MACRO },
	{ "C2S", WORD_LABEL_MACRO },
	{ "IL_CMD", WORD_LABEL_MACRO },
	{ "case_rtn_string", WORD_LABEL_MACRO },
	/* Linux: cleanup.h; asm/simd.h of arm64. */
	{ "scoped_guard", WORD_ONCE },
	{ "scoped_ksimd", WORD_ONCE },
	{ "scoped_cond_guard", WORD_AT_MOST_ONCE },
	/* Loops whose names do not say so: word_is_loop(). */
	{ "bpf_for", WORD_LOOP },
	{ "bpf_repeat", WORD_LOOP },
	{ "do_each_thread", WORD_LOOP },
	{ "do_each_pid_task", WORD_LOOP },
	{ "do_each_pid_thread", WORD_LOOP },
};

static uint32_t slot_of(uint32_t hash)
{
	return (hash ^ hash >> 10 ^ hash >> 20) % 1024;
}

void words_init(struct words *words)
{
	_Static_assert(sizeof(rows) / sizeof(*rows) < 255, "slots hold row numbers in a byte");
	memset(words, 0, sizeof(*words));
	for (uint32_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint32_t hash = HASH_INIT;

		for (const char *c = rows[i].name; *c; c++)
			hash = hash_byte(hash, (unsigned char)*c);
		uint32_t slot = slot_of(hash);
		while (words->slots[slot])
			slot = (slot + 1) % 1024;
		words->slots[slot] = (uint8_t)(i + 1);
	}
}

uint8_t words_find(const struct words *words, const char *name, uint32_t length, uint32_t hash)
{
	for (uint32_t slot = slot_of(hash); words->slots[slot]; slot = (slot + 1) % 1024) {
		const struct row *row = &rows[words->slots[slot] - 1];

		if (!strncmp(row->name, name, length) && !row->name[length])
			return row->word;
	}
	return WORD_NONE;
}

bool word_is_loop(const char *name, uint32_t length)
{
	static const char *const parts[] = { "for_each", "foreach",  "FOR_EACH", "FOREACH",
					     "_for_",	 "for_all_", "FOR_ALL",	 "while_each",
					     "_walk",	 "_iter",    "iterate_", "_until_" };
	char copy[128];

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, name, length);
	copy[length] = '\0';
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strstr(copy, parts[i]))
			return true;
	return !strncmp(copy, "for_", 4) || !strncmp(copy, "FOR_", 4);
}
