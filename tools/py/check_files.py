"""XML is well-formed, and no file grows beyond what one can read."""

import sys
from pathlib import Path

from lxml import etree

LONGEST = 500
# Data may be as long as it is.
DATA_FOLDERS = {"demo"}


def faults(path):
    if path.suffix == ".xml":
        try:
            etree.parse(str(path))
        except etree.XMLSyntaxError as error:
            yield f"{path}: {error}"
        if DATA_FOLDERS & set(path.parts):
            return
    lines = len(path.read_text(encoding="utf-8").splitlines())
    if lines > LONGEST:
        yield f"{path}: {lines} lines, the limit is {LONGEST}; divide it"


def main():
    found = [
        fault
        for addon in sys.argv[1:]
        for path in sorted(Path(addon).rglob("*"))
        if path.suffix in {".py", ".xml", ".js", ".scss"}
        for fault in faults(path)
    ]
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
