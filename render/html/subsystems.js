// SPDX-License-Identifier: GPL-2.0-or-later
// The view of subsystems: entries of MAINTAINERS, and the files of one of them.
"use strict";

(() => {
	const { el, percent, grouped, address } = kcovreport;
	const NONE = "(no entry)"; // files outside the tree
	const LABELS = { lines: "Lines", functions: "Functions", branches: "Branches", points: "Points" };
	const columns = [
		{ key: "name", label: "Subsystem", class: "name", isText: true },
		...kcovreport.KINDS.flatMap((kind) => [
			{ key: `${kind}%`, label: LABELS[kind], class: `share ${kind}`, title: `Sort by share of ${kind} hit` },
			{ key: `${kind}.hit`, label: "hit", class: `number ${kind}`, title: `Sort by ${kind} hit` },
			{ key: `${kind}.found`, label: "of", class: `number ${kind}`, title: `Sort by number of ${kind}` },
		]),
	];

	function addUp(name, files) {
		const sum = { name, files };

		for (const kind of kcovreport.KINDS)
			sum[kind] = files.reduce((total, file) => ({ hit: total.hit + file[kind].hit,
				found: total.found + file[kind].found }), { hit: 0, found: 0 });
		return sum;
	}

	// What a column sorts by.
	function valueOf(key) {
		const [, kind, part] = /^(\w+)(?:%|\.(\w+))?$/.exec(key) || [];

		if (!kcovreport.KINDS.includes(kind))
			return (row) => row.name;
		if (part)
			return (row) => row[kind][part];
		return (row) => row[kind].found ? row[kind].hit / row[kind].found : -1;
	}

	class SubsystemsView {
		constructor(app, place) {
			this.app = app;
			this.query = place.query;
			this.title = this.query.name || "Subsystems";
			this.element = el("section", { class: "view tree subsystems" });
		}

		async load() {
			if (!this.app.index.subsystems)
				throw new Error("the source tree had no MAINTAINERS when this report was made");
			const chunk = await kcovreport.load("subsystems");

			if (this.app.view !== this)
				return;
			if (chunk.problem)
				throw new Error(chunk.problem);
			this.all = chunk.subsystems.map(([title, ...files]) =>
				addUp(title ?? NONE, files.map((number) => this.app.index.files[number])));
			this.one = this.query.name && this.all.find((subsystem) => subsystem.name === this.query.name);
			if (this.query.name && !this.one)
				throw new Error(`the report has no subsystem '${this.query.name}'`);
			this.note = el("span", { class: "note", role: "status" });
			this.heads = el("div", { class: "row heads", role: "row" });
			this.scroller = el("div", { class: "table scroll", role: "table", "aria-label": this.title, tabindex: "-1" },
				el("div", { class: "headgroup", role: "rowgroup" }, this.heads));
			this.element.append(this.makeTools(), this.scroller);
			this.list = new kcovreport.VirtualList(this.scroller, (i) => this.makeRow(this.rows[i]));
			this.update();
		}

		destroy() {
			this.list?.destroy();
		}

		makeTools() {
			const reached = el("input", { type: "checkbox", checked: this.query.reached === "1",
				onchange: (event) => this.ask({ reached: event.target.checked ? "1" : "" }) });

			return el("div", { class: "tools" },
				el("nav", { class: "crumbs", "aria-label": "Subsystem" },
					el("a", { href: address("subsystems") }, "all subsystems"),
					this.one && [el("span", { class: "slash" }, "/"), el("span", { "aria-current": "page" }, this.one.name)]),
				kcovreport.filterBox(this.one ? "Filter files: words of the path" : "Filter subsystems: words of the title",
					this.query.q || "", (text) => this.ask({ q: text })),
				el("label", { class: "choice" }, reached, "reached only"), this.note);
		}

		ask(change) {
			this.query = { ...this.query, ...change };
			this.app.replaceAddress(address("subsystems", "", this.query));
			this.update();
		}

		update() {
			const matches = kcovreport.matcher(this.query.q);
			const sort = this.query.sort || "name";
			const all = this.one ? this.one.files.map((file) => ({ ...file, name: file.path, isFile: true })) : this.all;
			const rows = all.filter((row) => matches(row.name) && (this.query.reached !== "1" || row.lines.hit > 0));

			this.rows = kcovreport.sorted(rows, valueOf(sort.replace(/^-/, "")), sort.startsWith("-"));
			this.note.textContent = `${grouped(rows.length)} of ${grouped(all.length)} ${this.one ? "files" : "subsystems"}${
				this.one ? "" : "; a file in several counts in each"}`;
			this.heads.replaceChildren(...kcovreport.sortHeads(columns, sort, (key) => this.ask({ sort: key })));
			this.scroller.setAttribute("aria-rowcount", this.rows.length);
			this.list.setCount(this.rows.length);
		}

		makeRow(row) {
			const to = row.isFile ? address("file", row.path) : address("subsystems", "", { name: row.name });
			const cells = kcovreport.KINDS.flatMap((kind) => [
				el("span", { role: "cell", class: `share ${kind}` }, kcovreport.bar(row[kind]),
					el("span", { class: "percent" }, percent(row[kind]))),
				el("span", { role: "cell", class: `number ${kind}` }, grouped(row[kind].hit)),
				el("span", { role: "cell", class: `number ${kind}` }, grouped(row[kind].found)),
			]);

			return el("div", { role: "row", class: row.lines.hit ? "row" : "row unreached" },
				el("span", { role: "rowheader", class: "name" }, el("a", { href: to, title: row.name }, row.name)), cells);
		}

		key(key) {
			if (key !== "u" || !this.one)
				return false;
			this.app.go(address("subsystems"));
			return true;
		}
	}

	kcovreport.views.subsystems = SubsystemsView;
})();
