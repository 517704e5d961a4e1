"""Odoo's environment for the Python tools of this folder."""

import argparse
import contextlib

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def parser(description):
    result = argparse.ArgumentParser(description=description)
    result.add_argument("-c", "--config", required=True, help="configuration file of Odoo")
    result.add_argument("-d", "--database", required=True)
    return result


@contextlib.contextmanager
def environment(args, log_level="warn"):
    """The superuser's environment; commits when the block ends well."""
    config.parse_config(
        ["-c", args.config, "-d", args.database, "--no-http", f"--log-level={log_level}"],
        setup_logging=True,
    )
    with Registry(args.database).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})
