#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The HTML report in a real browser (html_browser.py), and the same bytes for the same input. TAP on stdout.
#
#	O=BUILD [SCREENSHOTS=DIR] render/tests/html_browser_test.sh
#
# SCREENSHOTS: write pictures of each view to DIR, in two widths and both colour schemes, to be looked at.
set -u
here=$(cd "$(dirname "$0")" && pwd)
hostile=${O:-build}/tests/render/tests/html_test
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

command -v chromium >/dev/null && command -v chromedriver >/dev/null && /usr/bin/python3 -c 'import selenium' 2>/dev/null || {
	echo "ok 1 - # SKIP no chromium, chromium-driver or python3-selenium"
	exit 0
}
[ -x "$hostile" ] || { echo "Bail out! no $hostile: make tests"; exit 99; }

for out in one two; do
	"$hostile" "$tmp/linux" "$tmp/$out" || { echo "Bail out! no report"; exit 99; }
done
failed=0
if diff -r "$tmp/one" "$tmp/two" >"$tmp/diff" 2>&1; then
	echo "ok 1 - the same bytes for the same input"
else
	failed=1
	echo "not ok 1 - the same bytes for the same input"
	sed 's/^/# /' "$tmp/diff"
fi
# The browser keeps its profile, caches and crash reports there.
PYTHONDONTWRITEBYTECODE=1 HOME=$tmp XDG_CONFIG_HOME=$tmp/config XDG_CACHE_HOME=$tmp/cache TMPDIR=$tmp \
	/usr/bin/python3 "$here/html_browser.py" 2 "$tmp/one" || failed=1
exit $failed
