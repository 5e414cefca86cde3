// What runs inside an exported page: looks at the page itself first, then checks the proof, then shows it. Bundled by
// build/make-proof-verifier.ts into verifier.json; uses no network and no storage.
import { checkProof } from '../check-proof.ts'
import { parseProof, PROOF_FORMAT } from '../proof.ts'
import { hashName } from '../crypto.ts'
import { ownFaults } from './own-page.ts'
import { showBroken, showProof } from './view.ts'

const script = document.currentScript

// Only now the whole file has been read, so that what stands behind this script is seen too.
document.addEventListener('DOMContentLoaded', () => {
  const main = document.querySelector('main') ?? document.body.appendChild(document.createElement('main'))
  const faults = ownFaults(document, script)
  const data = document.getElementById('proof')?.textContent ?? ''
  const proof = parseProof(data)
  if (proof === null) {
    main.replaceChildren(showBroken(['Its data is no proof in the form “' + PROOF_FORMAT + '”.', ...faults]))
    return
  }
  const checked = checkProof(proof)
  main.replaceChildren(showProof(proof, checked, { faults, verifier: hashName(script?.textContent ?? '') }))
  document.title = faults.length === 0 && checked.holds ? `Holds: ${checked.sentence}` : 'DOES NOT HOLD: Steward proof'
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details')) details.open = true
  })
})
