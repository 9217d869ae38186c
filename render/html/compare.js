// SPDX-License-Identifier: GPL-2.0-or-later
// The view of a comparison: what only A executed, and what only B.
"use strict";

(() => {
	const { el, grouped, address } = kcovreport;
	const SIDES = ["A", "B"];
	const CHOICES = { "": "all that differs", A: "only A", B: "only B", parts: "where both part" };

	function number(count, what) {
		return `${grouped(count)} ${what}${count === 1 ? "" : "s"}`;
	}

	// Rows: a file, and below it its functions.
	function makeFunction(path, [name, line, sides, parts, ...lines]) {
		const only = SIDES.map((_, side) => lines.filter(([s]) => s === side));

		return { path, name: name ?? "(before the first function)", line, parts, only,
			by: sides === 1 ? "A" : sides === 2 ? "B" : "both",
			count: only.map((ranges) => ranges.reduce((sum, [, , , nr]) => sum + nr, 0)) };
	}

	class CompareView {
		constructor(app, place) {
			this.app = app;
			this.query = place.query;
			this.title = "Compare";
			this.element = el("section", { class: "view compare" });
		}

		async load() {
			if (!this.app.index.compared)
				throw new Error("this report compares nothing: kcovreport diff -o DIR A B makes one that does");
			this.data = await kcovreport.load("compare");

			if (this.app.view !== this)
				return;
			this.files = this.data.files.map(([path, ...functions]) =>
				({ path, functions: functions.map((f) => makeFunction(path, f)) }));
			this.note = el("span", { class: "note", role: "status" });
			this.scroller = el("div", { class: "table scroll", role: "table", "aria-label": "Differences", tabindex: "-1" },
				el("div", { class: "headgroup", role: "rowgroup" }, el("div", { class: "row heads", role: "row" },
					["Function", "By", "Only A", "Only B", "They part at"].map((head, i) =>
						el("span", { role: "columnheader", class: ["", "", "number", "number", "parts"][i] }, head)))));
			this.element.append(this.makeTools(), this.makeSides(), this.scroller);
			this.list = new kcovreport.VirtualList(this.scroller, (i) => this.makeRow(this.rows[i]));
			this.update();
		}

		destroy() {
			this.list?.destroy();
		}

		makeTools() {
			const choose = el("select", { "aria-label": "Which differences",
				onchange: (event) => this.ask({ which: event.target.value }) },
				Object.entries(CHOICES).map(([key, label]) =>
					el("option", { value: key, selected: (this.query.which || "") === key }, label)));

			return el("div", { class: "tools" },
				kcovreport.filterBox("Filter: words of name or path", this.query.q || "", (text) => this.ask({ q: text })),
				choose, this.note);
		}

		makeSides() {
			const { names, functions, lines } = this.data;
			const unknown = this.data.unknown.reduce((sum, [, ...of]) => sum + of.length, 0);

			return el("dl", { class: "facts sides" }, SIDES.map((side, i) => [el("dt", {}, side),
				el("dd", {}, names[i].join(", "), el("span", { class: "note" },
					`: only ${side} executed ${number(functions[i], "function")}, ${number(lines[i], "line")}`))]),
			unknown > 0 && [el("dt", {}, "not known"), el("dd", {},
				`${number(unknown, "line")} that one executed, and of which the PCs of the other do not tell`)]);
		}

		ask(change) {
			this.query = { ...this.query, ...change };
			this.app.replaceAddress(address("compare", "", this.query));
			this.update();
		}

		isWanted(f) {
			const which = this.query.which || "";

			if (which === "parts")
				return f.by === "both";
			return which === "" || f.by === which || f.count[SIDES.indexOf(which)] > 0;
		}

		update() {
			const matches = kcovreport.matcher(this.query.q);
			let nr = 0;

			this.rows = [];
			for (const file of this.files) {
				const wanted = file.functions.filter((f) => this.isWanted(f) && matches(`${f.name} ${file.path}`));

				if (wanted.length)
					this.rows.push({ file }, ...wanted);
				nr += wanted.length;
			}
			this.note.textContent = number(nr, "function");
			this.scroller.setAttribute("aria-rowcount", this.rows.length);
			this.list.setCount(this.rows.length);
			this.scroller.scrollTop = 0;
		}

		makeRow(row) {
			if (row.file)
				return el("div", { role: "row", class: "row total" }, el("span", { role: "rowheader", class: "name" },
					el("a", { href: address("file", row.file.path) }, row.file.path)));
			const to = (line) => address("file", row.path, {}, line);
			const counts = SIDES.map((side, i) => el("span", { role: "cell", class: "number" }, row.count[i] > 0 &&
				el("a", { href: to(row.only[i][0][1]), title: `lines ${row.only[i].map(([, first, last]) =>
					first === last ? first : `${first}-${last}`).join(", ")}` }, grouped(row.count[i]))));

			return el("div", { role: "row", class: "row" },
				el("span", { role: "rowheader", class: "name inner" }, el("a", { href: to(row.line) }, row.name)),
				el("span", { role: "cell" }, row.by === "both" ? "both" : `only ${row.by}`), counts,
				el("span", { role: "cell", class: "parts" }, row.by === "both" && row.parts > 0 && el("a", { href: to(row.parts) }, `line ${row.parts}`)));
		}

		key() {
			return false;
		}
	}

	// Who executed lines of a file that were executed, by line: "A", "B", or "?" if it is not known of one of them.
	async function executedBy(path) {
		const by = new Map();
		const data = await kcovreport.load("compare");
		const [, ...functions] = data.files.find(([name]) => name === path) ?? [];
		const [, ...unknown] = data.unknown.find(([name]) => name === path) ?? [];

		for (const [, , , , ...ranges] of functions)
			for (const [side, first, last] of ranges)
				for (let line = first; line <= last; line++)
					by.set(line, SIDES[side]);
		for (const line of unknown)
			by.set(line, "?");
		return { by, names: data.names };
	}

	kcovreport.executedBy = executedBy;
	kcovreport.views.compare = CompareView;
})();
