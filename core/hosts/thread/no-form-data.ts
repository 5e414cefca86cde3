// oRPC asks of every frame whether it is a FormData. In Node the first mention of that name loads all of fetch, a tenth of what a
// start takes. A frame over our ports is JSON, and the core fetches nothing: in its thread the name stands for a class that nobody makes.

/** For the core's own thread, before its first frame. */
export function forgetFormData(): void {
  // Deleted first: setting it would read what it was, and so load it.
  Reflect.deleteProperty(globalThis, 'FormData')
  Object.defineProperty(globalThis, 'FormData', { value: class FormData {}, configurable: true, writable: true })
}
