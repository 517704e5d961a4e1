"""Headless Chromium over the DevTools protocol, as little of it as pictures need."""

import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

QUIET = (
    "--headless=new --disable-gpu --hide-scrollbars --no-first-run --disable-extensions "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--disable-dev-shm-usage --remote-debugging-port=0 --remote-debugging-address=127.0.0.1"
).split()


class Browser:
    def __init__(self):
        program = shutil.which("chromium") or shutil.which("google-chrome")
        self.profile = tempfile.mkdtemp(prefix="cs_center-browser-")
        command = [program, *QUIET, f"--user-data-dir={self.profile}", "about:blank"]
        if os.geteuid() == 0:
            command.insert(1, "--no-sandbox")
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.numbers = itertools.count(1)
        self.socket = websocket.create_connection(self._page_address(), suppress_origin=True, timeout=120)
        for domain in ("Page", "Runtime", "Network"):
            self.call(f"{domain}.enable")

    def _page_address(self):
        port_file = Path(self.profile) / "DevToolsActivePort"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if port_file.exists() and (lines := port_file.read_text().split()):
                opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                with opener.open(f"http://127.0.0.1:{lines[0]}/json/list") as answer:
                    for target in json.load(answer):
                        if target["type"] == "page":
                            return target["webSocketDebuggerUrl"]
            time.sleep(0.1)
        raise SystemExit("The browser does not start.")

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.profile, ignore_errors=True)

    def call(self, method, **params):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            self.heard(message)

    def heard(self, message):
        """What the browser tells unasked; who is interested overrides it."""

    def js(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        return result["result"].get("value")

    def wait(self, condition, seconds=60):
        """Wait until the JavaScript condition holds; say whether it did."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.js(f"Boolean({condition})"):
                return True
            time.sleep(0.1)
        return False

    def size(self, width, height, phone):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=phone,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=phone)

    def cookie(self, url, name, value):
        self.call("Network.setCookie", url=url, name=name, value=value)

    def go(self, url):
        self.call("Page.navigate", url=url)

    def picture(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        data = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))
