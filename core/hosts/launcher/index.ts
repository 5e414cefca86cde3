// What starts the app from its sources.
export { buildApp, builtPage } from './built-app-adapter.ts'
export { electronBinary } from './electron-binary-adapter.ts'
