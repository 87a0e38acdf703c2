using System.Numerics;
using Orchestrator.Numerics;

namespace Orchestrator.Tests.Numerics;

public class SeededRandomTests
{
    [Fact]
    public void Reference_KnownState_GivesThePublishedOutputs()
    {
        // The first outputs of xoshiro256** from the state 1, 2, 3, 4, as other libraries' tests have them.
        ulong[] state = [1, 2, 3, 4];
        ulong[] expected = [11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625];
        Assert.Equal(expected, expected.Select(_ => Next(state)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(-5, long.MaxValue)]
    public void NextUInt64_AnyKeys_FollowsTheReference(long first, long second)
    {
        var mix = 0x9E3779B97F4A7C15UL;
        mix = SplitMix(ref mix) ^ unchecked((ulong)first);
        mix = SplitMix(ref mix) ^ unchecked((ulong)second);
        ulong[] state = [SplitMix(ref mix), SplitMix(ref mix), SplitMix(ref mix), SplitMix(ref mix)];
        var random = new SeededRandom(first, second);
        for (var i = 0; i < 1000; i++)
            Assert.Equal(Next(state), random.NextUInt64());
    }

    [Fact]
    public void NextUInt64_FixedKeys_IsTheSameForEver()
    {
        var random = new SeededRandom(42, 7);
        ulong[] expected = [11996696605161726716, 1479934964196825377, 12579444462557942502];
        Assert.Equal(expected, expected.Select(_ => random.NextUInt64()));
    }

    [Fact]
    public void NextUInt64Bound_SmallBound_IsUniform()
    {
        var random = new SeededRandom(1);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
            counts[random.NextUInt64(7)]++;
        Assert.All(counts, c => Assert.InRange(c, 9_600, 10_400));
    }

    [Fact]
    public void ForReplicate_ManyReplicates_AreDistinctAndInRange()
    {
        var seeds = Enumerable.Range(0, 100_000).Select(r => SeedSequence.ForReplicate(3, r)).ToArray();
        Assert.Equal(seeds.Length, seeds.Distinct().Count());
        Assert.All(seeds, s => Assert.InRange(s, 0, int.MaxValue));
        Assert.NotEqual(seeds[0], SeedSequence.ForReplicate(4, 0));
    }

    [Fact]
    public void State_SavedAndLoaded_DrawsTheSameFromThere()
    {
        var random = new SeededRandom(1, 2);
        for (var i = 0; i < 1_000; i++)
            random.NextDouble();
        var state = new byte[SeededRandom.StateLength];
        random.SaveState(state);
        var other = new SeededRandom(99);
        other.LoadState(state);

        Assert.Equal(Enumerable.Range(0, 1_000).Select(_ => random.NextUInt64()), Enumerable.Range(0, 1_000).Select(_ => other.NextUInt64()));
    }

    [Fact]
    public void LoadState_NoState_IsRefusedAndChangesNothing()
    {
        var (random, same) = (new SeededRandom(3), new SeededRandom(3));

        Assert.Throws<ArgumentException>(() => random.LoadState(new byte[SeededRandom.StateLength]));
        Assert.Throws<ArgumentException>(() => random.LoadState(new byte[SeededRandom.StateLength - 1]));
        Assert.Throws<ArgumentException>(() => random.SaveState(new byte[SeededRandom.StateLength + 1]));
        Assert.Equal(same.NextUInt64(), random.NextUInt64());
    }

    /// <summary>Blackman and Vigna's algorithm, line by line.</summary>
    private static ulong Next(ulong[] s)
    {
        var result = BitOperations.RotateLeft(unchecked(s[1] * 5), 7) * 9;
        var t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = BitOperations.RotateLeft(s[3], 45);
        return result;
    }

    private static ulong SplitMix(ref ulong x)
    {
        var z = unchecked(x += 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return z ^ (z >> 31);
    }
}
