// The key: what is under its seal, the seal's own header, and the phrase.
import { confirmPhrase, identityFromPhrase, keyFromSecret, openKey, phraseOf, secretOf } from '#core/identity/index.ts'
import { mutateBytes } from '../mutate-bytes.ts'
import type { Random } from '../random.ts'
import { must, orRefusal, orRefusalLater, type Target } from '../target.ts'
import { textOf } from './samples.ts'

const key = identityFromPhrase(`${'abandon '.repeat(23)}art`)
const secret = Buffer.from(secretOf(key))
const words = phraseOf(key)

const secrets: Target = {
  name: 'key-secret',
  make: (random) => mutateBytes(random, secret),
  check(bytes) {
    const opened = orRefusal(() => keyFromSecret(bytes))
    must(
      opened === null || keyFromSecret(secretOf(opened)).node === opened.node,
      'a key is read back from what it was kept as',
    )
  },
}

const HEADER = `age-encryption.org/v1\n-> scrypt ${'A'.repeat(22)} 17\n${'B'.repeat(43)}\n--- ${'C'.repeat(43)}\n`

/**
 * Headers that ask for no work that is done: opening a key costs half a second and 128 MiB by intention (scrypt, N = 2^17), so what
 * passes the header is the affair of tests/property/identity.
 */
const headers: Target = {
  name: 'key-header',
  make(random) {
    const asked = random.pick(['0', '00', '017', '21', '22', '64', '9999', '99999', '-1', '1e1', '٣', '17 ', ' 17'])
    const sample = Buffer.from(HEADER.replace(' 17\n', ` ${asked}\n`))
    const body = random.bytes(random.pick([0, 10, 300]))
    const bytes = Buffer.concat([random.oneIn(2) ? sample : mutateBytes(random, sample), body])
    return asksForWork(bytes) ? sample : bytes
  },
  async check(bytes) {
    must(
      asksForWork(bytes) || (await orRefusalLater(() => openKey(bytes, 'passphrase'))) === null,
      'such a file is refused',
    )
  },
}

function asksForWork(bytes: Uint8Array): boolean {
  return / (1\d|[2-9]|1|20)\n/.test(Buffer.from(bytes.subarray(0, 256)).toString('latin1'))
}

const phrase: Target = {
  name: 'phrase',
  make(random: Random) {
    if (random.oneIn(50)) return Buffer.from('abandon '.repeat(200_000))
    const typed = words.map((word) =>
      random.oneIn(30) ? random.pick(['zoo', 'ABLE', 'ab\u0301le', 'abandno', '', 'ﬁ', 'x'.repeat(17)]) : word,
    )
    const joined = Buffer.from(typed.join(random.pick([' ', '\n', '\u00a0', '  ', ','])))
    return random.oneIn(2) ? joined : mutateBytes(random, joined)
  },
  check(bytes) {
    const text = textOf(bytes)
    const opened = orRefusal(() => identityFromPhrase(text))
    if (opened === null) return
    must(identityFromPhrase(phraseOf(opened)).node === opened.node, 'a phrase is read back')
    must(confirmPhrase(phraseOf(opened), [{ position: 0, word: phraseOf(opened)[0] ?? '' }]), 'and confirmed')
  },
}

export const keyTargets = [secrets, headers, phrase]
