// Holds Parquet files against the cells that they were written from. Reads a request as JSON on stdin:
//   {"files":[{"file","expected"}],"readers":["duckdb","polars","hyparquet","parquet-wasm"]}
// where "expected" is the path of a JSON file {"columns":[{"name","type","cells":[text|null,...]}]}, and answers
//   {"cells":N,"queries":N,"metadata":N,"differences":["..."]}
// Cells are text as in readers.mjs.

import { readFileSync } from 'node:fs'
import { duckdbRows, hex, readers, scratch, sqlName, sqlText } from './readers.mjs'

const DIFFERENCES_MAX = 20
const differences = []
let cellCount = 0
let queryCount = 0
let factCount = 0

function differ(text) {
  if (differences.length < DIFFERENCES_MAX) differences.push(text)
}

function compare(reader, file, columns, actual) {
  columns.forEach((column, i) => {
    if (actual[i].length !== column.cells.length) {
      differ(`${reader}, ${file}, ${column.name}: ${actual[i].length} rows, ${column.cells.length} expected`)
      return
    }
    const row = column.cells.findIndex((cell, row) => cell !== actual[i][row])
    if (row >= 0) differ(`${reader}, ${file}, ${column.name} (${column.type}), row ${row}: ${actual[i][row]}, ${column.cells[row]} expected`)
    cellCount += column.cells.length
  })
}

/** A cell as an SQL constant: only a constant is compared with statistics before anything is read. */
function literal(type, sqlType, cell) {
  switch (type) {
    case 'Boolean': return cell
    case 'String': return `decode(${blob(cell)})`
    case 'Binary': return blob(cell)
    case 'Float': case 'Double': return `'${realOf(type, cell)}'::${sqlType}`
    case 'Date': return `(date '1970-01-01' + (${cell})::int)::date`
    case 'TimestampMicros': return sqlType === 'TIMESTAMP' ? `make_timestamp(${cell})` : `make_timestamptz(${cell})`
    default: return `(${cell})::${sqlType}`
  }
}

const blob = cell => `'${cell.replace(/../g, '\\x$&')}'::blob`

function realOf(type, cell) {
  if (cell === 'nan') return 'nan'
  const bits = BigInt(`0x${cell}`)
  if (type === 'Float') {
    scratch.setUint32(0, Number(bits))
    return scratch.getFloat32(0).toString().replace('Infinity', 'inf')
  }
  scratch.setBigUint64(0, bits)
  return scratch.getFloat64(0).toString().replace('Infinity', 'inf')
}

// DuckDB's finite instants and days, beyond which its constants end.
const isConstant = (type, cell) =>
  (type !== 'Date' || Math.abs(Number(cell)) < 2_000_000) && (type !== 'TimestampMicros' || Math.abs(Number(cell)) < 8e18)

/** The rows that a condition leaves are the same whether the file's statistics and indexes are used or not. */
async function pruned(file, columns) {
  const from = `read_parquet(${sqlText(file)}, file_row_number = true)`
  await duckdbRows(`create or replace temp table unpruned as from ${from}`)
  const types = new Map((await duckdbRows('describe unpruned')).map(([name, type]) => [name, type]))
  for (const column of columns) {
    const name = sqlName(column.name)
    const conditions = [`${name} is null`, `${name} is not null`]
    const values = column.cells.filter(cell => cell !== null && isConstant(column.type, cell))
    for (const at of [0, 0.37, 0.99]) {
      const cell = values[Math.floor(values.length * at)]
      if (cell === undefined) continue
      const constant = literal(column.type, types.get(column.name), cell)
      for (const operator of ['=', '>=', '>', '<', '<=', '<>']) conditions.push(`${name} ${operator} ${constant}`)
    }
    for (const condition of new Set(conditions)) {
      const count = relation => `(select (count(*), coalesce(sum(file_row_number), 0))::varchar from ${relation} where ${condition})`
      let answer
      try {
        answer = await duckdbRows(`select ${count(from)}, ${count('unpruned')}`)
      } catch (error) {
        throw new Error(`${column.type} ${condition}: ${error.message}`)
      }
      const [[fromFile, fromRows]] = answer
      if (fromFile !== fromRows) differ(`duckdb, ${file}: ${condition}: ${fromFile} pruned, ${fromRows} unpruned`)
      queryCount++
    }
  }
}

