"""How people write names and phone numbers: one form for all spellings."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

try:
    import phonenumbers
except ImportError:  # as in Odoo: numbers of other countries are then told apart by their digits alone
    phonenumbers = None

DOTS = frozenset("·•‧∙⋅・ꞏ᛫⸱")
DASHES = frozenset("‐‑‒–—―−﹘")
CJK = '\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff'

# ------------------------------------------------------------
# letters and digits
# ------------------------------------------------------------


@lru_cache(maxsize=8192)
def _plain(char):
    """A character in its simplest form: no width, no accent of its own, one kind of dot, dash and digit."""
    if unicodedata.category(char) == 'Cf':  # marks of direction, joiners: they come along when copied
        return ''
    form = unicodedata.normalize('NFKD', char)
    if len(form) > 1:
        return "".join(part if part == char else _plain(part) for part in form)
    digit = unicodedata.decimal(form, None)
    if digit is not None:
        return str(digit)
    return '·' if form in DOTS else '-' if form in DASHES else form


def fold(text):
    """``text`` with one form of each letter, digit, dot and dash."""
    return text if text.isascii() else unicodedata.normalize('NFC', "".join(map(_plain, text)))


def fold_name(text):
    """A name as it is sought: folded, blanks counted once, none and no dots between Chinese characters."""
    plain = " ".join(fold(text or '').split())
    return re.sub(rf'(?<=[{CJK}])[ .·]+(?=[{CJK}]|$)', '', plain)


# ------------------------------------------------------------
# phone numbers
# ------------------------------------------------------------

_EXTENSION = r'[转轉]?\s*(?:分机|分機|内线|內線)|[转轉]|ext(?:ension)?\.?|x|\#'
_PIECE = re.compile(
    rf'([(+\s]*\d[\d\s().\-]*)(?:[(,\s]*(?:{_EXTENSION})\s*[:.]?\s*(\d{{1,6}})(?!\d)\)?)?', re.IGNORECASE
)
_DATE = re.compile(r'(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?(?!\d)')
_MOBILE = re.compile(r'0?(1[3-9]\d{9})')
_FREE = re.compile(r'[48]00\d{7}')
_LANDLINE = re.compile(r'(0?)(10|2\d|[3-9]\d\d)(\d{7,8})')
_LOCAL = re.compile(r'[1-9]\d{6,7}')
_SERVICE = re.compile(r'\d{1,6}|\+86[48]00\d{7}|\+86(?:10|2\d|[3-9]\d\d)(?:1[12]\d{1,4}|9[56]\d{3,4})')
_LABEL = re.compile(r'(?:联系)?(?:电话|電話|手机|手機)(?:号码?)?|\b(?:tel|phone|mobile)\b\.?', re.IGNORECASE)
_EDGES = ' /,;、|()+-:.'
_HOTLINE = re.compile(r'(0(?:10|2\d|[3-9]\d\d))?(1(?:[12]\d(?:\d{2,3})?|00\d\d)|9[56]\d{3,4})')


class Number(NamedTuple):
    """A phone number: its key (in international form where that is known, else digits), what tells it apart at the
    same line, how it is dialled in its town, how to write it, and whether many people stand behind it."""

    key: str
    extension: str = ''
    local: str = ''
    text: str = ''
    service: bool = False


class Phones(NamedTuple):
    """What is read from a field for phone numbers: the numbers, and the words beside them."""

    numbers: tuple
    remark: str


def _drop(groups, count):
    """Groups of digits without the first ``count`` digits."""
    groups = list(groups)
    while count and groups:
        taken = min(count, len(groups[0]))
        groups[0], count = groups[0][taken:], count - taken
        if not groups[0]:
            groups.pop(0)
    return groups


def _as_chinese(digits, first, area, abroad):
    """What a run of digits is in China, or None.

    :param first: the first group of digits
    :param abroad: it was dialled with the country's number
    """
    if found := _MOBILE.fullmatch(digits):
        return Number('+86' + found[1])
    if _FREE.fullmatch(digits):
        return Number('+86' + digits, service=True)
    found = _LANDLINE.fullmatch(digits)
    if found and (found[1] or abroad or first == found[2]):
        return Number(f'+86{found[2]}{found[3]}', local=found[3])
    if _LOCAL.fullmatch(digits):
        return _in_town(digits, area)
    found = None if abroad else _HOTLINE.fullmatch(digits)
    return found and Number(f'+86{found[1][1:]}{found[2]}' if found[1] else found[2], service=True)


def _in_town(digits, area):
    """A number as it is dialled in its town."""
    return Number(f'+86{area}{digits}', '', digits, f'0{area}-{digits}') if area else Number(digits, local=digits)


def _national(groups, area, abroad=False):
    whole = (groups, '')
    parted = (groups[:-1], groups[-1]) if len(groups) > 1 and len(groups[-1]) <= 5 else None
    ways = [whole, parted] if parted else [whole]
    if len(groups) == 2 and len(groups[0]) in (7, 8) and not _MOBILE.fullmatch("".join(groups)):
        ways.reverse()  # 8888888-8
    for head, extension in ways:
        number = head and _as_chinese("".join(head), head[0], area, abroad)
        if number:
            text = f"{number.text}-{extension}" if number.text and extension else number.text
            return number._replace(extension=extension, text=text)
    return None


def _elsewhere(text, country):
    """A number as it is written in another country than China, or None."""
    if not phonenumbers or country in ('CN', '', None, False):
        return None
    try:
        parsed = phonenumbers.parse(text, region=country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return Number(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _read_one(text, area, country):
    """The one number that ``text`` is, or None."""
    groups = re.findall(r'\d+', text)
    digits = "".join(groups)
    abroad = text.lstrip('( ').startswith('+')
    if not abroad and digits.startswith('00'):
        groups, abroad = _drop(groups, 2), True
    if abroad:
        if digits.removeprefix('00').startswith('86'):
            return _national(_drop(groups, 2), area, abroad=True)
        groups = re.findall(r'\d+', text.replace('(0)', ''))  # +44 (0)20
        digits = "".join(groups).removeprefix('00')
        return Number('+' + digits) if 7 <= len(digits) <= 15 else None
    if digits.startswith('86') and len(digits) >= 12 and len(groups[0]) not in (7, 8):
        number = _national(_drop(groups, 2), area, abroad=True)
        if number:
            return number
    mobile = _MOBILE.fullmatch(digits)
    return not mobile and _elsewhere(text, country) or _national(groups, area)


def _read_many(text, area, country):
    """The numbers in a run of digits, blanks and signs, each with how it is written."""
    number = _read_one(text, area, country)
    if number:
        return [number._replace(text=number.text or text.strip(' .-'))]
    parts = text.split()
    for cut in range(1, len(parts)):
        first = _read_one(" ".join(parts[:cut]), area, country) and _read_many(" ".join(parts[:cut]), area, country)
        others = first and _read_many(" ".join(parts[cut:]), area, country)
        if others:
            return [*first, *others]
    return []


def _read_piece(found, area, country):
    text, extension = found[1].strip(), found[2] or ''
    numbers = _read_many(text, area, country)
    digits = "".join(re.findall(r'\d', text))
    if not numbers and 7 <= len(digits) <= 20:  # no form that is known; still the same digits each time
        numbers = [Number('+' + digits if text.startswith('+') else digits, text=text.strip(' .-'))]
    if extension and numbers:
        numbers[-1] = numbers[-1]._replace(extension=extension, text=f"{numbers[-1].text}-{extension}")
    return numbers


@lru_cache(maxsize=4096)
def read_phones(text, area='', country='CN'):
    """The phone numbers in a text as people type it, and what else stands there.

    :param str area: of the place where it is typed, added to numbers without one
    :param str country: code of the country whose numbers these are, unless they say another
    :rtype: Phones
    """
    plain, area = fold(text or '')[:500], (area or '').lstrip('0')
    blanked = _DATE.sub(lambda date: re.sub(r'.', '_', date[0]), plain)
    pieces = [(found, _read_piece(found, area, country)) for found in _PIECE.finditer(blanked)]
    pieces = _without_hotlines([piece for piece in pieces if piece[1]])
    rest, numbers = list(plain), {}
    for found, read in reversed(pieces):
        rest[found.start():found.end()] = ' '
        numbers = {**{(number.key, number.extension): number for number in read}, **numbers}
    remark = _LABEL.sub('', "".join(rest)) if numbers else "".join(rest)
    return Phones(tuple(numbers.values()), " ".join(remark.split()).strip(_EDGES))


def _without_hotlines(pieces):
    """Without short numbers where a longer one stands: 120 beside a number is no ambulance."""
    longer = [piece for piece in pieces if any(len(number.key) > 6 for number in piece[1])]
    return longer or pieces


def is_service(key):
    """Whether many people stand behind a number: short ones, 400 and 800."""
    return bool(_SERVICE.fullmatch(key))


def phone_keys(text, area='', country='CN'):
    """The keys of the numbers in a text, each once."""
    return tuple(dict.fromkeys(number.key for number in read_phones(text or '', area, country).numbers))


# ------------------------------------------------------------
# striking out
# ------------------------------------------------------------

_TAG = r'<[^>]*>'
_GAP = rf'(?:{_TAG}|&\w+;|{_EXTENSION}|[^0-9A-Za-z一-鿿<&])'
_BLANK = rf'(?:\s|&nbsp;|{_TAG})'
_BETWEEN = rf'(?:[\s.·]|&(?:nbsp|middot|bull|\#183);|{_TAG})'


def number_traces(text, area=''):
    """By what a number may be recognised: its digits, those dialled in its town, the words beside it."""
    phones = read_phones(text or '', area)
    # letters beside a number of an account are part of it
    told = phones.numbers and (not phones.remark.isascii() or len(phones.remark) > 3)
    traces = {phones.remark} if told else set()
    for number in phones.numbers:
        digits = number.key.removeprefix('+86').removeprefix('+')
        traces.update({digits, digits + number.extension, number.local})
        traces.add(number.local and number.local + number.extension)
    plain = "".join(re.findall(r'\d', fold(text or '')))
    return {*traces, plain.removeprefix('00').removeprefix('86')} - {''}


@lru_cache(maxsize=256)
def trace_pattern(trace):
    """Finds ``trace`` in folded text as people and programs write it: digits however grouped, names across tags,
    blanks and dots."""
    trace = unicodedata.normalize('NFKD', fold(trace))
    if trace.isdigit():
        found = (_GAP + '{0,8}?').join(trace)
        # few digits may be part of something else
        return re.compile(found if len(trace) > 8 else rf'(?<!\d){found}(?!\d)', re.IGNORECASE)
    words = [
        re.escape(word) if word.isascii() else (_BETWEEN + '*').join(re.escape(char) for char in word if char != '·')
        for word in trace.split()
    ]
    pattern = words[0] if words else r'(?!)'
    for before, word in zip(words, words[1:], strict=False):
        pattern += (_BLANK + '+' if before.isascii() and word.isascii() else _BETWEEN + '*') + word
    return re.compile(pattern, re.IGNORECASE)


def strike(text, traces, mark):
    """``text`` with ``mark`` where one of the traces stood, in whatever spelling."""
    if not text or not traces:
        return text
    forms = [unicodedata.normalize('NFKD', _plain(char)) for char in text]
    plain = "".join(forms)
    origin = [position for position, form in enumerate(forms) for _char in form]
    spans = sorted(
        (origin[found.start()], origin[found.end() - 1] + 1)
        for trace in traces
        for found in trace_pattern(trace).finditer(plain)
        if found.end() > found.start()
    )
    kept, last = [], 0
    for start, end in spans:
        if start >= last:
            kept += [str(text[last:start]), mark]
        last = max(last, end)
    return "".join([*kept, str(text[last:])]) if spans else text
