namespace OrleansLake.Client.Embedded;

/// <summary>The things that instruments observe: each from when it is added until that is undone.</summary>
/// <param name="show">Makes the instruments, when the first of them is added.</param>
internal sealed class Observations<T>(Action show)
{
    private readonly List<T> _all = [];
    private bool _isShown;

    /// <summary>Adds one, until what is returned is disposed.</summary>
    internal IDisposable Add(T one)
    {
        lock (_all)
        {
            if (!_isShown)
            {
                _isShown = true;
                show();
            }

            _all.Add(one);
        }

        return new Addition(this, one);
    }

    /// <summary>Returns those that there are now.</summary>
    internal T[] Now()
    {
        lock (_all)
        {
            return [.. _all];
        }
    }

    private sealed class Addition(Observations<T> to, T one) : IDisposable
    {
        public void Dispose()
        {
            lock (to._all)
            {
                to._all.Remove(one);
            }
        }
    }
}
