// What is waited for comes as soon as the machine gets to it; the limit is only for a test that would never end.

export const PATIENCE = { timeout: 50_000 }
