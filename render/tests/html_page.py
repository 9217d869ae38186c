# SPDX-License-Identifier: GPL-2.0-or-later
"""The report in Chromium, for html_browser.py and its tests."""
import json
import os
import time
import urllib.parse

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

SECONDS = 60  # that a page may take on a busy machine
KINDS = ("lines", "functions", "branches", "points")
WIDE, NARROW = (1400, 900), (390, 800)
tests = []


def test(function):
    tests.append(function)
    return function


def start_browser():
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    # As root chromium has no sandbox; a container may have a small /dev/shm.
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                     "--disable-background-networking", f"--window-size={WIDE[0]},{WIDE[1]}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


class Page:
    def __init__(self, browser, directory):
        self.browser = browser
        self.base = f"file://{urllib.parse.quote(directory)}/html/index.html"
        with open(os.path.join(directory, "coverage.json"), encoding="utf-8") as f:
            self.report = json.load(f)
        common = [f["path"] for f in self.report["files"] if f["path"].endswith("/init/main.c")][0]
        self.root = common[:-len("init/main.c")]
        self.files = {f["path"].removeprefix(self.root): f for f in self.report["files"]}

    def open(self, address):
        self.browser.get("about:blank")
        self.browser.get(self.base + address)
        self.settle()

    def settle(self):
        """Wait until the view is there."""
        self.wait("return !!document.querySelector('#main > .view') && "
                  "!document.getElementById('main').hasAttribute('aria-busy')")

    def wait(self, script, *arguments):
        end = time.monotonic() + SECONDS
        while not self.run(script, *arguments):
            if time.monotonic() > end:
                raise AssertionError(f"waited in vain for: {script} {arguments}")
            time.sleep(0.02)

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector):
        return self.run("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector)

    def keys(self, *keys):
        ActionChains(self.browser).send_keys(*keys).perform()

    def hash(self):
        return self.run("return location.hash")

    def console(self):
        return [entry for entry in self.browser.get_log("browser")]

    def size(self, size, scheme):
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme}]})


def equal(a, b):
    assert a == b, f"{a!r} is not {b!r}"
