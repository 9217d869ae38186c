#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How long the HTML report takes in Chromium: until the first view is painted, and each frame while a file is scrolled.

usage: bench/html_browser.py REPORT [FILE [ROUNDS]]

REPORT: a directory with html/. FILE: a source in it; the one with the most lines by default. Prints the best of ROUNDS (5), as
other work on the machine only makes it slower, and the worst. CPU is the time of the processor that the page's thread took:
what it would take on a machine without other work. The browser is started once, and draws in software.
"""
import os
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "render", "tests"))
from html_page import WIDE, start_browser  # noqa: E402

# Seconds from the start of the navigation. The view is there when its rows are.
FIRST_VIEW = """
const done = arguments[0];
const look = () => {
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    const shown = performance.getEntriesByName("view")[0];
    if (!paint || !shown)
        return setTimeout(look, 5);
    done([paint.startTime / 1000, shown.startTime / 1000]);
};
look();
"""

# Milliseconds of each frame and of long tasks, while the file is scrolled from one end to the other.
SCROLL = """
const done = arguments[1], steps = 200;
const code = document.querySelector(".code"), frames = [], tasks = [];
const observer = new PerformanceObserver((list) => list.getEntries().forEach((e) => tasks.push(e.duration)));
observer.observe({ entryTypes: ["longtask"] });
let i = 0, last = performance.now();
const step = (now) => {
    frames.push(now - last);
    last = now;
    if (++i > steps) {
        setTimeout(() => done([frames.slice(2), tasks, document.querySelectorAll(".line").length]), 100);
        return;
    }
    code.scrollTop = arguments[0] ? i * 120 : (code.scrollHeight - code.clientHeight) * i / steps;
    requestAnimationFrame(step);
};
code.scrollTop = 0;
requestAnimationFrame(step);
"""


def open_page(browser, url):
    browser.get("about:blank")
    before = processor(browser)
    browser.get(url)
    return [*browser.execute_async_script(FIRST_VIEW), processor(browser) - before]


def scroll(browser, slowly):
    before = processor(browser)
    frames, tasks, _ = browser.execute_async_script(SCROLL, slowly)
    return sorted(frames), tasks, 1000 * (processor(browser) - before) / len(frames)


def processor(browser):
    """Seconds that the thread of the page ran."""
    metrics = browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return {m["name"]: m["value"] for m in metrics}["TaskDuration"]


def show(what, values, unit):
    print(f"{what:52} {min(values):9.3f} {max(values):9.3f} {unit}", flush=True)


def main():
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    base = "file://" + os.path.abspath(sys.argv[1]) + "/html/index.html"
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(HOME=home, XDG_CONFIG_HOME=home, XDG_CACHE_HOME=home)
        browser = start_browser()
        try:
            browser.set_script_timeout(300)
            browser.set_window_size(*WIDE)
            browser.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
            measure(browser, base, rounds)
        finally:
            browser.quit()


def measure(browser, base, rounds):
    print(f"{'':52} {'best':>9} {'worst':>9}")
    views = [open_page(browser, base) for _ in range(rounds)]
    show("first paint", [v[0] for v in views], "s")
    show("the first view has its rows", [v[1] for v in views], "s")
    show("CPU of that", [v[2] for v in views], "s")
    path = sys.argv[2] if len(sys.argv) > 2 else None
    if not path:
        path = browser.execute_script("return kcovreport.app.index.files.reduce((a, b) => a.lines.found < b.lines.found ? b : a).path")
    address = browser.execute_script("return kcovreport.address('file', arguments[0])", path)
    views = [open_page(browser, base + address) for _ in range(rounds)]
    lines = browser.execute_script("return kcovreport.app.view.height")
    show(f"{path} ({lines:,} lines) has its rows", [v[1] for v in views], "s")
    show("CPU of that", [v[2] for v in views], "s")
    for what, slowly in (("by the wheel", True), ("from end to end", False)):
        results = [scroll(browser, slowly) for _ in range(rounds)]
        frames = [r[0] for r in results]
        show(f"scrolled {what}: median frame", [f[len(f) // 2] for f in frames], "ms")
        show(f"scrolled {what}: 95 of 100 frames are below", [f[len(f) * 95 // 100] for f in frames], "ms")
        show(f"scrolled {what}: longest frame", [f[-1] for f in frames], "ms")
        show(f"scrolled {what}: CPU of a frame", [r[2] for r in results], "ms")
        show(f"scrolled {what}: tasks of more than 50 ms", [len(r[1]) for r in results], "")
    keys = [browser.execute_script("""const start = performance.now();
        for (let i = 0; i < 200; i++)
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "n", bubbles: true }));
        return (performance.now() - start) / 200;""") for _ in range(rounds)]
    show("a key to the next missed line", keys, "ms")


main()
