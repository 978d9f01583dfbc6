// Has other tools write Parquet files of random tables with every option that they offer, and says what each of them
// reads in its own file. Request as JSON on stdin: {"folder","seed","files"}; answer:
//   {"files":[{"file","how","columns":[{"name","type","cells":[text|null,...]}],"refused":["name",...]}],"notes":["..."]}
// Types are ours (ParquetType), cells are text as in readers.mjs; "refused" are the columns that we do not read.
// The same seed gives the same tables and options.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { duckdbRows, hex, readers, sqlText, textOf } from './readers.mjs'

const { folder, seed, files } = JSON.parse(readFileSync(0, 'utf8'))
const notes = []

/** Mulberry32. */
let state = seed >>> 0
function random() {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const below = n => Math.floor(random() * n)
const oneOf = list => list[below(list.length)]
const chance = p => random() < p

/** Rounded downward, as our reader cuts nanoseconds off. */
const floorDiv = (a, b) => String((a - (((a % b) + b) % b)) / b)

const rowCount = () => oneOf([0, 1, 7, 200, 1025, 3000, 5000])

/** Values of a column: noise, runs, few, sorted or extremes, with nulls none, some or only. */
function cells(rows, make, extremes) {
  const pattern = below(5)
  const few = Array.from({ length: 1 + below(9) }, make)
  const nulls = oneOf([0, 0, 0.05, 0.5, 1])
  let run = make()
  const out = Array.from({ length: rows }, (_, i) => {
    if (nulls && random() < nulls) return null
    switch (pattern) {
      case 0: return make()
      case 1: return oneOf(few)
      case 2: return (run = i % 97 ? run : make())
      case 3: return oneOf(extremes)
      default: return chance(0.1) ? oneOf(extremes) : make()
    }
  })
  if (pattern === 4) out.sort((a, b) => (a === null ? 1 : b === null ? -1 : a < b ? -1 : a > b ? 1 : 0))
  return out
}

const big = bits => BigInt.asIntN(bits, (BigInt(below(2 ** 32)) << 32n) | BigInt(below(2 ** 32)))
const words = ['', 'a', 'CHAT', 'EMAIL', 'größe', '日本語', '🦊', '\u0000', 'x'.repeat(300)]
const text = () => (chance(0.3) ? oneOf(words) : `value ${below(1e6)} ${'é'.repeat(below(20))}`)
const bytes = () => Uint8Array.from({ length: below(40) }, () => below(256))
const int = (bits, signed) => () => (signed ? below(2 ** bits) - 2 ** (bits - 1) : below(2 ** bits))
const micros = () => BigInt(below(2 ** 43)) * 1000n + BigInt(below(1000)) - 4_000_000_000_000_000n
const values = {
  Boolean: rows => cells(rows, () => chance(0.5), [true, false]),
  Int8: rows => cells(rows, int(8, true), [-128, 127, 0]),
  Int16: rows => cells(rows, int(16, true), [-32768, 32767, 0]),
  Int32: rows => cells(rows, int(32, true), [-2147483648, 2147483647, 0]),
  Int64: rows => cells(rows, () => big(chance(0.5) ? 64 : 24), [-(2n ** 63n), 2n ** 63n - 1n, 0n]),
  UInt8: rows => cells(rows, int(8, false), [0, 255]),
  UInt16: rows => cells(rows, int(16, false), [0, 65535]),
  UInt32: rows => cells(rows, int(32, false), [0, 4294967295]),
  UInt63: rows => cells(rows, () => big(64) & (2n ** 63n - 1n), [0n, 2n ** 63n - 1n]),
  Float: rows => cells(rows, () => Math.fround((random() - 0.5) * 10 ** below(30)), [NaN, 0, -0, Infinity, -Infinity]),
  Double: rows => cells(rows, () => (random() - 0.5) * 10 ** below(200), [NaN, 0, -0, Infinity, -Infinity]),
  Date: rows => cells(rows, () => below(60_000) - 30_000, [0, -1, -719_162]),
  Micros: rows => cells(rows, micros, [0n, -1n, -62_135_596_800_000_000n]),
  String: rows => cells(rows, text, words),
  Binary: rows => cells(rows, bytes, [Uint8Array.of(), Uint8Array.of(0), new Uint8Array(100).fill(255)]),
}

// ---- DuckDB: each column from SQL constants, cast to its type ----

const sqlBlob = value => `'${hex(value).replace(/../g, '\\x$&')}'::blob`
const sqlReal = value => `'${Number.isNaN(value) ? 'nan' : Object.is(value, -0) ? '-0' : String(value).replace('Infinity', 'inf')}'`
const duckdbColumns = [
  ['Boolean', 'boolean', 'Boolean', String], ['Int8', 'tinyint', 'Int32', String], ['Int16', 'smallint', 'Int32', String],
  ['Int32', 'integer', 'Int32', String], ['Int64', 'bigint', 'Int64', value => `'${value}'`], ['UInt8', 'utinyint', 'Int32', String],
  ['UInt16', 'usmallint', 'Int32', String], ['UInt32', 'uinteger', 'Int64', String], ['UInt63', 'ubigint', 'Int64', value => `'${value}'`],
  ['Float', 'float', 'Float', sqlReal], ['Double', 'double', 'Double', sqlReal],
  ['Date', 'date', 'Date', value => `(date '1970-01-01' + ${value})`],
  ['Micros', 'timestamp', 'TimestampMicros', value => `make_timestamp(${value})`],
  ['Micros', 'timestamptz', 'TimestampMicros', value => `make_timestamptz(${value})`],
  ['Micros', 'timestamp_ms', 'TimestampMicros', value => `make_timestamp(${value})`],
  ['Micros', 'timestamp_s', 'TimestampMicros', value => `make_timestamp(${value})`],
  ['Micros', 'timestamp_ns', 'TimestampMicros', value => `make_timestamp_ns(${(value % 9_000_000_000_000_000n) * 1000n + BigInt(oneOf([0, 1, 999]))})`],
  ['String', 'varchar', 'String', value => `decode(${sqlBlob(Buffer.from(value))})`],
  ['Binary', 'blob', 'Binary', sqlBlob], ['Int32', 'uuid', 'Binary', value => `md5('${value}')::uuid`],
  ['Int32', 'decimal(12,3)', null, value => `${value % 1e8}::decimal(12,3)`], ['Int32', 'time', null, value => `'${String(Math.abs(value) % 24).padStart(2, '0')}:00:01'::time`],
  ['Int32', 'integer[]', null, value => `[${value}, null]`], ['Int32', 'struct(a integer, b varchar)', null, value => `{'a': ${value}, 'b': 'x'}`],
  ['String', 'map(varchar, integer)', null, () => 'map {\'k\': 1}'],
]
const duckdbText = {
  Date: name => `(${name} - date '1970-01-01')::varchar`, TimestampMicros: name => `epoch_us(${name})::varchar`,
  String: name => `lower(hex(encode(${name})))`, Float: name => name, Double: name => name, Boolean: name => `${name}::varchar`,
}

async function duckdb(file) {
  const rows = rowCount()
  const columns = duckdbColumns.filter(() => chance(0.6)).map(([make, sqlType, type, sql], i) => ({ name: `c${i}`, sqlType, type, data: values[make](rows), sql }))
  if (columns.length === 0) return null
  await duckdbRows(`create or replace temp table source (${columns.map(c => `${c.name} ${c.sqlType}`).join(', ')})`)
  for (let at = 0; at < rows; at += 500) {
    const tuples = []
    for (let row = at; row < Math.min(rows, at + 500); row++) {
      tuples.push(`(${columns.map(c => (c.data[row] === null ? 'null' : c.sql(c.data[row]))).join(', ')})`)
    }
    await duckdbRows(`insert into source values ${tuples.join(', ')}`)
  }
  const options = [
    `compression ${oneOf(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4', 'lz4_raw'])}`,
    `parquet_version ${oneOf(['V1', 'V2'])}`,
    ...(chance(0.5) ? [`row_group_size ${oneOf([2048, 4096])}`] : []),
    ...(chance(0.4) ? [`dictionary_size_limit ${oneOf([0, 1, 10000])}`] : []),
    ...(chance(0.3) ? [`bloom_filter_false_positive_ratio ${oneOf([0.001, 0.3])}`] : []),
  ]
  await duckdbRows(`copy source to ${sqlText(file)} (format parquet, ${options.join(', ')})`)
  const read = columns.filter(c => c.type !== null)
  const answer = read.length === 0 ? [] : await duckdbRows(`select ${read.map(c => {
    if (c.sqlType === 'timestamp_ns') return `epoch_ns(${c.name})::varchar`
    if (c.sqlType === 'uuid') return `replace(${c.name}::varchar, '-', '')`
    if (c.type === 'Binary') return `lower(hex(${c.name}))`
    return duckdbText[c.type]?.(c.name) ?? `${c.name}::varchar`
  }).join(', ')} from read_parquet(${sqlText(file)})`)
  const cellOf = (c, cell) => (cell === null ? null : c.sqlType === 'timestamp_ns' ? floorDiv(BigInt(cell), 1000n) : c.type === 'Float' || c.type === 'Double' ? textOf(c.type, cell) : cell)
  return {
    how: options.join(', '),
    columns: read.map((c, i) => ({ name: c.name, type: c.type, cells: answer.map(row => cellOf(c, row[i])) })),
    refused: columns.filter(c => c.type === null).map(c => c.name),
  }
}

// ---- Polars ----

async function polars(file) {
  const pl = (await import('nodejs-polars')).default
  const rows = rowCount()
  const kinds = [
    ['Boolean', pl.Bool, 'Boolean'], ['Int8', pl.Int8, 'Int32'], ['Int16', pl.Int16, 'Int32'], ['Int32', pl.Int32, 'Int32'], ['Int64', pl.Int64, 'Int64'],
    ['UInt8', pl.UInt8, 'Int32'], ['UInt16', pl.UInt16, 'Int32'], ['UInt32', pl.UInt32, 'Int64'],
    ['Float', pl.Float32, 'Float'], ['Double', pl.Float64, 'Double'], ['String', pl.Utf8, 'String'],
    ['Date', pl.Date, 'Date'], ['Micros', pl.Datetime('us'), 'TimestampMicros'], ['Micros', pl.Datetime('ms'), 'TimestampMicros'],
  ]
  const columns = kinds.filter(() => chance(0.7)).map(([make, dtype, type], i) => ({ name: `c${i}`, dtype, type, make }))
  if (columns.length === 0) return null
  const series = columns.map(c => {
    const data = values[c.make](rows)
    switch (c.make) {
      // Integers of 64 bits and what is made of them go in as text, which is exact.
      case 'Int64': return pl.Series(c.name, data.map(v => (v === null ? null : String(v))), pl.Utf8).cast(pl.Int64)
      case 'Micros': return pl.Series(c.name, data.map(v => (v === null ? null : String(String(c.dtype).includes('ms') ? v / 1000n : v))), pl.Utf8).cast(pl.Int64).cast(c.dtype)
      case 'Date': return pl.Series(c.name, data, pl.Int32).cast(pl.Date)
      default: return pl.Series(c.name, data, c.dtype)
    }
  })
  const compression = oneOf(['uncompressed', 'snappy', 'gzip', 'brotli', 'lz4', 'zstd'])
  pl.DataFrame(series).writeParquet(file, { compression })
  const frame = pl.readParquet(file)
  return {
    how: compression,
    columns: columns.map(({ name, type, dtype }) => {
      let column = frame.getColumn(name)
      const isMillis = type === 'TimestampMicros' && String(dtype).includes('ms')
      if (type === 'TimestampMicros' || type === 'Int64') column = column.cast(pl.Int64).cast(pl.Utf8)
      if (type === 'Date') column = column.cast(pl.Int32)
      return { name, type, cells: Array.from(column.toArray(), cell => (cell === null ? null : isMillis ? `${BigInt(cell) * 1000n}` : textOf(type, cell))) }
    }),
    refused: [],
  }
}

// ---- parquet-wasm (the Rust library of Arrow) ----

async function parquetWasm(file) {
  const wasm = await import('parquet-wasm')
  const arrow = await import('apache-arrow')
  const rows = rowCount()
  const kinds = [
    ['Boolean', () => new arrow.Bool(), 'Boolean'], ['Int8', () => new arrow.Int8(), 'Int32'], ['Int16', () => new arrow.Int16(), 'Int32'],
    ['Int32', () => new arrow.Int32(), 'Int32'], ['Int64', () => new arrow.Int64(), 'Int64'], ['UInt8', () => new arrow.Uint8(), 'Int32'],
    ['UInt16', () => new arrow.Uint16(), 'Int32'], ['UInt32', () => new arrow.Uint32(), 'Int64'], ['Float', () => new arrow.Float32(), 'Float'],
    ['Double', () => new arrow.Float64(), 'Double'], ['String', () => new arrow.Utf8(), 'String'], ['Binary', () => new arrow.Binary(), 'Binary'],
    ['Date', () => new arrow.DateDay(), 'Date'],
    ...['Millisecond', 'Microsecond', 'Nanosecond'].map(unit => ['Micros', () => new arrow[`Timestamp${unit}`](oneOf(['UTC', null])), 'TimestampMicros', unit]),
  ]
  // What Arrow's builders would take through milliseconds in floating point goes in as it is.
  const vectorOf = ({ dtype, type, unit, data }) => {
    if (type !== 'Date' && type !== 'TimestampMicros') return arrow.vectorFromArray(data, dtype)
    const nullBitmap = new Uint8Array((rows + 7) >> 3)
    data.forEach((cell, row) => { if (cell !== null) nullBitmap[row >> 3] |= 1 << (row & 7) })
    const slots = type === 'Date' ? Int32Array.from(data, cell => cell ?? 0) : BigInt64Array.from(data, cell => (cell ?? 0n) / (unit === 'Millisecond' ? 1000n : 1n))
    return arrow.makeVector(arrow.makeData({ type: dtype, length: rows, nullCount: data.filter(cell => cell === null).length, nullBitmap, data: slots }))
  }
  const columns = kinds.filter(() => chance(0.7)).map(([make, dtype, type, unit], i) => ({ name: `c${i}`, dtype: dtype(), type, unit, data: values[make](rows) }))
  if (columns.length === 0) return null
  if (chance(0.5)) {
    columns.push({ name: 'list', dtype: new arrow.List(new arrow.Field('item', new arrow.Int32(), true)), type: null, data: values.Int32(rows).map(v => (v === null ? null : [v, null])) })
  }
  const table = new arrow.Table(Object.fromEntries(columns.map(c => [c.name, vectorOf(c)])))
  const compression = oneOf(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI', 'ZSTD', 'LZ4_RAW'])
  const version = oneOf([1, 2])
  const statistics = oneOf(['None', 'Chunk', 'Page'])
  const dictionary = chance(0.4)
  let builder = new wasm.WriterPropertiesBuilder()
    .setCompression(wasm.Compression[compression]).setWriterVersion(wasm.WriterVersion[version === 1 ? 'V1' : 'V2'])
    .setStatisticsEnabled(wasm.EnabledStatistics[statistics]).setDictionaryEnabled(dictionary)
  const how = [compression, `v${version}`, `statistics ${statistics}`, dictionary ? 'dictionaries' : 'none']
  if (chance(0.5)) { const size = oneOf([100, 1024]); builder = builder.setMaxRowGroupSize(size); how.push(`row groups ${size}`) }
  if (chance(0.5)) { const size = oneOf([64, 2000]); builder = builder.setDataPageSizeLimit(size).setWriteBatchSize(20); how.push(`pages ${size}`) }
  if (chance(0.3)) { builder = builder.setDictionaryPageSizeLimit(100); how.push('small dictionaries') }
  const encodings = {
    Int32: ['PLAIN', 'DELTA_BINARY_PACKED'], Int64: ['PLAIN', 'DELTA_BINARY_PACKED'], Boolean: ['PLAIN', 'RLE'],
    String: ['PLAIN', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'], Binary: ['PLAIN', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'],
  }
  for (const c of columns) {
    if (!encodings[c.type] || chance(0.3)) continue
    const encoding = oneOf(encodings[c.type])
    builder = builder.setColumnEncoding(c.name, wasm.Encoding[encoding])
    how.push(`${c.name} ${encoding}`)
  }
  writeFileSync(file, wasm.writeParquet(wasm.Table.fromIPCStream(arrow.tableToIPC(table, 'stream')), builder.build()))
  const read = columns.filter(c => c.type !== null)
  const cellsRead = await readers['parquet-wasm'](file, read)
  const micros = { Millisecond: cell => `${BigInt(cell) * 1000n}`, Nanosecond: cell => floorDiv(BigInt(cell), 1000n) }
  const cellsOf = (c, i) => cellsRead[i].map(cell => (cell === null || !micros[c.unit] ? cell : micros[c.unit](cell)))
  return { how: how.join(', '), columns: read.map((c, i) => ({ name: c.name, type: c.type, cells: cellsOf(c, i) })), refused: columns.filter(c => c.type === null).map(c => c.name) }
}

// ---- hyparquet-writer: data pages v2, every encoding by name, bloom filters and page indexes ----

async function hyparquetWriter(file) {
  const { parquetWriteBuffer } = await import('hyparquet-writer')
  const { gzipSync, brotliCompressSync } = await import('node:zlib')
  const rows = rowCount()
  const plain = ['PLAIN', undefined]
  const numbers = [...plain, 'DELTA_BINARY_PACKED', 'BYTE_STREAM_SPLIT', 'RLE_DICTIONARY']
  const strings = [...plain, 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY', 'RLE_DICTIONARY']
  const kinds = [
    ['Boolean', { type: 'BOOLEAN' }, 'Boolean', [...plain, 'RLE'], v => v], ['Int32', { type: 'INT32' }, 'Int32', numbers, v => v],
    ['Int64', { type: 'INT64' }, 'Int64', numbers, v => v], ['Float', { type: 'FLOAT' }, 'Float', [...plain, 'BYTE_STREAM_SPLIT'], v => v],
    ['Double', { type: 'DOUBLE' }, 'Double', [...plain, 'BYTE_STREAM_SPLIT'], v => v],
    ['String', { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, 'String', strings, v => v],
    ['Binary', { type: 'BYTE_ARRAY' }, 'Binary', strings, v => v],
  ]
  const columns = kinds.filter(() => chance(0.8)).map(([make, element, type, encodings], i) => ({
    name: `c${i}`, element, type, data: values[make](rows), encoding: oneOf(encodings), bloomFilter: type !== 'Boolean' && chance(0.3), columnIndex: chance(0.5),
  }))
  if (columns.length === 0) return null
  const codec = oneOf(['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI'])
  const options = { codec, statistics: chance(0.7), pageSize: oneOf([200, 5000, 1 << 20]), rowGroupSize: oneOf([100, 1000, [10, 700]]) }
  const buffer = parquetWriteBuffer({
    ...options,
    compressors: { GZIP: input => gzipSync(input), BROTLI: input => brotliCompressSync(input) },
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(c => ({ name: c.name, repetition_type: 'OPTIONAL', ...c.element }))],
    columnData: columns.map(c => ({ name: c.name, data: c.data, encoding: c.encoding, bloomFilter: c.bloomFilter, columnIndex: c.columnIndex })),
  })
  writeFileSync(file, Buffer.from(buffer))
  const cellsRead = await readers.hyparquet(file, columns)
  return {
    how: JSON.stringify(options) + columns.map(c => ` ${c.name} ${c.encoding ?? 'auto'}`).join(''),
    columns: columns.map((c, i) => ({ name: c.name, type: c.type, cells: cellsRead[i] })),
    refused: [],
  }
}

const writers = { duckdb, polars, 'parquet-wasm': parquetWasm, 'hyparquet-writer': hyparquetWriter }
const written = []
for (let i = 0; i < files; i++) {
  for (const [tool, write] of Object.entries(writers)) {
    const file = join(folder, `${tool}-${i}.parquet`)
    try {
      const made = await write(file)
      if (made) written.push({ file, ...made, how: `${tool}: ${made.how}` })
    } catch (error) {
      // A tool that cannot write or read its own table says nothing about ours.
      notes.push(`${tool}: ${error?.message ?? error}`)
    }
  }
}
process.stdout.write(JSON.stringify({ files: written, notes }) + '\n', () => process.exit(0))
