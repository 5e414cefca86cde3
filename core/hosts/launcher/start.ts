// `npm start`
import { keepCompiled } from '../compiled/index.ts'

keepCompiled()
await import('./start-app.ts')
