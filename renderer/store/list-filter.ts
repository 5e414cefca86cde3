// What narrows a list. A link to what is shown already leaves the list as it stands, however far it was scrolled.

/** Whether a part of the filter becomes another. */
export function narrowsAnew<Filter extends object>(filter: Filter, change: Partial<Filter>): boolean {
  return JSON.stringify({ ...filter, ...change }) !== JSON.stringify(filter)
}
