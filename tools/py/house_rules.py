"""The rules of the house, one generator of faults each; `check_house.py` runs them."""

import ast
import re
from collections import Counter, defaultdict
from itertools import combinations

from house_code import Fault, docstring
from lxml import etree
from radon.complexity import cc_visit_ast

LONGEST_FILE = 650
LONGEST_METHOD = 50
LONGEST_LINE = 120
LARGEST_PACKAGE = 25
HIGHEST_COMPLEXITY = 12

TEXT_FILES = {".xml", ".js", ".scss"}
# Data may be as long as it is.
DATA_FOLDERS = {"demo"}
# A test tells a story from top to bottom; a migration is written once.
STORY_FOLDERS = {"tests", "migrations"}
# What each class of a model says about itself.
HEAD = {"_name", "_inherit", "_description"}
HELPERS = re.compile(r"(NamedTuple|Enum|Exception|Error|Warning)$")
TRANSLATIONS = {"_", "_lt"}


# -- packages -----------------------------------------------------------------------------------


def packages(addon):
    """models/ holds packages only; each is imported whole and is small enough to know."""
    if not addon.models:
        return
    for source in addon.models.sources:
        yield source.fault(1, "models/ holds packages only; put the file into the one it belongs to")
    for folder in addon.models.folders:
        if folder not in addon.packages:
            yield Fault(addon.models.path / "__init__.py", 1, f"the package {folder.name} is not imported")
        for source in folder.sources:
            if source.stem not in folder.imports:
                yield Fault(folder.path / "__init__.py", 1, f"the module {source.stem} is not imported")
        if len(folder.sources) > LARGEST_PACKAGE:
            text = f"{len(folder.sources)} files, a package has {LARGEST_PACKAGE} at most"
            yield Fault(folder.path / "__init__.py", 1, text)


def twice(addon):
    """Within a package a method, a table or a field of a model is defined once."""
    for room in addon.rooms:
        first = {}
        for model in room.models:
            for name, node in dict(model.members).items():
                before = first.setdefault((model.name, name), (model, node))
                if before[0] is not model and name not in HEAD:
                    place = f"{before[0].source.path.name}:{before[1].lineno}"
                    yield model.source.fault(node.lineno, f"{model.name}: {name} is defined in {place}, too")


# -- knowledge ----------------------------------------------------------------------------------


def imports_of_later(addon):
    """A package imports from packages above it only."""
    home = ("odoo", "addons", addon.path.name, "models")
    rank = {package.name: number for number, package in enumerate(addon.packages)}
    for package in addon.packages:
        for source in filter(None, [package.init, *package.sources]):
            for node, path in source.imported((*home, package.name)):
                other = path[len(home)] if path[: len(home)] == home and len(path) > len(home) else None
                if rank.get(other, -1) > rank[package.name]:
                    yield source.fault(node.lineno, f"{package.name} imports from {other}, which is later")


def names_of_later(addon):
    """A package names no model of a package below it, in no string."""
    rank = {package.name: number for number, package in enumerate(addon.packages)}
    homes = homes_of_names(addon.packages)
    if not homes:
        return  # a bridge that only extends
    pattern = name_pattern(homes)
    for package in addon.packages:
        for source in package.sources:
            for node in source.strings:
                for name in sorted(set(pattern.findall(node.value))):
                    if rank[homes[name]] > rank[package.name]:
                        text = f"{package.name} names {name} of {homes[name]}, which is later"
                        yield source.fault(node.lineno, text)


def homes_of_names(folders):
    """The package of each model that is defined in one, by its name and by that of its table."""
    defined = [(model, folder.name) for folder in folders for model in folder.models if model.defines]
    return {name: home for model, home in defined for name in (model.name, model.table)}


def name_pattern(names):
    """cs.complaint.archive is another name than cs.complaint; after a dot stands the id of a view or an action."""
    longest_first = sorted(names, key=len, reverse=True)
    models = "|".join(re.escape(name) for name in longest_first if "." in name)
    tables = "|".join(re.escape(name) for name in longest_first if "." not in name)
    return re.compile(rf"(?<![\w.])(?:(?:{models})(?!\.?\w)|(?:{tables})(?!\w))")


# -- files --------------------------------------------------------------------------------------


def file_names(addon):
    """A file is named after its model, or is a facet of the package's main model."""
    known = {model.name for room in addon.rooms for model in room.models}
    families = {name.partition(".")[0] for name in known}
    for room in addon.rooms if addon.models else ():
        facets = []
        for source in room.sources:
            if looks_like_model(source.stem, known, families):
                for model in source.models:
                    if model.name.replace(".", "_") != source.stem:
                        text = f"the file bears the name of a model, but the class is of {model.name}"
                        yield source.fault(model.node.lineno, text)
            else:
                facets += source.models
        yield from facet_faults(room, facets)
        yield from near_names(room)


def looks_like_model(stem, known, families):
    family, _, rest = stem.partition("_")
    return stem.replace("_", ".") in known or bool(rest) and family in families


def facet_faults(room, facets):
    """All facets are of one model, and it has its file in the package."""
    if not facets:
        return
    own_files = {model.name for model in room.models if model.name.replace(".", "_") == model.source.stem}
    counts = Counter(model.name for model in facets)
    main = max(counts, key=lambda name: (name in own_files, counts[name]))
    for model in facets:
        if model.name != main:
            text = f"a facet of {model.name}, but those of {room.name} are of {main}; name it after its model"
            yield model.source.fault(model.node.lineno, text)
        elif main not in own_files:
            text = f"a facet of {main}, which has no file of its name in {room.name}"
            yield model.source.fault(model.node.lineno, text)


