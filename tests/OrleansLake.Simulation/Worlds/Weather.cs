namespace OrleansLake.Simulation.Worlds;

/// <summary>
/// The probabilities of each step and each fault in one world. Some are left out altogether: what never happens beside a fault
/// leaves more room for what it hides (swarm testing).
/// </summary>
internal sealed class Weather
{
    private readonly Random _random;
    private readonly Dictionary<WorldStep, int> _steps;
    private readonly Dictionary<WorldFault, int> _faults;
    private readonly int _faultPercent;

    public Weather(Random random)
    {
        _random = random;
        _steps = Draw<WorldStep>(random, step => step switch
        {
            WorldStep.Send => 24,
            WorldStep.Commit => 10,
            WorldStep.Text => 6,
            WorldStep.ZombieActs or WorldStep.Foreign or WorldStep.Read => 4,
            _ => 2,
        });
        _steps[WorldStep.Send] = 24;
        _faults = Draw<WorldFault>(random, _ => 1);
        _faultPercent = random.Next(10, 50);
    }

    public WorldStep NextStep() => Pick(_steps);

    public WorldFault NextFault() => _random.Next(100) < _faultPercent ? Pick(_faults) : WorldFault.None;

    private static Dictionary<T, int> Draw<T>(Random random, Func<T, int> weight)
        where T : struct, Enum
    {
        var weights = new Dictionary<T, int>();
        foreach (T value in Enum.GetValues<T>())
        {
            weights[value] = random.Next(4) == 0 ? 0 : weight(value) * random.Next(1, 4);
        }

        return weights;
    }

    private T Pick<T>(Dictionary<T, int> weights)
        where T : struct, Enum
    {
        int left = _random.Next(Math.Max(1, weights.Values.Sum()));
        foreach (T value in Enum.GetValues<T>())
        {
            left -= weights[value];
            if (left < 0)
            {
                return value;
            }
        }

        return default;
    }
}
