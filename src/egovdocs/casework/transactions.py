"""Where a use case commits: in the middle of its work, or at the end of an exclusive transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from persistent import Persistent

from egovdocs.content import exclusive


def commit_and_begin(persistent: Persistent) -> None:
    """Commit the current transaction and begin a new one.

    Used before a use case raises (so that a journaled refusal is kept although the caller aborts), and
    before it calls an external system.

    :param persistent: any object of the database.
    """
    manager = persistent._p_jar.transaction_manager
    manager.commit()
    manager.begin()


@contextmanager
def exclusive_transaction(persistent: Persistent) -> Iterator[None]:
    """Run the block in a new transaction that holds the site's lock, and commit it.

    The block sees the newest state. An exception in it aborts the transaction. Afterwards a new transaction
    has begun. Slow work (validation, calls to external systems) belongs before the block.

    :param persistent: any object of the database.
    :raises RuntimeError: something was changed before the block; such a change could be stale.
    """
    manager = persistent._p_jar.transaction_manager
    exclusive(persistent)
    try:
        yield
        manager.commit()
    except BaseException:
        manager.abort()
        raise
    finally:
        manager.begin()
