// The whole job in Polars: node polars.mjs bronze BRONZE_FOLDER OUTPUT_FOLDER
//                      or: node polars.mjs ndjson FILE OUTPUT_FOLDER, which writes bronze too
// Lazy plans on the streaming engine, POLARS_MAX_THREADS threads (the caller sets 2), nothing is synced to the disk.
// bronze_offset is a message's place in bronze: silver carries it, ties are decided by it.

import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(new URL('../../tests/foreign/package.json', import.meta.url))
const pl = require('nodejs-polars')
const [kind, source, output] = process.argv.slice(2)
const streaming = { engine: 'streaming' }
const snappy = { compression: 'snappy' }

const countries = pl.DataFrame({
  country_id: Array.from({ length: 16 }, (_, i) => 2000 + i),
  country: ['Brazil', 'Portugal', 'Spain', 'Germany', 'France', 'Italy', 'United Kingdom', 'United States', 'Canada', 'Australia',
    'Japan', 'China', 'India', 'South Korea', 'Russia', 'Argentina'],
}).withColumn(pl.col('country_id').cast(pl.Int32)).lazy()

let bronze = join(source, '*.parquet')
if (kind === 'ndjson') {
  // The sink keeps the order of the lines: it is the order of bronze. This binding takes no schema for JSON.
  bronze = join(output, 'bronze', 'bronze.parquet')
  pl.scanJson(source, { inferSchemaLength: 100 })
    .withColumns(
      pl.col('timestamp').str.strptime(pl.Datetime('ms'), '%Y-%m-%dT%H:%M:%S%.fZ').cast(pl.Datetime('us', 'UTC')),
      pl.col('country_id').cast(pl.Int32),
      pl.col('user_id').cast(pl.Int32))
    .sinkParquet(bronze, { ...snappy, sinkOptions: { syncOnClose: 'none', maintainOrder: true, mkdir: true } })
    .collectSync('streaming')
}

// One pass over bronze. Both sides stay in memory: this binding has no sink that parts by date.
const isCorrupted = pl.col('event_type').isNull().or(pl.col('event_type').isIn(['', 'NONE']))
const all = pl.scanParquet(bronze, { rowIndexName: 'bronze_offset' })
  .join(countries, { on: 'country_id', how: 'left' })
  .withColumns(pl.col('bronze_offset').cast(pl.Int64), pl.col('timestamp').cast(pl.Date).alias('date'), isCorrupted.alias('is_corrupted'))
  .collectSync(streaming)
const messages = all.filter(pl.col('is_corrupted').not()).drop('is_corrupted')
const corrupted = all.filter(pl.col('is_corrupted')).drop('is_corrupted')
for (const [side, rows] of [['messages', messages], ['messages_corrupted', corrupted]]) {
  for (const part of rows.partitionBy(['date'], true, true)) {
    const folder = join(output, 'silver', side, `date=${part.getColumn('date').cast(pl.Utf8).get(0)}`)
    mkdirSync(folder, { recursive: true })
    part.drop('date').writeParquet(join(folder, 'part.parquet'), snappy)
  }
}

// Sorting and keeping the first takes half the time of sorting within groups; categories for the names gain nothing.
const firsts = messages.lazy()
  .select('message_id', 'event_type', 'channel', 'timestamp', 'bronze_offset', 'date', 'user_id')
  .sort(['timestamp', 'bronze_offset'])
  .unique({ subset: ['message_id', 'event_type', 'channel'], keep: 'first', maintainOrder: false })
  .select('date', 'channel', 'event_type', 'user_id')
  .collectSync(streaming)

const names = column => firsts.getColumn(column).unique().toArray().sort()
const count = (column, name) => pl.col(column).eq(pl.lit(name)).cast(pl.Int64).sum().alias(name)
const every = name => pl.len().cast(pl.Int64).alias(name)
const write = (rows, report) => {
  mkdirSync(join(output, 'gold', report), { recursive: true })
  rows.collectSync(streaming).writeParquet(join(output, 'gold', report, `${report}.parquet`), snappy)
}
const events = names('event_type')
write(firsts.lazy().groupBy(['date', 'channel'], false)
  .agg(...events.map(name => count('event_type', name)), every('total'))
  .withColumns(...events.map(name => pl.when(pl.col(name).gt(0)).then(pl.col(name)).otherwise(pl.lit(null)).alias(name)))
  .sort(['date', 'channel']), 'report1')
write(firsts.lazy().groupBy('user_id', false)
  .agg(every('iterations'), ...names('channel').map(name => count('channel', name)))
  .sort('user_id').sort({ by: 'iterations', descending: true, maintainOrder: true }), 'report2')
