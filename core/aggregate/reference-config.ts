// The configuration file of the reference tool, taken as it is.
import * as z from 'zod'
import { StewardError } from '#core/problem/index.ts'

const Patterns = z
  .union([z.string(), z.array(z.string())])
  .nullish()
  .transform((value) => (typeof value === 'string' ? [value] : (value ?? [])))

// That tool takes anything that Python calls true.
const Flag = z.union([z.boolean(), z.number(), z.string(), z.null()]).optional()

const Config = z.looseObject({
  nodes: z.record(z.string().min(1), z.string().min(1)).default({}),
  include: Patterns,
  expect: Patterns,
  verify_anchor: Flag,
  verify_capsule: Flag,
  verify_signatures: Flag,
  require_signatures: Flag,
})

export interface ReferenceConfig {
  /** Labels and folders as written: relative to where the command is run. */
  readonly nodes: readonly { readonly label: string; readonly folder: string }[]
  readonly include: readonly string[]
  readonly expect: readonly string[]
  /** Null where the file does not say. */
  readonly verifyAnchor: boolean | null
  readonly verifyCapsule: boolean | null
  readonly verifySignatures: boolean | null
  readonly requireSignatures: boolean
}

/** Throws BAD_CONFIG with the place that does not fit. */
export function parseReferenceConfig(text: string): ReferenceConfig {
  const parsed = Config.safeParse(jsonOf(text))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw badConfig(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it does not fit'}`)
  }
  const { nodes, include, expect, ...flags } = parsed.data
  return {
    nodes: Object.entries(nodes).map(([label, folder]) => ({ label, folder })),
    include,
    expect,
    verifyAnchor: isOn(flags.verify_anchor),
    verifyCapsule: isOn(flags.verify_capsule),
    verifySignatures: isOn(flags.verify_signatures),
    requireSignatures: isOn(flags.require_signatures) ?? false,
  }
}

function isOn(flag: z.infer<typeof Flag>): boolean | null {
  return flag === undefined ? null : Boolean(flag)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    throw badConfig('it is not JSON', cause)
  }
}

function badConfig(why: string, cause?: unknown): StewardError {
  return new StewardError({
    code: 'BAD_CONFIG',
    happened: `The configuration file cannot be used: ${why}.`,
    kept: 'Nothing was written.',
    remedy:
      'It should be {"nodes": {"<label>": "<folder>"}, "expect": ["<pattern>"], "verify_anchor": true}, as the reference tool takes it.',
    cause,
  })
}
