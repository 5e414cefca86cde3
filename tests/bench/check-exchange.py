"""The script that somebody would write instead: checks every receipt of an exchange folder and finds what differs.

Usage: check-exchange.py <exchange>; prints one JSON line {"receipts", "conflicts", "seconds"}.
Needs python3 and PyNaCl (Debian: apt-get install python3-nacl).
"""

import base64
import glob
import hashlib
import json
import os
import sys
import time

from nacl.signing import VerifyKey

ALPHABET = {c: i for i, c in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}


def key_of(node):
    number = 0
    for char in node[len("did:key:z"):]:
        number = number * 58 + ALPHABET[char]
    raw = number.to_bytes(34, "big")
    assert raw[:2] == b"\xed\x01"
    return VerifyKey(raw[2:])


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def first_seq(path):
    return int(os.path.basename(path).split("-")[0])


def check(folder):
    receipts = 0
    claims = {}
    for node_folder in sorted(glob.glob(os.path.join(folder, "nodes", "*"))):
        key = key_of("did:key:" + os.path.basename(node_folder))
        previous, seq = None, 0
        for segment in sorted(glob.glob(os.path.join(node_folder, "feed", "*.jsonl")), key=first_seq):
            with open(segment, "rb") as lines:
                for line in lines:
                    line = line.rstrip(b"\n")
                    receipt = json.loads(line)
                    assert canonical(receipt) == line
                    signature = base64.urlsafe_b64decode(receipt.pop("sig") + "==")
                    signed = canonical(receipt)
                    key.verify(signed, signature)
                    seq += 1
                    assert receipt["seq"] == seq and receipt["prev"] == previous
                    previous = "sha256:" + hashlib.sha256(signed).hexdigest()
                    content = hashlib.sha256(canonical(receipt["body"])).hexdigest()
                    claims.setdefault((receipt["subject"], receipt["task"]), {})[receipt["node"]] = content
                    receipts += 1
    conflicts = sum(1 for by_node in claims.values() if len(set(by_node.values())) > 1)
    return receipts, conflicts


if __name__ == "__main__":
    started = time.perf_counter()
    receipts, conflicts = check(sys.argv[1])
    print(json.dumps({"receipts": receipts, "conflicts": conflicts, "seconds": time.perf_counter() - started}))
