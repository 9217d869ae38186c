// SPDX-License-Identifier: GPL-2.0-or-later
// The view of directories and files: a tree that unfolds in place, or all files that match a filter.
"use strict";

(() => {
	const { el, percent, grouped, address } = kcovreport;
	const LABELS = { lines: "Lines", functions: "Functions", branches: "Branches", points: "Points" };
	const unfolded = new Set(); // paths of directories

	const columns = [
		{ key: "name", label: "Name", class: "name", isText: true },
		...kcovreport.KINDS.flatMap((kind) => [
			{ key: `${kind}%`, label: LABELS[kind], class: `share ${kind}`, title: `Sort by share of ${kind} hit` },
			{ key: `${kind}.hit`, label: "hit", class: `number ${kind}`, title: `Sort by ${kind} hit` },
			{ key: `${kind}.found`, label: "of", class: `number ${kind}`, title: `Sort by number of ${kind}` },
		]),
	];

	// What a column sorts by.
	function valueOf(key) {
		const kind = key.replace(/%$|\..*$/, "");

		if (key === "name")
			return (node) => (node.isDirectory ? "0" : "1") + node.name;
		if (key.endsWith("%"))
			return (node) => node[kind].found ? node[kind].hit / node[kind].found : -1;
		return (node) => node[kind][key.endsWith(".hit") ? "hit" : "found"];
	}

	function isReached(node) {
		return node.lines.hit > 0 || node.functions.hit > 0;
	}

	class TreeView {
		constructor(app, place) {
			this.app = app;
			this.query = place.query;
			this.directory = kcovreport.findDirectory(app.index, place.path);
			if (!this.directory)
				throw new Error(`the report has no directory '${place.path}'`);
			this.title = this.directory.path || "All files";
			this.element = el("section", { class: "view tree" });
			this.note = el("span", { class: "note", role: "status" });
			this.box = kcovreport.filterBox("Filter files: words of the path", this.query.q || "",
				(text) => this.ask({ q: text }));
			this.element.append(this.makeTools(), this.makeTable());
			this.update();
		}

		destroy() {
			this.list.destroy();
		}

		makeTools() {
			const reached = el("input", { type: "checkbox", checked: this.query.reached === "1",
				onchange: (event) => this.ask({ reached: event.target.checked ? "1" : "" }) });

			return el("div", { class: "tools" },
				kcovreport.crumbs("tree", this.directory, "", "all files"), this.box,
				el("label", { class: "choice" }, reached, "reached only"),
				el("a", { class: "choice", href: address("treemap", this.directory.path) }, "as treemap"),
				this.note);
		}

		makeTable() {
			this.heads = el("div", { class: "row heads", role: "row" });
			this.scroller = el("div", { class: "table scroll", role: "table", "aria-label": "Files",
				tabindex: "-1" }, el("div", { class: "headgroup", role: "rowgroup" }, this.heads));
			this.list = new kcovreport.VirtualList(this.scroller, (i) => this.makeRow(this.rows[i]));
			return this.scroller;
		}

		// Change what is asked for, in the address too.
		ask(change) {
			this.query = { ...this.query, ...change };
			this.app.replaceAddress(address("tree", this.directory.path, this.query));
			this.update();
		}

		// The tree below a directory, as far as it is unfolded.
		addRows(directory, depth, rows) {
			const nodes = [...directory.children.values()].filter((node) =>
				this.query.reached !== "1" || isReached(node));

			for (const child of this.sort(nodes)) {
				const { node, name } = kcovreport.joined(child);

				rows.push({ node, name, depth });
				if (node.isDirectory && unfolded.has(node.path))
					this.addRows(node, depth + 1, rows);
			}
		}

		sort(nodes) {
			const key = this.query.sort || "name";
			const byName = kcovreport.sorted(nodes, valueOf("name"), false);

			return kcovreport.sorted(byName, valueOf(key.replace(/^-/, "")), key.startsWith("-"));
		}

		matchingRows() {
			const matches = kcovreport.matcher(this.query.q);
			const inside = this.directory.path ? `${this.directory.path}/` : "";
			const files = this.app.index.files.filter((file) => file.path.startsWith(inside) &&
				(this.query.reached !== "1" || isReached(file)) && matches(file.path));

			return this.sort(files).map((node) => ({ node, name: node.path.slice(inside.length), depth: 0 }));
		}

		update() {
			const key = this.query.sort || "name";

			this.rows = [];
			if (this.query.q)
				this.rows = this.matchingRows();
			else
				this.addRows(this.directory, 0, this.rows);
			this.note.textContent = this.query.q
				? `${grouped(this.rows.length)} of ${grouped(this.directory.files)} files`
				: `${grouped(this.directory.files)} files`;
			this.rows.unshift({ node: this.directory, name: "total", depth: 0, isTotal: true });
			this.heads.replaceChildren(...kcovreport.sortHeads(columns, key, (sort) => this.ask({ sort })));
			if (this.query.q)
				this.rows[0].node = this.sumOfRows();
			this.scroller.setAttribute("aria-rowcount", this.rows.length);
			this.list.setCount(this.rows.length);
		}

		sumOfRows() {
			const sum = { isDirectory: true, path: this.directory.path };

			for (const kind of kcovreport.KINDS)
				sum[kind] = this.rows.slice(1).reduce((total, { node }) => ({
					hit: total.hit + node[kind].hit, found: total.found + node[kind].found,
				}), { hit: 0, found: 0 });
			return sum;
		}

		makeName({ node, name, depth, isTotal }) {
			const cell = el("span", { role: "rowheader", class: "name" });
			const isUnfolded = unfolded.has(node.path);

			cell.style.paddingLeft = `${depth * 1.2}em`;
			if (isTotal) {
				cell.append(el("span", { class: "fold" }), name);
			} else if (node.isDirectory) {
				cell.append(el("button", { type: "button", class: "fold", "aria-expanded": String(isUnfolded),
					"aria-label": `Unfold ${name}`, onclick: () => this.toggle(node) },
					isUnfolded ? "\u25be" : "\u25b8"));
				cell.append(el("a", { href: address("tree", node.path, { sort: this.query.sort,
					reached: this.query.reached }), title: node.path }, `${name}/`));
			} else {
				cell.append(el("span", { class: "fold" }));
				cell.append(el("a", { class: "file", href: address("file", node.path), title: node.path }, name));
			}
			return cell;
		}

		makeRow(row) {
			const cells = kcovreport.KINDS.flatMap((kind) => [
				el("span", { role: "cell", class: `share ${kind}` }, kcovreport.bar(row.node[kind]),
					el("span", { class: "percent" }, percent(row.node[kind]))),
				el("span", { role: "cell", class: `number ${kind}` }, grouped(row.node[kind].hit)),
				el("span", { role: "cell", class: `number ${kind}` }, grouped(row.node[kind].found)),
			]);

			return el("div", { role: "row", class: `row${row.isTotal ? " total" : ""}${
				isReached(row.node) ? "" : " unreached"}` }, this.makeName(row), cells);
		}

		toggle(node) {
			if (!unfolded.delete(node.path))
				unfolded.add(node.path);
			this.update();
			// The button was made anew.
			const at = this.rows.findIndex((row) => row.node === node);
			this.list.rows.get(at)?.querySelector("button.fold")?.focus();
		}

		key(key) {
			if (key !== "u" || !this.directory.parent)
				return false;
			this.app.go(address("tree", this.directory.parent.path, { sort: this.query.sort,
				reached: this.query.reached }));
			return true;
		}
	}

	kcovreport.views.tree = TreeView;
})();
