"""Checks a proof that Steward exported, with Python's standard library and PyNaCl alone.

Reads the proof file from stdin and prints what it found as JSON; ends with an error where anything does not hold.
"""
import base64
import hashlib
import json
import sys

from nacl.signing import VerifyKey

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def public_key(did):
    number = 0
    for letter in did.removeprefix("did:key:z"):
        number = number * 58 + ALPHABET.index(letter)
    raw = number.to_bytes(34, "big")
    assert raw[:2] == b"\xed\x01"
    return raw[2:]


def root_of(leaf, index, size, proof):
    """RFC 9162 2.1.3.2, as it is written."""
    assert index < size
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        assert sn != 0
        if fn & 1 or fn == sn:
            r = hashlib.sha256(b"\x01" + p + r).digest()
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            r = hashlib.sha256(b"\x01" + r + p).digest()
        fn >>= 1
        sn >>= 1
    assert sn == 0
    return r


proof = json.load(sys.stdin)
line = proof["receipt"]
receipt = json.loads(line)
key = public_key(receipt["node"])
assert base64.b64decode(proof["publicKey"]) == key

# Keys are sorted, so the signed form is the line without its one member "sig".
signed = line.replace('"sig":"' + receipt["sig"] + '",', "").encode()
VerifyKey(key).verify(signed, base64.urlsafe_b64decode(receipt["sig"] + "=="))
assert "sha256:" + hashlib.sha256(signed).hexdigest() == proof["id"]

inclusion = proof["inclusion"]
leaf = hashlib.sha256(b"\x00" + line.encode()).digest()
assert leaf.hex() == inclusion["leaf"]
assert inclusion["index"] == receipt["seq"] - 1
root = root_of(leaf, inclusion["index"], inclusion["size"], [base64.b64decode(step) for step in inclusion["proof"]])
assert root == base64.b64decode(inclusion["root"])

# The head is a C2SP signed note over the same tree, by the same key.
text, signature = proof["head"].split("\n\n")
origin, size, head_root, *_ = text.splitlines()
assert origin == "steward/1 " + receipt["node"]
assert int(size) == inclusion["size"] and base64.b64decode(head_root) == root
name, encoded = signature.removeprefix("\u2014 ").split()
assert name == receipt["node"]
VerifyKey(key).verify((text + "\n").encode(), base64.b64decode(encoded)[4:])

json.dump({"id": proof["id"], "seq": receipt["seq"], "size": int(size)}, sys.stdout)
