// What Windows and macOS know the app by, packaged and running. Another id would be another app to them.

export const APP_ID = 'app.steward.desktop'

/** Links that open a page of the app; see launch-arguments.ts. */
export const LINK_SCHEME = 'steward'