def near_names(room):
    for one, other in combinations(room.sources, 2):
        if nearly_same(one.stem, other.stem):
            yield other.fault(1, f"the name is within one letter of {one.path.name}")


def nearly_same(one, other):
    """Whether one letter added, taken away or changed makes the two the same."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    same = next((index for index, letter in enumerate(short) if letter != long[index]), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]


def one_class(addon):
    """One model a file; small helpers may stand beside it."""
    for room in addon.rooms if addon.models else ():
        for source in room.sources:
            first, *others = source.models or [None]
            for model in others:
                yield source.fault(model.node.lineno, f"a second model in one file, after {first.name}")
            models = {model.node for model in source.models}
            for node in source.classes:
                if node not in models and not is_helper(node):
                    yield source.fault(node.lineno, f"{node.name} is neither a model nor a small helper")


def is_helper(node):
    """Named tuples, enumerations, exceptions and data classes."""
    bases = [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases]
    return any(map(HELPERS.search, bases)) or any("dataclass" in ast.unparse(item) for item in node.decorator_list)


# -- tests --------------------------------------------------------------------------------------


def test_modules(addon):
    """Odoo's own runner sees the modules that are attributes of the package tests, and no others."""
    tests = addon.folder("tests")
    if not tests:
        return
    seen = defaultdict(list)
    for folder in [tests, *tests.folders]:
        for source in folder.sources:
            if not source.stem.startswith("test_"):
                continue
            seen[source.stem].append(source)
            if source.stem not in folder.attributes:
                yield Fault(folder.path / "__init__.py", 1, f"{source.stem} is not imported")
            elif source.stem not in tests.attributes:
                text = f"{source.stem} of {folder.name} is not an attribute of tests (from .{folder.name} import *)"
                yield Fault(tests.path / "__init__.py", 1, text)
    for first, *others in seen.values():
        for source in others:
            yield source.fault(1, f"there is a {first.path}, too; Odoo's own runner would see one of them only")


# -- sizes --------------------------------------------------------------------------------------


def files(addon):
    """XML is well-formed, and no file grows beyond what one can read."""
    for path in addon.files:
        if path.suffix == ".xml":
            try:
                etree.parse(str(path))
            except etree.XMLSyntaxError as error:
                yield Fault(path, error.lineno or 1, error.msg)
        if path.suffix in TEXT_FILES and not DATA_FOLDERS & set(path.parts):
            yield from too_long(path, path.read_text(encoding="utf-8").splitlines())
    for source in addon.sources:
        yield from too_long(source.path, source.lines)


def too_long(path, lines):
    if len(lines) > LONGEST_FILE:
        yield Fault(path, LONGEST_FILE + 1, f"{len(lines)} lines, the limit is {LONGEST_FILE}; divide it")


def methods(addon):
    """Methods are short and simple."""
    for source in addon.sources:
        if STORY_FOLDERS & set(source.path.parts):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and length(node) > LONGEST_METHOD:
                text = f"{node.name} has {length(node)} lines, the limit is {LONGEST_METHOD}"
                yield source.fault(node.lineno, text)
        for block in functions(cc_visit_ast(source.tree)):
            if block.complexity > HIGHEST_COMPLEXITY:
                text = f"{block.name} has complexity {block.complexity}, the limit is {HIGHEST_COMPLEXITY}"
                yield source.fault(block.lineno, text)


def length(node):
    """From `def` to the end, without the docstring."""
    doc = docstring(node)
    return node.end_lineno - node.lineno + 1 - (doc.end_lineno - doc.lineno + 1 if doc else 0)


def functions(blocks):
    """Functions, methods and functions within them; radon lists methods beside their class, too."""
    for block in blocks:
        if hasattr(block, "closures"):
            yield block
            yield from functions(block.closures)
        else:
            yield from functions(block.inner_classes)


def lines(addon):
    """A line fits the width; a message to users stays on one, where it can be searched."""
    for source in addon.sources:
        long = {number: line for number, line in enumerate(source.lines, 1) if len(line) > LONGEST_LINE}
        if not long:
            continue
        messages = list(message_literals(source.tree))
        for number, line in long.items():
            if not any(only_message(line, number, literal) for literal in messages):
                yield source.fault(number, f"{len(line)} characters, the limit is {LONGEST_LINE}")


def message_literals(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
            if name in TRANSLATIONS:
                yield from (item for item in node.args if isinstance(item, (ast.Constant, ast.JoinedStr)))


def only_message(line, number, literal):
    """Whether the literal crosses the limit, and the rest of the line would fit without it."""
    if not literal.lineno <= number <= literal.end_lineno:
        return False
    start = characters(line, literal.col_offset) if number == literal.lineno else len(line) - len(line.lstrip())
    end = characters(line, literal.end_col_offset) if number == literal.end_lineno else len(line)
    return end > LONGEST_LINE and len(line) - (end - start) <= LONGEST_LINE


def characters(line, octets):
    """Syntax trees count octets."""
    return len(line.encode()[:octets].decode())


RULES = {
    "packages": packages,
    "defined twice": twice,
    "imports of later packages": imports_of_later,
    "models of later packages": names_of_later,
    "names of files": file_names,
    "one class a file": one_class,
    "test modules": test_modules,
    "files": files,
    "methods": methods,
    "lines": lines,
}
# of programs that are no add-on
SIZES = ("files", "methods", "lines")
