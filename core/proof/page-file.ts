// The proof as one page that checks itself. The frame is fixed to the byte; only seal and data differ from one proof to the next.
// The policy in it lets the one script and the one style run that it names by hash, and nothing reach the network.
import verifier from './verifier.json' with { type: 'json' }
import { proofText, type Proof } from './proof.ts'
import { sealOf } from './page-seal.ts'
import { sha256 } from './crypto.ts'
import { base64, utf8 } from './bytes.ts'

/** The whole file, UTF-8. */
export function proofPage(proof: Proof): string {
  const { script, style } = verifier
  const policy = `default-src 'none'; script-src 'sha256-${sha256Base64(script)}'; style-src 'sha256-${sha256Base64(style)}'; base-uri 'none'; form-action 'none'`
  const data = inScript(proofText(proof).trimEnd())
  const seal = sealOf({ policy, style, main: UNCHECKED, data, script })
  return [
    '<!doctype html>\n',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<meta name="steward-seal" content="${seal}">`,
    '<title>Steward proof</title>',
    `<style>${style}</style></head><body>`,
    `<main>${UNCHECKED}</main>`,
    `${DATA_OPENS}${data}</script>`,
    `<script>${script}</script></body></html>\n`,
  ].join('')
}

/** The data of a page as it was exported; null for what is none. What it claims is not checked yet. */
export function proofInPage(page: string): string | null {
  const from = page.indexOf(DATA_OPENS)
  const to = from === -1 ? -1 : page.indexOf('</script>', from)
  return to === -1 ? null : page.slice(from + DATA_OPENS.length, to)
}

const DATA_OPENS = '<script type="application/json" id="proof">'

/** What stands there until the script has checked everything: nothing is claimed before. */
const UNCHECKED =
  '<div class="verdict" data-state="fails"><h1>This proof was not checked</h1><p>The verifier inside this file did not run. Either your browser does not allow scripts here, or the file was changed after it was made. Do not rely on it; ask for it again, or check its data by hand.</p></div>'

/** A script element ends at the first `</script`, whatever stands around it. */
function inScript(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function sha256Base64(text: string): string {
  return base64(sha256(utf8(text)))
}
