import * as z from 'zod';

/** The value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(json), z.record(z.string(), json)]),
);

const vectorSchema = z.object({
  id: z.string(),
  group: z.string(),
  /** Figures by name, or a sentence. */
  input: json,
  /** Figures by name, or the only one. */
  expected: json,
  /** Without one figures must be the same to the last digits. */
  tolerance: z.number().nonnegative().default(0),
  source: z.string().optional(),
  note: z.string().optional(),
});

/** What is known, and what must come of it. */
export type Vector = Readonly<z.infer<typeof vectorSchema>>;

/** Reads a file of vectors. What can't be used is an error that says where. */
export function readVectors(text: string): readonly Vector[] {
  const read = z.array(vectorSchema).safeParse(parseJson(text));
  if (!read.success) throw new Error(z.prettifyError(read.error));
  if (read.data.length === 0) throw new Error('there are no vectors in it');
  return read.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
