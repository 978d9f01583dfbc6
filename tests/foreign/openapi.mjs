// Reads {"document":...,"answers":[{"operation","path","method","status","type","body"}]} on stdin and writes the faults as a
// JSON array of texts on stdout:
// - the description by Redocly's rules for errors;
// - each answer in JSON, and each event's data, by its schema, with nothing beside what is described (Ajv);
// - the same answers as values of the types that openapi-typescript makes of the description, by the TypeScript compiler.

import { createConfig, lintFromString } from '@redocly/openapi-core'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'

const EVENTS = { snapshot: 'Report', delta: 'ReportDelta', status: 'Counts', position: 'Progress', 'must-refetch': 'Progress', behind: 'Progress', 'too-slow': 'CutOff' }

// More than a pipe holds at once.
let request = ''
for await (const text of process.stdin.setEncoding('utf8')) request += text
const { document, answers } = JSON.parse(request)
const faults = []

const problems = await lintFromString({ source: JSON.stringify(document), config: await createConfig({ extends: ['recommended'] }) })
for (const problem of problems.filter(problem => problem.severity === 'error')) {
  faults.push(`${problem.ruleId}: ${problem.message} at ${problem.location[0]?.pointer}`)
}

/** Nothing may come that is not described: an object without additionalProperties has those of its properties only. */
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed)
  if (schema === null || typeof schema !== 'object') return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]))
  return schema.properties && typeof schema.properties === 'object' && schema.type === 'object' && !('additionalProperties' in schema)
    ? { ...inner, additionalProperties: false } : inner
}

const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { int32: true, int64: true, double: true, binary: true } })
addFormats(ajv)
ajv.addSchema({ $id: 'description', components: closed(document.components) })

function schemaOf(answer) {
  const content = document.paths[answer.path]?.[answer.method]?.responses?.[answer.status]?.content?.[answer.type]
  return content?.schema
}

const values = []
function judge(what, schema, value, type) {
  const name = schema.$ref?.split('/').at(-1)
  const validate = name ? ajv.getSchema(`description#/components/schemas/${name}`) : ajv.compile(closed(schema))
  if (!validate(value)) faults.push(`${what}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(value).slice(0, 500)}`)
  values.push(`export const v${values.length}: ${type} = ${JSON.stringify(value)} // ${what}`)
}

for (const answer of answers) {
  const what = `${answer.method} ${answer.path} ${answer.status}`
  const schema = schemaOf(answer)
  if (!schema) {
    faults.push(`${what}: ${answer.type} has no schema`)
  } else if (answer.type === 'text/event-stream') {
    for (const event of answer.body.split('\n\n')) {
      const name = /^event: (.*)$/m.exec(event)?.[1]
      const data = /^data: (.*)$/m.exec(event)?.[1]
      if (!name || !data) continue
      if (!EVENTS[name]) faults.push(`${what}: the event ${name} is not described`)
      else judge(`${what} ${name}`, { $ref: `#/components/schemas/${EVENTS[name]}` }, JSON.parse(data), `components['schemas']['${EVENTS[name]}']`)
    }
  } else if (/[/+]json$/.test(answer.type) && answer.path !== '/openapi/v1.json') {
    judge(what, schema, JSON.parse(answer.body), `paths['${answer.path}']['${answer.method}']['responses'][${answer.status}]['content']['${answer.type}']`)
  }
}

const types = astToString(await openapiTS(document))
const files = new Map([['/api.ts', types], ['/values.ts', `import type { components, paths } from './api'\n${values.join('\n')}\n`]])
const options = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022, moduleResolution: ts.ModuleResolutionKind.Bundler, types: [] }
const host = ts.createCompilerHost(options)
const { getSourceFile, fileExists, readFile } = host
host.getSourceFile = (name, target) => files.has(name) ? ts.createSourceFile(name, files.get(name), target) : getSourceFile.call(host, name, target)
host.fileExists = name => files.has(name) || fileExists.call(host, name)
host.readFile = name => files.get(name) ?? readFile.call(host, name)
for (const diagnostic of ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host))) {
  const line = diagnostic.file && diagnostic.start !== undefined ? diagnostic.file.text.split('\n')[diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start).line] : ''
  faults.push(`TypeScript: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')} in ${line.slice(0, 500)}`)
}

process.stdout.write(JSON.stringify(faults))
