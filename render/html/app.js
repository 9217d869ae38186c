// SPDX-License-Identifier: GPL-2.0-or-later
// Shows the view that the address names. Each view has a title, an element, destroy() and key().
"use strict";

(() => {
	const { el, percent, grouped, address } = kcovreport;
	const VIEWS = [
		["tree", "Files", "t"],
		["treemap", "Treemap", "m"],
		["subsystems", "Subsystems", "s"],
		["functions", "Functions", "f"],
		["compare", "Compare", "c"],
		["runs", "Runs", "r"],
	];
	const KEYS = [
		["t m s f r", "files, treemap, subsystems, functions, runs; c: compare"],
		["/", "filter"],
		["u", "up: to the directory above"],
		["n p", "next, previous missed lines"],
		["d D", "next, previous lines that only one of two compared sides executed"],
		["j k, arrows", "next, previous line"],
		["] [", "next, previous function"],
		["Enter", "what is known of the line"],
		["Escape", "close"],
		["?", "this list"],
	];

	class App {
		constructor(index) {
			this.index = index;
			this.main = document.getElementById("main");
			this.view = null;
			this.makeHead();
			this.makeHelp();
			window.addEventListener("hashchange", () => this.show());
			document.addEventListener("keydown", (event) => this.keydown(event));
			this.show();
		}

		makeHead() {
			const [command, release] = this.index.commands[0] || [];
			const others = this.index.commands.length - 1;
			const totals = kcovreport.KINDS.map((kind) => el("div", { class: "total" }, el("dt", {}, kind),
				el("dd", { id: `total-${kind}`, "data-hit": this.index.totals[kind].hit,
					"data-found": this.index.totals[kind].found },
				el("b", {}, percent(this.index.totals[kind])),
				` ${grouped(this.index.totals[kind].hit)}/${grouped(this.index.totals[kind].found)}`)));

			// The directory of the program is the least of it.
			this.name = command ? command.replace(/^\S*\//, "") : "kcovreport";
			kcovreport.append(document.getElementById("title"), [
				el("b", { title: command }, this.name), others > 0 && ` and ${others} more`,
				release && el("span", { class: "note" }, ` Linux ${release}`)]);
			kcovreport.append(document.getElementById("views"), [
				VIEWS.filter(([view]) => this.has(view)).map(([view, label]) => el("a", { href: address(view), "data-view": view }, label)),
				el("button", { type: "button", onclick: () => this.help.showModal(), title: "Key: ?" }, "Keys")]);
			kcovreport.append(document.getElementById("totals"), totals);
		}

		// Whether the report has the data of a view.
		has(view) {
			return view === "subsystems" ? this.index.subsystems : view === "compare" ? this.index.compared : true;
		}

		makeHelp() {
			this.help = document.getElementById("help");
			kcovreport.append(this.help, [el("h2", {}, "Keys"),
				el("dl", { class: "facts" }, KEYS.map(([key, what]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, what)])),
				el("p", { class: "note" }, `${this.index.generator}. docs/html.md of kcovreport says what each colour and number means.`),
				el("form", { method: "dialog" }, el("button", {}, "Close"))]);
			// The form would be sent otherwise, which the policy of the page forbids.
			this.help.querySelector("form").addEventListener("submit", (event) => {
				event.preventDefault();
				this.help.close();
			});
			this.status = el("div", { id: "status", role: "status" });
			document.body.append(this.status);
		}

		go(to) {
			window.location.hash = to;
		}

		// Without a new entry in the history: while somebody types a filter.
		replaceAddress(to) {
			window.history.replaceState(null, "", to);
		}

		// A short message.
		say(text) {
			this.status.textContent = text;
			clearTimeout(this.silence);
			this.silence = setTimeout(() => {
				this.status.textContent = "";
			}, 2000);
		}

		async show() {
			const place = kcovreport.parseAddress(window.location.hash);
			const known = Object.hasOwn(kcovreport.views, place.view) ? place.view : "tree";

			// Another line of the file that is on the screen.
			if (known === "file" && this.view?.file && this.view.list && this.view.file.path === place.path) {
				this.view.goto(place.line || 1, Boolean(place.line));
				return;
			}
			this.view?.destroy();
			this.view = null;
			document.getElementById("views").querySelectorAll("a").forEach((link) =>
				link.toggleAttribute("aria-current", link.dataset.view === (known === "file" ? "tree" : known)));
			let view = null;

			try {
				view = new kcovreport.views[known](this, place);
				this.view = view;
				this.main.replaceChildren(view.element);
				document.title = `${view.title} - ${this.name}`;
				this.main.setAttribute("aria-busy", "true");
				if (view.load)
					await view.load(place.line);
				view.list?.update();
				if (this.view === view)
					this.main.removeAttribute("aria-busy");
				if (this.view === view)
					this.focusView();
				performance.mark("view"); // for bench/html_browser.py
			} catch (error) {
				// Another view was asked for meanwhile.
				if (this.view !== view)
					return;
				this.main.removeAttribute("aria-busy");
				this.main.replaceChildren(el("section", { class: "view" }, el("p", { class: "warning", role: "alert" },
					`${error.message}`), el("p", {}, el("a", { href: address("tree") }, "all files"))));
			}
		}

		// So that PageDown scrolls, and Tab goes on from there. Not while somebody types a filter.
		focusView() {
			const { activeElement } = document;

			if (!activeElement || activeElement === document.body || activeElement.closest("#views"))
				(this.view.scroller ?? this.main).focus({ preventScroll: true });
		}

		keydown(event) {
			const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);

			if (event.ctrlKey || event.altKey || event.metaKey || this.help.open)
				return;
			if (isTyping) {
				if (event.key === "Escape")
					event.target.blur();
				return;
			}
			// Enter on a link or a button is theirs.
			if (event.key === "Enter" && /^(A|BUTTON|SUMMARY)$/.test(event.target.tagName))
				return;
			if (this.view?.key(event.key) || this.keyOfAll(event.key))
				event.preventDefault();
		}

		keyOfAll(key) {
			const view = VIEWS.find(([, , letter]) => letter === key);
			const box = this.main.querySelector("input.filter");

			if (view && this.has(view[0]))
				this.go(address(view[0]));
			else if (key === "/" && box)
				box.focus();
			else if (key === "?")
				this.help.showModal();
			else
				return false;
			return true;
		}
	}

	kcovreport.load("index").then((chunk) => {
		kcovreport.app = new App(kcovreport.makeIndex(chunk));
	}).catch((error) => {
		document.getElementById("main").append(el("p", { class: "warning", role: "alert" }, error.message));
	});
})();
