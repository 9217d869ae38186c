// SPDX-License-Identifier: GPL-2.0-or-later
// The panel below a source: what is known of the chosen line, and what its state follows from.
"use strict";

(() => {
	const { el, times, grouped } = kcovreport;
	const WHAT = {
		hit: "Executed.",
		partial: "Executed in part: some blocks of machine code that count for this line were hit, some missed.",
		missed: "Not executed, in what was recorded.",
		none: "No instrumented code belongs to this line: nothing of it was compiled into the kernel by itself, or " +
			"its code has no coverage point whose state is known.",
	};

	function outcome(count) {
		return count === null ? "not known" : times(count);
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
			const state = line ? line.state : "none";

			this.head.replaceChildren(el("span", { class: `key ${state}` }, line ? state : "no code"),
				kcovreport.visible(` ${this.view.file.name}:${number}`));
			this.body.replaceChildren(...[el("p", {}, WHAT[state]), this.facts(line, number),
				this.evidence(number)].flat().filter(Boolean));
			this.element.hidden = false;
			this.body.scrollTop = 0;
			this.view.list.show(number - 1);
		}

		facts(line, number) {
			const rows = [];
			const f = this.view.data.functions[this.view.functionAt(number)];

			if (line) {
				rows.push(["executed", times(line.count)]);
				rows.push(["blocks", line.found ? `${grouped(line.hit)} of ${grouped(line.found)} hit`
					: "none of its own: the statements of the source, or its function, say it"]);
			}
			if (line?.condition)
				rows.push(["condition", `true ${times(line.condition.isTrue)}, false ${times(line.condition.isFalse)}${
					line.condition.hasOperands ? "; of several operands, which the jumps tell apart" : ""}`]);
			line?.branches.forEach((outcomes, i) => rows.push([`jump ${i + 1}`, outcomes.length
				? `jumped ${outcome(outcomes[0])}, did not jump ${outcome(outcomes[1])}` : "not reached"]));
			if (f)
				rows.push(["function", `${f[0]}, from line ${f[1]}, called ${times(f[2])}, ${f[3]} of ${f[4]} blocks hit`]);
			return el("dl", { class: "facts" }, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
		}

		// The chunk has none yet.
		evidence() {
			return null;
		}
	}

	kcovreport.LinePanel = LinePanel;
})();
