"""Who may do what, in the words of Pyramid's ``__acl__``, without Pyramid."""

from __future__ import annotations

ALLOW = "Allow"
EVERYONE = "system.Everyone"
AUTHENTICATED = "system.Authenticated"


class _Everything:
    def __contains__(self, permission: object) -> bool:
        return True


# What stands further up the tree says nothing to what stands below this.
DENY_ALL = ("Deny", EVERYONE, _Everything())
