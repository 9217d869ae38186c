#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Opens the report that html_test wrote in Chromium: each view, its keys and addresses, and its numbers.

usage: html_browser.py FIRST DIR [NAME...]   numbers of its tests begin at FIRST; DIR has html/ and coverage.json;
                                             NAME: only tests with this in their names

Environment: SCREENSHOTS, a directory for pictures.
"""
import functools
import http.server
import os
import sys
import threading
import time
import urllib.parse

from selenium.webdriver.common.keys import Keys

import html_file_tests  # noqa: F401 its tests are in the list
from html_page import KINDS, NARROW, WIDE, Page, equal, start_browser, test, tests

VIEWS = ["#/tree", "#/tree/kernel", "#/treemap", "#/functions", "#/runs", "#/subsystems", "#/compare", "#/file/kernel/long.c:101", "#/file/mm/link.c"]


@test
def opens_each_view(page):
    for address in VIEWS:
        page.open(address)
        assert page.run("return document.querySelector('#main').innerText.length") > 20, address
        assert not page.texts(".warning[role=alert]"), address
    equal(page.console(), [])


@test
def has_the_totals_of_the_json_report(page):
    page.open("#/tree")
    for kind in KINDS:
        total = page.find(f"#total-{kind}")
        equal({"hit": int(total.get_attribute("data-hit")), "found": int(total.get_attribute("data-found"))},
              page.report["totals"][kind])


@test
def has_each_file_with_the_numbers_of_the_json_report(page):
    page.open("#/tree?q=.c")
    rows = page.run("return kcovreport.app.view.rows.slice(1).map(r => [r.node.path, r.node.lines, r.node.functions, "
                    "r.node.branches, r.node.points])")
    equal(len(rows), len(page.report["files"]))
    expected = {tuple(f["totals"][kind][x] for kind in KINDS for x in ("hit", "found")): path
                for path, f in page.files.items()}
    for path, *ratios in rows:
        assert tuple(r[x] for r in ratios for x in ("hit", "found")) in expected, path
    cells = page.texts(".space .row:nth-child(1) .number.lines")
    equal(cells, [f"{page.report['totals']['lines'][x]:,}" for x in ("hit", "found")])


@test
def filters_while_typing(page):
    page.open("#/tree")
    entries = page.run("return history.length")
    page.keys("/")
    page.keys("FORK ker")
    page.wait("return document.querySelectorAll('.space .row').length === 2")
    assert "kernel/fork.c" in page.texts(".space .row a")
    equal(page.hash(), "#/tree?q=FORK+ker")
    equal(page.run("return history.length"), entries)
    page.open("#/tree?q=FORK+ker")
    equal(page.find("input.filter").get_attribute("value"), "FORK ker")
    equal(len(page.texts(".space .row")), 2)


@test
def sorts_by_each_column(page):
    page.open("#/tree/kernel")
    for i in range(len(page.texts(".heads button"))):
        head = f".heads > :nth-child({i + 1})"
        orders = []
        for _ in range(2):
            page.find(f"{head} button").click()
            assert page.find(head).get_attribute("aria-sort") in ("ascending", "descending")
            orders.append(page.texts(".space .name a"))
        equal(sorted(orders[0]), sorted(orders[1]))
    page.open("#/tree/kernel?sort=-lines.found")
    names = page.run("return kcovreport.app.view.rows.slice(1).map(r => r.node.lines.found)")
    equal(names, sorted(names, reverse=True))


@test
def unfolds_and_goes_into_directories(page):
    page.open("#/tree")
    before = len(page.texts(".space .row"))
    page.find("button.fold[aria-expanded=false]").click()
    assert len(page.texts(".space .row")) > before
    equal(page.run("return document.activeElement.getAttribute('aria-expanded')"), "true")
    page.find("a[title=kernel]").click()
    page.wait("return location.hash === '#/tree/kernel'")
    page.keys("u")
    page.wait("return location.hash === '#/tree'")
    page.run("history.back()")
    page.wait("return location.hash === '#/tree/kernel'")
    page.settle()
    assert "fork.c" in page.texts(".space .name a")


@test
def goes_down_the_treemap_and_back(page):
    page.open("#/treemap")
    page.find(".area > a[title^='kernel:']").click()
    page.wait("return location.hash === '#/treemap/kernel'")
    page.settle()
    page.find(".area > a[title^='kernel/long.c:']").click()
    page.wait("return location.hash === '#/file/kernel/long.c'")
    page.settle()
    page.run("history.back()")
    page.wait("return !!document.querySelector('.treemap')")
    # Areas are as large as their numbers of lines, as far as they were drawn.
    areas = page.run("return [...document.querySelectorAll('.map > .area')].map(e => [e.querySelector('a').title, "
                     "e.offsetWidth * e.offsetHeight])")
    largest = max(areas, key=lambda a: a[1])
    assert largest[0].startswith("kernel/long.c"), areas


@test
def keys_go_to_views(page):
    page.open("#/tree")
    for key, view in (("m", "treemap"), ("f", "functions"), ("r", "runs"), ("t", "tree")):
        page.keys(key)
        page.wait("return location.hash === arguments[0]", f"#/{view}")
        page.settle()
    page.keys("?")
    assert page.find("#help").is_displayed()
    page.keys(Keys.ESCAPE)
    page.wait("return !document.getElementById('help').open")


@test
def functions_are_those_of_the_json_report(page):
    functions = [f for file in page.report["files"] for f in file["functions"]]
    for which, count in (("", len(functions)), ("never", sum(not f["count"] for f in functions)),
                         ("reached", sum(f["count"] > 0 for f in functions))):
        page.open(f"#/functions?which={which}")
        equal(page.run("return kcovreport.app.view.rows.length"), count)
    page.find("select").send_keys("barely", Keys.ESCAPE)
    page.keys("/")
    page.keys("exit __proto__")
    page.wait("return location.hash.includes('q=exit')")
    page.open("#/functions?q=exit+__proto__")
    equal(len(page.texts(".space .row")), 1)
    page.find(".space .name a").click()
    page.wait("return location.hash === '#/file/kernel/exit.c:6'")


@test
def subsystems_have_the_sums_of_their_files(page):
    page.open("#/subsystems")
    expected = {"FORK": ["kernel/exit.c", "kernel/fork.c"],
                "</script><img src=x onerror=alert(1)>": ["kernel/exit.c"] + [p for p in page.files if p.startswith("mm/")]}
    rows = page.run("return kcovreport.app.view.rows.map(r => [r.name, r.lines, r.files.length])")
    assert {"THE REST", "(no entry)", *expected} == {name for name, *_ in rows}, rows
    for name, lines, nr in rows:
        if name in expected:
            equal(lines, {x: sum(page.files[p]["totals"]["lines"][x] for p in expected[name]) for x in ("hit", "found")})
            equal(nr, len(expected[name]))
    page.find("a[title=FORK]").click()
    page.wait("return location.hash === '#/subsystems?name=FORK'")
    page.settle()
    equal(page.texts(".space .name a"), ["kernel/exit.c", "kernel/fork.c"])
    page.keys("u")
    page.wait("return location.hash === '#/subsystems'")


@test
def runs_say_what_was_lost(page):
    page.open("#/runs")
    text = page.find("#main").text
    for part in ("buffer full 2 times", "no-image", "raise_softirq", "mod_timer", "0xffffffffa0000010", "18,446,744,073,709,551,615"):
        assert part in text, part
    # What the summary says, word for word.
    assert "distinct PCs" in text


@test
def hostile_text_is_text(page):
    for address in VIEWS + [f"#/file/{urllib.parse.quote(path)}:3" for path in page.files if "<" in path]:
        page.open(address)
        equal(page.run("return document.querySelectorAll('img, iframe, object, embed, svg, base').length"), 0)
        equal(page.run("return [...document.querySelectorAll('script')].filter(s => !s.src || "
                       "!s.src.startsWith(location.href.replace(/index.html.*/, ''))).length"), 0)
    page.open("#/file/" + urllib.parse.quote("kernel/</script><img src=x onerror=alert(1)>.c"))
    text = page.run("return document.body.textContent")
    for part in ("</script><img src=x onerror=alert(1)>", "<U+2028>", "<U+202E>", "<U+200B>", "<U+E0041>", "\ufffd", "\u241b[31m", "${x} `"):
        assert part in text, part
    equal(page.run("return [...document.body.textContent].filter(c => '\\u2028\\u2029\\u202e\\u200b\\u{e0041}\\x1b\\x01'.includes(c)).length"), 0)
    page.open("#/file/kernel/__proto__/constructor.c")
    assert "last" in page.find(".code").text
    page.open("#/functions")
    assert "<img src=x onerror=alert(2)>" in page.texts(".name a")
    equal(page.console(), [])


@test
def what_is_not_there_is_said(page):
    page.open("#/file/mm/link.c")
    assert "outside the source tree" in page.find(".warning").text
    assert "SECRET" not in page.run("return document.body.textContent")
    for address in ("#/file/no/such.c", "#/tree/no", "#/treemap/no"):
        page.open(address)
        assert "the report has no" in page.find(".warning").text
    for address in ("#/constructor", "#/__proto__/x", "#garbage", "#/file/%ff%"):
        page.open(address)
    equal(page.console(), [])


@test
def can_be_used_without_eyes(page):
    for address in VIEWS:
        page.open(address)
        nameless = page.run("""return [...document.querySelectorAll('a, button, input, select, [role=table], [role=list]')]
            .filter(e => e.checkVisibility() && !(e.getAttribute('aria-label') || e.textContent.trim() || e.title ||
                e.labels?.[0]?.textContent.trim())).map(e => e.outerHTML)""")
        equal(nameless, [])
    page.open("#/file/kernel/exit.c")
    equal(sorted(set(page.run("return [...document.querySelectorAll('.line .mark[aria-label]')].map(e => e.ariaLabel)"))),
          ["hit", "missed", "not built", "not instrumented", "partial"])


# Texts that are hard to read: less contrast than WCAG asks for. Of a gradient the colour below it counts.
FAINT = """
const channels = (text) => text.match(/[\\d.]+/g).map(Number);
const luminance = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const v = c[i] / 255;
    return sum + weight * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
}, 0);
const behind = (e) => {
    for (; e; e = e.parentElement) {
        const c = channels(getComputedStyle(e).backgroundColor);
        if (c[3] !== 0)
            return c;
    }
    return [255, 255, 255];
};
const found = new Map();
for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility())
        continue;
    const [a, b] = [channels(getComputedStyle(e).color), behind(e)].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5)
        found.set(e.className || e.tagName, [e.textContent.slice(0, 30), Math.round(10 * ratio) / 10]);
}
return [...found];
"""


@test
def fits_each_width_and_colour_scheme(page):
    pictures = os.environ.get("SCREENSHOTS")
    for size in (WIDE, NARROW):
        for scheme in ("light", "dark"):
            page.size(size, scheme)
            for i, address in enumerate(VIEWS):
                page.open(address)
                width = page.run("return Math.max(document.documentElement.scrollWidth, "
                                 "...[...document.querySelectorAll('header, .tools, .view')].map(e => e.scrollWidth))")
                assert width <= size[0], f"{address}: {width} pixels wide"
                assert page.run("return document.querySelector('.view').clientHeight") > 200
                assert len(page.texts(".line")) < 200, address
                equal((address, scheme, page.run(FAINT)), (address, scheme, []))
                if address.endswith(":101"):
                    assert page.find(".panel").is_displayed()
                    assert page.find(".line.current").is_displayed()
                if pictures:
                    page.browser.save_screenshot(f"{pictures}/{size[0]}-{scheme}-{i}.png")
            back = page.run("return getComputedStyle(document.body).backgroundColor")
            assert (sum(map(int, back[4:-1].split(","))) < 200) == (scheme == "dark"), back
    page.size(WIDE, "light")


@test
def works_from_a_server_too(page):
    directory = os.path.dirname(urllib.parse.unquote(page.base[len("file://"):]))
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=directory)
    handler.log_message = lambda *_: None
    http.server.SimpleHTTPRequestHandler.log_message = lambda *_: None
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base, page.base = page.base, f"http://127.0.0.1:{server.server_address[1]}/index.html"
    try:
        page.open("#/file/kernel/exit.c:3")
        assert "1 of 2 hit" in page.find(".panel").text
        equal(page.console(), [])
    finally:
        page.base = base
        server.shutdown()


@test
def works_with_the_keyboard_alone(page):
    for address, selector in (("#/file/kernel/long.c", ".code"), ("#/runs", ".runs"), ("#/functions", ".table")):
        page.open(address)
        page.size((1400, 300), "light")
        assert page.run("const s = document.querySelector(arguments[0]); return s.scrollHeight > s.clientHeight", selector), address
        page.keys(Keys.PAGE_DOWN)
        page.wait("return document.querySelector(arguments[0]).scrollTop > 50", selector)
    # Rows are made while the focus goes to them.
    page.open("#/functions")
    for i in range(12):
        page.keys(*[Keys.TAB] * 5)
        page.wait("return document.querySelector('.space').contains(document.activeElement) || arguments[0] < 2", i)
    rows = page.run("return Number(document.activeElement.closest('[role=row]').getAttribute('aria-rowindex'))")
    assert rows > 20, rows
    page.keys(Keys.ENTER)
    page.wait("return location.hash.startsWith('#/file/')")
    page.run("history.back()")
    page.wait("return location.hash === '#/functions'")
    page.size(WIDE, "light")


@test
def lists_may_be_higher_than_elements(page):
    page.open("#/functions")
    page.run("""const list = kcovreport.app.view.list;
                list.render = (i) => kcovreport.el("div", { class: "row", role: "row" }, `row ${i}`);
                list.setCount(2000000)""")
    seen = """const list = kcovreport.app.view.list, box = list.scroller.getBoundingClientRect();
              return [...list.space.children].some(row => {
                  const { top, bottom } = row.getBoundingClientRect();
                  return row.textContent === `row ${arguments[0]}` && bottom > box.top && top < box.bottom;
              })"""
    for row in (1999999, 0, 1000000, 749999, 750000, 1999998, 3):
        page.run("kcovreport.app.view.list.show(arguments[0])", row)
        page.wait(seen, row)
    for top, row in ((1e9, 1999999), (0, 0)):
        page.run("kcovreport.app.view.list.scroller.scrollTop = arguments[0]", top)
        page.wait(seen, row)
    page.open("#/runs")


@test
def a_lost_chunk_is_said(page):
    directory = os.path.dirname(urllib.parse.unquote(page.base[len("file://"):]))
    os.rename(f"{directory}/data/functions.js", f"{directory}/data/lost")
    try:
        page.open("#/functions")
        assert "cannot load data/functions.js" in page.find(".warning").text
    finally:
        os.rename(f"{directory}/data/lost", f"{directory}/data/functions.js")
    page.console()


@test
def a_view_that_was_left_changes_nothing(page):
    for end, address in (("resolve(load(name))", "#/functions"), ("reject(new Error('lost'))", "#/file/init/main.c:2")):
        page.open("#/tree")
        page.run("const load = kcovreport.load; let first = true; kcovreport.load = (name) => {"
                 "if (!first) return load(name); first = false;"
                 "return new Promise((resolve, reject) => { window.late = () => { " + end + "; }; }); };"
                 "location.hash = '#/file/kernel/exit.c:3'")
        page.wait("return !!window.late")
        page.run("location.hash = arguments[0]", address)
        page.wait("return document.querySelector('.space')?.children.length > 0")
        before = page.run("return [document.title, document.getElementById('main').textContent]")
        page.run("window.late()")
        time.sleep(0.5)
        equal(page.hash(), address)
        equal(page.run("return [document.title, document.getElementById('main').textContent]"), before)


@test
def no_other_script_runs(page):
    page.open("#/tree")
    page.run("const s = document.createElement('div'); document.body.append(s);"
             "try { s.innerHTML = '<img src=x onerror=\"window.pwned = 1\">'; } catch { window.refused = 1; }"
             "const b = document.createElement('button');"
             "try { b.setAttribute('onclick', 'window.pwned = 1'); } catch { }"
             "document.body.append(b); b.click();")
    time.sleep(0.2)
    equal(page.run("return [window.pwned ?? 0, window.refused ?? 0]"), [0, 1])


def main():
    number, directory = int(sys.argv[1]), os.path.abspath(sys.argv[2])
    failed = False
    browser = start_browser()
    try:
        page = Page(browser, directory)
        page.size(WIDE, "light")
        wanted = sys.argv[3:] or [""]
        for function in (f for f in tests if any(name in f.__name__ for name in wanted)):
            name = f"{number} - {function.__name__.replace('_', ' ')}"
            try:
                function(page)
                print(f"ok {name}", flush=True)
            except Exception as error:  # any failure of a test is its result
                failed = True
                print(f"not ok {name}")
                for line in f"{type(error).__name__}: {error}".splitlines():
                    print(f"# {line}", flush=True)
            number += 1
    finally:
        browser.quit()
    print(f"1..{number - 1}")
    return failed


sys.exit(main())
