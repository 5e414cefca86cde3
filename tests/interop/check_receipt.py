"""Checks a feed and its head with nothing of Steward's: Python's standard library and PyNaCl.

Reads {"head": text, "lines": [line, ...]} from stdin and prints what it found as JSON.
"""
import base64
import hashlib
import json
import sys

from nacl.signing import VerifyKey

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def canonical(value):
    """RFC 8785, for the numbers that print alike in Python and JavaScript."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(member) for key, member in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, str):
        # json escapes DEL only when told to print ASCII, as RFC 8785 never does.
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value)


def public_key(did):
    number = 0
    for letter in did.removeprefix("did:key:z"):
        number = number * 58 + ALPHABET.index(letter)
    raw = number.to_bytes(34, "big")
    assert raw[:2] == b"\xed\x01"
    return raw[2:]


def tree_root(leaves):
    """RFC 6962 2.1 as it is written."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + tree_root(leaves[:split]) + tree_root(leaves[split:])).digest()


def check_line(line):
    receipt = json.loads(line)
    assert canonical(receipt) == line, "the line is not canonical"
    signature = base64.urlsafe_b64decode(receipt.pop("sig") + "==")
    signed = canonical(receipt).encode()
    VerifyKey(public_key(receipt["node"])).verify(signed, signature)
    return {
        "id": "sha256:" + hashlib.sha256(signed).hexdigest(),
        "leaf": hashlib.sha256(b"\x00" + line.encode()).hexdigest(),
    }


def check_head(head):
    text, signatures = head.split("\n\n")
    text += "\n"
    origin, size, root, newest, _time = text.splitlines()
    did = origin.removeprefix("steward/1 ")
    name, encoded = signatures.removeprefix("\u2014 ").split()
    assert name == did
    raw = base64.b64decode(encoded)
    key = public_key(did)
    assert raw[:4] == hashlib.sha256(name.encode() + b"\n\x01" + key).digest()[:4]
    VerifyKey(key).verify(text.encode(), raw[4:])
    return {"size": int(size), "root": base64.b64decode(root).hex(), "id": newest.removeprefix("id ")}


given = json.load(sys.stdin)
receipts = [check_line(line) for line in given["lines"]]
found = {
    "receipts": receipts,
    "root": tree_root([bytes.fromhex(receipt["leaf"]) for receipt in receipts]).hex(),
    "head": check_head(given["head"]),
}
json.dump(found, sys.stdout)
