"""Access control lists in the form of Pyramid's ``__acl__``, without importing Pyramid."""

from __future__ import annotations

from collections.abc import Iterator

ALLOW = "Allow"
EVERYONE = "system.Everyone"
AUTHENTICATED = "system.Authenticated"


class _AllPermissions:
    """Contains every permission."""

    def __contains__(self, permission: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        # Pyramid takes an object that can't be iterated for the name of one permission.
        return iter(())


# Stops the inheritance of what an object further up the tree allows.
DENY_ALL = ("Deny", EVERYONE, _AllPermissions())
