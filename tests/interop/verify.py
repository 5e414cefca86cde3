#!/usr/bin/env python3
"""Checks what Steward exports, with nothing of Steward: Python's standard library and PyNaCl, written from ARCHITECTURE.md.

    verify.py [--partial] [--json] <path> ...

A path is a proof (.json, or the .html page), a bundle or exchange (folder or .zip), or a folder with a report. Everything that does
not hold is one line; exit code 0: all holds, 1: something does not, 2: could not be read. With --partial receipts may be missing.
"""
import base64, decimal, hashlib, json, os, re, sys, zipfile, zlib
from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
DID = re.compile(r"did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}")
HASH = re.compile(r"sha256:[0-9a-f]{64}")
TIME = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z")
MEMBERS = {"receipt", "node", "seq", "prev", "time", "kind", "subject", "task", "anchor", "body", "sig"}
PAGE = re.compile(
    r'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    r'<meta http-equiv="Content-Security-Policy" content="(?P<policy>[^"]*)">'
    r'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
    r'<meta name="steward-seal" content="(?P<seal>[^"]*)"><title>Steward proof</title><style>(?P<style>.*?)</style></head><body>'
    r'<main>(?P<main>.*?)</main><script type="application/json" id="proof">(?P<data>.*?)</script>'
    r"<script>(?P<script>.*?)</script></body></html>\n", re.S)

class Fault(Exception):
    """Something that does not hold, in words."""

KINDS = {"decision": "decision/made", "withdrawal": "decision/withdrawn", "name": "node/profile", "network": "network/genesis"}
FLAWS = {"invalid-signature": lambda body: body["envelope"]["state"] == "invalid", "content-mismatch": lambda body: body["mismatches"]}
ORIGINS = {"head": "steward/1 ", "seen": "steward/1/seen ", "state": "steward/1/state "}
BROKEN = (Fault, ValueError, KeyError, TypeError, AttributeError, IndexError, EOFError, StopIteration, RuntimeError, zlib.error, zipfile.BadZipFile)

def need(holds, why):
    if not holds: raise Fault(why)

sha = lambda data: hashlib.sha256(data).digest()
name_of = lambda data: "sha256:" + sha(data).hex()

def number(value):
    """ECMAScript's Number::toString, which RFC 8785 prescribes; integers only as far as they are exact."""
    need(not isinstance(value, float) or abs(value) != float("inf"), "a number is beyond all numbers")
    if value == int(value):
        need(abs(value) <= 2**53 - 1, "an integer is beyond 2^53 - 1")
        return str(int(value))
    sign, digits, exponent = decimal.Decimal(repr(value)).as_tuple()
    text, point = "".join(map(str, digits)), len(digits) + exponent
    small = text[0] + ("." + text[1:] if text[1:] else "") + "e" + str(point - 1)
    text = text[:point] + "." + text[point:] if point > 0 else "0." + "0" * -point + text if point > -6 else small
    return ("-" if sign else "") + text

def canonical(value):
    """RFC 8785."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(canonical(key) + ":" + canonical(member) for key, member in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if value is None or isinstance(value, (str, bool)) else number(value)

def unbase64(text, url=False):
    """Only the one right spelling is taken; base64url comes without padding."""
    plain = text.translate(str.maketrans("-_", "+/")) + "=" * (-len(text) % 4) if url else text
    data = base64.b64decode(plain, validate=True)
    need(base64.b64encode(data).decode() == plain and not (url and set(text) & set("+/=")), "base64 is misspelled")
    return data

def public_key(did):
    need(isinstance(did, str) and DID.fullmatch(did), "a node id is no did:key of Ed25519")
    value = 0
    for letter in did[len("did:key:z"):]: value = value * 58 + DIGITS.index(letter)
    data = value.to_bytes(40, "big").lstrip(b"\0")
    need(len(data) == 34 and data[:2] == b"\xed\x01", "a node id is no did:key of Ed25519")
    return data[2:]

def check_signature(did, message, signature, what):
    try:
        VerifyKey(public_key(did)).verify(message, signature)
    except (CryptoError, ValueError):
        raise Fault("the signature of %s does not hold" % what)

def check_line(line):
    """A receipt's line: canonical form, envelope, signature. Answers the receipt with its id and leaf."""
    receipt = json.loads(line)
    need(canonical(receipt) == line and isinstance(receipt, dict) and set(receipt) == MEMBERS, "a line is no receipt in canonical form")
    shaped = receipt["receipt"] == "steward/1" and isinstance(receipt["body"], dict) and TIME.fullmatch(str(receipt["time"]))
    need(shaped and isinstance(receipt["seq"], int) and receipt["seq"] >= 1, "an envelope has another form")
    first = receipt["prev"] is None
    need(first == (receipt["seq"] == 1) and (first or HASH.fullmatch(receipt["prev"])), "a prev names no receipt")
    signed = canonical({key: value for key, value in receipt.items() if key != "sig"}).encode()
    check_signature(receipt["node"], signed, unbase64(receipt["sig"], url=True), "receipt #%d" % receipt["seq"])
    return {**receipt, "id": name_of(signed), "leaf": sha(b"\0" + line.encode())}

