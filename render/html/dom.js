// SPDX-License-Identifier: GPL-2.0-or-later
// Elements and lists. Text only becomes text nodes: nothing of the data is ever parsed as HTML.
"use strict";

(() => {
	// What would be invisible, or show text in another order than it has: base/utf8.h.
	const NOT_PLAIN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
	const MAX_HEIGHT = 15e6; // pixels; browsers cut higher elements

	function visible(text) {
		return String(text).replace(NOT_PLAIN, (c) => {
			const code = c.codePointAt(0);
			return code < 32 ? String.fromCharCode(0x2400 + code)
				: `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
		});
	}

	// el("a", { class: "name", href: "#/tree" }, "text", child): "on..." are listeners; null and
	// false are left out.
	function el(tag, attributes = {}, ...children) {
		const element = document.createElement(tag);

		for (const [name, value] of Object.entries(attributes)) {
			if (value === null || value === undefined || value === false)
				continue;
			if (name.startsWith("on"))
				element.addEventListener(name.slice(2), value);
			else
				element.setAttribute(name, value === true ? "" : visible(value));
		}
		append(element, children);
		return element;
	}

	function append(element, children) {
		for (const child of children.flat(Infinity)) {
			if (child === null || child === undefined || child === false)
				continue;
			element.append(child instanceof Node ? child : visible(child));
		}
	}

	// A bar that is as full as the ratio. Readers of the screen get the text beside it.
	function bar(ratio) {
		const fill = el("span", { class: "fill" });

		fill.style.width = `${ratio.found ? 100 * ratio.hit / ratio.found : 0}%`;
		return el("span", { class: ratio.hit ? "bar" : "bar none", "aria-hidden": "true" }, fill);
	}

	// A list of rows of one height, of which only those on the screen are elements. If all rows are
	// higher than an element can be, the scroll bar is scaled, and rows are placed around what is seen.
	class VirtualList {
		// render(i) makes the element of row i.
		constructor(scroller, render) {
			this.scroller = scroller;
			this.render = render;
			this.count = 0;
			this.shift = 0; // pixels that rows are above their place in a list that is not scaled
			this.rows = new Map();
			this.rowHeight = parseFloat(getComputedStyle(document.documentElement)
				.getPropertyValue("--row")) || 20;
			this.space = el("div", { class: "space", role: "rowgroup" });
			scroller.append(this.space);
			scroller.addEventListener("scroll", () => this.schedule(), { passive: true });
			this.observer = new ResizeObserver(() => this.schedule());
			this.observer.observe(scroller);
		}

		destroy() {
			this.observer.disconnect();
		}

		setCount(count) {
			this.count = count;
			this.space.style.height = `${Math.min(count * this.rowHeight, MAX_HEIGHT)}px`;
			this.refresh();
		}

		// The rows have other content now.
		refresh() {
			for (const row of this.rows.values())
				row.remove();
			this.rows.clear();
			this.update();
		}

		// Pixels of the list for each pixel of the scroll bar.
		scale() {
			const seen = this.scroller.clientHeight;

			return Math.max(1, (this.count * this.rowHeight - seen) / (MAX_HEIGHT - seen));
		}

		move() {
			const top = this.scroller.scrollTop - this.space.offsetTop;
			const shift = Math.max(0, Math.round(top * (this.scale() - 1)));

			if (shift === this.shift)
				return;
			this.shift = shift;
			for (const [i, row] of this.rows)
				row.style.top = `${i * this.rowHeight - shift}px`;
		}

		schedule() {
			if (this.frame)
				return;
			this.frame = requestAnimationFrame(() => {
				this.frame = 0;
				this.update();
			});
		}

		update() {
			this.move();
			const height = this.scroller.clientHeight;
			const top = this.scroller.scrollTop - this.space.offsetTop + this.shift;
			const spare = 12; // rows above and below, for fast scrolling
			const first = Math.max(0, Math.floor(top / this.rowHeight) - spare);
			const last = Math.min(this.count, Math.ceil((top + height) / this.rowHeight) + spare);

			for (const [i, row] of this.rows) {
				if (i >= first && i < last)
					continue;
				row.remove();
				this.rows.delete(i);
			}
			const added = document.createDocumentFragment();
			for (let i = first; i < last; i++)
				if (!this.rows.has(i))
					added.append(this.place(i));
			this.space.append(added);
		}

		place(i) {
			const row = this.render(i);

			row.style.top = `${i * this.rowHeight - this.shift}px`;
			row.setAttribute("aria-rowindex", i + 1);
			this.rows.set(i, row);
			return row;
		}

		// Scroll so that row i is seen; in the middle if it was not seen before.
		show(i) {
			const head = this.space.offsetTop;
			const top = i * this.rowHeight;
			const from = this.scroller.scrollTop + this.shift;
			const seen = this.scroller.clientHeight - head;

			if (top < from || top + this.rowHeight > from + seen)
				this.scroller.scrollTop = Math.max(0, top - seen / 3) / this.scale();
			this.update();
		}
	}

	// Heads of columns that sort. columns: { key, label, class }; sort: "key" or "-key" (descending).
	function sortHeads(columns, sort, choose) {
		return columns.map((column) => {
			const isDown = sort === `-${column.key}`, isUp = sort === column.key;
			const other = isDown || (column.isText && !isUp) ? column.key : `-${column.key}`;

			return el("span", { role: "columnheader", class: column.class,
				"aria-sort": isDown ? "descending" : isUp ? "ascending" : "none" },
				el("button", { type: "button", onclick: () => choose(other),
					title: column.title || `Sort by ${column.label}` },
					column.label, isDown ? " \u25be" : isUp ? " \u25b4" : ""));
		});
	}

	// Compare by a key function; text by its code units, so that the order is the same everywhere.
	function sorted(items, value, isDescending) {
		const keyed = items.map((item) => [value(item), item]);
		const sign = isDescending ? -1 : 1;

		keyed.sort(([a], [b]) => a < b ? -sign : a > b ? sign : 0);
		return keyed.map(([, item]) => item);
	}

	// A box to type a filter into; changed(text) is called while typing.
	function filterBox(label, value, changed) {
		return el("input", { type: "search", class: "filter", placeholder: label, "aria-label": label,
			value, spellcheck: "false", autocomplete: "off",
			oninput: (event) => changed(event.target.value) });
	}

	// "home / kernel / sched", with links.
	function crumbs(view, directory, last, home) {
		const parts = [];

		for (let d = directory; d; d = d.parent)
			parts.unshift(el("a", { href: kcovreport.address(view, d.path) },
				d.parent ? d.name : home));
		if (last)
			parts.push(el("span", { "aria-current": "page" }, last));
		return el("nav", { class: "crumbs", "aria-label": "Directory" },
			parts.flatMap((part, i) => i ? [el("span", { class: "slash" }, "/"), part] : [part]));
	}

	Object.assign(kcovreport, { visible, el, append, bar, VirtualList, sortHeads, sorted, filterBox, crumbs });
})();
