// Reads one request as JSON on stdin and answers as JSON on stdout:
//   {"tool":"duckdb","sql":["...","..."]}                     the rows of the last statement
//   {"tool":"polars"|"hyparquet"|"parquet-wasm","file":"..."}  all rows of a Parquet file
//   {"tool":"polars","files":["...","..."]}                   all rows of several, their columns put together by name
// answer: {"columns":[{"name","type"}],"rows":[[cell,...],...]} or {"error":"..."}.
// Cells are exact: 64-bit integers as JSON numbers with all their digits, instants as RFC 3339 text in microseconds,
// dates as yyyy-MM-dd, bytes as hexadecimal text. Each tool is loaded only when it is asked for.

import { readFileSync } from 'node:fs'

const MICROS_PER_SECOND = 1_000_000n

function dateText(days) {
  const date = new Date(Number(days) * 86_400_000)
  const year = date.getUTCFullYear()
  const yearText = year < 0 ? `-${String(-year).padStart(6, '0')}` : String(year).padStart(4, '0')
  return `${yearText}-${String(date.getUTCMonth() + 1).padStart(2, '0')}-${String(date.getUTCDate()).padStart(2, '0')}`
}

function floorDiv(a, b) {
  const q = a / b
  return a % b < 0n ? q - 1n : q
}

function microsText(micros, suffix) {
  const seconds = floorDiv(micros, MICROS_PER_SECOND)
  const days = floorDiv(seconds, 86_400n)
  const second = Number(seconds - days * 86_400n)
  const two = n => String(n).padStart(2, '0')
  const fraction = String(micros - seconds * MICROS_PER_SECOND).padStart(6, '0')
  return `${dateText(days)}T${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}.${fraction}${suffix}`
}

/** JSON.stringify rounds 64-bit integers and refuses BigInt, so cells are written here. */
function cellText(cell) {
  if (cell === null || cell === undefined) return 'null'
  if (typeof cell === 'bigint') return cell.toString()
  if (cell instanceof Uint8Array) return JSON.stringify(Buffer.from(cell).toString('hex'))
  if (Array.isArray(cell)) return `[${cell.map(cellText).join(',')}]`
  return JSON.stringify(cell)
}

function answerText({ columns, rows }) {
  const parts = []
  for (const row of rows) parts.push(`[${row.map(cellText).join(',')}]`)
  return `{"columns":${JSON.stringify(columns)},"rows":[${parts.join(',\n')}]}`
}

async function duckdb({ sql }) {
  const { DuckDBInstance, DuckDBTypeId } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  let reader
  for (const statement of sql) reader = await connection.runAndReadAll(statement)
  const types = reader.columnTypes()
  const columns = reader.columnNames().map((name, i) => ({ name, type: types[i].toString() }))
  const convert = types.map(type => {
    switch (type.typeId) {
      case DuckDBTypeId.TIMESTAMP: return v => microsText(v.micros, '')
      case DuckDBTypeId.TIMESTAMP_TZ: return v => microsText(v.micros, 'Z')
      case DuckDBTypeId.DATE: return v => dateText(v.days)
      case DuckDBTypeId.BLOB: return v => v.bytes
      case DuckDBTypeId.LIST: return v => v.items.map(plain)
      case DuckDBTypeId.DECIMAL: return v => v.toString()
      default: return plain
    }
  })
  const rows = reader.getRows().map(row => row.map((cell, i) => (cell === null ? null : convert[i](cell))))
  return { columns, rows }
}

function plain(value) {
  return value !== null && typeof value === 'object' && !(value instanceof Uint8Array) ? value.toString() : value
}

