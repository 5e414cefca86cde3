// Runs before every command. Written for any Node, however old: better-sqlite3 crashes without a word below 22.22,
// so the sentence has to come first. Linux and Windows bring the right Node with `npm ci`; elsewhere it must be there.
var found = process.versions.node
var parts = found.split('.').map(Number)
var enough = parts[0] > 22 || (parts[0] === 22 && parts[1] >= 22)
if (!enough) {
  console.error('Steward needs Node 24 (at least 22.22); this is ' + found + '.')
  console.error(
    'Install it from https://nodejs.org or with your version manager (nvm install 24), then run the command again.',
  )
  process.exit(1)
}
