// SPDX-License-Identifier: GPL-2.0-or-later
// The view of one source file: its lines with their states, its functions, and keys to walk it.
"use strict";

(() => {
	const { el, percent, grouped, address } = kcovreport;
	const MARKS = { hit: "+", partial: "~", missed: "-", unbuilt: "x", bare: ".", none: "" };
	const LABELS = { unbuilt: "not built", bare: "not instrumented", none: "no code" };
	const UNMEASURED = ["function", "arm", "bare"]; // enum unmeasured_kind
	const SIDES = { A: "only A", B: "only B", AB: "both", "?": "not known of one" }; // of a comparison
	const CLASSES = { A: "a", B: "b", AB: "both", "?": "unknown" };
	const OPERANDS_SHOWN = 4;
	const MAX_COLUMNS = 4100; // highlight.js cuts a line
	const NO_SOURCE = {
		missing: "The source was not found when this report was made: name the kernel's source tree with --source-dir.",
		outside: "The source is outside the kernel's source tree or not named like a source, so the report has no copy of it: --include asks for it.",
		unreadable: "The source could not be read when this report was made.",
	};
	const DOUBTS = {
		changed: "The source changed since the build: lines may be shifted.",
		newer: "The source is newer than the image: if it changed since the build, lines are shifted.",
		"too-short": "The source is shorter than when the kernel was compiled: it is not what was compiled.",
	};

	// The arrays of the chunk, by line.
	function makeLines(data) {
		const lines = new Map();

		for (const [line, count, found = 0, hit = 0, partial = 0] of data.lines)
			lines.set(line, { line, count, found, hit, branches: [], condition: null,
				state: partial ? "partial" : Number(count) ? "hit" : "missed" });
		for (const [line, ...outcomes] of data.branches)
			lines.get(line)?.branches.push(outcomes);
		for (const [line, isTrue, isFalse, hasOperands] of data.conditions)
			if (lines.has(line))
				lines.get(line).condition = { isTrue, isFalse, hasOperands: Boolean(hasOperands) };
		return lines;
	}

	// Why lines have no coverage, by line; later ranges override earlier ones. An arm may reach to the end of the file.
	function makeUnmeasured(data, height) {
		const lines = new Map();

		for (const [kind, first, last, at, group] of data.unmeasured || [])
			for (let line = first; line <= Math.min(last, height); line++)
				lines.set(line, { kind: UNMEASURED[kind], at, group });
		return lines;
	}

	// "TF" for a condition, "-" for what it never was; "+-" for the outcomes of a jump: as in show.
	function outcomeMarks(line) {
		let text = "";

		if (line.condition)
			text = (Number(line.condition.isTrue) ? "T" : "-") + (Number(line.condition.isFalse) ? "F" : "-");
		if (line.condition && !line.condition.hasOperands)
			return text;
		const reached = line.branches.filter((outcomes) => outcomes.length);
		const shown = reached.slice(0, OPERANDS_SHOWN).map((outcomes) => outcomes.map((count) =>
			count === null ? "?" : Number(count) ? "+" : "-").join("")).join("");
		return text + shown + (reached.length > OPERANDS_SHOWN ? ">" : "");
	}

	function isOneWay(line) {
		return line.condition && line.state !== "missed" &&
			!(Number(line.condition.isTrue) && Number(line.condition.isFalse));
	}

	// How many columns a line is wide, as far as it is shown.
	function columns(line) {
		let width = 0, at = 0;

		for (let tab = line.indexOf("\t"); tab >= 0 && width < MAX_COLUMNS; tab = line.indexOf("\t", at)) {
			width = (width + tab - at | 7) + 1;
			at = tab + 1;
		}
		// Others than ASCII may be two columns wide, or be shown as <U+202E>.
		width += line.length - at + 7 * (line.match(/[^\t -~]/g)?.length ?? 0);
		return Math.min(width, MAX_COLUMNS);
	}

	class FileView {
		constructor(app, place) {
			this.app = app;
			this.file = app.index.paths.get(place.path);
			if (!this.file)
				throw new Error(`the report has no file '${place.path}'`);
			this.title = this.file.path;
			this.element = el("section", { class: "view source" });
			this.at = 0;
		}

		// The chunk of the file comes later.
		async load(line) {
			const chunk = await kcovreport.load(this.file.chunk);

			this.compared = this.app.index.compared ? await kcovreport.executedBy(this.file.path) : null;
			// Another view was asked for meanwhile: its address stays.
			if (this.app.view !== this)
				return;
			this.chunk = chunk;
			this.data = chunk.files[this.file.number];
			this.lines = makeLines(this.data);
			this.text = typeof this.data.source === "string" ? this.data.source.split("\n") : [];
			if (this.text.length && this.text[this.text.length - 1] === "")
				this.text.pop();
			this.states = kcovreport.lineStates(this.text);
			this.numbers = [...this.lines.keys()];
			this.height = Math.max(this.text.length, this.numbers.at(-1) || 0);
			this.unmeasured = makeUnmeasured(this.data, this.height);
			this.build();
			this.goto(line || 1, Boolean(line));
		}

		destroy() {
			this.list?.destroy();
			this.strip?.observer.disconnect();
		}

		build() {
			const note = this.data.source === undefined
				? `${NO_SOURCE[this.data.state] || "The source could not be copied."} (${this.data.no_source})`
				: DOUBTS[this.data.state];

			this.element.append(this.makeTools());
			if (note)
				this.element.append(el("p", { class: "warning", role: "note" }, note));
			this.scroller = el("div", { class: "code scroll", role: "table", tabindex: "-1",
				"aria-label": `Source of ${this.file.path}`, "aria-rowcount": this.height });
			this.panel = new kcovreport.LinePanel(this);
			this.strip = this.makeStrip();
			this.element.append(el("div", { class: "columns" },
				el("div", { class: "middle" }, el("div", { class: "codebox" }, this.scroller, this.strip.element),
					this.panel.element),
				this.makeFunctions()));
			this.list = new kcovreport.VirtualList(this.scroller, (i) => this.makeRow(i + 1));
			const longest = this.text.reduce((most, line) => Math.max(most, columns(line)), 80);
			// So the width of a row does not depend on its text, which would be laid out twice.
			this.list.space.style.minWidth = `calc(${longest + 2}ch + 17em)`;
			this.list.setCount(this.height);
		}

		makeTools() {
			const ratios = kcovreport.KINDS.map((kind) => el("span", { class: "ratio" }, `${kind} `,
				el("b", {}, percent(this.file[kind])),
				` ${grouped(this.file[kind].hit)}/${grouped(this.file[kind].found)}`));
			const kinds = new Set([...this.unmeasured.values()].map(({ kind }) => kind === "bare" ? "bare" : "unbuilt"));
			const legend = ["hit", "partial", "missed", ...kinds].map((state) =>
				el("span", { class: `key ${state}` }, `${MARKS[state]} ${LABELS[state] ?? state}`));

			return el("div", { class: "tools" },
				kcovreport.crumbs("tree", this.file.parent, this.file.name, "all files"), ratios,
				el("span", { class: "legend" }, legend), this.compared && this.makeSides(),
				el("button", { type: "button", onclick: () => this.jump(-1), title: "Key: p" }, "\u2191 missed"),
				el("button", { type: "button", onclick: () => this.jump(1), title: "Key: n" }, "\u2193 missed"),
				this.compared && [
					el("button", { type: "button", onclick: () => this.jumpDifference(-1), title: "Key: D" }, "\u2191 differs"),
					el("button", { type: "button", onclick: () => this.jumpDifference(1), title: "Key: d" }, "\u2193 differs")]);
		}

		makeSides() {
			return el("span", { class: "legend" }, Object.entries(SIDES).map(([side, label]) =>
				el("span", { class: `key side ${CLASSES[side]}`, title: label.replace(/[AB]$/, (letter) =>
					this.compared.names["AB".indexOf(letter)].join(", ")) }, `${side} ${label}`)));
		}

		// Of a line that was executed: which of the two sides that are compared did it.
		sideOf(line) {
			return line && line.state !== "missed" ? this.compared.by.get(line.line) ?? "AB" : "";
		}

		makeSide(line) {
			const side = this.sideOf(line);

			return el("span", { role: "cell", class: `side ${CLASSES[side] ?? ""}`, title: SIDES[side],
				"aria-label": side && SIDES[side] }, side);
		}

		// To the next run of lines that only one side executed; direction: 1 or -1.
		jumpDifference(direction) {
			const isOne = (i) => this.numbers[i] !== undefined && /^[AB]$/.test(this.sideOf(this.lines.get(this.numbers[i])));
			const side = (i) => this.compared.by.get(this.numbers[i]);

			this.jumpTo(this.numbers.filter((number, i) => isOne(i) && !(isOne(i - 1) && side(i - 1) === side(i))),
				direction, "difference");
		}

		// Comments and blanks between lines that were not built are none of them.
		stateOf(number) {
			const line = this.lines.get(number), reason = this.unmeasured.get(number);

			if (line || !reason)
				return line ? line.state : "none";
			if (reason.kind === "bare")
				return "bare";
			return kcovreport.hasCode(this.text[number - 1] ?? "", this.states[number - 1]) ? "unbuilt" : "none";
		}

		labelOf(state) {
			return LABELS[state] ?? state;
		}

		makeRow(number) {
			const line = this.lines.get(number);
			const state = this.stateOf(number);
			const text = this.text[number - 1];
			const code = el("span", { role: "cell", class: "text" });

			kcovreport.append(code, text === undefined ? [] : kcovreport.highlight(text, this.states[number - 1]));
			return el("div", { role: "row", class: `line ${state}${number === this.at ? " current" : ""}`,
				onclick: (event) => this.click(event, number) },
				el("span", { role: "cell", class: "count", title: line ? kcovreport.times(line.count) : null },
					line ? kcovreport.shortCount(line.count) : ""),
				el("span", { role: "cell", class: "mark", "aria-label": MARKS[state] && this.labelOf(state),
					title: line ? null : MARKS[state] && this.labelOf(state) }, MARKS[state]),
				el("span", { role: "rowheader", class: "numbercell" },
					el("a", { class: "number", href: address("file", this.file.path, {}, number) }, String(number))),
				this.makeOutcomes(line), this.compared && this.makeSide(line), code);
		}

		makeOutcomes(line) {
			const marks = line ? outcomeMarks(line) : "";

			return el("span", { role: "cell", class: line && isOneWay(line) ? "outcomes oneway" : "outcomes",
				title: line && line.condition ? `true ${kcovreport.times(line.condition.isTrue)}, false ${
					kcovreport.times(line.condition.isFalse)}` : null }, marks);
		}

		click(event, number) {
			// Selecting text, and opening a link elsewhere, is not a choice of a line.
			if (String(window.getSelection()) || event.ctrlKey || event.metaKey || event.shiftKey)
				return;
			event.preventDefault();
			this.goto(number, true);
		}

		// Make a line the current one. isChosen: show what is known of it, and put it in the address.
		goto(number, isChosen) {
			const before = this.at;

			this.at = Math.min(Math.max(number, 1), this.height);
			for (const line of [before, this.at])
				this.list.rows.get(line - 1)?.classList.toggle("current", line === this.at);
			this.list.show(this.at - 1);
			this.markFunction();
			if (!isChosen)
				return;
			this.app.replaceAddress(address("file", this.file.path, {}, this.at));
			this.panel.show(this.at);
		}

		// To the next run of missed or partial lines; direction: 1 or -1.
		jump(direction) {
			const isGap = (i) => this.numbers[i] !== undefined && this.lines.get(this.numbers[i]).state !== "hit";

			this.jumpTo(this.numbers.filter((number, i) => isGap(i) && !isGap(i - 1)), direction, "missed line");
		}

		jumpFunction(direction) {
			this.jumpTo(this.data.functions.map((f) => f[1]), direction, "function");
		}

		jumpTo(starts, direction, what) {
			const next = direction > 0 ? starts.find((number) => number > this.at)
				: starts.findLast((number) => number < this.at);

			if (next)
				this.goto(next, true);
			else
				this.app.say(`no ${what} ${direction > 0 ? "below" : "above"}`);
		}

		functionAt(number) {
			return this.data.functions.findLastIndex((f) => f[1] <= number);
		}

		makeFunctions() {
			this.functionLinks = this.data.functions.map(([name, line, count, hit, found]) => {
				const state = !Number(count) ? "missed" : hit < found ? "partial" : "hit";

				return el("a", { class: `function ${state}`, href: address("file", this.file.path, {}, line),
					title: `${name}: called ${kcovreport.times(count)}, ${hit} of ${found} blocks` },
					el("span", { class: "mark", "aria-label": state }, MARKS[state]),
					el("span", { class: "name" }, name),
					el("span", { class: "count" }, kcovreport.shortCount(count)));
			});
			const isOpen = window.innerWidth > 900;
			const heading = `Functions ${percent(this.file.functions)} ${grouped(this.file.functions.hit)}/${
				grouped(this.file.functions.found)}`;

			this.functionBox = el("div", { class: "scroll", hidden: !isOpen }, this.functionLinks);
			return el("aside", { class: "funclist", "aria-label": "Functions" },
				el("button", { type: "button", class: "heading", "aria-expanded": String(isOpen), onclick: (event) => {
					this.functionBox.hidden = !this.functionBox.hidden;
					event.currentTarget.setAttribute("aria-expanded", String(!this.functionBox.hidden));
				} }, heading), this.functionBox);
		}

		markFunction() {
			const at = this.functionAt(this.at);

			this.functionLinks.forEach((link, i) => link.classList.toggle("current", i === at));
			const link = this.functionLinks[at], box = this.functionBox;
			if (link && (link.offsetTop < box.scrollTop || link.offsetTop + link.offsetHeight > box.scrollTop + box.clientHeight))
				box.scrollTop = link.offsetTop - box.clientHeight / 3;
		}

		// The whole file as a strip at the side: where it was hit and missed.
		makeStrip() {
			const canvas = el("canvas", { class: "strip", "aria-hidden": "true",
				onclick: (event) => this.goto(Math.ceil(this.height * event.offsetY / canvas.clientHeight), false) });
			const observer = new ResizeObserver(() => this.drawStrip(canvas));

			observer.observe(canvas);
			return { element: canvas, observer };
		}

		drawStrip(canvas) {
			const style = getComputedStyle(this.element);
			const context = canvas.getContext("2d");

			canvas.width = canvas.clientWidth;
			canvas.height = canvas.clientHeight;
			const step = canvas.height / Math.max(this.height, 1);
			for (const state of ["hit", "partial", "missed"]) {
				context.fillStyle = style.getPropertyValue(`--${state}`);
				for (const line of this.lines.values())
					if (line.state === state)
						context.fillRect(state === "missed" ? canvas.width / 2 : 0, (line.line - 1) * step,
							state === "partial" ? canvas.width : canvas.width / 2, Math.max(step, 1));
			}
		}

		key(key) {
			const keys = {
				n: () => this.jump(1),
				p: () => this.jump(-1),
				d: () => this.compared && this.jumpDifference(1),
				D: () => this.compared && this.jumpDifference(-1),
				j: () => this.goto(this.at + 1, false),
				k: () => this.goto(this.at - 1, false),
				ArrowDown: () => this.goto(this.at + 1, false),
				ArrowUp: () => this.goto(this.at - 1, false),
				"]": () => this.jumpFunction(1),
				"[": () => this.jumpFunction(-1),
				Enter: () => this.goto(this.at, true),
				Escape: () => this.panel.hide(),
				u: () => this.app.go(address("tree", this.file.parent.path)),
			};

			if (!this.list || !Object.hasOwn(keys, key))
				return false;
			keys[key]();
			return true;
		}
	}

	kcovreport.views.file = FileView;
})();
