using FsCheck.Xunit;
using OrleansLake.Core.Reports;
using OrleansLake.Grains.Reports;

namespace OrleansLake.Grains.Tests;

/// <summary>
/// Tests how grains follow a partition's reports, as a model: whatever order answers come in, however often, and however many are
/// lost, whichever silo dies, what grains say at one version belongs together.
/// </summary>
public class StepProtocolTests
{
    private const int Keys = 5;
    private static readonly string?[] Channels = ["CHAT", "SMS", null];

    [Property(MaxTest = 300)]
    public void What_followers_say_at_one_moment_is_what_the_partition_was_then(int seed)
    {
        var run = new Run(new Random(seed));
        for (int step = 0; step < 120; step++)
        {
            run.Step();
        }

        run.Settle();
    }

    [Fact]
    public void A_follower_that_goes_without_what_undoes_a_step_is_caught()
    {
        // The model must be able to fail: a follower read after a step that the moment does not have gives another total.
        var follower = new FollowedPartition();
        follower.Take(new ReportSteps { Epoch = 1, Base = new ReportStep(1, [Row("CHAT", 1)]) });
        follower.Take(new ReportSteps { Epoch = 1, Steps = [new ReportStep(2, [Row("CHAT", 2)])] });
        Assert.Equal(1, follower.At(Moment(1, 1))!.Sum(row => row.Counts.Sum()));
        Assert.Equal(2, follower.At(Moment(1, 2))!.Sum(row => row.Counts.Sum()));
        Assert.Null(follower.At(Moment(1, 3)));
        Assert.Null(follower.At(Moment(2, 1)));
    }

    [Fact]
    public void A_follower_further_behind_than_steps_are_kept_gets_a_base()
    {
        var log = new StepLog(7, LakeReports.All);
        log.Break();
        for (int i = 0; i < StepLog.StepsMax + 10; i++)
        {
            log.Cut([[], []]);
        }

        var scope = new ReportScope { Report = "report1" };
        Assert.NotNull(log.Tell(scope, 7, 5, _ => []).Base);
        Assert.Null(log.Tell(scope, 7, log.Newest - 3, _ => []).Base);
        Assert.Equal(3, log.Tell(scope, 7, log.Newest - 3, _ => []).Steps.Count);
        Assert.NotNull(log.Tell(scope, 6, log.Newest, _ => []).Base);
    }

    private static ReportRowDto Row(string channel, long count) => new() { Number = 1, Text = channel, Columns = ["SENT"], Counts = [count] };

    private static PartitionVersion Moment(long epoch, long step) =>
        new() { Epoch = epoch, Step = step, Offset = 0, Generation = 1, Ledger = new LedgerDto([0, 0, 0, 0, 0]) };

    // A partition whose keys move from row to row (their total stays), an owner that may be replaced, followers of one row
    // each and one of all, and a network that keeps answers as long as it likes.
    private sealed class Run(Random random)
    {
        private static readonly ReportScope[] Scopes =
        [
            .. Enumerable.Range(0, 2).SelectMany(day => Channels.Select(channel => new ReportScope { Report = "report1", IsOneRow = true, Number = day, Text = channel })),
            new ReportScope { Report = "report1" },
        ];

        private readonly (int Day, int Channel)[] _places = new (int Day, int Channel)[Keys];
        private readonly HashSet<(int Day, int Channel)> _touched = [];
        private readonly Dictionary<(long Epoch, long Step), Dictionary<(int? Day, string? Channel), long>> _truth = [];
        private readonly FollowedPartition[] _followers = [.. Scopes.Select(_ => new FollowedPartition())];
        private readonly List<(int Follower, FollowedPartition Asker, ReportSteps Told)> _network = [];
        private long _epoch = 1;
        private StepLog _log = New(1);
        private bool _isCutOnce;

