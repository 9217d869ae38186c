# SPDX-License-Identifier: GPL-2.0-or-later
"""Tests of the view of a source file, and of what a comparison shows there."""
from selenium.webdriver.common.keys import Keys

from html_page import equal, test

# Lines whose text is wider than the row, which would cut it off.
CUT_OFF = """return [...document.querySelectorAll('.line')].filter((e) => e.scrollWidth > e.clientWidth + 1)
    .map((e) => [e.textContent.slice(0, 80), e.scrollWidth, e.clientWidth])"""

@test
def shows_lines_as_the_json_report_has_them(page):
    page.open("#/file/kernel/exit.c")
    rows = page.run("return [...document.querySelectorAll('.line')].map(e => [e.querySelector('.number').textContent, "
                    "e.querySelector('.count').title, e.querySelector('.mark').textContent])")
    shown = {int(number): (count, mark) for number, count, mark in rows if mark and mark in "+~-"}
    expected = {}
    for line, count, *rest in page.files["kernel/exit.c"]["lines"]:
        mark = "~" if rest[2:3] == [1] else "+" if count else "-"
        expected[line] = (f"{count:,} time{'' if count == 1 else 's'}", mark)
    equal(shown, expected)
    # Always true; its jump went one way, and whether it went the other way is not known.
    equal(page.texts(".line.partial .outcomes"), ["T-+?"])
    assert page.texts(".comment") and page.texts(".directive") and page.texts(".keyword") and page.texts(".string")


@test
def a_line_has_an_address_and_says_what_is_known(page):
    page.open("#/file/kernel/exit.c")
    page.find(".line.partial .text").click()
    equal(page.hash(), "#/file/kernel/exit.c:3")
    panel = page.find(".panel").text
    for text in ("partial", "3 times", "1 of 2 hit", "true 3 times, false 0 times", "jumped 2 times, did not jump not known"):
        assert text in panel, panel
    page.open("#/file/kernel/exit.c:3")
    assert "1 of 2 hit" in page.find(".panel").text
    page.keys(Keys.ESCAPE)
    assert not page.find(".panel").is_displayed()


@test
def a_line_says_why_and_by_whom(page):
    page.open("#/file/kernel/exit.c:3")
    equal(page.texts(".blocks tbody tr:nth-child(1) td"),
          ["0xffffffff81000010 +16", "</script><img src=x onerror=alert(1)>", "hit 3 times", "its point", "the statement begins"])
    equal(page.texts(".blocks tbody tr:nth-child(2) td")[2:4], ["missed", "its point"])
    page.wait("return document.querySelector('.by').textContent.includes('Executed by')")
    equal(page.texts(".by"), ["Executed by: </script><img src=x onerror=alert(1)> (pid 100), \u241b[31m\ufffd (pid 101)"])
    # As --explain says it (render/correction.c).
    assert ("if, executed 3 times; the machine code alone says 2 times; the condition on line 2 went this way 3 times"
            in page.find(".panel").text)
    page.open("#/file/kernel/exit.c:6")
    equal(page.texts(".blocks tbody td")[2:4], ["missed", "the block at 0xffffffff81000020"])
    page.open("#/file/init/main.c:6")
    assert "functions of which nothing was executed" in page.find(".panel").text


@test
def a_line_without_coverage_says_why(page):
    page.open("#/file/kernel/exit.c")
    marks = page.run("return [...document.querySelectorAll('.line')].map(e => [e.querySelector('.number').textContent, "
                     "e.querySelector('.mark').textContent, e.querySelector('.mark').ariaLabel])")
    # Line 2 of a comment is no code; line 6 has coverage.
    equal([m for m in marks if m[1] in ("x", ".")], [["1", ".", "not instrumented"], ["4", "x", "not built"],
                                                     ["5", "x", "not built"], ["8", "x", "not built"]])
    equal(page.texts(".tools .key:not(.side)"), ["+ hit", "~ partial", "- missed", "x not built", ". not instrumented"])
    for line, text in ((8, "left it out, by 1 (line 8) of #define A \\ (line 7)"), (5, "function of line 4"),
                       (1, "no function with a coverage point")):
        page.open(f"#/file/kernel/exit.c:{line}")
        assert text in page.find(".panel").text, page.find(".panel").text
    page.open("#/file/kernel/exit.c:8")
    page.find(".panel p a:nth-of-type(2)").click()
    page.wait("return location.hash === '#/file/kernel/exit.c:7'")