async function polars({ file, files }) {
  const pl = (await import('nodejs-polars')).default
  const frame = files ? pl.concat(files.map(one => pl.readParquet(one)), { how: 'diagonal' }) : pl.readParquet(file)
  const names = frame.columns
  const types = frame.dtypes.map(type => String(type).replace(/^DataType\((.*)\)$/, '$1'))
  const columns = names.map((name, i) => ({ name, type: types[i] }))
  // Cells come as JavaScript dates, in milliseconds: instants are taken as the integers that they are stored as.
  const cells = names.map((name, i) => {
    const series = frame.getColumn(name)
    const type = types[i]
    if (type.startsWith('Datetime')) {
      const perMicro = type.includes('ns') ? 1_000n : 1n
      const factor = type.includes('ms') ? 1_000n : 1n
      const suffix = /UTC|\+00:00/.test(type) ? 'Z' : ''
      return series.cast(pl.Int64).cast(pl.Utf8).toArray()
        .map(v => (v === null ? null : microsText(floorDiv(BigInt(v) * factor, perMicro), suffix)))
    }
    if (type.startsWith('Date')) return series.cast(pl.Int32).toArray().map(v => (v === null ? null : dateText(v)))
    if (/Int64/.test(type)) return series.cast(pl.Utf8).toArray().map(v => (v === null ? null : BigInt(v)))
    return series.toArray()
  })
  const rows = Array.from({ length: frame.height }, (_, row) => cells.map(column => column[row] ?? null))
  return { columns, rows }
}

async function hyparquet({ file }) {
  const { parquetMetadata, parquetReadObjects } = await import('hyparquet')
  const { compressors } = await import('hyparquet-compressors')
  const bytes = readFileSync(file)
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const metadata = parquetMetadata(buffer)
  const leaves = metadata.schema.slice(1)
  const columns = leaves.map(leaf => ({
    name: leaf.name,
    type: `${leaf.repetition_type} ${leaf.type} ${leaf.logical_type ? leaf.logical_type.type : leaf.converted_type ?? ''}`.trim(),
  }))
  const parsers = {
    timestampFromMilliseconds: millis => microsText(millis * 1_000n, 'Z'),
    timestampFromMicroseconds: micros => microsText(micros, 'Z'),
    timestampFromNanoseconds: nanos => microsText(floorDiv(nanos, 1_000n), 'Z'),
    dateFromDays: days => dateText(days),
  }
  const objects = await parquetReadObjects({ file: buffer, metadata, compressors, parsers })
  return { columns, rows: objects.map(object => columns.map(column => object[column.name] ?? null)) }
}

async function parquetWasm({ file }) {
  const { readParquet } = await import('parquet-wasm')
  const { tableFromIPC, Type, TimeUnit } = await import('apache-arrow')
  const table = tableFromIPC(readParquet(readFileSync(file)).intoIPCStream())
  const columns = table.schema.fields.map(field => ({
    name: field.name,
    type: `${field.nullable ? 'OPTIONAL' : 'REQUIRED'} ${field.type}`,
  }))
  const cells = table.schema.fields.map((field, i) => {
    const out = []
    for (const chunk of table.getChildAt(i).data) {
      for (let row = 0; row < chunk.length; row++) {
        const valid = chunk.nullCount === 0 || chunk.getValid(row)
        out.push(valid ? arrowCell(field.type, chunk, row, Type, TimeUnit) : null)
      }
    }
    return out
  })
  const vectors = table.schema.fields.map((_, i) => table.getChildAt(i))
  const rows = Array.from({ length: table.numRows }, (_, row) =>
    cells.map((column, i) => (column[row] === undefined ? vectors[i].get(row) : column[row])))
  return { columns, rows }
}

/** undefined where Arrow's own accessor is exact; instants and dates are taken from their stored integers. */
function arrowCell(type, chunk, row, Type, TimeUnit) {
  if (type.typeId === Type.Timestamp) {
    const stored = BigInt(chunk.values[row])
    const suffix = type.timezone ? 'Z' : ''
    switch (type.unit) {
      case TimeUnit.SECOND: return microsText(stored * 1_000_000n, suffix)
      case TimeUnit.MILLISECOND: return microsText(stored * 1_000n, suffix)
      case TimeUnit.MICROSECOND: return microsText(stored, suffix)
      default: return microsText(floorDiv(stored, 1_000n), suffix)
    }
  }
  if (type.typeId === Type.Date) return dateText(type.unit === 0 ? chunk.values[row] : Number(chunk.values[row]) / 86_400_000)
  return undefined
}

const tools = { duckdb, polars, hyparquet, 'parquet-wasm': parquetWasm }

async function main() {
  const request = JSON.parse(readFileSync(0, 'utf8'))
  try {
    return answerText(await tools[request.tool](request))
  } catch (error) {
    return JSON.stringify({ error: String(error?.message ?? error) })
  }
}

// A reader that has seen enough closes the pipe: that is not a failure of ours.
process.stdout.on('error', () => process.exit(0))
process.stdout.write((await main()) + '\n')
