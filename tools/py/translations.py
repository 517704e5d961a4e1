"""Merge freshly exported terms into zh_CN.po, and check the translations of add-ons."""

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

import polib

LISTS = Path(__file__).parent.parent
LANGUAGE = "zh_CN"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdif%]|\$\{[^}]*\}|\{\{.*?\}\}|\{\w*\}")
TAG = re.compile(r"</?\s*([\w-]+)[^>]*>")
# Modules whose mixins lend their fields to our models.
CORE = ("base", "mail", "portal", "rating", "phone_validation", "resource", "sale", "account", "utm")
FIELD = re.compile(r"(ir\.model\.fields,\w+):\w+\.field_\w+?__(\w+)$")


# -- merge ---------------------------------------------------------------------------------------


def merge(addon, fresh, core):
    """Keep what is translated, add what is new, drop what is gone; nothing is guessed."""
    folder = Path(addon) / "i18n"
    folder.mkdir(exist_ok=True)
    fresh.save(str(folder / f"{addon}.pot"))
    target = folder / f"{LANGUAGE}.po"
    old = {entry.msgid: entry for entry in polib.pofile(str(target))} if target.exists() else {}
    lent = lent_terms(core)
    result = polib.POFile()
    result.header = f"Translation of {addon}."
    result.metadata = {**fresh.metadata, "Language": LANGUAGE}
    for term in fresh:
        known = old.get(term.msgid)
        term.msgstr = known.msgstr if known else ""
        term.flags = list(known.flags) if known else []
        if not term.msgstr:
            term.msgstr = next(
                (lent[key] for key in field_keys(term) if key in lent),
                "",
            )
        result.append(term)
    result.save(str(target))


def lent_terms(core):
    """Odoo's own translations of the fields that its mixins lend to our models."""
    result = {}
    for module in CORE:
        path = Path(core) / module / "i18n" / f"{LANGUAGE}.po"
        if path.exists():
            for entry in polib.pofile(str(path)):
                if entry.msgstr and not entry.obsolete and not entry.fuzzy:
                    result.update(dict.fromkeys(field_keys(entry), entry.msgstr))
    return result


def field_keys(entry):
    """(kind of text, name of the field, text) of every field that shows the term."""
    for place, _line in entry.occurrences:
        if match := FIELD.search(place):
            yield (*match.groups(), entry.msgid)


# -- check ---------------------------------------------------------------------------------------


def check(addon, fresh, glossary, same):
    folder = Path(addon) / "i18n"
    pot_path, po_path = folder / f"{addon}.pot", folder / f"{LANGUAGE}.po"
    if not pot_path.exists() or not po_path.exists():
        yield f"{folder}: {addon}.pot or {LANGUAGE}.po is missing; run ./dev i18n"
        return
    terms = {entry.msgid for entry in polib.pofile(str(pot_path))}
    for term in sorted(terms ^ {entry.msgid for entry in fresh}):
        yield f"{pot_path}: out of date at {term!r}; run ./dev i18n"
    po = polib.pofile(str(po_path))
    for term in sorted(terms ^ {entry.msgid for entry in po if not entry.obsolete}):
        yield f"{po_path}: does not match the .pot at {term!r}; run ./dev i18n"
    for entry in po:
        for fault in entry_faults(entry, glossary, same):
            yield f"{po_path}: {fault}: {entry.msgid!r} → {entry.msgstr!r}"


def entry_faults(entry, glossary, same):
    if entry.obsolete:
        yield "obsolete"
    elif entry.fuzzy:
        yield "marked fuzzy"
    elif not entry.msgstr:
        yield "not translated"
    else:
        if entry.msgstr == entry.msgid and has_words(entry.msgid, same):
            yield "not translated but copied"
        if Counter(PLACEHOLDER.findall(entry.msgid)) != Counter(PLACEHOLDER.findall(entry.msgstr)):
            yield "placeholders differ"
        if Counter(TAG.findall(entry.msgid)) != Counter(TAG.findall(entry.msgstr)):
            yield "markup differs"
        wanted = glossary_words(entry.msgid, glossary)
        if wanted and entry.msgstr not in wanted:
            yield f"the glossary says {' or '.join(wanted)}"


def has_words(text, same):
    """Whether anything is left to translate besides placeholders, markup, names and abbreviations."""
    rest = TAG.sub(" ", PLACEHOLDER.sub(" ", text))
    for word in same:
        rest = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ", rest)
    return any(char.isalpha() for char in rest)


def glossary_words(text, glossary):
    text = text.casefold().strip()
    for singular in (text, re.sub("ies$", "y", text), re.sub("es$", "", text), re.sub("s$", "", text)):
        if singular in glossary:
            return glossary[singular]
    return ()


def read_list(name):
    lines = (LISTS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def read_glossary():
    rows = (line.split("\t") for line in read_list("glossary.tsv"))
    return {english.casefold(): tuple(chinese.split("|")) for english, chinese in rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("task", choices=["merge", "check"])
    parser.add_argument("--fresh", required=True, type=Path, help="folder with freshly exported .pot files")
    parser.add_argument("--core", help="folder of Odoo's own add-ons (merge)")
    parser.add_argument("addons", nargs="+")
    args = parser.parse_args()
    faults = []
    for addon in args.addons:
        path = args.fresh / f"{addon}.pot"
        if not path.exists():
            continue
        fresh = polib.pofile(str(path))
        if args.task == "merge":
            merge(addon, fresh, args.core)
        else:
            faults += check(addon, fresh, read_glossary(), read_list("same_words.txt"))
    print(*faults, sep="\n", end="\n" if faults else "")
    if faults:
        sys.exit(f"{len(faults)} faults in the translations.")


if __name__ == "__main__":
    main()
