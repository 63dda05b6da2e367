"""A small certification authority in the shape of the National Certification Authority (НУЦ РК).

The demo site and the tests issue the keys of their people with it. Everybody whom it certifies is made up.
"""

from .demo_authority import Authority
from .issued_keys import AUTHENTICATION_KEY, SIGNING_KEY, Algorithm, IssuedKey

__all__ = ["AUTHENTICATION_KEY", "SIGNING_KEY", "Algorithm", "Authority", "IssuedKey"]
