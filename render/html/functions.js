// SPDX-License-Identifier: GPL-2.0-or-later
// The view of all functions: which were never reached, which barely.
"use strict";

(() => {
	const { el, percent, grouped, address } = kcovreport;
	const BARELY = 0.25; // share of blocks
	const CHOICES = {
		"": ["all", () => true],
		reached: ["reached", (f) => Number(f.count) > 0],
		never: ["never reached", (f) => !Number(f.count)],
		barely: ["barely reached (at most a quarter of the blocks)",
			(f) => Number(f.count) > 0 && f.blocks.hit <= BARELY * f.blocks.found],
	};
	const columns = [
		{ key: "name", label: "Function", class: "name", isText: true },
		{ key: "share", label: "Blocks", class: "share lines", title: "Sort by share of blocks hit" },
		{ key: "hit", label: "hit", class: "number lines" },
		{ key: "found", label: "of", class: "number lines" },
		{ key: "count", label: "Called", class: "number called" },
		{ key: "file", label: "File", class: "filename", isText: true },
	];
	const VALUES = {
		name: (f) => f.name,
		share: (f) => f.blocks.found ? f.blocks.hit / f.blocks.found : -1,
		hit: (f) => f.blocks.hit,
		found: (f) => f.blocks.found,
		count: (f) => Number(f.count),
		file: (f) => f.file.path,
	};

	class FunctionsView {
		constructor(app, place) {
			this.app = app;
			this.query = place.query;
			this.title = "Functions";
			this.element = el("section", { class: "view functionlist" });
		}

		async load() {
			const chunk = await kcovreport.load("functions");

			if (this.app.view !== this)
				return;
			this.all = chunk.functions.map(([name, file, line, count, hit, found]) =>
				({ name, file: this.app.index.files[file], line, count, blocks: { hit, found } }));
			this.note = el("span", { class: "note", role: "status" });
			this.heads = el("div", { class: "row heads", role: "row" });
			this.scroller = el("div", { class: "table scroll", role: "table", "aria-label": "Functions", tabindex: "-1" },
				el("div", { class: "headgroup", role: "rowgroup" }, this.heads));
			this.element.append(this.makeTools(), this.scroller);
			this.list = new kcovreport.VirtualList(this.scroller, (i) => this.makeRow(this.rows[i]));
			this.update();
		}

		destroy() {
			this.list?.destroy();
		}

		makeTools() {
			const choose = el("select", { "aria-label": "Which functions",
				onchange: (event) => this.ask({ which: event.target.value }) },
				Object.entries(CHOICES).map(([key, [label]]) =>
					el("option", { value: key, selected: (this.query.which || "") === key }, label)));

			return el("div", { class: "tools" },
				kcovreport.filterBox("Filter functions: words of name or path", this.query.q || "",
					(text) => this.ask({ q: text })), choose, this.note);
		}

		ask(change) {
			this.query = { ...this.query, ...change };
			this.app.replaceAddress(address("functions", "", this.query));
			this.update();
		}

		update() {
			const matches = kcovreport.matcher(this.query.q);
			const [, isWanted] = CHOICES[this.query.which] || CHOICES[""];
			const sort = this.query.sort || "file";
			const value = VALUES[sort.replace(/^-/, "")] || VALUES.file;

			this.rows = kcovreport.sorted(this.all.filter((f) => isWanted(f) && matches(`${f.name} ${f.file.path}`)),
				value, sort.startsWith("-"));
			const hit = this.rows.filter((f) => Number(f.count)).length;
			this.note.textContent = `${grouped(this.rows.length)} of ${grouped(this.all.length)} functions, ${
				grouped(hit)} reached`;
			this.heads.replaceChildren(...kcovreport.sortHeads(columns, sort, (key) => this.ask({ sort: key })));
			this.scroller.setAttribute("aria-rowcount", this.rows.length);
			this.list.setCount(this.rows.length);
			this.scroller.scrollTop = 0;
		}

		makeRow(f) {
			return el("div", { role: "row", class: Number(f.count) ? "row" : "row unreached" },
				el("span", { role: "rowheader", class: "name" },
					el("a", { href: address("file", f.file.path, {}, f.line), title: f.name }, f.name)),
				el("span", { role: "cell", class: "share lines" }, kcovreport.bar(f.blocks),
					el("span", { class: "percent" }, percent(f.blocks))),
				el("span", { role: "cell", class: "number lines" }, grouped(f.blocks.hit)),
				el("span", { role: "cell", class: "number lines" }, grouped(f.blocks.found)),
				el("span", { role: "cell", class: "number called" }, grouped(f.count)),
				el("span", { role: "cell", class: "filename", title: f.file.path },
					el("a", { href: address("file", f.file.path) }, f.file.path), `:${f.line}`));
		}

		key() {
			return false;
		}
	}

	kcovreport.views.functions = FunctionsView;
})();
