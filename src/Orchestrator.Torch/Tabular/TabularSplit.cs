using Orchestrator.Numerics;

namespace Orchestrator.Torch.Tabular;

/// <summary>Which rows are for what.</summary>
/// <param name="Train">What is fitted: weights, and what features are standardised by.</param>
/// <param name="Validation">What parameters are chosen by.</param>
/// <param name="Test">What is judged.</param>
internal sealed record TabularSplit(int[] Train, int[] Validation, int[] Test)
{
    /// <summary>Splits rows at random, each group in the same proportion.</summary>
    /// <param name="groups">The group of each row: its class, or one for all.</param>
    /// <param name="options">The parts and the seed.</param>
    public static TabularSplit Of(IReadOnlyList<int> groups, TabularOptions options)
    {
        var random = new SeededRandom(options.SplitSeed, 0x73706C74);
        List<int> train = [], validation = [], test = [];
        foreach (var group in Enumerable.Range(0, groups.Count).GroupBy(row => groups[row]).OrderBy(g => g.Key))
        {
            int[] rows = [.. group];
            random.Shuffle(rows);
            var tests = (int)Math.Round(rows.Length * options.Test);
            var validations = (int)Math.Round(rows.Length * options.Validation);
            test.AddRange(rows.AsSpan(0, tests));
            validation.AddRange(rows.AsSpan(tests, validations));
            train.AddRange(rows.AsSpan(tests + validations));
        }

        return train.Count > 0
            ? new TabularSplit(Sorted(train), Sorted(validation), Sorted(test))
            : throw new InvalidDataException($"Of {groups.Count} rows none is left to train on: make 'validationPart' and 'testPart' smaller.");
    }

    private static int[] Sorted(List<int> rows)
    {
        rows.Sort();
        return [.. rows];
    }
}
