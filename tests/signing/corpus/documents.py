"""All documents of the corpus."""

from __future__ import annotations

from ..test_accepts import ENVELOPING, JDK, PARTS, SHAPES
from ..test_rejects import CHANGES, UNSIGNED, XADES_FAULTS
from .hostile import HOSTILE
from .make import C14N, ELSEWHERE, ENVELOPED, EXCLUSIVE, NODE, Make, by_xmlsec1, from_each, from_files
from .strangers import STRANGERS


def documents() -> dict[str, Make]:
    """Every document of the corpus by its name: who made it, and what is particular about it."""
    folders: dict[str, dict[str, Make]] = {
        "jdk": from_files(lambda m: m.jdk, [name for names in JDK.values() for name in names]),
        "node": from_files(lambda m: m.node, NODE),
        "xmlsec1": {
            "enveloped": by_xmlsec1("<a>в{}</a>", ENVELOPED, EXCLUSIVE),
            "enveloped, inclusive": by_xmlsec1('<a xml:lang="kk">в{}</a>', ENVELOPED, C14N),
            "part": by_xmlsec1('<a><part Id="part">в</part>{}</a>', EXCLUSIVE, uri="#part"),
        },
        "libxmlsec": from_each(SHAPES, lambda m, make: m.fill(make(m.shapes, m.world.person.certificate))),
        "part": from_each(PARTS, lambda m, make: m.fill(make(m.shapes))),
        "enveloping": from_each(ENVELOPING, lambda m, make: m.fill(make(m.shapes))),
        "made": ELSEWHERE,
        "strangers": STRANGERS,
        "hostile": HOSTILE,
        "changed": from_each(CHANGES, lambda m, change: m.changed(change[0])),
        "xades": from_each(XADES_FAULTS, lambda m, fault: m.fill(fault[0](m.shapes, m.world))),
        "unsigned": from_each(UNSIGNED, lambda _m, given: given[0]),
    }
    return {f"{folder}/{name}": make for folder, held in folders.items() for name, make in held.items()}
