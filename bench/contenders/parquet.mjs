// One Parquet library on one job, timed in here, start-up left out:
//   node parquet.mjs duckdb|polars|parquet-wasm write|read|column SOURCE.parquet OUTPUT.parquet THREADS ROUNDS
// write: the rows of SOURCE, in memory already, go to OUTPUT, snappy; read: all columns; column: message_id alone.
// Answers with a line of JSON a round: {"seconds","cpuSeconds","bytes"}. Polars takes its threads from POLARS_MAX_THREADS.

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(new URL('../../tests/foreign/package.json', import.meta.url))
const [tool, job, source, output, threads, rounds] = process.argv.slice(2)
const text = value => `'${value.replaceAll("'", "''")}'`

async function duckdb() {
  const { DuckDBInstance } = require('@duckdb/node-api')
  const connection = await (await DuckDBInstance.create(':memory:', { threads })).connect()
  const run = sql => connection.run(sql)
  if (job === 'write') {
    await run(`create table rows as from read_parquet(${text(source)})`)
    return () => run(`copy rows to ${text(output)} (format parquet, compression snappy)`)
  }
  const columns = job === 'column' ? 'message_id' : '*'
  // A table in memory, as the others leave one.
  return async () => {
    await run(`create or replace temp table read as select ${columns} from read_parquet(${text(source)})`)
  }
}

async function polars() {
  const pl = require('nodejs-polars')
  if (job === 'write') {
    const frame = pl.readParquet(source)
    return async () => frame.writeParquet(output, { compression: 'snappy' })
  }
  const options = job === 'column' ? { columns: ['message_id'] } : {}
  return async () => {
    if (pl.readParquet(source, options).height === 0) throw new Error('nothing was read')
  }
}

async function parquetWasm() {
  const wasm = require('parquet-wasm')
  const bytes = readFileSync(source)
  if (job === 'write') {
    const properties = () => new wasm.WriterPropertiesBuilder().setCompression(wasm.Compression.SNAPPY).build()
    const table = wasm.readParquet(bytes).intoIPCStream()
    return async () => {
      const fresh = wasm.Table.fromIPCStream(table)
      const start = performance.now()
      writeFileSync(output, wasm.writeParquet(fresh, properties()))
      return (performance.now() - start) / 1000
    }
  }
  return async () => {
    wasm.readParquet(readFileSync(source), job === 'column' ? { columns: ['message_id'] } : undefined).free()
  }
}

const work = await { duckdb, polars, 'parquet-wasm': parquetWasm }[tool]()
for (let round = 0; round < Number(rounds); round++) {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const own = await work()
  const seconds = typeof own === 'number' ? own : (performance.now() - start) / 1000
  const used = process.cpuUsage(cpu)
  const bytes = job === 'write' ? statSync(output).size : statSync(source).size
  console.log(JSON.stringify({ seconds, cpuSeconds: (used.user + used.system) / 1e6, bytes }))
}
process.exit(0)
