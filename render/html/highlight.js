// SPDX-License-Identifier: GPL-2.0-or-later
// Colours C: finds where comments are, once for a file, then the words of one line at a time.
"use strict";

(() => {
	const KEYWORDS = new Set(("asm auto break case const continue default do else enum extern for goto if " +
		"inline register restrict return sizeof static struct switch typedef typeof union volatile while " +
		"__always_inline __attribute__ __init __exit __inline __must_check __user __iomem __percpu __rcu " +
		"noinline asmlinkage likely unlikely").split(" "));
	const TYPES = new Set(("bool char double float int long short signed unsigned void size_t ssize_t loff_t " +
		"pid_t gfp_t u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s32 __s64 __le16 __le32 __le64 " +
		"__be16 __be32 __be64 atomic_t spinlock_t").split(" "));
	const TOKEN = /\/\*|\/\/.*|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[A-Za-z_]\w*|\b(?:0[xX][\da-fA-F]+|\d[\d.]*)[uUlL]*|[^\w"'/]+|./g;
	const SHOWN_MAX = 4000; // characters of one line

	// For each line, whether it begins in a comment (1) or goes on with a directive (2).
	function lineStates(lines) {
		const states = new Uint8Array(lines.length);
		let inComment = false, inDirective = false;

		lines.forEach((line, i) => {
			states[i] = inComment ? 1 : inDirective ? 2 : 0;
			if (inComment || line.includes("/*") || line.includes("//"))
				inComment = endsInComment(line, inComment);
			inDirective = !inComment && line.endsWith("\\") && (inDirective || /^\s*#/.test(line));
		});
		return states;
	}

	function endsInComment(line, inComment) {
		let at = 0;

		for (;;) {
			if (inComment) {
				const end = line.indexOf("*/", at);
				if (end < 0)
					return true;
				at = end + 2;
				inComment = false;
			}
			TOKEN.lastIndex = at;
			let match = TOKEN.exec(line);
			while (match && match[0] !== "/*" && !match[0].startsWith("//"))
				match = TOKEN.exec(line);
			if (!match || match[0] !== "/*")
				return false;
			at = TOKEN.lastIndex;
			inComment = true;
		}
	}

	function span(kind, text) {
		return kind ? kcovreport.el("span", { class: kind }, text) : kcovreport.visible(text);
	}

	function kindOf(token, isDirective) {
		const first = token[0];

		if (token.startsWith("//"))
			return "comment";
		if (first === "\"" || first === "'")
			return "string";
		if (isDirective)
			return "directive";
		if (first >= "0" && first <= "9")
			return "literal";
		if (KEYWORDS.has(token))
			return "keyword";
		return TYPES.has(token) ? "type" : "";
	}

	// Pieces of a line: [kind, text], neighbours of one kind joined.
	function pieces(line, state) {
		const found = [];
		let at = 0;
		const isDirective = state === 2 || (state === 0 && /^\s*#/.test(line));
		const add = (kind, text) => {
			if (found.length && found[found.length - 1][0] === kind)
				found[found.length - 1][1] += text;
			else
				found.push([kind, text]);
		};
		const addComment = (start, from) => {
			const end = line.indexOf("*/", from);
			at = end < 0 ? line.length : end + 2;
			add("comment", line.slice(start, at));
		};

		if (state === 1)
			addComment(0, 0);
		while (at < line.length) {
			TOKEN.lastIndex = at;
			const [token] = TOKEN.exec(line);

			if (token === "/*") {
				addComment(at, at + 2);
				continue;
			}
			at += token.length;
			add(kindOf(token, isDirective), token);
		}
		return found;
	}

	// Whether there is more than blanks and comments.
	function hasCode(line, state) {
		return pieces(line.slice(0, SHOWN_MAX), state).some(([kind, text]) => kind !== "comment" && text.trim());
	}

	// The line as nodes for an element.
	function highlight(line, state) {
		const shown = line.length > SHOWN_MAX ? line.slice(0, SHOWN_MAX) : line;
		const nodes = pieces(shown, state).map(([kind, text]) => span(kind, text));

		if (shown !== line)
			nodes.push(span("note", ` (${line.length - SHOWN_MAX} more characters)`));
		return nodes;
	}

	Object.assign(kcovreport, { lineStates, hasCode, highlight });
})();
