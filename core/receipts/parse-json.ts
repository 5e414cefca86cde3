// JSON.parse, but for a defect of V8 (seen in Node 24.21, V8 13.6, and not in Node 20): after `{"":0,"\\":0}` the text `{"":0,"\u0000":0}` is
// read with the name `\` in the place of the other. What a line says would hang on the lines before it, and so differ by node.
import { parse } from 'lossless-json'

/** @throws SyntaxError where it is no JSON. */
export function parseJson(text: string): unknown {
  return hasEscapedName(text) ? parse(text, undefined, Number) : JSON.parse(text)
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a

/** Whether a name of some object holds an escape; in one pass, since others write the text. */
function hasEscapedName(text: string): boolean {
  if (!text.includes('\\')) return false
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    let isEscaped = false
    for (at++; at < text.length && text.charCodeAt(at) !== QUOTE; at++) {
      if (text.charCodeAt(at) !== BACKSLASH) continue
      isEscaped = true
      at++
    }
    at++
    while (isEscaped && isBlank(text.charCodeAt(at))) at++
    if (isEscaped && text.charCodeAt(at) === COLON) return true
  }
  return false
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}
