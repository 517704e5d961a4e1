"""Where a line of code lives, and what it may touch: the rules of the house for each add-on named.

Prints a line for each fault and ends with 1 if there is one."""

import argparse
import sys
from pathlib import Path

from house_code import Addon
from house_rules import RULES, SIZES


def faults(folder, rules):
    addon = Addon(folder)
    for rule in rules:
        if addon.is_addon or rule in SIZES:
            yield from RULES[rule](addon)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, help="add-ons; of other folders only the sizes are looked at")
    parser.add_argument("--rule", action="append", choices=RULES, help="this rule only")
    args = parser.parse_args()
    found = [fault for folder in args.folders for fault in faults(folder, args.rule or RULES)]
    for fault in found:
        print(fault)
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
