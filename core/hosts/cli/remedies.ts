// What is to be done, in a terminal. The core's sentences are those of the window too; where one points to a place in the window, the
// command that does the same is named here instead. By the stable codes of problems and of what hinders the exchange.

const REMEDIES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    // Problems.
    HEAD_UNKNOWN:
      'Connect the exchange folder that holds its feed (`steward exchange` says which one is chosen) and run `steward sync`. If the old feed is lost for good, run `steward declare-head-lost`.',
    HOME_IN_USE:
      'Use that one: `steward open` opens its page, where `steward serve` or `npm start` runs it. Or close it first, or name another folder with --home.',
    KIND_NOT_BY_HAND:
      'Use `steward decide`, `withdraw`, `rules sign`, `admit`, `policy sign` or `brief`: they say first what signing means. A node says its name at `steward init`.',
    LOCKED: 'Name the file that holds the passphrase with --passphrase-file <file>, and run the command again.',
    NO_NODE: 'Create one with `steward init`, restore one with `steward restore`, or name its folder with --home.',
    OTHER_NETWORK:
      'Name the folder of this node’s network, or make another node for the other network with `steward --home <dir> init`.',
    OWN_FEED_FORKED:
      'Stop the other place that uses this key, and let another steward settle the fork with `steward conflicts` and `steward decide`.',
    PROOF_DOES_NOT_HOLD: 'Run `steward doctor`, and restore this node’s ledger from a backup or from the exchange.',
    RECEIPT_DAMAGED: 'Run `steward doctor`, and restore this node’s ledger from a backup or from the exchange.',
    SAMPLE_OPEN: 'Remove the sample network in the page first (`steward open` opens it); it leaves nothing behind.',

    // What hinders the exchange.
    'no-folder': 'Choose the folder that is shared with the other nodes: `steward exchange <dir>`.',
    'folder-missing':
      'Plug in the drive or start the sync tool, then run `steward sync`. If the folder has moved, name it with `steward exchange <dir>`.',
    'not-mounted':
      'Mount the drive, then run `steward sync`. If somebody deleted steward-exchange.json, `steward exchange <dir>` with the same folder makes it anew.',
    'no-exchange-yet':
      'Wait until the sync tool has brought steward-exchange.json, then run `steward sync`, or name the folder that holds it with `steward exchange <dir>`.',
    'other-network':
      'Name the folder of this node’s own network with `steward exchange <dir>`. If this node is alone in its network and means to join that one, name this folder again.',
    forbidden: 'Give this account the right to read the folder, then run `steward sync`.',
    'own-folder-is-no-folder': 'Remove what has that name in the exchange, then run `steward sync`.',
    'own-feed-forked':
      'Stop the other place that uses this key, and let another steward settle the fork with `steward conflicts` and `steward decide`.',
    'key-in-two-places':
      'Stop the other place that uses this key, then run `steward sync`, or start `steward serve` again where it runs.',
    'own-head-ahead':
      'Wait until the sync tool has brought all of it, then run `steward sync`. If it is lost for good, run `steward declare-head-lost`.',
    'not-admitted':
      'Tell a steward of the network the six words of this node, by another way than the shared folder; they compare them and run `steward admit`. Then run `steward sync`.',
    'genesis-not-here': 'Wait until the sync tool has brought the founder’s folder, then run `steward sync`.',
  }),
)

/** The remedy for who sits at a terminal; the core's own where that can be done there as it stands. */
export function terminalRemedy<Remedy extends string | null>(code: string | null, remedy: Remedy): string | Remedy {
  return code === null ? remedy : (REMEDIES.get(code) ?? remedy)
}