def check_note(note, origin):
    """A C2SP signed note by the node that its first line names. Answers the node and the other lines."""
    text, split, signatures = note.rpartition("\n\n")
    need(split and signatures.endswith("\n") and text.startswith(origin), "a note has not the form of one")
    lines = text.split("\n")
    node, message = lines[0][len(origin):], (text + "\n").encode()
    key_hash = sha(node.encode() + b"\n\x01" + public_key(node))[:4]
    for line in signatures[:-1].split("\n"):
        match = re.fullmatch("\u2014 (\\S+) (\\S+)", line)
        need(match, "a signature line of a note has not the form of one")
        data = unbase64(match[2])
        if match[1] == node and data[:4] == key_hash:
            check_signature(node, message, data[4:], "a note")
            return node, lines[1:]
    raise Fault("a note is not signed by its own node")

def check_head(note):
    node, lines = check_note(note, "steward/1 ")
    need(len(lines) == 4 and lines[2].startswith("id ") and lines[3].startswith("time "), "a head has other lines")
    return {"node": node, "size": int(lines[0]), "root": unbase64(lines[1]), "id": lines[2][3:]}

def tree_root(leaves):
    """RFC 6962 2.1."""
    if len(leaves) == 1: return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\1" + tree_root(leaves[:split]) + tree_root(leaves[split:]))

def included_root(leaf, index, size, path):
    """RFC 9162 2.1.3.2."""
    need(0 <= index < size, "a leaf lies outside its tree")
    fn, sn, root = index, size - 1, leaf
    for step in path:
        need(sn != 0, "an inclusion path is too long")
        is_right = fn & 1 or fn == sn
        root = sha(b"\1" + (step + root if is_right else root + step))
        while is_right and fn and not fn & 1: fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0, "an inclusion path is too short")
    return root

def check_proved(proved):
    receipt = check_line(proved["line"])
    need(receipt["id"] == proved["id"], "a receipt has another id than is stated")
    need(unbase64(proved["publicKey"]) == public_key(receipt["node"]), "a key is not the one of its node")
    inclusion = proved["inclusion"]
    if inclusion is not None:
        root = included_root(receipt["leaf"], inclusion["index"], inclusion["size"], list(map(unbase64, inclusion["path"])))
        need(unbase64(inclusion["leaf"]) == receipt["leaf"], "a leaf is not the one of its receipt")
        need(root == unbase64(inclusion["root"]) and inclusion["index"] == receipt["seq"] - 1, "an inclusion path leads elsewhere")
    if proved["head"] is not None and inclusion is not None:
        head = check_head(proved["head"])
        need((head["node"], head["size"], head["root"]) == (receipt["node"], inclusion["size"], root), "a head is over another tree")
        need(head["size"] != receipt["seq"] or head["id"] == receipt["id"], "a head names another newest receipt")
    return {**receipt, "role": proved["role"]}

def content_hash(receipt):
    body, content = receipt["body"], receipt["body"].get("content")
    imported = isinstance(body.get("origin"), str) and type(body.get("round")) in (int, float)
    named = [imported and body.get("canonical"), isinstance(content, dict) and content.get("hash")]
    return next((name for name in named if isinstance(name, str) and HASH.fullmatch(name)), None) or name_of(canonical(body).encode())

