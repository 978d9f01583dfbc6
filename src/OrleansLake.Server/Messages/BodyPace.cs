using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using OrleansLake.Server.Errors;

namespace OrleansLake.Server.Messages;

/// <summary>
/// The slowest pace at which a body may come. A small one may take its time, since it holds no memory of its own: a client that sends
/// an event a second in one
/// request is let live. What has grown beyond that comes at a rate, looked at every few seconds, or is refused.
/// </summary>
internal sealed class BodyPace : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly PipeReader _reader;
    private readonly LakeServerLimits _limits;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly Timer _timer;
    private readonly CancellationToken _over;
    private readonly CancellationTokenRegistration _end;
    private bool _isDisposed;
    private long _windowStarted = Stopwatch.GetTimestamp();
    private long _windowBytes;

    /// <summary>Begins with what has not come at once.</summary>
    /// <param name="reader">The body.</param>
    /// <param name="limits">Its bounds.</param>
    /// <param name="over">When the server stops, and waits no longer.</param>
    internal BodyPace(PipeReader reader, LakeServerLimits limits, CancellationToken over)
    {
        _reader = reader;
        _limits = limits;
        _timer = new Timer(static one => ((BodyPace)one!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _over = over;
        _end = over.UnsafeRegister(static one => ((BodyPace)one!).Wake(), this);
    }

    /// <summary>Waits for more of a body.</summary>
    /// <param name="received">The bytes of it that have come.</param>
    /// <param name="held">The number of them that the reader still holds.</param>
    /// <exception cref="RequestException">It comes too slowly, or the server stops.</exception>
    internal async ValueTask<ReadResult> ReadAsync(long received, long held)
    {
        while (true)
        {
            _timer.Change(Left(received), Timeout.InfiniteTimeSpan);
            ReadResult read = await _reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (!read.IsCanceled || read.IsCompleted || read.Buffer.Length > held)
            {
                return read;
            }

            _reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _end.Dispose();
        lock (_gate)
        {
            // From here on the reader is the next request's.
            _isDisposed = true;
        }
    }

    // A token that ends a read leaves Kestrel's reader within it; this way it can continue.
    private void Wake()
    {
        lock (_gate)
        {
            try
            {
                if (!_isDisposed)
                {
                    _reader.CancelPendingRead();
                }
            }
#pragma warning disable CA1031 // The connection has broken meanwhile, which ends the read as well; nobody is above a timer.
            catch (Exception)
#pragma warning restore CA1031
            {
            }
        }
    }

    private TimeSpan Left(long received)
    {
        if (_over.IsCancellationRequested)
        {
            throw new RequestException(StatusCodes.Status503ServiceUnavailable, "draining", "The server is being stopped, and the body did not come in time. Nothing was stored; send it again.");
        }

        TimeSpan left;
        if (received <= _limits.SlowBodyBytesMax)
        {
            left = _limits.SlowBodyTimeMax - Stopwatch.GetElapsedTime(_started);
            (_windowStarted, _windowBytes) = (Stopwatch.GetTimestamp(), received);
        }
        else
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(_windowStarted);
            if (elapsed >= Window)
            {
                left = received - _windowBytes >= _limits.BodyBytesPerSecondMin * elapsed.TotalSeconds ? Window : TimeSpan.Zero;
                (_windowStarted, _windowBytes) = (Stopwatch.GetTimestamp(), received);
            }
            else
            {
                left = Window - elapsed;
            }
        }

        return left > TimeSpan.Zero ? left : throw TooSlow();
    }

    private RequestException TooSlow() => new(
        StatusCodes.Status408RequestTimeout, "too-slow",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The body came too slowly: up to {_limits.SlowBodyBytesMax} bytes may take {_limits.SlowBodyTimeMax.TotalSeconds:0} s, what is larger comes at {_limits.BodyBytesPerSecondMin} bytes a second at least. Nothing was stored; send it in parts."));
}
