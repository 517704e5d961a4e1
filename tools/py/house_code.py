"""What the rules of the house read: the files of an add-on, their syntax trees and the models in them."""

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

MODEL_BASES = {"Model", "AbstractModel", "TransientModel"}


@dataclass(frozen=True)
class Fault:
    path: Path
    line: int
    text: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


class Source:
    """A Python file."""

    def __init__(self, path):
        self.path = path
        self.stem = path.stem
        self.lines = path.read_text(encoding="utf-8").splitlines()

    @cached_property
    def tree(self):
        return ast.parse("\n".join(self.lines), str(self.path))

    @cached_property
    def classes(self):
        return [node for node in self.tree.body if isinstance(node, ast.ClassDef)]

    @cached_property
    def models(self):
        return [Model(self, node) for node in self.classes if is_model(node)]

    @cached_property
    def strings(self):
        """Text constants, without docstrings."""
        docs = {id(doc) for node in ast.walk(self.tree) if (doc := docstring(node))}
        found = [node for node in ast.walk(self.tree) if isinstance(node, ast.Constant) and id(node) not in docs]
        return sorted((node for node in found if isinstance(node.value, str)), key=lambda node: node.lineno)

    def imported(self, package):
        """Imports as pairs of statement and dotted name, the relative ones counted from `package`, the file's own."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, tuple(alias.name.split("."))) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level + 1] if node.level else ()
                start = (*above, *(node.module or "").split(".")) if node.module else above
                yield from ((node, (*start, alias.name)) for alias in node.names)

    def fault(self, line, text):
        return Fault(self.path, line, text)


class Model:
    """A class that defines a model or extends one."""

    def __init__(self, source, node):
        self.source = source
        self.node = node
        names = dict(attributes(node))
        inherited = text_list(getattr(names.get("_inherit"), "value", None))
        self.own_name = next(iter(text_list(getattr(names.get("_name"), "value", None))), None)
        self.name = self.own_name or next(iter(inherited), None)
        self.defines = bool(self.own_name) and self.own_name not in inherited
        self.table = next(iter(text_list(getattr(names.get("_table"), "value", None))), self.name.replace(".", "_"))

    @property
    def members(self):
        """Methods, tables and fields: pairs of name and node."""
        yield from attributes(self.node)
        yield from (
            (node.name, node)
            for node in self.node.body
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        )


def is_model(node):
    if not any(isinstance(base, ast.Attribute) and base.attr in MODEL_BASES for base in node.bases):
        return False
    return any(name in {"_name", "_inherit"} for name, _value in attributes(node))


def attributes(node):
    """What is assigned in the body of a class: pairs of name and statement."""
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            yield from (
                (name.id, statement)
                for target in statement.targets
                for name in ast.walk(target)
                if isinstance(name, ast.Name)
            )
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id, statement


def text_list(node):
    """The texts of 'a' or ['a', 'b']."""
    nodes = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    return [item.value for item in nodes if isinstance(item, ast.Constant) and isinstance(item.value, str)]


def docstring(node):
    if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) or not node.body:
        return None
    first = node.body[0].value if isinstance(node.body[0], ast.Expr) else None
    return first if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


class Folder:
    """A folder with Python files of one level."""

    def __init__(self, path):
        self.path = path
        self.name = path.name

    @cached_property
    def init(self):
        path = self.path / "__init__.py"
        return Source(path) if path.exists() else None

    @cached_property
    def sources(self):
        return [Source(path) for path in sorted(self.path.glob("*.py")) if path.name != "__init__.py"]

    @cached_property
    def folders(self):
        return [
            Folder(path) for path in sorted(self.path.iterdir()) if path.is_dir() and next(path.glob("*.py"), None)
        ]

    @cached_property
    def models(self):
        return [model for source in self.sources for model in source.models]

    @property
    def imports(self):
        """Names of modules and folders that `from . import x` and `from .x import y` name, in their order."""
        if not self.init:
            return []
        return list(dict.fromkeys(path[0] for _node, path in self.init.imported(()) if path))

    @cached_property
    def attributes(self):
        """Names of what the imports of `__init__` leave in the folder's namespace."""
        found = set()
        folders = {folder.name: folder for folder in self.folders}
        for _node, path in self.init.imported(()) if self.init else ():
            if path[-1] == "*":
                found |= folders[path[0]].attributes if path[0] in folders else set()
            else:
                # an import binds the name, and the module it comes from in its package
                found |= {path[0], path[-1]}
        return found


class Addon:
    """An add-on, or any other folder with Python programs, of which only the sizes are looked at."""

    def __init__(self, path):
        self.path = path
        self.is_addon = (path / "__manifest__.py").exists()

    @cached_property
    def files(self):
        return [path for path in sorted(self.path.rglob("*")) if path.is_file()]

    @cached_property
    def sources(self):
        return [Source(path) for path in self.files if path.suffix == ".py"]

    def folder(self, name):
        path = self.path / name
        return Folder(path) if path.is_dir() else None

    @cached_property
    def models(self):
        """The folder models/ if it holds packages; a small add-on has its models in one folder."""
        folder = self.folder("models")
        return folder if folder and folder.folders else None

    @cached_property
    def packages(self):
        """The packages of models/ in the order in which they are imported: the order of knowledge."""
        if not self.models:
            return []
        order = self.models.imports
        imported = [folder for folder in self.models.folders if folder.name in order]
        return sorted(imported, key=lambda folder: order.index(folder.name))

    @cached_property
    def rooms(self):
        """Folders in each of which a model is written once."""
        names = ["wizard", "report"] if self.models else ["models", "wizard", "report"]
        return [*self.packages, *filter(None, map(self.folder, names))]