def check_conflict(conflict, receipts):
    kind, ids, gap = conflict["kind"], conflict["members"], conflict["range"]
    named = {"kind": kind, "members": sorted(ids), "subject": conflict["subject"], "task": conflict["task"], **({} if gap is None else {"range": gap})}
    need(name_of(canonical(named).encode()) == conflict["id"], "the conflict has another id than is stated")
    members = [receipt for receipt in receipts if receipt["role"] == "member"]
    need(sorted(receipt["id"] for receipt in members) == sorted(set(ids)), "the members are not those of the conflict")
    need(all(receipt["node"] == conflict["subject"] if kind == "fork" else (receipt["subject"], receipt["task"]) == (conflict["subject"], conflict["task"])
             for receipt in members), "a member is about something else")
    if kind == "fork":
        one, *others = sorted(members, key=lambda receipt: receipt["seq"])
        broken = len(others) == 1 and others[0]["seq"] == one["seq"] + 1 and others[0]["prev"] != one["id"]
        need(others and (broken or all(other["seq"] == one["seq"] for other in others)), "the members are no fork")
    elif kind == "withheld":
        head = check_head(conflict["head"])
        need(head["node"] == conflict["subject"] and 1 <= gap[0] <= gap[1] <= head["size"], "the head names fewer receipts")
    elif kind == "hash-mismatch": need(len(set(map(content_hash, members))) > 1, "the members say the same")
    elif kind == "decisions-disagree": need(len({canonical(receipt["body"].get("verdict")) for receipt in members}) > 1, "the decisions agree")
    elif kind in FLAWS: need(members and all(one["kind"] == "evidence/observed" and isinstance(one["body"].get("origin"), str)
                             and FLAWS[kind](one["body"]) for one in members), "nobody signed that anything is wrong")
    decisions = {receipt["id"]: receipt for receipt in receipts if receipt["role"] == "decision"}
    need(all(set(one["body"].get("members", [])) & set(ids) for one in decisions.values()), "a decision is on something else")
    for receipt in (receipt for receipt in receipts if receipt["role"] == "withdrawal"):
        withdrawn = decisions.get(receipt["body"].get("decision"))
        need(withdrawn and withdrawn["node"] == receipt["node"], "a withdrawal is of something else")

def check_proof(proof):
    need(proof["format"] == "steward-proof/2", "this is another format of proof")
    rest = {key: value for key, value in proof.items() if key != "checksum"}
    need(name_of(canonical(rest).encode()) == proof["checksum"], "the checksum does not fit: bytes were changed")
    receipts = [check_proved(proved) for proved in proof["receipts"]]
    need(all(KINDS.get(receipt["role"], receipt["kind"]) == receipt["kind"] for receipt in receipts), "a receipt has another role")
    roles = [receipt["role"] for receipt in receipts]
    need(len({(receipt["role"], receipt["id"]) for receipt in receipts}) == len(receipts), "a receipt stands there twice")
    alone = roles.count("receipt") == 1 and set(roles) <= {"receipt", "name", "network"}
    need(alone if proof["conflict"] is None else "receipt" not in roles, "its receipts are not those that such a proof is made of")
    if proof["conflict"] is not None: check_conflict(proof["conflict"], receipts)
    return "a proof of %s, %d receipts" % (proof["conflict"]["kind"] if proof["conflict"] else "a receipt", len(receipts))

def check_file(text):
    if text.startswith("<"): return check_page(text)
    proof = json.loads(text)
    need(json.dumps(proof, indent=2, ensure_ascii=False) + "\n" == text, "the file is spelled otherwise than it was written")
    return check_proof(proof)

def check_page(text):
    page = PAGE.fullmatch(text)
    need(page, "the frame of the page was changed")
    parts = [page[part] for part in ("policy", "style", "main", "data", "script")]
    need(name_of("\n".join(parts).encode()) == page["seal"], "the seal does not fit: bytes were changed")
    for part in ("script", "style"):
        source = "%s-src 'sha256-%s'" % (part, base64.b64encode(sha(page[part].encode())).decode())
        need(source in page["policy"] and page["policy"].startswith("default-src 'none'; "), "the policy allows another %s" % part)
    return check_proof(json.loads(page["data"])) + ", verifier " + name_of(page["script"].encode())

