namespace Orchestrator.Tests.Sampling;

public class GridContractTests : SamplerContract
{
    protected override SamplingMethod Method => "grid";

    protected override bool DependsOnSeed => false;

    protected override string[] Golden =>
    [
        "learningRate=0.0001 batch=16 optimizer=adam width=32 depth=3 kind=mlp",
        "learningRate=0.0001 batch=16 optimizer=adam width=64 depth=2 kind=mlp",
        "learningRate=0.0001 batch=16 optimizer=adam width=128 depth=1 kind=mlp",
        "learningRate=0.0001 batch=16 optimizer=sgd sgd.momentum=0.5 sgd.nesterov=true warmup=1 width=32 depth=3 kind=mlp",
    ];
}

public class RandomContractTests : SamplerContract
{
    protected override SamplingMethod Method => "random";

    protected override string[] Golden =>
    [
        "learningRate=0.00031622776601684 batch=96 optimizer=adam width=64 depth=2 kind=mlp",
        "learningRate=0.01 batch=128 optimizer=adam width=128 depth=1 kind=mlp",
        "learningRate=0.0031622776601684 batch=64 optimizer=adam width=128 depth=1 kind=mlp",
        "learningRate=0.1 batch=16 optimizer=adam width=64 depth=2 kind=mlp",
    ];
}

public class SobolContractTests : SamplerContract
{
    protected override SamplingMethod Method => "sobol";

    protected override string[] Golden =>
    [
        "learningRate=0.0001 batch=96 optimizer=adam width=128 depth=1 kind=mlp",
        "learningRate=0.001 batch=64 optimizer=sgd sgd.momentum=0.9 sgd.nesterov=false width=32 depth=3 kind=mlp",
        "learningRate=0.031622776601684 batch=112 optimizer=sgd sgd.momentum=0.7 sgd.nesterov=true warmup=3 width=128 depth=1 kind=mlp",
        "learningRate=0.1 batch=48 optimizer=adam width=32 depth=3 kind=mlp",
    ];
}