        public void Step()
        {
            switch (random.Next(10))
            {
                case 0 or 1 or 2:
                    Move();
                    break;
                case 3 or 4 or 5:
                    Ask(random.Next(Scopes.Length));
                    break;
                case 6 or 7 when _network.Count > 0:
                    Deliver(random.Next(_network.Count), keeps: random.Next(3) == 0);
                    break;
                case 8 when _network.Count > 0:
                    _network.RemoveAt(random.Next(_network.Count));
                    break;
                case 9 when random.Next(4) == 0:
                    _followers[random.Next(Scopes.Length)] = new FollowedPartition();
                    break;
                case 9 when random.Next(4) == 0:
                    _log = New(++_epoch);
                    _isCutOnce = false;
                    _touched.Clear();
                    break;
                default:
                    Check();
                    break;
            }
        }

        // With nothing lost any more everyone comes to the newest moment.
        public void Settle()
        {
            _network.Clear();
            for (int follower = 0; follower < Scopes.Length; follower++)
            {
                Ask(follower);
                Deliver(_network.Count - 1, keeps: false);
            }

            PartitionVersion now = Moment(_epoch, _log.Newest);
            for (int follower = 0; follower < Scopes.Length; follower++)
            {
                Assert.Equal(Of(Scopes[follower], _truth[(_epoch, _log.Newest)]), Of(_followers[follower].At(now)!));
            }
        }

        private static StepLog New(long epoch) => new(epoch, LakeReports.All);

        private void Move()
        {
            int key = random.Next(Keys);
            _touched.Add(_places[key]);
            _places[key] = (random.Next(2), random.Next(Channels.Length));
            _touched.Add(_places[key]);
        }

        private void Cut()
        {
            if (!_isCutOnce)
            {
                _log.Break();
                _isCutOnce = true;
            }
            else if (_touched.Count > 0)
            {
                _log.Cut([[.. _touched.Select(RowOf)], []]);
            }

            _touched.Clear();
            _truth[(_epoch, _log.Newest)] = _places.GroupBy(place => place).ToDictionary(place => ((int?)place.Key.Day, Channels[place.Key.Channel]), place => place.LongCount());
        }

        private void Ask(int follower)
        {
            Cut();
            FollowedPartition asker = _followers[follower];
            _network.Add((follower, asker, _log.Tell(Scopes[follower], asker.Epoch, asker.Step, _ => _places.Distinct().Select(RowOf))));
        }

        // An answer reaches the activation that asked, dead or not.
        private void Deliver(int index, bool keeps)
        {
            (_, FollowedPartition asker, ReportSteps told) = _network[index];
            asker.Take(told);
            if (!keeps)
            {
                _network.RemoveAt(index);
            }
        }

        private void Check()
        {
            foreach (((long epoch, long step), Dictionary<(int? Day, string? Channel), long> truth) in _truth)
            {
                PartitionVersion at = Moment(epoch, step);
                for (int follower = 0; follower < Scopes.Length; follower++)
                {
                    if (_followers[follower].At(at) is { } rows)
                    {
                        Assert.Equal(Of(Scopes[follower], truth), Of(rows));
                    }
                }

                // Rows of different grains at one moment: a key that moved is in one of them, never in two or none.
                IEnumerable<ReportRowDto>?[] single = [.. _followers.Take(Scopes.Length - 1).Select(f => f.At(at))];
                if (single.All(rows => rows is not null))
                {
                    Assert.Equal(Keys, single.Sum(rows => rows!.Sum(row => row.Counts.Sum())));
                }
            }
        }

        private ReportRow RowOf((int Day, int Channel) place)
        {
            int count = _places.Count(other => other == place);
            return count == 0 ? new ReportRow(place.Day, Channels[place.Channel], [], []) : new ReportRow(place.Day, Channels[place.Channel], ["SENT"], [count]);
        }

        private static List<(int?, string?, long)> Of(IEnumerable<ReportRowDto> rows) =>
            [.. rows.Select(row => (row.Number, row.Text, row.Counts.Sum())).Order()];

        private static List<(int?, string?, long)> Of(ReportScope scope, Dictionary<(int? Day, string? Channel), long> truth) =>
            [.. truth.Where(row => scope.Contains(new ReportRow(row.Key.Day, row.Key.Channel, ["SENT"], [row.Value]))).Select(row => (row.Key.Day, row.Key.Channel, row.Value)).Order()];
    }
}