@test
def keys_go_to_missed_lines(page):
    page.open("#/file/kernel/long.c")
    missed = [line for line, count, *_ in page.files["kernel/long.c"]["lines"] if not count]
    for line in missed[1:4]:
        page.keys("n")
        equal(page.hash(), f"#/file/kernel/long.c:{line}")
    page.keys("p")
    equal(page.hash(), f"#/file/kernel/long.c:{missed[2]}")
    page.keys("j", Keys.ENTER)
    equal(page.hash(), f"#/file/kernel/long.c:{missed[2] + 1}")
    page.keys("u")
    page.wait("return location.hash === '#/tree/kernel'")


@test
def a_long_file_has_few_elements(page):
    page.open("#/file/kernel/long.c")
    for share in (0, 0.3, 0.7, 1):
        page.run("const s = document.querySelector('.code'); s.scrollTop = arguments[0] * s.scrollHeight", share)
        page.wait("const s = document.querySelector('.code').getBoundingClientRect();"
                  "return [...document.querySelectorAll('.line')].some(e => {"
                  "  const r = e.getBoundingClientRect(); return r.top <= s.top + s.height / 2 && r.bottom >= s.top + s.height / 2; })")
        assert len(page.texts(".line")) < 200
        equal(page.run(CUT_OFF), [])
    page.wait("return [...document.querySelectorAll('.line .number')].some(e => e.textContent === '20000')")
    page.open("#/file/kernel/fork.c")  # a line of a megabyte
    assert page.run("return document.querySelector('#main').textContent.length") < 30000
    assert any("more characters" in text for text in page.texts(".line"))
    for path in ("fork.c", "exit.c"):  # long, and with characters that are wide or shown as codes
        page.open(f"#/file/kernel/{path}")
        equal(page.run(CUT_OFF), [])


@test
def compare_says_what_only_one_executed(page):
    page.open("#/compare")
    rows = page.run("return [...document.querySelectorAll('.space .row')].map(r => [...r.children].map(c => c.textContent))")
    equal(rows, [["kernel/exit.c"], ["</script><img src=x onerror=alert(1)>", "both", "1", "2", "line 3"],
                 ["only_b", "only B", "", "3", ""]])
    for text in ("only B executed 1 function, 5 lines", "b1, b2", "2 lines that one executed"):
        assert text in page.find(".sides").text, text
    page.open("#/compare?which=A")
    equal(len(page.texts(".space .row")), 2)
    page.find(".space a[title='lines 2']").click()
    page.wait("return location.hash === '#/file/kernel/exit.c:2'")


@test
def a_file_shows_who_of_two_executed_a_line(page):
    page.open("#/file/kernel/exit.c")
    sides = page.run("return [...document.querySelectorAll('.line')].map(e => [e.querySelector('.number').textContent, "
                     "e.querySelector('.side').textContent, e.querySelector('.side').ariaLabel]).filter(s => s[1])")
    equal(sides, [["2", "A", "only A"], ["3", "B", "only B"], ["9", "B", "only B"]])
    equal(page.texts(".tools .side"), ["A only A", "B only B", "AB both", "? not known of one"])
    for key, line in (("d", 2), ("d", 3), ("d", 9), ("D", 3)):
        page.keys(key)
        equal(page.hash(), f"#/file/kernel/exit.c:{line}")
    assert "only B executed it: b1, b2" in page.find(".panel").text
    page.keys("D", "D")
    equal(page.hash(), "#/file/kernel/exit.c:2")
    equal(page.find("#status").text, "no difference above")
    page.open("#/file/mm/memory.c:9")
    assert "of the other one it is not known" in page.find(".panel").text
    equal(page.texts(".line .side"), ["", "AB", "?", "", "", "", "", "", "?"])
