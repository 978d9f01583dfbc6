// The readers of others: each gives the cells of some columns of a Parquet file, {"name","type"} with a type of ours, as
// text in the form that leaves no doubt: integers, instants and dates as the integers that are stored, truth values as
// true/false, floating point as hexadecimal bits (any NaN: nan), text and binary as hexadecimal bytes.

import { readFileSync } from 'node:fs'

export const scratch = new DataView(new ArrayBuffer(8))

function floatText(value) {
  if (Number.isNaN(value)) return 'nan'
  scratch.setFloat32(0, value)
  return scratch.getUint32(0).toString(16).padStart(8, '0')
}

function doubleText(value) {
  if (Number.isNaN(value)) return 'nan'
  scratch.setFloat64(0, value)
  return scratch.getBigUint64(0).toString(16).padStart(16, '0')
}

export const hex = bytes => Buffer.from(bytes).toString('hex')

/** How a cell of a column is written, once it is a plain JavaScript value. */
export function textOf(type, value) {
  if (value === null || value === undefined) return null
  switch (type) {
    case 'Boolean': return value ? 'true' : 'false'
    case 'Float': return floatText(value)
    case 'Double': return doubleText(value)
    case 'String': return typeof value === 'string' ? hex(Buffer.from(value, 'utf8')) : hex(value)
    case 'Binary': return hex(value)
    default: return value.toString()
  }
}

let connection

export async function duckdbRows(sql) {
  if (connection === undefined) {
    const { DuckDBInstance } = await import('@duckdb/node-api')
    connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect()
  }
  return (await connection.runAndReadAll(sql)).getRows()
}

export const sqlText = value => `'${value.replaceAll("'", "''")}'`
export const sqlName = name => `"${name.replaceAll('"', '""')}"`

async function duckdb(file, columns) {
  const rows = await duckdbRows(`select ${columns.map(c => sqlName(c.name)).join(', ')} from read_parquet(${sqlText(file)})`)
  return columns.map((column, i) => rows.map(row => {
    const cell = row[i]
    if (cell === null) return null
    switch (column.type) {
      case 'TimestampMicros': return textOf(column.type, cell.micros)
      case 'Date': return textOf(column.type, cell.days)
      case 'Binary': return textOf(column.type, cell.bytes)
      default: return textOf(column.type, cell)
    }
  }))
}

async function polars(file, columns) {
  const pl = (await import('nodejs-polars')).default
  const frame = pl.readParquet(file)
  const isBinary = column => column.type === 'Binary'
  let binary = []
  if (columns.some(isBinary)) {
    // nodejs-polars cannot hand binary to JavaScript: what it read, it writes for hyparquet.
    const copy = `${file}.polars`
    frame.writeParquet(copy, { compression: 'uncompressed' })
    binary = await hyparquet(copy, columns.filter(isBinary))
  }
  return columns.map(column => {
    if (isBinary(column)) return binary.shift()
    let series = frame.getColumn(column.name)
    switch (column.type) {
      case 'TimestampMicros': series = series.cast(pl.Int64).cast(pl.Utf8); break
      case 'Date': series = series.cast(pl.Int32); break
      case 'Int64': series = series.cast(pl.Utf8); break
    }
    return Array.from(series.toArray(), cell => textOf(column.type, cell))
  })
}

async function hyparquet(file, columns) {
  const { parquetMetadata, parquetReadObjects } = await import('hyparquet')
  const { compressors } = await import('hyparquet-compressors')
  const bytes = readFileSync(file)
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const metadata = parquetMetadata(buffer)
  const same = value => value
  const parsers = {
    timestampFromMilliseconds: same, timestampFromMicroseconds: same, timestampFromNanoseconds: same, dateFromDays: same,
    stringFromBytes: same,
  }
  const objects = await parquetReadObjects({ file: buffer, metadata, compressors, parsers, utf8: false })
  return columns.map(column => objects.map(object => textOf(column.type, object[column.name])))
}

async function parquetWasm(file, columns) {
  const { readParquet } = await import('parquet-wasm')
  const { tableFromIPC } = await import('apache-arrow')
  const table = tableFromIPC(readParquet(readFileSync(file)).intoIPCStream())
  return columns.map(column => {
    const out = []
    for (const chunk of table.getChild(column.name)?.data ?? []) {
      for (let row = 0; row < chunk.length; row++) {
        const isValid = chunk.nullCount === 0 || chunk.getValid(row)
        out.push(isValid ? textOf(column.type, arrowCell(column.type, chunk, row)) : null)
      }
    }
    return out
  })
}

function arrowCell(type, chunk, row) {
  if (type === 'Boolean') return (chunk.values[(chunk.offset + row) >> 3] >> ((chunk.offset + row) & 7)) & 1
  if (type === 'String' || type === 'Binary') return chunk.values.subarray(Number(chunk.valueOffsets[row]), Number(chunk.valueOffsets[row + 1]))
  return chunk.values[row]
}

export const readers = { duckdb, polars, hyparquet, 'parquet-wasm': parquetWasm }
