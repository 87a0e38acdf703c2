using System.Numerics;
using Orchestrator.Execution.Packing;
using Orchestrator.Numerics;

namespace Orchestrator.Tests.Execution.Packing;

/// <summary>
/// Thousands of requests packed by a virtual clock, with a second set of books that would notice anything given twice. The published
/// mix: see <see cref="Mix"/>; durations are drawn log-uniformly from 1 to 60 minutes.
/// </summary>
internal sealed class PackingSimulation
{
    /// <summary>What is asked for, and which part of the requests asks for it.</summary>
    public static readonly (double Gpus, double Part)[] Mix = [(0.25, 0.30), (0.5, 0.20), (1, 0.30), (2, 0.10), (4, 0.07), (8, 0.03)];

    private const double Shortest = 60;
    private const double Longest = 3600;

    private readonly Packer _packer = new();
    private readonly ResourcePool _pool;
    private readonly List<Lane> _lanes = [];
    private readonly PriorityQueue<(Lane Lane, Placement Placement, double Begun), double> _running = new();
    private readonly double[] _used;
    private double _now;
    private readonly double _work;

    /// <param name="gpus">How many devices there are.</param>
    /// <param name="requests">How many requests of the mix.</param>
    /// <param name="sweepsPerKind">How many sweeps share the requests of each kind.</param>
    /// <param name="seed">Draws the durations.</param>
    public PackingSimulation(int gpus, int requests, int sweepsPerKind, long seed)
    {
        _pool = new ResourcePool("gpu", new Budget(128, isDeclared: true), new Budget(1L << 40, isDeclared: true));
        _pool.Equip(gpus);
        _used = new double[gpus];
        var random = new SeededRandom(seed);
        foreach (var (wanted, part) in Mix)
        {
            var whole = wanted >= 1;
            var request = new ResourceRequest(whole ? (int)wanted : 1, whole ? ResourceRequest.WholeDevice : ResourceRequest.UnitsOf(wanted), 1, 1L << 30);
            var lanes = Enumerable.Range(0, sweepsPerKind).Select(_ => new Lane(_pool, request, wanted)).ToArray();
            for (var i = 0; i < (int)Math.Round(requests * part); i++)
            {
                var seconds = Shortest * Math.Exp(random.NextDouble() * Math.Log(Longest / Shortest));
                lanes[i % sweepsPerKind].Durations.Enqueue(seconds);
                _work += wanted * seconds;
            }

            _lanes.AddRange(lanes);
        }

        _lanes.ForEach(_packer.Enter);
    }

    /// <summary>When everything had ended, in seconds.</summary>
    public double Total => _now;

    /// <summary>No packing can be done sooner.</summary>
    public double WorkBound => _work / _used.Length;

    /// <summary>The longest run.</summary>
    public double LongestRun { get; private set; }

    /// <summary>The longest wait of a request that others went before.</summary>
    public double LongestWait { get; private set; }

    /// <summary>What <see cref="Packer"/> promises of it.</summary>
    public double WaitBound => (Packer.Patience + 3 + _lanes.Count) * LongestRun;

    /// <summary>The longest time in which a sweep with requests left started none.</summary>
    public double LongestGap { get; private set; }

    /// <summary>The most that was in use on a device at once.</summary>
    public double MostUsed { get; private set; }

    public int Done { get; private set; }

    public IReadOnlyList<Lane> Lanes => _lanes;

    public void Run()
    {
        do
        {
            while (_packer.Next(out var placement) is { } next)
                Start((Lane)next, placement);
            foreach (var lane in _lanes)
                lane.NoteBlocked(_now);
            End();
        }
        while (_running.Count > 0 || _packer.HasWaiting);
    }

    private void Start(Lane lane, Placement placement)
    {
        var seconds = lane.Durations.Dequeue();
        LongestRun = Math.Max(LongestRun, seconds);
        LongestWait = Math.Max(LongestWait, lane.Blocked is { } since ? _now - since : 0);
        LongestGap = Math.Max(LongestGap, _now - lane.LastStart);
        (lane.Blocked, lane.LastStart) = (null, _now);
        Account(placement, Math.Min(1, lane.Gpus));
        _running.Enqueue((lane, placement, _now), _now + seconds);
    }

    private void End()
    {
        if (!_running.TryDequeue(out var ended, out var at))
            throw new InvalidOperationException("Nothing runs and nothing can start.");
        _now = at;
        Account(ended.Placement, -Math.Min(1, ended.Lane.Gpus));
        _packer.Free(ended.Lane, ended.Placement, at - ended.Begun);
        Done++;
    }

    private void Account(Placement placement, double amount)
    {
        for (var rest = placement.Devices; rest != 0; rest &= rest - 1)
        {
            ref var used = ref _used[BitOperations.TrailingZeroCount(rest)];
            used += amount;
            MostUsed = Math.Max(MostUsed, used);
        }
    }

    internal sealed class Lane(ResourcePool pool, ResourceRequest request, double gpus) : PackingLane(pool, request)
    {
        public double Gpus => gpus;

        public Queue<double> Durations { get; } = new();

        public double? Blocked { get; set; }

        public double LastStart { get; set; }

        public override bool HasWaiting => Durations.Count > 0;

        public void NoteBlocked(double now)
        {
            if (IsBlocked)
                Blocked ??= now;
        }
    }
}
