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

        if (train.Count == 0)
            throw new InvalidDataException($"Of {groups.Count} row(s) none is left to train on: make 'validationPart' and 'testPart' smaller.");
        MustHave("validationPart", options.Validation, validation);
        MustHave("testPart", options.Test, test);
        return new TabularSplit(Sorted(train), Sorted(validation), Sorted(test));

        // Else a metric of that part would never be reported, and nobody would know why.
        void MustHave(string name, double part, List<int> rows)
        {
            if (part > 0 && rows.Count == 0)
                throw new InvalidDataException(FormattableString.Invariant(
                    $"Of {groups.Count} row(s), each class by itself, a '{name}' of {part} is less than one row: make it larger, or 0 to do without."));
        }
    }

    private static int[] Sorted(List<int> rows)
    {
        rows.Sort();
        return [.. rows];
    }
}
