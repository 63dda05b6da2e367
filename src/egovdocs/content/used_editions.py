"""The editions of services that a database needs, each with its fingerprint."""

from __future__ import annotations

from collections.abc import Iterator

from persistent.mapping import PersistentMapping

from egovdocs.schemas import ServiceEdition, Services, UnknownEdition


class UsedEditions(PersistentMapping[str, str]):
    """Fingerprints by service and edition, as ``medical-licence/2013-01-03``.

    An edition is entered when the first case is begun, or the first order made, under it. "" stands for a
    fingerprint that is not known yet: of a database that comes from a version without editions.
    """

    def use(self, edition: ServiceEdition) -> None:
        """Enter an edition, unless it is known. Take the lock with ``exclusive`` before."""
        key = f"{edition.service_id}/{edition.edition}"
        if key not in self:
            self[key] = edition.fingerprint

    def complete(self, services: Services) -> None:
        """Enter the fingerprints that are not known yet. Call :meth:`problems` before."""
        for key, fingerprint in self.items():
            if not fingerprint:
                service_id, _slash, edition = key.partition("/")
                self[key] = services[service_id].edition(edition).fingerprint

    def problems(self, services: Services) -> Iterator[str]:
        """Yield a sentence for each edition that is missing, or is not what it was when it was used."""
        for key, fingerprint in sorted(self.items()):
            service_id, _slash, edition = key.partition("/")
            try:
                found = services[service_id].edition(edition)
            except (KeyError, UnknownEdition):
                yield f"the edition {edition} of “{service_id}” is missing: documents here were made under it"
                continue
            if fingerprint and found.fingerprint != fingerprint:
                yield (
                    f"the edition {edition} of “{service_id}” was changed after documents were made under "
                    f"it: restore {found.folder} and the common edition {found.common.edition}"
                )
