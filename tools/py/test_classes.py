"""Whether Odoo's own runner (--test-enable) runs the same tests of add-ons as pytest does.

Odoo sees the modules that are attributes of the package tests, the classes written in them, and of an inherited
test method nothing unless the class says `allow_inherited_tests_method`. pytest sees every file, imported classes and
inherited methods. What one of them would not run is a fault.

    pytest --collect-only -q … > collected.txt
    python tools/py/test_classes.py -c odoo.conf -d DATABASE --collected collected.txt cs_center"""

import sys
from collections import defaultdict
from pathlib import Path

import odoo_env

from odoo.tests.loader import get_module_test_cases, get_test_modules
from odoo.tests.tag_selector import TagsSelector
from odoo.tools import config


def of_odoo(addon):
    """Tests as (file, class, method) that Odoo runs after the installation of the add-on or after all."""
    own, *positions = map(TagsSelector, (f"/{addon}", "at_install", "post_install"))
    for module in get_test_modules(addon):
        path = Path(module.__file__).resolve().relative_to(Path.cwd())
        for test in get_module_test_cases(module):
            if own.check(test) and any(position.check(test) for position in positions):
                yield str(path), type(test).__name__, test._testMethodName


def of_pytest(collected):
    """Tests as (file, class, method) from lines like tests/test_x.py::TestX::test_a."""
    for line in collected.read_text(encoding="utf-8").splitlines():
        if line.count("::") == 2:
            yield tuple(line.split("::"))


def faults(of_odoo, of_pytest):
    yield from missing(of_pytest, of_odoo, "Odoo's runner")
    yield from missing(of_odoo, of_pytest, "pytest")


def missing(tests, others, runner):
    """What `runner`, whose tests are `others`, does not run: a line for a class."""
    classes = defaultdict(list)
    for path, name, method in sorted(tests - others):
        classes[path, name].append(method)
    known = {test[:2] for test in others}
    for (path, name), methods in classes.items():
        what = ", ".join(methods) if (path, name) in known else f"the class ({len(methods)} tests)"
        yield f"{path}::{name}: {runner} does not run {what}"


def main():
    parser = odoo_env.parser(__doc__)
    parser.add_argument("--collected", required=True, type=Path, help="what pytest --collect-only -q printed")
    parser.add_argument("addons", nargs="+")
    args = parser.parse_args()
    config.parse_config(["-c", args.config, "-d", args.database, "--log-level=warn"], setup_logging=True)
    ours = {test for addon in args.addons for test in of_odoo(addon)}
    theirs = set(of_pytest(args.collected))
    found = list(faults(ours, theirs))
    if not theirs:
        found.append(f"{args.collected}: pytest collected nothing")
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len({test[:2] for test in ours})} classes with {len(ours)} tests by Odoo's runner,",
          f"{len({test[:2] for test in theirs})} with {len(theirs)} by pytest.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
