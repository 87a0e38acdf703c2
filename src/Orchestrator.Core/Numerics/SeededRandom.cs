using System.Buffers.Binary;
using System.Numerics;

namespace Orchestrator.Numerics;

/// <summary>
/// A <see cref="Random"/> whose sequence is fixed for all time and machines: xoshiro256** (Blackman and Vigna 2018), seeded by
/// SplitMix64 from any number of 64-bit keys. Generators of different keys are independent for every practical purpose.
/// Not safe for concurrent use.
/// </summary>
public sealed class SeededRandom : Random
{
    /// <summary>The length of a state, in bytes.</summary>
    public const int StateLength = 32;

    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>A generator that is a function of its keys, for example (sweep seed, run number).</summary>
    public SeededRandom(params ReadOnlySpan<long> keys)
    {
        var state = 0x9E3779B97F4A7C15UL;
        foreach (var key in keys)
            state = SplitMix64(ref state) ^ unchecked((ulong)key);
        _s0 = SplitMix64(ref state);
        _s1 = SplitMix64(ref state);
        _s2 = SplitMix64(ref state);
        _s3 = SplitMix64(ref state);
    }

    /// <summary>Copies the whole state: a generator that is given it by <see cref="LoadState"/> draws the same from there on.</summary>
    /// <param name="state"><see cref="StateLength"/> bytes.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public void SaveState(Span<byte> state)
    {
        CheckLength(state.Length, nameof(state));
        BinaryPrimitives.WriteUInt64LittleEndian(state, _s0);
        BinaryPrimitives.WriteUInt64LittleEndian(state[8..], _s1);
        BinaryPrimitives.WriteUInt64LittleEndian(state[16..], _s2);
        BinaryPrimitives.WriteUInt64LittleEndian(state[24..], _s3);
    }

    /// <summary>Goes on from a state that <see cref="SaveState"/> gave, on any machine.</summary>
    /// <param name="state"><see cref="StateLength"/> bytes.</param>
    /// <exception cref="ArgumentException">It has another length, or is all zeros: no generator of this kind has that state.</exception>
    public void LoadState(ReadOnlySpan<byte> state)
    {
        CheckLength(state.Length, nameof(state));
        if (state.IndexOfAnyExcept((byte)0) < 0)
            throw new ArgumentException("A state is not all zeros: these bytes are none.", nameof(state));
        _s0 = BinaryPrimitives.ReadUInt64LittleEndian(state);
        _s1 = BinaryPrimitives.ReadUInt64LittleEndian(state[8..]);
        _s2 = BinaryPrimitives.ReadUInt64LittleEndian(state[16..]);
        _s3 = BinaryPrimitives.ReadUInt64LittleEndian(state[24..]);
    }

    /// <summary>The next 64 uniformly random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A uniform draw from [0, 1), a multiple of 2^-53.</summary>
    public override double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <inheritdoc/>
    public override float NextSingle() => (NextUInt64() >> 40) * (1.0f / (1U << 24));

    /// <summary>A uniform draw from [0, <paramref name="bound"/>), without bias (Lemire 2019). The bound is at least 1.</summary>
    public ulong NextUInt64(ulong bound)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        var high = Math.BigMul(NextUInt64(), bound, out var low);
        if (low < bound)
        {
            var threshold = unchecked(0UL - bound) % bound;
            while (low < threshold)
                high = Math.BigMul(NextUInt64(), bound, out low);
        }

        return high;
    }

    /// <inheritdoc/>
    public override int Next() => (int)NextUInt64(int.MaxValue);

    /// <inheritdoc/>
    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return maxValue == 0 ? 0 : (int)NextUInt64((ulong)maxValue);
    }

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue) => (int)NextInt64(minValue, maxValue);

    /// <inheritdoc/>
    public override long NextInt64() => (long)NextUInt64(long.MaxValue);

    /// <inheritdoc/>
    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    /// <inheritdoc/>
    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return minValue == maxValue ? minValue : unchecked(minValue + (long)NextUInt64((ulong)maxValue - (ulong)minValue));
    }

    /// <inheritdoc/>
    public override void NextBytes(Span<byte> buffer)
    {
        for (var i = 0; i < buffer.Length; i += 8)
        {
            var bits = NextUInt64();
            for (var j = i; j < Math.Min(i + 8, buffer.Length); j++, bits >>= 8)
                buffer[j] = (byte)bits;
        }
    }

    /// <inheritdoc/>
    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    /// <inheritdoc/>
    protected override double Sample() => NextDouble();

    private static void CheckLength(int length, string name)
    {
        if (length != StateLength)
            throw new ArgumentException($"A state has {StateLength} bytes, got {length}.", name);
    }

    private static ulong SplitMix64(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
