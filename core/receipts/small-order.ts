// Public keys of small order: with them one signature fits many messages. Libraries differ on them (ZIP 215, OpenSSL,
// libsodium), so they are refused by this list before any library is asked.
// The eight points of the torsion subgroup, and every other spelling of them: y + p where that fits into 255 bits, and the
// sign bit set where x = 0. tests/fixtures/vectors/small-order-keys.json holds the same list with the reason of each.
const SMALL_ORDER_KEYS: ReadonlySet<string> = new Set([
  '0100000000000000000000000000000000000000000000000000000000000000', // order 1, y = 1
  '0100000000000000000000000000000000000000000000000000000000000080', // … sign bit on x = 0
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // … y = p + 1
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', // … y = p + 1, sign bit on x = 0
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // order 2, y = -1
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', // … sign bit on x = 0
  '0000000000000000000000000000000000000000000000000000000000000000', // order 4, y = 0
  '0000000000000000000000000000000000000000000000000000000000000080', // order 4, y = 0, other x
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', // … y = p
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', // … y = p, other x
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', // order 8
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
])

/** True for a public key that must not be believed whatever it is said to have signed. */
export function isSmallOrder(publicKey: Uint8Array): boolean {
  return SMALL_ORDER_KEYS.has(Buffer.from(publicKey).toString('hex'))
}
