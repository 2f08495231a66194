"""Passwords of master users: making one, and saying one to a server.

A password goes to the server as its SCRAM verifier and not as text: one whose parameter group logs
every statement would write it into its log group.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import string

from pg8000 import native

_ITERATIONS = 4096
# RDS takes every printable character but / @ " and the space; these need no quoting anywhere.
_ALPHABET = string.ascii_letters + string.digits + "!#$%()*+,-.:;<=>?[]^_{|}~"
_LENGTH = 32


def new_password() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def new_suffix() -> str:
    """What tells names apart that are made of the same words."""
    return secrets.token_hex(4)


def statement(user: str, password: str) -> str:
    """What changes a password."""
    verifier = native.literal(_verifier(password))
    return f"ALTER ROLE {native.identifier(user)} PASSWORD {verifier}"


def _verifier(password: str) -> str:
    """What PostgreSQL keeps of a password: RFC 5803."""
    salt = os.urandom(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    encoded = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${_ITERATIONS}:{encoded[0]}${encoded[1]}:{encoded[2]}"
