/** An error as the system gives it. */
export function errno(code: string, path = ''): Error & { readonly code: string } {
  return Object.assign(new Error(`${code}: made up by a test, ${path}`), { code, syscall: 'made up' })
}
