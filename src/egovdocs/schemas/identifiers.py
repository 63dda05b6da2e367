"""Numbers that identify people, organisations, licences and requests.

IIN and BIN: the check digit is taken over the first eleven digits, with a second row of weights when the
first gives ten. Licence numbers have the shape of Kazakhstan's e-licences and, like request numbers, carry
the two check digits of ISO/IEC 7064 mod 97-10, so that a mistyped number is caught before any look-up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Literal

from stdnum.iso7064 import mod_97_10

from egovdocs.schemas import wording
from egovdocs.schemas.text import Text

_TWELVE_DIGITS = re.compile(r"[0-9]{12}")
_LICENCE = re.compile(r"KZ[0-9]{2}[A-Z]{3}[0-9]{8}")
_SERIES = re.compile(r"[A-Z]{3}")
_REQUEST = re.compile(r"[0-9]{4}-[0-9]{6,}-[0-9]{2}")
_WEIGHTS = (tuple(range(1, 12)), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}

Kind = Literal["natural", "legal"]


def is_identifier(text: str) -> bool:
    """Whether it is an IIN or a BIN with the right check digit."""
    return is_iin(text) or is_bin(text)


def is_iin(text: str) -> bool:
    """Whether it is an IIN: birth date, century and sex, four serial digits, check digit."""
    return _has_check_digit(text) and _is_birth_date(text)


def is_bin(text: str) -> bool:
    """Whether it is a BIN: YYMM, kind 4–6, attribute 0–3, five serial digits, check digit."""
    return _has_check_digit(text) and 1 <= int(text[2:4]) <= 12 and text[4] in "456" and text[5] in "0123"


def find_fault(number: str, is_right: Callable[[str], bool] = is_identifier) -> Text | None:
    """Return what is wrong with an IIN or BIN as typed, in words for the person; None if nothing.

    :param is_right: ``is_iin`` where only a natural person's will do.
    """
    if not _TWELVE_DIGITS.fullmatch(number):
        return wording.TWELVE_DIGITS
    if not _has_check_digit(number):
        return wording.WRONG_CHECK_DIGIT
    return None if is_right(number) else wording.NO_SUCH_NUMBER


def kind_of(identifier: str) -> Kind:
    """Return the kind of holder by shape alone: the fifth digit is 0–3 (of a day) in an IIN, 4–6 in a BIN.

    The check digit is not looked at: the national authority's own test certificates carry wrong ones.

    :raises ValueError: it is neither.
    """
    if _TWELVE_DIGITS.fullmatch(identifier):
        if identifier[4] in "0123":
            return "natural"
        if identifier[4] in "456":
            return "legal"
    raise ValueError("neither an IIN nor a BIN")


def check_digit(first_eleven: str) -> int | None:
    """Return the check digit of an IIN or BIN; None if none is issued (ten in both passes)."""
    for weights in _WEIGHTS:
        digit = sum(int(d) * w for d, w in zip(first_eleven, weights, strict=True)) % 11
        if digit < 10:
            return digit
    return None


def licence_number(series: str, serial: int) -> str:
    """``KZ``, two check digits, the series of three letters, eight digits: ``KZ29LAM00002781``."""
    if not _SERIES.fullmatch(series) or not 0 < serial < 10**8:
        raise ValueError("a series of three capital letters and a serial of one to eight digits are required")
    body = f"{series}{serial:08d}"
    return f"KZ{mod_97_10.calc_check_digits(f'{body}KZ')}{body}"


def is_licence_number(text: str) -> bool:
    """Whether it has the shape of a licence number, and the right check digits."""
    return bool(_LICENCE.fullmatch(text)) and mod_97_10.is_valid(text[4:] + text[:4])


def request_number(year: int, serial: int) -> str:
    """Year, serial, two check digits: ``2026-000123-38``. Used for requests, refusals and orders."""
    if not 1000 <= year <= 9999 or serial < 1:
        raise ValueError("a year of four digits and a positive serial are required")
    digits = mod_97_10.calc_check_digits(f"{year}{serial:06d}")
    return f"{year}-{serial:06d}-{digits}"


def is_request_number(text: str) -> bool:
    """Whether it has the shape of a request number, and the right check digits."""
    return bool(_REQUEST.fullmatch(text)) and mod_97_10.is_valid(text.replace("-", ""))


def _has_check_digit(text: str) -> bool:
    return bool(_TWELVE_DIGITS.fullmatch(text)) and check_digit(text[:11]) == int(text[11])


def _is_birth_date(text: str) -> bool:
    century = _CENTURIES.get(text[6])
    if century is None:
        return False
    try:
        date(century + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return False
    return True


def receipt_code(request_sha256: str) -> str:
    """Return the code on a receipt that opens the questionnaire (48 bits)."""
    return request_sha256[:12]
