"""A browser page in which the robot lives: presses, and what came of them."""

import json
from pathlib import Path

from browser import Browser

SCRIPT = (Path(__file__).parent / "robot.js").read_text()
READY = (
    "document.readyState === 'complete' && (!window.odoo?.loader || document.querySelector("
    "'.o_action_manager > *, .o_error_dialog, .o_portal_wrap, main'))"
)


class Page(Browser):
    def __init__(self):
        super().__init__()
        self.failed = []  # addresses that were answered with 4xx or 5xx
        self.call("Page.addScriptToEvaluateOnNewDocument", source=SCRIPT)
        self.call("Browser.setDownloadBehavior", behavior="deny")

    def heard(self, message):
        if message.get("method") == "Network.responseReceived":
            response = message["params"]["response"]
            if response["status"] >= 400 and not response["url"].endswith("favicon.ico"):
                self.failed.append(f"{response['status']} {response['url']}")
        elif message.get("method") == "Page.javascriptDialogOpening":
            self.call("Page.handleJavaScriptDialog", accept=True)

    def load(self, url):
        self.go(url)
        self.wait("location.href !== 'about:blank' && window.__robot", 60)
        self.wait(READY, 90)
        self.js("__robot.settle()")

    def do(self, name, *args):
        """What a function of the robot says, or ``None`` when the page went away under it."""
        told = ", ".join(json.dumps(arg) for arg in args)
        try:
            return self.js(f"__robot.{name}({told})")
        except RuntimeError as error:
            if "avigated" not in str(error) and "context" not in str(error):
                raise
        self.wait("window.__robot", 30)
        self.wait(READY, 60)
        self.js("__robot.settle()")
        return None
