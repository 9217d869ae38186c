// SPDX-License-Identifier: GPL-2.0-or-later
// The panel below a source: what is known of the chosen line, and what its state follows from.
"use strict";

(() => {
	const { el, times, grouped } = kcovreport;
	const BLOCKS = ["not known", "missed", "hit"];
	const IS_STATEMENT = 1, IS_OF_MISSED = 2, COUNTS = 4;
	const SHOWN = 20; // blocks
	const WHAT = {
		hit: "Executed.",
		partial: "Executed in part: some blocks of machine code that count for this line were hit, some missed.",
		missed: "Not executed, in what was recorded.",
		none: "No instrumented code belongs to this line: nothing of it was compiled into the kernel by itself, or " +
			"its code has no coverage point whose state is known.",
		bare: "Not instrumented: it has machine code, but in no function with a coverage point (noinstr, or excluded " +
			"by a makefile). Whether it was executed is not known.",
	};

	function outcome(count) {
		return count === null ? "not known" : times(count);
	}

	// Sources of a run have numbers in the order of their ids.
	function recorderName(runs, run, number) {
		const { tasks, remotes, contexts, path } = runs.runs[run];
		const source = kcovreport.sorted([...tasks, ...remotes, ...contexts], (s) => s.id, false)[number];
		const name = source?.comm ?? source?.name ?? "?";
		const more = source?.pid ? ` (pid ${source.pid})` : source?.handle ? ` (handle ${source.handle})` : "";

		return `${name}${more}${runs.runs.length > 1 ? ` in ${path}` : ""}`;
	}

	class LinePanel {
		constructor(view) {
			this.view = view;
			this.head = el("h2", {});
			this.body = el("div", { class: "body scroll" });
			this.element = el("aside", { class: "panel", hidden: true, "aria-live": "polite", "aria-label": "Line" },
				el("div", { class: "panelhead" }, this.head,
					el("button", { type: "button", "aria-label": "Close", title: "Key: Escape",
						onclick: () => this.hide() }, "\u00d7")), this.body);
		}

		hide() {
			this.element.hidden = true;
		}

		show(number) {
			const line = this.view.lines.get(number);
			const state = this.view.stateOf(number);

			this.head.replaceChildren(el("span", { class: `key ${state}` }, this.view.labelOf(state)),
				kcovreport.visible(` ${this.view.file.name}:${number}`));
			this.body.replaceChildren();
			kcovreport.append(this.body, [el("p", {}, WHAT[state] ?? this.whyNotBuilt(number)), this.facts(line, number), this.evidence(number),
				this.unreached(line, number)]);
			this.nameRecorders(number).catch((error) => this.view.app.say(error.message));
			this.element.hidden = false;
			this.body.scrollTop = 0;
			this.view.list.show(number - 1);
		}

		whyNotBuilt(number) {
			const { kind, at, group } = this.view.unmeasured.get(number);
			const link = (line) => el("a", { href: kcovreport.address("file", this.view.file.path, {}, line) },
				kind === "arm" ? `${(this.view.text[line - 1] ?? "").trim()} (line ${line})` : `of line ${line}`);

			if (kind === "arm")
				return ["Not built: the configuration of this kernel left it out, by ", link(at),
					group !== at && [" of ", link(group)], "."];
			return ["Not built: no image of this report has code of the function ", link(at), ". It was not compiled, " +
				"nothing uses it, or the compiler made it one with another function."];
		}

		facts(line, number) {
			const rows = [];
			const f = this.view.data.functions[this.view.functionAt(number)];

			if (line) {
				rows.push(["executed", times(line.count)]);
				if (this.view.compared && line.state !== "missed")
					rows.push(["compared", this.comparison(line)]);
				rows.push(["blocks", line.found ? `${grouped(line.hit)} of ${grouped(line.found)} hit`
					: "none of its own: the statements of the source, or its function, say it"]);
			}
			if (line?.condition)
				rows.push(["condition", `true ${times(line.condition.isTrue)}, false ${times(line.condition.isFalse)}${
					line.condition.hasOperands ? "; of several operands, which the jumps tell apart" : ""}`]);
			line?.branches.forEach((outcomes, i) => rows.push([`jump ${i + 1}`, outcomes.length
				? `jumped ${outcome(outcomes[0])}, did not jump ${outcome(outcomes[1])}` : "not reached"]));
			// Functions without code are not among those of the chunk.
			if (f && this.view.unmeasured.get(number)?.kind !== "function")
				rows.push(["function", `${f[0]}, from line ${f[1]}, called ${times(f[2])}, ${f[3]} of ${f[4]} blocks hit`]);
			return el("dl", { class: "facts" }, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
		}

		comparison(line) {
			const { by, names } = this.view.compared;
			const side = by.get(line.line);

			if (side === "?")
				return "executed by A or B; of the other one it is not known";
			return side ? `only ${side} executed it: ${names["AB".indexOf(side)].join(", ")}` : "both executed it";
		}

		// The report has no blocks of functions that were not reached: they would be most of it.
		unreached(line, number) {
			return line?.state === "missed" && line.found > 0 && !this.blocks(number).length && el("p", { class: "note" },
				"All its blocks are of functions of which nothing was executed: their coverage points were missed.");
		}

		// Why the line has its state, as `kcovreport report --explain` says it.
		evidence(number) {
			const blocks = this.blocks(number);
			const corrections = this.view.data.corrections.filter(([line]) => line === number);

			return [
				corrections.map(([, text]) => el("p", {}, el("b", {}, "Statements of the source: "), text)),
				blocks.length > 0 && [el("p", { class: "by" }), this.blockTable(blocks)],
			];
		}

		blocks(number) {
			const evidence = this.view.data.evidence;

			if (!evidence)
				return [];
			return evidence.rows.filter((row) => row[0] === number).map(([, image, symbol, start, size, state, count, points,
				source, recorders, flags]) => ({ image: evidence.images[image], symbol: evidence.symbols[symbol] ?? "",
				start, size, state: BLOCKS[state], count, points, source, recorders, flags }));
		}

		address(offset) {
			return `0x${(BigInt(this.view.data.evidence.base) + BigInt(offset)).toString(16)}`;
		}

		blockTable(blocks) {
			const body = el("tbody", {});
			const fill = (from, to) => kcovreport.append(body, blocks.slice(from, to).map((block) => this.blockRow(block)));
			const more = blocks.length > SHOWN && el("button", { type: "button", onclick: (event) => {
				fill(SHOWN);
				event.target.remove();
			} }, `show all ${grouped(blocks.length)} blocks`);

			fill(0, SHOWN);
			return [el("table", { class: "blocks", "aria-label": "Blocks of machine code" }, el("thead", {}, el("tr", {},
				["block", "in", "state", "follows from", "what is here"].map((head) => el("th", { scope: "col" }, head)))),
			body), more];
		}

		blockRow(block) {
			const isOwn = block.source === block.start;
			const state = block.state === "hit" ? `hit ${times(block.count)}` : block.state;
			const from = block.state === "not known" ? "no point and no other block decides it"
				: isOwn ? `its point${block.points === 1 ? "" : "s"}` : `the block at ${this.address(block.source)}`;
			let what = block.flags & IS_STATEMENT ? "the statement begins" : "only code of the line";

			if (block.flags & IS_OF_MISSED)
				what += "; does not count: it belongs to the missed block that falls through into this one";
			else if (block.state !== "not known" && !(block.flags & COUNTS))
				what += "; does not count: the statement itself was missed in this function";
			return el("tr", {}, el("td", { class: "address" }, `${this.address(block.start)} +${block.size}`),
				el("td", {}, `${block.symbol}${block.image === "vmlinux" ? "" : ` [${block.image}]`}`),
				el("td", {}, state), el("td", {}, from), el("td", {}, what));
		}

		// Which tasks, handles and contexts recorded one of its blocks. Their names are in another chunk.
		async nameRecorders(number) {
			const sets = new Set(this.blocks(number).map((block) => block.recorders).filter(Boolean));
			const place = this.body.querySelector(".by");

			if (!sets.size || !place)
				return;
			const runs = await kcovreport.load("runs");
			const found = new Map();
			let isCut = false;

			for (const set of sets) {
				const [nr, ...named] = runs.recorders[set];

				isCut ||= named.length < nr;
				for (const [run, source] of named)
					found.set(`${run} ${source}`, recorderName(runs, run, source));
			}
			// The view may be on another line, or another file, by now.
			if (place.isConnected)
				place.replaceChildren(el("b", {}, "Executed by: "),
					kcovreport.visible(`${[...found.values()].join(", ")}${isCut ? " and more" : ""}`));
		}
	}

	kcovreport.LinePanel = LinePanel;
})();
