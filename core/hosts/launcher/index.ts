// What starts the app from its sources.
export { builtPage } from './built-app-adapter.ts'
export { electronBinary } from './electron-binary-adapter.ts'