/** The same in Polars, which skips row groups by their statistics. */
async function prunedByPolars(file, columns) {
  const pl = (await import('nodejs-polars')).default
  const frame = pl.readParquet(file)
  for (const column of columns) {
    const values = column.cells.filter(cell => cell !== null)
    const conditions = []
    for (const at of [0, 0.37, 0.99]) {
      const cell = values[Math.floor(values.length * at)]
      if (cell === undefined) continue
      const bound = { Int32: () => pl.lit(Number(cell)), String: () => pl.lit(Buffer.from(cell, 'hex').toString('utf8')) }[column.type]?.()
        ?? { Int64: () => pl.lit(cell).cast(pl.Int64), Date: () => pl.lit(Number(cell)).cast(pl.Int32).cast(pl.Date) }[column.type]?.()
        ?? (column.type === 'TimestampMicros' ? pl.lit(cell).cast(pl.Int64).cast(frame.getColumn(column.name).dtype) : null)
      if (bound === null) continue
      const name = pl.col(column.name)
      conditions.push(name.eq(bound), name.gtEq(bound), name.lt(bound))
    }
    for (const condition of conditions) {
      const pruned = pl.scanParquet(file).filter(condition).collectSync().height
      const whole = frame.filter(condition).height
      if (pruned !== whole) differ(`polars, ${file}: ${column.name} (${column.type}): ${pruned} rows pruned, ${whole} unpruned`)
      queryCount++
    }
  }
}

/** The stored number that a bound of DuckDB's stands for, exactly. */
const boundAsStored = {
  Date: bound => `(${bound}::date - date '1970-01-01')::varchar`,
  TimestampMicros: bound => `epoch_us(${bound}::timestamptz)::varchar`,
}

/** The least and the greatest cell as floating point: no NaN among them, -0 for a least zero, 0 for a greatest one. */
function realExtremes(type, values) {
  if (values.length === 0 || values.includes('nan')) return [null, null]
  const reals = values.map(cell => Number(realOf(type, cell).replace('inf', 'Infinity')))
  const low = reals.reduce((a, b) => (b < a ? b : a)), high = reals.reduce((a, b) => (b > a ? b : a))
  // DuckDB shows no bound that is not finite.
  const shown = bound => (Number.isFinite(bound) ? bound : null)
  return [shown(low === 0 ? -0 : low), shown(high === 0 ? 0 : high)]
}

