using Orchestrator.Sampling;

namespace Orchestrator.Tests.Sampling;

public class GridContractTests : SamplerContract
{
    protected override SamplingMethod Method => "grid";

    protected override bool DependsOnSeed => false;

    protected override string[] Golden => ["", "", ""];
}

public class RandomContractTests : SamplerContract
{
    protected override SamplingMethod Method => "random";

    protected override string[] Golden => ["", "", ""];
}

public class SobolContractTests : SamplerContract
{
    protected override SamplingMethod Method => "sobol";

    protected override string[] Golden => ["", "", ""];
}
