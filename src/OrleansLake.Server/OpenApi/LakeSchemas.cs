namespace OrleansLake.Server.OpenApi;

/// <summary>The bodies of requests and responses, as JSON Schema. A test checks every response against it.</summary>
internal static class LakeSchemas
{
    internal const string Json = """
        {
          "Problem": {
            "description": "An error (RFC 9457). Programs distinguish errors by type, people read detail.",
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
              "type": { "type": "string", "description": "urn:orleanslake:problem: and the problem's name.", "examples": ["urn:orleanslake:problem:bad-parameter"] },
              "title": { "type": "string" },
              "status": { "type": "integer" },
              "detail": { "type": "string", "description": "What is wrong, and what to do." },
              "errors": { "type": "array", "description": "With invalid-records: the first records that are not messages.", "items": { "$ref": "#/components/schemas/SendError" } }
            }
          },
          "Message": {
            "description": "A message. Fields that it does not name are left out.",
            "type": "object",
            "required": ["timestamp", "message_id"],
            "properties": {
              "timestamp": { "type": "string", "description": "When it happened (RFC 3339); without an offset in the lake's time zone.", "examples": ["2024-12-16T10:10:01Z"] },
              "message_id": { "type": "string", "minLength": 1 },
              "event_type": { "type": ["string", "null"], "description": "CREATED, SENT, RECEIVED, OPEN, CLICKED, or another one." },
              "channel": { "type": ["string", "null"], "description": "CHAT, EMAIL, SMS, PUSH, OTHER, or another one." },
              "country_id": { "type": ["integer", "null"], "format": "int32" },
              "user_id": { "type": ["integer", "null"], "format": "int32" },
              "value": { "description": "A text, a number, true, false or null. Without a type, as of several ones generators of clients choose one." }
            }
          },
          "SendError": {
            "description": "A record that is not a message.",
            "type": "object",
            "required": ["line", "code", "detail"],
            "properties": {
              "line": { "type": "integer", "format": "int64", "description": "Its line, or its place in the array, from 1." },
              "code": { "type": "string", "examples": ["missing_timestamp"] },
              "detail": { "type": "string" }
            }
          },
          "SendReceipt": {
            "description": "What became of a body: accepted + duplicates + quarantined is what was sent.",
            "type": "object",
            "required": ["accepted", "duplicates", "quarantined", "errors", "token"],
            "properties": {
              "accepted": { "type": "integer", "format": "int64" },
              "duplicates": { "type": "integer", "format": "int64", "description": "What an earlier request under the same key had stored." },
              "quarantined": { "type": "integer", "format": "int64" },
              "errors": { "type": "array", "description": "The first 100 that are in quarantine.", "items": { "$ref": "#/components/schemas/SendError" } },
              "token": { "type": ["string", "null"], "description": "A position that reads may wait for (min_position)." },
              "note": { "type": "string", "description": "Columns that the first messages lack while they have something that looks like them; left out where there is nothing to say." }
            }
          },
          "Mapping": {
            "description": "The rules by which records of another shape become messages: docs/mappings.md.",
            "type": "object",
            "required": ["fields"],
            "properties": {
              "fields": { "type": "object", "description": "For each field of a message a path, several, or an object; null: it is null in every message." }
            }
          },
          "Mappings": {
            "description": "The mappings of the lake by their names.",
            "type": "object",
            "required": ["mappings"],
            "properties": {
              "mappings": { "type": "object", "additionalProperties": { "$ref": "#/components/schemas/Mapping" } }
            }
          },
          "Sources": {
            "description": "The sources of topics that the lake reads, in the order of their names.",
            "type": "object",
            "required": ["sources"],
            "properties": {
              "sources": { "type": "array", "items": { "$ref": "#/components/schemas/Source" } }
            }
          },
          "Source": {
            "type": "object",
            "required": ["name", "paused", "trouble", "lag", "lag_seconds", "partitions"],
            "properties": {
              "name": { "type": "string", "examples": ["kafka:messages"] },
              "paused": { "type": "boolean" },
              "trouble": { "type": ["string", "null"], "description": "What keeps it from being read." },
              "lag": { "type": "integer", "format": "int64", "description": "Records that the lake does not have yet, of all partitions." },
              "lag_seconds": { "type": "number", "description": "The longest time by which a partition is behind." },
              "partitions": { "type": "array", "items": { "$ref": "#/components/schemas/SourcePartition" } }
            }
          },
          "SourcePartition": {
            "type": "object",
            "required": ["topic", "partition", "position", "end", "lag", "lag_seconds", "stopped"],
            "properties": {
              "topic": { "type": "string" },
              "partition": { "type": "integer", "format": "int32" },
              "position": { "type": "integer", "format": "int64", "description": "The offset behind what the lake has." },
              "end": { "type": "integer", "format": "int64", "description": "The offset at which it ends, as far as its broker has said." },
              "lag": { "type": "integer", "format": "int64" },
              "lag_seconds": { "type": "number", "description": "The age of the newest record that the lake has, where it does not have all; 0 where that is not known." },
              "stopped": { "type": ["string", "null"], "description": "Why it is not read any further: a gap." }
            }
          },
          "SourceMoves": {
            "description": "What became of partitions that were to be read from another offset.",
            "type": "object",
            "required": ["partitions"],
            "properties": {
              "partitions": { "type": "array", "items": { "$ref": "#/components/schemas/SourceMove" } }
            }
          },
          "SourceMove": {
            "type": "object",
            "required": ["topic", "partition", "from", "to", "passed_over", "read_again"],
            "properties": {
              "topic": { "type": "string" },
              "partition": { "type": "integer", "format": "int32" },
              "from": { "type": "integer", "format": "int64", "description": "The offset behind what the lake had." },
              "to": { "type": "integer", "format": "int64", "description": "The offset from which it is read now." },
              "passed_over": { "type": "integer", "format": "int64", "description": "Offsets that are passed over." },
              "read_again": { "type": "integer", "format": "int64", "description": "Offsets that are read again." }
            }
          },
          "Sinks": {
            "description": "The sinks that the reports are written to, in the order of their names.",
            "type": "object",
            "required": ["sinks"],
            "properties": { "sinks": { "type": "array", "items": { "$ref": "#/components/schemas/Sink" } } }
          },
          "Sink": {
            "type": "object",
            "required": ["name", "epoch", "position", "time", "lag", "lag_seconds", "failure", "failed_at", "taken"],
            "properties": {
              "name": { "type": "string", "examples": ["postgresql:reports/orleanslake"] },
              "epoch": { "type": "integer", "format": "int64", "description": "The epoch of its owner in its place; 0 before the first step." },
              "position": { "type": ["string", "null"], "description": "The position that its place shows; null before the first step." },
              "time": { "type": ["string", "null"], "format": "date-time", "description": "The time of that position." },
              "lag": { "type": ["integer", "null"], "format": "int64", "description": "Messages that the reports show and its place does not yet; null where the lake cannot be asked." },
              "lag_seconds": { "type": ["number", "null"], "description": "The age of what its place shows, where the reports show more; 0 before the first step." },
              "failure": { "type": ["string", "null"], "description": "The newest failure." },
              "failed_at": { "type": ["string", "null"], "format": "date-time" },
              "taken": { "type": "boolean", "description": "Whether another owner has taken its place, so that it is not written from here." }
            }
          },
          "MessageLife": {
            "description": "All copies of a message, in the order in which they came.",
            "type": "object",
            "required": ["position", "message_id", "copies"],
            "properties": {
              "position": { "$ref": "#/components/schemas/Position" },
              "message_id": { "type": "string" },
              "copies": { "type": "array", "items": { "$ref": "#/components/schemas/MessageCopy" } }
            }
          },
          "MessageCopy": {
            "type": "object",
            "required": ["offset", "timestamp", "date", "value", "event_type", "channel", "country_id", "user_id", "outcome", "reason", "counted_offset"],
            "properties": {
              "offset": { "type": "integer", "format": "int64" },
              "timestamp": { "type": ["string", "null"], "format": "date-time" },
              "date": { "type": ["string", "null"], "format": "date" },
              "value": { "type": ["string", "null"] },
              "event_type": { "type": ["string", "null"] },
              "channel": { "type": ["string", "null"] },
              "country_id": { "type": ["integer", "null"], "format": "int32" },
              "user_id": { "type": ["integer", "null"], "format": "int32" },
              "attributes": { "type": "object", "description": "The fields that no column takes; if the lake keeps them, and there are some." },
              "source": { "type": "string", "description": "Where it came from; if the lake keeps that." },
              "source_offset": { "type": ["integer", "null"], "format": "int64", "description": "The record's number there; null if the source gives none." },
              "columns": { "type": "object", "description": "The values of the columns that the lake adds, by their names; if it adds some." },
              "outcome": { "type": "string", "enum": ["counted", "suppressed", "corrupted"] },
              "reason": { "type": "string" },
              "counted_offset": { "type": ["integer", "null"], "format": "int64", "description": "Of a suppressed copy: the place of the one that counts instead." }
            }
          },
          "Position": { "type": "string", "description": "What is true as of: generation.offset, with an offset for each partition.", "examples": ["1.4711"] },
          "Column": {
            "type": "object",
            "required": ["name", "type"],
            "properties": {
              "name": { "type": "string" },
              "type": { "type": "string", "enum": ["date", "text", "number", "int64", "count"] }
            }
          },
          "ReportRow": {
            "description": "A row by its columns. Beside the report's own ones there is one for each event type (report1) or channel (report2), with a count or null. A cell that is not named is absent.",
            "type": "object",
            "properties": {
              "date": { "type": ["string", "null"], "format": "date", "description": "report1" },
              "channel": { "type": ["string", "null"], "description": "report1" },
              "total": { "type": "integer", "format": "int64", "description": "report1" },
              "user_id": { "type": ["integer", "null"], "format": "int32", "description": "report2" },
              "iterations": { "type": "integer", "format": "int64", "description": "report2" }
            },
            "additionalProperties": { "type": ["integer", "string", "null"] }
          },
          "Report": {
            "description": "A report, or the part of it that was asked for; the event snapshot of a stream.",
            "type": "object",
            "required": ["report", "position", "time", "rows_in_all", "columns", "rows"],
            "properties": {
              "report": { "type": "string" },
              "position": { "$ref": "#/components/schemas/Position" },
              "time": { "type": "string", "format": "date-time" },
              "rows_in_all": { "type": "integer", "description": "Over all pages." },
              "columns": { "type": "array", "items": { "$ref": "#/components/schemas/Column" } },
              "rows": { "type": "array", "items": { "$ref": "#/components/schemas/ReportRow" } }
            }
          },
          "ReportDelta": {
            "description": "The event delta: what changed in a report. Take the columns, drop the rows with the keys in removed, and put rows in the place of those with the same keys.",
            "type": "object",
            "required": ["report", "position", "time", "columns", "rows", "removed"],
            "properties": {
              "report": { "type": "string" },
              "position": { "$ref": "#/components/schemas/Position" },
              "time": { "type": "string", "format": "date-time" },
              "columns": { "type": "array", "items": { "$ref": "#/components/schemas/Column" } },
              "rows": { "type": "array", "items": { "$ref": "#/components/schemas/ReportRow" } },
              "removed": { "type": "array", "items": { "$ref": "#/components/schemas/ReportRow" } }
            }
          },
          "Counts": {
            "description": "The event status: the lake's counts.",
            "type": "object",
            "required": ["position", "time", "ledger", "newest_event"],
            "properties": {
              "position": { "$ref": "#/components/schemas/Position" },
              "time": { "type": "string", "format": "date-time" },
              "ledger": { "$ref": "#/components/schemas/LedgerCounts" },
              "newest_event": { "type": ["string", "null"], "format": "date-time" }
            }
          },
          "Progress": {
            "description": "The events position (nothing that is watched changed up to here), must-refetch (snapshots follow) and behind (the lake itself cannot be reached): the last two with a reason.",
            "type": "object",
            "required": ["position", "time"],
            "properties": {
              "position": { "$ref": "#/components/schemas/Position" },
              "time": { "type": "string", "format": "date-time" },
              "reason": { "type": "string" }
            }
          },
          "CutOff": {
            "description": "The event too-slow: the client was cut off; connect again.",
            "type": "object",
            "required": ["reason"],
            "properties": { "reason": { "type": "string" } }
          },
          "Events": {
            "description": "Server-sent events; the data of each is a line of JSON. In the format binary, for which generated clients return a stream and do not wait for its end.",
            "type": "string",
            "format": "binary",
            "contentMediaType": "application/json",
            "contentSchema": {
              "anyOf": [
                { "$ref": "#/components/schemas/Report" },
                { "$ref": "#/components/schemas/ReportDelta" },
                { "$ref": "#/components/schemas/Counts" },
                { "$ref": "#/components/schemas/Progress" },
                { "$ref": "#/components/schemas/CutOff" }
              ]
            }
          },
          "LedgerCounts": {
            "type": "object",
            "required": ["bronze", "messages", "messages_corrupted", "rejected", "deduplicated", "closes"],
            "properties": {
              "bronze": { "type": "integer", "format": "int64" },
              "messages": { "type": "integer", "format": "int64" },
              "messages_corrupted": { "type": "integer", "format": "int64" },
              "rejected": { "type": "integer", "format": "int64" },
              "deduplicated": { "type": "integer", "format": "int64" },
              "closes": { "type": "boolean", "description": "bronze = messages + messages_corrupted." }
            }
          },
          "LedgerDate": {
            "type": "object",
            "required": ["date", "bronze", "messages", "messages_corrupted", "deduplicated"],
            "properties": {
              "date": { "type": ["string", "null"], "format": "date" },
              "bronze": { "type": "integer", "format": "int64" },
              "messages": { "type": "integer", "format": "int64" },
              "messages_corrupted": { "type": "integer", "format": "int64" },
              "deduplicated": { "type": "integer", "format": "int64" }
            }
          },
          "Ledger": {
            "type": "object",
            "required": ["position", "time", "total", "dates"],
            "properties": {
              "position": { "$ref": "#/components/schemas/Position" },
              "time": { "type": "string", "format": "date-time" },
              "total": { "$ref": "#/components/schemas/LedgerCounts" },
              "dates": { "type": "array", "items": { "$ref": "#/components/schemas/LedgerDate" } }
            }
          },
          "Status": {
            "type": "object",
            "required": ["position", "time", "accepted", "durable", "applied", "published", "ledger", "keys", "commit", "commit_ms", "fsync_ms", "files", "newest_event", "streams", "external_files", "user_id_type", "country_id_type", "time_zone", "keep"],
            "properties": {
              "position": { "$ref": "#/components/schemas/Position" },
              "time": { "type": "string", "format": "date-time" },
              "accepted": { "type": "integer", "format": "int64" },
              "durable": { "type": "integer", "format": "int64" },
              "applied": { "type": "integer", "format": "int64" },
              "published": { "type": "integer", "format": "int64" },
              "ledger": { "$ref": "#/components/schemas/LedgerCounts" },
              "keys": { "type": "integer", "format": "int64" },
              "commit": { "type": "integer", "format": "int64" },
              "commit_ms": { "type": "number", "format": "double" },
              "fsync_ms": { "type": "number", "format": "double" },
              "files": { "type": "integer", "format": "int64" },
              "newest_event": { "type": ["string", "null"], "format": "date-time" },
              "streams": { "type": "integer" },
              "user_id_type": { "type": "string", "enum": ["int32", "int64", "text"], "description": "What user_id is in this lake." },
              "country_id_type": { "type": "string", "enum": ["int32", "text"], "description": "What country_id is in this lake." },
              "time_zone": { "type": ["string", "null"], "description": "The lake's time zone: an IANA name or a fixed offset; null while silos of an earlier version run." },
              "keep": { "type": "array", "description": "What the lake keeps of records beside their messages.", "items": { "type": "string", "enum": ["attributes", "source"] } },
              "external_files": { "type": "array", "description": "External bronze files that are not what was ingested.", "items": { "$ref": "#/components/schemas/ExternalFile" } }
            }
          },
          "ExternalFile": {
            "type": "object",
            "required": ["path", "state", "rows", "renamed_to"],
            "properties": {
              "path": { "type": "string", "description": "From the lake's root." },
              "state": { "type": "string", "enum": ["gone", "changed", "renamed", "unreadable"] },
              "rows": { "type": "integer", "format": "int64", "description": "How many of its rows are in the lake." },
              "renamed_to": { "type": ["string", "null"] }
            }
          },
          "Quarantine": {
            "type": "object",
            "required": ["total", "by_code", "records"],
            "properties": {
              "total": { "type": "integer", "format": "int64", "description": "How many there are that fit." },
              "by_code": { "type": "object", "additionalProperties": { "type": "integer", "format": "int64" } },
              "records": { "type": "array", "items": { "$ref": "#/components/schemas/QuarantineRecord" } }
            }
          },
          "QuarantineRecord": {
            "description": "A rejected record, with its bytes: as raw where they are text, as raw_base64 where not.",
            "type": "object",
            "required": ["source", "record", "position", "code", "detail"],
            "properties": {
              "source": { "type": "string" },
              "mapping": { "type": "string", "description": "The mapping through which it was rejected, if it is not the lake's default one; empty: one that the lake does not keep." },
              "record": { "type": "integer", "format": "int64" },
              "position": { "type": ["integer", "null"], "format": "int64" },
              "code": { "type": "string" },
              "detail": { "type": "string" },
              "raw": { "type": "string" },
              "raw_base64": { "type": "string", "contentEncoding": "base64" }
            }
          },
          "EmbedFilter": {
            "description": "What a reader is locked to, in the words of the API.",
            "type": "object",
            "properties": {
              "date": { "type": "string", "format": "date" },
              "from": { "type": "string", "format": "date" },
              "to": { "type": "string", "format": "date" },
              "channel": { "type": "array", "items": { "type": "string" } },
              "user": { "type": "array", "items": { "type": "integer", "format": "int32" } },
              "top": { "type": "integer", "minimum": 1 }
            }
          },
          "EmbedTokenRequest": {
            "type": "object",
            "required": ["reports"],
            "properties": {
              "reports": { "type": "object", "description": "By the name of a report.", "additionalProperties": { "$ref": "#/components/schemas/EmbedFilter" } },
              "expires_in": { "type": "integer", "minimum": 1, "description": "Seconds." },
              "subject": { "type": ["string", "null"], "description": "Whom it is for." },
              "key": { "type": ["string", "null"], "description": "The name of the embed key that signs it; the first one if left out." }
            }
          },
          "EmbedToken": {
            "type": "object",
            "required": ["token", "expires_at"],
            "properties": {
              "token": { "type": "string" },
              "expires_at": { "type": "string", "format": "date-time" }
            }
          },
          "Health": {
            "type": "object",
            "required": ["status"],
            "properties": { "status": { "type": "string", "examples": ["healthy"] } }
          }
        }
        """;
}
