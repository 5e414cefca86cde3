// How `npm run package` packs the desktop app. What is packed is tested (tests/unit/electron/packaging.test.ts): a file that the built
// app needs and that no pattern here names would be missed only on somebody else's computer.
import { join } from 'node:path'
import { flipFuses, FuseV1Options, FuseVersion, type FuseConfig } from '@electron/fuses'
import type { AfterPackContext, Configuration } from 'electron-builder'
import { APP_ID, LINK_SCHEME } from '../electron/app-id.ts'

/** Libraries that the build leaves outside the bundle, with those that they load themselves; all others are in it already. */
const PACKED_MODULES = [
  'better-sqlite3',
  'piscina',
  'sodium-native',
  'require-addon',
  'bare-addon-resolve',
  'bare-module-resolve',
  'bare-semver',
  'which-runtime',
]

/** What Electron's binary may do (reliability.md E10). Every fuse is named, so that a new one of a later Electron stops the packaging. */
export const FUSES = {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.WasmTrapHandlers]: true,
} as const satisfies FuseConfig

const config: Configuration = {
  appId: APP_ID,
  productName: 'Steward',
  executableName: 'steward',
  // A deb names a homepage. There is none yet, and this name can never be one (RFC 2606).
  extraMetadata: { homepage: 'https://steward.invalid/' },
  copyright: 'Copyright the Steward contributors',
  directories: { output: 'release', buildResources: 'build' },
  // Native libraries bring their binaries; nothing is compiled.
  npmRebuild: false,
  files: [
    'out/{main,preload,renderer}/**',
    '!out/main/core-sources.txt', // only a host that runs from the sources asks what the bundle was made of
    '!**/*.map',
    `!node_modules/!(${PACKED_MODULES.join('|')})/**`,
    '!node_modules/better-sqlite3/{deps,src,binding.gyp}',
    '!node_modules/better-sqlite3/{deps,src}/**',
    '!node_modules/sodium-native/{CMakeLists.txt,binding.cc}',
    '!node_modules/sodium-native/extensions/**',
    '!node_modules/piscina/{benchmark,docs,scripts,src,test,test-jest}/**',
    // Patterns of one system would take the place of these instead of adding to them.
    `!node_modules/better-sqlite3/prebuilds/!(${process.platform}-\${arch}.node)`,
    `!node_modules/sodium-native/prebuilds/!(${process.platform}-\${arch})/**`,
    '!node_modules/sodium-native/prebuilds/*/*.bare',
  ],
  extraResources: ['LICENSE', 'NOTICE'],
  asar: true,
  // The system's loader opens native libraries, and it knows no archive.
  asarUnpack: ['**/*.node'],
  electronLanguages: ['en', 'en-US'],
  // Opens a page of the app and never acts (electron/launch-arguments.ts).
  protocols: [{ name: 'Steward', schemes: [LINK_SCHEME] }],
  linux: {
    target: ['AppImage', 'deb'],
    icon: 'out/icons/linux',
    category: 'Utility',
    synopsis: 'Look after one node of a network that has no centre',
    maintainer: 'The Steward contributors',
    syncDesktopName: true,
  },
  mac: {
    target: [{ target: 'dmg', arch: ['x64', 'arm64'] }],
    icon: 'out/icons/mac.png',
    category: 'public.app-category.utilities',
    hardenedRuntime: true,
    entitlements: 'build/entitlements.mac.plist',
    entitlementsInherit: 'build/entitlements.mac.plist',
  },
  win: { target: [{ target: 'nsis', arch: ['x64'] }], icon: 'out/icons/app.png' },
  // The data folder holds the key and the ledger: taking the app away never takes them along.
  nsis: { oneClick: false, perMachine: false, deleteAppDataOnUninstall: false },
  // There is no update server, and nothing looks for one.
  publish: null,
  afterPack: setFuses,
}

export default config

async function setFuses({ appOutDir, electronPlatformName, packager }: AfterPackContext): Promise<void> {
  // The native libraries in it are those of this system.
  if (electronPlatformName !== process.platform) throw new Error('Each system packs its own app.')
  const { productFilename } = packager.appInfo
  const binary =
    electronPlatformName === 'darwin'
      ? `${productFilename}.app`
      : electronPlatformName === 'win32'
        ? `${productFilename}.exe`
        : 'steward'
  // Changing the binary breaks the signature that Electron for Apple's own processors comes with.
  await flipFuses(join(appOutDir, binary), { ...FUSES, resetAdHocDarwinSignature: electronPlatformName === 'darwin' })
}
