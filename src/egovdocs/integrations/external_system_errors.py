"""The ways a request to an external system can fail."""

from __future__ import annotations


class ExternalSystemError(Exception):
    """An external system gave no usable response; nothing may be concluded from its absence.

    The text of an error is for the log and contains no personal data.
    """


class ExternalSystemUnavailable(ExternalSystemError):  # noqa: N818 - says what is wrong
    """The external system, or the connection to it, does not work at the moment."""


class ForgedResponse(ExternalSystemError):  # noqa: N818 - says what is wrong
    """The response is not signed by the gateway, was changed, or belongs to another request."""
