using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Execution;
using Orchestrator.Hosting;

namespace Orchestrator.Tests.Hosting;

public sealed class ServicesOnDemandTests
{
    public static TheoryData<string> Programs => new(Ways.Keys);

    private static Dictionary<string, Action<IServiceCollection>> Ways { get; } = new()
    {
        ["nothing of its own"] = _ => { },
        ["its own only"] = services => services.AddSingleton<Own>(),
        ["own services around"] = services =>
        {
            services.AddSingleton<Own>().TryAddSingleton<TimeProvider>(new NoTime());
            services.AddOrchestrator().AddTrainable("a", (_, _) => Task.CompletedTask);
            services.AddSingleton<Own>();
            services.TryAddSingleton<TimeProvider>(new NoTime());
        },
        ["twice, with options"] = services =>
        {
            services.AddOrchestrator(configure: o => o.Home = "a");
            services.AddOrchestrator(new ConfigurationManager(), o => o.Home = "b");
        },
        ["logging of its own"] = services => services.AddOrchestrator().Services.AddLogging(l => l.ClearProviders().AddOrchestratorLogging(new ConfigurationManager())),
        ["changed places"] = services =>
        {
            services.AddOrchestrator();
            services.RemoveAt(0);
            services.Insert(1, ServiceDescriptor.Singleton<Own, Own>());
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(new NoTime()));
        },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void Services_LookedAt_AreAsIfRegisteredAtOnce(string program)
    {
        var (noted, plain) = (new ServicesOnDemand(), new ServiceCollection());
        foreach (IServiceCollection services in (IServiceCollection[])[noted, plain])
        {
            Ways[program](services);
            services.AddOrchestrator();
        }

        Assert.Equal(plain.Select(Text), noted.Select(Text));
        Assert.Equal(plain.Count, noted.Count);
        Assert.Same(noted.Trainables, noted.Last(s => s.ServiceType == typeof(TrainableRegistry)).ImplementationInstance);
    }

    [Fact]
    public void AddOrchestrator_NobodyLooks_RegistersNothingAndReadsNoSettings()
    {
        var services = new ServicesOnDemand();
        var registered = false;

        services.AddOrchestratorReading(() => throw new InvalidOperationException("read")).AddTrainable("a", (_, _) => Task.CompletedTask);
        services.Note(_ => registered = true);
        services.AddSingleton<Own>();

        Assert.False(registered);
        Assert.True(services.Trainables.Knows("a"));
        Assert.True(services.HasOwn(typeof(Own)));
        Assert.False(services.HasOwn(typeof(TimeProvider)));
        Assert.False(registered);
        Assert.NotEmpty(services);
        Assert.True(registered);
    }

    [Fact]
    public void Options_OfAContainer_AreReadWhenAskedFor()
    {
        var services = new ServicesOnDemand();
        var reads = 0;
        services.AddOrchestratorReading(() =>
        {
            reads++;
            return new ConfigurationBuilder().AddInMemoryCollection([new("Orchestrator:Home", "there")]).Build();
        });
        using var provider = services.BuildServiceProvider();

        Assert.Same(services.Trainables, provider.GetRequiredService<TrainableRegistry>());
        Assert.Equal(0, reads);
        Assert.Equal("there", provider.GetRequiredService<IOptions<OrchestratorOptions>>().Value.Home);
        Assert.Equal(1, reads);
    }

    private static string Text(ServiceDescriptor service) =>
        $"{service.Lifetime} {service.ServiceType} {service.ImplementationType} {service.ImplementationInstance?.GetType()} {service.ImplementationFactory?.Method}";

    private sealed class Own;

    private sealed class NoTime : TimeProvider;
}
