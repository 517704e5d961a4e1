"""pytest plugin: a skipped test fails the run, because nothing here is optional.

Some of Odoo's lint tests only log what they find, so their log fails the run too."""

import logging

import pytest


class LintLog(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


lint_log = LintLog()
logging.getLogger("odoo.addons.test_lint").addHandler(lint_log)


def pytest_terminal_summary(terminalreporter):
    if skipped := terminalreporter.stats.get("skipped"):
        terminalreporter.write_line(f"{len(skipped)} skipped: no test may be skipped here.", red=True)
    for line in lint_log.lines:
        terminalreporter.write_line(line, red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    found = lint_log.lines or (reporter and reporter.stats.get("skipped"))
    if found and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
