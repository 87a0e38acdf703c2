using System.Numerics;
using Orchestrator.Numerics;

namespace Orchestrator.Sampling.Sobol;

/// <summary>
/// Sobol's low-discrepancy sequence (1967) with the direction numbers of Joe and Kuo (2008), in Gray-code order (Antonov and Saleev
/// 1979) from the zero point on: any point is computed from its index. Immutable.
/// </summary>
/// <remarks>
/// Scrambled by a random linear matrix scramble with a digital shift (Matousek 1998, "On the L2-discrepancy for anchored boxes"), as
/// SciPy does: every digit becomes a random linear combination of itself and the higher ones, which keeps the net's balance and
/// makes each point uniform.
/// </remarks>
internal sealed class SobolSequence
{
    /// <summary>A double in [0, 1) holds this many binary digits exactly, and so many points there are.</summary>
    public const int Bits = 52;

    private const double Scale = 1.0 / (1L << Bits);

    private readonly ulong[][] _directions;
    private readonly ulong[] _shift;

    /// <summary>A sequence of up to <see cref="DirectionNumbers.MaxDimension"/> dimensions; published order without a generator.</summary>
    public SobolSequence(int dimensions, SeededRandom? scrambleWith)
    {
        _directions = [.. Enumerable.Range(0, dimensions).Select(Directions)];
        _shift = new ulong[dimensions];
        if (scrambleWith is null)
            return;
        for (var i = 0; i < dimensions; i++)
        {
            Scramble(_directions[i], scrambleWith);
            _shift[i] = scrambleWith.NextUInt64() >> (64 - Bits);
        }
    }

    /// <summary>A coordinate in [0, 1) of the point of an index from 0.</summary>
    public double this[long index, int dimension]
    {
        get
        {
            var digits = _shift[dimension];
            var directions = _directions[dimension];
            for (var gray = (ulong)(index ^ (index >> 1)); gray != 0; gray &= gray - 1)
                digits ^= directions[BitOperations.TrailingZeroCount(gray)];
            return digits * Scale;
        }
    }

    /// <summary>The direction numbers of a dimension from 0, the first binary digit highest.</summary>
    private static ulong[] Directions(int dimension)
    {
        var v = new ulong[Bits];
        if (dimension == 0)
        {
            for (var i = 0; i < Bits; i++)
                v[i] = 1UL << (Bits - 1 - i);
            return v;
        }

        // The recurrence of Bratley and Fox (1988); the bits of a are the inner coefficients of the primitive polynomial.
        var (degree, a, m) = DirectionNumbers.Of(dimension);
        for (var i = 0; i < Bits; i++)
        {
            if (i < degree)
            {
                v[i] = (ulong)m.Span[i] << (Bits - 1 - i);
                continue;
            }

            v[i] = v[i - degree] ^ (v[i - degree] >> degree);
            for (var k = 1; k < degree; k++)
            {
                if (((a >> (degree - 1 - k)) & 1) != 0)
                    v[i] ^= v[i - k];
            }
        }

        return v;
    }

    /// <summary>Multiplies by a random lower triangular matrix over two elements with ones on the diagonal.</summary>
    private static void Scramble(ulong[] directions, SeededRandom random)
    {
        var rows = new ulong[Bits];
        for (var digit = 0; digit < Bits; digit++)
        {
            var own = 1UL << (Bits - 1 - digit);
            var higher = ~((own << 1) - 1) & ((1UL << Bits) - 1);
            rows[digit] = own | (random.NextUInt64() & higher);
        }

        for (var i = 0; i < directions.Length; i++)
        {
            var scrambled = 0UL;
            foreach (var row in rows)
                scrambled = (scrambled << 1) | ((ulong)BitOperations.PopCount(row & directions[i]) & 1);
            directions[i] = scrambled;
        }
    }
}
