// Options that were left out are left out of the question too: a schema takes a missing member, not one that is undefined.

export type Given<T extends object> = { [K in keyof T]?: Exclude<T[K], undefined> }

export function given<T extends object>(values: T): Given<T> {
  // Exactly the members that are undefined are gone.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>
}