def files_of(path):
    """Name to reader, of a folder or a zip."""
    if os.path.isdir(path):
        found = [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
        return {os.path.relpath(file, path).replace(os.sep, "/"): (lambda file=file: open(file, "rb").read()) for file in found}
    zipped = zipfile.ZipFile(path)
    return {name: (lambda name=name: zipped.read(name)) for name in zipped.namelist() if not name.endswith("/")}

def check_node_file(did, name, data, feed):
    if name.startswith("blobs/"): return need(sha(data).hex() == name.split("/")[-1], "content does not match its hash")
    text = data.decode()
    if name in ORIGINS:
        return need(check_note(text, ORIGINS[name])[0] == did, "it is signed by another node")
    need(text.endswith("\n"), "the last line is cut off")
    receipts = [check_line(line) for line in text[:-1].split("\n")]
    need(all(receipt["node"] == did for receipt in receipts), "a receipt is of another node")
    segment = re.fullmatch(r"feed/(\d+)-(\d+)\.jsonl", name)
    promised = range(int(segment[1]), int(segment[2]) + 1) if segment else [receipt["seq"] for receipt in receipts]
    need([receipt["seq"] for receipt in receipts] == list(promised), "its name promises other receipts")
    for receipt in receipts:
        feed.setdefault(receipt["seq"], {})[receipt["id"]] = receipt

def check_leaves(text, state, about):
    """Leaves of a feed, under the root in the last column of the state note."""
    root = next(line.split(" ")[4] for line in check_note(state, ORIGINS["state"])[1] if line.startswith(about + " "))
    lines = [line.split(" ") for line in text.removesuffix("\n").split("\n")]
    need(all(HASH.fullmatch(line[1]) for line in lines), "a line names no receipt")
    need(tree_root([unbase64(line[0]) for line in lines]) == unbase64(root), "the leaves are not those that the state names")

def check_feed(feed, head, partial):
    newest = max(list(feed) + [head["size"] if head else 0])
    missing = [seq for seq in range(1, newest + 1) if seq not in feed]
    need(partial or not missing, "receipts are missing, the first one is #%d" % (missing or [0])[0])
    one_story = all(len(stories) == 1 for stories in feed.values())
    if head and one_story and not missing:
        receipts = [next(iter(feed[seq].values())) for seq in range(1, head["size"] + 1)]
        need(all(now["prev"] == before["id"] for before, now in zip(receipts, receipts[1:])), "a receipt does not follow the one before it")
        need(receipts[-1]["id"] == head["id"] and tree_root([receipt["leaf"] for receipt in receipts]) == head["root"], "the head is over other receipts")
    return len(feed), "" if one_story else ", telling two stories"

def check_folder(path, partial):
    files, faults, told, feeds, heads = files_of(path), [], [], {}, {}
    def trying(name, check):
        try: return check()
        except BROKEN as fault: faults.append("%s: %s" % (name, fault))
    for name, read in sorted(files.items()):
        inside = re.fullmatch(r"(?:.*/)?nodes/(z6Mk\w+)(?:/(.+)|\.jsonl)", name)
        if inside:
            did, (folder, leaves, about) = "did:key:" + inside[1], name.rpartition("leaves/")
            feed = feeds.setdefault(did, {})
            trying(name, lambda: check_leaves(read().decode(), files[folder + "state"]().decode(), "did:key:" + about) if leaves
                   else check_node_file(did, inside[2] or "feed", read(), feed))
            if inside[2] == "head":
                heads[did] = trying(name, lambda: check_head(read().decode()))
        elif name.split("/")[-1] == "summary.json":
            for listed in (trying(name, lambda: json.loads(read())["files"]) or []):
                data = trying(name, lambda: files[name[: -len("summary.json")] + listed["name"]]())
                trying(listed["name"], lambda: need(data is None or (name_of(data), len(data)) == (listed["sha256"], listed["bytes"]), "its hash is another than summary.json says"))
                told.append("%s as summary.json says" % listed["name"])
    for did, feed in feeds.items():
        told.append("%s: %d receipts%s" % ((did,) + (trying(did, lambda: check_feed(feed, heads.get(did), partial)) or (0, ""))))
    for name in (name for name in files if name.split("/")[-1] == "steward-exchange.json"):
        marker = trying(name, lambda: json.loads(files[name]())) or {}
        named = {story["id"]: story["body"].get("name") for feed in feeds.values() for story in feed.get(1, {}).values()}
        fits = marker.get("format") == "steward-exchange/1" and (partial or named.get(marker["network"]) == marker["name"])
        trying(name, lambda: need(fits, "it names another network than the genesis receipt here"))
    need(told or faults, "nothing here is anything that Steward exports")
    return told, faults

def main(arguments):
    options, paths = {a for a in arguments if a.startswith("--")}, [a for a in arguments if not a.startswith("--")]
    code, answers = 0 if paths else 2, []
    for path in paths:
        try:
            told, faults = [], []
            if os.path.isdir(path) or path.endswith(".zip"):
                told, faults = check_folder(path, "--partial" in options)
            else:
                told = [check_file(open(path, encoding="utf-8", newline="").read())]
        except OSError as error:
            faults, code = ["it cannot be read: %s" % error], 2
        except BROKEN as error:
            faults = [str(error) if isinstance(error, Fault) else "it has not the form of anything that Steward exports (%r)" % error]
        code = max(code, 1 if faults else 0)
        answers.append({"path": path, "holds": not faults, "told": told, "faults": faults})
        if "--json" not in options:
            print("\n".join([("holds: " if not faults else "DOES NOT HOLD: ") + path] + ["  " + line for line in faults + told]))
    if "--json" in options: print(json.dumps(answers))
    return code

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if len(sys.argv) > 1 else print(__doc__) or 2)
