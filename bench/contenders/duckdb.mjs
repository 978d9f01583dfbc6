// The job in DuckDB, two threads:
//   node duckdb.mjs bronze BRONZE_FOLDER OUTPUT_FOLDER      bronze Parquet to silver and both reports
//   node duckdb.mjs ndjson FILE OUTPUT_FOLDER               the same from NDJSON, bronze written too
//   node duckdb.mjs append FILE OUTPUT_FOLDER ROWS          NDJSON that is new: its bronze and silver beside those of the ROWS
//                                                           messages that are there, then both reports again from all of silver
// bronze_offset is a message's place in bronze: silver carries it, ties are decided by it. Row order is preserved only where
// bronze is made, because there it is that order.

import { mkdirSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'

const require = createRequire(new URL('../../tests/foreign/package.json', import.meta.url))
const { DuckDBInstance } = require('@duckdb/node-api')
const [kind, source, output, rowsThere] = process.argv.slice(2)
const text = value => `'${value.replaceAll("'", "''")}'`

const instance = await DuckDBInstance.create(':memory:', { threads: '2', preserve_insertion_order: 'false' })
const connection = await instance.connect()
const run = async sql => (await connection.runAndReadAll(sql)).getRows()

await run("set timezone = 'UTC'")
await run(`create table countries as select * from (values
  (2000, 'Brazil'), (2001, 'Portugal'), (2002, 'Spain'), (2003, 'Germany'), (2004, 'France'), (2005, 'Italy'),
  (2006, 'United Kingdom'), (2007, 'United States'), (2008, 'Canada'), (2009, 'Australia'), (2010, 'Japan'),
  (2011, 'China'), (2012, 'India'), (2013, 'South Korea'), (2014, 'Russia'), (2015, 'Argentina')) t(country_id, country)`)

// Explicit columns: nothing is inferred, nothing is cast twice.
const bronzeOfNdjson = async file => {
  mkdirSync(join(output, 'bronze'), { recursive: true })
  const target = join(output, 'bronze', `${basename(file)}.parquet`)
  await run('set preserve_insertion_order = true')
  await run(`copy (from read_json(${text(file)}, format = 'newline_delimited', columns = {timestamp: 'timestamptz', value: 'varchar',
      event_type: 'varchar', message_id: 'varchar', channel: 'varchar', country_id: 'integer', user_id: 'integer'}))
    to ${text(target)} (format parquet, compression snappy)`)
  await run('set preserve_insertion_order = false')
  return target
}

// Where each file begins in bronze: files in order of their names, which is the order that they were made in.
const files = kind === 'bronze'
  ? readdirSync(source).filter(name => name.endsWith('.parquet')).sort().map(name => join(source, name))
  : [await bronzeOfNdjson(source)]
const list = `[${files.map(text).join(',')}]`
const counts = new Map((await run(`select file_name, num_rows from parquet_file_metadata(${list})`)).map(([name, rows]) => [name, Number(rows)]))
let rowsBefore = Number(rowsThere ?? 0)
const begins = files.map(file => {
  const begin = rowsBefore
  rowsBefore += counts.get(file)
  return begin
})

const placed = `
  select m.*, c.country, ([${begins.join(',')}]::bigint[])[file_index::bigint + 1] + file_row_number as bronze_offset,
    timezone('UTC', timestamp)::date as date
  from read_parquet(${list}) m left join countries c using (country_id)`
const corrupted = "(event_type is null or event_type in ('', 'NONE'))"
const mode = kind === 'append' ? "append, filename_pattern 'new_{uuid}'" : 'overwrite_or_ignore'
const to = table => `${text(join(output, 'silver', table))} (format parquet, compression snappy, partition_by (date), ${mode})`

// Two passes over bronze beat a table in memory, and equal one COPY that parts by side and date; they need the least memory.
await run(`copy (from (${placed}) where ${corrupted}) to ${to('messages_corrupted')}`)
await run(`copy (from (${placed}) where not ${corrupted}) to ${to('messages')}`)

// Equal in time to arg_min over (timestamp, bronze_offset), in less memory.
await run(`create table firsts as select date, channel, event_type, user_id
  from read_parquet(${text(join(output, 'silver', 'messages', '*', '*.parquet'))}, hive_partitioning = true)
  qualify row_number() over (partition by message_id, event_type, channel order by timestamp nulls last, bronze_offset) = 1`)

const columns = async column => (await run(`select distinct ${column} from firsts order by ${column}`)).map(([name]) => name)
const quoted = name => `"${name.replaceAll('"', '""')}"`
const events = (await columns('event_type')).map(e => `nullif(count(*) filter (event_type = ${text(e)}), 0) as ${quoted(e)}`)
await run(`copy (select date, channel, ${events.join(', ')}, count(*) as total from firsts group by date, channel order by date, channel)
  to ${text(join(output, 'gold', 'report1', 'report1.parquet'))} (format parquet, compression snappy)`)
const channels = (await columns('channel')).map(c => `count(*) filter (channel = ${text(c)}) as ${quoted(c)}`)
await run(`copy (select user_id, count(*) as iterations, ${channels.join(', ')} from firsts group by user_id order by iterations desc, user_id)
  to ${text(join(output, 'gold', 'report2', 'report2.parquet'))} (format parquet, compression snappy)`)
