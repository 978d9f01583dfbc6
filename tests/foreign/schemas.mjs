// Has hyparquet-writer write Parquet files of one row with columns of any declared type. Request as JSON on stdin:
//   [{"file","columns":[{"name","schema":{...a SchemaElement...},"value"}]}]
// A value is JSON, {"big":"-7"} for a 64-bit integer, or {"hex":"00ff"} for bytes. Answer: {}.

import { readFileSync, writeFileSync } from 'node:fs'
import { parquetWriteBuffer } from 'hyparquet-writer'

const valueOf = value => typeof value !== 'object' ? value : 'big' in value ? BigInt(value.big) : new Uint8Array(Buffer.from(value.hex, 'hex'))

for (const { file, columns } of JSON.parse(readFileSync(0, 'utf8'))) {
  const buffer = parquetWriteBuffer({
    statistics: false,
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, schema }) => ({ name, repetition_type: 'OPTIONAL', ...schema })),
    ],
    columnData: columns.map(({ name, value }) => ({ name, data: [valueOf(value)] })),
  })
  writeFileSync(file, Buffer.from(buffer))
}
console.log('{}')
