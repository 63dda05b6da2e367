"""All documents of the corpus."""

from __future__ import annotations

from ..invalid_documents import CHANGES, UNSIGNED, XADES_FAULTS
from ..valid_documents import ENVELOPING, JDK, PARTS, SHAPES
from .hostile import HOSTILE
from .maker import C14N, ELSEWHERE, ENVELOPED, EXCLUSIVE, NODE, Make, by_xmlsec1, from_each, from_files
from .variants import VARIANTS


def documents() -> dict[str, Make]:
    """Return every document of the corpus by its name: who made it, and what is special about it."""
    folders: dict[str, dict[str, Make]] = {
        "jdk": from_files(lambda m: m.jdk_documents(), [name for names in JDK.values() for name in names]),
        "node": from_files(lambda m: m.node, NODE),
        "xmlsec1": {
            "enveloped": by_xmlsec1("<a>в{}</a>", ENVELOPED, EXCLUSIVE),
            "enveloped, inclusive": by_xmlsec1('<a xml:lang="kk">в{}</a>', ENVELOPED, C14N),
            "part": by_xmlsec1('<a><part Id="part">в</part>{}</a>', EXCLUSIVE, uri="#part"),
        },
        "libxmlsec": from_each(SHAPES, lambda m, make: m.fill(make(m.world.person.certificate))),
        "part": from_each(PARTS, lambda m, template: m.fill(template)),
        "enveloping": from_each(ENVELOPING, lambda m, template: m.fill(template)),
        "made": ELSEWHERE,
        "variants": VARIANTS,
        "hostile": HOSTILE,
        "changed": from_each(CHANGES, lambda m, change: m.changed(change[0])),
        "xades": from_each(XADES_FAULTS, lambda m, fault: m.fill(fault[0](m.world))),
        "unsigned": from_each(UNSIGNED, lambda _m, given: given[0]),
    }
    return {f"{folder}/{name}": make for folder, held in folders.items() for name, make in held.items()}
