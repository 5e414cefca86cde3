import { Dialog } from '#ui/components/dialog.tsx'
import { Kbd } from '#ui/components/kbd.tsx'
import { REVIEW_KEYS } from './review-keys.ts'

/** The whole keyboard of the page; opened with "?". */
export function KeysHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Dialog title="Deciding by keyboard" opened={opened} onClose={onClose} size="md">
      <dl className="keys-help">
        {REVIEW_KEYS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
