// Whether the page is the one that was exported: its frame as it is always written, and its seal over everything else.
import { sealOf } from '../page-seal.ts'

/** One sentence for each thing that is not as it was exported; empty where all is. */
export function ownFaults(page: Document, script: HTMLOrSVGScriptElement | null): readonly string[] {
  const meta = (name: string) => page.querySelector(`meta[${name}]`)
  const policy = meta('http-equiv="Content-Security-Policy"')
  const style = page.querySelector('style')
  const main = page.querySelector('main')
  const data = page.getElementById('proof')
  const stated = meta('name="steward-seal"')
  const seal = sealOf({
    policy: policy?.getAttribute('content') ?? '',
    style: style?.textContent ?? '',
    main: main?.innerHTML ?? '',
    data: data?.textContent ?? '',
    script: script?.textContent ?? '',
  })
  const frame =
    page.compatMode === 'CSS1Compat' &&
    page.characterSet === 'UTF-8' &&
    page.documentElement.lang === 'en' &&
    page.title === 'Steward proof' &&
    tagOf(meta('charset')) === '<meta charset="utf-8">' &&
    tagOf(meta('name="viewport"')) === '<meta name="viewport" content="width=device-width, initial-scale=1">' &&
    tagOf(meta('name="color-scheme"')) === '<meta name="color-scheme" content="light dark">' &&
    tagOf(style) === '<style>' &&
    tagOf(main) === '<main>' &&
    tagOf(data) === '<script type="application/json" id="proof">' &&
    script?.attributes.length === 0 &&
    // Between and behind the elements stands nothing but the last line break.
    looseText(page.body) === '\n' &&
    looseText(page.head) === '' &&
    looseText(page.documentElement) === ''
  return [
    ...(seal === stated?.getAttribute('content')
      ? []
      : ['The seal of this page does not fit: bytes of the file were changed.']),
    ...(frame ? [] : ['The frame of this page is not as it was written: bytes of the file were changed.']),
  ]
}

/** The element's opening tag as it would be written; no attribute here holds a “>”. */
function tagOf(element: Element | null): string {
  const empty = element?.cloneNode(false)
  return empty instanceof Element ? empty.outerHTML.slice(0, empty.outerHTML.indexOf('>') + 1) : ''
}

function looseText(parent: Element): string {
  return [...parent.childNodes].map((node) => (node instanceof CharacterData ? node.data : '')).join('')
}
