// Whether a value has the form of a schema, ended at its first fault. zod tells every fault of every item: of a mebibyte of nonsense in
// a list that is hundreds of mebibytes of faults, of which nobody would read one.
import * as z from 'zod'

/**
 * False where `schema.safeParse(value)` would find fault with a member or an item of any depth. What a schema asks of a list or an object
 * as a whole, such as its length, is not looked at: parse afterwards, what is left to be told is little.
 */
export function membersFit(schema: z.core.$ZodType, value: unknown): boolean {
  if (schema instanceof z.ZodNullable) return value === null || membersFit(schema.unwrap(), value)
  if (schema instanceof z.ZodOptional) return value === undefined || membersFit(schema.unwrap(), value)
  if (schema instanceof z.ZodArray) {
    return Array.isArray(value) && value.every((item) => membersFit(schema.element, item))
  }
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape
    return isObject(value) && Object.entries(shape).every(([key, member]) => membersFit(member, value[key]))
  }
  return z.safeParse(schema, value).success
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
