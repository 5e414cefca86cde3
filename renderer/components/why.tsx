// "Why?" beside a number, a state or a verdict: opens the rule behind it in words, and its receipts.
import type { WhyAbout } from '#core/contract/index.ts'
import { createWhyStore, type WhyState } from '#ui/store/why-store.ts'
import { useSteward } from '#ui/store/stores.tsx'

const selectAsk = (state: WhyState) => state.ask

/** `what` says for assistive technology what is explained. */
export function Why({ about, what }: { readonly about: WhyAbout; readonly what: string }) {
  const ask = useSteward(createWhyStore, selectAsk)
  return (
    <button
      type="button"
      className="why"
      aria-label={`Why: ${what}`}
      aria-haspopup="dialog"
      onClick={(event) => {
        event.stopPropagation()
        event.preventDefault()
        ask(about)
      }}
    >
      Why?
    </button>
  )
}
