"""The effort that a document may cause."""

from __future__ import annotations

from tests.signing import templates
from tests.signing.factories import Fill, SigningWorld, failed_check
from tests.signing.templates import DS, EXCLUSIVE

from egovdocs.signing import Coverage, validate


def test_all_references_together(world: SigningWorld, fill: Fill) -> None:
    document = fill(f"<a>{'x' * 10_000}{templates.signature(*[templates.ENVELOPED] * 8)}</a>")
    assert validate(document, world.policy(max_effort=200_000)).passed
    assert failed_check(validate(document, world.policy(max_effort=50_000))) == ("FORMAT_FAILURE", "limits")


def test_markup_takes_longer_than_text(world: SigningWorld, fill: Fill) -> None:
    document = fill(f"<a>{'<b/>' * 10_000}{templates.signature(*[templates.ENVELOPED] * 8)}</a>")
    assert validate(document, world.policy(max_effort=4_000_000)).passed
    assert failed_check(validate(document, world.policy(max_effort=1_000_000))) == (
        "FORMAT_FAILURE",
        "limits",
    )


def test_prefixes_are_looked_up_in_each_element(world: SigningWorld, fill: Fill) -> None:
    listed = " ".join(f"b{number}" for number in range(100))
    only = f'<e:InclusiveNamespaces xmlns:e="{EXCLUSIVE}" PrefixList="{listed}"/>'
    named = "".join(f"<b{number}/>" for number in range(100))
    part = f'<c Id="c">{named}{"<d>" * 100}{"<e/>" * 1000}{"</d>" * 100}</c>'
    for uri, transforms in (("", [templates.transform(DS + "enveloped-signature")]), ("#c", [])):
        reference = templates.reference(uri, *transforms, templates.transform(EXCLUSIVE, only))
        document = fill(f"<a>{part}{templates.signature(reference)}</a>")
        assert validate(document, world.policy(coverage=Coverage.ANY, max_effort=8_000_000)).passed
        policy = world.policy(coverage=Coverage.ANY, max_effort=6_000_000)
        assert failed_check(validate(document, policy)) == ("FORMAT_FAILURE", "limits")


def test_a_part_may_take_more_effort_than_the_rest(world: SigningWorld, fill: Fill) -> None:
    """Much text outside of a part does not reduce the effort of its namespaces."""
    declared = " ".join(f'xmlns:b{number}="urn:b"' for number in range(200))
    reference = templates.reference("#c", templates.transform(EXCLUSIVE))
    document = fill(
        f'<a>{"x" * 2_000_000}<c Id="c" {declared}>{"<d/>" * 100}</c>'
        f"{templates.signature(*[reference] * 8)}</a>"
    )
    assert validate(document, world.policy(coverage=Coverage.ANY, max_effort=20_000_000)).passed
    policy = world.policy(coverage=Coverage.ANY, max_effort=10_000_000)
    assert failed_check(validate(document, policy)) == ("FORMAT_FAILURE", "limits")
