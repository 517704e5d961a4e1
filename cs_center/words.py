"""Words that the add-on itself puts into the step log, kept by what they are and told in the language of whoever reads
them. What people said stays as they said it; both stand in one text, so that they are searched, struck out and joined
alike. Texts from before are read as they were written."""

import re

from odoo import fields
from odoo.tools.translate import LazyGettext, get_translation

# characters that Unicode keeps free for such use: nobody types them, and texts that hold them are refused
OPEN, CLOSE, NEXT = '\ufdd0', '\ufdd1', '\ufdd2'
MARKS = (OPEN, CLOSE, NEXT)
INNERMOST = re.compile(f'{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}')
# context value that no caller from outside can send: texts are read as they are kept
AS_KEPT = object()


def own(term):
    """A term of the add-on and what is said in it, as the step log keeps it: ``own(_lt("Goods added: %s", name))``."""
    said = term._args.items() if isinstance(term._args, dict) else (('', value) for value in term._args)
    parts = [part for name, value in said for part in (name, own(value) if isinstance(value, LazyGettext) else value)]
    return _kept('term', term._module, term._source, *parts)


def own_choice(record, field, key=None):
    """What a selection field calls its value, or the given key, as the step log keeps it; empty when there is none."""
    key = key or record[field]
    return _kept('choice', record._name, field, key) if key else ''


def own_label(record, field):
    """What a field is called, as the step log keeps it."""
    return _kept('label', record._name, field)


def as_kept(records):
    """These records, whose words are read as they are kept, to be compared or changed."""
    return records.with_context(cs_words=AS_KEPT)


def _kept(*parts):
    return f"{OPEN}{NEXT.join(map(str, parts))}{CLOSE}"


def told(env, text):
    """A text of the step log in the language of ``env``."""
    found = True
    while found:
        text, found = INNERMOST.subn(lambda match: _told(env, *match[1].split(NEXT)), text)
    return text


def _told(env, sort, *parts):
    try:
        if sort == 'term':
            module, source, *said = parts
            names, values = said[::2], said[1::2]
            args = dict(zip(names, values, strict=True)) if any(names) else tuple(values)
            return get_translation(module, env.lang or 'en_US', source, args)
        field = env[parts[0]]._fields[parts[1]]
        if sort == 'choice':
            return dict(field._description_selection(env))[parts[2]]
        return field._description_string(env)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError):
        return parts[-1] if parts else ''  # what is gone by now is told by its key


class Words(fields.Text):
    """A text in which words of the add-on and words of people stand side by side."""

    def convert_to_record(self, value, record):
        text = super().convert_to_record(value, record)
        if not text or OPEN not in text or record.env.context.get('cs_words') is AS_KEPT:
            return text
        return told(record.env, text)
