"""pytest plugin: each worker has files of its own, as it has a database of its own.

pytest-odoo lets all workers share the files of the database they were copied from: what one of them throws away as its
own is then missing for the others."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest_odoo

import odoo


@contextmanager
def own_filestore(original, database):
    if original == database:
        yield
        return
    stores = Path(odoo.tools.config["data_dir"], "filestore")
    shutil.rmtree(stores / database, ignore_errors=True)
    shutil.copytree(stores / original, stores / database, copy_function=os.link)
    try:
        yield
    finally:
        shutil.rmtree(stores / database, ignore_errors=True)


pytest_odoo._shared_filestore = own_filestore
