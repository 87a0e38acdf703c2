using System.Numerics;

namespace Orchestrator.Execution.Packing;

/// <summary>
/// Devices, processors and memory that runs are packed into: who gets what, and what is free. Nothing is ever given twice. Fractions go
/// onto the fullest device that has room, so that whole devices stay free for those who need one. Plain arithmetic: no clock, no lock,
/// nothing allocated.
/// </summary>
internal sealed class ResourcePool
{
    /// <summary>A placement names its devices by the bits of one number.</summary>
    public const int MostDevices = 64;

    private int[] _free = [];
    private readonly double _cpuShare;
    private ulong _held;
    private ulong _outOfService;
    private int _heldUnits;
    private int _older;
    private int _younger;

    /// <summary>A pool without devices, so far.</summary>
    public ResourcePool(string name, Budget cpus, Budget memory)
    {
        (Name, Cpus, Memory) = (name, cpus, memory);
        _cpuShare = 1.0 / Math.Max(1, (double)cpus.Capacity);
    }

    /// <summary>A pool without devices and without limits.</summary>
    public static ResourcePool Unlimited() => new("default", new Budget(int.MaxValue, isDeclared: false), new Budget(long.MaxValue, isDeclared: false));

    public string Name { get; }

    public Budget Cpus { get; }

    public Budget Memory { get; }

    public int Devices => _free.Length;

    /// <summary>Devices that are given to runs.</summary>
    public int InService => _free.Length - BitOperations.PopCount(_outOfService);

    public bool IsInService(int device) => (_outOfService >> device & 1) == 0;

    /// <summary>Gives a device to no further run; what runs on it goes on.</summary>
    public void TakeOut(int device) => _outOfService |= 1UL << device;

    /// <summary>All devices are in service again.</summary>
    public void Restore() => _outOfService = 0;

