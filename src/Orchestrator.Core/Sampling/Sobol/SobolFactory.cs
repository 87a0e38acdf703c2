namespace Orchestrator.Sampling.Sobol;

/// <summary>Checks that a space has no more dimensions than the sequence, and makes the sampler.</summary>
internal static class SobolFactory
{
    public static ISampler? TryCreate(SamplerRequest request)
    {
        var dimensions = SobolSampler.DimensionsOf(request.Space);
        if (dimensions > DirectionNumbers.MaxDimension)
        {
            request.Problems.Error("SWP174", "/method",
                $"Sobol goes up to {DirectionNumbers.MaxDimension} parameters that vary (a zip counts once), not {dimensions}; "
                + "use 'random'.");
        }

        if (request.Problems.HasErrors)
            return null;
        var scramble = !request.Method.Options.TryGetValue("scramble", out var given) || given.AsBoolean();
        return new SobolSampler(request.Space, request.Seed, scramble);
    }
}
