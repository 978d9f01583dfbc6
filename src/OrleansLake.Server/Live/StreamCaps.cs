using System.Net;

namespace OrleansLake.Server.Live;

/// <summary>Counts event streams, in all and by client address.</summary>
internal sealed class StreamCaps(int max, int perAddressMax)
{
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private readonly Lock _gate = new();
    private int _count;

    internal int Count => Volatile.Read(ref _count);

    /// <summary>Takes a place, to be given back by <see cref="Leave"/>. Null if there is one; else what is exhausted.</summary>
    internal string? TryEnter(IPAddress address)
    {
        lock (_gate)
        {
            int own = _byAddress.GetValueOrDefault(address);
            if (_count >= max)
            {
                return $"There are {max} event streams already, which is the most that this server keeps.";
            }

            if (own >= perAddressMax)
            {
                return $"There are {perAddressMax} event streams from this address already, which is the most that it may have.";
            }

            _count++;
            _byAddress[address] = own + 1;
            return null;
        }
    }

    internal void Leave(IPAddress address)
    {
        lock (_gate)
        {
            _count--;
            if (--_byAddress[address] is var own and > 0)
            {
                _byAddress[address] = own;
            }
            else
            {
                _byAddress.Remove(address);
            }
        }
    }
}
