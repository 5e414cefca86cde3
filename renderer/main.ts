// The first code of the page: connects and asks, while the code that shows the answers is still being read.
import '@fontsource-variable/inter/index.css'
import '@fontsource-variable/jetbrains-mono/index.css'
import './theme/mantine.css'
import './theme/tokens.css'
import './theme/base.css'
import './theme/controls.css'
import './components/components.css'
import { connect } from './store/connection.ts'
import { firstAnswers } from './store/first-answers.ts'
import { createStores } from './store/stores.tsx'
import { guardMarkup } from './trusted-types.ts'

guardMarkup()

const stores = createStores(connect(window))
const answers = firstAnswers(stores)
void open()

// Not awaited by this module: the window's code imports from here, and would wait for it for ever.
async function open(): Promise<void> {
  const { openWindow } = await import('./window.tsx')
  // What is known by now is shown at once, and nothing is drawn only to be replaced in the next moment.
  await answers
  openWindow(stores)
}
