namespace Orchestrator.Configuration;

/// <summary>What the resources of a run may be together. Whether there are so many is another question, for the machine that executes it.</summary>
internal static class ResourceRules
{
    private const double LeastFraction = 0.001;
    private const double MostCpus = 1_000_000;

    public static IEnumerable<DefinitionProblem> Check(SweepDefinition definition)
    {
        if (definition.Resources.Artifacts is not null && definition.Command.Count > 0)
        {
            yield return new DefinitionProblem(SweepErrorCodes.Contradiction, "/resources/artifacts",
                "'resources.artifacts' caps what a trainable adds by AddArtifactAsync, and a command adds nothing so; leave it out.");
        }

        if (definition.Resources.Cpus is < LeastFraction or > MostCpus)
        {
            yield return new DefinitionProblem(SweepErrorCodes.OutOfRange, "/resources/cpus",
                FormattableString.Invariant($"resources.cpus must be a number from {LeastFraction} to {MostCpus}, but is {(ParameterValue)definition.Resources.Cpus}."));
        }

        var (gpus, runs) = (definition.Resources.Gpus, definition.Resources.RunsPerGpu);
        if (gpus is > 0 and < LeastFraction || (gpus > 1 && gpus != Math.Truncate(gpus)))
        {
            yield return new DefinitionProblem(SweepErrorCodes.OutOfRange, "/resources/gpus",
                FormattableString.Invariant($"resources.gpus must be a whole number of devices, or a fraction of one from {LeastFraction} to below 1, but is {(ParameterValue)gpus}."));
        }
        else if (gpus != 0 && definition.Resources.GpuIfAny)
        {
            yield return new DefinitionProblem(SweepErrorCodes.Contradiction, "/resources/gpus",
                $"Both {nameof(RunResources.GpuIfAny)} and {nameof(RunResources.Gpus)} are given: a run has one GPU if there is one, or so many; leave one out.");
        }
        else if (runs > 1 && gpus is not (0 or 1))
        {
            yield return new DefinitionProblem(SweepErrorCodes.Contradiction, "/resources/runsPerGpu", gpus < 1
                ? "Both 'gpus' as a fraction and 'runsPerGpu' are given; they say the same thing, leave one out."
                : "Both several 'gpus' and 'runsPerGpu' are given; a run on several devices has them alone, leave one out.");
        }
    }
}
