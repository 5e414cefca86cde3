// The commands that check a proof without Steward: Python's standard library takes it apart, sha256sum and openssl do the rest.
import type { HandCommand } from './proof.ts'

/** Three commands for a Unix shell, to be run in this order beside the file; `fileName` holds letters, digits, dots and dashes only. */
export function commandsByHand(fileName: string): readonly HandCommand[] {
  return [
    {
      what: 'Take the proof apart and compare each receipt’s SHA-256 with its id',
      command: `python3 -c '${TAKE_APART}' ${fileName} && sha256sum --check proof-parts/ids`,
    },
    {
      what: 'Check every signature, of receipts and of heads, under the key that the node’s id spells',
      command:
        '(for text in proof-parts/*.txt; do part="${text%.txt}"; openssl pkeyutl -verify -pubin -keyform DER -inkey "$part.key" -rawin -in "$text" -sigfile "$part.sig" || exit 1; done)',
    },
    {
      what: 'Follow each inclusion proof to the root that the node signed in its head',
      command: `python3 -c '${INCLUSION}' ${fileName}`,
    },
  ]
}

// No single quotes inside: the shell passes these on as they are.
const TAKE_APART = `
import base64, json, os, sys
digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
def write(part, node, text, signature):
    number = 0
    for letter in node[len("did:key:z"):]: number = number * 58 + digits.index(letter)
    key = bytes.fromhex("302a300506032b6570032100") + number.to_bytes(34, "big")[2:]
    for ending, data in ((".txt", text.encode()), (".key", key), (".sig", signature)):
        open("proof-parts/" + part + ending, "wb").write(data)
os.makedirs("proof-parts")
ids = open("proof-parts/ids", "w")
for n, r in enumerate(json.load(open(sys.argv[1], encoding="utf-8"))["receipts"]):
    said = json.loads(r["line"])
    before, _, after = r["line"].rpartition("\\"sig\\":\\"" + said["sig"] + "\\",")
    write("receipt-%d" % n, said["node"], before + after, base64.urlsafe_b64decode(said["sig"] + "=="))
    ids.write(r["id"][7:] + "  proof-parts/receipt-%d.txt\\n" % n)
    if r["head"]:
        text, _, lines = r["head"].rpartition("\\n\\n")
        signature = [line.split(" ")[2] for line in lines.split("\\n") if line.split(" ")[1:2] == [said["node"]]][0]
        write("head-%d" % n, said["node"], text + "\\n", base64.b64decode(signature)[4:])
`

const INCLUSION = `
import base64, hashlib, json, sys
sha = lambda data: hashlib.sha256(data).digest()
for r in json.load(open(sys.argv[1], encoding="utf-8"))["receipts"]:
    i = r["inclusion"]
    if not i or not r["head"]:
        print(r["id"], "no signed head covers it")
        continue
    fn, sn, root = i["index"], i["size"] - 1, sha(b"\\0" + r["line"].encode())
    for p in map(base64.b64decode, i["path"]):
        if fn % 2 or fn == sn:
            root = sha(b"\\1" + p + root)
            while fn % 2 == 0 and fn: fn, sn = fn // 2, sn // 2
        else: root = sha(b"\\1" + root + p)
        fn, sn = fn // 2, sn // 2
    origin, size, stated = r["head"].split("\\n")[:3]
    said = json.loads(r["line"])
    fits = sn == 0 and base64.b64encode(root).decode() == stated and int(size) == i["size"] and said["seq"] == i["index"] + 1
    if not fits or origin != "steward/1 " + said["node"]: sys.exit(r["id"] + " is NOT under the signed root")
    print(r["id"], "is under the signed root", stated)
`
