namespace Orchestrator.Configuration;

/// <summary>Says what is wrong with a definition, wherever it comes from. Safe for concurrent use.</summary>
internal static class SweepDefinitionValidator
{
    /// <summary>Every problem of a definition, warnings among them; empty where all is well.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="catalog">The trainables and trackers that it may name.</param>
    /// <param name="hasDelegate">Whether a delegate is what runs execute, so that the definition names no trainable.</param>
    /// <param name="origin">What relative paths in it belong to; <see langword="null"/>: not known.</param>
    public static IReadOnlyList<DefinitionProblem> Validate(SweepDefinition definition, ISweepCatalog catalog, bool hasDelegate, SweepOrigin? origin = null)
    {
        // The vocabulary's rules are applied to what would be the definition's file.
        var structure = new ProblemCollector();
        new StructureValidator(structure).Check(SweepDocument.Of(definition));
        var meanings = Consequences.Without(CheckMeaning(definition, catalog, hasDelegate, origin, []), structure);
        return [.. structure.InOrder([]).Select(p => p.Problem), .. meanings];
    }

    /// <summary>What is wrong though every key and value is well formed.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="catalog">What it may name.</param>
    /// <param name="hasDelegate">Whether runs execute a delegate.</param>
    /// <param name="origin">What relative paths in it belong to; <see langword="null"/>: not known.</param>
    /// <param name="unsound">Parameters that were found wrong already and are missing in the definition.</param>
    internal static IEnumerable<DefinitionProblem> CheckMeaning(
        SweepDefinition definition, ISweepCatalog catalog, bool hasDelegate, SweepOrigin? origin, IReadOnlyList<string> unsound) =>
    [
        .. TrainableRules.Check(definition, catalog, hasDelegate, origin, unsound),
        .. ReportRules.Check(definition, hasDelegate),
        .. IsolationRules.Check(definition, catalog, hasDelegate),
        .. LimitRules.Check(definition),
        .. ResourceRules.Check(definition),
        .. SpaceRules.Check(definition, unsound),
        .. TrackerRules.Check(definition, catalog),
    ];
}
