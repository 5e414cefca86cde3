// `npm start`
import { keepCompiled } from '../compiled/index.ts'

keepCompiled()
const [{ startApp }, { systemLauncher }] = await Promise.all([
  import('./start-app.ts'),
  import('./launcher-adapter.ts'),
])
process.exitCode = await startApp(systemLauncher())
