-- One message a request, each under an id of its own: what wrk posts. The first argument keeps runs apart.
local head = { ["Content-Type"] = "application/x-ndjson" }
local types = { "CREATED", "SENT", "RECEIVED", "OPEN", "CLICKED" }
local channels = { "CHAT", "EMAIL", "SMS", "PUSH", "OTHER" }
local n, run = 0, 0

function init(args)
  run = tonumber(args[1] or "0")
end

function request()
  n = n + 1
  return wrk.format("POST", nil, head, string.format(
    '{"timestamp":"2024-11-%02dT16:%02d:%02d.610702Z","value":"%d","event_type":"%s","message_id":"%08x-36b2-46d3-92f3-%04x00000000","channel":"%s","country_id":2007,"user_id":%d}\n',
    n % 30 + 1, n % 60, n * 7 % 60, n, types[n % 5 + 1], n, run, channels[n % 7 % 5 + 1], n * 31 % 100000))
end
