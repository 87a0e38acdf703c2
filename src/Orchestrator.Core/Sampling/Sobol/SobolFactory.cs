namespace Orchestrator.Sampling;

internal static class SobolFactory
{
    public static ISampler? TryCreate(SamplerRequest request)
    {
        var dimensions = Sobol.SobolSampler.DimensionsOf(request.Space);
        if (dimensions > Sobol.DirectionNumbers.MaxDimension)
        {
            request.Problems.Error("SWP174", "/method",
                $"Sobol goes up to {Sobol.DirectionNumbers.MaxDimension} parameters that vary (a zip counts once), not {dimensions}; use 'random'.");
        }

        if (request.Problems.HasErrors)
            return null;
        var scramble = !request.Method.Options.TryGetValue("scramble", out var given) || given.AsBoolean();
        return new Sobol.SobolSampler(request.Space, request.Seed, scramble);
    }
}