    /// <summary>Gives it its devices; once, before the first request for one.</summary>
    public void Equip(int devices)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(devices, MostDevices);
        var free = new int[devices];
        Array.Fill(free, ResourceRequest.WholeDevice);
        _free = free;
    }

    /// <summary>How many runs are executed at once, whatever they ask for.</summary>
    public int Slots { get; set; } = int.MaxValue;

    public int Running { get; private set; }

    /// <summary>What all runs that have ended used of it: seconds, each weighed by the part that was held.</summary>
    public double Used { get; set; }

    /// <summary>
    /// Rises each time everything has ended that ran when it last rose: a measure of waiting that is as long as the runs are, whether
    /// they take milliseconds or days. It lasts at most as long as the longest of them.
    /// </summary>
    public long Generation { get; private set; }

    /// <summary>How much of a device is free, in parts of a whole one.</summary>
    public int FreeUnits(int device) => _free[device];

    /// <summary>Whether it could be held if nothing else ran.</summary>
    public bool CouldHold(in ResourceRequest request) =>
        request.Devices <= Devices && request.Cpus <= Cpus.Capacity && request.Memory <= Memory.Capacity;

    /// <summary>How many of them could be held at once if nothing else ran.</summary>
    public int MostAtOnce(in ResourceRequest request)
    {
        var most = (long)int.MaxValue;
        if (request.Devices > 0)
            most = (long)(Devices / request.Devices) * (ResourceRequest.WholeDevice / request.Units);
        if (request.Cpus > 0)
            most = (long)Math.Min(most, Cpus.Capacity / request.Cpus);
        if (request.Memory > 0)
            most = (long)Math.Min(most, Memory.Capacity / request.Memory);
        return (int)Math.Min(most, int.MaxValue);
    }

    /// <summary>The part of the pool that one of them takes: of its devices; without devices, of its processors or its memory.</summary>
    public double ShareOf(in ResourceRequest request) => request.IsAlone ? 1
        : request.Devices > 0 ? (double)request.Devices * request.Units / ((double)ResourceRequest.WholeDevice * Devices)
        : Math.Max((double)request.Cpus * _cpuShare, request.Memory / (double)Memory.Capacity);

    /// <summary>Whether both draw on something in common.</summary>
    public bool Contends(ResourcePool other) => this == other || Cpus == other.Cpus || Memory == other.Memory;

    /// <summary>Where a request fits now. Takes nothing.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="ignoreHeld">Also on what is kept: for the one it is kept for.</param>
    /// <param name="devices">The devices, a bit for each.</param>
    /// <param name="avoid">Devices that are taken only if no others are free, a bit for each.</param>
    public bool TryFind(in ResourceRequest request, bool ignoreHeld, out ulong devices, ulong avoid = 0)
    {
        devices = 0;
        if (Running >= Slots || !Cpus.Has(request.Cpus, request.IsAlone, ignoreHeld) || !Memory.Has(request.Memory, request.IsAlone, ignoreHeld))
            return false;
        return request.Devices == 0
            || (avoid != 0 && TryFindDevices(request.Devices, request.Units, ignoreHeld, avoid, out devices))
            || TryFindDevices(request.Devices, request.Units, ignoreHeld, 0, out devices);
    }

    /// <summary>Takes what <see cref="TryFind"/> found.</summary>
    public Placement Take(in ResourceRequest request, ulong devices)
    {
        Cpus.Take(request.Cpus, request.IsAlone);
        Memory.Take(request.Memory, request.IsAlone);
        for (var rest = devices; rest != 0; rest &= rest - 1)
            _free[BitOperations.TrailingZeroCount(rest)] -= request.Units;
        Running++;
        _younger++;
        return new Placement(devices, Generation);
    }

    /// <summary>Gives back what was taken. Once for each placement.</summary>
    public void Free(in ResourceRequest request, in Placement placement)
    {
        Cpus.Return(request.Cpus);
        Memory.Return(request.Memory);
        for (var rest = placement.Devices; rest != 0; rest &= rest - 1)
            _free[BitOperations.TrailingZeroCount(rest)] += request.Units;
        Running--;
        if (placement.Generation == Generation)
            _younger--;
        else
            _older--;
        if (_older == 0)
        {
            Generation++;
            (_older, _younger) = (_younger, 0);
        }

        if (_held != 0)
            Exchange();
    }

    /// <summary>
    /// Keeps for a request that does not fit what is free now and what becomes free, until there is enough: nothing that is started
    /// meanwhile can delay it, so it waits for what runs already and for nothing else.
    /// </summary>
    public void Hold(in ResourceRequest request)
    {
        (Cpus.Held, Cpus.IsHeldAlone) = (request.Cpus, request.IsAlone);
        (Memory.Held, Memory.IsHeldAlone) = (request.Memory, request.IsAlone);
        (_held, _heldUnits) = (0, request.Units);
        for (var i = 0; i < request.Devices; i++)
            _held |= 1UL << Freest(_held | _outOfService);
    }

    /// <summary>Keeps nothing any more.</summary>
    public void Unhold()
    {
        Cpus.Held = Memory.Held = 0;
        Cpus.IsHeldAlone = Memory.IsHeldAlone = false;
        (_held, _heldUnits) = (0, 0);
    }

    private bool TryFindDevices(int count, int units, bool ignoreHeld, ulong except, out ulong devices)
    {
        devices = 0;
        if (units < ResourceRequest.WholeDevice)
        {
            var best = Fullest(units, ignoreHeld, except);
            devices = best < 0 ? 0 : 1UL << best;
            return best >= 0;
        }

        for (var device = 0; device < _free.Length && count > 0; device++)
        {
            if ((except >> device & 1) != 0 || Available(device, ignoreHeld) < units)
                continue;
            devices |= 1UL << device;
            count--;
        }

        return count == 0;
    }

    private int Fullest(int units, bool ignoreHeld, ulong except)
    {
        var best = -1;
        for (var device = 0; device < _free.Length; device++)
        {
            if ((except >> device & 1) == 0 && Available(device, ignoreHeld) >= units && (best < 0 || _free[device] < _free[best]))
                best = device;
        }

        return best;
    }

    private int Freest(ulong except)
    {
        var best = -1;
        for (var device = 0; device < _free.Length; device++)
        {
            if ((except >> device & 1) == 0 && (best < 0 || _free[device] > _free[best]))
                best = device;
        }

        return best;
    }

    private int Available(int device, bool ignoreHeld) =>
        !IsInService(device) ? 0 : ignoreHeld || (_held >> device & 1) == 0 ? _free[device] : _free[device] - _heldUnits;

    /// <summary>A device that is wholly free takes the place of a kept one that is not: the wait can only get shorter.</summary>
    private void Exchange()
    {
        if (_heldUnits < ResourceRequest.WholeDevice)
            return;
        for (var device = 0; device < _free.Length; device++)
        {
            if (_free[device] < ResourceRequest.WholeDevice || (_held >> device & 1) != 0 || !IsInService(device))
                continue;
            var busiest = -1;
            for (var rest = _held; rest != 0; rest &= rest - 1)
            {
                var kept = BitOperations.TrailingZeroCount(rest);
                if (_free[kept] < ResourceRequest.WholeDevice && (busiest < 0 || _free[kept] < _free[busiest]))
                    busiest = kept;
            }

            if (busiest < 0)
                return;
            _held = (_held & ~(1UL << busiest)) | 1UL << device;
        }
    }
}
