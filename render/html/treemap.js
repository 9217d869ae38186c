// SPDX-License-Identifier: GPL-2.0-or-later
// The treemap: the area of a rectangle is a number of lines, its colour the share that was hit.
"use strict";

(() => {
	const { el, percent, grouped, address } = kcovreport;
	const LABEL_HEIGHT = 18, SMALLEST = 5; // pixels
	const STEPS = [0, 0.02, 0.1, 0.25, 0.5, 0.75]; // of the colours c0 to c6: c0 is nothing, c6 more than 75%

	// The sides of a row of areas that is laid along a side of this length: the worst ratio of them.
	function worst(row, sum, side) {
		const square = sum * sum, edge = side * side;

		return Math.max(edge * row[0].area / square, square / (edge * row.at(-1).area));
	}

	// Squarified treemap (Bruls, Huizing, van Wijk 2000). items: descending areas, whose sum is that of the box.
	function layOut(items, box, place) {
		let { x, y, width, height } = box;

		for (let at = 0; at < items.length;) {
			const side = Math.min(width, height);
			const row = [items[at]];
			let sum = items[at++].area;

			while (at < items.length &&
				worst([...row, items[at]], sum + items[at].area, side) <= worst(row, sum, side)) {
				sum += items[at].area;
				row.push(items[at++]);
			}
			const depth = side ? sum / side : 0;
			let offset = 0;
			for (const item of row) {
				const length = depth ? item.area / depth : 0;

				place(item.node, width >= height ? { x, y: y + offset, width: depth, height: length }
					: { x: x + offset, y, width: length, height: depth });
				offset += length;
			}
			if (width >= height) {
				x += depth;
				width -= depth;
			} else {
				y += depth;
				height -= depth;
			}
		}
	}

	function colourClass(ratio) {
		const share = ratio.found ? ratio.hit / ratio.found : 0;

		return share ? `c${STEPS.findLastIndex((step) => share > step) + 1}` : "c0";
	}

	class TreemapView {
		constructor(app, place) {
			this.app = app;
			this.query = place.query;
			this.directory = kcovreport.findDirectory(app.index, place.path);
			if (!this.directory)
				throw new Error(`the report has no directory '${place.path}'`);
			this.title = `Treemap of ${this.directory.path || "all files"}`;
			this.map = el("div", { class: "map", role: "list", "aria-label": this.title });
			this.element = el("section", { class: "view treemap" }, this.makeTools(), this.map);
			this.observer = new ResizeObserver(() => this.draw());
			this.observer.observe(this.map);
		}

		destroy() {
			this.observer.disconnect();
		}

		get kind() {
			return kcovreport.KINDS.includes(this.query.area) ? this.query.area : "lines";
		}

		makeTools() {
			const choose = el("select", { "aria-label": "What areas and colours count", onchange: (event) => {
				this.query = { ...this.query, area: event.target.value };
				this.app.replaceAddress(address("treemap", this.directory.path, this.query));
				this.draw();
			} }, kcovreport.KINDS.map((kind) => el("option", { value: kind, selected: kind === this.kind }, kind)));
			const labels = ["0", ...STEPS.slice(1).map((step) => `\u2264${100 * step}%`), ">75%"];

			return el("div", { class: "tools" },
				kcovreport.crumbs("treemap", this.directory, "", "all files"), choose,
				el("a", { class: "choice", href: address("tree", this.directory.path) }, "as table"),
				el("span", { class: "legend", "aria-hidden": "true" },
					labels.map((label, i) => el("span", { class: `key c${i}` }, label))));
		}

		draw() {
			const box = { x: 0, y: 0, width: this.map.clientWidth, height: this.map.clientHeight };

			this.map.replaceChildren();
			this.drawChildren(this.directory, box, this.map, 3);
		}

		// levels: how many levels of directories are drawn into each other.
		drawChildren(directory, box, into, levels) {
			const nodes = [...directory.children.values()].filter((node) => node[this.kind].found);
			const total = nodes.reduce((sum, node) => sum + node[this.kind].found, 0);
			const scale = total ? box.width * box.height / total : 0;
			const items = kcovreport.sorted(nodes, (node) => node[this.kind].found, true)
				.map((node) => ({ node, area: node[this.kind].found * scale }));

			layOut(items, box, (node, place) => this.drawNode(node, place, into, levels));
		}

		drawNode(child, place, into, levels) {
			if (place.width < SMALLEST || place.height < SMALLEST)
				return;
			const ratio = child[this.kind];
			const { node, name } = kcovreport.joined(child);
			const text = `${name}${node.isDirectory ? "/" : ""}`;
			const facts = `${percent(ratio)}, ${grouped(ratio.hit)} of ${grouped(ratio.found)} ${this.kind} hit`;
			const isNested = node.isDirectory && levels > 1 && place.width > 80 && place.height > 60;
			const view = node.isDirectory ? "treemap" : "file";
			const query = node.isDirectory ? { area: this.query.area } : {};
			const link = el("a", { href: address(view, node.path, query), title: `${node.path}: ${facts}`,
				"aria-label": `${text} ${facts}` },
				place.width > 24 && place.height > 14 ? [text, el("small", {}, ` ${percent(ratio)}`)] : []);
			const element = el("div", { role: "listitem", class: `area ${colourClass(ratio)}${isNested ? " nested" : ""}` },
				link);

			Object.assign(element.style, { left: `${place.x}px`, top: `${place.y}px`,
				width: `${place.width}px`, height: `${place.height}px` });
			into.append(element);
			if (!isNested)
				return;
			const inner = el("div", { class: "inner", role: "list", "aria-label": node.path });
			element.append(inner);
			this.drawChildren(node, { x: 2, y: LABEL_HEIGHT, width: place.width - 6,
				height: place.height - LABEL_HEIGHT - 4 }, inner, levels - 1);
		}

		key(key) {
			if (key !== "u" || !this.directory.parent)
				return false;
			this.app.go(address("treemap", this.directory.parent.path, { area: this.query.area }));
			return true;
		}
	}

	kcovreport.views.treemap = TreemapView;
})();
