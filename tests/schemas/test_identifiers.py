from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from egovdocs.schemas.identifiers import (
    check_digit,
    is_bin,
    is_identifier,
    is_iin,
    is_licence_number,
    is_request_number,
    kind_of,
    licence_number,
    request_number,
)

IINS = ["680503250034", "760212350620", "800416100254", "871008401427", "830717350867"]
BINS = ["940140000385", "950341000052", "070941024691"]


@pytest.mark.parametrize("iin", IINS)
def test_genuine_iin(iin: str) -> None:
    assert is_iin(iin)
    assert is_identifier(iin)
    assert not is_bin(iin)
    assert kind_of(iin) == "natural"


@pytest.mark.parametrize("bin_", BINS)
def test_genuine_bin(bin_: str) -> None:
    assert is_bin(bin_)
    assert is_identifier(bin_)
    assert not is_iin(bin_)
    assert kind_of(bin_) == "legal"


@pytest.mark.parametrize(
    "text",
    [
        "940140000380",  # check digit
        "000813159890",  # ten in both passes: never issued
        "",
        "68050325003",
        "6805032500340",
        "68050325003a",
        "６８０５０３２５００３４",  # full-width digits
        "680503250034\n",
    ],
)
def test_neither(text: str) -> None:
    assert not is_identifier(text)


def with_check_digit(first_eleven: str) -> str:
    digit = check_digit(first_eleven)
    assert digit is not None
    return f"{first_eleven}{digit}"


@pytest.mark.parametrize(
    "first_eleven",
    [
        "68133025003",  # month 13
        "68023025003",  # 30 February
        "99022930012",  # 29 February 1999
        "68050375003",  # no such century
        "68050305003",
    ],
)
def test_iin_needs_a_birth_date(first_eleven: str) -> None:
    assert not is_iin(with_check_digit(first_eleven))


def test_leap_day_of_2000_is_a_birth_date() -> None:
    assert is_iin(with_check_digit("00022950012"))


@pytest.mark.parametrize("first_eleven", ["94134000038", "94014400038", "94017000038"])
def test_bin_needs_month_kind_and_attribute(first_eleven: str) -> None:
    assert not is_bin(with_check_digit(first_eleven))


def test_never_issued_number_has_no_check_digit() -> None:
    assert check_digit("00081315989") is None


def test_kind_goes_by_shape_alone() -> None:
    """The national authority's test certificates carry wrong check digits."""
    assert kind_of("123456789011") == "legal"
    assert kind_of("680503250030") == "natural"
    for text in ("123476789011", "12", "abcdefghijkl"):
        with pytest.raises(ValueError, match="neither"):
            kind_of(text)


def test_licence_numbers_seen_on_licences() -> None:
    assert licence_number("LAM", 2781) == "KZ29LAM00002781"
    assert licence_number("LAA", 32760) == "KZ18LAA00032760"
    assert is_licence_number("KZ29LAM00002781")


@given(
    serial=st.integers(1, 99_999_999), position=st.integers(0, 14), letter=st.sampled_from("0123456789ABKMZ")
)
def test_one_wrong_character_is_caught(serial: int, position: int, letter: str) -> None:
    number = licence_number("MED", serial)
    mistyped = number[:position] + letter + number[position + 1 :]
    assert is_licence_number(mistyped) is (mistyped == number)


@given(year=st.integers(2000, 2100), serial=st.integers(1, 10**9), data=st.data())
def test_request_numbers_catch_swapped_digits(year: int, serial: int, data: st.DataObject) -> None:
    number = request_number(year, serial)
    assert is_request_number(number)
    position = data.draw(st.integers(0, len(number) - 2))
    swapped = number[:position] + number[position + 1] + number[position] + number[position + 2 :]
    assert is_request_number(swapped) is (swapped == number)


@pytest.mark.parametrize(
    ("series", "serial"), [("ME", 1), ("med", 1), ("MED", 0), ("MED", 10**8), ("МЕД", 1)]
)
def test_no_such_licence(series: str, serial: int) -> None:
    with pytest.raises(ValueError, match="series"):
        licence_number(series, serial)


@pytest.mark.parametrize("text", ["", "2026-000123-39", "2026-123-38", "2026-000123-38 ", "２026-000123-38"])
def test_no_request_number(text: str) -> None:
    assert not is_request_number(text)
