// SPDX-License-Identifier: GPL-2.0-or-later
// The view of the runs: what was collected, what was lost, and what the PCs are.
"use strict";

(() => {
	const { el, grouped, percent } = kcovreport;
	const SHOWN = 300; // rows of a table, before somebody asks for all

	function table(label, heads, rows) {
		const body = el("tbody", {});
		const fill = (from, to) => kcovreport.append(body, rows.slice(from, to).map((row) =>
			el("tr", {}, row.map((cell) => typeof cell === "number"
				? el("td", { class: "number" }, grouped(cell)) : el("td", {}, cell)))));
		const more = rows.length > SHOWN && el("button", { type: "button", onclick: (event) => {
			fill(SHOWN);
			event.target.remove();
		} }, `show all ${grouped(rows.length)}`);

		fill(0, SHOWN);
		return [el("div", { class: "wide" }, el("table", { "aria-label": label },
			el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))), body)), more];
	}

	function section(title, ...content) {
		return el("section", {}, el("h2", {}, title), content);
	}

	function taskRow(task) {
		const lost = [task.saturations && `buffer full ${kcovreport.times(task.saturations)}`,
			task.dropped_pcs && `${grouped(task.dropped_pcs)} PCs dropped`,
			task.dropped_tasks && `${grouped(task.dropped_tasks)} tasks not recorded`];

		return [task.comm ?? task.name ?? "?", String(task.pid ?? ""), task.state ?? (task.recorded ? "recorded" : "not recorded"),
			task.pcs, [...lost.filter(Boolean), task.reason].filter(Boolean).join("; ")];
	}

	function contextRow(context) {
		const lost = [context.dropped_pcs && `${grouped(context.dropped_pcs)} PCs dropped`,
			context.dropped_sections && `not attributed ${kcovreport.times(context.dropped_sections)}`,
			context.pending && `${grouped(context.pending)} pieces had not run at the end, or were cancelled`, context.reason];

		return [context.name, context.recorded ? "recorded" : "not recorded", context.pcs, lost.filter(Boolean).join("; ")];
	}

	function runSection(run) {
		const facts = [["command", run.command ?? "not known"], ["kernel", run.release ?? "not known"],
			["build id", run.build_id || "not known"], ["file", run.path],
			["complete", run.finished ? "yes" : "no: its last PCs may be missing"],
			run.damage && ["damage", `${run.damage} (${grouped(run.damaged_bytes)} bytes skipped)`]];
		const remotes = run.remotes.filter((remote) => remote.pcs || !remote.recorded);

		return section(run.path || "run",
			el("dl", { class: "facts" }, facts.filter(Boolean).map(([name, value]) =>
				[el("dt", {}, name), el("dd", {}, value)])),
			run.notes.map((note) => el("p", { class: "warning" }, note)),
			table("Tasks", ["task", "pid", "state", "PCs", "what was lost"], run.tasks.map(taskRow)),
			remotes.length > 0 && [el("h3", {}, "Background work, by remote handle"),
				table("Remote handles", ["name", "handle", "state", "PCs", "what was lost"], remotes.map((remote) => {
					const row = taskRow(remote);
					row[1] = remote.handle;
					return row;
				}))],
			run.contexts.length > 0 && [el("h3", {}, "Recorded in other contexts"),
				table("Contexts", ["context", "state", "PCs", "what was lost"], run.contexts.map(contextRow))]);
	}

	class RunsView {
		constructor(app) {
			this.app = app;
			this.title = "Runs";
			this.element = this.scroller = el("section", { class: "view runs scroll", tabindex: "-1" });
		}

		async load() {
			const data = await kcovreport.load("runs");

			kcovreport.append(this.element, [el("h1", {}, "Runs"), this.makeSummary(data), data.runs.map(runSection),
				this.makeImages(data), this.makeHandoffs(data), this.makeUnmatched(data)]);
		}

		destroy() {}

		makeSummary(data) {
			const text = data.summary.trim();

			return section("What the summary says", text ? el("pre", { class: "wide" }, text)
				: el("p", {}, "Nothing was lost, and nothing is missing."));
		}

		makeImages(data) {
			return section("Images", table("Images", ["image", "points hit", "of", "share", "PCs", "build id", "file, or what is wrong"],
				data.images.map((image) => [image.name, image.points.hit, image.points.found, percent(image.points),
					image.pcs, image.build_id, image.problem ?? image.path ?? ""])));
		}

		makeHandoffs(data) {
			const missing = data.handoffs.filter((handoff) => !handoff.is_recorded);

			return missing.length > 0 && section("Work handed on",
				el("p", {}, "These calls hand work to other contexts. Outside of remote sections nothing records it there: it shows as missed."),
				table("Handoffs", ["to", "function", "times"], missing.map((handoff) => [handoff.to, handoff.function,
					`${grouped(handoff.count)}${handoff.is_least ? " or more" : ""}`])));
		}

		makeUnmatched(data) {
			const explain = Object.entries(data.unmatched_classes).filter(([, value]) => value.pcs);

			return data.unmatched.length > 0 && section("PCs that are not coverage points",
				table("Reasons", ["reason", "PCs", "what it means"], explain.map(([name, value]) => [name, value.pcs, value.explanation])),
				table("Unmatched PCs", ["PC", "count", "reason", "image"], data.unmatched.map((u) =>
					[u.pc, grouped(u.count), u.class, u.image ?? ""])));
		}

		key() {
			return false;
		}
	}

	kcovreport.views.runs = RunsView;
})();
