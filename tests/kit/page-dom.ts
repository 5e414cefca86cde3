// As much of a browser's document as an exported proof page asks for, so that what it does can be called in this process; that real
// browsers do the same is shown by tests/e2e/proof.spec.ts.
import { vi } from 'vitest'

class FakeNode {
  childNodes: FakeNode[] = []
  get textContent(): string {
    return this.childNodes.map((child) => child.textContent).join('')
  }
}

class FakeText extends FakeNode {
  readonly data: string
  constructor(data: string) {
    super()
    this.data = data
  }
  override get textContent(): string {
    return this.data
  }
}

class FakeParent extends FakeNode {
  append(...children: readonly (FakeNode | string)[]): void {
    for (const child of children) {
      if (child instanceof FakeFragment) this.childNodes.push(...child.childNodes)
      else this.childNodes.push(typeof child === 'string' ? new FakeText(child) : child)
    }
  }
}

class FakeFragment extends FakeParent {}

class FakeElement extends FakeParent {
  readonly name: string
  readonly attributes: { readonly name: string; readonly value: string }[] = []
  readonly #listeners: (() => void)[] = []
  readonly #page: FakePage

  constructor(name: string, page: FakePage) {
    super()
    this.name = name
    this.#page = page
  }

  get lang(): string {
    return this.getAttribute('lang') ?? ''
  }

  get open(): boolean {
    return this.getAttribute('open') !== null
  }

  set open(value: boolean) {
    if (value && !this.open) this.setAttribute('open', '')
  }

  get innerHTML(): string {
    return this.childNodes.map((child) => (child instanceof FakeElement ? child.outerHTML : child.textContent)).join('')
  }

  get outerHTML(): string {
    const attributes = this.attributes.map(({ name, value }) => ` ${name}="${value}"`)
    return `<${this.name}${attributes.join('')}>${this.innerHTML}</${this.name}>`
  }

  getAttribute(name: string): string | null {
    return this.attributes.find((attribute) => attribute.name === name)?.value ?? null
  }

  setAttribute(name: string, value: string): void {
    this.attributes.push({ name, value })
  }

  cloneNode(): FakeElement {
    const copy = new FakeElement(this.name, this.#page)
    copy.attributes.push(...this.attributes)
    return copy
  }

  appendChild(child: FakeElement): FakeElement {
    this.append(child)
    return child
  }

  replaceChildren(...children: readonly FakeNode[]): void {
    this.childNodes = []
    this.append(...children)
  }

  addEventListener(_type: string, listener: () => void): void {
    this.#listeners.push(listener)
  }

  click(): void {
    for (const listener of this.#listeners) listener()
    const [href, download] = [this.getAttribute('href'), this.getAttribute('download')]
    if (href !== null && download !== null) this.#page.downloads.push({ href, download })
  }

  /** `name` or `name[attribute="value"]`; itself not among them. */
  querySelectorAll(selector: string): FakeElement[] {
    const [, name, attribute, value] = /^([\w-]+)(?:\[([\w-]+)(?:="([^"]*)")?\])?$/.exec(selector) ?? []
    if (name === undefined) throw new Error(`This page knows no such selector: ${selector}`)
    return this.elements().filter((element) => {
      if (element.name !== name) return false
      const found = attribute === undefined ? '' : element.getAttribute(attribute)
      return found !== null && (value === undefined || found === value)
    })
  }

  elements(): FakeElement[] {
    return this.childNodes.flatMap((child) => (child instanceof FakeElement ? [child, ...child.elements()] : []))
  }
}

/** A page as it stands once it has been read, and what the verifier in it did. */
export class FakePage extends FakeElement {
  readonly compatMode: string
  readonly characterSet: string
  readonly documentElement: FakeElement
  readonly head: FakeElement
  readonly body: FakeElement
  readonly currentScript: FakeElement | null
  readonly downloads: { readonly href: string; readonly download: string }[] = []
  readonly #title: FakeElement

  constructor(text: string) {
    super('#document', undefined as never)
    this.compatMode = text.startsWith('<!doctype html>') ? 'CSS1Compat' : 'BackCompat'
    this.#read(text.replace(/^<![^>]*>\s*/, ''))
    this.documentElement = this.#only('html')
    this.head = this.#only('head')
    this.body = this.#only('body')
    this.#title = this.#only('title')
    // What stands behind the last element is text of the body.
    for (const child of [this, this.documentElement])
      for (const loose of child.childNodes.filter((node) => node instanceof FakeText)) {
        child.childNodes = child.childNodes.filter((node) => node !== loose)
        this.body.append(loose.data)
      }
    this.characterSet = this.querySelectorAll('meta[charset="utf-8"]').length > 0 ? 'UTF-8' : 'windows-1252'
    this.currentScript = this.querySelectorAll('script').findLast((one) => one.getAttribute('type') === null) ?? null
  }

  get title(): string {
    return this.#title.textContent
  }

  set title(text: string) {
    this.#title.replaceChildren(new FakeText(text))
  }

  querySelector(selector: string): FakeElement | null {
    return this.querySelectorAll(selector)[0] ?? null
  }

  getElementById(id: string): FakeElement | null {
    return this.elements().find((element) => element.getAttribute('id') === id) ?? null
  }

  createElement(name: string): FakeElement {
    return new FakeElement(name, this)
  }

  createElementNS(_namespace: string, name: string): FakeElement {
    return new FakeElement(name, this)
  }

  createDocumentFragment(): FakeFragment {
    return new FakeFragment()
  }

  #only(name: string): FakeElement {
    return this.querySelector(name) ?? this.appendChild(new FakeElement(name, this))
  }

  /** Tags as the exporter writes them; what stands in style, script and title is text whatever it looks like. */
  #read(text: string): void {
    const open: FakeElement[] = [this]
    let from = 0
    while (from < text.length) {
      const parent = open.at(-1) ?? this
      const raw = RAW.has(parent.name) ? text.indexOf(`</${parent.name}>`, from) : text.indexOf('<', from)
      const to = raw < 0 ? text.length : raw
      if (to > from) parent.append(text.slice(from, to))
      const end = text.indexOf('>', to) + 1
      if (to === text.length || end === 0) return
      const [, closing, name = '', attributes = ''] = /^<(\/?)([\w-]+)([^>]*)>$/.exec(text.slice(to, end)) ?? []
      if (closing === '/') open.pop()
      else {
        const element = parent.appendChild(new FakeElement(name, this))
        for (const [, key = '', value = ''] of attributes.matchAll(/([\w-]+)="([^"]*)"/g))
          element.setAttribute(key, value)
        if (!VOID.has(name)) open.push(element)
      }
      from = end
    }
  }
}

const RAW = new Set(['style', 'script', 'title'])
const VOID = new Set(['meta'])

/** Opens a page as a browser does: reads it, runs the verifier of the sources, and tells it that all was read. */
export async function openPage(text: string): Promise<{ readonly page: FakePage; readonly print: () => void }> {
  const page = new FakePage(text)
  const printing: (() => void)[] = []
  vi.stubGlobal('document', page)
  vi.stubGlobal('Element', FakeElement)
  vi.stubGlobal('CharacterData', FakeText)
  vi.stubGlobal('addEventListener', (_type: string, listener: () => void) => void printing.push(listener))
  vi.resetModules()
  const read: (() => void)[] = []
  page.addEventListener = (_type, listener) => void read.push(listener)
  await import('../../core/proof/page/main.ts')
  for (const listener of read) listener()
  const print = () => {
    for (const listener of printing) listener()
  }
  return { page, print }
}
