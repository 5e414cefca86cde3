// Elements made one by one: text becomes text and never markup, and what would hide or turn round is made visible.

type Child = Node | string | null

/** An element with attributes and children; texts go in as they are. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Child[]
): HTMLElement {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children.filter((child) => child !== null))
  return element
}

/** Text that came from a receipt. */
export function shown(text: string): HTMLElement {
  const holder = tag('bdi', {})
  let from = 0
  for (const match of text.matchAll(HIDDEN)) {
    const code = Number(match[0].codePointAt(0)).toString(16).toUpperCase().padStart(4, '0')
    holder.append(text.slice(from, match.index), tag('span', { class: 'mark' }, `U+${code}`))
    from = match.index + match[0].length
  }
  holder.append(text.slice(from))
  return holder
}

// Controls, soft hyphen, zero-width and direction marks, separators, overrides and isolates, byte order mark, tags, lone surrogates.
const HIDDEN =
  // oxlint-disable-next-line no-control-regex -- finding control characters is what this is for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu

const ICONS = {
  shield: 'M12 2l8 4v6c0 5-3.4 8.5-8 10-4.6-1.5-8-5-8-10V6zM8.5 12l2.5 2.5 4.5-5',
  holds: 'M5 12.5l4.5 4.5L19 7.5',
  fails: 'M6 6l12 12M18 6L6 18',
  absent: 'M6 12h12',
} as const

export function icon(name: keyof typeof ICONS): SVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('class', `icon icon-${name}`)
  svg.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', ICONS[name])
  svg.append(path)
  return svg
}

const SVG = 'http://www.w3.org/2000/svg'
