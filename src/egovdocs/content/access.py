"""Who may do what, in the words of Pyramid's ``__acl__``, without Pyramid."""

from __future__ import annotations

from collections.abc import Iterator

ALLOW = "Allow"
EVERYONE = "system.Everyone"
AUTHENTICATED = "system.Authenticated"


class _Everything:
    """Every permission there is."""

    def __contains__(self, permission: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        # Pyramid takes for one permission's name what can't be iterated.
        return iter(())


# What stands further up the tree says nothing to what stands below this.
DENY_ALL = ("Deny", EVERYONE, _Everything())
