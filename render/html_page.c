// SPDX-License-Identifier: GPL-2.0-or-later
/* The files of render/html/, as they are when the program is built. The Makefile knows that. */
#include "render/html_private.h"

/* Paths are relative to the directory that make runs in. */
#define PAGE_FILE(symbol, name)                                                                    \
	__asm__(".section .rodata\n"                                                               \
		".global html_page_" #symbol "_start, html_page_" #symbol "_end\n"                 \
		"html_page_" #symbol "_start:\n"                                                   \
		".incbin \"render/html/" name "\"\n"                                               \
		"html_page_" #symbol "_end:\n"                                                     \
		".previous\n");                                                                    \
	extern const unsigned char html_page_##symbol##_start[], html_page_##symbol##_end[];
#define PAGE_ROW(symbol, name) { name, html_page_##symbol##_start, html_page_##symbol##_end },

#define PAGE_FILES(row)                                                                            \
	row(index_html, "index.html") row(style_css, "style.css") row(data_js, "data.js")          \
		row(dom_js, "dom.js") row(tree_js, "tree.js") row(highlight_js, "highlight.js")    \
			row(file_js, "file.js") row(line_js, "line.js")                            \
				row(functions_js, "functions.js") row(treemap_js, "treemap.js")    \
					row(runs_js, "runs.js")                                    \
						row(subsystems_js, "subsystems.js")                \
							row(compare_js, "compare.js")              \
								row(app_js, "app.js")

PAGE_FILES(PAGE_FILE)

const struct html_page_file html_page_files[] = { PAGE_FILES(PAGE_ROW){ NULL, NULL, NULL } };
