// `npm run -s steward -- <command>`
import packageJson from '../../../package.json' with { type: 'json' }
import { keepCompiled } from '../compiled/index.ts'

keepCompiled()
const [{ runCommandLine }, { systemTerminal }] = await Promise.all([import('./program.ts'), import('./terminal.ts')])
process.exitCode = await runCommandLine(process.argv.slice(2), systemTerminal(), packageJson.version)
