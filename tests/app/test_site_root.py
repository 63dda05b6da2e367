"""The site outside a request: what ``pshell`` opens."""

from __future__ import annotations

from typing import Any

from pyramid.scripting import prepare

from egovdocs.content import Site


def test_a_shell_sees_the_site_and_may_change_it(world: Any) -> None:
    reference = world.drafted()
    with prepare(registry=world.application.registry) as shell:
        assert isinstance(shell["root"], Site)
        shell["root"]["cases"][reference].language = "kk"
        shell["request"].tm.commit()
    with prepare(registry=world.application.registry) as shell:
        assert shell["root"]["cases"][reference].language == "kk"
        shell["root"]["cases"][reference].language = "en"
    with prepare(registry=world.application.registry) as shell:
        assert shell["root"]["cases"][reference].language == "kk", "what is not committed is forgotten"
