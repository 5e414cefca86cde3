// The page's policy lets no markup in as text (`require-trusted-types-for 'script'`). Libraries that write styles by
// innerHTML still work: the one default policy passes text that cannot hold a tag.

interface Policies {
  createPolicy(name: 'default', rules: { createHTML: (text: string) => string }): unknown
}

export function guardMarkup(): void {
  // Not in the DOM types yet; absent in browsers without Trusted Types, where the CSP directive means nothing either.
  const policies = (window as { trustedTypes?: Policies }).trustedTypes
  policies?.createPolicy('default', { createHTML: passTextOnly })
}

export function passTextOnly(text: string): string {
  if (text.includes('<')) throw new TypeError('Markup is not let into the page as text.')
  return text
}
