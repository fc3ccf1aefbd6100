"""Addresses of storages and servers without what may be secret in them."""

from __future__ import annotations

import re

__all__ = ["shown_address"]


def shown_address(address: str) -> str:
    """The address without its fragment, which may have a token, the user's name with a password, and parameters of passwords.

    A password may have any characters: all between ``//`` and the last ``@`` is left out.
    """
    shown = re.sub(r"://.*@", "://…@", address, flags=re.DOTALL)
    shown = re.sub(r"([?&][^=&#]*pass[^=&#]*=)[^&#]*", r"\1…", shown, flags=re.IGNORECASE)
    return shown.partition("#")[0] if "://" in address else shown
