"""Limits, encodings and DTDs."""

from __future__ import annotations

import time

import pytest
from tests.signing.factories import SigningWorld, failed_check
from tests.signing.invalid_documents import UNSIGNED

from egovdocs.signing import sign, validate


@pytest.mark.parametrize("name", UNSIGNED)
def test_documents_without_a_valid_signature(name: str, world: SigningWorld) -> None:
    document, check = UNSIGNED[name]
    started = time.process_time()
    assert failed_check(validate(document, world.policy())) == ("FORMAT_FAILURE", check)
    assert time.process_time() - started < 2


def test_many_namespaces(world: SigningWorld) -> None:
    declared = " ".join(f'xmlns:a{number}="urn:a"' for number in range(2000))
    nested = "".join(f'<b xmlns:a{number}="urn:a">' for number in range(200))
    for document in (f"<a {declared}>{'<b/>' * 2000}</a>", f"<a>{nested}{'<c/>' * 50_000}{'</b>' * 200}</a>"):
        for encoding in ("utf-8", "utf-16"):
            started = time.process_time()
            report = validate(sign(document.encode(encoding), world.person.signer), world.policy())
            assert failed_check(report) == ("FORMAT_FAILURE", "limits")
            assert time.process_time() - started < 8


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_many_namespaces_of_one_element(encoding: str, world: SigningWorld) -> None:
    # One character has the byte of "<" in UTF-16, another ends a tag when it is not quoted.
    crowd = " ".join(f'xmlns:a{number}="urn:㰀>"' for number in range(100_000))
    started = time.process_time()
    report = validate(f"<a {crowd}/>".encode(encoding), world.policy())
    assert failed_check(report) == ("FORMAT_FAILURE", "limits")
    assert time.process_time() - started < 2


def test_a_text_too_long_for_libxml2(world: SigningWorld) -> None:
    document = f'<?xml version="1.0" encoding="windows-1251"?><a>{"ж" * 6_000_000}</a>'.encode("cp1251")
    assert failed_check(validate(document, world.policy())) == ("FORMAT_FAILURE", "limits")


def test_text_that_looks_like_many_namespaces(world: SigningWorld) -> None:
    text = 'xmlns:a="urn:a" ' * 1000
    document = f"<a><!-- <b {text}--><![CDATA[<b {text}]]>&lt;b {text}</a>".encode()
    assert validate(sign(document, world.person.signer), world.policy()).passed
