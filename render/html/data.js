// SPDX-License-Identifier: GPL-2.0-or-later
// The data of the report: loads chunks, builds the tree of directories, formats numbers.
"use strict";

const kcovreport = (() => {
	const KINDS = ["lines", "functions", "branches", "points"];
	const loading = new Map(); // name of a chunk: { promise, resolve }
	// With trusted types, the page can load no script but the chunks of its own folder.
	const policy = window.trustedTypes ? window.trustedTypes.createPolicy("kcovreport", {
		createScriptURL: (name) => chunkUrl(name),
	}) : { createScriptURL: (name) => chunkUrl(name) };

	function chunkUrl(name) {
		if (!/^[a-z0-9]+$/.test(name))
			throw new Error(`no chunk can have the name '${name}'`);
		return `data/${name}.js`;
	}

	// A chunk calls this.
	function add(chunk) {
		loading.get(chunk.chunk)?.resolve(chunk);
	}

	// A promise of the chunk. fetch() does not work on file://, scripts do.
	function load(name) {
		const known = loading.get(name);

		if (known)
			return known.promise;
		const entry = {};
		entry.promise = new Promise((resolve, reject) => {
			const script = document.createElement("script");

			entry.resolve = resolve;
			script.src = policy.createScriptURL(name);
			script.onload = () => script.remove();
			script.onerror = () => {
				script.remove();
				loading.delete(name);
				reject(new Error(`cannot load data/${name}.js: is the folder of the report whole?`));
			};
			document.head.append(script);
		});
		loading.set(name, entry);
		return entry.promise;
	}

	function noRatios() {
		return Object.fromEntries(KINDS.map((kind) => [kind, { hit: 0, found: 0 }]));
	}

	function addRatios(sum, ratios) {
		for (const kind of KINDS) {
			sum[kind].hit += ratios[kind].hit;
			sum[kind].found += ratios[kind].found;
		}
	}

	function makeDirectory(name, path, parent) {
		return { name, path, parent, isDirectory: true, children: new Map(), files: 0, ...noRatios() };
	}

	function makeFile(row, number) {
		const file = { number, path: row[0], chunk: String(row[1]), isDirectory: false };

		KINDS.forEach((kind, i) => {
			file[kind] = { hit: row[2 + 2 * i], found: row[3 + 2 * i] };
		});
		return file;
	}

	// The components of a path. A path outside the source tree is absolute.
	function components(path) {
		const parts = path.split("/");

		return parts[0] === "" && parts.length > 1 ? [`/${parts[1]}`, ...parts.slice(2)] : parts;
	}

	function addFile(root, file) {
		let directory = root;
		const parts = components(file.path);

		file.name = parts.pop();
		for (const part of parts) {
			const key = `${part}/`; // a file may have the same name

			if (!directory.children.has(key))
				directory.children.set(key, makeDirectory(part,
					directory.path ? `${directory.path}/${part}` : part, directory));
			directory = directory.children.get(key);
		}
		file.parent = directory;
		directory.children.set(file.name, file);
		for (let d = directory; d; d = d.parent) {
			addRatios(d, file);
			d.files++;
		}
	}

	// What the chunk "index" has, as objects.
	function makeIndex(chunk) {
		const root = makeDirectory("", "", null);
		const files = chunk.files.map(makeFile);
		const paths = new Map();

		for (const file of files) {
			addFile(root, file);
			paths.set(file.path, file);
		}
		return { ...chunk, root, rootPath: chunk.root, files, paths };
	}

	// The directory with this path, or undefined.
	function findDirectory(index, path) {
		let directory = index.root;

		if (path)
			for (const part of components(path))
				directory = directory?.children.get(`${part}/`);
		return directory;
	}

	// A directory with nothing but one directory is shown with it, as "a/b".
	function joined(node) {
		const names = [node.name];

		while (node.isDirectory && node.children.size === 1) {
			const [child] = node.children.values();

			if (!child.isDirectory)
				break;
			names.push(child.name);
			node = child;
		}
		return { node, name: names.join("/") };
	}

	// One decimal, rounded down, so that 100.0% means all: as in the summary.
	function percent(ratio) {
		if (!ratio.found)
			return "-";
		const tenths = Math.floor(ratio.hit * 1000 / ratio.found);
		return `${Math.floor(tenths / 10)}.${tenths % 10}%`;
	}

	// Digits in groups of three. A count above 2^53 comes as text.
	function grouped(count) {
		return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
	}

	// A count in few characters: 1234567 is 1.2M.
	function shortCount(count) {
		const text = String(count);

		if (text.length <= 6)
			return text;
		const group = Math.floor((text.length - 1) / 3);
		const before = text.length - 3 * group;
		return `${text.slice(0, before)}.${text[before]}${" kMGTPE"[group]}`;
	}

	function times(count) {
		return `${grouped(count)} time${String(count) === "1" ? "" : "s"}`;
	}

	// Addresses of views: #/view/path?key=value. The path keeps its slashes.
	function address(view, path = "", query = {}, line = 0) {
		const coded = path.split("/").map(encodeURIComponent).join("/");
		const pairs = Object.entries(query).filter(([, value]) => value !== "" && value !== undefined);
		const asked = new URLSearchParams(pairs).toString();

		return `#/${view}${coded && `/${coded}`}${line ? `:${line}` : ""}${asked && `?${asked}`}`;
	}

	function decode(text) {
		try {
			return decodeURIComponent(text);
		} catch {
			return text;
		}
	}

	function parseAddress(hash) {
		const match = /^#\/([a-z]*)(?:\/([^?]*?))?(?::(\d+))?(?:\?(.*))?$/.exec(hash);

		if (!match)
			return { view: "tree", path: "", line: 0, query: {} };
		const path = (match[2] || "").split("/").map(decode).join("/");
		const query = Object.fromEntries(new URLSearchParams(match[4] || ""));
		return { view: match[1] || "tree", path, line: Number(match[3] || 0), query };
	}

	// A test for text that has all words of a filter, in any order, in either case.
	function matcher(filter) {
		const words = (filter || "").toLowerCase().split(/\s+/).filter(Boolean);

		return (text) => {
			const lower = text.toLowerCase();
			return words.every((word) => lower.includes(word));
		};
	}

	return {
		KINDS, views: {}, add, load, makeIndex, findDirectory, joined, percent, grouped, shortCount, times,
		address, parseAddress, matcher,
	};
})();