/** What DuckDB says of each column chunk: its null count is right, its bounds hold, and are met where they are exact. */
async function metadata(file, columns) {
  await duckdbRows("set TimeZone = 'UTC'")
  const chunks = await duckdbRows(`select row_group_id, row_group_num_rows, path_in_schema, stats_null_count,
    stats_distinct_count, stats_min_value, stats_max_value, min_is_exact, max_is_exact from parquet_metadata(${sqlText(file)}) order by row_group_id`)
  const schema = new Map((await duckdbRows(`select name, repetition_type from parquet_schema(${sqlText(file)})`)).map(row => row))
  const starts = new Map()
  let next = 0n
  for (const [group, rows] of chunks) {
    if (!starts.has(group)) {
      starts.set(group, next)
      next += rows
    }
  }
  for (const [group, rows, path, nulls, distinct, min, max, isMinExact, isMaxExact] of chunks) {
    const column = columns.find(c => c.name === path)
    const cells = column.cells.slice(Number(starts.get(group)), Number(starts.get(group) + rows))
    const values = cells.filter(cell => cell !== null)
    const where = `duckdb's metadata of ${file}, ${path} (${column.type}), row group ${group}`
    if (Number(nulls) !== cells.length - values.length) differ(`${where}: ${nulls} nulls, ${cells.length - values.length} expected`)
    if (values.length !== cells.length && schema.get(path) !== 'OPTIONAL') differ(`${where}: nulls in a column that is ${schema.get(path)}`)
    if (distinct !== null && Number(distinct) !== new Set(values).size) differ(`${where}: ${distinct} distinct values, ${new Set(values).size} expected`)
    factCount += distinct === null ? 2 : 3
    if (column.type === 'Int32' || column.type === 'Int64') {
      const sorted = values.map(BigInt).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      if (min !== (sorted[0]?.toString() ?? null) || max !== (sorted.at(-1)?.toString() ?? null) || (sorted.length && !(isMinExact && isMaxExact))) {
        differ(`${where}: ${min} to ${max}, ${sorted[0]} to ${sorted.at(-1)} expected`)
      }
      factCount += 2
    }
    if (boundAsStored[column.type]) {
      const sorted = values.map(BigInt).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
      const stored = boundAsStored[column.type]
      const [[low, high]] = min === null ? [[null, null]] : await duckdbRows(`select ${stored(sqlText(min))}, ${stored(sqlText(max))}`)
      if (low !== (sorted[0]?.toString() ?? null) || high !== (sorted.at(-1)?.toString() ?? null)) {
        differ(`${where}: ${min} (${low}) to ${max} (${high}), ${sorted[0]} to ${sorted.at(-1)} expected`)
      }
      factCount += 2
    }
    if (column.type === 'Float' || column.type === 'Double') {
      const [low, high] = realExtremes(column.type, values)
      const realBound = bound => (bound === null ? null : (column.type === 'Float' ? Math.fround : Number)(Number(bound.replace('inf', 'Infinity'))))
      if (!Object.is(realBound(min), low) || !Object.is(realBound(max), high)) differ(`${where}: ${min} to ${max}, ${low} to ${high} expected`)
      factCount += 2
    }
    if (column.type === 'Boolean') {
      const low = values.length === 0 ? null : String(!values.includes('false')), high = values.length === 0 ? null : String(values.includes('true'))
      if (min !== low || max !== high) differ(`${where}: ${min} to ${max}, ${low} to ${high} expected`)
      factCount += 2
    }
    if (column.type === 'String' && min !== null) {
      const sorted = values.slice().sort()
      const lower = hex(Buffer.from(min)), upper = max === null ? null : hex(Buffer.from(max))
      if (lower > sorted[0] || (isMinExact && lower !== sorted[0])) differ(`${where}: minimum ${lower}, ${sorted[0]} expected`)
      if (upper !== null && (upper < sorted.at(-1) || (isMaxExact && upper !== sorted.at(-1)))) differ(`${where}: maximum ${upper}, ${sorted.at(-1)} expected`)
      factCount += 2
    }
  }
}

async function main() {
  const request = JSON.parse(readFileSync(0, 'utf8'))
  for (const { file, expected } of request.files) {
    const { columns } = JSON.parse(readFileSync(expected, 'utf8'))
    for (const reader of request.readers) {
      try {
        compare(reader, file, columns, await readers[reader](file, columns))
      } catch (error) {
        differ(`${reader}, ${file}: ${error?.message ?? error}`)
      }
    }
    if (request.readers.includes('duckdb')) {
      try {
        await pruned(file, columns)
        // Its parquet_metadata fails as a whole on a bound that it cannot show as a date or an instant.
        if (columns.every(c => c.cells.every(cell => cell === null || isConstant(c.type, cell)))) await metadata(file, columns)
      } catch (error) {
        differ(`duckdb, ${file}: ${error?.message ?? error}`)
      }
    }
    if (request.readers.includes('polars')) {
      try {
        await prunedByPolars(file, columns)
      } catch (error) {
        differ(`polars, ${file}: a condition: ${error?.message ?? error}`)
      }
    }
  }
  return JSON.stringify({ cells: cellCount, queries: queryCount, metadata: factCount, differences })
}

process.stdout.write((await main()) + '\n')
process.exit(0)
